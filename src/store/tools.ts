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
});

type Additions = Pick<ToolTable, 'tool_id' | 'success_count' | 'timed_calls' | 'total_time_ms' | 'rated_calls' | 'rating_sum'>;

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
      last_used_at_ms: call.at_ms,
    }))
    .where('tool_id', '=', call.tool_id),
);

/** Adds one execution to the tool's totals, in one statement. */
export async function addToTotals(trx: Trx, change: ToolTotalsChange): Promise<void> {
  const { tool_id, success, execution_time_ms, user_rating, at_ms } = change;
  await addCall(trx, {
    tool_id,
    success_count: success ? 1 : 0,
    timed_calls: execution_time_ms === null ? 0 : 1,
    total_time_ms: execution_time_ms ?? 0,
    rated_calls: user_rating === null ? 0 : 1,
    rating_sum: user_rating ?? 0,
    at_ms,
  });
}

/** Replaces one rating (null: there was none) of the tool by another. */
export async function replaceRating(trx: Trx, tool_id: number, before: number | null, after: number): Promise<void> {
  await trx
    .updateTable('tools')
    .set((eb) => ({
      rated_calls: eb('rated_calls', '+', before === null ? 1 : 0),
      rating_sum: eb('rating_sum', '+', after - (before ?? 0)),
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
