import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '../errors.ts';

/**
 * Makes a folder and its parents, readable by their owner only. One level at a time: `mkdirSync` with `recursive` never returns where the system
 * answers ENOENT for a parent that exists, as in /proc.
 * @throws StorageError when it cannot be made
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  try {
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if (isFolder(folder)) return; // another process has just made it
    if (cause instanceof StorageError) throw cause;
    throw new StorageError('unusable', 'the folder of the database cannot be made; check --db and the permissions of its parent', {
      cause,
    });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
