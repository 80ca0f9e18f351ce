-- toolwise: everything that is remembered. One portable DDL for SQLite and PostgreSQL 15: no triggers, no PRAGMA, no AUTOINCREMENT.
-- Units sit in the names: _ms is milliseconds (epoch milliseconds for *_at_ms). Flags are 0 or 1. JSON is TEXT.
-- The log (registrations, requests, executions, feedback, episodes, recommendations) is the truth; the other tables are derived
-- from it and updated in the same transaction. log_position orders the log across its tables.
-- This is version 1, which never changes; src/store/migrations/ holds what later versions add, and every file gets all of them.

CREATE TABLE tools (
  tool_id INTEGER PRIMARY KEY,                    -- short key, made by the application, never reused
  name TEXT NOT NULL UNIQUE,                      -- the tool's name as the agent calls it
  registration_id INTEGER,                        -- its latest registration; NULL: only seen in a call or a list
  total_calls INTEGER NOT NULL DEFAULT 0 CHECK (total_calls >= 0),     -- executions recorded, count
  success_count INTEGER NOT NULL DEFAULT 0 CHECK (success_count >= 0), -- of these successful, count
  timed_calls INTEGER NOT NULL DEFAULT 0 CHECK (timed_calls >= 0),     -- executions with a known time, count
  total_time_ms DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (total_time_ms >= 0), -- sum of the known times, milliseconds
  rated_calls INTEGER NOT NULL DEFAULT 0 CHECK (rated_calls >= 0),     -- executions with a rating, count
  rating_sum INTEGER NOT NULL DEFAULT 0 CHECK (rating_sum >= 0),       -- sum of the ratings, stars
  last_used_at_ms BIGINT                          -- latest execution, epoch milliseconds
);

CREATE TABLE registrations (
  registration_id INTEGER PRIMARY KEY,            -- order of the registrations
  log_position INTEGER NOT NULL,                  -- place in the log
  tool_id INTEGER NOT NULL REFERENCES tools (tool_id), -- the tool
  description TEXT,                               -- what register_tools said it does
  input_schema TEXT,                              -- JSON Schema of its arguments, JSON
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);

CREATE TABLE tool_lists (
  list_id INTEGER PRIMARY KEY,                    -- short key of a list of available tools
  digest TEXT NOT NULL UNIQUE,                    -- SHA-256 of tool_ids, hex
  tool_ids TEXT NOT NULL                          -- the tools in the caller's order, JSON array of tool_id
);

CREATE TABLE contexts (
  context_id BIGINT PRIMARY KEY,                  -- the first 52 bits of context_hash
  context_hash TEXT NOT NULL,                     -- SHA-256 of the canonical context, hex
  level TEXT NOT NULL CHECK (level IN ('exact', 'step', 'request', 'previous')) -- how fine the context is
);

CREATE TABLE action_values (
  context_id BIGINT NOT NULL REFERENCES contexts (context_id),-- the context
  tool_id INTEGER NOT NULL REFERENCES tools (tool_id),-- the tool
  q_value DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (q_value BETWEEN -1e9 AND 1e9), -- exact level: Q(s,a), discounted return; coarser levels: mean reward
  success_rate DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (success_rate BETWEEN 0 AND 1), -- recency-weighted share of successes
  visit_count INTEGER NOT NULL DEFAULT 0 CHECK (visit_count >= 0),     -- direct updates, count (replay does not add)
  selection_count INTEGER NOT NULL DEFAULT 0 CHECK (selection_count >= 0), -- times select_tool drew the tool here, count
  updated_at_ms BIGINT NOT NULL,                  -- epoch milliseconds
  PRIMARY KEY (context_id, tool_id)
);

CREATE TABLE sessions (
  session_id INTEGER PRIMARY KEY,                 -- short key
  name TEXT NOT NULL UNIQUE,                      -- the caller's session_id
  created_at_ms BIGINT NOT NULL,                  -- epoch milliseconds
  updated_at_ms BIGINT NOT NULL,                  -- epoch milliseconds
  step_count INTEGER NOT NULL DEFAULT 0,          -- executions since the session's last episode, count
  previous_tool_id INTEGER REFERENCES tools (tool_id), -- tool of the latest of these; NULL: none yet
  request_id INTEGER                              -- the session's latest request
);

