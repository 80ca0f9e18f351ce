import { explorationRate } from '../core/exploration.ts';
import { insertReset } from '../store/exploration-resets.ts';
import { resetSelections } from '../store/learner.ts';
import { logPosition } from '../store/learner-snapshots.ts';
import type { Engine } from './engine.ts';

/** Sets the exploration rate back to where it started. */
export async function resetExploration(engine: Engine): Promise<{ readonly exploration_rate: number }> {
  await engine.write(async (trx) => {
    await resetSelections(trx);
    await insertReset(trx, { log_position: await logPosition(trx), created_at_ms: engine.clock() });
  });
  return { exploration_rate: explorationRate(0, engine.settings.hyperparameters) };
}
