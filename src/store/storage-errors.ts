import { StorageError, UserError } from '../errors.ts';

const KNOWN: readonly (readonly [prefix: string, code: StorageError['code'], message: string])[] = [
  ['SQLITE_BUSY', 'busy', 'the database was locked by another process for 10 seconds; nothing was recorded, it is safe to call again'],
  ['SQLITE_FULL', 'full', 'the disk or the database quota is full; nothing was recorded, free some space and call again'],
  ['SQLITE_IOERR', 'full', 'the disk could not be read or written; nothing was recorded, check the disk and call again'],
  [
    'SQLITE_READONLY',
    'read_only',
    'the database cannot be written; nothing was recorded, check the permissions of the file and its folder',
  ],
  ['SQLITE_CORRUPT', 'corrupt', 'the database file is damaged; nothing was recorded, restore a backup or move the file away'],
  ['SQLITE_NOTADB', 'corrupt', 'the file is not a toolwise database; nothing was written, choose another --db'],
  ['SQLITE_CANTOPEN', 'unusable', 'the database file cannot be opened; check that the folder exists and can be written'],
  ['EACCES', 'unusable', 'the database file may not be opened; check the permissions of the file and its folder, or choose another --db'],
  ['EPERM', 'unusable', 'the database file may not be opened; check the permissions of the file and its folder, or choose another --db'],
  ['EROFS', 'read_only', 'the database is on a read-only file system; choose another --db, or start with --read-only'],
  ['ENOENT', 'unusable', 'the database file cannot be made there; choose another --db'],
  ['ENOTDIR', 'unusable', 'the database file cannot be made there; choose another --db'],
  ['EISDIR', 'unusable', 'the database path is a folder; give the path of a file with --db'],
  ['ENOSPC', 'full', 'the disk is full; nothing was recorded, free some space and call again'],
  ['EMFILE', 'busy', 'too many files are open on this machine; nothing was recorded, it is safe to call again'],
];

/** What went wrong in SQLite or the file system as a {@link StorageError} that says what to do; errors of other kinds come back unchanged. */
export function storageError(error: unknown): unknown {
  if (error instanceof UserError || error instanceof StorageError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = KNOWN.find(([prefix]) => code.startsWith(prefix));
  return known === undefined ? error : new StorageError(known[1], known[2], { cause: error });
}
