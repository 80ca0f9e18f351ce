import { spawn } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { firstValueOf, rowsOf } from '../../helpers/database-file.ts';
import { expectSound, hasCommand } from '../../helpers/doctor.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { type Call, callsOf, reported, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { script } from '../../helpers/run-server.ts';
import { cleanEnvironment, SERVER, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { Version2 } from '../../helpers/version-2-file.ts';

const KILLS = isLong ? 40 : 2;
/** So many that what is interrupted takes longer than the moments tried are apart. */
const ROWS = isLong ? 30_000 : 3_000;

/** Of --max-executions; pruning goes on until this share of it is left. */
const AT_MOST = 100;
const LEAST_KEPT = 0.95 * AT_MOST;
const LONGEST_PRUNING_MS = 60;

const start = useServers();
const uniform = seededUniform(15);

interface Run {
  /** From the moment the database was opened to the answer, or to the end. */
  readonly took_ms: number;
  readonly stdout: string;
}

interface RunOptions {
  readonly db: string;
  readonly input?: string;
  /** What it writes on stdout when the work is done; default: it leaves then. */
  readonly done?: string;
  /** Milliseconds from the opening of the database to its death; default: it lives. */
  readonly kill_after_ms?: number;
}

/** Runs the built toolwise on a database that nobody has open. */
async function run(args: readonly string[], { db, input = '', done, kill_after_ms }: RunOptions): Promise<Run> {
  const child = spawn(process.execPath, [SERVER, ...args, '--db', db], { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise((resolve) => child.on('close', resolve));
  let stdout = '';
  const answered = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (done !== undefined && stdout.includes(done)) resolve();
    });
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(input);
  while (!existsSync(`${db}-shm`) && child.exitCode === null) await sleep(1);
  const begin = performance.now();
  const killed = kill_after_ms === undefined ? [] : [sleep(kill_after_ms).then(() => child.kill('SIGKILL'))];
  await Promise.race([exited, ...(done === undefined ? [] : [answered]), ...killed]);
  const took_ms = performance.now() - begin;
  child.kill('SIGKILL');
  await exited;
  return { took_ms, stdout };
}

/** Moments spread over what the whole takes, and a little longer; closer at the beginning, where most is written. */
function momentsOf(whole_ms: number): readonly number[] {
  return Array.from({ length: KILLS }, (_, at) => 1.1 * whole_ms * ((at + uniform()) / KILLS) ** 2);
}

const input = script([{ method: 'tools/call', params: { name: 'get_learning_stats', arguments: {} } }]);
const done = `"update_count":${ROWS}`;

describe('maintenance that is killed', () => {
  let old: string;

  beforeAll(() => {
    old = temporaryDatabase();
    const writer = new Version2(old);
    writer.record(callsOf('old', ROWS));
    writer.close();
  });

  function copyOfOld(): string {
    const db = temporaryDatabase();
    cpSync(old, db);
    return db;
  }

  it(`F15 kill -9 during a migration, ${KILLS} times: the file is fully old or fully new, and the next start makes it new`, async () => {
    const { took_ms } = await run([], { db: copyOfOld(), input, done });
    const found = { old: 0, new: 0 };
    for (const kill_after_ms of momentsOf(took_ms)) {
      const db = copyOfOld();
      await run([], { db, input, done, kill_after_ms });
      expect(firstValueOf(db, 'PRAGMA integrity_check')).toBe('ok');
      const isNew = Number(firstValueOf(db, 'PRAGMA user_version')) > 2;
      found[isNew ? 'new' : 'old'] += 1;
      expect(rowsOf(db, "SELECT 1 FROM sqlite_schema WHERE name = 'log_state'")).toHaveLength(isNew ? 1 : 0);
      const client = await start({ db });
      expect(await client.ask('get_learning_stats')).toMatchObject({ update_count: ROWS });
      client.child.kill('SIGKILL');
      expect(brokenInvariants(db)).toEqual([]);
    }
    reported('F15 migration', { kills: KILLS, ...found, 'whole ms': took_ms });
  });

  it(`F15 kill -9 during a backup, ${KILLS} times: the database stays whole, and a copy that bears the name is whole too`, async (test) => {
    if (!(await hasCommand('backup'))) return test.skip('this toolwise has no backup');
    const db = copyOfOld();
    await run([], { db, input, done });
    expect(brokenInvariants(db)).toEqual([]);
    const { took_ms } = await run(['backup', `${db}.whole`], { db });
    expect(firstValueOf(`${db}.whole`, 'SELECT count(*) FROM executions')).toBe(ROWS);
    const found = { none: 0, whole: 0 };
    for (const kill_after_ms of momentsOf(took_ms)) {
      const copy = `${db}.copy`;
      await run(['backup', copy], { db, kill_after_ms });
      found[existsSync(copy) ? 'whole' : 'none'] += 1;
      if (existsSync(copy)) expect(brokenInvariants(copy)).toEqual([]);
      expect(brokenInvariants(db)).toEqual([]);
      rmSync(copy, { force: true });
      expect((await run(['backup', copy], { db })).stdout, 'what a killed backup left stands in the way').toContain(copy);
      rmSync(copy);
    }
    reported('F15 backup', { kills: KILLS, ...found, 'whole ms': took_ms });
  });

  it(`F15 kill -9 while old executions are pruned, ${KILLS} times: the newest stay, what they taught stays`, async () => {
    const db = temporaryDatabase();
    const acknowledged: Call[] = [];
    const keep = (call: Call) => void acknowledged.push(call);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const writer = await start({ db });
      await sendAll(writer, callsOf(`whole ${kill}`, 2 * AT_MOST), { lanes: 8, acknowledged: keep });
      expect(await writer.end()).toMatchObject({ code: 0 }); // what is learned is stored: nothing else may be pruned
      const before = Number(firstValueOf(db, PRUNED));
      const victim = await start({ db, args: ['--max-executions', String(AT_MOST)] });
      const cut = sendAll(victim, callsOf(`cut ${kill}`, 2_000), { lanes: 8, acknowledged: keep });
      await expect.poll(() => Number(firstValueOf(db, PRUNED)), { timeout: 30_000, interval: 1 }).toBeGreaterThan(before);
      await sleep(uniform() * LONGEST_PRUNING_MS);
      victim.child.kill('SIGKILL');
      await cut.catch(() => undefined);
      expect(brokenInvariants(db)).toEqual([]);
      const { kept, pruned, all } = rowsOf(db, COUNTS)[0] as { kept: number; pruned: number; all: number };
      expect(kept + pruned).toBe(all);
      expect(all).toBeGreaterThanOrEqual(acknowledged.length);
      expect(kept).toBeGreaterThanOrEqual(LEAST_KEPT);
      const oldest = Number(firstValueOf(db, 'SELECT min(seq) FROM executions'));
      expect(oldest, 'what is left is not the newest').toBe(pruned + 1);
    }
    const found = Number(firstValueOf(db, PRUNED));
    const last = await start({ db, args: ['--max-executions', String(AT_MOST)] });
    await sendAll(last, callsOf('last', 10), { acknowledged: keep });
    await expect.poll(() => Number(firstValueOf(db, 'SELECT count(*) FROM executions')), { timeout: 30_000 }).toBeLessThanOrEqual(AT_MOST);
    const latest = acknowledged.at(-1)?.execution_id;
    expect(rowsOf(db, 'SELECT execution_id FROM executions').map((row) => row['execution_id'])).toContain(latest);
    await expectSound(db);
    reported('F15 prune', { kills: KILLS, acknowledged: acknowledged.length, 'pruned before the last start': found });
  });
});

const PRUNED = 'SELECT pruned_executions FROM log_state';
const COUNTS = `SELECT (SELECT count(*) FROM executions) AS kept, (SELECT pruned_executions FROM log_state) AS pruned,
  (SELECT update_count FROM learner) AS "all"`;
