-- Links by which somebody who has forgotten a password chooses another one. Only their SHA-256 is here.

CREATE TABLE recoveries (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX recoveries_by_user ON recoveries (user_id);

CREATE INDEX recoveries_by_end ON recoveries (expires_at);
