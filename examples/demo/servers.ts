import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Answer, type Arguments, type Server, type ServerCommand, startServer } from '../support/server.ts';
import { companyFolder } from './workspace.ts';

/** A tool of one of the servers under the name that toolwise learns: `server/tool`. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: object;
}

/** How a server's tools are called in toolwise, and how its command is changed before it is started. */
export interface Dress {
  readonly nameOf: (server: string, tool: string) => string;
  readonly command: (command: ServerCommand) => ServerCommand;
}

/** As they are: `server/tool`. */
const PLAIN: Dress = { nameOf: (server, tool) => `${server}/${tool}`, command: (command) => command };

/** The three published servers, running. */
export interface Servers {
  readonly memory: Server;
  /** All tools, in the order of the servers' own lists. */
  readonly offered: readonly OfferedTool[];
  /** Calls `server/tool` on the server that has it. */
  call(tool: string, args: Arguments): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Starts server-filesystem (allowed: the company folder under `base`), server-memory and server-everything.
 * @throws Error that names the server that did not start; the others are closed then
 */
export async function startServers(base: string, dress: Dress = PLAIN): Promise<Servers> {
  mkdirSync(companyFolder(base), { recursive: true });
  const started = await Promise.allSettled([
    start('filesystem', { base, dress, args: [companyFolder(base)] }),
    start('memory', { base, dress, env: { MEMORY_FILE_PATH: join(base, 'memory.jsonl') } }),
    start('everything', { base, dress }),
  ]);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [filesystem, memory, everything] = running;
  if (filesystem === undefined || memory === undefined || everything === undefined) {
    await closeAll(running);
    throw started.find((result) => result.status === 'rejected')?.reason;
  }
  const offered = running.flatMap((server) => offeredBy(server, dress));
  return { memory, offered, call: (tool, args) => call(running, tool, args), close: () => closeAll(running) };
}

interface Start {
  readonly base: string;
  readonly dress: Dress;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function start(name: string, { base, dress, args = [], env = {} }: Start): Promise<Server> {
  const remedy = `is @modelcontextprotocol/server-${name} installed? Run \`npm ci\` and try again`;
  return startServer(dress.command({ name, script: scriptOf(name), args, env, cwd: companyFolder(base), remedy }));
}

/** The script behind the package's command. */
function scriptOf(name: string): string {
  const require = createRequire(import.meta.url);
  const manifest = `@modelcontextprotocol/server-${name}/package.json`;
  try {
    const { bin } = require(manifest) as { bin: Readonly<Record<string, string>> };
    return join(dirname(require.resolve(manifest)), bin[`mcp-server-${name}`] ?? '');
  } catch (cause) {
    throw new Error(`the ${name} server is not installed: run \`npm ci\``, { cause });
  }
}

function offeredBy(server: Server, { nameOf }: Dress): OfferedTool[] {
  return server.tools.map((tool) => ({
    name: nameOf(server.name, tool.name),
    description: tool.description ?? '',
    input_schema: tool.inputSchema,
  }));
}

async function call(servers: readonly Server[], tool: string, args: Arguments): Promise<Answer> {
  const slash = tool.indexOf('/');
  const server = servers.find((candidate) => candidate.name === tool.slice(0, slash));
  if (server === undefined) throw new Error(`no server offers ${tool}`);
  return await server.call(tool.slice(slash + 1), args);
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.allSettled(servers.map((server) => server.close()));
}
