import type { Hyperparameters } from '../core/hyperparameters.ts';
import type { RankerName } from '../core/rankers/ranker-by-name.ts';
import { RECORDED_TEXTS, type RecordedText } from '../core/redaction/modes.ts';

export { RECORDED_TEXTS, type RecordedText };

/** Whether a commit survives a power cut (`full`) or only the end of the process (`normal`). */
export const DURABILITIES = ['normal', 'full'] as const;
export type Durability = (typeof DURABILITIES)[number];

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
  readonly recorded_text: RecordedText;
  readonly durability: Durability;
  /** Executions kept in the log; older ones are removed, what they taught stays. Count. */
  readonly max_executions: number;
  /** Size of the database above which the oldest executions are removed, bytes. */
  readonly max_bytes: number;
}

/** What a person who sets nothing gets. */
export const STORAGE_DEFAULTS = Object.freeze({
  recorded_text: 'redacted',
  durability: 'normal',
  max_executions: 1_000_000,
  max_bytes: 536_870_912,
} satisfies Partial<Settings>);
