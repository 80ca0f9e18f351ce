import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededUniform } from '../../src/core/random.ts';
import type { Uniform } from '../../src/core/types.ts';

const take = (count: number, uniform: Uniform) => Array.from({ length: count }, uniform);

test('the same seed gives the same stream', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1 }), (seed) => {
      expect(take(20, seededUniform(...seed))).toStrictEqual(take(20, seededUniform(...seed)));
    }),
  );
});

test('every part of the seed and its place matter, above 32 bits too', () => {
  const seeds = [[], [0], [1], [-1], [0, 0], [0, 1], [1, 0], [2 ** 32], [2 ** 32 - 1], [2 ** 52], [1, 2, 3], [3, 2, 1]];
  const streams = seeds.map((seed) => take(4, seededUniform(...seed)).join());
  expect(new Set(streams).size).toBe(seeds.length);
});

test('numbers are in [0, 1)', () => {
  const numbers = take(100_000, seededUniform(3));
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
});

test('100,000 numbers spread evenly over 100 bins: chi-square below its 99.99 % quantile', () => {
  const counts = new Array<number>(100).fill(0);
  for (const number of take(100_000, seededUniform(42, 7))) {
    const bin = Math.floor(number * 100);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(161.3); // 99 degrees of freedom
  expect(chiSquare).toBeGreaterThan(50);
});

test('streams of neighbouring seeds are independent from the first number on: their mean and correlation', () => {
  const firsts = Array.from({ length: 20_000 }, (_, seed) => seededUniform(9, seed)());
  const mean = firsts.reduce((sum, number) => sum + number, 0) / firsts.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / firsts.length));
  const lagged = firsts.slice(1).reduce((sum, number, at) => sum + (number - 0.5) * ((firsts[at] ?? 0) - 0.5), 0) / firsts.length;
  expect(Math.abs(lagged * 12)).toBeLessThan(5 / Math.sqrt(firsts.length));
});
