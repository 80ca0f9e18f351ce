import { setTimeout as sleep } from 'node:timers/promises';
import type { Learner } from '../core/learner/learner.ts';
import type { Database, Trx } from '../store/database.ts';
import { logPosition } from '../store/learner-snapshots.ts';
import { eventsAfter, type PlacedEvent, ToolNames } from '../store/log-events.ts';
import { isBehindPruning } from '../store/pruning.ts';
import { LearnerSnapshots, SNAPSHOT_FORMAT, type SnapshotOptions } from './learner-snapshot.ts';
import { LearningProgress } from './learning-progress.ts';
import type { Logger } from './logger.ts';
import { politely } from './politely.ts';
import { WhenQuiet } from './when-quiet.ts';

/** Events read at once. */
const PAGE = 500;
/** Newer events that a decision learns from inside its own transaction; more are learned from before it, without the lock. */
const MOST_IN_A_DECISION = 100;
/** Events after a snapshot that are worth the next: while serving, while catching up with a long log, and at the end. */
const SNAPSHOT_INTERVAL = 1_000;
const SNAPSHOT_INTERVAL_BEHIND = 20_000;
const SNAPSHOT_INTERVAL_AT_CLOSE = 100;
/** Milliseconds of learning before a snapshot that retention waits for. */
const KEEP_WITHIN_MS = 500;

/** Commits that may wait for a quiet moment to be learned from. */
const MOST_UNLEARNED = 1_000;

type Transact = <T>(work: (trx: Trx) => Promise<T>) => Promise<T>;

/**
 * The learner of this process: a snapshot and the events after it, whoever wrote them. It learns from committed rows only, and always from
 * the rows, so that a restart, another process and a replay come to the same weights.
 */
export class LearnerCache {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #snapshots: LearnerSnapshots;
  /** Filled from committed rows only. */
  #names = new ToolNames();
  /** The last event learned from. Each is learned from once, whichever of the readers comes to it first. */
  #position = 0;
  #loading: Promise<Learner> | undefined;
  /** The learner that follows the log; undefined: none is loaded, or the log was rewritten and it must be loaded anew. */
  #current: Learner | undefined;
  /** Where the stored learner was taken over already: it knows no more. */
  #lost_at: number | undefined;
  #catching_up: Promise<void> | undefined;
  readonly #when_quiet = new WhenQuiet(() => this.#catchUpLater(), MOST_UNLEARNED);
  #is_closed = false;

  constructor(database: Database, options: SnapshotOptions) {
    this.#database = database;
    this.#log = options.log;
    this.#snapshots = new LearnerSnapshots(database, options);
  }

