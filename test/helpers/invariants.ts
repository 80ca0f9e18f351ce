import Database from 'better-sqlite3';
import { type EpisodeRow, ngramFaults } from './ngram-invariants.ts';

/** What must hold in every database at every moment: the derived tables are what the log adds up to. */

export interface InvariantOptions {
  /** Rows of an older toolwise are in it, which did not count the sessions of a tool. Default: none. */
  readonly older_writers?: boolean;
}

interface Invariant {
  readonly what: string;
  /** Rows that must not exist. */
  readonly sql: string;
}

const LOGGED = ['registrations', 'requests', 'executions', 'feedback', 'episodes'];
const POSITIONS = LOGGED.map((table) => `SELECT log_position FROM ${table}`).join(' UNION ALL ');
const PRUNED = '(SELECT pruned_executions FROM log_state)';
const RECORDED = `(SELECT count(*) + ${PRUNED} FROM executions)`;

const ALWAYS: readonly Invariant[] = [
  {
    what: 'the executions are not numbered 1, 2, 3 …',
    sql: `SELECT update_count FROM learner WHERE update_count <> ${RECORDED} OR update_count <> coalesce((SELECT max(seq) FROM executions), 0)`,
  },
  { what: 'tools count other calls than were recorded', sql: `SELECT sum(total_calls) AS n FROM tools HAVING n <> ${RECORDED}` },
  {
    what: 'a level counts other visits than calls were recorded',
    sql: `SELECT c.level, sum(a.visit_count) AS n FROM action_values AS a JOIN contexts AS c USING (context_id) GROUP BY c.level HAVING n <> ${RECORDED}`,
  },
  {
    what: 'a place in the log is taken twice, or beyond its end',
    sql: `SELECT log_position, count(*) AS n FROM (${POSITIONS}) GROUP BY log_position
          HAVING n > 1 OR log_position > (SELECT log_position FROM learner)`,
  },
  {
    what: 'a rating is not that of its latest feedback',
    sql: `SELECT e.execution_id FROM executions AS e WHERE e.user_rating <>
          (SELECT rating FROM feedback AS f WHERE f.execution_seq = e.seq ORDER BY feedback_seq DESC LIMIT 1)`,
  },
];

/** As long as retention has removed nothing. */
const UNPRUNED: readonly Invariant[] = [
  {
    what: 'replay batches are missing',
    sql: 'SELECT batch_count FROM learner WHERE batch_count <> (SELECT count(*) FROM replay_batches)',
  },
  {
    what: 'the log has gaps',
    sql: `SELECT log_position FROM learner WHERE log_position <> (SELECT count(*) FROM (${POSITIONS}))`,
  },
  {
    what: 'the totals of a tool are not those of its calls',
    sql: `SELECT t.name FROM tools AS t LEFT JOIN executions AS e USING (tool_id) GROUP BY t.tool_id
          HAVING t.total_calls <> count(e.seq) OR t.success_count <> coalesce(sum(e.success), 0)
          OR t.timed_calls <> count(e.execution_time_ms) OR abs(t.total_time_ms - coalesce(sum(e.execution_time_ms), 0)) > 1e-6
          OR t.rated_calls <> count(e.user_rating) OR t.rating_sum <> coalesce(sum(e.user_rating), 0)`,
  },
  {
    what: 'the visits of a value are not its calls',
    sql: `SELECT a.context_id, a.tool_id FROM action_values AS a JOIN contexts AS c USING (context_id)
          LEFT JOIN executions AS e USING (context_id, tool_id) WHERE c.level = 'exact' GROUP BY 1, 2 HAVING a.visit_count <> count(e.seq)`,
  },
  {
    what: 'a call has no value',
    sql: 'SELECT e.execution_id FROM executions AS e LEFT JOIN action_values AS a USING (context_id, tool_id) WHERE a.tool_id IS NULL',
  },
  {
    what: 'the cursor of a session is not at its latest call',
    sql: `SELECT s.name FROM sessions AS s WHERE s.step_count <> (SELECT count(*) FROM executions AS e WHERE e.session_id = s.session_id
          AND e.seq > coalesce((SELECT max(last_seq) FROM episodes AS p WHERE p.session_id = s.session_id), 0))`,
  },
  {
    what: 'a joined execution is missing',
    sql: `SELECT recommendation_id FROM recommendations WHERE execution_seq NOT IN (SELECT seq FROM executions)`,
  },
];

const SESSIONS_OF_TOOLS: readonly Invariant[] = [
  {
    what: 'a tool counts other sessions than called it',
    sql: `SELECT t.name FROM tools AS t WHERE t.session_count <> (SELECT count(DISTINCT session_id) FROM executions AS e WHERE e.tool_id = t.tool_id)`,
  },
  {
    what: 'a session of a tool is missing',
    sql: 'SELECT DISTINCT tool_id, session_id FROM executions EXCEPT SELECT tool_id, session_id FROM tool_sessions',
  },
];

/** What is wrong with a database that toolwise wrote, a phrase each; empty: nothing. The file may be open elsewhere. */
export function brokenInvariants(file: string, { older_writers = false }: InvariantOptions = {}): readonly string[] {
  const db = new Database(file, { timeout: 5_000 }); // not readonly: after a kill the write-ahead log has to be recovered
  try {
    return db.transaction(() => [...damage(db), ...contradictions(db, older_writers)])();
  } finally {
    db.close();
  }
}

function damage(db: Database.Database): readonly string[] {
  const integrity = (db.pragma('integrity_check') as { readonly integrity_check: string }[]).map((row) => row.integrity_check);
  const orphans = db.pragma('foreign_key_check') as object[];
  return [...integrity.filter((text) => text !== 'ok'), ...orphans.map((row) => `points nowhere: ${JSON.stringify(row)}`)];
}

function contradictions(db: Database.Database, older_writers: boolean): readonly string[] {
  const pruned = Number(db.prepare('SELECT pruned_executions FROM log_state').pluck().get());
  const wanted = [...ALWAYS, ...(pruned > 0 ? [] : UNPRUNED), ...(pruned > 0 || older_writers ? [] : SESSIONS_OF_TOOLS)];
  const episodes = db.prepare<[], EpisodeRow>('SELECT session_id, tool_ids FROM episodes ORDER BY episode_seq').all();
  const broken = wanted.flatMap(({ what, sql }) => {
    const rows = db.prepare(sql).all();
    return rows.length === 0 ? [] : [`${what}: ${JSON.stringify(rows.slice(0, 3))}`];
  });
  return [...broken, ...ngramFaults(db, episodes)];
}
