import type { Hyperparameters } from '../../core/hyperparameters.ts';
import type {
  Entry,
  EpisodeEntry,
  ExecutionEntry,
  FeedbackEntry,
  RecommendationEntry,
  RegistrationEntry,
  ResetEntry,
  TrainingEntry,
} from '../../store/log-entries.ts';

/** The log as JSON Lines: a header, the settings that entries name, the entries in their order. What is not told is null or left out. */
export const LINES_FORMAT = 1;

/** The first line. */
export interface Header {
  readonly kind: 'toolwise';
  readonly format: typeof LINES_FORMAT;
  /** Of the learner; null: it had none yet. */
  readonly seed: number | null;
}

/** What the entries that name this settings_id were learned with. */
export interface SettingsLine {
  readonly kind: 'settings';
  readonly settings_id: number;
  readonly hyperparameters: Hyperparameters;
  readonly domain_keywords: readonly string[];
}

/** Entries whose time or id may be left out: whoever takes them in fills them in. */
type Without<T, Key extends keyof T> = Omit<T, Key> & { readonly [K in Key]?: T[K] | undefined };

export type EntryLine =
  | Without<RegistrationEntry, 'at_ms'>
  | Without<ExecutionEntry, 'at_ms' | 'execution_id'>
  | Without<FeedbackEntry, 'at_ms' | 'session_id'>
  | Without<EpisodeEntry, 'at_ms' | 'episode_id' | 'confidence'>
  | Without<RecommendationEntry, 'at_ms'>
  | Without<ResetEntry, 'at_ms'>
  | TrainingEntry;

export type Line = Header | SettingsLine | EntryLine;

/** The line of an entry; JSON texts stand in it as JSON. */
export function lineOf(entry: Entry): string {
  if (entry.kind === 'execution') return JSON.stringify({ ...entry, arguments: parsedOrNull(entry.arguments) });
  if (entry.kind === 'registration') return JSON.stringify({ ...entry, input_schema: parsedOrNull(entry.input_schema) });
  return JSON.stringify(entry);
}

function parsedOrNull(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
