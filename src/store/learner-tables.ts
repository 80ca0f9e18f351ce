/** The tables of migrations/2-learner-snapshots.sql as Kysely sees them. */

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
