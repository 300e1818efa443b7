-- Accounts that were deleted, as long as something of them is still to be removed: bit by bit, also after a restart.

CREATE TABLE closing_accounts (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    remove_messages INTEGER NOT NULL CHECK (remove_messages IN (0, 1)), -- what the person said and reacted goes, too
    before_id INTEGER NOT NULL -- only messages before this one are still to be looked through
) STRICT;

-- The webhooks that go with the person who made them.
CREATE INDEX incoming_hooks_by_author ON incoming_hooks (created_by);

CREATE INDEX outgoing_hooks_by_author ON outgoing_hooks (created_by);
