-- Messages that changed since they were written, in the order in which they were: whoever catches up page by page is told
-- of them in their places. Partial, so that it costs a new message nothing.

CREATE INDEX messages_changed ON messages (room_id, created_seq) WHERE seq <> created_seq;
