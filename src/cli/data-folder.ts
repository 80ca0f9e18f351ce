import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError, StorageError } from '../errors.ts';

/** @throws ConfigurationError when the path is a folder or a device: a mistake that can be told before any tool is called */
export function checkDatabaseFile(file: string): void {
  if (file === ':memory:') return;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile())
    throw new ConfigurationError(`--db ${file} is not a file; give the path of a file, or leave it out`);
}

/** Makes the folders of the database, readable only by their owner. @throws StorageError when they cannot be made */
export function makeDataFolder(file: string): void {
  if (file === ':memory:') return;
  try {
    makeFolder(dirname(file));
  } catch (cause) {
    throw new StorageError('unusable', 'the folder of the database cannot be made; check --db and the permissions of its parent', {
      cause,
    });
  }
}

/** One level at a time: `mkdirSync` with `recursive` never returns where the system answers ENOENT for a parent that exists, as in /proc. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another process has just made it
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
