-- Passkeys: what people log in with instead of a password, or beside it.

CREATE TABLE passkeys (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BLOB NOT NULL UNIQUE, -- the device's own name for it
    handle BLOB NOT NULL, -- random bytes by which devices know the person: the same for all of a person's passkeys
    host TEXT NOT NULL, -- the server's name that it belongs to; under another it is good for nothing
    name TEXT NOT NULL,
    credential TEXT NOT NULL, -- the public key and what came with it, as JSON
    sign_count INTEGER NOT NULL, -- how often it says it was used; 0 for one that does not count
    backed_up INTEGER NOT NULL, -- whether it is kept in more places than one device
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX passkeys_by_user ON passkeys (user_id, id);
