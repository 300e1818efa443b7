-- The secret of another app waits for its first code beside the one that is asked for, which it then takes the place of.

ALTER TABLE totp ADD COLUMN next_secret BLOB;
