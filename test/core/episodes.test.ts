import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultEpisodeReward, sequenceCredit } from '../../src/core/episodes.ts';
import { DEFAULTS as h } from '../../src/core/hyperparameters.ts';
import { rewardBounds } from '../../src/core/reward.ts';

describe('defaultEpisodeReward', () => {
  test('is the sum of the calls, or a constant for the outcome when none was recorded', () => {
    expect(defaultEpisodeReward([9.5, -5, 10], 'failure', h)).toBe(14.5);
    expect(defaultEpisodeReward([], 'success', h)).toBe(10);
    expect(defaultEpisodeReward([], 'partial', h)).toBe(5);
    expect(defaultEpisodeReward([], 'failure', h)).toBe(-5);
  });
});

describe('sequenceCredit', () => {
  test('fault 33: the same reward is worth the same in 2 tools and in 10', () => {
    const credit = (step_count: number) => sequenceCredit({ episode_reward: 12, step_count, was_default: false, h });
    expect(credit(10)).toBe(credit(2));
    expect(credit(2)).toBe(12);
  });

  test('a default reward is a sum, so its mean is credited', () => {
    expect(sequenceCredit({ episode_reward: 30, step_count: 3, was_default: true, h })).toBe(10);
    expect(sequenceCredit({ episode_reward: 10, step_count: 0, was_default: true, h })).toBe(10);
  });

  test('stays within the bounds of one call, whatever the episode', () => {
    const { low, high } = rewardBounds(h);
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.nat(100), fc.boolean(), (episode_reward, step_count, was_default) => {
        const credit = sequenceCredit({ episode_reward, step_count, was_default, h });
        expect(credit).toBeGreaterThanOrEqual(low);
        expect(credit).toBeLessThanOrEqual(high);
      }),
    );
  });
});
