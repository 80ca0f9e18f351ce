import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { copyDatabase } from './backup.ts';
import { CurrentFile } from './current-file.ts';
import { type DatabaseOptions, logOf } from './open-connection.ts';
import { warnOfSharedFolder } from './open-file.ts';
import { openBest } from './open-modes.ts';
import { LOCK_DEADLINE_MS, LockHeld } from './sqlite-dialect.ts';
import { storageError } from './storage-errors.ts';
import type { Tables } from './tables.ts';
import { Turns } from './turns.ts';
import { emptiedLog, findings, tidy } from './upkeep.ts';

/** A transaction (or, for plain reads, the database): what every repository function takes first. */
export type Trx = Kysely<Tables>;
/** Milliseconds of trying to empty the -wal file while others read it, and between two tries. */
const EMPTY_WITHIN_MS = 5_000;
const EMPTY_PAUSE_MS = 20;

type Work<T> = (trx: Transaction<Tables>) => Promise<T>;

/**
 * This process's way to the file. Inside a transaction only the `trx` handed in may be used. A file that cannot be written is read, or a
 * copy of it; that, and a file that was deleted or replaced, is looked at again by later calls.
 */
export interface Database {
  /**
   * All or nothing, alone among writers, in the order of the calls.
   * @param options patience_ms: how long to wait for a lock that others hold; default: ten seconds
   * @throws StorageError when nothing was written
   */
  write<T>(work: Work<T>, options?: { readonly patience_ms?: number }): Promise<T>;
  /** One consistent view of the file; never waits for a writer of another process. */
  read<T>(work: Work<T>): Promise<T>;
  /**
   * Calls `listener` when what was remembered of committed rows is void: the log was rewritten, by any process, or another file took the
   * database's place. Runs at the start of the transaction that notices, before its work.
   */
  onRewritten(listener: () => void): void;
  /** Writes all that is committed into a new file, and checks it. @throws StorageError when `to` exists or cannot be written */
  backup(to: string): Promise<void>;
  /** What SQLite finds damaged, and rows that refer to none: a sentence each; empty: nothing. */
  integrity(): Promise<readonly string[]>;
  /** Brings the planner's statistics up to date and writes the log back as far as nobody reads it. A few ms. */
  checkpoint(): Promise<void>;
  /** Empties the -wal file, so that it holds nothing that was deleted. @returns false when others went on reading it for five seconds */
  emptyLog(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens or creates the database and brings its schema up to date.
 * @param file an absolute path, or `:memory:`
 * @throws StorageError when the path is refused, or the file is damaged, another program's or a newer toolwise's
 */
export async function openDatabase(file: string, options: DatabaseOptions = {}): Promise<Database> {
  const opened = await openBest(file, options);
  if (file !== ':memory:') warnOfSharedFolder(file, logOf(options));
  return new SqliteDatabase(new CurrentFile(file, options, opened));
}

class SqliteDatabase implements Database {
  readonly #file: CurrentFile;
  /** There is one connection. */
  readonly #turns = new Turns();
  /** A write that waits for a lock lets reads pass, but no other write. */
  readonly #writes = new Turns();
  /** When the write lock was first found to be held by others, of those times that have not ended; milliseconds. */
  #locked_since: number | null = null;

  constructor(file: CurrentFile) {
    this.#file = file;
  }

  write<T>(work: Work<T>, { patience_ms = LOCK_DEADLINE_MS }: { readonly patience_ms?: number } = {}): Promise<T> {
    const asked_at = performance.now();
    const hasWaitedTooLong = () => {
      return this.#locked_since !== null && performance.now() - Math.max(asked_at, this.#locked_since) > patience_ms;
    };
    return withStorageErrors(() => this.#writes.take(() => this.#writeUnlocked(work, hasWaitedTooLong), hasWaitedTooLong));
  }

  read<T>(work: Work<T>): Promise<T> {
    return withStorageErrors(() => this.#turns.take(() => this.#transact('read only', work)));
  }

  onRewritten(listener: () => void): void {
    this.#file.onRewritten(listener);
  }

  async backup(to: string): Promise<void> {
    await this.#alone(() => copyDatabase(this.#file.sqlite, to));
  }

  async integrity(): Promise<readonly string[]> {
    return await this.#alone(() => findings(this.#file.sqlite));
  }

  async checkpoint(): Promise<void> {
    await this.#alone(() => tidy(this.#file.sqlite));
  }

  async emptyLog(): Promise<boolean> {
    const deadline = performance.now() + EMPTY_WITHIN_MS;
    for (;;) {
      if (await this.#alone(() => emptiedLog(this.#file.sqlite))) return true;
      if (performance.now() > deadline) return false;
      await sleep(EMPTY_PAUSE_MS);
    }
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      this.#file.tellMark();
      await this.#file.close();
    });
  }

  async #writeUnlocked<T>(work: Work<T>, hasWaitedTooLong: () => boolean): Promise<T> {
    for (;;) {
      try {
        return await this.#turns.take(() => this.#transact('read write', work));
      } catch (error) {
        if (!(error instanceof LockHeld)) throw error;
        this.#locked_since ??= performance.now();
        this.#writes.sendAway(error);
        if (hasWaitedTooLong()) throw error;
      }
    }
  }

  async #transact<T>(mode: 'read only' | 'read write', work: Work<T>): Promise<T> {
    const fitting = this.#file.prepare(mode);
    if (fitting !== null) await fitting;
    const done = await this.#file.db
      .transaction()
      .setAccessMode(mode)
      .execute((trx) => {
        if (mode === 'read write') this.#locked_since = null;
        return work(trx);
      });
    if (mode === 'read write') this.#file.committed(() => void this.#turns.take(async () => this.#file.tellMark()));
    return done;
  }

  async #alone<T>(work: () => T): Promise<T> {
    return await withStorageErrors(() =>
      this.#turns.take(async () => {
        await this.#file.prepare('read only');
        return work();
      }),
    );
  }
}

async function withStorageErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error instanceof LockHeld ? error.cause : error);
  }
}
