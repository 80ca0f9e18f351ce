import type { Hyperparameters } from './hyperparameters.ts';

/**
 * Probability of exploring at the next selection: max(min(floor, start), start · decay^k), in [0, 1].
 * A start below the floor is not raised: whoever asks for 0 never explores.
 * @param selections_since_reset k, selections made since the start or the last reset
 */
export function explorationRate(
  selections_since_reset: number,
  h: Pick<Hyperparameters, 'exploration_rate' | 'exploration_decay' | 'min_exploration_rate'>,
): number {
  const floor = Math.min(h.min_exploration_rate, h.exploration_rate);
  return Math.max(floor, h.exploration_rate * h.exploration_decay ** selections_since_reset);
}
