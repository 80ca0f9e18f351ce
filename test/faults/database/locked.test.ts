import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { callOf, callsOf } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { OtherProcess, recordedDatabase, refusal } from './support.ts';

const LOCK = 'BEGIN IMMEDIATE';
/** Ten seconds is what a call waits. */
const HELD_LONG_MS = isLong ? 30_000 : 11_000;
const PING_MS = 300;

const start = useServers(afterAll); // the tests run side by side

async function elapsed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const begin = performance.now();
  return [await work, performance.now() - begin];
}

/** The slowest of the pings sent every 50 ms until `done`. */
async function slowestPing(client: StdioClient, done: Promise<unknown>): Promise<number> {
  let [slowest, is_done] = [0, false];
  const end = done.finally(() => {
    is_done = true;
  });
  while (!is_done) {
    const [, took] = await elapsed(client.result('ping'));
    slowest = Math.max(slowest, took);
    await sleep(50);
  }
  await end;
  return slowest;
}

describe.concurrent('a database that another process has locked', () => {
  it('F04 for 3 s: calls wait, succeed in their order, and pings are answered meanwhile', async () => {
    const client = await start({ db: await recordedDatabase(5) });
    await client.ask('record_execution', callOf('before', 0));
    const other = await OtherProcess.running(client.db, LOCK);
    const recorded = Promise.all(callsOf('waiting', 20).map((call) => client.ask('record_execution', call)));
    const [slowest, [, took]] = await Promise.all([slowestPing(client, recorded), elapsed(recorded), sleep(3_000).then(() => other.end())]);
    expect(slowest).toBeLessThan(PING_MS);
    expect(took).toBeGreaterThan(2_900);
    const order =
      "SELECT group_concat(execution_id) FROM (SELECT execution_id FROM executions WHERE execution_id LIKE 'waiting%' ORDER BY seq)";
    expect(firstValueOf(client.db, order)).toBe(
      callsOf('waiting', 20)
        .map(({ execution_id }) => execution_id)
        .join(),
    );
  });

  it(`F04 for ${HELD_LONG_MS / 1_000} s: calls are refused after 10 s, advice is given meanwhile, and afterwards all is well`, async () => {
    const client = await start({ db: await recordedDatabase(30) });
    await client.ask('recommend_tools', { query: 'find entity 1 of the ledger' });
    const other = await OtherProcess.running(client.db, LOCK);
    const released = sleep(HELD_LONG_MS).then(() => other.end());
    const calls = callsOf('refused', 10);
    const refused = calls.map((call) => elapsed(refusal(client, 'record_execution', call)));
    const advised = sleep(1_000).then(() => elapsed(client.ask('recommend_tools', { query: 'find entity 1 of the ledger' })));
    const slowest = slowestPing(client, Promise.all(refused));
    const [{ recommendations }, advice_ms] = await advised;
    expect([recommendations.length > 0, advice_ms < 3_000]).toEqual([true, true]);
    for (const [text, took] of await Promise.all(refused)) {
      expect(text).toMatch(/locked by another process.*nothing was recorded.*safe to call again/);
      expect(took).toBeGreaterThan(9_500);
      expect(took).toBeLessThan(13_000);
    }
    expect(await slowest).toBeLessThan(PING_MS);
    await released;
    for (const call of calls) expect((await client.ask('record_execution', call)).duplicate).toBe(false);
    expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(30 + calls.length);
  });

  it('F04 at the start: what is stored can be read and advised from', async () => {
    const db = await recordedDatabase(30);
    const other = await OtherProcess.running(db, LOCK);
    const client = await start({ db });
    const [{ recommendations }, took] = await elapsed(client.ask('recommend_tools', { query: 'find entity 1 of the ledger' }));
    await other.end();
    expect(recommendations.length).toBeGreaterThan(0);
    expect(took).toBeLessThan(8_000);
    await client.ask('record_execution', callOf('after', 0));
  });
});
