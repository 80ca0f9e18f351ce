import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { cleanEnvironment, type Exit, PROTOCOL_VERSION, SERVER } from './stdio-client.ts';

export interface Run extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Written to stdin, which is then ended; undefined: stdin stays open. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The Node.js binary; default: the one that runs the tests. */
  readonly node?: string | undefined;
  /** The built file; default: dist/toolwise.js. */
  readonly server?: string;
  /** Milliseconds after which the process is killed (signal SIGKILL in the answer). */
  readonly timeout?: number;
}

/** Runs the built server with these arguments until it leaves by itself. */
export async function runServer(
  args: readonly string[],
  { input, env = {}, node = process.execPath, server = SERVER, timeout = 20_000 }: RunOptions = {},
): Promise<Run> {
  const child = spawn(node, [server, ...args], { env: cleanEnvironment(env), timeout, killSignal: 'SIGKILL' });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const exit = await new Promise<Exit>((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  return { ...exit, ...output };
}

/** The lines of a script: `initialize` with id 0, then the requests with ids 1, 2, 3 … */
export function script(requests: readonly { readonly method: string; readonly params: object }[]): string {
  const initialize = {
    method: 'initialize',
    params: { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo: { name: 'script', version: '1' } },
  };
  return [initialize, ...requests].map((request, id) => `${JSON.stringify({ jsonrpc: '2.0', id, ...request })}\n`).join('');
}

/** A Node.js on PATH, outside any node_modules, that is older than 22; undefined when there is none. */
export function oldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.split(sep).includes('node_modules'));
  return folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path) && majorOf(path) < 22);
}

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
}
