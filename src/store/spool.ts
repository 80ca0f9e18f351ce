import type { Trx } from './database.ts';
import type { OpenTurnTable } from './tables.ts';

/** How much of a file of the spool has been taken in, bytes; 0: nothing yet. */
export async function takenBytes(trx: Trx, name: string): Promise<number> {
  const row = await trx.selectFrom('spool_files').select('taken_bytes').where('name', '=', name).executeTakeFirst();
  return row?.taken_bytes ?? 0;
}

export async function noteTaken(trx: Trx, name: string, taken_bytes: number): Promise<void> {
  await trx
    .insertInto('spool_files')
    .values({ name, taken_bytes })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ taken_bytes }))
    .execute();
}

/** Files that are remembered. */
export async function spoolFiles(trx: Trx): Promise<string[]> {
  const rows = await trx.selectFrom('spool_files').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
}

export async function dropSpoolFile(trx: Trx, name: string): Promise<void> {
  await trx.deleteFrom('spool_files').where('name', '=', name).execute();
}

/** What was remembered of a session's turn, JSON. */
export async function openTurn(trx: Trx, session_name: string): Promise<string | undefined> {
  const row = await trx.selectFrom('open_turns').select('state').where('session_name', '=', session_name).executeTakeFirst();
  return row?.state;
}

export async function keepTurn(trx: Trx, turn: OpenTurnTable): Promise<void> {
  const { spool_name, state, changed_at_ms } = turn;
  await trx
    .insertInto('open_turns')
    .values(turn)
    .onConflict((conflict) => conflict.column('session_name').doUpdateSet({ spool_name, state, changed_at_ms }))
    .execute();
}

export async function dropTurn(trx: Trx, session_name: string): Promise<void> {
  await trx.deleteFrom('open_turns').where('session_name', '=', session_name).execute();
}

/** Sessions that nothing has been told of since. */
export async function silentSessions(trx: Trx, since_ms: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('open_turns')
    .select('session_name')
    .where('changed_at_ms', '<', since_ms)
    .orderBy('session_name')
    .execute();
  return rows.map((row) => row.session_name);
}

/** Sessions whose latest event came from this file. */
export async function sessionsOfFile(trx: Trx, spool_name: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('open_turns')
    .select('session_name')
    .where('spool_name', '=', spool_name)
    .orderBy('session_name')
    .execute();
  return rows.map((row) => row.session_name);
}
