import { closeSync, fstatSync, writeSync } from 'node:fs';
import type { CaptureEvent } from '../../capture/events.ts';
import { openSpoolFile, spoolLines } from '../spool/append.ts';

/** A file of the spool that one process appends to all the time: held open, since a client waits for each append. Otherwise as `appendEvents`. */
export class SpoolFile {
  readonly #folder: string;
  readonly #name: string;
  #file: number | null = null;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** The events are there when this returns, whatever happens to the process. @throws Error of the file system when not all could be written */
  append(events: readonly CaptureEvent[]): void {
    const lines = spoolLines(events);
    // Somebody may have removed the file, or the whole folder.
    while (!this.#append(lines));
  }

  #append(lines: Buffer): boolean {
    this.#file ??= openSpoolFile(this.#folder, this.#name);
    const written = writeSync(this.#file, lines);
    if (written < lines.length) throw new Error(`only ${written} of ${lines.length} bytes could be written; is the disk full?`);
    if (fstatSync(this.#file).nlink > 0) return true;
    closeSync(this.#file);
    this.#file = null;
    return false;
  }
}
