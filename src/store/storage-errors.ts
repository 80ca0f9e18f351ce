import { StorageError, UserError } from '../errors.ts';

const SAFE_TO_REPEAT = 'nothing was recorded, it is safe to call again';
const DISK_FULL = 'disk full, not recorded: free some space on the disk of the database, or raise --max-bytes, and call again';
const READ_ONLY = 'read-only: the database cannot be written; nothing was recorded, make the file and its folder writable and call again';
const DAMAGED = 'the database file is damaged; nothing was recorded, run `toolwise doctor`, restore a backup or move the file away';
const NOT_ALLOWED = 'the database file may not be opened; check the permissions of the file and its folder, or choose another --db';
const NO_PLACE = 'the database file cannot be made there; choose another --db';

const KNOWN: readonly (readonly [prefix: string, code: StorageError['code'], message: string])[] = [
  ['SQLITE_BUSY', 'busy', `the database is locked by another process; ${SAFE_TO_REPEAT}`],
  ['SQLITE_PROTOCOL', 'busy', `the database is locked by another process; ${SAFE_TO_REPEAT}`], // a race for the write-ahead log that never ended
  ['SQLITE_FULL', 'full', DISK_FULL],
  ['SQLITE_IOERR_SHM', 'full', DISK_FULL], // no room for the memory that processes share
  ['SQLITE_IOERR_WRITE', 'full', DISK_FULL],
  ['SQLITE_IOERR', 'full', 'the disk could not be read or written; nothing was recorded, check the disk and call again'],
  ['SQLITE_READONLY', 'read_only', READ_ONLY],
  ['SQLITE_CORRUPT', 'corrupt', DAMAGED],
  [
    'SQLITE_NOTADB',
    'corrupt',
    'the file is not a toolwise database, or it is damaged; nothing was written, run `toolwise doctor` or choose another --db',
  ],
  ['SQLITE_CANTOPEN', 'unusable', 'the database file cannot be opened; check that the folder exists and can be written'],
  ['EACCES', 'unusable', NOT_ALLOWED],
  ['EPERM', 'unusable', NOT_ALLOWED],
  ['EROFS', 'read_only', READ_ONLY],
  ['ENOENT', 'unusable', NO_PLACE],
  ['ENOTDIR', 'unusable', NO_PLACE],
  ['ENAMETOOLONG', 'unusable', NO_PLACE],
  ['ELOOP', 'unusable', NO_PLACE],
  ['EISDIR', 'unusable', 'the database path is a folder; give the path of a file with --db'],
  ['ENOSPC', 'full', DISK_FULL],
  ['EDQUOT', 'full', DISK_FULL],
  ['EMFILE', 'busy', `too many files are open on this machine; ${SAFE_TO_REPEAT}`],
];

/** What went wrong in SQLite or the file system as a {@link StorageError} that says what to do; errors of other kinds come back unchanged. */
export function storageError(error: unknown): unknown {
  if (error instanceof UserError || error instanceof StorageError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = KNOWN.find(([prefix]) => code.startsWith(prefix));
  return known === undefined ? error : new StorageError(known[1], known[2], { cause: error });
}

/** The error of a file or folder that cannot be made because its parent may not be written; other errors come back unchanged. */
export function notWritable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EACCES' || code === 'EPERM' ? new StorageError('read_only', READ_ONLY, { cause: error }) : storageError(error);
}

/** Whether nothing can be recorded now, but what is stored can be read: advice can be given, only not remembered. */
export function cannotRecord(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'busy' || error.code === 'full' || error.code === 'read_only');
}
