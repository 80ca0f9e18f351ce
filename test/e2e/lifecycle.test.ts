import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../helpers/database-file.ts';
import { runServer, script } from '../helpers/run-server.ts';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase } from '../helpers/temporary.ts';
import { faultsOf, parseLine } from '../helpers/wire-schema.ts';

/** The goal is 200 ms; a busy machine gets more, a server that hangs does not. */
const SOON_MS = 1_000;

const RECORD = { session_id: 'a', tool_name: 'search', success: true, query: 'find it' };

const start = useServers();

async function startWithRecord(env: Readonly<Record<string, string>> = {}): Promise<StdioClient> {
  const client = await start({ env });
  await client.ask('record_execution', RECORD);
  return client;
}

function expectClosed(db: string): void {
  expect(existsSync(`${db}-wal`), 'a -wal file is left: the database was not closed').toBe(false);
}

function recordRequests(count: number): readonly { method: string; params: object }[] {
  return Array.from({ length: count }, () => ({ method: 'tools/call', params: { name: 'record_execution', arguments: RECORD } }));
}

describe('the end of stdin', () => {
  it('an idle server leaves soon, with 0 and a closed database', async () => {
    const client = await startWithRecord();
    const { code, after_ms } = await client.end();
    expect(code).toBe(0);
    expect(after_ms).toBeLessThan(SOON_MS);
    expectClosed(client.db);
  });

  it('every request of a piped script is answered first', async () => {
    const db = temporaryDatabase();
    const { code, stdout } = await runServer(['--db', db], { input: script(recordRequests(201)) });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.flatMap((line) => faultsOf(line, (id) => (id === 0 ? 'initialize' : 'tools/call')))).toEqual([]);
    expect(lines.map((line) => parseLine(line)?.id).sort()).toEqual(Array.from({ length: 202 }, (_, id) => id).sort());
    expectClosed(db);
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(201);
  });

  it('requests in flight are answered, also long ones', async () => {
    const client = await start({ args: ['--toolsets', 'agent,insight,admin'] });
    for (let n = 0; n < 20; n += 1) await client.ask('record_execution', RECORD);
    const replies = [
      client.ask('train', { batches: 20, batch_size: 20 }),
      client.ask('record_execution', RECORD),
      client.ask('recommend_tools'),
    ];
    const [exit] = await Promise.all([client.end(), ...replies]);
    expect(exit.code).toBe(0);
    expectClosed(client.db);
  });

  it('a line cut short is not carried out', async () => {
    const client = await startWithRecord();
    client.child.stdin.write(JSON.stringify({ jsonrpc: '2.0', id: 99, ...recordRequests(1)[0] }));
    expect((await client.end()).code).toBe(0);
    expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(1);
  });
});

describe('signals and closed pipes', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s: leaves soon, with 0 and a closed database', async (signal) => {
    const client = await startWithRecord();
    const begin = performance.now();
    client.child.kill(signal);
    expect(await client.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(SOON_MS);
    expectClosed(client.db);
  });

  it('SIGTERM right after requests: those received are answered', async () => {
    const client = await startWithRecord();
    const replies = Array.from({ length: 50 }, (_, n) => client.ask('record_execution', { ...RECORD, execution_id: `in-flight-${n}` }));
    await replies[0];
    client.child.kill('SIGTERM');
    const answered = (await Promise.allSettled(replies)).filter(({ status }) => status === 'fulfilled').length;
    expect(await client.exited).toEqual({ code: 0, signal: null });
    expectClosed(client.db);
    expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(1 + answered);
  });

  it('stdout closed by the client: leaves with 0, a closed database and no stack trace', async () => {
    const client = await startWithRecord();
    client.child.stdout.destroy();
    client.writeLine('{"jsonrpc":"2.0","id":98,"method":"ping"}');
    client.writeLine('{"jsonrpc":"2.0","id":99,"method":"ping"}');
    expect(await client.exited).toEqual({ code: 0, signal: null });
    expect(client.stderr).not.toMatch(/\n\s+at /);
    expectClosed(client.db);
  });

  it('stderr closed by the client: goes on', async () => {
    const client = await start({ env: { NODE_DEBUG: '*' } });
    client.child.stderr.destroy();
    for (let n = 0; n < 3; n += 1) await client.ask('record_execution', RECORD);
    expect((await client.end()).code).toBe(0);
  });
});

describe('stdout carries the protocol and nothing else', () => {
  it('under NODE_DEBUG=*', async () => {
    const client = await startWithRecord({ NODE_DEBUG: '*' });
    await client.ask('recommend_tools');
    expect(client.stderr.length).toBeGreaterThan(1_000);
  });

  it('when something else in the process uses the console', async () => {
    const code =
      "const t=setInterval(()=>{console.log('noise');console.info('noise');console.debug('noise');process.emitWarning('noise')},5);t.unref()";
    const client = await startWithRecord({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });
    for (let n = 0; n < 20; n += 1) await client.ask('recommend_tools', { query: `request ${n}` });
    await expect.poll(() => client.stderr).toContain('noise');
    expect((await client.end()).code).toBe(0);
  });

  it.each([
    ['text', 'this is not a database, but somebody needs it\n'.repeat(100)],
    ['half a database', `SQLite format 3\u0000${'x'.repeat(5_000)}`],
  ])('when the database file is %s: it is told on stderr and the file is left alone', async (_, content) => {
    const db = temporaryDatabase();
    writeFileSync(db, content);
    const call = { method: 'tools/call', params: { name: 'record_execution', arguments: RECORD } };
    const { code, signal, stdout, stderr } = await runServer(['--db', db], { input: script([call]) });
    const lines = stdout.split('\n').filter((line) => line !== '');
    expect(lines.flatMap((line) => faultsOf(line, (id) => (id === 0 ? 'initialize' : 'tools/call')))).toEqual([]);
    expect(signal).toBeNull();
    const refused = code !== 0 || parseLine(lines[1] ?? '')?.result?.['isError'] === true;
    expect(refused, 'the call was answered as if it had been recorded').toBe(true);
    expect(stderr).toContain(db);
    expect(readFileSync(db, 'utf8')).toBe(content);
  });

  it('after lines that are no requests, it still answers', async () => {
    const client = await start();
    for (const line of ['not json', '{"jsonrpc":"2.0"', '[]', '[1]', 'null', '{}', '"text"', '{"jsonrpc":"1.0","id":1,"method":"ping"}']) {
      client.writeLine(line);
    }
    expect(await client.result('ping')).toEqual({});
  });
});
