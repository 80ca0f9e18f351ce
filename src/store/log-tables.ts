/** The tables of migrations/3-replayable-log.sql as Kysely sees them. */

export interface LearningSettingsTable {
  readonly settings_id: number;
  readonly digest: string;
  readonly settings: string;
}

export interface ExplorationResetTable {
  readonly reset_seq: number;
  readonly log_position: number;
  readonly recommendation_seq: number;
  readonly created_at_ms: number;
}

export interface SessionUpdateTable {
  readonly update_key: number;
  readonly update_count: number;
}

export interface ToolSessionTable {
  readonly tool_id: number;
  readonly session_id: number;
}

export interface LogStateTable {
  readonly state_id: number;
  readonly rewrite_count: number;
  readonly pruned_executions: number;
  readonly pruned_position: number;
}
