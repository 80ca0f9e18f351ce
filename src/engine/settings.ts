import type { Hyperparameters } from '../core/hyperparameters.ts';
import type { RankerName } from '../core/rankers/ranker-by-name.ts';

/** How this process learns and answers; validated by the command line before it gets here. */
export interface Settings {
  readonly hyperparameters: Hyperparameters;
  /** Words that are keywords wherever they occur in a query (exact contexts). */
  readonly domain_keywords: readonly string[];
  /** Seed of every draw, and of the learner of a database that has none yet; null: taken from the operating system. */
  readonly seed: number | null;
  readonly ranker: RankerName;
  /** Nothing is written, advice included. */
  readonly read_only: boolean;
}
