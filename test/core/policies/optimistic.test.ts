import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optimistic } from '../../../src/core/policies/optimistic.ts';

const prospect = (score: number, successes = 0, not_ruled_out = 0) => ({ score, successes, not_ruled_out });

const prospects = fc.array(
  fc.record({
    score: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    successes: fc.nat(1e6),
    not_ruled_out: fc.double({ min: -1e3, max: 0, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('the optimistic policy', () => {
  test('gives every candidate a known probability above zero, the same to all but the winners; they sum to 1', () => {
    fc.assert(
      fc.property(prospects, (of) => {
        const probabilities = optimistic(of);
        const least = Math.min(...probabilities);
        expect(least).toBeGreaterThan(0);
        expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
        const greatest = Math.max(...probabilities);
        for (const probability of probabilities) expect([least, greatest]).toContain(probability);
      }),
    );
  });

  test('spreads the same small share over however many candidates there are', () => {
    const share = (count: number) =>
      count * (optimistic([prospect(1), ...Array.from({ length: count - 1 }, () => prospect(0))])[1] ?? Number.NaN);
    expect(share(2)).toBeGreaterThan(0);
    expect(share(2)).toBeLessThan(0.05);
    expect(share(100)).toBeCloseTo(share(2), 12);
  });

  test('takes the best score among tools of which the same is known', () => {
    expect(optimistic([prospect(0), prospect(2), prospect(1)])[1]).toBeGreaterThan(0.9);
  });

  test('prefers the tool with fewer successes among equal scores', () => {
    expect(optimistic([prospect(1, 10), prospect(1, 0)])[1]).toBeGreaterThan(0.9);
  });

  test('passes over a tool that similar requests have ruled out', () => {
    expect(optimistic([prospect(1, 0, -2), prospect(0)])[1]).toBeGreaterThan(0.9);
  });

  test('lets a score that is much better outweigh many successes', () => {
    expect(optimistic([prospect(9, 50), prospect(0, 0)])[0]).toBeGreaterThan(0.9);
  });

  test('shares among equals', () => {
    expect(optimistic([prospect(1), prospect(1)])).toStrictEqual([0.5, 0.5]);
  });

  test('of no candidates is empty', () => {
    expect(optimistic([])).toEqual([]);
  });
});
