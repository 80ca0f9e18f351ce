import type { Trx } from '../store/database.ts';
import { increment } from '../store/learner.ts';
import { findSession, insertRequest, insertSession, type SessionCursor } from '../store/sessions.ts';

/** A session that surely has a row. */
export async function ensureSession(trx: Trx, name: string, at_ms: number): Promise<SessionCursor> {
  return (await findSession(trx, name)) ?? (await insertSession(trx, name, at_ms));
}

/** The request that a call serves: the session's latest when the words are the same or none are given, else a new one. */
export async function ensureRequest(
  trx: Trx,
  session: SessionCursor | null,
  query: string | undefined,
  at_ms: number,
): Promise<number | null> {
  if (query === undefined || (session?.request_id != null && query === session.query)) return session?.request_id ?? null;
  const { log_position } = await increment(trx, 'log_position');
  return await insertRequest(trx, { log_position, session_id: session?.session_id ?? null, query, created_at_ms: at_ms });
}
