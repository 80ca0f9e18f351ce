import type { Hyperparameters } from '../core/hyperparameters.ts';

/** How this process learns and answers; validated by the command line before it gets here. */
export interface Settings {
  readonly hyperparameters: Hyperparameters;
  /** Words that are keywords wherever they occur in a query (exact contexts). */
  readonly domain_keywords: readonly string[];
  /** Seed of every draw; null: taken from the operating system at start. */
  readonly seed: number | null;
  readonly ranker: 'backoff' | 'reference';
  /** Nothing is written, advice included. */
  readonly read_only: boolean;
}
