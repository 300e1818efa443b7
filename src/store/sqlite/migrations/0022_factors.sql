-- Second factors: an app that shows codes, and recovery codes.

CREATE TABLE totp (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    on_since INTEGER, -- NULL: it waits for its first code, and is not asked for
    last_step INTEGER NOT NULL DEFAULT 0 -- of the codes that were taken: an earlier one or the same is never taken again
) STRICT;

-- Each is good for once; only their SHA-256 is here.
CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;
