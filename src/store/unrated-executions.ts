import type { Trx } from './database.ts';

export interface UnratedFilter {
  readonly tool_name: string | undefined;
  readonly session_id: string | undefined;
}

/** A call that nobody has rated, with the names that its keys stand for. */
export interface UnratedRow {
  readonly seq: number;
  readonly execution_id: string;
  readonly session_name: string;
  readonly tool_name: string;
  readonly success: number;
  readonly execution_time_ms: number | null;
  readonly error_message: string | null;
  readonly query: string | null;
  readonly created_at_ms: number;
}

function unrated(trx: Trx, { tool_name, session_id }: UnratedFilter) {
  return trx
    .selectFrom('executions as e')
    .innerJoin('tools as t', 't.tool_id', 'e.tool_id')
    .innerJoin('sessions as s', 's.session_id', 'e.session_id')
    .where('e.user_rating', 'is', null)
    .$if(tool_name !== undefined, (query) => query.where('t.name', '=', tool_name ?? ''))
    .$if(session_id !== undefined, (query) => query.where('s.name', '=', session_id ?? ''));
}

/** Newest first. @param before_seq only calls before this one; null: from the newest on */
export async function unratedExecutions(trx: Trx, filter: UnratedFilter, before_seq: number | null, limit: number): Promise<UnratedRow[]> {
  return await unrated(trx, filter)
    .leftJoin('requests as r', 'r.request_id', 'e.request_id')
    .$if(before_seq !== null, (query) => query.where('e.seq', '<', before_seq ?? 0))
    .select(['e.seq', 'e.execution_id', 's.name as session_name', 't.name as tool_name', 'e.success', 'e.execution_time_ms'])
    .select(['e.error_message', 'r.query', 'e.created_at_ms'])
    .orderBy('e.seq', 'desc')
    .limit(limit)
    .execute();
}

/** How many calls nobody has rated. */
export async function countUnrated(trx: Trx, filter: UnratedFilter): Promise<number> {
  const { count } = await unrated(trx, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
