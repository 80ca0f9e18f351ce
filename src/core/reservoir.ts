import type { Uniform } from './types.ts';

/**
 * A bounded sample of a stream that leans to the recent: once full, each new item takes a random place, so that an item's chance to be
 * there falls by half about every 0.7·capacity items. Source: Aggarwal 2006, On Biased Reservoir Sampling.
 */
export class Reservoir<Item> {
  readonly #capacity: number;
  #items: Item[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item, uniform: Uniform): void {
    if (this.#items.length < this.#capacity) this.#items.push(item);
    else this.#items[Math.floor(uniform() * this.#capacity)] = item;
  }

  /** `count` items drawn with replacement; none when it is empty. */
  *draw(count: number, uniform: Uniform): Generator<Item> {
    for (let drawn = 0; drawn < count; drawn++) {
      const item = this.#items[Math.floor(uniform() * this.#items.length)];
      if (item !== undefined) yield item;
    }
  }

  load(items: readonly Item[]): void {
    this.#items = [...items];
  }
}