CREATE TABLE requests (
  request_id INTEGER PRIMARY KEY,                 -- short key
  log_position INTEGER NOT NULL,                  -- place in the log
  session_id INTEGER REFERENCES sessions (session_id), -- whose request; NULL: asked without a session
  query TEXT NOT NULL,                            -- the user's words, at most 8,000 characters
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);

CREATE TABLE executions (
  seq INTEGER PRIMARY KEY,                        -- order of the executions, 1, 2, 3 …
  log_position INTEGER NOT NULL,                  -- place in the log
  execution_id TEXT NOT NULL UNIQUE,              -- time-ordered id, or the caller's own
  session_id INTEGER NOT NULL REFERENCES sessions (session_id),-- the session
  step INTEGER NOT NULL CHECK (step >= 0),        -- position since the session's last episode, from 0
  tool_id INTEGER NOT NULL REFERENCES tools (tool_id),-- the tool
  success SMALLINT NOT NULL CHECK (success IN (0, 1)), -- whether the call did what was wanted
  execution_time_ms DOUBLE PRECISION CHECK (execution_time_ms BETWEEN 0 AND 86400000), -- milliseconds; NULL: not measured
  average_time_ms DOUBLE PRECISION,               -- the tool's mean time before this call, milliseconds; NULL: none known
  user_rating SMALLINT CHECK (user_rating BETWEEN 1 AND 5), -- current stars, later feedback included; NULL: not rated
  request_id INTEGER REFERENCES requests (request_id), -- the request it served
  list_id INTEGER REFERENCES tool_lists (list_id), -- tools that were available; NULL: not told
  arguments TEXT,                                 -- the call's arguments, JSON object (untrusted)
  result TEXT,                                    -- what it returned, cut (untrusted)
  error_message TEXT,                             -- why it failed, cut (untrusted)
  context_id BIGINT NOT NULL REFERENCES contexts (context_id),      -- state before the call, exact level
  next_context_id BIGINT REFERENCES contexts (context_id),          -- state after it; NULL: terminal
  visit_count INTEGER NOT NULL,                   -- visits of (context, tool) after this call at the exact level, count
  step_visit_count INTEGER NOT NULL,              -- the same in the coarser contexts: step,
  request_visit_count INTEGER NOT NULL,           -- request,
  previous_visit_count INTEGER NOT NULL,          -- and previous tool; they weigh a later rating
  reward DOUBLE PRECISION NOT NULL CHECK (reward BETWEEN -1e9 AND 1e9), -- current reward, a later rating included
  td_error DOUBLE PRECISION NOT NULL CHECK (td_error BETWEEN -1e9 AND 1e9), -- TD error of the direct update
  q_value DOUBLE PRECISION NOT NULL CHECK (q_value BETWEEN -1e9 AND 1e9),   -- Q(s,a) right after it
  recommendation_id TEXT,                         -- the advice it is joined to; NULL: organic
  recommended_rank INTEGER,                       -- rank of the tool in that advice; NULL: not in it
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);
CREATE INDEX executions_by_tool ON executions (tool_id, seq);
CREATE INDEX executions_by_session ON executions (session_id, seq);

CREATE TABLE feedback (
  feedback_seq INTEGER PRIMARY KEY,               -- order of the feedback
  log_position INTEGER NOT NULL,                  -- place in the log
  execution_seq INTEGER NOT NULL REFERENCES executions (seq), -- the call judged
  rating SMALLINT NOT NULL CHECK (rating BETWEEN 1 AND 5), -- stars
  words TEXT,                                     -- the user's words (untrusted)
  reward_before DOUBLE PRECISION NOT NULL,        -- the call's reward before,
  reward_after DOUBLE PRECISION NOT NULL,         -- and after
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);
CREATE INDEX feedback_by_execution ON feedback (execution_seq, feedback_seq);

CREATE TABLE transitions (
  seq INTEGER PRIMARY KEY REFERENCES executions (seq), -- the execution that can be replayed
  priority DOUBLE PRECISION NOT NULL CHECK (priority BETWEEN 0 AND 1e9) -- |TD error| plus a small constant
);

