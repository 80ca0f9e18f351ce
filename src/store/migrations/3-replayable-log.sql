-- toolwise, schema version 3: the log says all that is needed to learn it again, and how often one session has taught the same thing.
-- The same rules as before: one portable DDL for SQLite and PostgreSQL 15, units in the names. Rows of earlier versions have NULL in the
-- new columns: what they were learned with is not known.

CREATE TABLE learning_settings (
  settings_id INTEGER PRIMARY KEY,                -- short key
  digest TEXT NOT NULL UNIQUE,                    -- SHA-256 of settings, hex
  settings TEXT NOT NULL                          -- hyperparameters and domain_keywords, JSON object
);

ALTER TABLE executions ADD COLUMN settings_id INTEGER REFERENCES learning_settings (settings_id); -- what it was learned with
ALTER TABLE executions ADD COLUMN exact_repeats INTEGER;    -- updates that its session had made of the same cell that day, count: exact level,
ALTER TABLE executions ADD COLUMN step_repeats INTEGER;     -- step,
ALTER TABLE executions ADD COLUMN request_repeats INTEGER;  -- request,
ALTER TABLE executions ADD COLUMN previous_repeats INTEGER; -- and previous tool; more than two weaken the update
ALTER TABLE executions ADD COLUMN tool_repeats INTEGER;     -- the same of the tool whatever the context
ALTER TABLE feedback ADD COLUMN settings_id INTEGER REFERENCES learning_settings (settings_id);
ALTER TABLE episodes ADD COLUMN settings_id INTEGER REFERENCES learning_settings (settings_id);
ALTER TABLE episodes ADD COLUMN reward_given SMALLINT CHECK (reward_given IN (0, 1)); -- 1: the caller named the reward
ALTER TABLE recommendations ADD COLUMN log_position INTEGER; -- last event of the log when it was given; not a place of its own
ALTER TABLE recommendations ADD COLUMN settings_id INTEGER REFERENCES learning_settings (settings_id);
ALTER TABLE replay_batches ADD COLUMN log_position INTEGER; -- last event of the log when it ran
ALTER TABLE replay_batches ADD COLUMN settings_id INTEGER REFERENCES learning_settings (settings_id);
ALTER TABLE replay_batches ADD COLUMN seqs TEXT;            -- the transitions that were drawn, JSON array of seq
ALTER TABLE replay_batches ADD COLUMN asked_for SMALLINT CHECK (asked_for IN (0, 1)); -- 1: run by train, 0: by an execution

CREATE TABLE exploration_resets (
  reset_seq INTEGER PRIMARY KEY,                  -- order of the resets
  log_position INTEGER NOT NULL,                  -- last event of the log when it was asked for
  recommendation_seq INTEGER NOT NULL,            -- last recommendation before it; 0: none
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);

CREATE TABLE session_updates (
  update_key BIGINT PRIMARY KEY,                  -- day since 1970 in UTC × 2^37 + hash of (session, context or n-gram, tool, outcome)
  update_count INTEGER NOT NULL CHECK (update_count > 0) -- updates that day, count; rows of earlier days are dropped
);

CREATE TABLE tool_sessions (
  tool_id INTEGER NOT NULL REFERENCES tools (tool_id), -- a tool
  session_id INTEGER NOT NULL REFERENCES sessions (session_id), -- and a session that called it
  PRIMARY KEY (tool_id, session_id)
);
INSERT INTO tool_sessions (tool_id, session_id) SELECT DISTINCT tool_id, session_id FROM executions;

ALTER TABLE tools ADD COLUMN session_count INTEGER NOT NULL DEFAULT 0 CHECK (session_count >= 0); -- sessions that called it, count
UPDATE tools SET session_count = (SELECT count(*) FROM tool_sessions AS t WHERE t.tool_id = tools.tool_id);

