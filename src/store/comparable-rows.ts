import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** A row under a name that does not depend on keys; the other columns are what is compared. */
export type ComparableRow = Readonly<Record<string, string | number | null>> & { readonly row: string };

const FOLLOWED =
  "t.name || ' after ' || p1.name || coalesce(' ' || p2.name, '') || coalesce(' ' || p3.name, '') || coalesce(' ' || p4.name, '')";

/** What is derived from the log, table by table. `needs_settings`: only rows whose settings are known can be learned again. */
export const DERIVED = [
  {
    table: 'learner',
    needs_settings: false,
    query: `SELECT 'counters' AS row, log_position, update_count, selection_count, selections_since_reset FROM learner`,
  },
  {
    table: 'tools',
    needs_settings: false,
    query: `SELECT name AS row, total_calls, success_count, timed_calls, total_time_ms, rated_calls, rating_sum, session_count FROM tools`,
  },
  {
    table: 'sessions',
    needs_settings: false,
    query: `SELECT s.name AS row, s.step_count, t.name AS previous_tool FROM sessions AS s LEFT JOIN tools AS t ON t.tool_id = s.previous_tool_id`,
  },
  {
    table: 'action values',
    needs_settings: true,
    query: `SELECT t.name || ' in ' || c.level || ' ' || c.context_hash AS row, v.q_value, v.success_rate, v.visit_count, v.selection_count
      FROM action_values AS v JOIN contexts AS c ON c.context_id = v.context_id JOIN tools AS t ON t.tool_id = v.tool_id`,
  },
  {
    table: 'n-grams',
    needs_settings: true,
    query: `SELECT ${FOLLOWED} AS row, n.occurrence_count, n.episode_count, n.avg_reward, n.success_rate
      FROM ngrams AS n JOIN tools AS t ON t.tool_id = n.next_tool_id JOIN tools AS p1 ON p1.tool_id = n.previous_1
      LEFT JOIN tools AS p2 ON p2.tool_id = n.previous_2 LEFT JOIN tools AS p3 ON p3.tool_id = n.previous_3
      LEFT JOIN tools AS p4 ON p4.tool_id = n.previous_4`,
  },
  {
    table: 'executions',
    needs_settings: true,
    query: `SELECT execution_id AS row, step, reward, td_error, q_value, user_rating, visit_count, step_visit_count, request_visit_count,
      previous_visit_count, recommended_rank FROM executions`,
  },
  {
    table: 'episodes',
    needs_settings: true,
    query: `SELECT episode_id AS row, episode_reward, confidence, length, ngrams_updated FROM episodes`,
  },
  {
    table: 'replay priorities',
    needs_settings: true,
    query: `SELECT e.execution_id AS row, t.priority FROM transitions AS t JOIN executions AS e ON e.seq = t.seq`,
  },
] as const;

export type DerivedTable = (typeof DERIVED)[number];

export async function comparableRows(trx: Trx, { query }: DerivedTable): Promise<Map<string, ComparableRow>> {
  const { rows } = await sql.raw<ComparableRow>(query).execute(trx);
  return new Map(rows.map((row) => [row.row, row]));
}

/** Rows that were learned from by a version that did not say with which settings, count. */
export async function countOfUnknownSettings(trx: Trx): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT
    (SELECT count(*) FROM executions WHERE settings_id IS NULL) + (SELECT count(*) FROM feedback WHERE settings_id IS NULL)
    + (SELECT count(*) FROM episodes WHERE settings_id IS NULL) + (SELECT count(*) FROM replay_batches WHERE settings_id IS NULL) AS count`.execute(
    trx,
  );
  return Number(rows[0]?.count ?? 0);
}
