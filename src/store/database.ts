import { closeSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, type Transaction } from 'kysely';
import { migrate, requireCurrent, schemaVersion } from './migrations.ts';
import { retryWhileBusy, sqliteDialect } from './sqlite-dialect.ts';
import { storageError } from './storage-errors.ts';
import type { Tables } from './tables.ts';

/** A transaction (or, for plain reads, the database): what every repository function takes first. */
export type Trx = Kysely<Tables>;

/** The one connection of this process to the file. Inside a transaction only the `trx` handed in may be used. */
export interface Database {
  /** All or nothing, alone among writers. Waits up to ten seconds for the lock. */
  write<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** One consistent view of the file; never waits for a writer. */
  read<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Milliseconds SQLite itself sleeps for the lock: short, because it blocks the process meanwhile. */
const BUSY_TIMEOUT_MS = 250;
/** Of a new file. An execution changes a few bytes on each of some twenty pages, and the write-ahead log takes every one whole. */
const PAGE_BYTES = 2048;
/** Size of the write-ahead log that starts a checkpoint. With SQLite's 4 MB one execution in fifty waits for the disk, so one in 300. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Opens or creates the database and brings its schema up to date.
 * @param file an absolute path, or `:memory:`
 * @param mode read_only: the file is not written and not made
 * @throws StorageError when the file cannot be opened, is damaged, or is another program's
 */
export async function openDatabase(file: string, mode: { readonly read_only: boolean } = { read_only: false }): Promise<Database> {
  try {
    const sqlite = mode.read_only ? await openForReading(file) : await openSqlite(file);
    return database(new Kysely<Tables>({ dialect: sqliteDialect(sqlite) }));
  } catch (error) {
    throw storageError(error);
  }
}

/** Leaves the file as it is. One that does not exist or is empty has learned nothing: an empty database in memory stands for it. */
async function openForReading(file: string): Promise<BetterSqlite3.Database> {
  const size = file === ':memory:' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  if (size === 0) return await openSqlite(':memory:');
  const sqlite = new (driver())(file, { timeout: BUSY_TIMEOUT_MS, readonly: true });
  try {
    await retryWhileBusy(() => requireCurrent(sqlite));
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Loaded here and not at the top: the native module must not be touched before the Node version has been checked. */
function driver(): typeof BetterSqlite3 {
  return createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
}

async function openSqlite(file: string): Promise<BetterSqlite3.Database> {
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
  const sqlite = new (driver())(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Every step may meet a lock while other processes open the same new file, and every step may be done twice.
    await retryWhileBusy(() => prepare(sqlite));
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function prepare(sqlite: BetterSqlite3.Database): void {
  schemaVersion(sqlite); // before the first write: another program's file stays as it is
  sqlite.pragma(`page_size = ${PAGE_BYTES}`); // like the next, of no effect on a file that has tables
  sqlite.pragma('auto_vacuum = INCREMENTAL');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  sqlite.pragma('cell_size_check = ON');
  sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_BYTES / Number(sqlite.pragma('page_size', { simple: true }))}`);
  sqlite.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  migrate(sqlite);
}

function database(db: Kysely<Tables>): Database {
  const run = async <T>(accessMode: 'read only' | 'read write', work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> => {
    try {
      return await db.transaction().setAccessMode(accessMode).execute(work);
    } catch (error) {
      throw storageError(error);
    }
  };
  return {
    write: (work) => run('read write', work),
    read: (work) => run('read only', work),
    close: () => db.destroy(),
  };
}
