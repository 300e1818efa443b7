-- The whole newest schema, as the migrations in src/store/sqlite/migrations lead to it.
-- Generated: `UPDATE_GENERATED=1 cargo test --lib migrations` writes it anew.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE, -- model::UserName::key
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE, -- model::Email::key
    password_hash TEXT NOT NULL, -- a PHC string
    photo TEXT, -- the upload's id
    admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
    bot INTEGER NOT NULL DEFAULT 0 CHECK (bot IN (0, 1)),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    created_at INTEGER NOT NULL
, guest INTEGER NOT NULL DEFAULT 0 CHECK (guest IN (0, 1)), upload_bytes INTEGER NOT NULL DEFAULT 0, placeholder INTEGER NOT NULL DEFAULT 0 CHECK (placeholder IN (0, 1)), disabled_at INTEGER) STRICT;

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    slow_mode_s INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0, -- grows by one with each change to a message here
    member_count INTEGER NOT NULL DEFAULT 0,
    message_count INTEGER NOT NULL DEFAULT 0 -- the ordinal of the newest message
, people_key TEXT, ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)), retention_days INTEGER CHECK (retention_days > 0), last_id INTEGER) STRICT;

CREATE INDEX rooms_by_size ON rooms (kind, member_count);

CREATE TABLE sessions (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the cookie's value
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    entered_room INTEGER REFERENCES rooms (id) ON DELETE SET NULL
, proved_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE INDEX sessions_by_room ON sessions (entered_room) WHERE entered_room IS NOT NULL;

CREATE TABLE tokens (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the token
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
, scopes TEXT, expires_at INTEGER, used_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE members (
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'owner')),
    joined_at INTEGER NOT NULL,
    muted_until INTEGER,
    read_id INTEGER NOT NULL DEFAULT 0, -- the last message read
    read_ordinal INTEGER NOT NULL DEFAULT 0, -- its ordinal: unread = message_count - read_ordinal
    mention_count INTEGER NOT NULL DEFAULT 0, sent_at INTEGER, notify TEXT NOT NULL DEFAULT 'all' CHECK (notify IN ('all', 'mentions', 'none')), quiet_until INTEGER, favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1)), hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)), -- unread messages that mention this person
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL, -- the room's seq at the last change
    created_seq INTEGER NOT NULL, -- the room's seq at creation
    ordinal INTEGER NOT NULL, -- its number in its room, from 1
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    client_id TEXT, -- the author's own name for it
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
, change TEXT CHECK (change IN ('edited', 'deleted', 'reactions', 'pinned', 'preview')), reply_to INTEGER REFERENCES messages (id), thread_id INTEGER REFERENCES messages (id), reply_count INTEGER NOT NULL DEFAULT 0, reaction_count INTEGER NOT NULL DEFAULT 0, mention_count INTEGER NOT NULL DEFAULT 0, mentions_room INTEGER NOT NULL DEFAULT 0 CHECK (mentions_room IN (0, 1)), pinned_at INTEGER, attachment_count INTEGER NOT NULL DEFAULT 0, preview_count INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX messages_by_room ON messages (room_id);

CREATE UNIQUE INDEX messages_by_seq ON messages (room_id, seq);

CREATE UNIQUE INDEX messages_by_client_id ON messages (author_id, client_id) WHERE client_id IS NOT NULL;

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

CREATE TABLE mutes (
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mutes_by_user ON mutes (user_id);

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
, days INTEGER) STRICT;

CREATE INDEX room_log_by_room ON room_log (room_id);

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

