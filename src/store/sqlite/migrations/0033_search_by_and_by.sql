-- The index of the search follows the messages: many enter it at once, after they were acknowledged, and all of them before
-- somebody searches. A commit of one message writes half as many pages, and FTS5 has fewer segments to merge.

-- Up to which message all are in the index; none after it is.
CREATE TABLE search_index (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

INSERT INTO search_index (one, upto) SELECT 1, coalesce(max(id), 0) FROM messages;

-- What is not in the index cannot be taken from it, and enters it as it is then.
DROP TRIGGER message_search_delete;

CREATE TRIGGER message_search_delete AFTER DELETE ON messages
WHEN NOT old.deleted AND old.id <= (SELECT upto FROM search_index WHERE one = 1) BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    VALUES ('delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id);
END;

DROP TRIGGER message_search_update;

CREATE TRIGGER message_search_update AFTER UPDATE OF text, author_id, deleted ON messages
WHEN old.id <= (SELECT upto FROM search_index WHERE one = 1) BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    SELECT 'delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id
    WHERE NOT old.deleted;
    INSERT INTO message_search (rowid, text, room, author)
    SELECT max(new.created_at, 0) / 60000 << 36 | new.id, new.text, 'r' || new.room_id, 'u' || new.author_id
    WHERE NOT new.deleted;
END;
