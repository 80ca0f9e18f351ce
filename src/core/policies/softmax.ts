import type { Hyperparameters } from '../hyperparameters.ts';
import type { Candidate, PolicyState } from './candidate.ts';

/**
 * Boltzmann: π(a) ∝ exp(value(a)/τ) with τ = value_temperature in units of reward. Explores by temperature alone; the exploration rate
 * plays no part. Source: Sutton & Barto, section 2.8.
 */
export function softmax(
  candidates: readonly Candidate[],
  _state: PolicyState,
  h: Pick<Hyperparameters, 'value_temperature'>,
): readonly number[] {
  const greatest = candidates.reduce((most, candidate) => Math.max(most, candidate.value), Number.NEGATIVE_INFINITY);
  // Relative to the greatest, so that exp never overflows.
  const odds = candidates.map((candidate) => Math.exp((candidate.value - greatest) / h.value_temperature));
  const total = odds.reduce((sum, odd) => sum + odd, 0);
  return odds.map((odd) => odd / total);
}
