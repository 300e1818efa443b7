-- Running the site: accounts that nobody may log in to, and who did what to accounts and rooms.

ALTER TABLE users ADD COLUMN disabled_at INTEGER; -- since when nobody logs in to it

-- Counting the admins that are left, and asking who they are.
CREATE INDEX users_admins ON users (admin) WHERE admin = 1;

-- What was done to run the site; names are those of the time, so that it reads the same when they are gone.
CREATE TABLE site_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    by_id INTEGER, -- NULL: by the command line
    by_name TEXT NOT NULL,
    deed TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT NOT NULL, -- from where
    created_at INTEGER NOT NULL
) STRICT;
