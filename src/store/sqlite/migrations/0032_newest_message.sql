-- A room says which message is its newest. To look for it costs a walk through an index of all messages, for each room of
-- everybody's list, which grows with them.

ALTER TABLE rooms ADD COLUMN last_id INTEGER; -- its newest message, if it has one

UPDATE rooms SET last_id = (SELECT max(id) FROM messages WHERE room_id = rooms.id);

-- Ids only grow (AUTOINCREMENT).
CREATE TRIGGER message_is_newest AFTER INSERT ON messages BEGIN
    UPDATE rooms SET last_id = new.id WHERE id = new.room_id;
END;

CREATE TRIGGER newest_message_goes AFTER DELETE ON messages BEGIN
    UPDATE rooms SET last_id = (SELECT max(id) FROM messages WHERE room_id = old.room_id)
    WHERE id = old.room_id AND last_id = old.id;
END;
