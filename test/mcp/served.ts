import { PassThrough, type Writable } from 'node:stream';
import type { Engine } from '../../src/engine/engine.ts';
import { createServer } from '../../src/mcp/server.ts';
import { type StdioConnection, serveStdio } from '../../src/mcp/stdio.ts';
import { keepingLogger } from './connect.ts';

export const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};
export const RECORD = {
  method: 'tools/call',
  params: { name: 'record_execution', arguments: { session_id: 's', tool_name: 'a', success: true } },
};

export interface Reply {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Served {
  readonly stdin: PassThrough;
  readonly connection: StdioConnection;
  readonly logged: string[];
  /** Writes a request. */
  ask(id: number, request: object): void;
  /** Writes a notification. */
  tell(method: string, params: object): void;
}

/** A server on streams of this process, with an engine that the test may break. */
export async function served(engine: () => Promise<Engine>, stdout: Writable): Promise<Served> {
  const stdin = new PassThrough();
  const { log, logged } = keepingLogger();
  const server = createServer({ version: '1', engine, log, exposure: { toolsets: ['agent'], read_only: false } });
  const connection = await serveStdio(server, { stdin, stdout });
  const write = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (id: number, request: object) => write({ id, ...request });
  return { stdin, connection, logged, ask, tell: (method, params) => write({ method, params }) };
}

/** The replies written since the last look. */
export function replies(stdout: PassThrough): Reply[] {
  const text = String(stdout.read() ?? '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Reply]));
}
