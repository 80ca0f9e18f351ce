import { setTimeout as sleep } from 'node:timers/promises';
import { StorageError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { snapshotPosition } from '../store/learner-snapshots.ts';
import { pruneOldest, readUsage, releasePages, type Usage } from '../store/pruning.ts';
import type { LearnerCache } from './learner-cache.ts';
import { SNAPSHOT_FORMAT } from './learner-snapshot.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';

/** Once over a limit, rows go until this share of it is left: else every call would remove one. */
const LOW_WATER = 0.95;
/** However small the limits: a call that was just recorded can still be rated. */
const FEWEST_EXECUTIONS = 100;
/** Rows a transaction removes, and executions among them. */
const ROWS_A_BATCH = 500;
const EXECUTIONS_A_BATCH = 50;
/** Milliseconds of removing at once, of giving pages back, and of leaving the database to others. */
const PRUNE_MS = 5;
const RELEASE_MS = 3;
const PAUSE_MS = 10;
const PAGES_A_TURN = 250;
/** Milliseconds of removing at the end of the process. */
const CLOSE_MS = 100;
/** A call of another process goes first: the next commit tries again. */
const IMPATIENT = Object.freeze({ patience_ms: 50 });
/** Commits between two looks at how much there is. */
const MOST_COMMITS_BETWEEN = 20;

const LEARNED_IS_LARGER =
  'the database is larger than --max-bytes though no old call is left to remove: the rest is what was learned; give it more';

export interface RetentionOptions {
  readonly database: Database;
  readonly learner: LearnerCache;
  readonly settings: Pick<Settings, 'max_executions' | 'max_bytes' | 'read_only'>;
  readonly log: Logger;
}

/**
 * Keeps the log within its limits: after a commit, a little at a time, so that no call waits for it. The oldest executions and what belongs to them
 * go; what they taught stays, and nothing goes that the stored learner does not know.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #commits_between: number;
  #commits = 0;
  #is_pruning = false;
  #running: Promise<void> | undefined;
  #is_closed = false;
  #has_warned = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#commits_between = Math.min(MOST_COMMITS_BETWEEN, Math.floor(options.settings.max_executions / 100));
  }

  /** To be called after each commit; returns at once. */
  schedule(): void {
    if (this.#options.settings.read_only || this.#is_closed || this.#running !== undefined) return;
    this.#commits += 1;
    // The first commit looks, too: a limit may have been lowered.
    if (!this.#is_pruning && this.#commits % this.#commits_between !== 1 % this.#commits_between) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Finishes what was begun, within a moment; what is left then is removed after the next start. */
  async close(): Promise<void> {
    if (this.#is_closed) return;
    this.#is_closed = true;
    await this.#running;
    const deadline = performance.now() + CLOSE_MS;
    while (this.#is_pruning && performance.now() < deadline) await this.#safeTurn();
  }

  async #run(): Promise<void> {
    await this.#safeTurn();
    while (this.#is_pruning && !this.#is_closed) {
      await sleep(PAUSE_MS, undefined, { ref: false });
      await this.#safeTurn();
    }
  }

  async #safeTurn(): Promise<void> {
    try {
      await this.#turn();
    } catch (error) {
      this.#is_pruning = false;
      this.#warnOnce('old rows could not be removed; a later call tries again', error);
    }
  }

  async #turn(): Promise<void> {
    const { database, settings } = this.#options;
    const share = this.#is_pruning ? LOW_WATER : 1;
    const usage = await database.read(readUsage);
    if (this.#excess(usage, share) === 0) {
      this.#is_pruning = false;
      if (usage.bytes > settings.max_bytes) this.#warnOnce(LEARNED_IS_LARGER);
      return;
    }
    this.#is_pruning = await this.#prune();
    const deadline = performance.now() + RELEASE_MS;
    await database.write((trx) => releasePages(trx, PAGES_A_TURN, () => performance.now() > deadline), IMPATIENT);
  }

  /** @returns whether there is more to remove */
  async #prune(): Promise<boolean> {
    const deadline = performance.now() + PRUNE_MS;
    do {
      const rows = await this.#batch();
      if (rows === 'done') return false;
      if (rows === 0) return await this.#isUnblocked();
    } while (performance.now() < deadline);
    return true;
  }

  /** One transaction. @returns rows removed; done: the log is within its limits */
  async #batch(): Promise<number | 'done'> {
    return await this.#options.database.write(async (trx) => {
      const excess = this.#excess(await readUsage(trx), LOW_WATER); // another process may have been faster
      const { rows } = await pruneOldest(trx, {
        executions: Math.min(excess, EXECUTIONS_A_BATCH),
        rows: ROWS_A_BATCH,
        known_position: await snapshotPosition(trx, SNAPSHOT_FORMAT),
      });
      return excess === 0 ? 'done' : rows;
    }, IMPATIENT);
  }

  /** Executions to remove, count; with too many bytes as many as one batch takes. */
  #excess({ executions, bytes }: Usage, share: number): number {
    const { max_executions, max_bytes } = this.#options.settings;
    const removable = Math.max(0, executions - FEWEST_EXECUTIONS * share);
    const too_many = executions - Math.floor(max_executions * share);
    const excess = bytes > max_bytes * share ? EXECUTIONS_A_BATCH : too_many;
    return Math.max(0, Math.min(Math.ceil(removable), excess));
  }

  /** Nothing may go: the stored learner is too old, or all that is left is new. @returns whether the next turn should try again */
  async #isUnblocked(): Promise<boolean> {
    const { database, learner } = this.#options;
    const before = await database.read((trx) => snapshotPosition(trx, SNAPSHOT_FORMAT));
    await learner.keep();
    return (await database.read((trx) => snapshotPosition(trx, SNAPSHOT_FORMAT))) > before;
  }

  #warnOnce(message: string, error?: unknown): void {
    const isBusy = error instanceof StorageError && error.code === 'busy';
    if (this.#has_warned || isBusy) return;
    this.#has_warned = true;
    this.#options.log.warn(message, error);
  }
}
