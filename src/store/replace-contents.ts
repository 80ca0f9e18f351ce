import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** Of a file that is rewritten: everything else is replaced. The last two say what was taken from the spool, which a rewrite does not undo. */
const KEPT = ['log_state', 'spool_files', 'open_turns'];

/**
 * Replaces the contents of the database by those of another file of the same schema, and says so to every process that has it open. Deleted
 * bytes are overwritten. The other file stays attached: call {@link detachOther} once the transaction is over.
 */
export async function replaceContents(trx: Trx, file: string): Promise<void> {
  await sql`ATTACH ${file} AS other`.execute(trx);
  const tables = await parentsFirst(trx);
  for (const table of tables.toReversed()) await sql`DELETE FROM ${sql.id('main', table)}`.execute(trx);
  for (const table of tables) await sql`INSERT INTO ${sql.id('main', table)} SELECT * FROM ${sql.id('other', table)}`.execute(trx);
  await trx
    .updateTable('log_state')
    .set((eb) => ({ rewrite_count: eb('rewrite_count', '+', 1), pruned_executions: 0, pruned_position: 0 }))
    .execute();
}

/** Lets the other file go, if one is attached. */
export async function detachOther(trx: Trx): Promise<void> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM pragma_database_list WHERE name = 'other'`.execute(trx);
  if (rows.length > 0) await sql`DETACH other`.execute(trx);
}

/** The tables to replace, those that others refer to before them. */
async function parentsFirst(trx: Trx): Promise<string[]> {
  const { rows } = await sql<{ name: string; parent: string | null }>`
    SELECT m.name, f."table" AS parent FROM main.sqlite_schema AS m LEFT JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name`.execute(trx);
  const ordered = new Set<string>(KEPT);
  const add = (name: string): void => {
    for (const row of rows)
      if (row.name === name && row.parent !== null && row.parent !== name && !ordered.has(row.parent)) add(row.parent);
    ordered.add(name);
  };
  for (const { name } of rows) if (!ordered.has(name)) add(name);
  return [...ordered].filter((name) => !KEPT.includes(name));
}
