import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { expectPeakBelow, takeReplies } from './observe.ts';

const start = useServers();
const UNREAD = isLong ? 10_000 : 1_000;
const PIPELINED = 10_000;
/** Makes the requests more than the pipes hold. */
const PADDED = { _meta: { x: 'y'.repeat(1_000) } };

/** Sends these messages as one write and resolves with the sorted ids of as many replies. */
async function exchange(client: StdioClient, messages: readonly string[], method = 'ping'): Promise<readonly number[]> {
  const before = client.lines.length;
  client.child.stdin.write(messages.map((message) => `${message}\n`).join(''));
  await expect.poll(() => client.lines.length, { timeout: 50_000, interval: 10 }).toBe(before + messages.length);
  const replies = [...client.lines.splice(before + 10).map((line) => JSON.parse(line)), ...takeReplies(client, before, method)];
  return replies.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

describe('a client that does not read', () => {
  it.each([
    ['answers of 25 kB', 'tools/list', UNREAD],
    ['refusals', 7, 5 * UNREAD],
  ])('F20 %s: memory stays under 250 MB, all come once they are read', async (_, method, count) => {
    const client = await start();
    client.child.stdout.pause();
    const lines = Array.from({ length: count }, (_unused, id) => JSON.stringify({ jsonrpc: '2.0', id, method, params: PADDED }));
    const exchanged = exchange(client, lines, String(method));
    await sleep(1_000);
    expectPeakBelow(client, 250);
    expect(client.child.stdin.writableLength, 'the server read on').toBeGreaterThan(0);
    client.child.stdout.resume();
    expect(await exchanged).toEqual(lines.map((_line, id) => id));
    expectPeakBelow(client, 250);
  });

  it('F20 nor what is said on stderr: only so much of it is kept, requests are answered', async () => {
    const client = await start();
    client.child.stderr.pause();
    const garbage = Array.from({ length: 10_000 }, () => 'not json');
    expect(await exchange(client, garbage)).toHaveLength(garbage.length);
    expect(await client.result('ping')).toEqual({});
    expectPeakBelow(client, 250);
    client.child.stderr.resume();
    await client.end();
    expect(client.stderr.length).toBeGreaterThan(20_000);
    expect(client.stderr.length).toBeLessThan(700_000); // of 1.3 MB; the pipe holds some, too
  });
});

describe('a client that does not wait', () => {
  it('F21 10,000 pipelined requests are answered within 5 s, each id once', async () => {
    const client = await start();
    const lines = Array.from({ length: PIPELINED }, (_, id) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' }));
    const begin = performance.now();
    const ids = await exchange(client, lines);
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(ids).toEqual(lines.map((_line, id) => id));
    expectPeakBelow(client, 250);
  });
});
