import type BetterSqlite3 from 'better-sqlite3';
import { Kysely } from 'kysely';
import { StorageError } from '../errors.ts';
import { type FileChange, FileWatch } from './file-watch.ts';
import { MarkKeeper } from './high-water-mark.ts';
import { type DatabaseOptions, logOf } from './open-connection.ts';
import type { StoreLog } from './open-file.ts';
import { isMendable, type Opened, openAsAsked, openBest } from './open-modes.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { storageError } from './storage-errors.ts';
import type { Tables } from './tables.ts';

/** Milliseconds between two looks of reads whether a file that could not be opened as asked now can. Writes always look. */
const LOOK_AGAIN_MS = 2_000;

const CHANGES: Readonly<Record<FileChange, string>> = {
  deleted: 'was deleted while it was open; a new, empty one takes its place',
  replaced: 'was replaced while it was open; what is there now is used from here on',
  'log deleted': 'lost its -wal file while it was open; what was in it has been written back',
  'log replaced': 'lost its -wal file while it was open, and another process made a new one; run `toolwise doctor`',
};

type Mode = 'read only' | 'read write';

/** The file that a database works on, which may be another one from one transaction to the next. */
export class CurrentFile {
  readonly #file: string;
  readonly #options: DatabaseOptions;
  readonly #log: StoreLog;
  readonly #mark: MarkKeeper;
  readonly #listeners: (() => void)[] = [];
  #opened: Opened;
  #db: Kysely<Tables>;
  #watch: FileWatch;
  #rewrite_count = 0;
  #looked_at = performance.now();

  constructor(file: string, options: DatabaseOptions, opened: Opened) {
    this.#file = file;
    this.#options = options;
    this.#log = logOf(options);
    this.#mark = new MarkKeeper(file, this.#log);
    this.#opened = opened;
    this.#db = this.#uses(opened);
    this.#watch = new FileWatch(file, this.#log);
  }

  get db(): Kysely<Tables> {
    return this.#db;
  }

  get sqlite(): BetterSqlite3.Database {
    return this.#opened.sqlite;
  }

  onRewritten(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * To be called before every transaction, while none runs. A promise only when there is something to wait for: it is nearly always fit.
   * @throws StorageError when the file is not fit for it
   */
  prepare(mode: Mode): Promise<void> | null {
    if (this.#file === ':memory:') return null;
    const { is_live, obstacle } = this.#opened;
    const noticed = is_live ? this.#watch.change() : null;
    const change = noticed === 'deleted' && mode === 'read only' ? null : noticed; // what is open can be read; a write makes a new file
    return change === null && obstacle === null ? null : this.#makeFit(mode, change);
  }

  /** To be called after every commit. @throws StorageError when the file was no longer at its path, so that what was written is gone */
  committed(tell: () => void): void {
    if (this.#file === ':memory:') return;
    if (this.#watch.isMoved()) {
      throw new StorageError('busy', 'the database file was deleted or replaced meanwhile; nothing was recorded, it is safe to call again');
    }
    this.#mark.schedule(tell);
  }

  /** Leaves word beside the database how far its log has come, if something was committed since the last time. */
  tellMark(): void {
    if (this.#mark.takeDue() && this.#opened.is_live && !this.#watch.isMoved()) this.#mark.write(this.sqlite);
  }

  async close(): Promise<void> {
    this.#mark.takeDue();
    await this.#db.destroy();
  }

  async #makeFit(mode: Mode, change: FileChange | null): Promise<void> {
    if (change !== null) await this.#follow(change);
    else await this.#lookAgain(mode);
    if (mode === 'read write' && this.#opened.obstacle !== null) throw this.#opened.obstacle;
  }

  #uses(opened: Opened): Kysely<Tables> {
    const { sqlite, is_live, obstacle } = opened;
    this.#rewrite_count = Number(sqlite.prepare('SELECT rewrite_count FROM log_state').pluck().get());
    if (is_live && obstacle === null && this.#options.read_only !== true && this.#file !== ':memory:') this.#mark.compare(sqlite);
    if (obstacle !== null && this.#options.read_only !== true) {
      this.#log.warn(`${this.#file} cannot be written: toolwise answers from what it holds and records nothing (${obstacle.message})`);
    }
    return new Kysely<Tables>({ dialect: sqliteDialect(sqlite, (rewrite_count) => this.#notice(rewrite_count)) });
  }

  #notice(rewrite_count: number): void {
    if (rewrite_count === this.#rewrite_count) return;
    this.#rewrite_count = rewrite_count;
    for (const listener of this.#listeners) listener();
  }

  async #follow(change: FileChange): Promise<void> {
    if (change === 'log deleted') this.sqlite.pragma('wal_checkpoint(PASSIVE)'); // nobody else can have written: what is committed is saved
    const next = await openBest(this.#file, this.#options);
    this.#log.warn(`${this.#file} ${CHANGES[change]}`);
    await this.#swap(next);
  }

  /** A call that needs to write looks every time; others now and then. */
  async #lookAgain(mode: Mode): Promise<void> {
    const is_time = performance.now() - this.#looked_at > LOOK_AGAIN_MS;
    if (!is_time && (mode === 'read only' || this.#options.read_only === true)) return;
    this.#looked_at = performance.now();
    try {
      const next = await openAsAsked(this.#file, this.#options);
      if (next.obstacle !== null) {
        next.sqlite.close(); // still no database
        return;
      }
      if (this.#options.read_only !== true) this.#log.warn(`${this.#file} can be written again`);
      await this.#swap(next);
    } catch (error) {
      const obstacle = storageError(error);
      if (!isMendable(obstacle, this.#file)) throw obstacle;
      this.#opened = { ...this.#opened, obstacle };
    }
  }

  async #swap(next: Opened): Promise<void> {
    const old = this.#db;
    this.#opened = next;
    this.#db = this.#uses(next);
    this.#watch = new FileWatch(this.#file, this.#log);
    await old.destroy(); // when its file has moved, SQLite leaves the -wal file at this path alone
    for (const listener of this.#listeners) listener();
  }
}
