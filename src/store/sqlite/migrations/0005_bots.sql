-- Accounts of programs, each with a person who answers for it, and tokens that may do some things only.

CREATE TABLE bots (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX bots_by_owner ON bots (owner_id);

-- A bot that is deleted leaves its messages; its account closes and its name is free.
CREATE TRIGGER bot_ends AFTER DELETE ON bots BEGIN
    UPDATE users SET deleted = 1, name_key = '#' || id, email_key = '#' || id WHERE id = old.user_id;
END;

ALTER TABLE tokens ADD COLUMN scopes TEXT; -- words with blanks between; NULL: all that the account may
