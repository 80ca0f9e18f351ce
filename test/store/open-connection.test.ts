import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { requireSafeSqlite, setJournal } from '../../src/store/open-connection.ts';
import { temporaryFolder } from '../helpers/engine.ts';

const MIB = 1024 * 1024;

async function settingsOf(database: Database, ...names: readonly string[]): Promise<Record<string, unknown>> {
  const entries = names.map(async (name) => {
    const { rows } = await database.read((trx) => sql.raw<Record<string, unknown>>(`PRAGMA ${name}`).execute(trx));
    return [name, Object.values(rows[0] ?? {})[0]];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function opened(options: Parameters<typeof openDatabase>[1]): Promise<Database> {
  const database = await openDatabase(join(temporaryFolder(), 'x.db'), options);
  onTestFinished(() => database.close());
  return database;
}

describe('a connection', () => {
  test('is set so that several processes and a full disk do no harm', async () => {
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'cell_size_check', 'mmap_size', 'auto_vacuum'];
    expect(await settingsOf(await opened({}), ...names, 'journal_size_limit')).toEqual({
      journal_mode: 'wal',
      synchronous: 1,
      foreign_keys: 1,
      trusted_schema: 0,
      cell_size_check: 1,
      mmap_size: 0,
      auto_vacuum: 2,
      journal_size_limit: 64 * MIB,
    });
  });

  test('syncs at each commit when that is asked for', async () => {
    expect(await settingsOf(await opened({ durability: 'full' }), 'synchronous')).toEqual({ synchronous: 2 });
  });

  test('lets the file grow 64 MiB beyond the limit of retention and no further', async () => {
    const database = await opened({ max_bytes: 4 * MIB });
    expect(await settingsOf(database, 'max_page_count')).toEqual({ max_page_count: (68 * MIB) / 2048 });
    await database.write((trx) => sql`CREATE TABLE big (b)`.execute(trx));
    const fill = database.write(async (trx) => {
      for (let n = 0; n < 100; n++) await sql`INSERT INTO big VALUES (zeroblob(${MIB}))`.execute(trx);
    });
    await expect(fill).rejects.toMatchObject({
      name: 'StorageError',
      code: 'full',
      message: expect.stringMatching(/disk full, not recorded/),
    });
    const { rows } = await database.read((trx) => sql`SELECT * FROM big`.execute(trx));
    expect(rows).toEqual([]);
    await database.write((trx) => sql`INSERT INTO big VALUES (1)`.execute(trx));
  });

  test('that cannot have a write-ahead log gets the safest journal, and a warning', () => {
    const sqlite = new Sqlite(':memory:'); // which never can
    const warnings: string[] = [];
    setJournal(sqlite, { log: { warn: (message) => void warnings.push(message) } });
    expect(sqlite.pragma('synchronous', { simple: true })).toBe(2);
    expect(warnings).toEqual([expect.stringMatching(/network or odd file system: not safe for several processes/)]);
  });

  test.each(['3.7.0', '3.49.2', '3.50.4', '3.51.2', '2.8.17'])('with SQLite %s is refused', (version) => {
    expect(() => requireSafeSqlite(version)).toThrow(
      expect.objectContaining({
        name: 'StorageError',
        message: expect.stringMatching(new RegExp(`SQLite ${version} .*3\\.51\\.3 or later: install`)),
      }),
    );
  });

  test.each(['3.51.3', '3.52.0', '3.54.1', '4.0.0'])('with SQLite %s is fine', (version) => {
    expect(() => requireSafeSqlite(version)).not.toThrow();
  });
});
