-- A session remembers when its owner last showed who they are: by logging in, or by the password since.

ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;

UPDATE sessions SET proved_at = created_at;
