import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Client } from './client.ts';
import { observation, typicalExecution } from './workload.ts';

/** One call of a tool. */
export interface Call {
  readonly name: string;
  readonly args: object;
}

/** A server under test: how it is started on a file, and the call with which it keeps the i-th piece of the same load. */
export interface Server {
  readonly name: string;
  args(file: string): readonly string[];
  env(file: string): Readonly<Record<string, string>>;
  write(index: number): Call;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist', 'toolwise.js');
const MEMORY = join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-memory', 'dist', 'index.js');
// Below node_modules, so that the unbundled one finds the SDK, and outside of what is committed.
const BASELINES = join(ROOT, 'node_modules', '.cache', 'toolwise-bench');

export const TOOLWISE: Server = {
  name: 'toolwise',
  args: (file) => [DIST, '--db', file],
  env: () => ({}),
  write: (index) => ({ name: 'record_execution', args: typicalExecution(index) }),
};

/** The published memory server: the nearest relative that keeps what an agent tells it. */
export const SERVER_MEMORY: Server = {
  name: 'server-memory',
  args: () => [MEMORY],
  env: (file) => ({ MEMORY_FILE_PATH: file }),
  write: (index) => ({
    name: 'create_entities',
    args: { entities: [{ name: `call-${index}`, entityType: 'execution', observations: [observation(index)] }] },
  }),
};

/** The SDK alone, imported from node_modules as published servers do. */
export const BARE: Server = bare('bare SDK server', 'bare-server.mjs');

/** The SDK alone, in one minified file as toolwise is. */
export const BARE_BUNDLED: Server = bare('bare SDK server, bundled', 'bare-server.bundled.mjs');

function bare(name: string, file: string): Server {
  return {
    name,
    args: () => [join(BASELINES, file)],
    env: () => ({}),
    write: (index) => ({ name: 'acknowledge', args: { payload: typicalExecution(index) } }),
  };
}

/** Starts the server on its file. Its home is the file's folder, so that nothing of the user's is read or written. */
export async function start(server: Server, file: string): Promise<Client> {
  const home = { PATH: process.env['PATH'] ?? '', HOME: dirname(file) };
  return await Client.start({ args: server.args(file), env: { ...home, ...server.env(file) } });
}

/** Makes plain JavaScript of the bare server, so that no start-up pays for removing types. @throws when toolwise is not built */
export async function prepareServers(): Promise<void> {
  if (!existsSync(DIST)) throw new Error(`${DIST} is missing: run \`npm run build\` first`);
  const entryPoints = [join(ROOT, 'bench', 'baselines', 'bare-server.ts')];
  const shared = { entryPoints, platform: 'node', format: 'esm', target: 'node22', logLevel: 'warning' } as const;
  await build({ ...shared, outfile: join(BASELINES, 'bare-server.mjs') });
  await build({ ...shared, outfile: join(BASELINES, 'bare-server.bundled.mjs'), bundle: true, minify: true });
}
