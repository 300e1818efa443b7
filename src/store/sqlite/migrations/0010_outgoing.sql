-- Outgoing webhooks, and what is still to be delivered by them.

CREATE TABLE outgoing_hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    secret BLOB NOT NULL, -- what deliveries are signed with: it is needed as it is
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    failing_since INTEGER, -- since the first failure after the last success
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))
) STRICT;

CREATE INDEX outgoing_hooks_by_room ON outgoing_hooks (room_id);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook_id INTEGER NOT NULL REFERENCES outgoing_hooks (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    change TEXT, -- of a message that was there; NULL for a new one
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX deliveries_by_hook ON deliveries (hook_id, id);

CREATE INDEX deliveries_by_time ON deliveries (due_at);

CREATE INDEX deliveries_by_message ON deliveries (message_id);

-- What is queued is queued in the message's own transaction. A room without webhooks pays one look into an index.
CREATE TRIGGER message_is_delivered AFTER INSERT ON messages BEGIN
    INSERT INTO deliveries (hook_id, message_id)
    SELECT id, new.id FROM outgoing_hooks WHERE room_id = new.room_id AND disabled = 0;
END;

CREATE TRIGGER change_is_delivered AFTER UPDATE OF seq ON messages BEGIN
    INSERT INTO deliveries (hook_id, message_id, change)
    SELECT id, new.id, new.change FROM outgoing_hooks WHERE room_id = new.room_id AND disabled = 0;
END;
