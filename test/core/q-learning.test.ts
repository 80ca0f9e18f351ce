import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  constantStepWeight,
  greatestNextValue,
  meanStepSize,
  meanStepWeight,
  tdError,
  tdTarget,
  updatedValue,
  valueConfidence,
} from '../../src/core/q-learning.ts';

const value = fc.double({ min: -100, max: 100, noNaN: true });
const rewards = fc.array(value, { minLength: 1, maxLength: 60 });

describe('the update', () => {
  test('moves a value by the step size towards its target and never past it', () => {
    fc.assert(
      fc.property(value, value, fc.double({ min: 0, max: 1, noNaN: true }), (q, target, alpha) => {
        const moved = updatedValue(q, tdError(target, q), alpha);
        expect(moved).toBeCloseTo((1 - alpha) * q + alpha * target, 9);
      }),
    );
  });

  test('discounts the future', () => {
    expect(tdTarget({ reward: 1, next_value: 5, discount_factor: 0.9 })).toBeCloseTo(5.5, 12);
  });
});

describe('greatestNextValue', () => {
  test('counts a tool without a row as 0, and no tool as no future', () => {
    expect(greatestNextValue([], false)).toBe(0);
    expect(greatestNextValue([], true)).toBe(0);
    expect(greatestNextValue([-3, -2], false)).toBe(-2);
    expect(greatestNextValue([-3, -2], true)).toBe(0);
    expect(greatestNextValue([1, 4, 2], true)).toBe(4);
  });

  test('takes more values than a call could have arguments', () => {
    expect(greatestNextValue(new Array<number>(300_000).fill(2), false)).toBe(2);
  });
});

test('confidence rises with the value, and a negative value counts (fault 26)', () => {
  expect(valueConfidence(0)).toBe(0.5);
  expect(valueConfidence(-9)).toBeLessThan(0.05);
  expect(valueConfidence(9)).toBeGreaterThan(0.95);
});

describe('the weight that one sample still has', () => {
  const updateAll = (samples: readonly number[], step: (before: number) => number) =>
    samples.reduce((q, sample, before) => updatedValue(q, tdError(sample, q), step(before)), 0);

  test('under a constant step size: the value is the weighted sum of its samples', () => {
    fc.assert(
      fc.property(rewards, fc.double({ min: 0.001, max: 1, noNaN: true }), (samples, alpha) => {
        const weighted = samples.reduce((sum, sample, at) => sum + sample * constantStepWeight(at + 1, samples.length, alpha), 0);
        expect(weighted).toBeCloseTo(
          updateAll(samples, () => alpha),
          8,
        );
      }),
    );
  });

  test('under a mean step size: the same', () => {
    fc.assert(
      fc.property(
        rewards,
        fc.oneof(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.constantFrom(0.1, 0.2, 1 / 3, 0.05, 1)),
        (samples, floor) => {
          const weighted = samples.reduce((sum, sample, at) => sum + sample * meanStepWeight(at + 1, samples.length, floor), 0);
          expect(weighted).toBeCloseTo(
            updateAll(samples, (before) => meanStepSize(before, floor)),
            8,
          );
        },
      ),
    );
  });

  test.each([0.07, 0.1, 0.15, 0.3, 0.45, 1])('under a mean step size with the floor %d the weights of all samples sum to 1', (floor) => {
    for (let visits = 1; visits <= 30; visits++) {
      const weights = Array.from({ length: visits }, (_, at) => meanStepWeight(at + 1, visits, floor));
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  test('a revised reward can be put in later (fault 11: late ratings never reach Q)', () => {
    const samples = [10, -5, 10, 8];
    const revised = [10, -5, 14, 8];
    const step = () => 0.3;
    const shift = constantStepWeight(3, samples.length, 0.3) * (14 - 10);
    expect(updateAll(samples, step) + shift).toBeCloseTo(updateAll(revised, step), 12);
  });

  test('a mean step size is the plain mean until the floor is reached', () => {
    expect(updateAll([4, 8, 6], (before) => meanStepSize(before, 0.1))).toBeCloseTo(6, 12);
    expect(meanStepSize(50, 0.1)).toBe(0.1);
  });
});
