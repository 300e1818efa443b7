-- Direct conversations, how a person wants to hear of a room, and invitations.

-- A direct conversation is found by its people: their ids in ascending order, between commas.
ALTER TABLE rooms ADD COLUMN people_key TEXT;

CREATE UNIQUE INDEX rooms_by_people ON rooms (people_key) WHERE people_key IS NOT NULL;

-- An ended room has no members and another code; what was said in it is deleted bit by bit.
ALTER TABLE rooms ADD COLUMN ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1));

CREATE INDEX rooms_ended ON rooms (id) WHERE ended = 1;

ALTER TABLE members ADD COLUMN notify TEXT NOT NULL DEFAULT 'all' CHECK (notify IN ('all', 'mentions', 'none'));

ALTER TABLE members ADD COLUMN quiet_until INTEGER; -- until then of nothing, whatever notify says

ALTER TABLE members ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1));

ALTER TABLE members ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));

CREATE TABLE invites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the link's token
    room_id INTEGER REFERENCES rooms (id) ON DELETE CASCADE, -- NULL: to the site alone
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER, -- NULL: never
    uses INTEGER CHECK (uses > 0), -- how many may come by it; NULL: any number
    used INTEGER NOT NULL DEFAULT 0 -- how many did
) STRICT;

CREATE INDEX invites_by_room ON invites (room_id);

CREATE INDEX invites_by_author ON invites (created_by);

-- A room that ends is taken out of its reports.
CREATE INDEX reports_by_room ON reports (room_id);
