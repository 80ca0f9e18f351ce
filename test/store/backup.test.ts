import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { increment, readCounters } from '../../src/store/learner.ts';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { contentOf, firstValueOf } from '../helpers/database-file.ts';
import { temporaryFolder } from '../helpers/engine.ts';
import { callsOf } from '../helpers/load.ts';
import { Version2 } from '../helpers/version-2-file.ts';

const freshFile = () => join(temporaryFolder(), 'x.db');
const permissions = (file: string) => statSync(file).mode & 0o777;

async function opened(file: string): Promise<Database> {
  const database = await openDatabase(file);
  onTestFinished(() => database.close());
  return database;
}

function fileOfVersion2(): string {
  const file = freshFile();
  const old = new Version2(file);
  old.record(callsOf('old', 20));
  old.close();
  return file;
}

describe('a backup', () => {
  test('holds all that is committed, also what stands in the -wal file only, and is its owner’s alone', async () => {
    const file = freshFile();
    const database = await opened(file);
    await database.write((trx) => increment(trx, 'update_count'));
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    const copy = `${file}.copy`;
    await database.backup(copy);
    expect([permissions(copy), contentOf(copy)]).toEqual([0o600, contentOf(file)]);
    const restored = await opened(copy);
    expect((await restored.read(readCounters)).update_count).toBe(1);
    expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('never overwrites a file', async () => {
    const file = freshFile();
    const database = await opened(file);
    writeFileSync(`${file}.copy`, 'precious');
    await expect(database.backup(`${file}.copy`)).rejects.toThrow(/exists already/);
    expect(readFileSync(`${file}.copy`, 'utf8')).toBe('precious');
  });

  test('that cannot be written leaves nothing behind, and the database works on', async () => {
    const file = freshFile();
    const database = await opened(file);
    await expect(database.backup(join(dirname(file), 'nowhere', 'copy'))).rejects.toThrow(/cannot be made there/);
    expect((await database.write((trx) => increment(trx, 'update_count'))).update_count).toBe(1);
    expect(readdirSync(dirname(file)).filter((name) => name.includes('copy'))).toEqual([]);
  });
});

describe('before its schema is changed a file', () => {
  const backupOf = (file: string) => `${file}.v2.backup`;

  test('is kept as it was', async () => {
    const file = fileOfVersion2();
    const before = contentOf(file);
    await opened(file);
    expect(firstValueOf(file, 'PRAGMA user_version')).toBe(SCHEMA_VERSION);
    expect(firstValueOf(backupOf(file), 'PRAGMA user_version')).toBe(2);
    expect([contentOf(backupOf(file)), permissions(backupOf(file))]).toEqual([before, 0o600]);
  });

  test('is not kept again over a backup that is whole', async () => {
    const file = fileOfVersion2();
    const kept = new Version2(backupOf(file));
    kept.record(callsOf('kept', 3));
    kept.close();
    const before = contentOf(backupOf(file));
    await opened(file);
    expect(contentOf(backupOf(file))).toBe(before);
  });

  test.each([
    ['empty', (path: string) => writeFileSync(path, '')],
    ['text', (path: string) => writeFileSync(path, 'no database'.repeat(500))],
    ['cut in half', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ])('is kept in place of a backup that is %s', async (_, spoil) => {
    const file = fileOfVersion2();
    new Version2(backupOf(file)).close();
    spoil(backupOf(file));
    await opened(file);
    expect(firstValueOf(backupOf(file), 'SELECT count(*) FROM executions')).toBe(20);
  });

  test('stays as it is when the backup cannot be made', async () => {
    const file = fileOfVersion2();
    new Sqlite(`${backupOf(file)}.part`).exec('CREATE TABLE t (x)').close();
    mkdirSync(backupOf(file)); // no file can take this place
    await expect(openDatabase(file)).rejects.toThrow();
    expect(firstValueOf(file, 'PRAGMA user_version')).toBe(2);
    expect(firstValueOf(file, 'SELECT count(*) FROM executions')).toBe(20);
  });

  test('of a new database there is none', async () => {
    const file = freshFile();
    await opened(file);
    expect(readdirSync(dirname(file)).filter((name) => name.includes('backup'))).toEqual([]);
    expect(existsSync(file)).toBe(true);
  });
});

describe('the examination', () => {
  test('finds nothing in a good file', async () => {
    const database = await opened(freshFile());
    await database.write((trx) => increment(trx, 'update_count'));
    expect(await database.integrity()).toEqual([]);
    await database.checkpoint();
    expect((await database.read(readCounters)).update_count).toBe(1);
  });

  test('names rows that refer to none', async () => {
    const file = freshFile();
    await (await openDatabase(file)).close();
    const other = new Sqlite(file);
    other.pragma('foreign_keys = OFF');
    other.exec('INSERT INTO transitions (seq, priority) VALUES (77, 1)');
    other.close();
    const database = await opened(file);
    expect(await database.integrity()).toEqual(['row 77 of transitions refers to a row of executions that does not exist']);
  });

  test('names damaged pages', async () => {
    const file = freshFile();
    const database = await openDatabase(file);
    await database.write(async (trx) => {
      for (let n = 0; n < 200; n++) await sql`INSERT INTO contexts VALUES (${n}, ${`hash ${n}`.repeat(20)}, 'exact')`.execute(trx);
    });
    await database.close();
    spoilTable(file, 'contexts');
    const found = await (await opened(file)).integrity();
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).toMatch(/contexts|Tree|page|malformed/);
  });
});

/** Overwrites the root page of a table. */
function spoilTable(file: string, table: string): void {
  const sqlite = new Sqlite(file, { readonly: true });
  const root = Number(sqlite.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table));
  const page_bytes = Number(sqlite.pragma('page_size', { simple: true }));
  sqlite.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, (root - 1) * page_bytes + 20, (root - 1) * page_bytes + 60);
  writeFileSync(file, bytes);
}
