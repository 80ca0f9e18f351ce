import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Call } from './load.ts';

/** What toolwise with schema version 2 (stage 2) made and wrote, in its own SQL: it knows no column that came later. */

const APPLICATION_ID = 0x544c5753;
const SCRIPTS = ['../../schema.sql', '../../src/store/migrations/2-learner-snapshots.sql'];
const LEVELS = ['exact', 'step', 'request', 'previous'];

const NEXT_SEQ = `INSERT INTO learner VALUES (1, 1, 1, 0, 0, 0) ON CONFLICT (learner_id)
  DO UPDATE SET log_position = log_position + 1, update_count = update_count + 1 RETURNING update_count AS seq, log_position`;
const NEW_TOOL = `INSERT INTO tools (tool_id, name) VALUES ((SELECT coalesce(max(tool_id), 0) + 1 FROM tools), @tool_name) ON CONFLICT DO NOTHING`;
const NEXT_STEP = `INSERT INTO sessions (session_id, name, created_at_ms, updated_at_ms, step_count)
  VALUES ((SELECT coalesce(max(session_id), 0) + 1 FROM sessions), @session_name, 1, 1, 1)
  ON CONFLICT (name) DO UPDATE SET step_count = step_count + 1 RETURNING session_id, step_count - 1 AS step`;
const TOTALS = `UPDATE tools SET total_calls = total_calls + 1, success_count = success_count + @success, timed_calls = timed_calls + 1,
  total_time_ms = total_time_ms + @time_ms, rated_calls = rated_calls + (@rating IS NOT NULL), rating_sum = rating_sum + coalesce(@rating, 0),
  last_used_at_ms = 1 WHERE name = @tool_name RETURNING tool_id`;
const NEW_CONTEXT = 'INSERT INTO contexts (context_id, context_hash, level) VALUES (@context_id, @hash, @level) ON CONFLICT DO NOTHING';
const VISIT = `INSERT INTO action_values (context_id, tool_id, q_value, success_rate, visit_count, updated_at_ms)
  VALUES (@context_id, @tool_id, @reward, @success, 1, 1) ON CONFLICT DO UPDATE SET visit_count = visit_count + 1 RETURNING visit_count`;
const EXECUTION = `INSERT INTO executions (seq, log_position, execution_id, session_id, step, tool_id, success, execution_time_ms, user_rating, context_id,
  visit_count, step_visit_count, request_visit_count, previous_visit_count, reward, td_error, q_value, created_at_ms)
  VALUES (@seq, @log_position, @execution_id, @session_id, @step, @tool_id, @success, @time_ms, @rating, @context_id, @v0, @v1, @v2, @v3, @reward, 1, 0, 1)`;
const CURSOR = 'UPDATE sessions SET previous_tool_id = @tool_id WHERE session_id = @session_id';
const TRANSITION = 'INSERT INTO transitions (seq, priority) VALUES (@seq, 10)';

type Values = Readonly<Record<string, unknown>>;

/** A process of schema version 2 with the file open. The file is made when it does not exist. */
export class Version2 {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file, { timeout: 10_000 });
    if (Number(this.#db.pragma('user_version', { simple: true })) === 0) this.#make();
  }

  #make(): void {
    this.#db.pragma('auto_vacuum = INCREMENTAL');
    this.#db.pragma('journal_mode = WAL');
    for (const script of SCRIPTS) this.#db.exec(readFileSync(new URL(script, import.meta.url), 'utf8'));
    this.#db.pragma('user_version = 2');
    this.#db.pragma(`application_id = ${APPLICATION_ID}`);
  }

  /** Records the calls in one transaction. Their queries and arguments are left out. */
  record(calls: readonly Call[]): void {
    const all = () => {
      for (const call of calls) this.#recordOne(call);
    };
    this.#db.transaction(all).immediate();
  }

  close(): void {
    this.#db.close();
  }

  #run(sql: string, values: Values): Values {
    const statement = this.#db.prepare<[Values], Values>(sql);
    if (statement.reader) return statement.get(values) ?? {};
    statement.run(values);
    return {};
  }

  #recordOne(call: Call): void {
    const { execution_id, tool_name, session_id: session_name, execution_time_ms: time_ms } = call;
    const judged = { success: Number(call.success), rating: call.user_rating ?? null, reward: call.success ? 10 : -5 };
    const told = { execution_id, tool_name, session_name, time_ms, ...judged };
    this.#run(NEW_TOOL, told);
    const keys = { ...told, ...this.#run(NEXT_SEQ, {}), ...this.#run(NEXT_STEP, told), ...this.#run(TOTALS, told) } as Values;
    const contexts = LEVELS.map((level) => contextOf(level, String(keys['step'])));
    const visits = contexts.map((context) => {
      this.#run(NEW_CONTEXT, context);
      return this.#run(VISIT, { ...keys, ...context })['visit_count'];
    });
    const [v0, v1, v2, v3] = visits;
    const row = { ...keys, ...contexts[0], v0, v1, v2, v3 };
    for (const sql of [EXECUTION, CURSOR, TRANSITION]) this.#run(sql, row);
  }
}

function contextOf(level: string, step: string) {
  const hash = createHash('sha256').update(`${level} ${step}`).digest('hex');
  return { level, hash, context_id: Number.parseInt(hash.slice(0, 13), 16) };
}