  /**
   * Runs `work` in one transaction with a learner that has seen all that was committed before it.
   * @param transact runs one transaction; `work` is its only user, and it may be called again before `work` has run
   */
  async decide<T>(transact: Transact, work: (trx: Trx, learner: Learner) => Promise<T>): Promise<T> {
    for (;;) {
      const learner = await this.#loaded();
      const decided = await transact(async (trx) => ((await this.#follow(trx, learner)) ? { answer: await work(trx, learner) } : null));
      if (decided !== null) return decided.answer;
      await this.catchUp();
    }
  }

  /** Learns from what was just committed once nobody calls for a moment, so that the next decision need not wait for it. */
  schedule(): void {
    if (this.#is_closed) return;
    if (!this.#snapshots.isSeedStored) this.clear(); // now it can be
    this.#when_quiet.ask();
  }

  #catchUpLater(): void {
    this.catchUp().catch((error: unknown) => {
      if (!this.#is_closed) this.#log.warn('what was recorded could not be learned from; the next recommendation tries again', error);
    });
  }

  /** Learns from every event that is committed now, in slices; then stores a snapshot if one is due. */
  catchUp(): Promise<void> {
    this.#catching_up ??= this.#catchUp().finally(() => {
      this.#catching_up = undefined;
    });
    return this.#catching_up;
  }

  /** Learns for a moment and stores a snapshot of what is known then, so that the rows it was learned from may go. */
  async keep(): Promise<void> {
    await Promise.race([this.catchUp(), sleep(KEEP_WITHIN_MS, undefined, { ref: false })]);
    const learner = this.#current;
    const isCurrent = () => this.#current === learner;
    if (learner !== undefined && !this.#is_closed) await this.#snapshots.store(learner, () => this.#position, { interval: 1, isCurrent });
  }

  /** After the log was rewritten: the next to need it loads it again. */
  clear(): void {
    this.#loading = undefined;
    this.#current = undefined;
    this.#position = 0;
    this.#names = new ToolNames();
    this.#snapshots.clear();
  }

  /** Ends learning; what was learned since the last snapshot is stored when it is worth it. */
  async close(): Promise<void> {
    this.#is_closed = true;
    this.#when_quiet.cancel();
    await this.#catching_up?.catch(() => undefined);
    const learner = await this.#loading?.catch(() => undefined);
    const is_due = this.#snapshots.isDue(this.#position, SNAPSHOT_INTERVAL_AT_CLOSE);
    if (learner !== undefined && is_due) await this.#snapshots.storeNow(learner, this.#position, () => this.#current === learner);
  }

  #loaded(): Promise<Learner> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** A load that `clear` overtook gives way to the next: what it read may be gone from the log. */
  #load(): Promise<Learner> {
    const loading: Promise<Learner> = this.#snapshots.load().then(
      ({ learner, position }) => (this.#loading === loading ? this.#follows(learner, position) : this.#loaded()),
      (error: unknown) => {
        if (this.#loading === loading) this.#loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  #follows(learner: Learner, position: number): Learner {
    this.#position = position;
    this.#current = learner;
    this.#snapshots.took(position);
    return learner;
  }

  /** Brings the learner up to the transaction's view, in a transaction that has written nothing yet. false: it is too far behind. */
  async #follow(trx: Trx, learner: Learner): Promise<boolean> {
    if (this.#current !== learner) return false;
    const head = await logPosition(trx);
    if (head <= this.#position) return true;
    if (await this.#lostEvents(trx)) return false;
    const events = await eventsAfter(trx, this.#position, MOST_IN_A_DECISION + 1, this.#names);
    if (events.length > MOST_IN_A_DECISION) return false;
    for (const event of events) this.#learn(learner, event);
    this.#position = Math.max(this.#position, head);
    return true;
  }

  async #catchUp(): Promise<void> {
    const progress = new LearningProgress(this.#log);
    while (!this.#is_closed) {
      const learner = await this.#loaded();
      const { head, events } = await this.#database.read((trx) => this.#page(trx));
      await this.#learnInSlices(learner, events);
      if (this.#current !== learner) continue; // the log was rewritten meanwhile
      progress.tell(this.#position, head);
      const is_last = events.length < PAGE;
      if (is_last && !this.#is_closed) this.#position = Math.max(this.#position, head);
      const interval = is_last ? SNAPSHOT_INTERVAL : SNAPSHOT_INTERVAL_BEHIND;
      if (this.#snapshots.isDue(this.#position, interval))
        await this.#snapshots.store(learner, () => this.#position, { interval, isCurrent: () => this.#current === learner });
      if (is_last) return;
    }
  }

  async #page(trx: Trx): Promise<{ readonly head: number; readonly events: readonly PlacedEvent[] }> {
    const head = await logPosition(trx);
    const is_behind = head > this.#position && !(await this.#lostEvents(trx));
    return { head, events: is_behind ? await eventsAfter(trx, this.#position, PAGE, this.#names) : [] };
  }

  /** While this process slept, retention removed events that it has not learned from: then it takes over the stored learner, which has. */
  async #lostEvents(trx: Trx): Promise<boolean> {
    if (this.#position === this.#lost_at || !(await isBehindPruning(trx, this.#position, SNAPSHOT_FORMAT))) return false;
    this.#lost_at = this.#position;
    this.clear();
    return true;
  }

  async #learnInSlices(learner: Learner, events: readonly PlacedEvent[]): Promise<void> {
    const pause = politely();
    for (const event of events) {
      if (this.#is_closed || this.#current !== learner) return;
      this.#learn(learner, event);
      await pause();
    }
  }

  #learn(learner: Learner, { position, event }: PlacedEvent): void {
    if (position <= this.#position) return;
    this.#position = position;
    learner.observe(event);
  }
}
