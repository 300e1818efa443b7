-- Notifications: which devices are pushed to, what they are still to be told, and which mentions may be mailed.

CREATE TABLE keys ( -- the server's own secrets, made when they are first needed
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_settings (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    quiet_until INTEGER, -- do not disturb
    quiet_from INTEGER, -- the same each day, from this minute of the day
    quiet_to INTEGER, -- to this one, which may be the next day's
    time_zone TEXT, -- by this zone's clocks
    mail INTEGER NOT NULL DEFAULT 1 CHECK (mail IN (0, 1)),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND (quiet_from IS NULL) = (time_zone IS NULL))
) STRICT;

CREATE TABLE push_subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_hash BLOB REFERENCES sessions (hash) ON DELETE CASCADE ON UPDATE CASCADE,
    token_hash BLOB REFERENCES tokens (hash) ON DELETE CASCADE,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh BLOB NOT NULL CHECK (length(p256dh) = 65), -- the device's public key
    auth BLOB NOT NULL CHECK (length(auth) = 16), -- what it shares with us
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0, -- since the last success
    wait_until INTEGER NOT NULL DEFAULT 0, -- after a failure
    CHECK ((session_hash IS NULL) <> (token_hash IS NULL))
) STRICT;

CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id);

CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_hash) WHERE session_hash IS NOT NULL;

CREATE INDEX push_subscriptions_by_token ON push_subscriptions (token_hash) WHERE token_hash IS NOT NULL;

CREATE INDEX push_subscriptions_waiting ON push_subscriptions (wait_until) WHERE wait_until > 0;

-- What a device is told of a room is its newest message alone: a row a room and device, whatever is said.
CREATE TABLE pushes (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    due_at INTEGER, -- NULL: it was told, and the room is not read yet
    attempts INTEGER NOT NULL DEFAULT 0,
    shown INTEGER NOT NULL DEFAULT 0 CHECK (shown IN (0, 1)), -- whether the device may show something
    cleared INTEGER NOT NULL DEFAULT 0 CHECK (cleared IN (0, 1)), -- the room was read: it is to be taken away
    PRIMARY KEY (user_id, room_id, subscription_id),
    FOREIGN KEY (room_id, user_id) REFERENCES members (room_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX pushes_by_member ON pushes (room_id, user_id);

CREATE INDEX pushes_by_subscription ON pushes (subscription_id);

CREATE INDEX pushes_due ON pushes (due_at) WHERE due_at IS NOT NULL;

-- Mentions and direct messages that are mailed unless they are read before.
CREATE TABLE missed (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    first_id INTEGER NOT NULL, -- the first message of them
    last_id INTEGER NOT NULL, -- the last
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id),
    FOREIGN KEY (room_id, user_id) REFERENCES members (room_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX missed_by_member ON missed (room_id, user_id);

CREATE INDEX missed_by_time ON missed (due_at);

-- Up to which message it was looked at who is to be told.
CREATE TABLE noticed (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

INSERT INTO noticed (one, upto) SELECT 1, coalesce(max(id), 0) FROM messages;

-- Who reads a room on one device has it taken away on the others. Nobody told of it pays one look into an index.
CREATE TRIGGER reading_clears AFTER UPDATE OF read_id ON members WHEN new.read_id > old.read_id BEGIN
    UPDATE pushes SET cleared = 1, due_at = 0, attempts = 0
    WHERE user_id = new.user_id AND room_id = new.room_id AND message_id <= new.read_id AND NOT cleared;
END;

-- Whom an edit mentions that the message did not mention before, until it is looked at.
CREATE TABLE mentioned_later (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL, -- 0: everybody in the room
    PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;
