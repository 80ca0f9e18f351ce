import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';
import type { ExecutionTable } from './tables.ts';

/** One line of the log. */
export type Execution = ExecutionTable;

/** An execution with the names that its keys stand for. */
export interface NamedExecution extends Execution {
  readonly tool_name: string;
  readonly session_name: string;
  readonly query: string | null;
  readonly context_hash: string;
  readonly next_context_hash: string | null;
}

const append = prepared((db, execution: Execution) => db.insertInto('executions').values(execution));

export async function insertExecution(trx: Trx, execution: Execution): Promise<void> {
  await append(trx, execution);
}

function named(trx: Trx) {
  return trx
    .selectFrom('executions as e')
    .innerJoin('tools as t', 't.tool_id', 'e.tool_id')
    .innerJoin('sessions as s', 's.session_id', 'e.session_id')
    .innerJoin('contexts as c', 'c.context_id', 'e.context_id')
    .leftJoin('contexts as n', 'n.context_id', 'e.next_context_id')
    .leftJoin('requests as r', 'r.request_id', 'e.request_id')
    .selectAll('e')
    .select(['t.name as tool_name', 's.name as session_name', 'r.query', 'c.context_hash', 'n.context_hash as next_context_hash']);
}

const byId = prepared((db, values: { readonly execution_id: string }) => named(db).where('e.execution_id', '=', values.execution_id));

export async function findExecution(trx: Trx, execution_id: string): Promise<NamedExecution | undefined> {
  const [execution] = await byId(trx, { execution_id });
  return execution;
}

export interface ExecutionFilter {
  readonly tool_name: string | undefined;
  readonly session_id: string | undefined;
  /** Only executions before this one; null: from the newest on. */
  readonly before_seq: number | null;
  readonly limit: number;
}

/** Newest first. */
export async function pageOfExecutions(trx: Trx, filter: ExecutionFilter): Promise<NamedExecution[]> {
  return await named(trx)
    .$if(filter.tool_name !== undefined, (query) => query.where('t.name', '=', filter.tool_name ?? ''))
    .$if(filter.session_id !== undefined, (query) => query.where('s.name', '=', filter.session_id ?? ''))
    .$if(filter.before_seq !== null, (query) => query.where('e.seq', '<', filter.before_seq ?? 0))
    .orderBy('e.seq', 'desc')
    .limit(filter.limit)
    .execute();
}

/** What replay needs of an execution. */
export type Replayable = Pick<Execution, 'seq' | 'context_id' | 'tool_id' | 'reward' | 'next_context_id' | 'list_id' | 'exact_repeats'>;

const bySeq = prepared((db, values: { readonly seqs: readonly number[] }) =>
  db
    .selectFrom('executions')
    .select(['seq', 'context_id', 'tool_id', 'reward', 'next_context_id', 'list_id', 'exact_repeats'])
    .where('seq', 'in', values.seqs),
);

export async function executionsBySeq(trx: Trx, seqs: readonly number[]): Promise<Map<number, Replayable>> {
  const rows = await bySeq(trx, { seqs });
  return new Map(rows.map((row) => [row.seq, row]));
}

/** The names of the latest tools of a session since its last episode, oldest first. */
export async function recentTools(trx: Trx, session_id: number, count: number): Promise<string[]> {
  if (count <= 0) return [];
  const rows = await trx
    .selectFrom('executions as e')
    .innerJoin('tools as t', 't.tool_id', 'e.tool_id')
    .select('t.name')
    .where('e.session_id', '=', session_id)
    .orderBy('e.seq', 'desc')
    .limit(count)
    .execute();
  return rows.map((row) => row.name).reverse();
}

/** The tool called just before this execution in its session. */
export async function toolBefore(trx: Trx, execution: Pick<Execution, 'session_id' | 'seq' | 'step'>): Promise<string | null> {
  if (execution.step === 0) return null;
  const row = await trx
    .selectFrom('executions as e')
    .innerJoin('tools as t', 't.tool_id', 'e.tool_id')
    .select('t.name')
    .where('e.session_id', '=', execution.session_id)
    .where('e.seq', '<', execution.seq)
    .orderBy('e.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.name ?? null;
}

export interface SessionStep {
  readonly seq: number;
  readonly tool_id: number;
  readonly reward: number;
  readonly user_rating: number | null;
}

/** The executions of a session after `after_seq`, oldest first. */
export async function stepsAfter(trx: Trx, session_id: number, after_seq: number): Promise<SessionStep[]> {
  return await trx
    .selectFrom('executions')
    .select(['seq', 'tool_id', 'reward', 'user_rating'])
    .where('session_id', '=', session_id)
    .where('seq', '>', after_seq)
    .orderBy('seq')
    .execute();
}

/** The call's rating and the reward it leads to. */
export async function rateExecution(
  trx: Trx,
  rating: { readonly seq: number; readonly user_rating: number; readonly reward: number },
): Promise<void> {
  const { seq, user_rating, reward } = rating;
  await trx.updateTable('executions').set({ user_rating, reward }).where('seq', '=', seq).execute();
}

export interface SuccessfulCall {
  readonly seq: number;
  readonly arguments: string;
  readonly user_rating: number | null;
  readonly query: string | null;
}

/** The latest successful calls of a tool whose arguments were recorded, newest first. */
export async function successfulCalls(trx: Trx, tool_id: number, limit: number): Promise<SuccessfulCall[]> {
  const rows = await trx
    .selectFrom('executions as e')
    .leftJoin('requests as r', 'r.request_id', 'e.request_id')
    .select(['e.seq', 'e.arguments', 'e.user_rating', 'r.query'])
    .where('e.tool_id', '=', tool_id)
    .where('e.success', '=', 1)
    .where('e.arguments', 'is not', null)
    .orderBy('e.seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, arguments: row.arguments ?? '{}' }));
}

/** Executions of a tool from `first_seq` on, count. */
export async function countCallsSince(trx: Trx, tool_id: number, first_seq: number): Promise<number> {
  const { count } = await trx
    .selectFrom('executions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tool_id', '=', tool_id)
    .where('seq', '>=', first_seq)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface FollowedCounts {
  readonly followed: number;
  readonly followed_success: number;
  readonly otherwise: number;
  readonly otherwise_success: number;
}

/** Advice that an execution answers: those whose first execution took the tool ranked first, and the others. */
export async function countFollowed(trx: Trx): Promise<FollowedCounts> {
  const followed = sql`e.recommended_rank = 1`;
  const row = await trx
    .selectFrom('recommendations as r')
    .innerJoin('executions as e', 'e.seq', 'r.execution_seq')
    .select([
      sql<number>`coalesce(sum(CASE WHEN ${followed} THEN 1 ELSE 0 END), 0)`.as('followed'),
      sql<number>`coalesce(sum(CASE WHEN ${followed} THEN e.success ELSE 0 END), 0)`.as('followed_success'),
      sql<number>`coalesce(sum(CASE WHEN ${followed} THEN 0 ELSE 1 END), 0)`.as('otherwise'),
      sql<number>`coalesce(sum(CASE WHEN ${followed} THEN 0 ELSE e.success END), 0)`.as('otherwise_success'),
    ])
    .executeTakeFirstOrThrow();
  return {
    followed: Number(row.followed),
    followed_success: Number(row.followed_success),
    otherwise: Number(row.otherwise),
    otherwise_success: Number(row.otherwise_success),
  };
}
