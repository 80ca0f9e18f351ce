import type { Uniform } from './types.ts';

const LEAST_PRIORITY = 1e-9;
const GREATEST_PRIORITY = 1e9;

/** Priorities and their powers in complete binary trees (a node's children are 2i and 2i + 1), so that totals never drift. */
export class PriorityTrees {
  readonly #exponent: number;
  readonly #leaves: number;
  readonly #sum: Float64Array;
  readonly #least: Float64Array;
  readonly #greatest: Float64Array;

  constructor(capacity: number, exponent: number) {
    this.#exponent = exponent;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#sum = new Float64Array(2 * this.#leaves);
    this.#least = new Float64Array(2 * this.#leaves).fill(Number.POSITIVE_INFINITY);
    this.#greatest = new Float64Array(2 * this.#leaves);
  }

  get(slot: number): number {
    return at(this.#greatest, this.#leaves + slot);
  }

  weight(slot: number): number {
    return at(this.#sum, this.#leaves + slot);
  }

  greatest(): number {
    return at(this.#greatest, 1);
  }

  leastWeight(): number {
    return at(this.#least, 1);
  }

  set(slot: number, priority: number): void {
    const kept = withinRange(priority);
    const leaf = this.#leaves + slot;
    this.#greatest[leaf] = kept;
    this.#least[leaf] = kept ** this.#exponent;
    for (let node = leaf >> 1; node >= 1; node >>= 1) {
      this.#greatest[node] = Math.max(at(this.#greatest, 2 * node), at(this.#greatest, 2 * node + 1));
      this.#least[node] = Math.min(at(this.#least, 2 * node), at(this.#least, 2 * node + 1));
    }
    this.#setSum(leaf, kept ** this.#exponent);
  }

  /** Distinct slots, fewer than are held, and the time at which the last is expected when each is a clock that rings at its weight's rate. */
  draw(count: number, uniform: Uniform): { readonly slots: readonly number[]; readonly tau: number } {
    const slots: number[] = [];
    let tau = 0;
    while (slots.length < count) {
      const total = at(this.#sum, 1);
      const slot = this.#find(uniform() * total);
      tau += 1 / total;
      slots.push(slot);
      this.#setSum(this.#leaves + slot, 0);
    }
    for (const slot of slots) this.#setSum(this.#leaves + slot, at(this.#least, this.#leaves + slot));
    return { slots, tau };
  }

  /** The slot in whose share of the total the target falls; never one that has none. */
  #find(target: number): number {
    let node = 1;
    let rest = target;
    while (node < this.#leaves) {
      const left = at(this.#sum, 2 * node);
      const goesLeft = rest < left || at(this.#sum, 2 * node + 1) === 0;
      if (!goesLeft) rest -= left;
      node = goesLeft ? 2 * node : 2 * node + 1;
    }
    return node - this.#leaves;
  }

  #setSum(leaf: number, weight: number): void {
    this.#sum[leaf] = weight;
    for (let node = leaf >> 1; node >= 1; node >>= 1) this.#sum[node] = at(this.#sum, 2 * node) + at(this.#sum, 2 * node + 1);
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** The priority within [1e-9, 1e9]; one that is not a number counts as the least. */
export function withinRange(priority: number): number {
  return priority > LEAST_PRIORITY ? Math.min(GREATEST_PRIORITY, priority) : LEAST_PRIORITY;
}
