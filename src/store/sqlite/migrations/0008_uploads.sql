-- Files that come with messages.

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY, -- random; the name of its files
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- NULL while it waits for one
    place INTEGER NOT NULL DEFAULT 0, -- its place in its message
    name TEXT NOT NULL,
    type TEXT NOT NULL, -- by content
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    thumbnails TEXT, -- the extension of its smaller pictures
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_by_message ON uploads (message_id, place) WHERE message_id IS NOT NULL;

CREATE INDEX uploads_by_user ON uploads (user_id);

CREATE INDEX uploads_waiting ON uploads (created_at) WHERE message_id IS NULL;

-- How many bytes a person's uploads have; kept, not counted.
ALTER TABLE users ADD COLUMN upload_bytes INTEGER NOT NULL DEFAULT 0;

-- Kept, so that nothing is asked for a message without files.
ALTER TABLE messages ADD COLUMN attachment_count INTEGER NOT NULL DEFAULT 0;

-- Uploads whose files must still be deleted. A table with a rowid, since the writer is told of its rows by number.
CREATE TABLE doomed_uploads (
    id TEXT NOT NULL PRIMARY KEY
) STRICT;

CREATE TRIGGER uploads_counted AFTER INSERT ON uploads BEGIN
    UPDATE users SET upload_bytes = upload_bytes + new.size WHERE id = new.user_id;
END;

-- However an upload goes, its files go with it.
CREATE TRIGGER uploads_doomed AFTER DELETE ON uploads BEGIN
    UPDATE users SET upload_bytes = upload_bytes - old.size WHERE id = old.user_id;
    INSERT OR IGNORE INTO doomed_uploads (id) VALUES (old.id);
END;

-- A deleted message keeps its place, not its files.
CREATE TRIGGER uploads_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM uploads WHERE message_id = new.id;
    UPDATE messages SET attachment_count = 0 WHERE id = new.id;
END;
