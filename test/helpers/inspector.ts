import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

export interface Inspection {
  /** 0 success, 1 usage or connection, 5 a tool's error or an unknown tool, 6 a schema error under --strict. */
  readonly code: number | null;
  /** What the Inspector printed as `result`; null when there was none. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly stderr: string;
}

/** One run of the Inspector's command line against the `toolwise` entry of mcp.json at the root. */
export async function inspect(db: string, args: readonly string[]): Promise<Inspection> {
  const settings = [`TOOLWISE_DB=${db}`, 'TOOLWISE_TOOLSETS=agent,insight,admin'].flatMap((variable) => ['-e', variable]);
  const target = ['--config', join(ROOT, 'mcp.json'), '--server', 'toolwise', ...settings];
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: temporaryDirectory() };
  const child = spawn(process.execPath, [CLI, '--cli', '-q', '--format', 'json', ...target, ...args], { cwd: ROOT, env });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  child.stdin.end();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr: output.stderr, result: resultIn(output.stdout) };
}

function resultIn(stdout: string): Readonly<Record<string, unknown>> | null {
  return stdout.trim() === '' ? null : (JSON.parse(stdout) as { result: Readonly<Record<string, unknown>> }).result;
}
