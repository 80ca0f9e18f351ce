import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import {
  dropSnapshot,
  ensureSeed,
  logPosition,
  readSeed,
  readSnapshot,
  snapshotPosition,
  writeSnapshot,
} from '../../src/store/learner-snapshots.ts';
import { eventsAfter } from '../../src/store/log-events.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { temporaryFolder } from '../helpers/engine.ts';

async function opened(file = join(temporaryFolder(), 'test.db')): Promise<Database> {
  const database = await openDatabase(file);
  onTestFinished(() => database.close());
  return database;
}

const snapshot = { log_position: 7, format: 1, payload: 'abc', created_at_ms: 5 };

describe('the stored snapshot', () => {
  test('is one, and the latest written', async () => {
    const database = await opened();
    expect(await database.read(readSnapshot)).toBeUndefined();
    await database.write((trx) => writeSnapshot(trx, snapshot));
    await database.write((trx) => writeSnapshot(trx, { ...snapshot, log_position: 9, payload: 'def' }));
    expect(await database.read(readSnapshot)).toEqual({ ...snapshot, log_position: 9, payload: 'def' });
  });

  test('of another format has no position', async () => {
    const database = await opened();
    await database.write((trx) => writeSnapshot(trx, snapshot));
    expect(await database.read((trx) => snapshotPosition(trx, 1))).toBe(7);
    expect(await database.read((trx) => snapshotPosition(trx, 2))).toBe(0);
  });

  test('is dropped only if no newer one has taken its place', async () => {
    const database = await opened();
    await database.write((trx) => writeSnapshot(trx, { ...snapshot, log_position: 8 }));
    await database.write((trx) => dropSnapshot(trx, snapshot));
    expect(await database.read((trx) => snapshotPosition(trx, 1))).toBe(8);
    await database.write((trx) => dropSnapshot(trx, { ...snapshot, log_position: 8 }));
    expect(await database.read(readSnapshot)).toBeUndefined();
  });
});

describe('the seed', () => {
  test('that was stored first stays', async () => {
    const database = await opened();
    expect(await database.read(readSeed)).toBeUndefined();
    expect(await database.write((trx) => ensureSeed(trx, 4_294_967_295))).toBe(4_294_967_295);
    expect(await database.write((trx) => ensureSeed(trx, 1))).toBe(4_294_967_295);
    expect(await database.read(readSeed)).toBe(4_294_967_295);
  });
});

test('the head of an empty log is 0', async () => {
  expect(await (await opened()).read(logPosition)).toBe(0);
});

describe('a file of schema version 1', () => {
  /** As toolwise 0.1.0 left it: two calls, one rated late three times, one rated at once and again with an unrated neighbour. */
  function versionOne(): string {
    const file = join(temporaryFolder(), 'old.db');
    const sqlite = new Sqlite(file);
    sqlite.exec(readFileSync('schema.sql', 'utf8'));
    sqlite.exec(`
      INSERT INTO tools (tool_id, name, total_calls) VALUES (1, 'a', 3);
      INSERT INTO sessions (session_id, name, created_at_ms, updated_at_ms) VALUES (1, 's', 1, 1);
      INSERT INTO contexts VALUES (5, 'hash', 'exact');
      INSERT INTO learner VALUES (1, 8, 3, 0, 0, 0);`);
    const execution =
      sqlite.prepare(`INSERT INTO executions (seq, log_position, execution_id, session_id, step, tool_id, success, user_rating,
      context_id, visit_count, step_visit_count, request_visit_count, previous_visit_count, reward, td_error, q_value, created_at_ms)
      VALUES (?, ?, ?, 1, 0, 1, 1, ?, 5, 1, 1, 1, 1, ?, 0, 0, 1)`);
    execution.run(1, 1, 'late', 5, 14);
    execution.run(2, 2, 'at-once', 4, 12);
    execution.run(3, 3, 'never', 2, 8);
    const feedback = sqlite.prepare('INSERT INTO feedback VALUES (?, ?, ?, ?, NULL, ?, ?, 1)');
    feedback.run(1, 4, 1, 1, 10, 6);
    feedback.run(2, 5, 1, 3, 6, 10);
    feedback.run(3, 6, 2, 4, 8, 12);
    feedback.run(4, 7, 1, 5, 10, 14);
    sqlite.pragma('user_version = 1');
    sqlite.pragma(`application_id = ${APPLICATION_ID}`);
    sqlite.close();
    return file;
  }

  test('is brought up to date and keeps every row', async () => {
    const file = versionOne();
    const rows = (sqlite: Sqlite.Database) =>
      ['tools', 'sessions', 'executions'].map((table) => sqlite.prepare(`SELECT * FROM ${table}`).all());
    const old = new Sqlite(file);
    const before = rows(old);
    old.close();
    await opened(file);
    const now = new Sqlite(file, { readonly: true });
    onTestFinished(() => void now.close());
    expect(rows(now)).toMatchObject(before); // later versions add columns
    expect(now.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  });

  test('tells its executions as they were before they were rated', async () => {
    const database = await opened(versionOne());
    const events = await database.read((trx) => eventsAfter(trx, 0, 100));
    expect(events.slice(0, 3).map(({ event }) => event)).toMatchObject([
      { kind: 'execution', seq: 1, rating: null, reward: 10 },
      { kind: 'execution', seq: 2, rating: 2, reward: 8 },
      { kind: 'execution', seq: 3, rating: 2, reward: 8 },
    ]);
  });

  test('has the columns and indexes of a new file', async () => {
    const schemaOf = async (file: string) => {
      await opened(file);
      const sqlite = new Sqlite(file, { readonly: true });
      onTestFinished(() => void sqlite.close());
      return sqlite.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    };
    expect(await schemaOf(versionOne())).toEqual(await schemaOf(join(temporaryFolder(), 'new.db')));
  });
});

test('the migrations are portable and say what each column is', () => {
  const text = readFileSync('src/store/migrations/2-learner-snapshots.sql', 'utf8');
  expect(text.replace(/--.*$/gm, '')).not.toMatch(/\b(STRICT|AUTOINCREMENT|TRIGGER|PRAGMA|WITHOUT ROWID|REAL|BLOB|datetime)\b/i);
  const columns = text.split('\n').filter((line) => /^( {2}|ALTER TABLE \w+ ADD COLUMN )[a-z_]+ (TEXT|INTEGER|BIGINT|SMALLINT)/.test(line));
  expect(columns.length).toBeGreaterThanOrEqual(7);
  expect(columns.filter((line) => !line.includes('--'))).toEqual([]);
});
