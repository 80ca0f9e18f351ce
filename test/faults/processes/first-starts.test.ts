import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { expectSound } from '../../helpers/doctor.ts';
import { callsOf, expectTotals, reported } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

const PROCESSES = 8;
const ROUNDS = isLong ? 8 : 1;
const AFTER_A_KILL = isLong ? 8 : 3;

const start = useServers();

/** So many servers open a file that does not exist yet, all at the same moment: the file is opened at the first call. */
async function startTogether(count: number, db: string): Promise<readonly StdioClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => start({ db })));
  const calls = callsOf('first', count);
  await Promise.all(clients.map((client, at) => client.ask('record_execution', calls[at] ?? {})));
  await expectTotals(clients[0] as StdioClient, calls);
  expect(clients.map((client) => client.stderr).join('')).not.toMatch(/error|already exists/i);
  return clients;
}

describe('first starts', () => {
  it(`F13 ${PROCESSES} simultaneous first starts, ${ROUNDS} times: one makes the file, all serve and record, no error`, async () => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const db = temporaryDatabase();
      const begin = performance.now();
      const clients = await startTogether(PROCESSES, db);
      times.push(performance.now() - begin);
      expect(firstValueOf(db, 'SELECT count(*) FROM sessions')).toBe(1);
      await Promise.all(clients.map((client) => client.stop()));
      await expectSound(db);
    }
    reported('F13', { starts: PROCESSES, rounds: ROUNDS, 'slowest ms to the last answer': Math.max(...times) });
  });

  it(`F13 ${AFTER_A_KILL} at once on a file whose maker was killed -9`, async () => {
    const calls = callsOf('first', AFTER_A_KILL + 1);
    const first = await start();
    await first.ask('record_execution', { ...calls.at(-1) });
    first.child.kill('SIGKILL');
    await first.exited;
    const clients = await Promise.all(Array.from({ length: AFTER_A_KILL }, () => start({ db: first.db })));
    await Promise.all(clients.map((client, at) => client.ask('record_execution', calls[at] ?? {})));
    await expectTotals(clients[0] as StdioClient, calls);
    await expectSound(first.db);
  });
});
