-- Tokens may end by themselves, and tell when they were last used.

ALTER TABLE tokens ADD COLUMN expires_at INTEGER; -- NULL: it holds until somebody ends it

ALTER TABLE tokens ADD COLUMN used_at INTEGER; -- NULL: not yet

CREATE INDEX tokens_by_end ON tokens (expires_at) WHERE expires_at IS NOT NULL;
