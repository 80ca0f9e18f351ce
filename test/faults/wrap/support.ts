import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CaptureEvent } from '../../../src/capture/events.ts';
import { rowsOf } from '../../helpers/database-file.ts';
import { runServer } from '../../helpers/run-server.ts';
import { cleanEnvironment, type Exit, SERVER } from '../../helpers/stdio-client.ts';

export const FAILING = fileURLToPath(new URL('failing-server.ts', import.meta.url));

/** Which calls fail, and their number is in their arguments. */
export const fails = (n: number) => n % 3 === 0;

/** The words that run a server, plain or wrapped. */
export function wrapped(db: string, command: readonly string[], flags: readonly string[] = []): readonly string[] {
  return [process.execPath, SERVER, 'wrap', '--db', db, ...flags, '--', ...command];
}

/** A process whose output is kept. */
export class Peer {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<Exit>;
  readonly chunks: Buffer[] = [];
  stderr = '';
  #watcher = () => {};

  constructor([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { env: cleanEnvironment(env) });
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.#watcher();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  get stdout(): Buffer {
    return Buffer.concat(this.chunks);
  }

  lines(): readonly string[] {
    return this.stdout.toString().split('\n').slice(0, -1);
  }

  /** Resolves when so many lines have come, or when it has left. */
  async untilLines(count: number): Promise<void> {
    let seen = 0;
    let counted = 0;
    const enough = new Promise<void>((resolve) => {
      this.#watcher = () => {
        for (; counted < this.chunks.length; counted += 1) seen += this.chunks[counted]?.toString('latin1').split('\n').length ?? 1;
        if (seen - counted >= count) resolve();
      };
      this.#watcher();
    });
    await Promise.race([enough, this.exited]);
  }

  send(...messages: readonly object[]): void {
    this.child.stdin.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  }

  async end(): Promise<Exit> {
    this.child.stdin.end();
    return await this.exited;
  }
}

export function call(n: number, tool = 'work'): object {
  return { id: n, method: 'tools/call', params: { name: tool, arguments: { n } } };
}

/** Numbers of the calls that were answered. */
export function answeredIn(lines: readonly string[]): readonly number[] {
  return lines.map((line) => (JSON.parse(line) as { id: number }).id);
}

export interface Recorded {
  readonly n: number;
  readonly tool_name: string;
  readonly success: boolean;
}

/** Every call that is recorded, by the number in its arguments: in the database, or still in the spool. */
export function recordedIn(db: string): readonly Recorded[] {
  const stored = storedIn(db).map(({ n, tool_name, success }) => ({ n, tool_name, success }));
  const known = new Set(stored.map(({ n }) => n));
  const waiting = spooledIn(db).flatMap((event) =>
    event.kind === 'call' ? [{ n: Number(event.arguments?.['n']), tool_name: event.tool_name, success: event.success }] : [],
  );
  return [...stored, ...waiting.filter(({ n }) => !known.has(n))];
}

/** The calls in the database, in their order. */
export function storedIn(db: string): readonly Recorded[] {
  const rows = existsSync(db) ? rowsOf(db, 'SELECT name, success, arguments FROM executions JOIN tools USING (tool_id) ORDER BY seq') : [];
  return rows.map(({ name, success, arguments: args }) => ({
    n: (JSON.parse(String(args ?? '{}')) as { n: number }).n,
    tool_name: String(name),
    success: success === 1,
  }));
}

/** Takes what waits in the spool into the database. */
export async function takeIn(db: string): Promise<void> {
  const { code, stderr } = await runServer(['collect', '--db', db], { input: '', timeout: 120_000 });
  if (code !== 0) throw new Error(`collect left with ${code}: ${stderr}`);
}

/** The events in the spool; a last line that a kill cut is none. */
export function spooledIn(db: string): readonly CaptureEvent[] {
  const folder = `${db}-spool`;
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(isComplete)).map((line) => JSON.parse(line));
}

function isComplete(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}');
}

/** Process ids whose command line contains a text. */
export function processesWith(text: string): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8', maxBuffer: 16_777_216 }).split('\n');
  return lines.filter((line) => line.includes(text) && !/^\s*\d+ Z/.test(line)).map((line) => Number.parseInt(line, 10));
}
