import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';

/** How much the log holds, and the file. */
export interface Usage {
  /** Executions in the log, count. */
  readonly executions: number;
  /** Pages in use, bytes: pages that are free are not counted. */
  readonly bytes: number;
}

const usage = prepared((db, _: object) => ({
  compile: () =>
    sql<Usage>`
SELECT coalesce((SELECT seq FROM executions ORDER BY seq DESC LIMIT 1) - (SELECT seq FROM executions ORDER BY seq LIMIT 1) + 1, 0) AS executions,
  (c.page_count - f.freelist_count) * s.page_size AS bytes
FROM pragma_page_count AS c, pragma_freelist_count AS f, pragma_page_size AS s`.compile(db),
}));

/** Three look-ups: the executions in the log have no gap. */
export async function readUsage(trx: Trx): Promise<Usage> {
  const [row] = await usage(trx, {});
  return row ?? { executions: 0, bytes: 0 };
}

/** What one batch may remove. */
export interface PruneRequest {
  /** Executions at most, count. */
  readonly executions: number;
  /** Rows of all tables at most, count. */
  readonly rows: number;
  /** The last event that the stored learner knows: nothing after it is removed. */
  readonly known_position: number;
}

export interface Pruned {
  /** Count. */
  readonly executions: number;
  /** Of all tables, count; 0: nothing that may be removed is left. */
  readonly rows: number;
}

/**
 * Removes the oldest rows of the log: executions with their feedback and transitions, and what stands before the oldest execution and is not
 * needed any more: episodes, advice, requests, replay batches, resets. What they taught stays, registrations too. Says so in log_state.
 */
export async function pruneOldest(trx: Trx, request: PruneRequest): Promise<Pruned> {
  const { known_position } = request;
  const before = await pruneBefore(trx, known_position, request.rows);
  // Of each execution go two rows, and its feedback; where the rest alone fills the batch, executions wait for the next.
  const count = Math.min(request.executions, Math.floor((request.rows - before) / 3));
  const last = count < 1 ? undefined : await lastToGo(trx, { count, known_position });
  if (last === undefined) return { executions: 0, rows: before };
  const limit = request.rows - before - 2 * count;
  const feedback = await removed(
    trx,
    sql`feedback WHERE feedback_seq IN (
    SELECT feedback_seq FROM feedback WHERE execution_seq <= ${last.seq} ORDER BY execution_seq, feedback_seq LIMIT ${limit}) RETURNING log_position`,
  );
  const position = Math.max(last.log_position, ...feedback);
  if (feedback.length >= limit) {
    await noteInState(trx, { position: Math.max(0, ...feedback), executions: 0 });
    return { executions: 0, rows: before + feedback.length };
  }
  const transitions = await removed(trx, sql`transitions WHERE seq <= ${last.seq} RETURNING seq AS log_position`);
  const executions = await removed(trx, sql`executions WHERE seq <= ${last.seq} RETURNING log_position`);
  await noteInState(trx, { position, executions: executions.length });
  return { executions: executions.length, rows: before + feedback.length + transitions.length + executions.length };
}

/** The newest of the oldest `count` executions that may go: the newest of all stays, and what the learner does not know. */
async function lastToGo(
  trx: Trx,
  { count, known_position }: { readonly count: number; readonly known_position: number },
): Promise<{ readonly seq: number; readonly log_position: number } | undefined> {
  const { rows } = await sql<{ seq: number; log_position: number }>`

SELECT seq, log_position FROM executions
WHERE seq < (SELECT min(seq) FROM executions) + ${count} AND seq < (SELECT max(seq) FROM executions)
  AND seq < coalesce((SELECT min(execution_seq) FROM feedback WHERE log_position > ${known_position}), seq + 1)
  AND log_position <= ${known_position}
ORDER BY seq DESC LIMIT 1`.execute(trx);
  return rows[0];
}

/** What is older than the oldest execution, and what only removed rows needed; the newest row of a table stays, so that no key is used twice. */
async function pruneBefore(trx: Trx, known_position: number, limit: number): Promise<number> {
  const { rows } = await sql<{ seq: number; log_position: number }>`
    SELECT seq, log_position FROM executions ORDER BY seq LIMIT 1`.execute(trx);
  const [oldest] = rows;
  if (oldest === undefined) return 0;
  const place = Math.min(oldest.log_position - 1, known_position);
  let left = limit;
  for (const rule of RULES) {
    if (left === 0) break;
    const gone = await removed(trx, rule({ place, first_seq: oldest.seq, limit: left }));
    if (gone.length > 0) await noteInState(trx, { position: Math.max(...gone), executions: 0 });
    left -= gone.length;
  }
  left -= left === 0 ? 0 : await pruneRequests(trx, place, left);
  return limit - left;
}

