//! What the table has no row for, and where that is held.

/// Commands and routes that are not about one room, or that name no room to who may not know of it.
pub(super) const ELSEWHERE: [&str; 32] = [
    "rooms",
    "create_room",
    "saved",
    "direct",
    "active",
    // Each invitation has an id of its own; tests/it/rooms.rs and tests/it/joining.rs hold who may revoke one.
    "revoke_invite",
    "/api/v1/admin/invites/{id}",
    "/admin/invites/{id}/revoke",
    "/api/v1/rooms/{code}/invites/{id}",
    "/room/{code}/invites/{id}/revoke",
    // Accounts are looked at and changed by who runs the site; tests/it/coverage/routes.rs.
    "/api/v1/admin/users/{id}",
    "/admin/people/{id}",
    // Sessions are one's own; tests/it/devices.rs.
    "/api/v1/sessions/{id}",
    "/settings/sessions/{id}/end",
    // Tokens, too; tests/it/tokens.rs.
    "/api/v1/tokens/{id}",
    "/settings/tokens/{id}/end",
    // So are passkeys; tests/it/passkeys.rs.
    "/api/v1/me/passkeys/{id}",
    "/settings/passkeys/{id}",
    "/settings/passkeys/{id}/remove",
    // Bots are their owners'.
    "/api/v1/bots/{id}",
    "/api/v1/bots/{id}/tokens",
    "/api/v1/bots/{id}/tokens/{token}",
    "/settings/bots/{id}/delete",
    "/settings/bots/{id}/tokens",
    "/settings/bots/{id}/tokens/{token}/end",
    "/uploads/{id}",
    // Devices are their owners' (tests/it/notifications.rs).
    "/settings/notifications/devices/{id}/remove",
    // A page's picture belongs to no room: whoever is logged in may see it (tests/it/coverage/routes.rs).
    "/previews/{id}",
    // Each webhook has an id of its own; tests/it/hooks.rs and tests/it/coverage/routes.rs hold who may end one.
    "/room/{code}/hooks/{id}/revoke",
    "/api/v1/rooms/{code}/hooks/{id}",
    "/room/{code}/outgoing-hooks/{id}/remove",
    "/api/v1/rooms/{code}/outgoing-hooks/{id}",
];
