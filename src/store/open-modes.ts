import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { StorageError } from '../errors.ts';
import { backUpBeforeUpgrade } from './backup.ts';
import { migrate, requireCurrent, schemaVersion } from './migrations.ts';
import { configure, connect, type DatabaseOptions, logOf, requireSafeSqlite, sqliteVersion } from './open-connection.ts';
import { checkOwnership, isEmpty, openCopy, requireWhole } from './open-copy.ts';
import { checkPath, keepPrivate, makeFile } from './open-file.ts';
import { retryWhileBusy } from './sqlite-dialect.ts';
import { storageError } from './storage-errors.ts';

/** A database as it could be opened. */
export interface Opened {
  readonly sqlite: BetterSqlite3.Database;
  /** The file itself is open; false: a copy in memory, which is empty when there is no file. */
  readonly is_live: boolean;
  /** Why it is not open in the way that was asked for; null: it is. */
  readonly obstacle: StorageError | null;
}

/** Largest file that is checked after a process ended without closing it: 10 ms of looking. */
const LARGEST_CHECKED_BYTES = 16 * 1024 * 1024;

const NOTHING_STORED = new StorageError('read_only', 'there is no database yet, and this process makes none');

/**
 * Opens the file as the options ask, or else as well as can be: to read it, or a copy of it.
 * @throws StorageError when the file is damaged, another program's or a newer toolwise's, or when its path is refused
 */
export async function openBest(file: string, options: DatabaseOptions): Promise<Opened> {
  try {
    return await openAsAsked(file, options);
  } catch (error) {
    const obstacle = storageError(error);
    if (!isMendable(obstacle, file)) throw obstacle;
    return (await openToRead(file, obstacle)) ?? { sqlite: openCopy(file), is_live: false, obstacle };
  }
}

/** @throws StorageError or the driver's error when it cannot be opened in just this way */
export async function openAsAsked(file: string, options: DatabaseOptions): Promise<Opened> {
  if (file === ':memory:') return { sqlite: await openPrepared(file, options), is_live: true, obstacle: null };
  checkPath(file);
  if (options.read_only !== true) return { sqlite: await openToWrite(file, options), is_live: true, obstacle: null };
  if (isEmpty(file)) return { sqlite: openCopy(file), is_live: false, obstacle: NOTHING_STORED };
  checkOwnership(file);
  return { sqlite: await openReader(file), is_live: true, obstacle: null };
}

/** Whether time or a person at the disk may mend it, so that toolwise goes on with what can be read. */
export function isMendable(error: unknown, file: string): error is StorageError {
  if (!(error instanceof StorageError)) return false;
  if (error.code === 'full' || error.code === 'read_only') return true;
  return codeOf(error.cause) === 'SQLITE_CANTOPEN' && !isEmpty(file);
}

async function openToWrite(file: string, options: DatabaseOptions): Promise<BetterSqlite3.Database> {
  makeFile(file);
  checkOwnership(file);
  const is_unclean = !isEmpty(`${file}-wal`);
  const sqlite = await openPrepared(file, options);
  try {
    if (is_unclean && statSync(file).size <= LARGEST_CHECKED_BYTES) requireWhole(sqlite);
    keepPrivate(file, logOf(options));
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Every step may meet a lock while other processes open the same new file, and every step may be done twice. */
function openPrepared(file: string, options: DatabaseOptions): Promise<BetterSqlite3.Database> {
  return opened(file, false, (sqlite) => {
    requireSafeSqlite(sqliteVersion(sqlite));
    const version = schemaVersion(sqlite); // before the first write: another program's file stays as it is
    configure(sqlite, version === 0, options);
    migrate(sqlite, (version) => backUpBeforeUpgrade(file, version));
  });
}

function openReader(file: string): Promise<BetterSqlite3.Database> {
  return opened(file, true, (sqlite) => {
    requireCurrent(sqlite);
    sqlite.pragma('trusted_schema = OFF');
    sqlite.pragma('cell_size_check = ON');
    sqlite.pragma('mmap_size = 0');
  });
}

/** null: it can be read only as a copy. */
async function openToRead(file: string, obstacle: StorageError): Promise<Opened | null> {
  if (isEmpty(file)) return null;
  try {
    return { sqlite: await openReader(file), is_live: true, obstacle };
  } catch {
    return null;
  }
}

async function opened(file: string, readonly: boolean, prepare: (sqlite: BetterSqlite3.Database) => void): Promise<BetterSqlite3.Database> {
  const sqlite = connect(file, { readonly });
  try {
    await retryWhileBusy(() => prepare(sqlite));
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
