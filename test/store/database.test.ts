import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StorageError } from '../../src/errors.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { increment, readCounters } from '../../src/store/learner.ts';
import { APPLICATION_ID, requireCurrent, SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { temporaryFolder } from '../helpers/engine.ts';

async function opened(file: string): Promise<Database> {
  const database = await openDatabase(file);
  onTestFinished(() => database.close());
  return database;
}

const freshFile = () => join(temporaryFolder(), 'test.db');

describe('openDatabase', () => {
  test('creates the file for its owner only, in WAL mode, marked as toolwise’s', async () => {
    const file = freshFile();
    await opened(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const sqlite = new Sqlite(file, { readonly: true });
    onTestFinished(() => void sqlite.close());
    expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(sqlite.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
  });

  test('makes small pages, and opens a file that has others and lets a checkpoint start at the same size', async () => {
    const [fresh, old] = [freshFile(), freshFile()];
    const made = new Sqlite(old);
    made.pragma('page_size = 8192');
    made.exec('CREATE TABLE gone (x); DROP TABLE gone');
    made.close();
    for (const [file, bytes] of [
      [fresh, 2048],
      [old, 8192],
    ] as const) {
      const database = await opened(file);
      expect(readFileSync(file).readUInt16BE(16)).toBe(bytes);
      const { rows } = await database.read((trx) => sql<{ wal_autocheckpoint: number }>`PRAGMA wal_autocheckpoint`.execute(trx));
      expect(rows).toEqual([{ wal_autocheckpoint: (16 * 1024 * 1024) / bytes }]);
    }
  });

  test('every column of schema.sql has a comment or is a key explained by its table', () => {
    const columns = readFileSync('schema.sql', 'utf8')
      .split('\n')
      .filter((line) => /^ {2}[a-z_0-9]+ (TEXT|INTEGER|BIGINT|SMALLINT|DOUBLE)/.test(line));
    expect(columns.length).toBeGreaterThan(60);
    const bare = columns.filter((line) => !line.includes('--'));
    expect(bare).toEqual([]);
  });

  test('the schema is portable: no SQLite-only words', () => {
    const ddl = readFileSync('schema.sql', 'utf8').replace(/--.*$/gm, '');
    expect(ddl).not.toMatch(/\b(STRICT|AUTOINCREMENT|TRIGGER|PRAGMA|WITHOUT ROWID|REAL|datetime)\b/i);
  });

  test('leaves another program’s database untouched and says so', async () => {
    const file = freshFile();
    const foreign = new Sqlite(file);
    foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    const before = createHash('sha256').update(readFileSync(file)).digest('hex');
    await expect(openDatabase(file)).rejects.toThrow(/belongs to another program; choose another --db/);
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(before);
  });

  test('refuses a file that is no database', async () => {
    const file = freshFile();
    writeFileSync(file, 'this is a text file, much longer than a header of sixteen bytes'.repeat(50));
    await expect(openDatabase(file)).rejects.toThrow(StorageError);
    await expect(openDatabase(file)).rejects.toThrow(/not a toolwise database/);
  });

  test('refuses a newer schema and names both versions', async () => {
    const file = freshFile();
    const database = await openDatabase(file);
    await database.close();
    const sqlite = new Sqlite(file);
    sqlite.pragma(`user_version = ${SCHEMA_VERSION + 3}`);
    sqlite.close();
    await expect(openDatabase(file)).rejects.toThrow(`schema version ${SCHEMA_VERSION + 3}, this toolwise knows ${SCHEMA_VERSION}`);
  });

  test('names the commands that bring an older schema up to date to who may only read', () => {
    const sqlite = new Sqlite(':memory:');
    sqlite.exec('CREATE TABLE tools (tool_id)');
    sqlite.pragma(`application_id = ${APPLICATION_ID}`);
    sqlite.pragma('user_version = 1');
    expect(() => requireCurrent(sqlite)).toThrow(
      /schema version 1, .*run toolwise collect or toolwise import, or start a server on it once/,
    );
  });

  test('eight simultaneous first opens of one file all succeed', async () => {
    const file = freshFile();
    const databases = await Promise.all(Array.from({ length: 8 }, () => opened(file)));
    const counts = await Promise.all(databases.map((database) => database.read(readCounters)));
    expect(counts.map((counters) => counters.update_count)).toEqual(Array(8).fill(0));
  });
});

describe('transactions', () => {
  test('a failed one leaves nothing behind', async () => {
    const database = await opened(freshFile());
    const failing = database.write(async (trx) => {
      await increment(trx, 'update_count');
      throw new Error('halfway');
    });
    await expect(failing).rejects.toThrow('halfway');
    expect((await database.read(readCounters)).update_count).toBe(0);
  });

  test('wait for a lock held by another connection instead of failing', async () => {
    const file = freshFile();
    const database = await opened(file);
    const holder = new Sqlite(file);
    holder.exec('BEGIN IMMEDIATE');
    const write = database.write((trx) => increment(trx, 'update_count'));
    await sleep(400);
    holder.exec('ROLLBACK');
    holder.close();
    expect((await write).update_count).toBe(1);
  });

  test('two connections that read and then write lose no update', async () => {
    const file = freshFile();
    const [one, two] = [await opened(file), await opened(file)];
    const bump = async (database: Database) => {
      for (let i = 0; i < 200; i++) {
        await database.write(async (trx) => {
          await readCounters(trx);
          await increment(trx, 'update_count');
        });
      }
    };
    await Promise.all([bump(one), bump(two)]);
    expect((await one.read(readCounters)).update_count).toBe(400);
  });

  test('a read sees one moment, also when another connection writes meanwhile', async () => {
    const file = freshFile();
    const [reader, writer] = [await opened(file), await opened(file)];
    const counts = await reader.read(async (trx) => {
      const before = await readCounters(trx);
      await writer.write((other) => increment(other, 'update_count'));
      return [before.update_count, (await readCounters(trx)).update_count];
    });
    expect(counts).toEqual([0, 0]);
    expect((await reader.read(readCounters)).update_count).toBe(1);
  });
});

describe('a rewritten log', () => {
  const rewrite = (database: Database) => database.write((trx) => sql`UPDATE log_state SET rewrite_count = rewrite_count + 1`.execute(trx));
  const watched = async (file: string) => {
    const database = await opened(file);
    const seen: string[] = [];
    database.onRewritten(() => seen.push('rewritten'));
    return { database, seen };
  };

  test.each(['read', 'write'] as const)('is noticed once by the next %s of another process, before its work runs', async (mode) => {
    const file = freshFile();
    const { database, seen } = await watched(file);
    await database.read(readCounters);
    await rewrite(await opened(file));
    const [atStart] = await Promise.all([database[mode](async () => [...seen]), database.read(readCounters)]);
    expect([atStart, seen]).toEqual([['rewritten'], ['rewritten']]);
  });

  test('is noticed by the process that rewrote it, too, but not when that was undone', async () => {
    const { database, seen } = await watched(freshFile());
    await expect(database.write((trx) => sql`UPDATE log_state SET rewrite_count = 9 / json('bad')`.execute(trx))).rejects.toThrow();
    const undone = database.write(async (trx) => {
      await sql`UPDATE log_state SET rewrite_count = 9`.execute(trx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await database.read(readCounters);
    expect(seen).toEqual([]);
    await rewrite(database);
    await database.read(readCounters);
    expect(seen).toEqual(['rewritten']);
  });

  test('that was rewritten before it was opened is no news', async () => {
    const file = freshFile();
    await rewrite(await opened(file));
    const { database, seen } = await watched(file);
    await database.read(readCounters);
    expect(seen).toEqual([]);
  });
});
