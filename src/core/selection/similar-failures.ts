import type { Sparse } from './text-features.ts';

/** Calls that are remembered, and features of each: the strongest. The oldest call is forgotten first. */
const CAPACITY = 10_000;
const FEATURES = 48;
/** Calls that a feature leads to: the latest. One that more calls share tells little apart. */
const MOST_POSTINGS = 500;
/** The inverted index: chains by the last 16 bits of a feature's hash. */
const BUCKETS = 2 ** 16;
const NOWHERE = -1;
/** P(two requests want the same tool) = 3·cosine², which fits how often two requests of BANKING77 share their intent within 0.04. */
const SAME_SCALE = 3;
const SURELY_SAME = 0.95;

/** What is remembered, as it is stored. */
export interface SavedFailures {
  readonly calls: number;
  readonly seqs: Float64Array;
  readonly tools: Int32Array;
  readonly successes: Uint8Array;
  readonly hashes: Int32Array;
  readonly shares: Float32Array;
}

/**
 * What similar requests have ruled out. If request i failed with tool a and wants the same tool as this one with probability ρᵢ, then a is
 * not ruled out with probability ∏ᵢ (1 − ρᵢ): a noisy-or of the failures (Pearl 1988, section 4.3.2), ρ by the cosine, as in a
 * nearest-neighbour bandit (Guan & Jiang 2018). Its logarithm is divided by 1 + Σρ over the tool's successes for similar requests, so that
 * one wrong outcome cannot rule out what has worked. The search for an unknown tool so goes through the candidates instead of trying some
 * again. An inverted index over the strongest features makes it cheap.
 */
export class SimilarFailures {
  /** Chains of equal buckets through the places of hashes, latest first; NOWHERE ends them. */
  readonly #heads = new Int32Array(BUCKETS).fill(NOWHERE);
  readonly #older = new Int32Array(CAPACITY * FEATURES);
  readonly #newer = new Int32Array(CAPACITY * FEATURES);
  readonly #seqs = new Float64Array(CAPACITY);
  readonly #tools = new Int32Array(CAPACITY);
  readonly #successes = new Uint8Array(CAPACITY);
  readonly #hashes = new Int32Array(CAPACITY * FEATURES);
  readonly #shares = new Float32Array(CAPACITY * FEATURES);
  readonly #cosines = new Float64Array(CAPACITY);
  #calls = 0;

