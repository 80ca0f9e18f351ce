import type { Outcome } from '../core/types.ts';

/** When something was recorded, and the settings it was learned with (null: not known, recorded before version 3). */
interface Recorded {
  /** Epoch milliseconds. */
  readonly at_ms: number;
  readonly settings_id: number | null;
}

export interface RegistrationEntry {
  readonly kind: 'registration';
  readonly at_ms: number;
  readonly tool_name: string;
  readonly description: string | null;
  /** JSON text. */
  readonly input_schema: string | null;
}

/** A call as it was recorded: a rating that came later is an entry of its own. */
export interface ExecutionEntry extends Recorded {
  readonly kind: 'execution';
  readonly execution_id: string;
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms: number | null;
  readonly user_rating: number | null;
  readonly query: string | null;
  /** JSON text. */
  readonly arguments: string | null;
  readonly result: string | null;
  readonly error_message: string | null;
  readonly available_tools: readonly string[] | null;
  readonly is_terminal: boolean;
  readonly recommendation_id: string | null;
}

export interface FeedbackEntry extends Recorded {
  readonly kind: 'feedback';
  readonly execution_id: string;
  /** Of the execution. */
  readonly session_id: string;
  readonly rating: number;
  readonly feedback: string | null;
}

export interface EpisodeEntry extends Recorded {
  readonly kind: 'episode';
  readonly episode_id: string;
  readonly session_id: string;
  readonly outcome: Outcome;
  /** How sure the outcome is, in [0, 1]: 1 is what an agent or a user said, less is told from behaviour. */
  readonly confidence: number;
  readonly tool_sequence: readonly string[];
  readonly episode_reward: number;
  /** The caller named the reward. */
  readonly reward_given: boolean;
}

/** Advice, as it was answered. */
export interface RecommendationEntry extends Recorded {
  readonly kind: 'recommendation';
  readonly recommendation_id: string;
  readonly session_id: string | null;
  readonly query: string | null;
  readonly context_hash: string;
  readonly policy: string;
  /** Best first. */
  readonly tools: readonly string[];
  /** What a drawn tool was drawn from; null: ranked, not drawn. */
  readonly candidates: readonly string[] | null;
  readonly propensity: number | null;
  readonly was_exploration: boolean | null;
  readonly exploration_rate: number | null;
}

/** `reset_exploration` was called. */
export interface ResetEntry {
  readonly kind: 'reset';
  readonly at_ms: number;
}

/** `train` ran one batch; those that follow from executions follow from them again. */
export interface TrainingEntry {
  readonly kind: 'training';
  readonly settings_id: number | null;
  readonly batch_size: number;
}

/** One thing that was told to toolwise. All entries in their order make the database. */
export type Entry = RegistrationEntry | ExecutionEntry | FeedbackEntry | EpisodeEntry | RecommendationEntry | ResetEntry | TrainingEntry;

/** An entry and where it stands: the place in the log, or the place of the last event before it. */
export interface PlacedEntry {
  readonly position: number;
  readonly entry: Entry;
}
