/** The tables of schema.sql and of the migrations as Kysely sees them: one interface a table, one field a column, units as in the files. */

import type { LearnerSeedTable, LearnerSnapshotTable, LearnerTable, RecommendationTable, ReplayBatchTable } from './learner-tables.ts';
import type { ExplorationResetTable, LearningSettingsTable, LogStateTable, SessionUpdateTable, ToolSessionTable } from './log-tables.ts';

export interface ToolTable {
  readonly tool_id: number;
  readonly name: string;
  readonly registration_id: number | null;
  readonly total_calls: number;
  readonly success_count: number;
  readonly timed_calls: number;
  readonly total_time_ms: number;
  readonly rated_calls: number;
  readonly rating_sum: number;
  readonly last_used_at_ms: number | null;
  readonly session_count: number;
  readonly weighted_calls: number;
  readonly weighted_successes: number;
  readonly weighted_timed_calls: number;
  readonly weighted_time_ms: number;
  readonly weighted_rated_calls: number;
  readonly weighted_rating_sum: number;
}

export interface RegistrationTable {
  readonly registration_id: number;
  readonly log_position: number;
  readonly tool_id: number;
  readonly description: string | null;
  readonly input_schema: string | null;
  readonly created_at_ms: number;
}

export interface ToolListTable {
  readonly list_id: number;
  readonly digest: string;
  readonly tool_ids: string;
}

export interface ContextTable {
  readonly context_id: number;
  readonly context_hash: string;
  readonly level: 'exact' | 'step' | 'request' | 'previous';
}

export interface ActionValueTable {
  readonly context_id: number;
  readonly tool_id: number;
  readonly q_value: number;
  readonly success_rate: number;
  readonly visit_count: number;
  readonly selection_count: number;
  readonly updated_at_ms: number;
  readonly weight: number;
  readonly session_count: number;
}

export interface SessionTable {
  readonly session_id: number;
  readonly name: string;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly step_count: number;
  readonly previous_tool_id: number | null;
  readonly request_id: number | null;
}

export interface RequestTable {
  readonly request_id: number;
  readonly log_position: number;
  readonly session_id: number | null;
  readonly query: string;
  readonly created_at_ms: number;
}

export interface ExecutionTable {
  readonly seq: number;
  readonly log_position: number;
  readonly execution_id: string;
  readonly session_id: number;
  readonly step: number;
  readonly tool_id: number;
  readonly success: number;
  readonly execution_time_ms: number | null;
  readonly average_time_ms: number | null;
  readonly user_rating: number | null;
  readonly request_id: number | null;
  readonly list_id: number | null;
  readonly arguments: string | null;
  readonly result: string | null;
  readonly error_message: string | null;
  readonly context_id: number;
  readonly next_context_id: number | null;
  readonly visit_count: number;
  readonly step_visit_count: number;
  readonly request_visit_count: number;
  readonly previous_visit_count: number;
  readonly reward: number;
  readonly td_error: number;
  readonly q_value: number;
  readonly recommendation_id: string | null;
  readonly recommended_rank: number | null;
  readonly created_at_ms: number;
  readonly settings_id: number | null;
  readonly exact_repeats: number | null;
  readonly step_repeats: number | null;
  readonly request_repeats: number | null;
  readonly previous_repeats: number | null;
  readonly tool_repeats: number | null;
}

export interface FeedbackTable {
  readonly feedback_seq: number;
  readonly log_position: number;
  readonly execution_seq: number;
  readonly rating: number;
  readonly words: string | null;
  readonly reward_before: number;
  readonly reward_after: number;
  readonly created_at_ms: number;
  readonly rating_before: number | null;
  readonly settings_id: number | null;
}

export interface TransitionTable {
  readonly seq: number;
  readonly priority: number;
}

export interface EpisodeTable {
  readonly episode_seq: number;
  readonly log_position: number;
  readonly episode_id: string;
  readonly session_id: number;
  readonly outcome: 'success' | 'partial' | 'failure';
  readonly episode_reward: number;
  readonly tool_ids: string;
  readonly length: number;
  readonly ngrams_updated: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly created_at_ms: number;
  readonly settings_id: number | null;
  readonly reward_given: number | null;
  readonly confidence: number;
}

export interface NgramTable {
  readonly previous_1: number;
  readonly previous_2: number;
  readonly previous_3: number;
  readonly previous_4: number;
  readonly next_tool_id: number;
  readonly occurrence_count: number;
  readonly episode_count: number;
  readonly avg_reward: number;
  readonly success_rate: number;
  readonly weight: number;
  readonly session_count: number;
}

export interface SpoolFileTable {
  readonly name: string;
  readonly taken_bytes: number;
}

export interface OpenTurnTable {
  readonly session_name: string;
  readonly spool_name: string;
  readonly state: string;
  readonly changed_at_ms: number;
}

export interface Tables {
  readonly tools: ToolTable;
  readonly registrations: RegistrationTable;
  readonly tool_lists: ToolListTable;
  readonly contexts: ContextTable;
  readonly action_values: ActionValueTable;
  readonly sessions: SessionTable;
  readonly requests: RequestTable;
  readonly executions: ExecutionTable;
  readonly feedback: FeedbackTable;
  readonly transitions: TransitionTable;
  readonly episodes: EpisodeTable;
  readonly ngrams: NgramTable;
  readonly recommendations: RecommendationTable;
  readonly replay_batches: ReplayBatchTable;
  readonly learner: LearnerTable;
  readonly learner_seed: LearnerSeedTable;
  readonly learner_snapshots: LearnerSnapshotTable;
  readonly learning_settings: LearningSettingsTable;
  readonly exploration_resets: ExplorationResetTable;
  readonly session_updates: SessionUpdateTable;
  readonly tool_sessions: ToolSessionTable;
  readonly log_state: LogStateTable;
  readonly spool_files: SpoolFileTable;
  readonly open_turns: OpenTurnTable;
}
