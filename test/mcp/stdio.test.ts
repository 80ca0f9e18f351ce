import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PATIENCE_AT_END_MS, PATIENCE_AT_SIGNAL_MS } from '../../src/mcp/stdio.ts';
import { testEngine } from '../helpers/engine.ts';
import { INITIALIZE, RECORD, type Reply, replies, served } from './served.ts';

const never = () => new Promise<never>(() => {});

/** Resolves when what was written to the server has been read. */
async function read(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('the end of a connection', () => {
  it('comes after an answer to every request before the end of stdin, and then within 200 ms', async () => {
    const engine = await testEngine();
    const stdout = new PassThrough();
    const { stdin, connection, ask } = await served(async () => engine, stdout);
    ask(0, INITIALIZE);
    for (let id = 1; id <= 20; id++) ask(id, RECORD);
    stdin.end();
    await connection.closed;
    const ids = replies(stdout).map(({ id }) => id ?? -1);
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, id) => id));
    const begin = performance.now();
    const idle = await served(async () => engine, new PassThrough());
    idle.stdin.end();
    await idle.connection.closed;
    expect(performance.now() - begin).toBeLessThan(200);
  });

  it('gives up requests that are not answered within its patience', async () => {
    const { connection, ask } = await served(never, new PassThrough());
    ask(0, RECORD);
    await read();
    const begin = performance.now();
    connection.leave(PATIENCE_AT_SIGNAL_MS / 4);
    await connection.closed;
    const took_ms = performance.now() - begin;
    expect(took_ms).toBeGreaterThan(PATIENCE_AT_SIGNAL_MS / 8);
    expect(took_ms).toBeLessThan(PATIENCE_AT_SIGNAL_MS * 2);
  });

  it('is hastened by a signal after the end of stdin, not delayed by the end of stdin after a signal', async () => {
    const { stdin, connection, ask } = await served(never, new PassThrough());
    ask(0, RECORD);
    stdin.end();
    await read();
    const begin = performance.now();
    connection.leave(PATIENCE_AT_SIGNAL_MS / 4);
    connection.leave(PATIENCE_AT_END_MS);
    await connection.closed;
    expect(performance.now() - begin).toBeLessThan(PATIENCE_AT_SIGNAL_MS * 2);
  });

  it('does not wait for a request that the client cancelled', async () => {
    const { stdin, connection, ask, tell } = await served(never, new PassThrough());
    ask(7, RECORD);
    tell('notifications/cancelled', { requestId: 7 });
    stdin.end();
    const begin = performance.now();
    await connection.closed;
    expect(performance.now() - begin).toBeLessThan(200);
  });

  it('tells of a line that was cut short, and does not carry it out', async () => {
    const engine = await testEngine();
    const stdout = new PassThrough();
    const { stdin, connection, logged } = await served(async () => engine, stdout);
    stdin.end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    await connection.closed;
    expect(replies(stdout)).toEqual([]);
    expect(logged).toEqual([expect.stringMatching(/40 bytes are dropped/)]);
  });

  it('comes when stdout breaks', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    const engine = await testEngine();
    const { connection, ask } = await served(async () => engine, broken);
    ask(0, INITIALIZE);
    await connection.closed;
    expect(broken.destroyed).toBe(true);
  });

  it('comes when stdin breaks, with a line in the log', async () => {
    const engine = await testEngine();
    const { stdin, connection, logged } = await served(async () => engine, new PassThrough());
    stdin.destroy(new Error('read EIO\u001b[31m'));
    await connection.closed;
    expect(logged).toEqual(['a message was not handled: read EIO\\u{1b}[31m']);
  });
});

describe('answers that are not read', () => {
  it.each([
    ['answers', (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`, 2_000],
    ['refusals', (id: number) => `{"jsonrpc":"2.0","id":${id},"method":7}\n`, 5_000],
  ])('%s: no more is read; all come once they are read', async (_, line, count) => {
    const stdout = new PassThrough({ highWaterMark: 1024 });
    const engine = await testEngine();
    const { stdin, connection } = await served(async () => engine, stdout);
    for (let id = 1; id <= count; id++) stdin.write(line(id));
    await expect.poll(() => stdout.writableNeedDrain).toBe(true);
    for (let n = 0; n < 10; n += 1) await read();
    expect(stdin.readableLength + stdin.writableLength).toBeGreaterThan(20_000);
    expect(stdout.writableLength).toBeLessThan(10_000_000);
    const chunks: string[] = [];
    stdout.on('data', (chunk) => chunks.push(String(chunk)));
    stdin.end();
    await connection.closed;
    const lines = chunks.join('').trimEnd().split('\n');
    const ids = lines.map((text) => (JSON.parse(text) as Reply).id);
    expect(ids).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  });

  it('requests that are not answered yet are not read without limit either', async () => {
    const { stdin, connection } = await served(never, new PassThrough());
    const big = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      ...RECORD,
      padding: undefined,
      params: { ...RECORD.params, _meta: { x: 'y'.repeat(500_000) } },
    });
    for (let n = 0; n < 40; n += 1) stdin.write(`${big}\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stdin.readableLength + stdin.writableLength).toBeGreaterThan(10_000_000);
    connection.leave(0);
    await connection.closed;
  });
});
