import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';

/** The key of a list of tools, made if this list was never seen. Equal lists in equal order share one row. */
export async function internToolList(trx: Trx, tool_ids: readonly number[], digest: string): Promise<number> {
  const known = await trx.selectFrom('tool_lists').select('list_id').where('digest', '=', digest).executeTakeFirst();
  if (known !== undefined) return known.list_id;
  const { list_id } = await trx
    .insertInto('tool_lists')
    .values({ list_id: sql<number>`(SELECT coalesce(max(list_id), 0) + 1 FROM tool_lists)`, digest, tool_ids: JSON.stringify(tool_ids) })
    .returning('list_id')
    .executeTakeFirstOrThrow();
  return list_id;
}

const byId = prepared((db, values: { readonly list_ids: readonly number[] }) =>
  db.selectFrom('tool_lists').select(['list_id', 'tool_ids']).where('list_id', 'in', values.list_ids),
);

/** The tools of each of the lists named. */
export async function toolListsById(trx: Trx, list_ids: readonly number[]): Promise<Map<number, readonly number[]>> {
  if (list_ids.length === 0) return new Map();
  const rows = await byId(trx, { list_ids });
  return new Map(rows.map((row) => [row.list_id, JSON.parse(row.tool_ids) as number[]]));
}
