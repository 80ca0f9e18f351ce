import { explorationRate } from '../core/exploration.ts';
import { resetSelections } from '../store/learner.ts';
import type { Engine } from './engine.ts';

/** Sets the exploration rate back to where it started. */
export async function resetExploration(engine: Engine): Promise<{ readonly exploration_rate: number }> {
  await engine.write(resetSelections);
  return { exploration_rate: explorationRate(0, engine.settings.hyperparameters) };
}
