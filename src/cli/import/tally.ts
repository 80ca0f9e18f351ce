import type { ToldLine, UnusableLine } from '../../engine/journal/import.ts';

/** Names that are told apart; more are not counted. */
const MOST_NAMES = 200_000;

/** What sources told, new or known, in numbers. */
export interface Tally {
  /** Calls of tools, and those that worked, count. */
  readonly calls: number;
  readonly successes: number;
  readonly sessions: number;
  readonly episodes: number;
  /** By calls, the most first. */
  readonly tools: readonly ToolTally[];
}

export interface ToolTally {
  readonly tool_name: string;
  readonly calls: number;
  readonly successes: number;
}

/** Counts what passes by. */
export class Tallying {
  readonly #sessions = new Set<string>();
  readonly #tools = new Map<string, { calls: number; successes: number }>();
  #calls = 0;
  #successes = 0;
  #episodes = 0;

  /** Passes everything on. */
  async *count<Item extends ToldLine | UnusableLine>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    for await (const item of items) {
      if ('told' in item) for (const line of item.told) this.#add(line);
      yield item;
    }
  }

  get tally(): Tally {
    const tools = Array.from(this.#tools, ([tool_name, counts]) => ({ tool_name, ...counts }));
    return {
      calls: this.#calls,
      successes: this.#successes,
      sessions: this.#sessions.size,
      episodes: this.#episodes,
      tools: tools.sort((a, b) => b.calls - a.calls || (a.tool_name < b.tool_name ? -1 : 1)),
    };
  }

  #add(line: ToldLine['told'][number]): void {
    if (line.kind === 'episode') this.#episodes += 1;
    if (line.kind !== 'execution') return;
    this.#calls += 1;
    this.#successes += line.success ? 1 : 0;
    if (this.#sessions.size < MOST_NAMES) this.#sessions.add(line.session_id);
    const counts = this.#tools.get(line.tool_name) ?? { calls: 0, successes: 0 };
    if (this.#tools.size < MOST_NAMES) this.#tools.set(line.tool_name, counts);
    counts.calls += 1;
    counts.successes += line.success ? 1 : 0;
  }
}
