-- Addresses that accounts are to have, and the links that confirm them: one from the new address, and one from the old
-- where there is one. When the last is used, the account has it. Only the SHA-256 of a link's token is here.

CREATE TABLE new_addresses (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX new_addresses_by_user ON new_addresses (user_id);

CREATE INDEX new_addresses_by_end ON new_addresses (expires_at);
