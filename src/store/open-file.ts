import { accessSync, chmodSync, closeSync, constants, existsSync, lstatSync, openSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { StorageError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './storage-errors.ts';

/** Where the store says what a person should know. The engine's logger is one. */
export interface StoreLog {
  warn(message: string, cause?: unknown): void;
}

/** Permissions of others than the owner. */
const OTHERS = 0o077;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Refuses a path that SQLite would misread, follow or share: relative, empty, with NUL, `file:…`, a symbolic link, a folder or device, and
 * whatever belongs to another user. Touches nothing. @throws StorageError
 */
export function checkPath(file: string): void {
  if (file.trim() === '' || file.includes('\0')) throw unusable('the path of the database is empty or has NUL in it; choose another --db');
  if (/^file:/i.test(file)) throw unusable('the path of the database is a file: address; give a plain path with --db');
  if (!isAbsolute(file)) throw unusable('the path of the database is relative; give an absolute path');
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found !== undefined) checkKind(found);
  if (found !== undefined && isForeign(found))
    throw unusable('the database file belongs to another user; choose another --db, or give the file to this user (chown)');
  const folder = statSync(dirname(file), { throwIfNoEntry: false });
  // Whoever owns the folder can put another file in the place of the database. Root could do that anyway: /tmp is root's.
  if (folder !== undefined && isForeign(folder) && folder.uid !== ROOT) {
    throw unusable('the folder of the database belongs to another user; choose another --db, or give the folder to this user (chown)');
  }
}

function checkKind(found: Stats): void {
  if (found.isSymbolicLink()) throw unusable('the database path is a symbolic link; give the path of the file itself with --db');
  if (found.isDirectory()) throw unusable('the database path is a folder; give the path of a file with --db');
  if (!found.isFile()) throw unusable('the database path is not a file; give the path of a file with --db');
}

/** Warns of a folder in which every user can put another file in the place of the database. */
export function warnOfSharedFolder(file: string, log: StoreLog): void {
  const mode = statSync(dirname(file), { throwIfNoEntry: false })?.mode ?? 0;
  const is_shared = (mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0;
  if (is_shared && !isWindows()) {
    log.warn(`every user of this machine can replace the database: ${dirname(file)} is writable by all; chmod o-w it`);
  }
}

function isForeign({ uid }: Stats): boolean {
  return uid !== (process.geteuid?.() ?? uid); // no user ids on Windows
}

function isWindows(): boolean {
  return process.geteuid === undefined;
}

/**
 * Makes the file, readable by its owner only, unless it exists. @throws StorageError when it cannot be written. It is never opened when it does: closing it would drop the locks that
 * SQLite holds on it in this process (https://sqlite.org/howtocorrupt.html, 2.2).
 */
export function makeFile(file: string): void {
  if (existsSync(file)) {
    requireWritable(file);
    return;
  }
  makeDataFolder(file);
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!existsSync(file)) throw notWritable(error); // else another process has just made it
  }
}

/** SQLite would open it to read, and go on so when it can be written again. */
function requireWritable(file: string): void {
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw notWritable(error);
  }
}

/** Makes the folders of a database, readable by their owner only. @throws StorageError when they cannot be made */
export function makeDataFolder(file: string): void {
  makeFolder(dirname(file));
}

/** Takes the permissions of others away from the database and what SQLite keeps beside it. To be called when the file is known to be ours. */
export function keepPrivate(file: string, log: StoreLog): void {
  if (isWindows()) return;
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & OTHERS) === 0) continue;
    try {
      chmodSync(path, 0o600);
      if (path === file) log.warn(`other users could read ${file} (mode ${(mode & 0o777).toString(8)}); now only its owner can`);
    } catch (error) {
      log.warn(`other users can read ${path} (mode ${(mode & 0o777).toString(8)}), and that could not be changed`, error);
    }
  }
}

function unusable(message: string): StorageError {
  return new StorageError('unusable', message);
}