CREATE TABLE report_reasons (
    report_id INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (report_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_reasons_by_user ON report_reasons (user_id);

CREATE TABLE incoming_hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE, -- the bot in whose name it speaks
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the token in its address
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX incoming_hooks_by_room ON incoming_hooks (room_id);

CREATE TRIGGER incoming_hook_ends AFTER DELETE ON incoming_hooks BEGIN
    UPDATE users SET deleted = 1, name_key = '#' || id, email_key = '#' || id WHERE id = old.user_id;
END;

CREATE INDEX messages_by_source ON messages (reply_to) WHERE reply_to IS NOT NULL;

CREATE INDEX messages_by_thread ON messages (thread_id) WHERE thread_id IS NOT NULL;

CREATE INDEX messages_pinned ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;

CREATE TABLE reactions (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    UNIQUE (message_id, user_id, emoji)
) STRICT;

CREATE INDEX reactions_by_user ON reactions (user_id);

CREATE TABLE message_edits (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    until INTEGER NOT NULL -- when it was edited away
) STRICT;

CREATE INDEX message_edits_by_message ON message_edits (message_id);

CREATE TABLE mentions (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_user ON mentions (user_id);

CREATE TABLE saved (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX saved_by_message ON saved (message_id);

CREATE TABLE bots (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX bots_by_owner ON bots (owner_id);

CREATE TRIGGER bot_ends AFTER DELETE ON bots BEGIN
    UPDATE users SET deleted = 1, name_key = '#' || id, email_key = '#' || id WHERE id = old.user_id;
END;

CREATE UNIQUE INDEX rooms_by_people ON rooms (people_key) WHERE people_key IS NOT NULL;

CREATE INDEX rooms_ended ON rooms (id) WHERE ended = 1;

CREATE TABLE invites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the link's token
    room_id INTEGER REFERENCES rooms (id) ON DELETE CASCADE, -- NULL: to the site alone
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER, -- NULL: never
    uses INTEGER CHECK (uses > 0), -- how many may come by it; NULL: any number
    used INTEGER NOT NULL DEFAULT 0 -- how many did
, site INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX invites_by_room ON invites (room_id);

CREATE INDEX invites_by_author ON invites (created_by);

CREATE INDEX reports_by_room ON reports (room_id);

CREATE INDEX present_guests ON users (guest) WHERE guest = 1 AND deleted = 0;

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY, -- random; the name of its files
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- NULL while it waits for one
    place INTEGER NOT NULL DEFAULT 0, -- its place in its message
    name TEXT NOT NULL,
    type TEXT NOT NULL, -- by content
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    thumbnails TEXT, -- the extension of its smaller pictures
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_by_message ON uploads (message_id, place) WHERE message_id IS NOT NULL;

CREATE INDEX uploads_by_user ON uploads (user_id);

CREATE INDEX uploads_waiting ON uploads (created_at) WHERE message_id IS NULL;

CREATE TABLE doomed_uploads (
    id TEXT NOT NULL PRIMARY KEY
) STRICT;

CREATE TRIGGER uploads_counted AFTER INSERT ON uploads BEGIN
    UPDATE users SET upload_bytes = upload_bytes + new.size WHERE id = new.user_id;
END;

CREATE TRIGGER uploads_doomed AFTER DELETE ON uploads BEGIN
    UPDATE users SET upload_bytes = upload_bytes - old.size WHERE id = old.user_id;
    INSERT OR IGNORE INTO doomed_uploads (id) VALUES (old.id);
END;

CREATE TRIGGER uploads_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM uploads WHERE message_id = new.id;
    UPDATE messages SET attachment_count = 0 WHERE id = new.id;
END;

CREATE TABLE outgoing_hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    secret BLOB NOT NULL, -- what deliveries are signed with: it is needed as it is
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    failing_since INTEGER, -- since the first failure after the last success
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))
) STRICT;

CREATE INDEX outgoing_hooks_by_room ON outgoing_hooks (room_id);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook_id INTEGER NOT NULL REFERENCES outgoing_hooks (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    change TEXT, -- of a message that was there; NULL for a new one
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX deliveries_by_hook ON deliveries (hook_id, id);

CREATE INDEX deliveries_by_time ON deliveries (due_at);

CREATE INDEX deliveries_by_message ON deliveries (message_id);

CREATE TRIGGER message_is_delivered AFTER INSERT ON messages BEGIN
    INSERT INTO deliveries (hook_id, message_id)
    SELECT id, new.id FROM outgoing_hooks WHERE room_id = new.room_id AND disabled = 0;
END;

CREATE TRIGGER change_is_delivered AFTER UPDATE OF seq ON messages BEGIN
    INSERT INTO deliveries (hook_id, message_id, change)
    SELECT id, new.id, new.change FROM outgoing_hooks WHERE room_id = new.room_id AND disabled = 0;
END;

CREATE TABLE link_pages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL, -- without a fragment
    title TEXT, -- NULL: there is nothing to show
    description TEXT,
    site TEXT,
    image TEXT, -- random; the name of its file
    width INTEGER,
    height INTEGER,
    expires_at INTEGER NOT NULL, -- until when it is not asked for again
    uses INTEGER NOT NULL DEFAULT 0 -- how many messages show it; kept, not counted
) STRICT;

CREATE INDEX link_pages_by_url ON link_pages (url, expires_at);

CREATE INDEX link_pages_unused ON link_pages (expires_at) WHERE uses = 0;

CREATE TABLE previews (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    place INTEGER NOT NULL, -- its place in its message
    url TEXT NOT NULL, -- as the message has it
    page_id INTEGER NOT NULL REFERENCES link_pages (id),
    PRIMARY KEY (message_id, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX previews_by_page ON previews (page_id);

CREATE TRIGGER preview_counted AFTER INSERT ON previews BEGIN
    UPDATE link_pages SET uses = uses + 1 WHERE id = new.page_id;
    UPDATE messages SET preview_count = preview_count + 1 WHERE id = new.message_id;
END;

CREATE TRIGGER preview_gone AFTER DELETE ON previews BEGIN
    UPDATE link_pages SET uses = uses - 1 WHERE id = old.page_id;
    UPDATE messages SET preview_count = preview_count - 1 WHERE id = old.message_id;
END;

CREATE TRIGGER previews_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM previews WHERE message_id = new.id;
END;

CREATE TRIGGER link_page_doomed AFTER DELETE ON link_pages WHEN old.image IS NOT NULL BEGIN
    INSERT OR IGNORE INTO doomed_uploads (id) VALUES (old.image);
END;

CREATE TABLE imported_people (
    source TEXT NOT NULL,
    key TEXT NOT NULL, -- the person's id there
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL DEFAULT '', -- as it stood there: nobody has shown that it is theirs
    active INTEGER NOT NULL CHECK (active IN (0, 1)), -- whether the person was there still
    claim BLOB UNIQUE CHECK (length(claim) = 32), -- SHA-256 of the token of the link by which the account is claimed
    claim_until INTEGER,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX imported_people_by_user ON imported_people (user_id);

CREATE TABLE imported_rooms (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    room_id INTEGER REFERENCES rooms (id) ON DELETE SET NULL, -- NULL: it was deleted here
    UNIQUE (source, key)
) STRICT;

CREATE INDEX imported_rooms_by_room ON imported_rooms (room_id);

CREATE TABLE imported_messages (
    place_id INTEGER NOT NULL REFERENCES imported_rooms (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    message_id INTEGER NOT NULL, -- it may be gone since
    PRIMARY KEY (place_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_changed ON messages (room_id, created_seq) WHERE seq <> created_seq;

CREATE INDEX users_by_brought_hash ON users (password_hash) WHERE password_hash >= '$werkzeug$' AND password_hash < '$werkzeug%';

CREATE TABLE hidden_previews (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    url TEXT NOT NULL, -- as the message has it
    PRIMARY KEY (message_id, url)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER hidden_previews_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM hidden_previews WHERE message_id = new.id;
END;

CREATE TABLE keys ( -- the server's own secrets, made when they are first needed
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_settings (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    quiet_until INTEGER, -- do not disturb
    quiet_from INTEGER, -- the same each day, from this minute of the day
    quiet_to INTEGER, -- to this one, which may be the next day's
    time_zone TEXT, -- by this zone's clocks
    mail INTEGER NOT NULL DEFAULT 1 CHECK (mail IN (0, 1)),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND (quiet_from IS NULL) = (time_zone IS NULL))
) STRICT;

CREATE TABLE push_subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_hash BLOB REFERENCES sessions (hash) ON DELETE CASCADE ON UPDATE CASCADE,
    token_hash BLOB REFERENCES tokens (hash) ON DELETE CASCADE,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh BLOB NOT NULL CHECK (length(p256dh) = 65), -- the device's public key
    auth BLOB NOT NULL CHECK (length(auth) = 16), -- what it shares with us
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0, -- since the last success
    wait_until INTEGER NOT NULL DEFAULT 0, -- after a failure
    CHECK ((session_hash IS NULL) <> (token_hash IS NULL))
) STRICT;

CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id);

CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_hash) WHERE session_hash IS NOT NULL;

CREATE INDEX push_subscriptions_by_token ON push_subscriptions (token_hash) WHERE token_hash IS NOT NULL;

CREATE INDEX push_subscriptions_waiting ON push_subscriptions (wait_until) WHERE wait_until > 0;

CREATE TABLE pushes (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    due_at INTEGER, -- NULL: it was told, and the room is not read yet
    attempts INTEGER NOT NULL DEFAULT 0,
    shown INTEGER NOT NULL DEFAULT 0 CHECK (shown IN (0, 1)), -- whether the device may show something
    cleared INTEGER NOT NULL DEFAULT 0 CHECK (cleared IN (0, 1)), -- the room was read: it is to be taken away
    PRIMARY KEY (user_id, room_id, subscription_id),
    FOREIGN KEY (room_id, user_id) REFERENCES members (room_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX pushes_by_member ON pushes (room_id, user_id);

CREATE INDEX pushes_by_subscription ON pushes (subscription_id);

CREATE INDEX pushes_due ON pushes (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE missed (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    first_id INTEGER NOT NULL, -- the first message of them
    last_id INTEGER NOT NULL, -- the last
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id),
    FOREIGN KEY (room_id, user_id) REFERENCES members (room_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX missed_by_member ON missed (room_id, user_id);

CREATE INDEX missed_by_time ON missed (due_at);

CREATE TABLE noticed (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

CREATE TRIGGER reading_clears AFTER UPDATE OF read_id ON members WHEN new.read_id > old.read_id BEGIN
    UPDATE pushes SET cleared = 1, due_at = 0, attempts = 0
    WHERE user_id = new.user_id AND room_id = new.room_id AND message_id <= new.read_id AND NOT cleared;
END;

CREATE TABLE mentioned_later (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL, -- 0: everybody in the room
    PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_end ON tokens (expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX users_admins ON users (admin) WHERE admin = 1;

CREATE TABLE site_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    by_id INTEGER, -- NULL: by the command line
    by_name TEXT NOT NULL,
    deed TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT NOT NULL, -- from where
    created_at INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE message_search USING fts5 (
    text, room, author, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE INDEX invites_to_the_site ON invites (site) WHERE site = 1;

CREATE TABLE totp (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    on_since INTEGER, -- NULL: it waits for its first code, and is not asked for
    last_step INTEGER NOT NULL DEFAULT 0 -- of the codes that were taken: an earlier one or the same is never taken again
, next_secret BLOB) STRICT;

CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE closing_accounts (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    remove_messages INTEGER NOT NULL CHECK (remove_messages IN (0, 1)), -- what the person said and reacted goes, too
    before_id INTEGER NOT NULL -- only messages before this one are still to be looked through
) STRICT;

CREATE INDEX incoming_hooks_by_author ON incoming_hooks (created_by);

CREATE INDEX outgoing_hooks_by_author ON outgoing_hooks (created_by);

CREATE TABLE recoveries (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX recoveries_by_user ON recoveries (user_id);

CREATE INDEX recoveries_by_end ON recoveries (expires_at);

CREATE TABLE new_addresses (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX new_addresses_by_user ON new_addresses (user_id);

CREATE INDEX new_addresses_by_end ON new_addresses (expires_at);

CREATE TABLE oidc_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL, -- the provider's id of the person, which it never gives to another
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX oidc_identities_by_user ON oidc_identities (user_id);

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

CREATE TRIGGER message_is_newest AFTER INSERT ON messages BEGIN
    UPDATE rooms SET last_id = new.id WHERE id = new.room_id;
END;

CREATE TRIGGER newest_message_goes AFTER DELETE ON messages BEGIN
    UPDATE rooms SET last_id = (SELECT max(id) FROM messages WHERE room_id = old.room_id)
    WHERE id = old.room_id AND last_id = old.id;
END;

CREATE TABLE search_index (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

CREATE TRIGGER message_search_delete AFTER DELETE ON messages
WHEN NOT old.deleted AND old.id <= (SELECT upto FROM search_index WHERE one = 1) BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    VALUES ('delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id);
END;

CREATE TRIGGER message_search_update AFTER UPDATE OF text, author_id, deleted ON messages
WHEN old.id <= (SELECT upto FROM search_index WHERE one = 1) BEGIN
    INSERT INTO message_search (message_search, rowid, text, room, author)
    SELECT 'delete', max(old.created_at, 0) / 60000 << 36 | old.id, old.text, 'r' || old.room_id, 'u' || old.author_id
    WHERE NOT old.deleted;
    INSERT INTO message_search (rowid, text, room, author)
    SELECT max(new.created_at, 0) / 60000 << 36 | new.id, new.text, 'r' || new.room_id, 'u' || new.author_id
    WHERE NOT new.deleted;
END;
