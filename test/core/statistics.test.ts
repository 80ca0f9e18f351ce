import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaMean, logistic, roundHalfEven, summarise, wilsonInterval } from '../../src/core/statistics.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('logistic', () => {
  test('is in [0, 1] and symmetric for every number, however large (fault 22: overflow at Q = -3600)', () => {
    fc.assert(
      fc.property(finite, (x) => {
        expect(logistic(x)).toBeGreaterThanOrEqual(0);
        expect(logistic(x) + logistic(-x)).toBeCloseTo(1, 12);
      }),
    );
    expect(logistic(-720)).toBeGreaterThan(0);
    expect(logistic(0)).toBe(0.5);
  });
});

describe('roundHalfEven', () => {
  test.each([
    [0.5625, 3, 0.562],
    [0.6875, 3, 0.688],
    [0.0625, 3, 0.062],
    [62.5, 0, 62],
    [12.5, 0, 12],
    [37.5, 0, 38],
    [-0.5625, 3, -0.562],
    [2.5, 0, 2],
    [3.5, 0, 4],
    [0.15, 1, 0.1],
    [0.25, 1, 0.2],
    [0.35, 1, 0.3],
    [2.675, 2, 2.67],
    [0.6665, 3, 0.666],
    [1e22, 3, 1e22],
  ])('%d to %d decimals is %d, as in Python', (x, decimals, want) => {
    expect(roundHalfEven(x, decimals)).toBe(want);
  });

  test('is never further than half a unit away, and leaves a rounded number alone', () => {
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), fc.integer({ min: 0, max: 6 }), (x, decimals) => {
        const rounded = roundHalfEven(x, decimals);
        expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-12);
        expect(roundHalfEven(rounded, decimals)).toBe(rounded);
      }),
    );
  });

  test('takes every exact middle of three decimals to the even digit', () => {
    for (let odd = 1; odd < 160; odd += 2) {
      const thousandths = roundHalfEven(odd / 16, 3) * 1000;
      expect(Math.round(thousandths) % 2, `${odd}/16`).toBe(0);
    }
  });
});

describe('wilsonInterval', () => {
  test('is [0, 1] without observations and matches published values', () => {
    expect(wilsonInterval(0, 0)).toStrictEqual({ low: 0, high: 1 });
    // Newcombe 1998, table I: 81 of 263 and 15 of 148, score method without continuity correction
    const first = wilsonInterval(81, 263);
    expect([first.low, first.high].map((x) => x.toFixed(4))).toStrictEqual(['0.2553', '0.3662']);
    const second = wilsonInterval(15, 148);
    expect([second.low, second.high].map((x) => x.toFixed(4))).toStrictEqual(['0.0624', '0.1605']);
  });

  test('holds the observed rate, stays in [0, 1] and narrows with more observations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(n * share);
        const { low, high } = wilsonInterval(successes, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(successes / n - 1e-12);
        const more = wilsonInterval(4 * successes, 4 * n);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });
});

test('betaMean is the prior without observations and lets one lucky call not beat 160 of 200 (fault 27)', () => {
  expect(betaMean(0, 0, 0.7, 5)).toBeCloseTo(0.7, 12);
  expect(betaMean(1, 1, 0.5, 4)).toBeCloseTo(0.6, 12);
  expect(betaMean(1, 1, 0.5, 4)).toBeLessThan(betaMean(160, 200, 0.5, 4));
});

describe('summarise', () => {
  test('of nothing has the count 0 and no numbers', () => {
    expect(summarise([])).toStrictEqual({ count: 0, mean: null, std: null, min: null, max: null, latest: null });
  });

  test('takes the first value as the latest and the population deviation', () => {
    expect(summarise([9, 4, 5, 5, 4, 7, 2, 4])).toStrictEqual({ count: 8, mean: 5, std: 2, min: 2, max: 9, latest: 9 });
  });

  test('keeps its digits under a large offset', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 50 }), (values) => {
        const shifted = summarise(values.map((value) => value + 1e9));
        expect(shifted.std).toBeCloseTo(summarise(values).std ?? Number.NaN, 5);
      }),
    );
  });
});
