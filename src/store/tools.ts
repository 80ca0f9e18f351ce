import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { onlyRow, prepared } from './prepared.ts';
import type { ToolTable } from './tables.ts';

/** A tool with its running totals. Times are milliseconds, ratings 1–5 stars. */
export type ToolRecord = ToolTable;

/** What one execution adds to its tool's totals. */
export interface ToolTotalsChange {
  readonly tool_id: number;
  readonly success: boolean;
  readonly execution_time_ms: number | null;
  readonly user_rating: number | null;
  readonly at_ms: number;
  /** What the call counts in what rankings rest on, in [0, 1]. */
  readonly weight: number;
  /** Its session had not called the tool before. */
  readonly is_new_session: boolean;
}

const byName = prepared((db, values: { readonly names: readonly string[] }) =>
  db.selectFrom('tools').selectAll().where('name', 'in', values.names),
);

export async function findToolsByName(trx: Trx, names: readonly string[]): Promise<ToolRecord[]> {
  return names.length === 0 ? [] : await byName(trx, { names });
}

/** Every tool that was registered or ever executed, in the order it became known. */
export async function listKnownTools(trx: Trx): Promise<ToolRecord[]> {
  return await trx
    .selectFrom('tools')
    .selectAll()
    .where((eb) => eb.or([eb('registration_id', 'is not', null), eb('total_calls', '>', 0)]))
    .orderBy('tool_id')
    .execute();
}

export async function toolNamesById(trx: Trx, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = ids.length === 0 ? [] : await trx.selectFrom('tools').select(['tool_id', 'name']).where('tool_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.tool_id, row.name]));
}

const countKnown = prepared((db, _: object) =>
  db
    .selectFrom('tools')
    .select(sql<number>`count(*)`.as('count'))
    .where((eb) => eb.or([eb('registration_id', 'is not', null), eb('total_calls', '>', 0)])),
);

/** Tools registered or ever executed, count. */
export async function countKnownTools(trx: Trx): Promise<number> {
  return Number(onlyRow(await countKnown(trx, {})).count);
}

/** Makes the row of a tool that has none yet and returns its key. */
export async function insertTool(trx: Trx, name: string): Promise<number> {
  const { tool_id } = await trx
    .insertInto('tools')
    .values({ tool_id: sql<number>`(SELECT coalesce(max(tool_id), 0) + 1 FROM tools)`, name, ...NO_TOTALS })
    .returning('tool_id')
    .executeTakeFirstOrThrow();
  return tool_id;
}

const NO_TOTALS = Object.freeze({
  total_calls: 0,
  success_count: 0,
  timed_calls: 0,
  total_time_ms: 0,
  rated_calls: 0,
  rating_sum: 0,
  session_count: 0,
  weighted_calls: 0,
  weighted_successes: 0,
  weighted_timed_calls: 0,
  weighted_time_ms: 0,
  weighted_rated_calls: 0,
  weighted_rating_sum: 0,
});

type Additions = Omit<ToolTable, 'name' | 'registration_id' | 'total_calls' | 'last_used_at_ms'>;

const addCall = prepared((db, call: Additions & { readonly at_ms: number }) =>
  db
    .updateTable('tools')
    .set((eb) => ({
      total_calls: eb('total_calls', '+', 1),
      success_count: eb('success_count', '+', call.success_count),
      timed_calls: eb('timed_calls', '+', call.timed_calls),
      total_time_ms: eb('total_time_ms', '+', call.total_time_ms),
      rated_calls: eb('rated_calls', '+', call.rated_calls),
      rating_sum: eb('rating_sum', '+', call.rating_sum),
      session_count: eb('session_count', '+', call.session_count),
      weighted_calls: eb('weighted_calls', '+', call.weighted_calls),
      weighted_successes: eb('weighted_successes', '+', call.weighted_successes),
      weighted_timed_calls: eb('weighted_timed_calls', '+', call.weighted_timed_calls),
      weighted_time_ms: eb('weighted_time_ms', '+', call.weighted_time_ms),
      weighted_rated_calls: eb('weighted_rated_calls', '+', call.weighted_rated_calls),
      weighted_rating_sum: eb('weighted_rating_sum', '+', call.weighted_rating_sum),
      last_used_at_ms: call.at_ms,
    }))
    .where('tool_id', '=', call.tool_id),
);

/** Adds one execution to the tool's totals, in one statement. */
export async function addToTotals(trx: Trx, change: ToolTotalsChange): Promise<void> {
  const { tool_id, success, execution_time_ms, user_rating, at_ms, weight, is_new_session } = change;
  const success_count = success ? 1 : 0;
  const timed_calls = execution_time_ms === null ? 0 : 1;
  const total_time_ms = execution_time_ms ?? 0;
  const rated_calls = user_rating === null ? 0 : 1;
  const rating_sum = user_rating ?? 0;
  await addCall(trx, {
    tool_id,
    success_count,
    timed_calls,
    total_time_ms,
    rated_calls,
    rating_sum,
    session_count: is_new_session ? 1 : 0,
    weighted_calls: weight,
    weighted_successes: weight * success_count,
    weighted_timed_calls: weight * timed_calls,
    weighted_time_ms: weight * total_time_ms,
    weighted_rated_calls: weight * rated_calls,
    weighted_rating_sum: weight * rating_sum,
    at_ms,
  });
}

/** Replaces one rating (null: there was none) of the tool by another. @param call weight: what the call rated counts, in [0, 1] */
export async function replaceRating(
  trx: Trx,
  call: { readonly tool_id: number; readonly weight: number },
  before: number | null,
  after: number,
): Promise<void> {
  const { tool_id, weight } = call;
  const rated_calls = before === null ? 1 : 0;
  const stars = after - (before ?? 0);
  await trx
    .updateTable('tools')
    .set((eb) => ({
      rated_calls: eb('rated_calls', '+', rated_calls),
      rating_sum: eb('rating_sum', '+', stars),
      weighted_rated_calls: eb('weighted_rated_calls', '+', weight * rated_calls),
      weighted_rating_sum: eb('weighted_rating_sum', '+', weight * stars),
    }))
    .where('tool_id', '=', tool_id)
    .execute();
}

/** Tools by falling number of calls, then name. */
export async function pageOfTools(
  trx: Trx,
  page: { readonly name: string | undefined; readonly limit: number; readonly offset: number },
): Promise<ToolRecord[]> {
  return await trx
    .selectFrom('tools')
    .selectAll()
    .where((eb) => eb.or([eb('registration_id', 'is not', null), eb('total_calls', '>', 0)]))
    .$if(page.name !== undefined, (query) => query.where('name', '=', page.name ?? ''))
    .orderBy('total_calls', 'desc')
    .orderBy('name')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function toolNamesWithPrefix(trx: Trx, prefix: string, limit: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('tools')
    .select('name')
    .where(sql<string>`substr(name, 1, ${prefix.length})`, '=', prefix)
    .orderBy('total_calls', 'desc')
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map((row) => row.name);
}
