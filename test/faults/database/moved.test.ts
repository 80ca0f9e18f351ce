import { copyFileSync, existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../helpers/database-file.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { callOf, callsOf, sendAll } from '../../helpers/load.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { recordedDatabase, refusal, sha256Of } from './support.ts';

const start = useServers(afterAll); // the tests run side by side

/** A server with five executions of its own after those in the file. */
async function serving(db: string): Promise<StdioClient> {
  const server = await start({ db });
  await sendAll(server, callsOf('before', 5));
  await server.ask('recommend_tools', { query: 'find entity 1 of the ledger' });
  return server;
}

function executionsOf(file: string): readonly unknown[] {
  return rowsOf(file, 'SELECT execution_id FROM executions ORDER BY seq').map(({ execution_id }) => execution_id);
}

const BESIDE = ['', '-wal', '-shm'];

function remove(db: string, suffixes: readonly string[] = BESIDE): void {
  for (const suffix of suffixes) rmSync(db + suffix, { force: true });
}

/** Calls until one is recorded; those before must have been refused as not recorded. */
async function recordOnce(server: StdioClient, n: number): Promise<void> {
  const { isError, content } = await server.call('record_execution', callOf('after', n));
  if (isError !== true) return;
  expect(content[0]?.text).toMatch(/deleted or replaced meanwhile; nothing was recorded, it is safe to call again/);
  await server.ask('record_execution', callOf('after', n));
}

describe.concurrent('a database under an open server', () => {
  it.each([
    ['with what lies beside it', BESIDE],
    ['alone', ['']],
  ])('F11 that is deleted %s: a new one is made, and what is acknowledged after that is in it', async (_, suffixes) => {
    const server = await serving(await recordedDatabase(20));
    remove(server.db, suffixes);
    for (let n = 0; n < 10; n++) await recordOnce(server, n);
    await server.stop();
    expect(executionsOf(server.db)).toEqual(callsOf('after', 10).map(({ execution_id }) => execution_id));
    expect(brokenInvariants(server.db)).toEqual([]);
    expect(server.stderr).toMatch(/was deleted while it was open; a new, empty one takes its place/);
  });

  it('F11 that is deleted with its folder', async () => {
    const server = await serving(await recordedDatabase(20));
    rmSync(dirname(server.db), { recursive: true });
    await recordOnce(server, 0);
    expect(executionsOf(server.db)).toEqual(['after-0']);
  });

  it('F11 that is deleted amid many calls: each that is acknowledged after that is in the new one', async () => {
    const server = await serving(await recordedDatabase(20));
    const early = callsOf('early', 40).map((call) => server.call('record_execution', call));
    await early[5];
    remove(server.db);
    await sleep(5); // whatever was committed by now was committed before
    const late = await Promise.all(
      callsOf('late', 40).map(async (call) => ((await server.call('record_execution', call)).isError === true ? null : call.execution_id)),
    );
    await Promise.all(early);
    await server.stop();
    const kept = late.filter((id) => id !== null);
    expect(kept.length).toBeGreaterThan(0);
    expect(executionsOf(server.db)).toEqual(expect.arrayContaining(kept));
  });

  it('F11 that is replaced by another: the other is used, and nothing that was remembered of the first', async () => {
    const server = await serving(await recordedDatabase(20));
    const other = await recordedDatabase(7, 'other');
    const moved = `${server.db}.moved`;
    renameSync(server.db, moved);
    remove(server.db, ['-wal', '-shm']);
    copyFileSync(other, server.db);
    await recordOnce(server, 0);
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: 8 });
    await server.stop();
    expect(executionsOf(server.db)).toEqual([...callsOf('other', 7).map(({ execution_id }) => execution_id), 'after-0']);
    expect(brokenInvariants(server.db)).toEqual([]);
    expect(server.stderr).toMatch(/was replaced while it was open/);
  });

  it('F11 that is replaced by one that another server has open: its -wal file stays', async () => {
    const server = await serving(await recordedDatabase(20));
    for (const suffix of BESIDE) renameSync(server.db + suffix, `${server.db}.moved${suffix}`);
    const second = await start({ db: server.db });
    await sendAll(second, callsOf('second', 5));
    await recordOnce(server, 0);
    await sendAll(second, callsOf('second more', 5));
    await server.stop();
    expect(existsSync(`${server.db}-wal`)).toBe(true);
    second.child.kill('SIGKILL');
    await second.exited;
    expect(executionsOf(server.db)).toHaveLength(11);
    expect(brokenInvariants(server.db)).toEqual([]);
  });

  it.each([
    ['text', (db: string) => writeFileSync(db, 'not a database\n'.repeat(500)), /not a toolwise database/],
    ['another program’s database', (db: string) => void new Sqlite(db).exec('CREATE TABLE theirs (x)').close(), /another program/],
  ])('F11 that is replaced by %s: refused, not touched, and served again once it is back', async (_, replace, why) => {
    const server = await serving(await recordedDatabase(20));
    const aside = `${server.db}.aside`;
    const other = temporaryDatabase();
    replace(other);
    linkSync(server.db, aside);
    renameSync(other, server.db); // at once: else the server may make a new one meanwhile
    const before = sha256Of(server.db);
    await sleep(150);
    expect(await refusal(server, 'record_execution', callOf('after', 0))).toMatch(why);
    expect(await refusal(server, 'get_history', { kind: 'executions' })).toMatch(why);
    expect(sha256Of(server.db)).toBe(before);
    renameSync(aside, server.db);
    await recordOnce(server, 1);
    await server.stop();
    expect(executionsOf(server.db)).toHaveLength(26);
    expect(brokenInvariants(server.db)).toEqual([]);
  });
});
