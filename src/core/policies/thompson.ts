import type { Hyperparameters } from '../hyperparameters.ts';
import { type Candidate, mixedWithUniform, type PolicyState } from './candidate.ts';

/** Success probabilities at which the posteriors are compared: the middles of equal intervals of [0, 1]. */
const GRID = 128;
/** Probability spread evenly, so that each candidate keeps a known one above 0, which off-policy evaluation needs. */
const FLOOR = 0.01;

const LOG_P: readonly number[] = Object.freeze(Array.from({ length: GRID }, (_, at) => Math.log((at + 0.5) / GRID)));

/**
 * Thompson sampling: each tool with the probability that its success rate is the greatest, under Beta posteriors
 * Beta(successes + m·k, failures + (1−m)·k) with m = success_prior_mean and k = success_prior_strength. That probability,
 * ∫ f_a(p) ∏_{b≠a} F_b(p) dp, is summed over a grid instead of drawn for, so that the propensity is exact to the grid and needs no random
 * numbers; values in one interval count as ties. O(candidates). Source: Thompson 1933; Russo et al. 2018, A Tutorial on Thompson Sampling.
 */
export function thompson(
  candidates: readonly Candidate[],
  _state: PolicyState,
  h: Pick<Hyperparameters, 'success_prior_mean' | 'success_prior_strength'>,
): readonly number[] {
  const posteriors = candidates.map((candidate) => logPosterior(candidate, h));
  const below = posteriors.map(logProbabilityBelow);
  const everyoneBelow = new Float64Array(GRID);
  for (const logs of below) for (let at = 0; at < GRID; at++) everyoneBelow[at] = (everyoneBelow[at] ?? 0) + (logs[at] ?? 0);
  const wins = posteriors.map((posterior, of) =>
    logSum(posterior.map((log, at) => log + (everyoneBelow[at] ?? 0) - (below[of]?.[at] ?? 0))),
  );
  return mixedWithUniform(normalised(wins), FLOOR);
}

/** ln of the probability of each interval. */
function logPosterior(candidate: Candidate, h: Pick<Hyperparameters, 'success_prior_mean' | 'success_prior_strength'>): Float64Array {
  const a = candidate.successes + h.success_prior_mean * h.success_prior_strength - 1;
  const b = candidate.calls - candidate.successes + (1 - h.success_prior_mean) * h.success_prior_strength - 1;
  const logs = new Float64Array(GRID);
  for (let at = 0; at < GRID; at++) logs[at] = a * (LOG_P[at] ?? 0) + b * (LOG_P[GRID - 1 - at] ?? 0);
  const total = logSum(logs);
  return logs.map((log) => log - total);
}

/** ln P(below the interval, or in its lower half), interval by interval. */
function logProbabilityBelow(posterior: Float64Array): Float64Array {
  let below = 0;
  return posterior.map((log) => {
    const mass = Math.exp(log);
    const middle = below + mass / 2;
    below += mass;
    return Math.log(middle + Number.MIN_VALUE);
  });
}

/** ln ∑ exp(x), without overflow or underflow. */
function logSum(logs: Float64Array): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (const log of logs) greatest = Math.max(greatest, log);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - greatest);
  return greatest + Math.log(sum);
}

function normalised(logs: readonly number[]): readonly number[] {
  const total = logSum(Float64Array.from(logs));
  return logs.map((log) => Math.exp(log - total));
}
