import { Learner } from '../../learner/learner.ts';
import type { Decision, LogEvent } from '../../learner/log-event.ts';
import type { Contender } from '../contender.ts';

export const LEARNED = 'learned';

/** The product's own ranking. */
export class Learned implements Contender {
  readonly name = LEARNED;
  readonly #learner: Learner;

  /** @param seed unsigned 32-bit; decides what is rehearsed */
  constructor(seed: number) {
    this.#learner = new Learner(seed);
  }

  rank(decision: Decision): string[] {
    return this.#learner.rank(decision).map((ranked) => ranked.tool_name);
  }

  observe(event: LogEvent): void {
    this.#learner.observe(event);
  }
}