CREATE TABLE episodes (
  episode_seq INTEGER PRIMARY KEY,                -- order of the episodes
  log_position INTEGER NOT NULL,                  -- place in the log
  episode_id TEXT NOT NULL UNIQUE,                -- time-ordered id
  session_id INTEGER NOT NULL REFERENCES sessions (session_id),-- the session
  outcome TEXT NOT NULL CHECK (outcome IN ('success', 'partial', 'failure')),-- how it ended
  episode_reward DOUBLE PRECISION NOT NULL CHECK (episode_reward BETWEEN -1e9 AND 1e9), -- reward of the whole episode
  tool_ids TEXT NOT NULL,                         -- the tools in order, JSON array of tool_id
  length INTEGER NOT NULL CHECK (length >= 0),    -- tools in the episode, count
  ngrams_updated INTEGER NOT NULL,                -- n-gram rows the episode touched, count
  first_seq INTEGER,                              -- the first execution it spans, seq; NULL: none recorded
  last_seq INTEGER,                               -- the last of them
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);
CREATE INDEX episodes_by_session ON episodes (session_id, episode_seq);
CREATE INDEX episodes_by_reward ON episodes (outcome, episode_reward, episode_seq);

CREATE TABLE ngrams (
  previous_1 INTEGER NOT NULL,                    -- tool_id of the latest tool of the prefix
  previous_2 INTEGER NOT NULL,                    -- the one before; 0: the prefix is shorter
  previous_3 INTEGER NOT NULL,                    -- and so on, tool_id or 0
  previous_4 INTEGER NOT NULL,                    -- and so on, tool_id or 0
  next_tool_id INTEGER NOT NULL REFERENCES tools (tool_id),-- the tool that followed
  occurrence_count INTEGER NOT NULL CHECK (occurrence_count > 0), -- times the tool followed the prefix, count
  episode_count INTEGER NOT NULL CHECK (episode_count > 0),       -- episodes it did so in, count
  avg_reward DOUBLE PRECISION NOT NULL CHECK (avg_reward BETWEEN -1e9 AND 1e9), -- mean reward credited
  success_rate DOUBLE PRECISION NOT NULL CHECK (success_rate BETWEEN 0 AND 1),  -- mean success; partial counts its share
  PRIMARY KEY (previous_1, previous_2, previous_3, previous_4, next_tool_id)
);

CREATE TABLE recommendations (
  recommendation_seq INTEGER PRIMARY KEY,         -- order of the advice
  recommendation_id TEXT NOT NULL UNIQUE,         -- time-ordered id
  session_id INTEGER REFERENCES sessions (session_id), -- who asked; NULL: asked without a session
  request_id INTEGER REFERENCES requests (request_id),-- the request it answers; NULL: none was told
  context_id BIGINT NOT NULL REFERENCES contexts (context_id),-- the context
  policy TEXT NOT NULL,                           -- ranker or selection policy that answered
  tool_ids TEXT NOT NULL,                         -- what was answered, best first, JSON array of tool_id
  list_id INTEGER REFERENCES tool_lists (list_id), -- the candidates, for select_tool
  propensity DOUBLE PRECISION CHECK (propensity BETWEEN 0 AND 1), -- probability of the drawn tool; NULL: ranked, not drawn
  was_exploration SMALLINT CHECK (was_exploration IN (0, 1)),     -- drawn tool is not the greedy one
  exploration_rate DOUBLE PRECISION CHECK (exploration_rate BETWEEN 0 AND 1), -- at the draw
  execution_seq INTEGER,                          -- the execution joined to it; NULL: none yet
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);
CREATE INDEX recommendations_by_session ON recommendations (session_id, recommendation_seq);

CREATE TABLE replay_batches (
  batch INTEGER PRIMARY KEY,                      -- order of the batches
  after_seq INTEGER NOT NULL,                     -- executions in the log when it ran, count
  size INTEGER NOT NULL CHECK (size > 0),         -- transitions replayed, count
  avg_td_error DOUBLE PRECISION NOT NULL CHECK (avg_td_error BETWEEN 0 AND 1e9) -- mean absolute TD error
);

CREATE TABLE learner (
  learner_id INTEGER PRIMARY KEY CHECK (learner_id = 1), -- one row
  log_position INTEGER NOT NULL,                  -- registrations, requests, executions, feedback and episodes logged, count
  update_count INTEGER NOT NULL,                  -- executions recorded, count; the next seq is one more
  selection_count INTEGER NOT NULL,               -- select_tool draws, count
  selections_since_reset INTEGER NOT NULL,        -- of these since reset_exploration; gives the exploration rate
  batch_count INTEGER NOT NULL                    -- replay batches run, count
);
