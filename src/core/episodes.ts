import type { Hyperparameters } from './hyperparameters.ts';
import { rewardBounds } from './reward.ts';
import type { Outcome } from './types.ts';

const EPISODE_WORTH: Readonly<Record<Outcome, number>> = Object.freeze({ success: 1, partial: 0.75, failure: 0.5 });

/**
 * What a step's evidence counts when its episode ended so, in [0, 1]: 1 for a success, ¾ for a partial one, ½ for a failure, and as much nearer
 * to 1 as the outcome is a guess.
 * @param confidence in [0, 1]
 */
export function episodeWorth(outcome: Outcome, confidence: number): number {
  return 1 - confidence * (1 - EPISODE_WORTH[outcome]);
}

/** Reward of an episode for which none was given: the sum of its executions' rewards, or a constant for the outcome when it has none. */
export function defaultEpisodeReward(rewards: readonly number[], outcome: Outcome, h: Hyperparameters): number {
  if (rewards.length > 0) return rewards.reduce((sum, reward) => sum + reward, 0);
  return { success: h.episode_success, partial: h.episode_partial, failure: h.episode_failure }[outcome];
}

/**
 * What an episode credits to each of its sequences, on the scale of one call's reward and within its bounds.
 * A sum over the steps grows with their number, so its mean is taken; a reward that somebody gave judges the work as a whole and counts
 * undivided, so that a longer way to the same result is worth the same. The reference divides both.
 * @param step_count executions whose rewards were summed; 0 when the default was the outcome's constant
 */
export function sequenceCredit(episode: {
  readonly episode_reward: number;
  readonly step_count: number;
  readonly was_default: boolean;
  readonly h: Hyperparameters;
}): number {
  const { low, high } = rewardBounds(episode.h);
  const credit = episode.was_default ? episode.episode_reward / Math.max(1, episode.step_count) : episode.episode_reward;
  return Math.min(high, Math.max(low, credit));
}
