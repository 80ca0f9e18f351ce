import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { FeedbackTable } from './tables.ts';

/** Appends a rating to the log. Where retention has removed all of them, numbers go on: processes remember how far they have read. */
export async function insertFeedback(trx: Trx, feedback: Omit<FeedbackTable, 'feedback_seq'>): Promise<void> {
  await trx
    .insertInto('feedback')
    .values({
      ...feedback,
      feedback_seq: sql<number>`(SELECT coalesce(max(feedback_seq), (SELECT pruned_position FROM log_state)) + 1 FROM feedback)`,
    })
    .execute();
}

/** Whether this rating of the execution at this moment is in the log. */
export async function hasFeedback(
  trx: Trx,
  { execution_id, rating, created_at_ms }: { readonly execution_id: string; readonly rating: number; readonly created_at_ms: number },
): Promise<boolean> {
  const row = await trx
    .selectFrom('feedback as f')
    .innerJoin('executions as e', 'e.seq', 'f.execution_seq')
    .select('f.feedback_seq')
    .where('e.execution_id', '=', execution_id)
    .where('f.rating', '=', rating)
    .where('f.created_at_ms', '=', created_at_ms)
    .executeTakeFirst();
  return row !== undefined;
}

/** The latest words said about each of these executions, by seq. */
export async function latestWords(trx: Trx, execution_seqs: readonly number[]): Promise<Map<number, string>> {
  if (execution_seqs.length === 0) return new Map();
  const rows = await trx
    .selectFrom('feedback')
    .select(['execution_seq', 'words'])
    .where('execution_seq', 'in', execution_seqs)
    .orderBy('feedback_seq')
    .execute();
  return new Map(rows.flatMap((row) => (row.words === null ? [] : [[row.execution_seq, row.words] as const])));
}
