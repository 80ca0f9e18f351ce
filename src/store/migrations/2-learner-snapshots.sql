-- toolwise, schema version 2: what the learned ranking needs. Runs after schema.sql (version 1), on new files and on old ones; the same
-- rules: one portable DDL for SQLite and PostgreSQL 15, units in the names.

CREATE TABLE learner_seed (
  seed_id INTEGER PRIMARY KEY CHECK (seed_id = 1), -- one row, made when the learner is first used
  seed BIGINT NOT NULL CHECK (seed BETWEEN 0 AND 4294967295) -- what the learner rehearses: with the log it decides every weight
);

CREATE TABLE learner_snapshots (
  snapshot_id INTEGER PRIMARY KEY CHECK (snapshot_id = 1), -- one row; without it the learner is rebuilt from the log
  log_position INTEGER NOT NULL,                  -- the last event that was learned from
  format INTEGER NOT NULL,                        -- version of the payload
  payload TEXT NOT NULL,                          -- the learner, base64
  created_at_ms BIGINT NOT NULL                   -- epoch milliseconds
);

ALTER TABLE feedback ADD COLUMN rating_before SMALLINT CHECK (rating_before BETWEEN 1 AND 5); -- the call's stars before; NULL: not rated

-- Feedback of version 1: the rating before is that of the feedback before, else what the difference in reward (2 for a star) tells. Three
-- stars and no rating give the same reward: then none is taken to have been given.
UPDATE feedback SET rating_before = coalesce(
  (SELECT f.rating FROM feedback AS f WHERE f.execution_seq = feedback.execution_seq AND f.feedback_seq < feedback.feedback_seq
    ORDER BY f.feedback_seq DESC LIMIT 1),
  CASE round(rating - (reward_after - reward_before) / 2) WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 4 THEN 4 WHEN 5 THEN 5 END
);

CREATE UNIQUE INDEX registrations_by_position ON registrations (log_position);
CREATE UNIQUE INDEX requests_by_position ON requests (log_position);
CREATE UNIQUE INDEX executions_by_position ON executions (log_position);
CREATE UNIQUE INDEX feedback_by_position ON feedback (log_position);
CREATE UNIQUE INDEX episodes_by_position ON episodes (log_position);
