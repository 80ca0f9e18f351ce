import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withLog } from '../../src/store/write-ahead-log.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const folder = temporaryDirectory();
const file = join(folder, 'live.db');
const COPY = join(folder, 'copy.db');
let live: Sqlite.Database;

/** Rows of several transactions, of which the log has only the later ones, and a vacuum that makes the file shorter. */
beforeAll(() => {
  live = new Sqlite(file);
  live.pragma('page_size = 1024');
  live.pragma('auto_vacuum = INCREMENTAL');
  live.pragma('journal_mode = WAL');
  live.pragma('wal_autocheckpoint = 0');
  live.exec('CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT)');
  const add = live.prepare('INSERT INTO t (v) VALUES (?)');
  for (let n = 0; n < 300; n++) add.run(`before ${n}`.repeat(20));
  live.pragma('wal_checkpoint(TRUNCATE)');
  for (let n = 0; n < 60; n++) add.run(`after ${n}`.repeat(20));
  live.exec('DELETE FROM t WHERE k BETWEEN 50 AND 280; PRAGMA incremental_vacuum');
  for (let n = 0; n < 20; n++) add.run(`last ${n}`.repeat(20));
});
afterAll(() => void live.close());

function rowsOf(sqlite: Sqlite.Database): unknown {
  try {
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    return sqlite.prepare('SELECT k, v FROM t ORDER BY k').all();
  } finally {
    sqlite.close();
  }
}

function read(main: Buffer, log: Buffer): unknown {
  const bytes = withLog(main, log);
  bytes[18] = 1;
  bytes[19] = 1;
  return rowsOf(new Sqlite(bytes));
}

/** What SQLite itself makes of a copy whose log is changed so. */
function recovered(change: (log: string) => void): unknown {
  copyFileSync(file, COPY);
  copyFileSync(`${file}-wal`, `${COPY}-wal`);
  change(`${COPY}-wal`);
  return rowsOf(new Sqlite(COPY));
}

describe('a database read with its write-ahead log', () => {
  test('is what SQLite sees', () => {
    const rows = read(readFileSync(file), readFileSync(`${file}-wal`));
    expect(rows).toEqual(live.prepare('SELECT k, v FROM t ORDER BY k').all());
    expect(rows).not.toEqual(read(readFileSync(file), Buffer.alloc(0)));
  });

  test('is what SQLite recovers, wherever the log is cut', () => {
    const log = readFileSync(`${file}-wal`);
    const property = fc.property(fc.nat(log.length), (length) => {
      expect(read(readFileSync(file), log.subarray(0, length))).toEqual(recovered((path) => truncateSync(path, length)));
    });
    fc.assert(property, { numRuns: 40, examples: [[0], [31], [32], [32 + 24 + 1024], [log.length - 1]] });
    expect(existsSync(`${COPY}-wal`)).toBe(false);
  });

  test('is what SQLite recovers, wherever a bit of the log is flipped', () => {
    const log = readFileSync(`${file}-wal`);
    const property = fc.property(fc.nat(log.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(log);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      expect(read(readFileSync(file), flipped)).toEqual(recovered((path) => writeFileSync(path, flipped)));
    });
    fc.assert(property, {
      numRuns: 40,
      examples: [
        [8, 0],
        [3, 0],
        [17, 3],
      ],
    });
  });

  test('leaves the bytes it was given alone', () => {
    const main = readFileSync(file);
    const before = Buffer.from(main);
    withLog(main, readFileSync(`${file}-wal`));
    expect(main.equals(before)).toBe(true);
  });
});
