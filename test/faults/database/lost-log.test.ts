import { rmSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { readMark } from '../../../src/store/high-water-mark.ts';
import { rowsOf } from '../../helpers/database-file.ts';
import { hasCommand } from '../../helpers/doctor.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { callOf, callsOf, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { runServer } from '../../helpers/run-server.ts';
import { useServers } from '../../helpers/stdio-client.ts';
import { copyOf, recordedDatabase } from './support.ts';

const CUTS = isLong ? 50 : 12;
/** Executions in the file itself, and those of which only the write-ahead log knows. */
const CHECKPOINTED = 20;
const LOGGED = 40;
const ALL = callsOf('writer', CHECKPOINTED + LOGGED).map(({ execution_id }) => execution_id);

const start = useServers();
const uniform = seededUniform(5);

/** The files as a process leaves them that is killed. */
let killed: string;

beforeAll(async () => {
  const db = await recordedDatabase(CHECKPOINTED);
  const server = await start({ db });
  await sendAll(server, callsOf('writer', CHECKPOINTED + LOGGED).slice(CHECKPOINTED));
  while (readMark(db)?.last_seq !== CHECKPOINTED + LOGGED) await sleep(50); // written two seconds later
  server.child.kill('SIGKILL');
  await server.exited;
  killed = copyOf(db, ['-wal', '-mark']);
});

function executionsOf(file: string): readonly unknown[] {
  return rowsOf(file, 'SELECT execution_id FROM executions ORDER BY seq').map(({ execution_id }) => execution_id);
}

describe('a write-ahead log', () => {
  it(`F05 that is cut at ${CUTS} random places: the file opens, what is left is the beginning, and all sums are right`, async () => {
    const bytes = statSync(`${killed}-wal`).size;
    const left: number[] = [];
    for (let cut = 0; cut < CUTS; cut++) {
      const copy = copyOf(killed, ['-wal']);
      truncateSync(`${copy}-wal`, Math.floor(uniform() * bytes));
      const database = await openDatabase(copy);
      expect(await database.integrity()).toEqual([]);
      await database.close();
      expect(brokenInvariants(copy)).toEqual([]);
      const executions = executionsOf(copy);
      expect(executions).toEqual(ALL.slice(0, executions.length));
      left.push(executions.length);
    }
    expect(Math.min(...left)).toBeGreaterThanOrEqual(CHECKPOINTED);
    expect(new Set(left).size).toBeGreaterThan(CUTS / 3); // the cuts were at different calls
  });

  it('F05 that is whole after a kill gives back everything, and nobody complains', async () => {
    const copy = copyOf(killed, ['-wal', '-mark']);
    const server = await start({ db: copy });
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: ALL.length });
    await server.stop();
    expect(server.stderr).not.toMatch(/missing/);
    expect(executionsOf(copy)).toEqual(ALL);
  });

  it('F06 that is missing: the server says how much is gone, serves what is left, and the doctor knows it later', async () => {
    const copy = copyOf(killed, ['-mark']);
    const server = await start({ db: copy });
    await server.ask('record_execution', callOf('later', 0));
    await server.stop();
    expect(server.stderr).toMatch(/the newest \d+ events \(40 executions\) are missing from .*: was its -wal file deleted/);
    expect(executionsOf(copy)).toEqual([...ALL.slice(0, CHECKPOINTED), 'later-0']);
    expect(brokenInvariants(copy)).toEqual([]);
    expect(readMark(copy)?.missing_events).toBeGreaterThanOrEqual(LOGGED);
    const again = await start({ db: copy });
    await again.ask('record_execution', callOf('later', 1));
    await again.stop();
    expect(again.stderr).not.toMatch(/missing/);
    if (!(await hasCommand('doctor'))) return;
    const { code, stdout, stderr } = await runServer(['doctor', '--db', copy]);
    expect([code === 0, /-wal file/.test(stdout + stderr)]).toEqual([false, true]);
  });

  it('F06 that is deleted while the database is open: nothing acknowledged is lost', async () => {
    const server = await start({ db: await recordedDatabase(5) });
    await sendAll(server, callsOf('before', 10));
    rmSync(`${server.db}-wal`);
    await sleep(150); // looks at most every 100 ms
    await sendAll(server, callsOf('after', 10));
    await server.stop();
    expect(server.stderr).toMatch(/lost its -wal file while it was open/);
    const kept = executionsOf(server.db);
    expect(kept).toEqual(
      [...callsOf('writer', 5), ...callsOf('before', 10), ...callsOf('after', 10)].map(({ execution_id }) => execution_id),
    );
    expect(brokenInvariants(server.db)).toEqual([]);
  });
});
