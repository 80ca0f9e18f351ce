import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { RecommendationTable } from './learner-tables.ts';
import { prepared } from './prepared.ts';

/** Advice that was given: the tools answered, best first, and for a drawn tool its probability. */
export interface Recommendation extends Omit<RecommendationTable, 'tool_ids' | 'was_exploration'> {
  readonly tool_ids: readonly number[];
  readonly was_exploration: boolean | null;
}

const append = prepared((db, row: Omit<RecommendationTable, 'recommendation_seq' | 'execution_seq'>) =>
  db.insertInto('recommendations').values({
    ...row,
    recommendation_seq: sql<number>`(SELECT coalesce(max(recommendation_seq), 0) + 1 FROM recommendations)`,
  }),
);

export async function insertRecommendation(
  trx: Trx,
  recommendation: Omit<Recommendation, 'recommendation_seq' | 'execution_seq'>,
): Promise<void> {
  await append(trx, {
    ...recommendation,
    tool_ids: JSON.stringify(recommendation.tool_ids),
    was_exploration: recommendation.was_exploration === null ? null : Number(recommendation.was_exploration),
  });
}

const byId = prepared((db, values: { readonly recommendation_id: string }) =>
  db.selectFrom('recommendations').selectAll().where('recommendation_id', '=', values.recommendation_id),
);

export async function findRecommendation(trx: Trx, recommendation_id: string): Promise<Recommendation | undefined> {
  const [row] = await byId(trx, { recommendation_id });
  return row === undefined ? undefined : parsed(row);
}

const latestOf = prepared((db, values: { readonly session_id: number }) =>
  db.selectFrom('recommendations').selectAll().where('session_id', '=', values.session_id).orderBy('recommendation_seq', 'desc').limit(1),
);

/** The latest advice of the session, whether an execution is joined to it or not. */
export async function latestRecommendation(trx: Trx, session_id: number): Promise<Recommendation | undefined> {
  const [row] = await latestOf(trx, { session_id });
  return row === undefined ? undefined : parsed(row);
}

const join = prepared((db, values: { readonly recommendation_seq: number; readonly execution_seq: number }) =>
  db
    .updateTable('recommendations')
    .set({ execution_seq: values.execution_seq })
    .where('recommendation_seq', '=', values.recommendation_seq)
    .where('execution_seq', 'is', null),
);

/** Joins an execution to the advice; the first one stays. */
export async function joinExecution(trx: Trx, recommendation_seq: number, execution_seq: number): Promise<void> {
  await join(trx, { recommendation_seq, execution_seq });
}

export async function countRecommendations(trx: Trx): Promise<number> {
  const { count } = await trx
    .selectFrom('recommendations')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function parsed(row: RecommendationTable): Recommendation {
  return {
    ...row,
    tool_ids: JSON.parse(row.tool_ids) as number[],
    was_exploration: row.was_exploration === null ? null : row.was_exploration === 1,
  };
}
