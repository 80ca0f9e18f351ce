import type { Decision, LogEvent } from '../../learner/log-event.ts';
import { bestFirst, type Contender } from '../contender.ts';

/** The tool that was most often called with success, whatever is asked. */
export class Popularity implements Contender {
  readonly name = 'popularity';
  readonly #successes = new Map<string, number>();

  rank({ available }: Decision): string[] {
    return bestFirst(available, (tool) => this.#successes.get(tool) ?? 0);
  }

  observe(event: LogEvent): void {
    if (event.kind === 'execution' && event.success) this.#successes.set(event.tool, (this.#successes.get(event.tool) ?? 0) + 1);
  }
}
