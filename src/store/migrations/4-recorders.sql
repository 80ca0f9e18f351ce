-- What recorders (hooks, wrapped servers, transcripts) bring: outcomes that are told from behaviour, and files that are taken in exactly once.
ALTER TABLE episodes ADD COLUMN confidence DOUBLE PRECISION NOT NULL DEFAULT 1 CHECK (confidence BETWEEN 0 AND 1); -- how sure the outcome is; 1: somebody said it

-- Not part of the log: how far the spool was taken in, and what must be remembered between two takes.
CREATE TABLE spool_files (
  name TEXT PRIMARY KEY,                          -- of the file in the spool
  taken_bytes BIGINT NOT NULL CHECK (taken_bytes >= 0) -- so much of it has been learned from
);
CREATE TABLE open_turns (
  session_name TEXT PRIMARY KEY,                  -- the session that the recorder watches
  spool_name TEXT NOT NULL,                       -- the file that told of it last
  state TEXT NOT NULL,                            -- the turn under way, JSON (untrusted, redacted)
  changed_at_ms BIGINT NOT NULL                   -- when that was taken in, epoch milliseconds
);
CREATE INDEX open_turns_by_file ON open_turns (spool_name);
