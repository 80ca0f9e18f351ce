import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { createServer } from '../../src/mcp/server.ts';
import { PATIENCE_AT_SIGNAL_MS, serveStdio } from '../../src/mcp/stdio.ts';
import { testEngine } from '../helpers/engine.ts';
import { keepingLogger } from './connect.ts';

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};
const RECORD = {
  method: 'tools/call',
  params: { name: 'record_execution', arguments: { session_id: 's', tool_name: 'a', success: true } },
};

interface Reply {
  readonly id: number;
  readonly result?: object;
}

async function served(engine: () => Promise<Engine>, stdout: Writable = new PassThrough()) {
  const stdin = new PassThrough();
  const { log, logged } = keepingLogger();
  const server = createServer({ version: '1', engine, log, exposure: { toolsets: ['agent'], read_only: false } });
  const connection = await serveStdio(server, { stdin, stdout });
  const ask = (id: number, request: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...request })}\n`);
  return { stdin, stdout, connection, ask, logged };
}

function replies(stdout: PassThrough): Reply[] {
  const text = String(stdout.read() ?? '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Reply]));
}

describe('serveStdio', () => {
  it('answers every request that was received before the end of stdin, then closes within 200 ms', async () => {
    const engine = await testEngine();
    const { stdin, stdout, connection, ask } = await served(async () => engine);
    ask(0, INITIALIZE);
    for (let id = 1; id <= 20; id++) ask(id, RECORD);
    stdin.end();
    await connection.closed;
    const all = replies(stdout as PassThrough);
    expect(all.map(({ id }) => id).sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, id) => id));
    const begin = performance.now();
    const idle = await served(async () => engine);
    idle.stdin.end();
    await idle.connection.closed;
    expect(performance.now() - begin).toBeLessThan(200);
  });

  it('gives up requests that are not answered within its patience', async () => {
    const { connection, ask } = await served(() => new Promise(() => {}));
    ask(0, RECORD);
    await new Promise((resolve) => setImmediate(resolve));
    const begin = performance.now();
    connection.leave(PATIENCE_AT_SIGNAL_MS / 4);
    await connection.closed;
    const took_ms = performance.now() - begin;
    expect(took_ms).toBeGreaterThan(PATIENCE_AT_SIGNAL_MS / 8);
    expect(took_ms).toBeLessThan(PATIENCE_AT_SIGNAL_MS * 2);
  });

  it('does not wait for a request that the client cancelled', async () => {
    const { stdin, connection, ask } = await served(() => new Promise(() => {}));
    ask(7, RECORD);
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } })}\n`);
    stdin.end();
    const begin = performance.now();
    await connection.closed;
    expect(performance.now() - begin).toBeLessThan(200);
  });

  it.each([
    ['{"jsonrpc":', -32700, /^a message was not handled: it is not JSON; send one JSON object a line \([^\n]+\)$/],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+no batch[^\n]+$/],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+$/],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+$/],
  ])('answers the malformed line %s with the error %i, logs it in one line and goes on', async (line, code, entry) => {
    const engine = await testEngine();
    const { stdin, stdout, connection, ask, logged } = await served(async () => engine);
    stdin.write(`${line}\n`);
    ask(2, { method: 'ping' });
    stdin.end();
    await connection.closed;
    expect(logged).toEqual([expect.stringMatching(entry)]);
    expect(replies(stdout as PassThrough)).toEqual([
      { jsonrpc: '2.0', error: { code, message: expect.stringContaining('; send ') } },
      { jsonrpc: '2.0', id: 2, result: {} },
    ]);
  });

  it('closes when stdout breaks', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    const engine = await testEngine();
    const { connection, ask } = await served(async () => engine, broken);
    ask(0, INITIALIZE);
    await connection.closed;
    expect(broken.destroyed).toBe(true);
  });

  it('stops reading while its answers are not read, and answers all once they are', async () => {
    const stdout = new PassThrough({ highWaterMark: 1024 });
    const engine = await testEngine();
    const { stdin, connection, ask } = await served(async () => engine, stdout);
    ask(0, INITIALIZE);
    for (let id = 1; id <= 3; id++) ask(id, { method: 'tools/list' });
    await expect.poll(() => stdin.isPaused()).toBe(true);
    ask(4, { method: 'tools/list' });
    const chunks: string[] = [];
    stdout.on('data', (chunk) => chunks.push(String(chunk)));
    stdin.end();
    await connection.closed;
    const ids = chunks
      .join('')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as Reply).id]));
    expect(ids.sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
