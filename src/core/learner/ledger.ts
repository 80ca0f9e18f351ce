import type { Tool } from './catalogue.ts';

/** Executions that a late rating still finds; older ones keep what they taught. */
const CAPACITY = 5_000;
/** Late ratings of one execution that count. */
const MOST_CORRECTIONS = 3;

/** What a late rating must know of its execution. */
export interface Entry {
  readonly tool: Tool['hash'];
  /** The tool called before it; 0: none. */
  readonly previous: Tool['hash'];
  /** Of its query: what was asked for. */
  readonly request: number;
  /** Hash of its session's name. */
  readonly session: number;
  /** Whole days since 1970 in UTC. */
  readonly day: number;
  readonly success: boolean;
  readonly rating_before: number | null;
  readonly reward_before: number;
}

interface Corrected extends Entry {
  readonly corrections: number;
}

/** The latest executions that were learned from, by their place in the log; the oldest gives way. */
export class Ledger {
  readonly #entries = new Map<number, Corrected>();

  add(seq: number, entry: Entry): void {
    this.#entries.set(seq, { ...entry, corrections: 0 });
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size > CAPACITY) this.#entries.delete(oldest);
  }

  /** The execution as the last rating left it; undefined: too old, not learned from, or rated too often. */
  find(seq: number): Entry | undefined {
    const entry = this.#entries.get(seq);
    return entry === undefined || entry.corrections >= MOST_CORRECTIONS ? undefined : entry;
  }

  /** What the next rating finds. */
  rate(seq: number, rating_before: number, reward_before: number): void {
    const entry = this.#entries.get(seq);
    if (entry !== undefined) this.#entries.set(seq, { ...entry, rating_before, reward_before, corrections: entry.corrections + 1 });
  }

  save(): readonly (readonly [number, Corrected])[] {
    return [...this.#entries];
  }

  load(saved: ReturnType<Ledger['save']>): void {
    for (const [seq, entry] of saved) this.#entries.set(seq, entry);
  }
}
