import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureEvent } from '../../capture/events.ts';
import { makeFolder } from '../../store/make-folder.ts';

/**
 * Appends events to a file of the spool. They are there when this returns, whatever happens to the process; a power cut may take the last away.
 * Several processes may append to one file. The line begins with a line end: if another writer was killed halfway, only its line is lost.
 * @param folder see `spoolFolder`; made if missing, for its owner only
 * @throws Error of the file system when nothing, or not all, could be written
 */
export function appendEvents(folder: string, name: string, events: readonly CaptureEvent[]): void {
  if (events.length === 0) return;
  const lines = spoolLines(events);
  // Who collects may have removed the file after it was opened here; what it has taken already it will know again.
  while (!append(folder, name, lines));
}

/** Events as they stand in a file of the spool. */
export function spoolLines(events: readonly CaptureEvent[]): Buffer {
  return Buffer.from(`\n${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
}

/** @returns false: the file had been removed */
function append(folder: string, name: string, lines: Buffer): boolean {
  const file = openSpoolFile(folder, name);
  try {
    const written = writeSync(file, lines);
    if (written < lines.length) throw new Error(`only ${written} of ${lines.length} bytes could be written; is the disk full?`);
    return fstatSync(file).nlink > 0;
  } finally {
    closeSync(file);
  }
}

/** Opens a file of the spool for appending; the folder is made if missing. @returns a file descriptor */
export function openSpoolFile(folder: string, name: string): number {
  const path = join(folder, name);
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    makeFolder(folder);
    return openSync(path, 'a', 0o600);
  }
}
