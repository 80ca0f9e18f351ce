import type { Hyperparameters } from '../core/hyperparameters.ts';
import { ReplayMemory } from '../core/replay.ts';
import type { Trx } from '../store/database.ts';
import { transitionsAfter } from '../store/transitions.ts';

/** The replay memory of this process: what is in the table, brought up to date only when a batch is drawn. */
export class ReplayCache {
  readonly #hyperparameters: Hyperparameters;
  #memory: ReplayMemory<number> | undefined;
  #newest_seq = 0;

  constructor(hyperparameters: Hyperparameters) {
    this.#hyperparameters = hyperparameters;
  }

  /** Transitions by their seq, those of other processes included. */
  async upToDate(trx: Trx): Promise<ReplayMemory<number>> {
    const transitions = await transitionsAfter(trx, this.#newest_seq);
    this.#memory ??= newMemory(this.#hyperparameters, transitions[0]?.seq ?? 1);
    for (const { seq, priority } of transitions) {
      this.#memory.add(seq, priority);
      this.#newest_seq = seq;
    }
    return this.#memory;
  }

  /** After a rollback, or when stored priorities changed elsewhere: read everything again at the next batch. */
  clear(): void {
    this.#memory = undefined;
    this.#newest_seq = 0;
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
