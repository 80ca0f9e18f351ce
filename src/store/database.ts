import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, type Transaction } from 'kysely';
import { migrate, schemaVersion } from './migrations.ts';
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
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Opens or creates the database and brings its schema up to date.
 * @param file an absolute path, or `:memory:`
 * @throws StorageError when the file cannot be opened, is damaged, or is another program's
 */
export async function openDatabase(file: string): Promise<Database> {
  try {
    const sqlite = await openSqlite(file);
    return database(new Kysely<Tables>({ dialect: sqliteDialect(sqlite) }));
  } catch (error) {
    throw storageError(error);
  }
}

async function openSqlite(file: string): Promise<BetterSqlite3.Database> {
  // Loaded here and not at the top: the native module must not be touched before the Node version has been checked.
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
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
  sqlite.pragma('auto_vacuum = INCREMENTAL');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  sqlite.pragma('cell_size_check = ON');
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
