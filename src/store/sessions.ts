import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { onlyRow, prepared } from './prepared.ts';
import type { RequestTable, SessionTable } from './tables.ts';

/** A session's cursor: how many steps since its last episode, the tool of the latest, and the request it is about. */
export interface SessionCursor extends SessionTable {
  readonly query: string | null;
  readonly previous_tool: string | null;
}

const byName = prepared((db, values: { readonly name: string }) =>
  db
    .selectFrom('sessions as s')
    .leftJoin('requests as r', 'r.request_id', 's.request_id')
    .leftJoin('tools as t', 't.tool_id', 's.previous_tool_id')
    .selectAll('s')
    .select(['r.query', 't.name as previous_tool'])
    .where('s.name', '=', values.name),
);

export async function findSession(trx: Trx, name: string): Promise<SessionCursor | undefined> {
  const [session] = await byName(trx, { name });
  return session;
}

export async function insertSession(trx: Trx, name: string, at_ms: number): Promise<SessionCursor> {
  const row = await trx
    .insertInto('sessions')
    .values({
      session_id: sql<number>`(SELECT coalesce(max(session_id), 0) + 1 FROM sessions)`,
      name,
      created_at_ms: at_ms,
      updated_at_ms: at_ms,
      step_count: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...row, query: null, previous_tool: null };
}

const step = prepared((db, values: { readonly session_id: number; readonly tool_id: number; readonly at_ms: number }) =>
  db
    .updateTable('sessions')
    .set((eb) => ({ step_count: eb('step_count', '+', 1), previous_tool_id: values.tool_id, updated_at_ms: values.at_ms }))
    .where('session_id', '=', values.session_id),
);

/** Moves the cursor past one execution. */
export async function advanceSession(trx: Trx, session_id: number, tool_id: number, at_ms: number): Promise<void> {
  await step(trx, { session_id, tool_id, at_ms });
}

/** After an episode the next execution is a first step again. */
export async function rewindSession(trx: Trx, session_id: number, at_ms: number): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ step_count: 0, previous_tool_id: null, updated_at_ms: at_ms })
    .where('session_id', '=', session_id)
    .execute();
}

const appendRequest = prepared((db, request: Omit<RequestTable, 'request_id'>) =>
  db
    .insertInto('requests')
    .values({ ...request, request_id: sql<number>`(SELECT coalesce(max(request_id), 0) + 1 FROM requests)` })
    .returning('request_id'),
);

/** Appends a request to the log and, when it belongs to a session, makes it the session's latest. */
export async function insertRequest(trx: Trx, request: Omit<RequestTable, 'request_id'>): Promise<number> {
  const { request_id } = onlyRow(await appendRequest(trx, request));
  if (request.session_id !== null) {
    await trx.updateTable('sessions').set({ request_id }).where('session_id', '=', request.session_id).execute();
  }
  return request_id;
}

/** Requests that belong to the session, count. */
export async function countRequestsOf(trx: Trx, session_id: number): Promise<number> {
  const { count } = await trx
    .selectFrom('requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('session_id', '=', session_id)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function sessionNamesWithPrefix(trx: Trx, prefix: string, limit: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('sessions')
    .select('name')
    .where(sql<string>`substr(name, 1, ${prefix.length})`, '=', prefix)
    .orderBy('session_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.name);
}
