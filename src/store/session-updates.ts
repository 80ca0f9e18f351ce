import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';

const KEYS_A_STATEMENT = 500;

const count = prepared((db, values: { readonly keys: readonly number[] }) =>
  db
    .insertInto('session_updates')
    .values(values.keys.map((update_key) => ({ update_key, update_count: 1 })))
    .onConflict((conflict) =>
      conflict.column('update_key').doUpdateSet((eb) => ({ update_count: eb('session_updates.update_count', '+', 1) })),
    )
    .returning(['update_key', 'update_count']),
);

/** Counts one update under each of these keys ({@link updateKey}). @returns by key, how many there had been before */
export async function countUpdates(trx: Trx, keys: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const before = new Map<number, number>();
  for (let start = 0; start < keys.length; start += KEYS_A_STATEMENT) {
    const rows = await count(trx, { keys: keys.slice(start, start + KEYS_A_STATEMENT) });
    for (const { update_key, update_count } of rows) before.set(update_key, update_count - 1);
  }
  return before;
}

const drop = prepared((db, page: { readonly before: number; readonly limit: number }) => ({
  compile: () =>
    sql<never>`DELETE FROM session_updates WHERE update_key IN
(SELECT update_key FROM session_updates WHERE update_key < ${page.before} ORDER BY update_key LIMIT ${page.limit})`.compile(db),
}));

/** Drops counts below a key, the least first. @param limit rows at most */
export async function dropUpdatesBefore(trx: Trx, before: number, limit: number): Promise<void> {
  await drop(trx, { before, limit });
}

const call = prepared((db, pair: { readonly tool_id: number; readonly session_id: number }) =>
  db
    .insertInto('tool_sessions')
    .values(pair)
    .onConflict((conflict) => conflict.doNothing())
    .returning('tool_id'),
);

/** Notes that a session called a tool. @returns whether it is the first time */
export async function noteSession(trx: Trx, tool_id: number, session_id: number): Promise<boolean> {
  return (await call(trx, { tool_id, session_id })).length > 0;
}
