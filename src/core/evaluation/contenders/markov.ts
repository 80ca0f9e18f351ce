import type { Decision, LogEvent } from '../../learner/log-event.ts';
import { bestFirst, type Contender } from '../contender.ts';
import { Trails } from '../trails.ts';
import { Popularity } from './popularity.ts';

/** No tool has an empty name, so it stands for the start of an episode. */
const START = '';

/** The tool that most often succeeded right after the session's previous one, order 1; where that says nothing, {@link Popularity}. */
export class Markov implements Contender {
  readonly name = 'markov';
  readonly #trails = new Trails();
  readonly #popularity = new Popularity();
  readonly #followers = new Map<string, Map<string, number>>();

  rank(decision: Decision): string[] {
    const followers = this.#followers.get(this.#trails.stateOf(decision).previous_tool ?? START);
    return bestFirst(this.#popularity.rank(decision), (tool) => followers?.get(tool) ?? 0);
  }

  observe(event: LogEvent): void {
    if (event.kind === 'execution' && event.success) this.#count(this.#trails.find(event.session).previous?.tool ?? START, event.tool);
    this.#trails.observe(event);
    this.#popularity.observe(event);
  }

  #count(previous: string, tool: string): void {
    const followers = this.#followers.get(previous) ?? new Map<string, number>();
    this.#followers.set(previous, followers.set(tool, (followers.get(tool) ?? 0) + 1));
  }
}
