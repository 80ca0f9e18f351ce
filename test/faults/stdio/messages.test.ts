import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { runServer, script } from '../../helpers/run-server.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { type Message, parseLine } from '../../helpers/wire-schema.ts';
import { expectClosed, expectPeakBelow, PING, RECORD, takeReplies } from './observe.ts';

const start = useServers();

/** What the server says to this line. A ping after it must be answered, within `soon_ms`. */
async function refusalOf(client: StdioClient, line: string, soon_ms = 1_000): Promise<Message | undefined> {
  const before = client.lines.length;
  await new Promise((resolve) => client.child.stdin.write(`${line}\n`, resolve));
  const begin = performance.now();
  expect(await client.result('ping')).toEqual({});
  expect(performance.now() - begin).toBeLessThan(soon_ms);
  const [refusal, ...others] = takeReplies(client, before, 'ping');
  expect(others.length).toBeLessThanOrEqual(1); // the ping's
  return others.length === 0 ? undefined : refusal;
}

describe('garbage', () => {
  it('F16 invalid JSON, a batch, a null id: an error reply, the next request is answered', async () => {
    const client = await start();
    for (const line of ['not json', '{"jsonrpc":"2.0"', '\u0000', '{"a":"\u0007"}'])
      expect(await refusalOf(client, line)).toMatchObject({ error: { code: -32700 } });
    const inBatch = `[${PING},${PING}]`;
    for (const line of ['[]', inBatch, 'null', '1', '"x"', '{"jsonrpc":"2.0","id":null,"method":"ping"}', PING.replace('"ping"', '1.5')])
      expect(await refusalOf(client, line)).toMatchObject({ error: { code: -32600 } });
    for (const rest of ['', ',"method":7', ',"method":"ping","params":[]', ',"method":"ping","params":null', ',"method":"ping","extra":1'])
      expect(await refusalOf(client, `{"jsonrpc":"2.0","id":"odd"${rest}}`)).toMatchObject({ id: 'odd', error: { code: -32600 } });
    for (const line of ['', '\r', '   ']) expect(await refusalOf(client, line)).toBeUndefined();
    expect(client.stderr).toMatch(/^(toolwise warn: [ -~]+\n)+$/);
  });

  it('F16 a cancellation of what was never asked does not silence the request right after it', async () => {
    const client = await start();
    const cancels = [1, 2, 3, 4, 5, 6].map((id) => `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}\n`);
    const asks = [1, 2, 3, 4, 5, 6].map((id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`);
    const before = client.lines.length;
    client.child.stdin.write(cancels.map((cancel, n) => `${cancel}${asks[n]}`).join(''));
    await expect.poll(() => client.lines.length).toBe(before + 6);
    expect(takeReplies(client, before, 'ping').map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('F17 a line of 1 MiB and one byte, and one of 50 MB: −32600 with its id, the next request within 1 s, memory under 200 MB', async () => {
    const client = await start();
    const head = '{"jsonrpc":"2.0","id":"long","method":"ping","params":{"_meta":{"x":"';
    const lineOf = (bytes: number) => `${head}${'y'.repeat(bytes - head.length - 4)}"}}}`;
    expect(await refusalOf(client, lineOf(1_048_576))).toMatchObject({ id: 'long', result: {} });
    for (const bytes of [1_048_577, 9_900_000, 52_428_800]) {
      const refusal = await refusalOf(client, lineOf(bytes));
      expect(refusal).toMatchObject({ id: 'long', error: { code: -32600 } });
      expect(refusal?.error?.message).toContain(`longer than 1 MiB (${bytes} bytes)`);
    }
    expectPeakBelow(client, 200);
  });
});

describe('the end of the input', () => {
  it('F18 a line cut short by the end: exit 0 within 2 s, nothing recorded, said on stderr', async () => {
    const client = await start();
    await client.ask('record_execution', RECORD);
    const cut = { jsonrpc: '2.0', id: 99, method: 'tools/call', params: { name: 'record_execution', arguments: RECORD } };
    client.child.stdin.write(JSON.stringify(cut));
    const { code, after_ms } = await client.end();
    expect(code).toBe(0);
    expect(after_ms).toBeLessThan(2_000);
    expect(client.stderr).toContain(`${JSON.stringify(cut).length} bytes are dropped`);
    expectClosed(client.db);
    expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(1);
  });

  it('F19 a piped script that ends: every reply is there, and complete', async () => {
    const db = temporaryDatabase();
    const record = { method: 'tools/call', params: { name: 'record_execution', arguments: RECORD } };
    const requests = Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? { method: 'tools/list', params: {} } : record));
    const { code, stdout } = await runServer(['--db', db], { input: script(requests) });
    expect(code).toBe(0);
    expect(stdout.endsWith('\n')).toBe(true);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => Number(parseLine(line)?.id));
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 301 }, (_, id) => id));
    expectClosed(db);
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(200);
  });
});
