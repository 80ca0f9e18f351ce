/**
 * A stream of uniform numbers in [0, 1): mulberry32 (Ettinger 2017), which the evaluation drivers use, so that their orders and draws are
 * these. The product's own generator is src/core/random.ts.
 * @param seed its low 32 bits count
 */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const first = Math.imul(state ^ (state >>> 15), 1 | state);
    const second = (first + Math.imul(first ^ (first >>> 7), 61 | first)) ^ first;
    return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in an order drawn from `uniform`, from the last place to the first (Fisher & Yates; Durstenfeld 1964). */
export function shuffled<Item>(items: readonly Item[], uniform: () => number): Item[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1));
    [list[at], list[other]] = [list[other] as Item, list[at] as Item];
  }
  return list;
}
