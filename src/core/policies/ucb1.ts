import type { Hyperparameters } from '../hyperparameters.ts';
import { logistic } from '../statistics.ts';
import { type Candidate, mixedWithUniform, type PolicyState, shareOfGreatest } from './candidate.ts';

/** Reward that takes the logistic of a value from 0.5 to 0.73. */
const VALUE_SCALE = 5;

/**
 * UCB1: logistic(value/5) + c·√(ln max(1, N) / max(1, n)), finite for every finite value. Source: Auer et al. 2002, Finite-time Analysis
 * of the Multiarmed Bandit Problem; the logistic brings rewards into [0, 1], as its theorem wants.
 * @param arm value: expected reward, null where no values exist at all (its term is then 0); total_selections N and selection_count n:
 *   draws of any tool and of this one in the context
 */
export function ucbScore(arm: {
  readonly value: number | null;
  readonly total_selections: number;
  readonly selection_count: number;
  readonly ucb_c: number;
}): number {
  const exploitation = arm.value === null ? 0 : logistic(arm.value / VALUE_SCALE);
  const bonus = Math.sqrt(Math.log(Math.max(1, arm.total_selections)) / Math.max(1, arm.selection_count));
  return exploitation + arm.ucb_c * bonus;
}

/**
 * Tools never drawn in this context share the first draws: a genuine first try of each. Then the greatest UCB1 score. In both, any tool
 * with the exploration rate.
 */
export function ucb1(
  candidates: readonly Candidate[],
  state: Pick<PolicyState, 'exploration_rate' | 'total_selections'>,
  h: Pick<Hyperparameters, 'ucb_c'>,
): readonly number[] {
  const untried = candidates.some((candidate) => candidate.selection_count === 0);
  const scores = untried
    ? candidates.map((candidate) => Number(candidate.selection_count === 0))
    : candidates.map((candidate) => ucbScore({ ...candidate, total_selections: state.total_selections, ucb_c: h.ucb_c }));
  return mixedWithUniform(shareOfGreatest(scores), state.exploration_rate);
}
