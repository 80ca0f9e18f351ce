import { copyFileSync, existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../../../src/store/migrations.ts';
import { callOf } from '../../helpers/load.ts';
import { useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { recordedDatabase, refusal, sha256Of } from './support.ts';

const start = useServers(afterAll); // the tests run side by side

/** Every call is refused for this reason, and no byte of the files changes. */
async function expectRefused(db: string, why: RegExp): Promise<void> {
  const files = [db, `${db}-wal`].filter((path) => existsSync(path));
  const before = files.map(sha256Of);
  const server = await start({ db });
  for (const tool of ['record_execution', 'recommend_tools'] as const) {
    expect(await refusal(server, tool, tool === 'record_execution' ? callOf('late', 0) : {})).toMatch(why);
  }
  expect(await server.result('ping')).toEqual({});
  await server.stop();
  expect(files.map(sha256Of)).toEqual(before);
}

function changed(db: string, pragma: string): string {
  const sqlite = new Sqlite(db);
  sqlite.pragma(pragma);
  sqlite.close();
  return db;
}

/** A database of another program whose latest rows stand in its -wal file only, as after a kill. */
function foreignWithLog(): string {
  const [live, copy] = [temporaryDatabase(), temporaryDatabase()];
  const sqlite = new Sqlite(live);
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
  sqlite.pragma('wal_checkpoint');
  sqlite.exec('INSERT INTO theirs VALUES (2)');
  for (const suffix of ['', '-wal']) copyFileSync(live + suffix, copy + suffix);
  sqlite.close();
  return copy;
}

describe.concurrent('a file that is not this toolwise’s', () => {
  it('F12 written by a newer toolwise: refused, both versions are named, nothing is written', async () => {
    const db = changed(await recordedDatabase(5), `user_version = ${SCHEMA_VERSION + 4}`);
    await expectRefused(db, new RegExp(`schema version ${SCHEMA_VERSION + 4}, this toolwise knows ${SCHEMA_VERSION}; update toolwise`));
  });

  it('F12 with another application_id', async () => {
    await expectRefused(
      changed(await recordedDatabase(5), 'application_id = 252006674'),
      /belongs to another program; choose another --db/,
    );
  });

  it('F12 of another program, with and without tables', async () => {
    const [full, bare] = [temporaryDatabase(), temporaryDatabase()];
    new Sqlite(full).exec('CREATE TABLE theirs (x)').close();
    changed(bare, 'user_version = 7');
    await expectRefused(full, /belongs to another program/);
    await expectRefused(bare, /belongs to another program/);
  });

  it('F12 of another program, beside a -wal file that toolwise left there', async () => {
    const db = temporaryDatabase();
    new Sqlite(db).exec('CREATE TABLE theirs (x)').close();
    const server = await start();
    await server.ask('record_execution', callOf('own', 0));
    copyFileSync(`${server.db}-wal`, `${db}-wal`);
    await expectRefused(db, /belongs to another program/);
  });

  it('F12 of another program that was killed: its -wal file is neither written back nor removed', async () => {
    const db = foreignWithLog();
    await expectRefused(db, /belongs to another program/);
    expect(existsSync(`${db}-shm`)).toBe(false);
    const theirs = new Sqlite(db);
    expect(theirs.prepare('SELECT count(*) FROM theirs').pluck().get()).toBe(2);
    theirs.close();
  });
});