  /** Adds a call. @param seq its place in the log @param tool its number; a tool that changed gets another one, and what was known of it is forgotten */
  remember(seq: number, request: Sparse, tool: number, success: boolean): void {
    const slot = this.#calls % CAPACITY;
    if (this.#calls >= CAPACITY) this.#forget(slot);
    this.#seqs[slot] = seq;
    this.#tools[slot] = tool;
    this.#successes[slot] = Number(success);
    const { hashes, values } = strongest(request, FEATURES);
    this.#hashes.fill(0, slot * FEATURES, (slot + 1) * FEATURES).set(hashes, slot * FEATURES);
    this.#shares.fill(0, slot * FEATURES, (slot + 1) * FEATURES).set(values, slot * FEATURES);
    this.#post(slot);
    this.#calls++;
  }

  /** Says how a call went after all. @returns its tool's number and its request; undefined: it is forgotten */
  correct(seq: number, success: boolean): { readonly tool: number; readonly request: Sparse } | undefined {
    const slot = this.#seqs.subarray(0, Math.min(this.#calls, CAPACITY)).indexOf(seq);
    if (slot < 0) return undefined;
    this.#successes[slot] = Number(success);
    const [first, end] = [slot * FEATURES, (slot + 1) * FEATURES];
    const request = { hashes: this.#hashes.subarray(first, end), values: this.#shares.subarray(first, end) };
    return { tool: this.#tools[slot] ?? 0, request };
  }

  /** ln P(not ruled out) of each tool, ≤ 0, in the order of `tools`. */
  notRuledOut(request: Sparse, tools: Int32Array): Float64Array {
    const failed = new Map<number, number>();
    const succeeded = new Map<number, number>();
    for (const slot of this.#similar(request)) {
      const same = Math.min(SURELY_SAME, SAME_SCALE * (this.#cosines[slot] ?? 0) ** 2);
      this.#cosines[slot] = 0;
      const tool = this.#tools[slot] ?? 0;
      if (this.#successes[slot] === 1) succeeded.set(tool, (succeeded.get(tool) ?? 0) + same);
      else failed.set(tool, (failed.get(tool) ?? 0) + Math.log(1 - same));
    }
    return Float64Array.from(tools, (tool) => (failed.get(tool) ?? 0) / (1 + (succeeded.get(tool) ?? 0)));
  }

  save(): SavedFailures {
    const end = Math.min(this.#calls, CAPACITY);
    return {
      calls: this.#calls,
      seqs: this.#seqs.subarray(0, end),
      tools: this.#tools.subarray(0, end),
      successes: this.#successes.subarray(0, end),
      hashes: this.#hashes.subarray(0, end * FEATURES),
      shares: this.#shares.subarray(0, end * FEATURES),
    };
  }

  load(saved: SavedFailures): void {
    this.#calls = saved.calls;
    this.#seqs.set(saved.seqs);
    this.#tools.set(saved.tools);
    this.#successes.set(saved.successes);
    this.#hashes.set(saved.hashes);
    this.#shares.set(saved.shares);
    for (let call = Math.max(0, this.#calls - CAPACITY); call < this.#calls; call++) this.#post(call % CAPACITY);
  }

  /** The remembered calls that share a feature; leaves their cosines behind. */
  #similar(request: Sparse): readonly number[] {
    const found: number[] = [];
    const { hashes, values } = strongest(request, FEATURES);
    for (let f = 0; f < hashes.length; f++) this.#addCosines(hashes[f] ?? 0, values[f] ?? 0, found);
    return found;
  }

  #addCosines(hash: number, value: number, found: number[]): void {
    let left = MOST_POSTINGS;
    for (let at = this.#heads[hash & (BUCKETS - 1)] ?? NOWHERE; at !== NOWHERE && left > 0; at = this.#older[at] ?? NOWHERE) {
      if (this.#hashes[at] !== hash) continue;
      const slot = Math.floor(at / FEATURES);
      if (this.#cosines[slot] === 0) found.push(slot);
      this.#cosines[slot] = (this.#cosines[slot] ?? 0) + value * (this.#shares[at] ?? 0);
      left--;
    }
  }

  #post(slot: number): void {
    for (let at = slot * FEATURES; at < (slot + 1) * FEATURES && this.#shares[at] !== 0; at++) {
      const bucket = (this.#hashes[at] ?? 0) & (BUCKETS - 1);
      const next = this.#heads[bucket] ?? NOWHERE;
      this.#older[at] = next;
      this.#newer[at] = NOWHERE;
      if (next !== NOWHERE) this.#newer[next] = at;
      this.#heads[bucket] = at;
    }
  }

  /** The oldest call ends every chain that it stands in. */
  #forget(slot: number): void {
    for (let at = slot * FEATURES; at < (slot + 1) * FEATURES && this.#shares[at] !== 0; at++) {
      const newer = this.#newer[at] ?? NOWHERE;
      if (newer !== NOWHERE) this.#older[newer] = NOWHERE;
      else this.#heads[(this.#hashes[at] ?? 0) & (BUCKETS - 1)] = NOWHERE;
    }
  }
}

/** The features of the greatest values, at most `count`, as a vector of length 1; of equal ones the earlier. */
export function strongest({ hashes, values }: Sparse, count: number): Sparse {
  const order = Array.from(values, (_, at) => at);
  if (order.length > count) order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const kept = order.slice(0, count);
  const length = Math.sqrt(kept.reduce((sum, at) => sum + (values[at] ?? 0) ** 2, 0)) || 1;
  return { hashes: Int32Array.from(kept, (at) => hashes[at] ?? 0), values: Float32Array.from(kept, (at) => (values[at] ?? 0) / length) };
}
