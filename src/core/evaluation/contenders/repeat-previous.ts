import type { Decision, LogEvent } from '../../learner/log-event.ts';
import { bestFirst, type Contender } from '../contender.ts';
import { Trails } from '../trails.ts';
import { Popularity } from './popularity.ts';

/** The session's previous tool once more, then the others by {@link Popularity}. */
export class RepeatPrevious implements Contender {
  readonly name = 'repeat previous';
  readonly #trails = new Trails();
  readonly #popularity = new Popularity();

  rank(decision: Decision): string[] {
    const { previous_tool } = this.#trails.stateOf(decision);
    return bestFirst(this.#popularity.rank(decision), (tool) => Number(tool === previous_tool));
  }

  observe(event: LogEvent): void {
    this.#trails.observe(event);
    this.#popularity.observe(event);
  }
}
