-- Invitations to the site, which whoever runs it makes: they may lead into a room, too.

ALTER TABLE invites ADD COLUMN site INTEGER NOT NULL DEFAULT 0; -- 1: made by who runs the site

UPDATE invites SET site = 1 WHERE room_id IS NULL;

-- Listing them, the newest first.
CREATE INDEX invites_to_the_site ON invites (site) WHERE site = 1;
