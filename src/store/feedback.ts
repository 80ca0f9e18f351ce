import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { FeedbackTable } from './tables.ts';

/** Appends a rating to the log. */
export async function insertFeedback(trx: Trx, feedback: Omit<FeedbackTable, 'feedback_seq'>): Promise<void> {
  await trx
    .insertInto('feedback')
    .values({ ...feedback, feedback_seq: sql<number>`(SELECT coalesce(max(feedback_seq), 0) + 1 FROM feedback)` })
    .execute();
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
