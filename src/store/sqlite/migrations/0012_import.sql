-- What was brought from another messenger, so that bringing it again adds only what is new; and people whose accounts
-- wait until somebody claims them.

ALTER TABLE users ADD COLUMN placeholder INTEGER NOT NULL DEFAULT 0 CHECK (placeholder IN (0, 1));

CREATE TABLE imported_people (
    source TEXT NOT NULL,
    key TEXT NOT NULL, -- the person's id there
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL DEFAULT '', -- as it stood there: nobody has shown that it is theirs
    active INTEGER NOT NULL CHECK (active IN (0, 1)), -- whether the person was there still
    claim BLOB UNIQUE CHECK (length(claim) = 32), -- SHA-256 of the token of the link by which the account is claimed
    claim_until INTEGER,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX imported_people_by_user ON imported_people (user_id);

CREATE TABLE imported_rooms (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    room_id INTEGER REFERENCES rooms (id) ON DELETE SET NULL, -- NULL: it was deleted here
    UNIQUE (source, key)
) STRICT;

CREATE INDEX imported_rooms_by_room ON imported_rooms (room_id);

CREATE TABLE imported_messages (
    place_id INTEGER NOT NULL REFERENCES imported_rooms (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    message_id INTEGER NOT NULL, -- it may be gone since
    PRIMARY KEY (place_id, key)
) STRICT, WITHOUT ROWID;
