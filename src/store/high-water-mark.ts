import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import type { StoreLog } from './open-file.ts';

/** How far the log had come, kept beside the database: without its `-wal` file, SQLite opens an older state without a word. */
export interface HighWaterMark {
  /** The newest execution, seq; 0: none. */
  readonly last_seq: number;
  /** The newest event of any kind, place in the log; 0: none. */
  readonly log_position: number;
  /** `log_state.rewrite_count` then: a rewritten log may be shorter. */
  readonly rewrite_count: number;
  /** Events that were found missing when the database was opened, count, in all. */
  readonly missing_events: number;
}

type LogEnd = Omit<HighWaterMark, 'missing_events'>;

/** Milliseconds from a write to the mark that tells of it. */
const DELAY_MS = 2_000;

const LOG_END = `SELECT
  (SELECT coalesce(max(seq), 0) FROM executions) AS last_seq,
  (SELECT coalesce(max(log_position), 0) FROM learner) AS log_position,
  (SELECT rewrite_count FROM log_state) AS rewrite_count`;

/** The mark beside a database; null: there is none, or it cannot be read. */
export function readMark(file: string): HighWaterMark | null {
  try {
    const { last_seq, log_position, rewrite_count, missing_events } = JSON.parse(readFileSync(pathOf(file), 'utf8'));
    const mark = { last_seq, log_position, rewrite_count, missing_events };
    return Object.values(mark).every(isCount) ? mark : null;
  } catch {
    return null;
  }
}

/** Forgets the events that were found missing: a person has been told, or the log was repaired. */
export function clearMissing(file: string): void {
  const mark = readMark(file);
  if (mark !== null) writeMark(file, { ...mark, missing_events: 0 });
}

/** Writes the mark, soon after each write and at the end. Its failures are told once and hinder nothing. */
export class MarkKeeper {
  readonly #file: string;
  readonly #log: StoreLog;
  #timer: NodeJS.Timeout | undefined;
  #is_due = false;
  #has_failed = false;

  constructor(file: string, log: StoreLog) {
    this.#file = file;
    this.#log = log;
  }

  /** Says what is missing at opening, and remembers it for `toolwise doctor`. */
  compare(sqlite: BetterSqlite3.Database): void {
    const mark = readMark(this.#file); // before the database is read, which grows meanwhile
    const end = logEnd(sqlite);
    if (mark === null || end.rewrite_count > mark.rewrite_count || end.log_position >= mark.log_position) return;
    const missing = mark.log_position - end.log_position;
    this.#log.warn(
      end.log_position === 0
        ? `${this.#file} is empty, but a database with ${mark.last_seq} executions was there before: was it moved or deleted?`
        : `the newest ${missing} events (${Math.max(0, mark.last_seq - end.last_seq)} executions) are missing from ${this.#file}: was its -wal file deleted, or the database copied without it?`,
    );
    this.write(sqlite, missing);
  }

  /** Arranges that `tell` is called in two seconds, unless that is arranged already. It may end with {@link MarkKeeper.write}. */
  schedule(tell: () => void): void {
    this.#is_due = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      tell();
    }, DELAY_MS).unref();
  }

  /** Whether a write has not been told of yet. From now on it counts as told. */
  takeDue(): boolean {
    const is_due = this.#is_due;
    this.#is_due = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return is_due;
  }

  write(sqlite: BetterSqlite3.Database, newly_missing = 0): void {
    try {
      const known = readMark(this.#file)?.missing_events ?? 0;
      writeMark(this.#file, { ...logEnd(sqlite), missing_events: known + newly_missing });
    } catch (error) {
      if (!this.#has_failed) this.#log.warn('the mark beside the database could not be written', error);
      this.#has_failed = true;
    }
  }
}

function logEnd(sqlite: BetterSqlite3.Database): LogEnd {
  return sqlite.prepare<[], LogEnd>(LOG_END).get() ?? { last_seq: 0, log_position: 0, rewrite_count: 0 };
}

/** Of several processes that write at once, one wins with a whole mark. */
function writeMark(file: string, mark: HighWaterMark): void {
  const part = `${pathOf(file)}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
    renameSync(part, pathOf(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another process renamed it meanwhile
    rmSync(part, { force: true });
    throw error;
  }
}

function pathOf(file: string): string {
  return `${file}-mark`;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
