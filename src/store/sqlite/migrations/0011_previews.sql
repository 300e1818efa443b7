-- What is shown of the pages that messages link to.

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

-- Kept, so that nothing is asked for a message without previews.
ALTER TABLE messages ADD COLUMN preview_count INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER preview_counted AFTER INSERT ON previews BEGIN
    UPDATE link_pages SET uses = uses + 1 WHERE id = new.page_id;
    UPDATE messages SET preview_count = preview_count + 1 WHERE id = new.message_id;
END;

CREATE TRIGGER preview_gone AFTER DELETE ON previews BEGIN
    UPDATE link_pages SET uses = uses - 1 WHERE id = old.page_id;
    UPDATE messages SET preview_count = preview_count - 1 WHERE id = old.message_id;
END;

-- A deleted message keeps its place, and nothing of what it led to.
CREATE TRIGGER previews_of_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted AND NOT old.deleted BEGIN
    DELETE FROM previews WHERE message_id = new.id;
END;

-- However a page goes, its picture goes with it, by the list of uploads whose files must be deleted.
CREATE TRIGGER link_page_doomed AFTER DELETE ON link_pages WHEN old.image IS NOT NULL BEGIN
    INSERT OR IGNORE INTO doomed_uploads (id) VALUES (old.image);
END;
