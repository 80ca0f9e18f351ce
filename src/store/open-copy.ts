import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { StorageError } from '../errors.ts';
import { APPLICATION_ID, foreignFile, migrate, schemaVersion } from './migrations.ts';
import { connect, isOpenHere } from './open-connection.ts';
import { withLog } from './write-ahead-log.ts';

/** Bytes of the file's header that tell how it is written and read (https://sqlite.org/fileformat2.html#file_format_version_numbers). */
const FORMAT_VERSIONS = [18, 19] as const;
const ROLLBACK_FORMAT = 1;
/** The rest of what is looked at in the first page; the table of tables begins after the header. */
const MAGIC = Buffer.from('SQLite format 3\0');
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;
const TREE_KIND_AT = 100;
const LEAF = 13;
const ROWS_AT = 103;
const HEADER_BYTES = 108;
/** A copy takes twice its size in memory for a moment. */
const LARGEST_COPY_BYTES = 1024 * 1024 * 1024;
/** Another process may be writing while the files are read. */
const ATTEMPTS = 5;

/**
 * A copy in memory of a database that SQLite cannot open where it is, with what its write-ahead log holds, at the current schema. Nobody can
 * write to it. Without a file it is empty. @throws StorageError when the file is damaged or another program's, or cannot be read
 */
export function openCopy(file: string): BetterSqlite3.Database {
  const bytes = isEmpty(file) ? null : bytesOf(file);
  const sqlite = connect(bytes ?? ':memory:');
  try {
    schemaVersion(sqlite);
    if (bytes !== null) requireWhole(sqlite);
    migrate(sqlite);
    sqlite.pragma('query_only = ON');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * Looks at a file before SQLite does, which writes back a `-wal` file that lies beside it: another program's must stay as it is. What this
 * process has open already was looked at before. @throws StorageError when it is another program's
 */
export function checkOwnership(file: string): void {
  if (isEmpty(file) || isOpenHere(file)) return;
  const header = headerOf(file);
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return; // SQLite says what is wrong
  const application = header.readUInt32BE(APPLICATION_ID_AT);
  if (application === APPLICATION_ID) return;
  // toolwise's mark, version and first table come into the first page at once.
  const is_fresh = header[TREE_KIND_AT] === LEAF && header.readUInt16BE(ROWS_AT) === 0;
  if (application !== 0 || header.readUInt32BE(USER_VERSION_AT) !== 0 || !is_fresh) throw foreignFile();
  if (isEmpty(`${file}-wal`)) return;
  const sqlite = connect(bytesOf(file));
  try {
    schemaVersion(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Whether nothing was ever stored there. */
export function isEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** @throws StorageError when SQLite finds a damaged page */
export function requireWhole(sqlite: BetterSqlite3.Database): void {
  const found = String(sqlite.pragma('quick_check(1)', { simple: true }));
  if (found !== 'ok') {
    throw new StorageError('corrupt', 'the database file is damaged; nothing was written, run `toolwise doctor`', {
      cause: new Error(found),
    });
  }
}

function headerOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(descriptor, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** What the file would hold if its log were written back, as a database that needs no log. */
function bytesOf(file: string): Buffer {
  const size = statSync(file).size;
  if (size > LARGEST_COPY_BYTES) {
    throw new StorageError(
      'unusable',
      'the database can only be read as a copy in memory, and is too large for that; make its folder writable',
    );
  }
  const bytes = unchangedWhile(file, () => {
    const log = readIfThere(`${file}-wal`);
    return withLog(readFileSync(file), log);
  });
  for (const at of FORMAT_VERSIONS) bytes[at] = ROLLBACK_FORMAT;
  return bytes;
}

function unchangedWhile<T>(file: string, read: () => T): T {
  for (let attempt = 1; ; attempt++) {
    const before = traces(file);
    const found = read();
    if (traces(file) === before || attempt === ATTEMPTS) return found;
  }
}

/** Sizes and times that a write changes. */
function traces(file: string): string {
  return [file, `${file}-wal`]
    .map((path) => {
      const { size = 0, mtimeMs = 0, ino = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return `${ino} ${size} ${mtimeMs}`;
    })
    .join(' ');
}

function readIfThere(path: string): Buffer {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? Buffer.alloc(0) : readFileSync(path);
}
