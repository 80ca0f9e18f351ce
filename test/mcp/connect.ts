import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { ServerContext } from '../../src/mcp/call-tool.ts';
import { TOOLSETS } from '../../src/mcp/define-tool.ts';
import { createServer } from '../../src/mcp/server.ts';
import { testEngine } from '../helpers/engine.ts';

export interface Connected {
  readonly client: Client;
  readonly engine: Engine;
  /** What went to the log. */
  readonly logged: string[];
}

/** A logger that keeps its entries. */
export function keepingLogger(): { readonly logged: string[]; readonly log: ServerContext['log'] } {
  const logged: string[] = [];
  const keep = (message: string, cause?: unknown) => {
    logged.push(cause === undefined ? message : `${message} <- ${String(cause)}`);
  };
  return { logged, log: { warn: keep, error: keep } };
}

/** The SDK's own client, connected in memory to our server on a real engine with a temporary file. */
export async function connect(
  options: Partial<ServerContext> & { readonly settings?: Partial<Engine['settings']> } = {},
): Promise<Connected> {
  const engine = await testEngine(options.settings === undefined ? {} : { settings: options.settings });
  const { logged, log } = keepingLogger();
  const exposure = { toolsets: TOOLSETS, read_only: false };
  const server = createServer({ version: '1.2.3', engine: async () => engine, exposure, log, ...options });
  const client = new Client({ name: 'test', version: '1' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(ours), client.connect(theirs)]);
  onTestFinished(async () => {
    await client.close();
  });
  return { client, engine, logged };
}
