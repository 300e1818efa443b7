-- A room's log tells for how long its messages are kept from then on.

ALTER TABLE room_log ADD COLUMN days INTEGER; -- for which messages are kept; 0: as long as the site keeps any
