-- Keeping order: bans, mutes that outlive a membership, slow mode, the rooms' logs, reports.
-- A time of 253402300799999 (the end of the year 9999) is that of what lasts until somebody takes it back.

-- When a member last said something, or came into a slow room: what slow mode counts from.
ALTER TABLE members ADD COLUMN sent_at INTEGER;

CREATE TABLE bans (
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    by_id INTEGER NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bans_by_user ON bans (user_id);

-- Of members that left while they were muted, so that coming back does not lift it.
CREATE TABLE mutes (
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mutes_by_user ON mutes (user_id);

-- What was done in a room to keep order.
CREATE TABLE room_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    action TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id), -- to whom, if it was done to one person
    by_id INTEGER NOT NULL REFERENCES users (id),
    until INTEGER,
    role TEXT, -- the new one
    seconds INTEGER, -- of slow mode, or as far back as messages were deleted
    messages INTEGER, -- how many were deleted
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- An index ends in the row's id, so this one is on (room_id, id).
CREATE INDEX room_log_by_room ON room_log (room_id);

-- What people told the site's admin of: a message or a person. One open report for each.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id), -- who is reported, or wrote the message
    message_id INTEGER, -- the message; it may be gone since
    room_id INTEGER REFERENCES rooms (id) ON DELETE SET NULL,
    text TEXT, -- what the message said when it was reported
    said_at INTEGER, -- when the message was sent
    created_at INTEGER NOT NULL,
    resolved_at INTEGER,
    resolved_by INTEGER REFERENCES users (id)
) STRICT;

CREATE UNIQUE INDEX open_reports ON reports (user_id, ifnull(message_id, 0)) WHERE resolved_at IS NULL;

CREATE INDEX reports_by_state ON reports (resolved_at IS NULL);

-- Who reported it, each once.
CREATE TABLE report_reasons (
    report_id INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (report_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_reasons_by_user ON report_reasons (user_id);
