import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS, type Hyperparameters } from '../../src/core/hyperparameters.ts';
import { computeReward, type JudgedCall, rewardBounds } from '../../src/core/reward.ts';
import { REFERENCE } from '../golden/support.ts';

const PLAIN: JudgedCall = { success: true, user_rating: null, execution_time_ms: null, average_time_ms: null };

/** Every number there is: infinities, NaN and −0 too. */
const anything = fc.option(fc.oneof(fc.double(), fc.integer({ min: -10, max: 100_000 })), { nil: null });
const call = fc.record({ success: fc.boolean(), user_rating: anything, execution_time_ms: anything, average_time_ms: anything });

describe('computeReward', () => {
  test.each([
    ['a success', {}, 10],
    ['a failure', { success: false }, -5],
    ['a success of five stars', { user_rating: 5 }, 14],
    ['a failure of one star', { success: false, user_rating: 1 }, -9],
    ['a success of two seconds', { execution_time_ms: 2000 }, 9.8],
    ['a fast success', { execution_time_ms: 500, average_time_ms: 1000 }, 11.95],
    ['a success at exactly 0.8 of the average', { execution_time_ms: 800, average_time_ms: 1000 }, 9.92],
  ] as const)('%s', (_, change, want) => {
    expect(computeReward({ ...PLAIN, ...change }, DEFAULTS).reward).toBeCloseTo(want, 12);
  });

  test('the parts add up and the reward is finite and within its bounds, whatever the numbers (faults 16, 37, 38)', () => {
    fc.assert(
      fc.property(call, fc.constantFrom<Hyperparameters>(DEFAULTS, REFERENCE), (judged, h) => {
        const { reward, components } = computeReward(judged, h);
        const { low, high } = rewardBounds(h);
        expect(Number.isFinite(reward)).toBe(true);
        expect(reward).toBeGreaterThanOrEqual(low);
        expect(reward).toBeLessThanOrEqual(high);
        expect(components.outcome + components.rating + components.time + components.speed).toBe(reward);
        expect(components.time).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('a better rating is never worth less, and a longer time never more', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.nat(1e6),
        (success, stars, time, more) => {
          const judge = (user_rating: number, execution_time_ms: number) =>
            computeReward({ success, user_rating, execution_time_ms, average_time_ms: 5000 }, DEFAULTS).reward;
          expect(judge(stars + 1, time)).toBeGreaterThan(judge(stars, time));
          expect(judge(stars, time + more)).toBeLessThanOrEqual(judge(stars, time));
        },
      ),
    );
  });
});

describe('fault 38: the range of the reward', () => {
  test('is -14 to 16 and holds for five hours, where the reference gave -1790', () => {
    expect(rewardBounds(DEFAULTS)).toStrictEqual({ low: -14, high: 16 });
    expect(computeReward({ ...PLAIN, execution_time_ms: 5 * 3_600_000 }, DEFAULTS).reward).toBe(5);
  });

  test('a time below zero counts as not measured, where the reference gave 18', () => {
    expect(computeReward({ ...PLAIN, execution_time_ms: -60_000, average_time_ms: 1000 }, DEFAULTS).reward).toBe(10);
  });

  test('failing fast earns nothing', () => {
    const failure = { ...PLAIN, success: false, execution_time_ms: 1, average_time_ms: 1000 };
    expect(computeReward(failure, DEFAULTS).components.speed).toBe(0);
    expect(computeReward(failure, REFERENCE).components.speed).toBe(2);
  });

  test('zero milliseconds are a time, and a fast one', () => {
    const instant = { ...PLAIN, execution_time_ms: 0, average_time_ms: 100 };
    expect(computeReward(instant, DEFAULTS).components).toStrictEqual({ outcome: 10, rating: 0, time: 0, speed: 2 });
    expect(computeReward(instant, REFERENCE).components.speed).toBe(0);
  });
});

test('fault 37: a rating of 1000 counts as five stars', () => {
  expect(computeReward({ ...PLAIN, user_rating: 1000 }, DEFAULTS).reward).toBe(14);
});
