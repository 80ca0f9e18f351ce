/** One drawn action of the log with what a target policy would have done in its place. */
export interface LoggedChoice {
  /** Probability with which the behaviour policy drew the action, in (0, 1]. */
  readonly propensity: number;
  readonly reward: number;
  /** Probability with which the target policy takes that action. */
  readonly target_probability: number;
  /** Reward that a model foretold for that action. */
  readonly predicted_reward: number;
  /** Reward that the model foretold for the target policy: Σ over the candidates of target probability · predicted reward. */
  readonly predicted_value: number;
}

/**
 * Greatest importance weight. Of a choice that rests on a propensity below 1 % of the target's, only so much is believed: the variance of a
 * rarely drawn action is traded for a bias towards 0 (IPS) or towards the model (DR). Source: Ionides 2008, Truncated Importance Sampling.
 */
export const GREATEST_WEIGHT = 100;

/** Estimated mean reward of the target policy; null: the log says nothing of it. */
export interface OffPolicyEstimates {
  /** Mean reward of the behaviour policy, as logged. */
  readonly behaviour: number | null;
  readonly ips: number | null;
  readonly snips: number | null;
  readonly dr: number | null;
  readonly replay: number | null;
  /** Draws that the importance weights are worth, (Σw)²/Σw². Source: Kish 1965. */
  readonly effective_sample_size: number;
  /** Share of the draws that took what the target takes, in [0, 1]. */
  readonly coverage: number | null;
  /** Near 1 where every action the target takes could have been drawn; well below: the log cannot tell of some of them. */
  readonly mean_weight: number | null;
}

/** What the estimates are made of; a sum over any set of choices. */
export const SUMS = [
  'count',
  'reward',
  'weight',
  'squared_weight',
  'weighted_reward',
  'doubly_robust',
  'matches',
  'matched_reward',
] as const;

/** What one choice adds to each of {@link SUMS}. */
export function termsOf({ propensity, reward, target_probability, predicted_reward, predicted_value }: LoggedChoice): number[] {
  const weight = Math.min(target_probability / propensity, GREATEST_WEIGHT);
  const doubly_robust = predicted_value + weight * (reward - predicted_reward);
  return [1, reward, weight, weight * weight, weight * reward, doubly_robust, target_probability, target_probability * reward];
}

/**
 * With w = min(π(a)/p, {@link GREATEST_WEIGHT}), π the target policy, p the propensity, r the reward, over n draws:
 * - IPS = Σ w·r / n, unbiased without the cut (Horvitz & Thompson 1952)
 * - SNIPS = Σ w·r / Σ w, consistent, of less variance, unmoved by adding a constant to all rewards (Swaminathan & Joachims 2015)
 * - DR = Σ (r̂(π) + w·(r − r̂(a))) / n, unbiased, of less variance the better the model r̂ (Dudík, Langford & Li 2011)
 * - replay = Σ π(a)·r / Σ π(a), the mean over the draws that the target agrees with; unbiased when draws were uniform (Li et al. 2011)
 *
 * @param sums of {@link termsOf} over the choices
 */
export function estimatesFrom(sums: ArrayLike<number>): OffPolicyEstimates {
  const [count = 0, reward = 0, weight = 0, squared = 0, weighted = 0, robust = 0, matches = 0, matched = 0] = Array.from(sums);
  return {
    behaviour: ratio(reward, count),
    ips: ratio(weighted, count),
    snips: ratio(weighted, weight),
    dr: ratio(robust, count),
    replay: ratio(matched, matches),
    effective_sample_size: ratio(weight * weight, squared) ?? 0,
    coverage: ratio(matches, count),
    mean_weight: ratio(weight, count),
  };
}

/** The estimates of a target policy's mean reward from the draws of another. */
export function offPolicyEstimates(choices: readonly LoggedChoice[]): OffPolicyEstimates {
  const sums = new Float64Array(SUMS.length);
  for (const choice of choices) for (const [at, term] of termsOf(choice).entries()) sums[at] = (sums[at] ?? 0) + term;
  return estimatesFrom(sums);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
