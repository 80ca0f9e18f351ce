import type { Hyperparameters } from '../core/hyperparameters.ts';
import { ReplayMemory } from '../core/replay.ts';
import type { Trx } from '../store/database.ts';
import { ensureSeed } from '../store/learner-snapshots.ts';
import { latestPriorityMark, oldestTransition, type PriorityMark, prioritiesAfter, transitionsAfter } from '../store/transitions.ts';

/**
 * The replay memory of this process: always what is in the table, so that the same log and seed give the same batches whichever process
 * runs them. It is brought up to date only when a batch is drawn.
 */
export class ReplayCache {
  readonly #hyperparameters: Hyperparameters;
  #memory: ReplayMemory<number> | undefined;
  #newest_seq = 0;
  #mark: PriorityMark = { batch: 0, feedback_seq: 0 };
  #seed: number | undefined;

  constructor(hyperparameters: Hyperparameters) {
    this.#hyperparameters = hyperparameters;
  }

  /** The seed of the draws: the database's, which the first one stores. */
  async seed(trx: Trx, first: number): Promise<number> {
    this.#seed ??= await ensureSeed(trx, first);
    return this.#seed;
  }

  /** Transitions by their seq, with the priorities that other processes gave them. */
  async upToDate(trx: Trx): Promise<ReplayMemory<number>> {
    if (this.#memory !== undefined) await this.#follow(trx);
    if (this.#memory !== undefined && (await oldestTransition(trx)) > this.#oldestSeq()) this.clear(); // retention removed the others
    if (this.#memory === undefined) this.#mark = await latestPriorityMark(trx);
    const transitions = await transitionsAfter(trx, this.#newest_seq);
    this.#memory ??= newMemory(this.#hyperparameters, transitions[0]?.seq ?? 1);
    for (const { seq, priority } of transitions) {
      this.#memory.add(seq, priority);
      this.#newest_seq = seq;
    }
    return this.#memory;
  }

  /** After a rollback, or when the log was rewritten: read everything again at the next batch. */
  clear(): void {
    this.#memory = undefined;
    this.#newest_seq = 0;
    this.#seed = undefined;
  }

  /** Takes over the priorities that changed since the last look. */
  async #follow(trx: Trx): Promise<void> {
    const later = await prioritiesAfter(trx, this.#mark);
    if (later === null) {
      this.clear();
      return;
    }
    this.#mark = later.mark;
    const oldest_seq = this.#oldestSeq();
    for (const { seq, priority } of later.changed) this.#memory?.setPriority(seq - oldest_seq, priority);
  }

  #oldestSeq(): number {
    return this.#newest_seq - (this.#memory?.length ?? 0) + 1;
  }
}

/** The slot follows from the seq, so that a restarted process draws what the old one would have drawn. */
function newMemory(h: Hyperparameters, first_seq: number): ReplayMemory<number> {
  return new ReplayMemory<number>({
    capacity: h.replay_capacity,
    priority_exponent: h.replay_priority_exponent,
    importance_exponent: h.replay_importance_exponent,
    first_slot: first_seq - 1,
  });
}
