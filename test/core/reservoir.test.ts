import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../src/core/random.ts';
import { Reservoir } from '../../src/core/reservoir.ts';

function filled(capacity: number, count: number, seed = 1): Reservoir<number> {
  const reservoir = new Reservoir<number>(capacity);
  const uniform = seededUniform(seed);
  for (let item = 0; item < count; item++) reservoir.add(item, uniform);
  return reservoir;
}

describe('the reservoir', () => {
  test('holds everything while there is room, and never more than its capacity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 200 }), fc.nat(), (capacity, count, seed) => {
        const { items } = filled(capacity, count, seed);
        expect(items).toHaveLength(Math.min(capacity, count));
        expect(new Set(items).size).toBe(items.length);
        if (count <= capacity) expect(items).toStrictEqual(Array.from({ length: count }, (_, item) => item));
        else expect(items).toContain(count - 1);
      }),
    );
  });

  test('leans to the recent: half of it came in the last 0.69·capacity items', () => {
    const [capacity, count, runs] = [100, 1_000, 200];
    let recent = 0;
    for (let seed = 0; seed < runs; seed++) recent += filled(capacity, count, seed).items.filter((item) => item >= count - 69).length;
    // An item of age a is still there with probability 0.99^a: 1 − 0.99^69 = 0.5003 of the capacity. One run's deviation is below 0.05.
    expect(recent / (runs * capacity)).toBeGreaterThan(0.5 - 4 * (0.05 / Math.sqrt(runs)));
    expect(recent / (runs * capacity)).toBeLessThan(0.5 + 4 * (0.05 / Math.sqrt(runs)));
  });

  test('draws as many as asked for, each item equally often', () => {
    const counts = new Array<number>(10).fill(0);
    const drawn = [...filled(10, 10).draw(10_000, seededUniform(7))];
    for (const item of drawn) counts[item] = (counts[item] ?? 0) + 1;
    expect(drawn).toHaveLength(10_000);
    // Binomial with mean 1,000 and deviation 30.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(4 * 30);
  });

  test('draws nothing from an empty one', () => {
    expect([...new Reservoir<number>(4).draw(3, seededUniform(1))]).toStrictEqual([]);
  });

  test('goes on as before after it was loaded, and leaves what it was loaded from alone', () => {
    const first = filled(8, 20);
    const saved = first.items.slice();
    const second = new Reservoir<number>(8);
    second.load(saved);
    first.add(99, seededUniform(3));
    second.add(99, seededUniform(3));
    expect(second.items).toStrictEqual(first.items);
    expect(saved).not.toContain(99);
  });
});
