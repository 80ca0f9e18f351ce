import { type Stats, statSync } from 'node:fs';
import type { StoreLog } from './open-file.ts';

/** What became of the files under an open database. */
export type FileChange = 'deleted' | 'replaced' | 'log deleted' | 'log replaced';

/** Size of the write-ahead log above which something keeps it from being emptied, bytes. */
export const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Milliseconds between two looks before transactions: a look takes 3 µs, and there are two paths. */
const LOOK_EVERY_MS = 100;

/** Notices that the paths of an open database lead to other files than those that are open: what is written there would be gone. */
export class FileWatch {
  readonly #file: string;
  readonly #wal_path: string;
  readonly #log: StoreLog;
  readonly #main: string | null;
  #wal: string | null;
  #is_wal_long = false;
  #looked_at = Number.NEGATIVE_INFINITY;

  /** Remembers the files as they are now. @param file path of the database that has just been opened */
  constructor(file: string, log: StoreLog) {
    this.#file = file;
    this.#wal_path = `${file}-wal`;
    this.#log = log;
    this.#main = identityOf(file);
    this.#wal = identityOf(this.#wal_path);
  }

  /** null: all as it was a moment ago. To be asked before a transaction. */
  change(): FileChange | null {
    const now = performance.now();
    if (now - this.#looked_at < LOOK_EVERY_MS) return null;
    const change = this.#changeOfFile() ?? this.#changeOfLog();
    if (change === null) this.#looked_at = now;
    return change;
  }

  /** Whether the path no longer leads to the open database. Looks every time: to be asked after a commit, which would then be lost. */
  isMoved(): boolean {
    const is_moved = this.#changeOfFile() !== null;
    if (is_moved) this.#looked_at = Number.NEGATIVE_INFINITY;
    return is_moved;
  }

  #changeOfFile(): FileChange | null {
    const main = identityOf(this.#file);
    if (main === this.#main) return null;
    return main === null ? 'deleted' : 'replaced';
  }

  /** A commit into a log that was deleted can still be saved, so that this may be noticed a little late. */
  #changeOfLog(): FileChange | null {
    const stats = look(this.#wal_path);
    const wal = identity(stats);
    this.#wal ??= wal; // made by the first transaction
    if (wal !== this.#wal) return wal === null ? 'log deleted' : 'log replaced';
    if (stats !== undefined) this.#watchLength(stats.size);
    return null;
  }

  #watchLength(bytes: number): void {
    const is_long = bytes > WAL_LIMIT_BYTES;
    if (is_long && !this.#is_wal_long) {
      const size = `${Math.round(bytes / 1024 / 1024)} MiB`;
      this.#log.warn(
        `${this.#wal_path} has grown to ${size}: some process has been reading the database for long, end it to free the space`,
      );
    }
    this.#is_wal_long = is_long;
  }
}

/** Which file a path leads to now; null: none. */
export function identityOf(path: string): string | null {
  return identity(look(path));
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** An open file keeps its inode number, so no other file can get the same. */
function identity(stats: Stats | undefined): string | null {
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
