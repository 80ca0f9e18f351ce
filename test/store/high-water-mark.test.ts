import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { clearMissing, readMark } from '../../src/store/high-water-mark.ts';
import { increment } from '../../src/store/learner.ts';
import { temporaryFolder } from '../helpers/engine.ts';

const freshFile = () => join(temporaryFolder(), 'x.db');
const record = (database: Database) => database.write((trx) => increment(trx, 'log_position'));

async function watched(file: string): Promise<{ readonly database: Database; readonly warnings: string[] }> {
  const warnings: string[] = [];
  const database = await openDatabase(file, { log: { warn: (message) => void warnings.push(message) } });
  onTestFinished(() => database.close());
  return { database, warnings };
}

/** A database that another process would have left with this many events, of which the file alone holds none: a copy without its log. */
async function copyWithoutLog(events: number): Promise<string> {
  const file = freshFile();
  const { database } = await watched(file);
  const copy = freshFile();
  for (let n = 0; n < events; n++) await record(database);
  copyFileSync(file, copy);
  await database.close();
  copyFileSync(`${file}-mark`, `${copy}-mark`);
  return copy;
}

describe('the mark beside the database', () => {
  test('says after closing how far the log had come', async () => {
    const file = freshFile();
    const { database } = await watched(file);
    expect(readMark(file)).toBeNull();
    for (let n = 0; n < 3; n++) await record(database);
    await database.close();
    expect(readMark(file)).toEqual({ last_seq: 0, log_position: 3, rewrite_count: 0, missing_events: 0 });
    expect([statSync(`${file}-mark`).mode & 0o777, existsSync(`${file}-mark.part`)]).toEqual([0o600, false]);
  });

  test('is written two seconds after a write, while the database is open', async () => {
    const file = freshFile();
    const { database } = await watched(file);
    for (let n = 0; n < 5; n++) await record(database);
    await expect.poll(() => readMark(file)?.log_position, { timeout: 5_000 }).toBe(5);
  });

  test('is not written by who only reads', async () => {
    const file = freshFile();
    const { database } = await watched(file);
    await record(database);
    await database.close();
    rmSync(`${file}-mark`);
    const reader = await openDatabase(file, { read_only: true });
    await reader.read(async () => undefined);
    await reader.close();
    expect(existsSync(`${file}-mark`)).toBe(false);
  });

  test('tells of events that are missing, once on stderr and for good to the doctor', async () => {
    const copy = await copyWithoutLog(4);
    const first = await watched(copy);
    // Without its log the copy does not hold the tables either: the first transaction of a new file is in the log, too.
    expect(first.warnings).toEqual([expect.stringMatching(/is empty, but a database with 0 executions was there before/)]);
    await record(first.database);
    await first.database.close();
    expect(readMark(copy)).toEqual({ last_seq: 0, log_position: 1, rewrite_count: 0, missing_events: 4 });
    const second = await watched(copy);
    expect(second.warnings).toEqual([]);
    await second.database.close();
    clearMissing(copy);
    expect(readMark(copy)).toMatchObject({ log_position: 1, missing_events: 0 });
  });

  test('counts the newest events when only those are missing', async () => {
    const file = freshFile();
    const before = await watched(file);
    for (let n = 0; n < 2; n++) await record(before.database);
    await before.database.close();
    const after = await watched(file);
    for (let n = 0; n < 5; n++) await record(after.database);
    const copy = freshFile();
    copyFileSync(file, copy);
    await after.database.close();
    copyFileSync(`${file}-mark`, `${copy}-mark`);
    const { warnings } = await watched(copy);
    expect(warnings).toEqual([expect.stringMatching(/the newest 5 events .* are missing from .*x\.db: was its -wal file deleted/)]);
  });

  test('does not complain of a log that was rewritten', async () => {
    const file = freshFile();
    const { database } = await watched(file);
    for (let n = 0; n < 5; n++) await record(database);
    await database.close();
    const mark = readFileSync(`${file}-mark`, 'utf8');
    const rewriting = await watched(file);
    await rewriting.database.write(async (trx) => {
      await sql`UPDATE log_state SET rewrite_count = rewrite_count + 1`.execute(trx);
      await sql`UPDATE learner SET log_position = 2`.execute(trx);
    });
    await rewriting.database.close();
    writeFileSync(`${file}-mark`, mark); // killed before it told
    expect((await watched(file)).warnings).toEqual([]);
  });

  test.each(['', 'no json', '{}', '[]', 'null', '{"last_seq":-1,"log_position":"2","rewrite_count":0,"missing_events":0}'])(
    'that holds %j counts as none',
    async (content) => {
      const file = freshFile();
      writeFileSync(`${file}-mark`, content);
      expect(readMark(file)).toBeNull();
      const { database, warnings } = await watched(file);
      await record(database);
      await database.close();
      expect([warnings, readMark(file)?.log_position]).toEqual([[], 1]);
    },
  );
});
