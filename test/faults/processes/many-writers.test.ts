import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { expectSound } from '../../helpers/doctor.ts';
import { CALLS_A_SESSION, callsOf, expectTotals, reported, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

const PROCESSES = 8;
const EACH = isLong ? 2_000 : 50;
const SHARED = isLong ? 200 : 40;

const start = useServers();

/** Reports every call of one writer, and each session's episode at its end. */
async function work(client: StdioClient, writer: number): Promise<void> {
  const calls = callsOf(writer, EACH);
  for (let first = 0; first < EACH; first += CALLS_A_SESSION) {
    const session = calls.slice(first, first + CALLS_A_SESSION);
    await sendAll(client, session);
    await client.ask('log_episode', { session_id: session[0]?.session_id, outcome: 'success' });
  }
}

describe('many writers', () => {
  it(`F01 ${PROCESSES} processes × ${EACH} record_execution on one file: every row is kept, every sum exact, no error`, async () => {
    const db = temporaryDatabase();
    const clients = await Promise.all(Array.from({ length: PROCESSES }, () => start({ db })));
    const begin = performance.now();
    await Promise.all(clients.map(work));
    const seconds = (performance.now() - begin) / 1_000;
    reported('F01', { processes: PROCESSES, calls: PROCESSES * EACH, seconds, 'calls/s': (PROCESSES * EACH) / seconds });
    const calls = Array.from({ length: PROCESSES }, (_, writer) => callsOf(writer, EACH)).flat();
    for (const client of clients) await expectTotals(client, calls);
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(PROCESSES * EACH);
    expect(firstValueOf(db, 'SELECT count(*) FROM episodes')).toBe((PROCESSES * EACH) / CALLS_A_SESSION);
    // every session of ten tools holds nine pairs and eight triples
    expect(firstValueOf(db, 'SELECT sum(occurrence_count) FROM ngrams')).toBe((17 * PROCESSES * EACH) / CALLS_A_SESSION);
    await expectSound(db);
  });

  it('F01 200 parallel calls in one process: 200 are kept and every sum is exact', async () => {
    const client = await start();
    const calls = callsOf('one', 200);
    await sendAll(client, calls, { lanes: 200 });
    await expectTotals(client, calls);
    await expectSound(client.db);
  });

  it(`F01 the same ${SHARED} calls, reported by two processes at once, are ${SHARED} executions`, async () => {
    const db = temporaryDatabase();
    const clients = await Promise.all(Array.from({ length: 2 }, () => start({ db })));
    const calls = callsOf('shared', SHARED);
    const answers = await Promise.all(clients.map((client) => Promise.all(calls.map((call) => client.ask('record_execution', call)))));
    for (const [at, call] of calls.entries()) {
      const told = answers.map((answer) => answer[at]);
      expect(
        told.filter((answer) => answer?.duplicate === false),
        call.execution_id,
      ).toHaveLength(1);
      expect(new Set(told.map((answer) => answer?.q_value)).size, call.execution_id).toBe(1);
    }
    await expectTotals(clients[0] as StdioClient, calls);
    await expectSound(db);
  });
});
