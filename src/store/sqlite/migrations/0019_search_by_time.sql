-- What is searched is ordered by when it was sent, as imported messages are older than their ids. A message's place in the
-- index is the minute in which it was sent and, in its low 36 bits, its id: so one walk along the index is in order of time,
-- a span of time is a part of it, and a place says which message it is of. The words themselves are kept in the messages
-- alone.

DROP TRIGGER message_search_insert;
DROP TRIGGER message_search_delete;
DROP TRIGGER message_search_update;
DROP TABLE message_search;
DROP VIEW message_words;

CREATE VIRTUAL TABLE message_search USING fts5 (
    text, room, author, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER message_search_insert AFTER INSERT ON messages WHEN NOT new.deleted BEGIN
    INSERT INTO message_search (rowid, text, room, author)
    VALUES (max(new.created_at, 0) / 60000 << 36 | new.id, new.text, 'r' || new.room_id, 'u' || new.author_id);
END;

CREATE TRIGGER message_search_delete AFTER DELETE ON messages WHEN NOT old.deleted BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    VALUES ('delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id);
END;

CREATE TRIGGER message_search_update AFTER UPDATE OF text, author_id, deleted ON messages BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    SELECT 'delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id
    WHERE NOT old.deleted;
    INSERT INTO message_search (rowid, text, room, author)
    SELECT max(new.created_at, 0) / 60000 << 36 | new.id, new.text, 'r' || new.room_id, 'u' || new.author_id
    WHERE NOT new.deleted;
END;

INSERT INTO message_search (rowid, text, room, author)
    SELECT max(created_at, 0) / 60000 << 36 | id, text, 'r' || room_id, 'u' || author_id
    FROM messages WHERE NOT deleted ORDER BY max(created_at, 0) / 60000 << 36 | id;