/** Those that no row answers any more. A session that asked nothing since has no request any more, either. */
async function pruneRequests(trx: Trx, place: number, limit: number): Promise<number> {
  const { rows } = await sql<{ request_id: number; session_id: number | null; log_position: number }>`
DELETE FROM requests WHERE request_id IN (
  SELECT r.request_id FROM requests AS r WHERE r.log_position <= ${place} AND r.request_id < (SELECT max(request_id) FROM requests)
  AND NOT EXISTS (SELECT 1 FROM executions AS e WHERE e.request_id = r.request_id)
  AND NOT EXISTS (SELECT 1 FROM recommendations AS a WHERE a.request_id = r.request_id)
  ORDER BY r.log_position LIMIT ${limit}) RETURNING request_id, session_id, log_position`.execute(trx);
  for (const { session_id, request_id } of rows) {
    if (session_id === null) continue;
    await trx
      .updateTable('sessions')
      .set({ request_id: null })
      .where('session_id', '=', session_id)
      .where('request_id', '=', request_id)
      .execute();
  }
  if (rows.length > 0) await noteInState(trx, { position: Math.max(...rows.map((row) => row.log_position)), executions: 0 });
  return rows.length;
}

interface Edge {
  /** The last place in the log that is old. */
  readonly place: number;
  /** The oldest execution that stays, seq. */
  readonly first_seq: number;
  readonly limit: number;
}

/** One statement a table (requests have their own). Each begins at its oldest row and stops at the first that is not old, so that it reads little else. */
const RULES: readonly ((edge: Edge) => ReturnType<typeof sql>)[] = [
  ({ place, limit }) => sql`episodes WHERE episode_seq IN (
    SELECT episode_seq FROM episodes WHERE log_position <= ${place} AND episode_seq < (SELECT max(episode_seq) FROM episodes)
    ORDER BY log_position LIMIT ${limit}) RETURNING log_position`,
  ({ place, first_seq, limit }) => sql`recommendations WHERE recommendation_seq IN (
    SELECT recommendation_seq FROM recommendations WHERE recommendation_seq < coalesce(
      (SELECT recommendation_seq FROM recommendations WHERE log_position > ${place} ORDER BY recommendation_seq LIMIT 1),
      (SELECT max(recommendation_seq) FROM recommendations))
    AND (execution_seq IS NULL OR execution_seq < ${first_seq}) ORDER BY recommendation_seq LIMIT ${limit}) RETURNING 0 AS log_position`,
  ({ first_seq, limit }) => sql`replay_batches WHERE batch IN (
    SELECT batch FROM replay_batches WHERE batch < coalesce(
      (SELECT batch FROM replay_batches WHERE after_seq >= ${first_seq} ORDER BY batch LIMIT 1), (SELECT max(batch) FROM replay_batches))
    ORDER BY batch LIMIT ${limit}) RETURNING 0 AS log_position`,
  ({ place, limit }) => sql`exploration_resets WHERE reset_seq IN (
    SELECT reset_seq FROM exploration_resets WHERE log_position <= ${place}
    AND reset_seq < (SELECT max(reset_seq) FROM exploration_resets) ORDER BY reset_seq LIMIT ${limit}) RETURNING 0 AS log_position`,
];

/** The places of the rows that the statement removed. @param from what stands after DELETE FROM, with `RETURNING log_position` */
async function removed(trx: Trx, from: ReturnType<typeof sql>): Promise<readonly number[]> {
  const { rows } = await sql<{ log_position: number }>`DELETE FROM ${from}`.execute(trx);
  return rows.map((row) => row.log_position);
}

async function noteInState(trx: Trx, { position, executions }: { readonly position: number; readonly executions: number }): Promise<void> {
  await sql`UPDATE log_state SET pruned_executions = pruned_executions + ${executions},
    pruned_position = max(pruned_position, ${position})`.execute(trx);
}

/** Whether rows after this place were removed that the stored learner knows: who has learned up to here must take that over. */
export async function isBehindPruning(trx: Trx, position: number, format: number): Promise<boolean> {
  const [row] = await behind(trx, { position, format });
  return row !== undefined;
}

const behind = prepared((db, { position, format }: { readonly position: number; readonly format: number }) =>
  db
    .selectFrom('log_state as l')
    .innerJoin('learner_snapshots as s', (join) => join.on('s.format', '=', format))
    .select('l.state_id')
    .where('l.pruned_position', '>', position)
    .where('s.log_position', '>', position),
);

/** Gives at most so many free pages back to the file system. @returns pages given back */
export async function releasePages(trx: Trx, count: number, isTimeUp: () => boolean): Promise<number> {
  const { rows } = await sql<{ free: number }>`SELECT freelist_count AS free FROM pragma_freelist_count`.execute(trx);
  const pages = Math.min(count, rows[0]?.free ?? 0);
  for (let released = 0; released < pages; released++) {
    if (isTimeUp()) return released;
    await sql`PRAGMA incremental_vacuum(1)`.execute(trx); // the driver steps such a statement once, and a step is a page
  }
  return pages;
}
