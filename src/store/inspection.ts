import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** How the file itself is kept. */
export interface FileState {
  readonly sqlite_version: string;
  readonly schema_version: number;
  /** `wal`, or what SQLite fell back to. */
  readonly journal_mode: string;
}

export async function readFileState(trx: Trx): Promise<FileState> {
  const { rows } = await sql<FileState>`
SELECT sqlite_version() AS sqlite_version, user_version AS schema_version, journal_mode FROM pragma_user_version, pragma_journal_mode`.execute(
    trx,
  );
  return rows[0] ?? { sqlite_version: '', schema_version: 0, journal_mode: '' };
}

/** What can be counted of the log, to be compared with what is said of it. */
export interface LogShape {
  /** The last place that was given out. */
  readonly head: number;
  readonly pruned_position: number;
  readonly pruned_executions: number;
  /** Executions ever recorded, by the counter. */
  readonly update_count: number;
  /** Calls ever recorded, by the totals of the tools. */
  readonly tool_calls: number;
  /** Executions in the log, count. */
  readonly executions: number;
  /** Events after the pruned part, count; `places` counts each place once. */
  readonly events: number;
  readonly places: number;
  /** The greatest place in use; 0: none. */
  readonly last_place: number;
  readonly rewrite_count: number;
  /** First place after the pruned part that no event has; null: none is missing. */
  readonly first_missing: number | null;
}

const PLACES = sql`
  SELECT log_position FROM registrations UNION ALL SELECT log_position FROM requests UNION ALL SELECT log_position FROM executions
  UNION ALL SELECT log_position FROM feedback UNION ALL SELECT log_position FROM episodes`;

/** Counts the log through: takes as long as reading five indexes. */
export async function readLogShape(trx: Trx): Promise<LogShape> {
  const { rows } = await sql<LogShape>`
WITH state AS (SELECT pruned_position, pruned_executions, rewrite_count FROM log_state),
  kept AS (SELECT log_position FROM (${PLACES}) WHERE log_position > (SELECT pruned_position FROM state)),
  counters AS (SELECT coalesce(max(log_position), 0) AS head, coalesce(max(update_count), 0) AS update_count FROM learner),
  counted AS (SELECT count(*) AS events, count(DISTINCT log_position) AS places FROM kept),
  gap AS (SELECT min(log_position) + 1 AS place FROM (
    SELECT log_position, lead(log_position) OVER (ORDER BY log_position) AS next
    FROM (SELECT pruned_position AS log_position FROM state UNION SELECT log_position FROM kept)
  ) WHERE next > log_position + 1 OR (next IS NULL AND log_position < (SELECT head FROM counters)))
SELECT head, pruned_position, pruned_executions, rewrite_count, update_count, events, places,
  (SELECT coalesce(sum(total_calls), 0) FROM tools) AS tool_calls,
  (SELECT count(*) FROM executions) AS executions,
  (SELECT coalesce(max(log_position), 0) FROM (${PLACES})) AS last_place,
  (SELECT place FROM gap) AS first_missing
FROM state, counters, counted`.execute(trx);
  return rows[0] ?? EMPTY;
}

const EMPTY: LogShape = Object.freeze({
  head: 0,
  pruned_position: 0,
  pruned_executions: 0,
  update_count: 0,
  tool_calls: 0,
  executions: 0,
  events: 0,
  places: 0,
  last_place: 0,
  rewrite_count: 0,
  first_missing: null,
});

/** A row that means nothing, to see whether the file can be written. The table forgets the rows of a day with the day. */
export async function plantCanary(trx: Trx, update_key: number): Promise<void> {
  await trx.insertInto('session_updates').values({ update_key, update_count: 1 }).execute();
}

export async function hasCanary(trx: Trx, update_key: number): Promise<boolean> {
  return (
    (await trx.selectFrom('session_updates').select('update_key').where('update_key', '=', update_key).executeTakeFirst()) !== undefined
  );
}

export async function removeCanary(trx: Trx, update_key: number): Promise<void> {
  await trx.deleteFrom('session_updates').where('update_key', '=', update_key).execute();
}
