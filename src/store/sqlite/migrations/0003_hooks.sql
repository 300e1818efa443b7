-- Incoming webhooks: each speaks in one room, under a bot account of its own.

CREATE TABLE incoming_hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE, -- the bot in whose name it speaks
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the token in its address
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX incoming_hooks_by_room ON incoming_hooks (room_id);

-- A webhook that is revoked, or goes with its room, leaves its messages; its account closes and its name is free.
CREATE TRIGGER incoming_hook_ends AFTER DELETE ON incoming_hooks BEGIN
    UPDATE users SET deleted = 1, name_key = '#' || id, email_key = '#' || id WHERE id = old.user_id;
END;
