-- Accounts, sessions, tokens, rooms, members, messages.
-- Times are milliseconds since 1970 in UTC. AUTOINCREMENT: an id is never given twice.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE, -- model::UserName::key
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE, -- model::Email::key
    password_hash TEXT NOT NULL, -- a PHC string
    photo TEXT, -- the upload's id
    admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
    bot INTEGER NOT NULL DEFAULT 0 CHECK (bot IN (0, 1)),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    slow_mode_s INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0, -- grows by one with each change to a message here
    member_count INTEGER NOT NULL DEFAULT 0,
    message_count INTEGER NOT NULL DEFAULT 0 -- the ordinal of the newest message
) STRICT;

CREATE INDEX rooms_by_size ON rooms (kind, member_count);

CREATE TABLE sessions (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the cookie's value
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    entered_room INTEGER REFERENCES rooms (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE INDEX sessions_by_room ON sessions (entered_room) WHERE entered_room IS NOT NULL;

CREATE TABLE tokens (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the token
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE members (
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'owner')),
    joined_at INTEGER NOT NULL,
    muted_until INTEGER,
    read_id INTEGER NOT NULL DEFAULT 0, -- the last message read
    read_ordinal INTEGER NOT NULL DEFAULT 0, -- its ordinal: unread = message_count - read_ordinal
    mention_count INTEGER NOT NULL DEFAULT 0, -- unread messages that mention this person
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL, -- the room's seq at the last change
    created_seq INTEGER NOT NULL, -- the room's seq at creation
    ordinal INTEGER NOT NULL, -- its number in its room, from 1
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    client_id TEXT, -- the author's own name for it
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
) STRICT;

-- An index ends in the row's id, so this one is on (room_id, id): history.
CREATE INDEX messages_by_room ON messages (room_id);

-- What a listener missed; and two changes of a room never share a seq.
CREATE UNIQUE INDEX messages_by_seq ON messages (room_id, seq);

-- A resend is recognised (contract, promise 2).
CREATE UNIQUE INDEX messages_by_client_id ON messages (author_id, client_id) WHERE client_id IS NOT NULL;
