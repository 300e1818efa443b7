-- What happens to messages after they were sent: edits, deletion, replies, reactions, pins, mentions, saving.

-- What the last change was; NULL where there was none.
ALTER TABLE messages ADD COLUMN change TEXT CHECK (change IN ('edited', 'deleted', 'reactions', 'pinned', 'preview'));

ALTER TABLE messages ADD COLUMN reply_to INTEGER REFERENCES messages (id);

-- The first message of the thread that it belongs to.
ALTER TABLE messages ADD COLUMN thread_id INTEGER REFERENCES messages (id);

-- Of a thread's first message. This and the next three are kept, so that nothing is asked for a plain message.
ALTER TABLE messages ADD COLUMN reply_count INTEGER NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN reaction_count INTEGER NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN mention_count INTEGER NOT NULL DEFAULT 0;

-- Whether everybody in the room is mentioned.
ALTER TABLE messages ADD COLUMN mentions_room INTEGER NOT NULL DEFAULT 0 CHECK (mentions_room IN (0, 1));

ALTER TABLE messages ADD COLUMN pinned_at INTEGER;

CREATE INDEX messages_by_source ON messages (reply_to) WHERE reply_to IS NOT NULL;

CREATE INDEX messages_by_thread ON messages (thread_id) WHERE thread_id IS NOT NULL;

CREATE INDEX messages_pinned ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- With a rowid: reactions are shown in the order in which they came.
CREATE TABLE reactions (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    UNIQUE (message_id, user_id, emoji)
) STRICT;

CREATE INDEX reactions_by_user ON reactions (user_id);

-- What an edited message said before.
CREATE TABLE message_edits (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    until INTEGER NOT NULL -- when it was edited away
) STRICT;

CREATE INDEX message_edits_by_message ON message_edits (message_id);

CREATE TABLE mentions (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_user ON mentions (user_id);

-- What people keep for later.
CREATE TABLE saved (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX saved_by_message ON saved (message_id);
