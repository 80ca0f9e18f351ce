import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { RegistrationTable } from './tables.ts';

/** What register_tools said of a tool. */
export type Registration = RegistrationTable;

/** The latest registration of each of these tools that has one, by tool. */
export async function registrationsOf(trx: Trx, tool_ids: readonly number[]): Promise<Map<number, Registration>> {
  if (tool_ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom('tools as t')
    .innerJoin('registrations as r', 'r.registration_id', 't.registration_id')
    .selectAll('r')
    .where('t.tool_id', 'in', tool_ids)
    .execute();
  return new Map(rows.map((row) => [row.tool_id, row]));
}

/** Appends a registration to the log and makes it the tool's latest. */
export async function insertRegistration(trx: Trx, registration: Omit<Registration, 'registration_id'>): Promise<void> {
  const { registration_id } = await trx
    .insertInto('registrations')
    .values({ ...registration, registration_id: sql<number>`(SELECT coalesce(max(registration_id), 0) + 1 FROM registrations)` })
    .returning('registration_id')
    .executeTakeFirstOrThrow();
  await trx.updateTable('tools').set({ registration_id }).where('tool_id', '=', registration.tool_id).execute();
}
