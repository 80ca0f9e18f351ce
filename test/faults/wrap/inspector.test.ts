import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { isLong } from '../../helpers/long.ts';
import { cleanEnvironment } from '../../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { storedIn, takeIn, wrapped } from './support.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules/@modelcontextprotocol/', import.meta.url));
const INSPECTOR = join(MODULES, 'inspector/clients/launcher/build/index.js');
const PATIENCE_MS = 300_000;

type Step = readonly string[];

interface Server {
  readonly name: string;
  /** Its words after `node`. */
  readonly args: (folder: string) => readonly string[];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Calls among the steps, and how they go. */
  readonly calls: readonly (readonly [tool: string, success: boolean])[];
}

const list = (what: string): Step => ['--method', `${what}/list`];
const tool = (name: string, args: object): Step => [
  '--method',
  'tools/call',
  '--tool-name',
  name,
  '--tool-args-json',
  JSON.stringify(args),
];

/** Both runs of a server get the same folder: its path is in the answers. */
const SERVERS: readonly Server[] = [
  {
    name: 'server-everything',
    args: () => [join(MODULES, 'server-everything/dist/index.js'), 'stdio'],
    steps: [
      ['--strict', ...list('tools')],
      tool('echo', { message: 'grüße' }),
      tool('get-sum', { a: 2, b: 3 }),
      tool('echo', {}),
      ...(isLong ? [list('resources'), list('prompts'), ['--method', 'resources/templates/list'], tool('get-tiny-image', {})] : []),
    ],
    calls: [['echo', true], ['get-sum', true], ['echo', false], ...(isLong ? [['get-tiny-image', true] as const] : [])],
  },
  {
    name: 'server-filesystem',
    args: (folder) => [join(MODULES, 'server-filesystem/dist/index.js'), folder],
    steps: [list('tools'), tool('read_text_file', { path: 'FOLDER/a.txt' }), tool('read_text_file', { path: '/etc/passwd' })],
    calls: [
      ['read_text_file', true],
      ['read_text_file', false],
    ],
  },
  {
    name: 'server-memory',
    args: () => [join(MODULES, 'server-memory/dist/index.js')],
    env: (folder) => ({ MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }),
    steps: [list('tools'), tool('read_graph', {}), tool('open_nodes', { names: 'no list' })],
    calls: [
      ['read_graph', true],
      ['open_nodes', false],
    ],
  },
];

interface Inspection {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function inspect(config: string, step: Step): Promise<Inspection> {
  const args = [INSPECTOR, '--cli', '-q', '--format', 'json', '--config', config, '--server', 'it', ...step];
  const child = spawn(process.execPath, args, {
    env: { ...cleanEnvironment(), PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  child.stdin.end();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...output };
}

function configured(folder: string, name: string, [command = '', ...args]: readonly string[], env: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ mcpServers: { it: { command, args, env } } }));
  return file;
}

describe('the session of the Inspector', { timeout: PATIENCE_MS }, () => {
  it.each(SERVERS)('with $name is the same wrapped and unwrapped, and its calls are recorded', async ({ args, env, steps, calls }) => {
    const [db, folder, configs] = [temporaryDatabase(), join(temporaryDirectory(), 'shared'), temporaryDirectory()];
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.txt'), 'all is well\n');
    const command = [process.execPath, ...args(folder)];
    const plain = configured(configs, 'plain.json', command, env?.(folder) ?? {});
    const tapped = configured(configs, 'wrapped.json', wrapped(db, command), env?.(folder) ?? {});
    for (const step of steps.map((words) => words.map((word) => word.replace('FOLDER', folder)))) {
      const [without, within] = await Promise.all([inspect(plain, step), inspect(tapped, step)]);
      expect(within, step.join(' ')).toEqual(without);
      expect(without.stdout).not.toBe('');
    }
    await takeIn(db);
    const recorded = storedIn(db).map(({ tool_name, success }) => [tool_name, success]);
    expect(recorded.sort()).toEqual(calls.map((call) => [...call]).sort());
    expect(firstValueOf(db, 'SELECT count(*) FROM tools WHERE registration_id IS NOT NULL')).toBeGreaterThan(5);
  });
});
