-- Guests: people without credential, who have a name only. One who has gone is a closed account, so that nobody can
-- become it again and what it said keeps its name.
ALTER TABLE users ADD COLUMN guest INTEGER NOT NULL DEFAULT 0 CHECK (guest IN (0, 1));

-- The guests that are there.
CREATE INDEX present_guests ON users (guest) WHERE guest = 1 AND deleted = 0;
