-- Searching what was said. The index is kept by triggers, so that whatever changes a message changes it in the same
-- transaction. A room and an author are words too (r12, u7): who asks for them has only theirs looked at.

CREATE VIEW message_words AS
    SELECT id, text, 'r' || room_id AS room, 'u' || author_id AS author FROM messages;

CREATE VIRTUAL TABLE message_search USING fts5 (
    text, room, author,
    content = 'message_words', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER message_search_insert AFTER INSERT ON messages WHEN NOT new.deleted BEGIN
    INSERT INTO message_search (rowid, text, room, author)
    VALUES (new.id, new.text, 'r' || new.room_id, 'u' || new.author_id);
END;

CREATE TRIGGER message_search_delete AFTER DELETE ON messages WHEN NOT old.deleted BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    VALUES ('delete', old.id, old.text, 'r' || old.room_id, 'u' || old.author_id);
END;

CREATE TRIGGER message_search_update AFTER UPDATE OF text, deleted ON messages BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    SELECT 'delete', old.id, old.text, 'r' || old.room_id, 'u' || old.author_id WHERE NOT old.deleted;
    INSERT INTO message_search (rowid, text, room, author)
    SELECT new.id, new.text, 'r' || new.room_id, 'u' || new.author_id WHERE NOT new.deleted;
END;

INSERT INTO message_search (rowid, text, room, author)
    SELECT w.id, w.text, w.room, w.author FROM message_words w JOIN messages m ON m.id = w.id WHERE NOT m.deleted;
