-- The writer puts new messages into the index itself, all of a transaction at once: FTS5 writes what it holds to disk
-- whenever a savepoint begins, and a trigger made it do so for each message.
DROP TRIGGER message_search_insert;
