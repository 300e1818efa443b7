-- Previews that the author of a message, or who keeps order, took away: they do not come back when it is edited.

CREATE TABLE hidden_previews (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    url TEXT NOT NULL, -- as the message has it
    PRIMARY KEY (message_id, url)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER hidden_previews_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM hidden_previews WHERE message_id = new.id;
END;
