import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** Latest executions that are looked at: what was called before them may be gone. */
const LATEST = 20_000;

/** Names of the tools that sessions whose names begin with `prefix` called of late. @param prefix not empty, ASCII */
export async function toolNamesOfSessions(trx: Trx, prefix: string): Promise<string[]> {
  const beyond = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const { rows } = await sql<{ readonly name: string }>`
SELECT DISTINCT tools.name AS name
FROM (SELECT tool_id, session_id FROM executions ORDER BY seq DESC LIMIT ${LATEST}) AS latest
JOIN sessions ON sessions.session_id = latest.session_id
JOIN tools ON tools.tool_id = latest.tool_id
WHERE sessions.name >= ${prefix} AND sessions.name < ${beyond}
ORDER BY tools.name`.execute(trx);
  return rows.map(({ name }) => name);
}
