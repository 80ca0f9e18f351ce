import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import type { Uniform } from '../../../src/core/types.ts';
import { contentOf, rowsOf } from '../../helpers/database-file.ts';
import { expectSound } from '../../helpers/doctor.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { type Call, callsOf, expectTotals, reported, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

const KILLS = isLong ? 200 : 10;
const LANES = 8;
const LONGEST_LIFE_MS = isLong ? 400 : 120;
const MORE_THAN_CAN_BE_SENT = 4_000;

const start = useServers();

/** Lets a new server record as fast as it can and kills it at a random moment. Returns the calls whose replies were read. */
async function recordUntilKilled(db: string, writer: string, uniform: Uniform): Promise<readonly Call[]> {
  const victim = await start({ db });
  const kept: Call[] = [];
  const life_ms = uniform() * LONGEST_LIFE_MS;
  const sent = sendAll(victim, callsOf(writer, MORE_THAN_CAN_BE_SENT), {
    lanes: LANES,
    acknowledged: (call) => {
      if (kept.push(call) === 1) setTimeout(() => victim.child.kill('SIGKILL'), life_ms);
    },
  });
  await expect(sent).rejects.toThrow(/the server left/);
  expect(await victim.exited).toMatchObject({ signal: 'SIGKILL' });
  return kept;
}

/** Milliseconds until the file that a killed process left is open, recovered and read. */
function reopened(db: string): number {
  const begin = performance.now();
  const database = new Database(db, { timeout: 5_000 });
  database.prepare('SELECT update_count FROM learner').get();
  const took = performance.now() - begin;
  database.close();
  return took;
}

function storedIds(db: string): readonly unknown[] {
  return rowsOf(db, 'SELECT execution_id FROM executions').map(({ execution_id }) => execution_id);
}

describe('writers that are killed', () => {
  it(`F02 kill -9 at ${KILLS} random moments: no acknowledged call is lost, integrity ok, sums equal`, async () => {
    const db = temporaryDatabase();
    const uniform = seededUniform(2);
    const acknowledged: string[] = [];
    const opened: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const writers = kill % (isLong ? 5 : KILLS) === 4 ? ['a', 'b', 'c'] : ['a'];
      const kept = await Promise.all(writers.map((writer) => recordUntilKilled(db, `${kill}${writer}`, uniform)));
      acknowledged.push(...kept.flat().map(({ execution_id }) => execution_id));
      opened.push(reopened(db));
      const stored = new Set(storedIds(db));
      expect(
        acknowledged.filter((id) => !stored.has(id)),
        `lost after kill ${kill}`,
      ).toEqual([]);
      expect(brokenInvariants(db)).toEqual([]);
      if (isLong || kill % 5 === 4) await expectSound(db); // the doctor is a process of its own, and learns everything again
    }
    const median = opened.toSorted((a, b) => a - b)[opened.length >> 1] ?? 0;
    const unacknowledged = storedIds(db).length - acknowledged.length;
    reported('F02', {
      kills: KILLS,
      acknowledged: acknowledged.length,
      unacknowledged,
      'open p50 ms': median,
      'open max ms': Math.max(...opened),
    });
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS);
  });

  it('F03 the same execution_id again after a kill: a duplicate, and the counts stay', async () => {
    const db = temporaryDatabase();
    const kept = await recordUntilKilled(db, 'victim', () => 0.5);
    const stored = storedIds(db);
    const successor = await start({ db });
    const before = contentWithoutSnapshot(db);
    for (const call of kept) expect(await successor.ask('record_execution', call)).toMatchObject({ ...idOf(call), duplicate: true });
    expect(contentWithoutSnapshot(db)).toBe(before);
    const unsure = callsOf('victim', kept.length + LANES);
    for (const call of unsure) {
      const duplicate = stored.includes(call.execution_id);
      expect(await successor.ask('record_execution', call), call.execution_id).toMatchObject({ ...idOf(call), duplicate });
    }
    await expectTotals(successor, unsure);
    await expectSound(db);
  });

  it('F03 an episode logged again after a kill is the same episode', async () => {
    const victim = await start();
    await sendAll(victim, callsOf('victim', 10));
    const episode = { session_id: 'session victim-0', outcome: 'success' };
    const first = await victim.ask('log_episode', episode);
    await killed(victim);
    const successor = await start({ db: victim.db });
    const before = contentWithoutSnapshot(victim.db);
    expect(await successor.ask('log_episode', episode)).toEqual({ ...first, duplicate: true });
    expect(contentWithoutSnapshot(victim.db)).toBe(before);
  });
});

function idOf({ execution_id }: Call): { readonly execution_id: string } {
  return { execution_id };
}

async function killed(client: StdioClient): Promise<void> {
  client.child.kill('SIGKILL');
  await client.exited;
}

/** The snapshot is a copy of what the log says; a process may store it at any time. */
function contentWithoutSnapshot(db: string): string {
  const tables = JSON.parse(contentOf(db)) as readonly (readonly [string, unknown])[];
  return JSON.stringify(tables.filter(([name]) => !name.startsWith('learner_s')));
}
