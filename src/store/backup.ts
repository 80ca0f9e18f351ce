import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { StorageError } from '../errors.ts';
import { schemaVersion } from './migrations.ts';
import { connect } from './open-connection.ts';
import { isEmpty, requireWhole } from './open-copy.ts';

/**
 * Writes all that is committed into a new file that only its owner can read, and checks it. A copy that is cut short never bears the name.
 * @throws StorageError when `to` exists, when the disk is full, or when what was written is damaged
 */
export function copyDatabase(sqlite: BetterSqlite3.Database, to: string): void {
  if (existsSync(to)) throw new StorageError('unusable', 'the backup file exists already; choose another name or remove it');
  const part = `${to}.part`;
  rmSync(part, { force: true });
  try {
    closeSync(openSync(part, 'wx', 0o600)); // VACUUM INTO would make a file that others can read; an empty one it fills
    sqlite.prepare('VACUUM INTO ?').run(part);
    sync(part);
    versionOf(part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * Keeps the file as it is before its schema is changed, as `FILE.v2.backup`; one that is there already and whole stays. To be called with
 * the write lock held on another connection, so that one process does it and nothing is written meanwhile.
 */
export function backUpBeforeUpgrade(file: string, version: number): void {
  const to = `${file}.v${version}.backup`;
  if (isGood(to, version)) return;
  rmSync(to, { force: true });
  const reader = connect(file, { readonly: true });
  try {
    copyDatabase(reader, to);
  } finally {
    reader.close();
  }
}

function isGood(path: string, version: number): boolean {
  try {
    return !isEmpty(path) && versionOf(path) === version;
  } catch {
    return false;
  }
}

/** The schema version of a copy. @throws StorageError when it is damaged */
function versionOf(path: string): number {
  const copy = connect(path, { readonly: true });
  try {
    requireWhole(copy);
    return schemaVersion(copy);
  } finally {
    copy.close();
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
