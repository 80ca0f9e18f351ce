import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { StorageError } from '../errors.ts';
import { identityOf, WAL_LIMIT_BYTES } from './file-watch.ts';
import type { StoreLog } from './open-file.ts';

/** How a database is to be opened. */
export interface DatabaseOptions {
  /** The file is not written and not made. */
  readonly read_only?: boolean;
  /** What a commit survives: the end of the process (`normal`), or a power cut, too (`full`). Default: normal. */
  readonly durability?: 'normal' | 'full';
  /** Size that retention keeps the database under, bytes; it cannot grow much beyond it. Default: no limit. */
  readonly max_bytes?: number;
  readonly log?: StoreLog;
}

/** Milliseconds SQLite itself sleeps for the lock: short, because it blocks the process meanwhile. */
const BUSY_TIMEOUT_MS = 50;
/** Of a new file. An execution changes a few bytes on each of some twenty pages, and the write-ahead log takes every one whole. */
const PAGE_BYTES = 2048;
/** Size of the write-ahead log that starts a checkpoint. With SQLite's 4 MB one execution in fifty waits for the disk, so one in 300. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** Retention runs after the commit that went over the limit, and beside other processes. */
const BYTES_OVER_LIMIT = 64 * 1024 * 1024;
/** The first without the race in which a checkpoint loses a commit of another process (https://sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

const SILENT: StoreLog = Object.freeze({ warn: () => {} });

export function logOf({ log }: DatabaseOptions): StoreLog {
  return log ?? SILENT;
}

/** Loaded here and not at the top: the native module must not be touched before the Node version has been checked. */
function driver(): typeof BetterSqlite3 {
  return createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
}

/** What this process has open, with the file that it was. */
const CONNECTIONS = new Map<BetterSqlite3.Database, string | null>();

/** @param source a path, `:memory:`, or the bytes of a database, which are copied into memory */
export function connect(source: string | Buffer, { readonly = false }: { readonly readonly?: boolean } = {}): BetterSqlite3.Database {
  const sqlite = new (driver())(source, { timeout: BUSY_TIMEOUT_MS, readonly });
  for (const known of CONNECTIONS.keys()) if (!known.open) CONNECTIONS.delete(known);
  if (typeof source === 'string') CONNECTIONS.set(sqlite, identityOf(source));
  return sqlite;
}

/**
 * Whether SQLite has this file open in this process. Whoever opens it then otherwise and closes it drops the locks that SQLite holds
 * (https://sqlite.org/howtocorrupt.html, 2.2).
 */
export function isOpenHere(file: string): boolean {
  const identity = identityOf(file);
  return identity !== null && [...CONNECTIONS].some(([sqlite, of]) => sqlite.open && of === identity);
}

/**
 * Sets what holds for the file and for this connection. Another program's file must not get here: it may be written.
 * @param is_new nothing is stored yet: only then can the layout be chosen, and choosing takes the write lock
 */
export function configure(sqlite: BetterSqlite3.Database, is_new: boolean, options: DatabaseOptions): void {
  if (is_new) sqlite.pragma(`page_size = ${PAGE_BYTES}`);
  if (is_new) sqlite.pragma('auto_vacuum = INCREMENTAL');
  if (!sqlite.memory) setJournal(sqlite, options);
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  sqlite.pragma('cell_size_check = ON');
  sqlite.pragma('secure_delete = ON'); // what is deleted, or grows out of its place, is overwritten: it may be forgotten later
  sqlite.pragma('mmap_size = 0');
  const page_bytes = Number(sqlite.pragma('page_size', { simple: true }));
  sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_BYTES / page_bytes}`);
  sqlite.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  if (options.max_bytes !== undefined) {
    sqlite.pragma(`max_page_count = ${Math.ceil((options.max_bytes + BYTES_OVER_LIMIT) / page_bytes)}`);
  }
}

/** Write-ahead logging needs memory that processes share, which some file systems cannot give: SQLite then stays with what it had. */
export function setJournal(sqlite: BetterSqlite3.Database, { durability, log }: DatabaseOptions): void {
  const mode = sqlite.pragma('journal_mode = WAL', { simple: true });
  if (mode === 'wal') {
    sqlite.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    return;
  }
  sqlite.pragma('journal_mode = DELETE');
  sqlite.pragma('synchronous = FULL');
  log?.warn('the database is on a network or odd file system: not safe for several processes; choose a --db on a local disk');
}

/** @throws StorageError when this SQLite may lose commits of processes that share a file */
export function requireSafeSqlite(version: string): void {
  const parts = version.split('.').map(Number);
  const differing = OLDEST_SQLITE.findIndex((part, at) => (parts[at] ?? 0) !== part);
  if (differing < 0 || (parts[differing] ?? 0) > (OLDEST_SQLITE[differing] ?? 0)) return;
  throw new StorageError(
    'unusable',
    `SQLite ${version} can lose what other processes record; toolwise needs ${OLDEST_SQLITE.join('.')} or later: install toolwise again, with better-sqlite3 12.8 or later`,
  );
}

export function sqliteVersion(sqlite: BetterSqlite3.Database): string {
  return String(sqlite.prepare('SELECT sqlite_version()').pluck().get());
}
