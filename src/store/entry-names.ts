import type { Trx } from './database.ts';
import { toolListsById } from './tool-lists.ts';
import { toolNamesById } from './tools.ts';

/** The names behind the keys that a page of rows holds. */
export interface EntryNames {
  /** Of a JSON array of tool keys. */
  ofJson(tool_ids: string): readonly string[];
  ofList(list_id: number | null): readonly string[] | null;
}

/** Reads what rows name: lists of tools by key, and JSON arrays of tool keys. */
export async function entryNames(
  trx: Trx,
  rows: { readonly list_ids: readonly (number | null)[]; readonly tool_ids: readonly string[] },
): Promise<EntryNames> {
  const lists = await toolListsById(trx, [...new Set(rows.list_ids.flatMap((id) => id ?? []))]);
  const arrays = new Map(rows.tool_ids.map((json) => [json, JSON.parse(json) as number[]]));
  const names = await toolNamesById(trx, [...new Set([...[...arrays.values()].flat(), ...[...lists.values()].flat()])]);
  const named = (ids: readonly number[]) => ids.flatMap((id) => names.get(id) ?? []);
  return {
    ofJson: (tool_ids) => named(arrays.get(tool_ids) ?? []),
    ofList: (list_id) => (list_id === null ? null : named(lists.get(list_id) ?? [])),
  };
}
