import type { Tool } from './catalogue.ts';
import type { Moment } from './moment.ts';

/** Executions that a late rating still finds; older ones keep what they taught. */
const CAPACITY = 5_000;

/** What a late rating must know of its execution. */
export interface Entry {
  readonly tool: Tool['hash'];
  /** The tool called before it; 0: none. */
  readonly previous: Tool['hash'];
  /** Of its query: what was asked for. */
  readonly request: number;
  readonly success: boolean;
  readonly rating_before: number | null;
  readonly reward_before: number;
}

/** The latest executions by their place in the log; the oldest gives way. */
export class Ledger {
  readonly #entries = new Map<number, Entry>();

  add(seq: number, call: { moment: Moment; chosen: number; success: boolean; rating: number | null; reward: number }): void {
    const { moment, chosen, success, rating, reward } = call;
    const previous = moment.history.at(-1)?.tool.hash ?? 0;
    const tool = moment.candidates[chosen]?.hash ?? 0;
    this.#entries.set(seq, { tool, previous, request: moment.query.request, success, rating_before: rating, reward_before: reward });
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size > CAPACITY) this.#entries.delete(oldest);
  }

  /** The execution as it stood before this rating, which is what the next one finds; undefined: too old. */
  rate(seq: number, rating: number, reward: number): Entry | undefined {
    const entry = this.#entries.get(seq);
    if (entry !== undefined) this.#entries.set(seq, { ...entry, rating_before: rating, reward_before: reward });
    return entry;
  }

  save(): readonly (readonly [number, Entry])[] {
    return [...this.#entries];
  }

  load(saved: ReturnType<Ledger['save']>): void {
    for (const [seq, entry] of saved) this.#entries.set(seq, entry);
  }
}
