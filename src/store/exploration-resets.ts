import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** Remembers where in the order of recommendations the exploration rate was set back. */
export async function insertReset(trx: Trx, reset: { readonly log_position: number; readonly created_at_ms: number }): Promise<void> {
  await trx
    .insertInto('exploration_resets')
    .values({
      ...reset,
      reset_seq: sql<number>`(SELECT coalesce(max(reset_seq), 0) + 1 FROM exploration_resets)`,
      recommendation_seq: sql<number>`(SELECT coalesce(max(recommendation_seq), 0) FROM recommendations)`,
    })
    .execute();
}

/** Whether a reset of this moment is remembered. */
export async function hasReset(trx: Trx, created_at_ms: number): Promise<boolean> {
  const row = await trx.selectFrom('exploration_resets').select('reset_seq').where('created_at_ms', '=', created_at_ms).executeTakeFirst();
  return row !== undefined;
}
