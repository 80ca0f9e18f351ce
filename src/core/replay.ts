import { PriorityTrees, withinRange } from './priority-trees.ts';
import type { Uniform } from './types.ts';

export interface ReplaySettings {
  /** Items kept; the oldest leaves first. At least 1. */
  readonly capacity: number;
  /** How strongly priorities shape the draws: 0 is uniform, 1 proportional. */
  readonly priority_exponent: number;
  /** Slot of the first item: two memories draw alike when equal items stand in equal slots. */
  readonly first_slot?: number;
  /** Beta: how much of the bias of those draws the weights take back; 1 is all, 0 nothing. */
  readonly importance_exponent: number;
}

export interface Sampled<T> {
  /** Place among {@link ReplayMemory.contents}. */
  readonly position: number;
  readonly item: T;
  /** Importance weight in (0, 1]: multiply the step size by it. */
  readonly weight: number;
}

/** Added to |delta|: 1 % of a success's reward, so that what is already predicted well is still replayed now and then. */
const PRIORITY_EPSILON = 0.1;

/** Priority of a transition from its TD error: |delta| + 0.1, at most 1e9. Source: Schaul et al. 2016, section 3.3, proportional variant. */
export function replayPriority(td_error: number): number {
  return withinRange(Math.abs(td_error) + PRIORITY_EPSILON);
}

/**
 * Prioritised experience replay: a memory of the latest items, drawn in proportion to priority^exponent.
 * Priorities are kept within [1e-9, 1e9]. Adding, drawing one and changing a priority take O(log capacity).
 * Source: Schaul et al. 2016, Prioritized Experience Replay, sections 3.3 and 3.4.
 */
export class ReplayMemory<T> {
  readonly #settings: ReplaySettings;
  /** A ring of `capacity` slots. */
  readonly #items: T[] = [];
  readonly #priorities: PriorityTrees;
  #oldest: number;
  #length = 0;

  constructor(settings: ReplaySettings) {
    this.#settings = Object.freeze({ ...settings });
    this.#priorities = new PriorityTrees(settings.capacity, settings.priority_exponent);
    this.#oldest = (settings.first_slot ?? 0) % settings.capacity;
  }

  get length(): number {
    return this.#length;
  }

  /** Greatest priority held; 1 when empty. */
  get greatestPriority(): number {
    return this.length === 0 ? 1 : this.#priorities.greatest();
  }

  /** Adds the newest item; the oldest leaves when the memory is full. @param priority null: the greatest one held */
  add(item: T, priority: number | null): void {
    const wanted = priority ?? this.greatestPriority;
    const slot = this.#slot(this.length);
    if (this.length === this.#settings.capacity) this.#oldest = this.#slot(1);
    else this.#length += 1;
    this.#items[slot] = item;
    this.#priorities.set(slot, wanted);
  }

  /** Oldest first. */
  contents(): T[] {
    return Array.from({ length: this.length }, (_, position) => this.#items[this.#slot(position)] as T);
  }

  /** In the order of {@link contents}. */
  priorities(): number[] {
    return Array.from({ length: this.length }, (_, position) => this.#priorities.get(this.#slot(position)));
  }

  /** @param position place among {@link contents}; one that does not exist is ignored */
  setPriority(position: number, priority: number): void {
    if (!Number.isInteger(position) || position < 0 || position >= this.length) return;
    this.#priorities.set(this.#slot(position), priority);
  }

  /**
   * Draws `batch` items one after the other without replacement, each with probability p = priority^exponent / sum of those left.
   * When no more are held, all of them in order: nothing was chosen, so every weight is 1.
   *
   * weight = (least pi / pi)^beta, where pi = 1 − e^(−tau·p) is the chance to be in the batch: draws without replacement are the first
   * arrivals of clocks with rates p, and tau is when the last one drawn is expected. While the batch is a small part of the memory, pi is
   * proportional to p, and the weight is that of Schaul et al., (least P / P)^beta; in a small memory theirs would overcorrect.
   * Sources: Schaul et al. 2016, section 3.4; Duffield, Lund & Thorup 2007, Priority sampling (J. ACM 54:6).
   */
  sample(batch: number, uniform: Uniform): Sampled<T>[] {
    if (batch >= this.length) return this.contents().map((item, position) => ({ position, item, weight: 1 }));
    const { slots, tau } = this.#priorities.draw(batch, uniform);
    const inclusion = (weight: number) => -Math.expm1(-tau * weight);
    const least = inclusion(this.#priorities.leastWeight());
    return slots.map((slot) => {
      const item = this.#items[slot] as T;
      const weight = (least / inclusion(this.#priorities.weight(slot))) ** this.#settings.importance_exponent;
      return { position: (slot - this.#oldest + this.#settings.capacity) % this.#settings.capacity, item, weight };
    });
  }

  #slot(position: number): number {
    return (this.#oldest + position) % this.#settings.capacity;
  }
}
