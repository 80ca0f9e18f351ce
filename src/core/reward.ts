import type { Hyperparameters } from './hyperparameters.ts';

/** A call as it is judged. null: not known. */
export interface JudgedCall {
  readonly success: boolean;
  /** 1 to 5. */
  readonly user_rating: number | null;
  /** Milliseconds. */
  readonly execution_time_ms: number | null;
  /** The tool's mean time in milliseconds, without the call judged (the reference counts it in). */
  readonly average_time_ms: number | null;
}

/** The parts of a reward; they add up to it. */
export interface RewardComponents {
  readonly outcome: number;
  readonly rating: number;
  /** At most 0. */
  readonly time: number;
  /** At least 0. */
  readonly speed: number;
}

export interface Reward {
  readonly reward: number;
  readonly components: RewardComponents;
}

export const NEUTRAL_RATING = 3;
const MILLISECONDS_PER_SECOND = 1000;

/** Whether an outcome is evidence for its tool: a success that is not rated below the neutral rating. @param rating 1 to 5; null: none */
export function isGood(success: boolean, rating: number | null): boolean {
  return success && (rating ?? NEUTRAL_RATING) >= NEUTRAL_RATING;
}

/**
 * Reward of one call: outcome + rating_weight·(rating − 3) − penalty·seconds + bonus for a time under fast_fraction of the average.
 * Unitless, finite and within {@link rewardBounds} whatever is passed: a rating beyond 1 to 5 counts as the nearest of them, and a time
 * that is negative, not a number or below shortest_measured_ms counts as not measured.
 * Source: the reference's RewardCalculator, with the penalty bounded and no bonus for failing fast.
 */
export function computeReward(call: JudgedCall, h: Hyperparameters): Reward {
  const time_ms = measuredTime(call.execution_time_ms, h);
  const components: RewardComponents = {
    outcome: call.success ? h.reward_success : h.reward_failure,
    rating: ratingPart(call.user_rating, h),
    time: timePart(time_ms, h),
    speed: speedPart(time_ms, call, h),
  };
  return { reward: components.outcome + components.rating + components.time + components.speed, components };
}

/** The least and the greatest reward that {@link computeReward} can give. */
export function rewardBounds(h: Hyperparameters): { readonly low: number; readonly high: number } {
  const rating = 2 * h.rating_weight;
  const success = h.reward_success + h.fast_success_bonus;
  const failure = h.reward_failure + h.fast_failure_bonus;
  return {
    low: h.reward_failure - rating - h.max_time_penalty,
    high: Math.max(success, failure) + rating,
  };
}

function measuredTime(time_ms: number | null, h: Hyperparameters): number | null {
  return time_ms !== null && time_ms >= h.shortest_measured_ms ? time_ms : null;
}

function ratingPart(rating: number | null, h: Hyperparameters): number {
  if (rating === null || Number.isNaN(rating)) return 0;
  return h.rating_weight * (Math.min(5, Math.max(1, rating)) - NEUTRAL_RATING);
}

function timePart(time_ms: number | null, h: Hyperparameters): number {
  if (time_ms === null) return 0;
  return 0 - Math.min(h.max_time_penalty, (time_ms / MILLISECONDS_PER_SECOND) * h.time_penalty_per_second);
}

function speedPart(time_ms: number | null, call: JudgedCall, h: Hyperparameters): number {
  const average_ms = call.average_time_ms ?? 0;
  const isFast = time_ms !== null && average_ms > 0 && time_ms < average_ms * h.fast_fraction;
  if (!isFast) return 0;
  return call.success ? h.fast_success_bonus : h.fast_failure_bonus;
}