-- What the rankings rest on: as the counts and sums beside them, but every call counts by its weight.
ALTER TABLE action_values ADD COLUMN weight DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (weight >= 0); -- of the visits
ALTER TABLE action_values ADD COLUMN session_count INTEGER NOT NULL DEFAULT 0 CHECK (session_count >= 0); -- sessions behind them, each day and outcome anew, count
UPDATE action_values SET weight = visit_count, session_count = visit_count;
ALTER TABLE tools ADD COLUMN weighted_calls DOUBLE PRECISION NOT NULL DEFAULT 0;       -- as total_calls
ALTER TABLE tools ADD COLUMN weighted_successes DOUBLE PRECISION NOT NULL DEFAULT 0;   -- as success_count
ALTER TABLE tools ADD COLUMN weighted_timed_calls DOUBLE PRECISION NOT NULL DEFAULT 0; -- as timed_calls
ALTER TABLE tools ADD COLUMN weighted_time_ms DOUBLE PRECISION NOT NULL DEFAULT 0;     -- as total_time_ms, milliseconds
ALTER TABLE tools ADD COLUMN weighted_rated_calls DOUBLE PRECISION NOT NULL DEFAULT 0; -- as rated_calls
ALTER TABLE tools ADD COLUMN weighted_rating_sum DOUBLE PRECISION NOT NULL DEFAULT 0;  -- as rating_sum, stars
UPDATE tools SET weighted_calls = total_calls, weighted_successes = success_count, weighted_timed_calls = timed_calls,
  weighted_time_ms = total_time_ms, weighted_rated_calls = rated_calls, weighted_rating_sum = rating_sum;
ALTER TABLE ngrams ADD COLUMN weight DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (weight >= 0); -- what its probability rests on: occurrences, at most 3 an episode
ALTER TABLE ngrams ADD COLUMN session_count INTEGER NOT NULL DEFAULT 0 CHECK (session_count >= 0); -- sessions whose episodes held it, each day anew, count
UPDATE ngrams SET weight = occurrence_count, session_count = episode_count;

CREATE TABLE log_state (
  state_id INTEGER PRIMARY KEY CHECK (state_id = 1), -- one row
  rewrite_count INTEGER NOT NULL,                 -- times the log was rewritten (forget, merge, repair): what a process remembers of it is void
  pruned_executions INTEGER NOT NULL,             -- executions that retention removed; what they taught stays, count
  pruned_position INTEGER NOT NULL                -- last event of the log that retention removed
);
INSERT INTO log_state (state_id, rewrite_count, pruned_executions, pruned_position) VALUES (1, 0, 0, 0);

-- Rows of earlier versions. A recommendation stood after its request and before the execution that answers it, and never after a later one.
UPDATE recommendations SET log_position = found.log_position FROM (
  SELECT r.recommendation_seq, min(coalesce(q.log_position, e.log_position - 1, 0)) OVER
    (ORDER BY r.recommendation_seq ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS log_position
  FROM recommendations AS r LEFT JOIN requests AS q ON q.request_id = r.request_id LEFT JOIN executions AS e ON e.seq = r.execution_seq
) AS found WHERE found.recommendation_seq = recommendations.recommendation_seq;

-- An episode whose reward is not what its calls earned was given it.
UPDATE episodes SET reward_given = CASE WHEN abs(episode_reward - coalesce(
  (SELECT sum(e.reward) FROM executions AS e WHERE e.session_id = episodes.session_id AND e.seq BETWEEN episodes.first_seq AND episodes.last_seq),
  CASE outcome WHEN 'success' THEN 10 WHEN 'partial' THEN 5 ELSE -5 END)) < 0.000001 THEN 0 ELSE 1 END;

-- The draws since the last reset are counted, so the draw before them is where it was.
INSERT INTO exploration_resets (reset_seq, log_position, recommendation_seq, created_at_ms)
SELECT 1, coalesce(r.log_position, 0), r.recommendation_seq, r.created_at_ms FROM recommendations AS r
WHERE r.propensity IS NOT NULL AND (SELECT selection_count > selections_since_reset FROM learner)
  AND (SELECT count(*) FROM recommendations AS later WHERE later.propensity IS NOT NULL AND later.recommendation_seq > r.recommendation_seq)
    = (SELECT selections_since_reset FROM learner)
ORDER BY r.recommendation_seq LIMIT 1;

-- Retention removes requests that nothing answers any more: without these, each of them costs a look at every row.
CREATE INDEX executions_by_request ON executions (request_id);
CREATE INDEX recommendations_by_request ON recommendations (request_id);
