/** The tables of advice, replay and the learner as Kysely sees them. */

export interface LearnerSeedTable {
  readonly seed_id: number;
  readonly seed: number;
}

export interface LearnerSnapshotTable {
  readonly snapshot_id: number;
  readonly log_position: number;
  readonly format: number;
  readonly payload: string;
  readonly created_at_ms: number;
}

export interface RecommendationTable {
  readonly recommendation_seq: number;
  readonly recommendation_id: string;
  readonly session_id: number | null;
  readonly request_id: number | null;
  readonly context_id: number;
  readonly policy: string;
  readonly tool_ids: string;
  readonly list_id: number | null;
  readonly propensity: number | null;
  readonly was_exploration: number | null;
  readonly exploration_rate: number | null;
  readonly execution_seq: number | null;
  readonly created_at_ms: number;
  readonly log_position: number | null;
  readonly settings_id: number | null;
}

export interface ReplayBatchTable {
  readonly batch: number;
  readonly after_seq: number;
  readonly size: number;
  readonly avg_td_error: number;
  readonly log_position: number | null;
  readonly settings_id: number | null;
  readonly seqs: string | null;
  readonly asked_for: number | null;
}

export interface LearnerTable {
  readonly learner_id: number;
  readonly log_position: number;
  readonly update_count: number;
  readonly selection_count: number;
  readonly selections_since_reset: number;
  readonly batch_count: number;
}
