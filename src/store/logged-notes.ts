import type { Trx } from './database.ts';
import { entryNames } from './entry-names.ts';
import type { PlacedEntry } from './log-entries.ts';

/** How far the rows without a place of their own were read. */
export interface NotesCursor {
  readonly recommendation_seq: number;
  readonly reset_seq: number;
  readonly batch: number;
}

/** A row without a place of its own, and the cursor that stands behind it. */
export interface Note extends PlacedEntry {
  readonly cursor: Partial<NotesCursor>;
}

const ROWS = 500;

/** The next recommendations, at most 500, in their order. */
export async function notedRecommendations(trx: Trx, after_seq: number): Promise<Note[]> {
  const rows = await trx
    .selectFrom('recommendations as r')
    .innerJoin('contexts as c', 'c.context_id', 'r.context_id')
    .leftJoin('sessions as s', 's.session_id', 'r.session_id')
    .leftJoin('requests as q', 'q.request_id', 'r.request_id')
    .selectAll('r')
    .select(['c.context_hash', 's.name as session_name', 'q.query'])
    .where('r.recommendation_seq', '>', after_seq)
    .orderBy('r.recommendation_seq')
    .limit(ROWS)
    .execute();
  const names = await entryNames(trx, { list_ids: rows.map((row) => row.list_id), tool_ids: rows.map((row) => row.tool_ids) });
  return rows.map((row) => ({
    position: row.log_position ?? 0,
    cursor: { recommendation_seq: row.recommendation_seq },
    entry: {
      kind: 'recommendation',
      at_ms: row.created_at_ms,
      settings_id: row.settings_id,
      recommendation_id: row.recommendation_id,
      session_id: row.session_name,
      query: row.query,
      context_hash: row.context_hash,
      policy: row.policy,
      tools: names.ofJson(row.tool_ids),
      candidates: names.ofList(row.list_id),
      propensity: row.propensity,
      was_exploration: row.was_exploration === null ? null : row.was_exploration === 1,
      exploration_rate: row.exploration_rate,
    },
  }));
}

/** The resets of the exploration rate after this one, each with the recommendation it came after. */
export async function notedResets(trx: Trx, after_seq: number): Promise<(Note & { readonly after_recommendation: number })[]> {
  const rows = await trx.selectFrom('exploration_resets').selectAll().where('reset_seq', '>', after_seq).orderBy('reset_seq').execute();
  return rows.map((row) => ({
    position: row.log_position,
    cursor: { reset_seq: row.reset_seq },
    after_recommendation: row.recommendation_seq,
    entry: { kind: 'reset', at_ms: row.created_at_ms },
  }));
}

/** The batches after this one that `train` ran. */
export async function notedTrainings(trx: Trx, after_batch: number): Promise<Note[]> {
  const rows = await trx
    .selectFrom('replay_batches')
    .select(['batch', 'log_position', 'settings_id', 'size'])
    .where('batch', '>', after_batch)
    .where('asked_for', '=', 1)
    .orderBy('batch')
    .limit(ROWS)
    .execute();
  return rows.map((row) => ({
    position: row.log_position ?? 0,
    cursor: { batch: row.batch },
    entry: { kind: 'training', settings_id: row.settings_id, batch_size: row.size },
  }));
}
