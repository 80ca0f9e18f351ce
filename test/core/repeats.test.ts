import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayOf, firstKeyOf, repeatWeight, updateKey } from '../../src/core/repeats.ts';

const UPDATE = { day: 20_000, session: 3, context: 4_503_599_627_370_495, tool: 7, good: true };

describe('repeatWeight', () => {
  test('counts three updates fully, the fourth half, each later one half as much as the one before', () => {
    expect([0, 1, 2, 3, 4, 5].map(repeatWeight)).toStrictEqual([1, 1, 1, 0.5, 0.25, 0.125]);
  });

  test('is 0 where it would be below a millionth, so that nothing of a flood is left', () => {
    expect([21, 22, 1_000].map((repeats) => repeatWeight(repeats) > 0)).toStrictEqual([true, false, false]);
  });

  test('all of a thousand repeats count less than four updates', () => {
    const total = Array.from({ length: 1_000 }, (_, repeats) => repeatWeight(repeats)).reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeGreaterThan(3.99);
    expect(total).toBeLessThan(4);
  });
});

describe('updateKey', () => {
  const part = fc.record({
    day: fc.nat(65_535),
    session: fc.nat(2 ** 31),
    context: fc.nat(2 ** 52),
    tool: fc.nat(2 ** 31),
    good: fc.boolean(),
  });

  test('is an exact whole number between the first key of its day and that of the next', () => {
    fc.assert(
      fc.property(part, (update) => {
        const key = updateKey(update);
        expect(Number.isSafeInteger(key)).toBe(true);
        expect(key).toBeGreaterThanOrEqual(firstKeyOf(update.day));
        expect(key).toBeLessThan(firstKeyOf(update.day) + 2 ** 37);
      }),
    );
  });

  test.each([{ day: 20_001 }, { session: 4 }, { context: 4_503_599_627_370_494 }, { context: 8_388_607 }, { tool: 8 }, { good: false }])(
    'is another one for %o',
    (change) => {
      expect(updateKey({ ...UPDATE, ...change })).not.toBe(updateKey(UPDATE));
    },
  );

  test('100,000 different updates of a day share fewer than two keys: the hash uses its 37 bits', () => {
    const keys = new Set<number>();
    for (let at = 0; at < 100_000; at++) {
      keys.add(updateKey({ ...UPDATE, session: at % 40, context: Math.floor(at / 4_000) * 2 ** 40 + 1, tool: Math.floor(at / 40) % 100 }));
    }
    expect(keys.size).toBeGreaterThan(99_998);
  });
});

describe('dayOf', () => {
  test('changes at midnight in UTC and is never negative', () => {
    const midnight = Date.UTC(2026, 4, 2);
    expect(dayOf(midnight) - dayOf(midnight - 1)).toBe(1);
    expect(dayOf(midnight + 86_399_999)).toBe(dayOf(midnight));
    expect(dayOf(-5)).toBe(0);
  });
});
