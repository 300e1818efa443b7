//! The table of routes: what each answers to whom.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser};

/// The statuses for those who should not get through.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Codes {
    /// Nobody is logged in.
    pub(super) anonymous: u16,
    /// Somebody is, by a session, and another site's page sends it.
    pub(super) foreign: u16,
    /// Somebody who does not belong to the room.
    pub(super) no_member: u16,
    /// The room (or person, or upload) is not there.
    pub(super) unknown: u16,
}

/// What is sent.
enum Sent {
    Nothing,
    Json(Value),
    /// A form without CSRF token.
    Form,
}

pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) codes: Codes,
    sent: Sent,
}

impl Route {
    /// The status for this browser, from a page of this origin, about this room.
    pub(super) async fn by(&self, browser: &Browser, origin: Option<&str>, room: &str) -> u16 {
        let mut request = browser.request(self.method.clone(), &filled(self.path, room));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = match &self.sent {
            Sent::Nothing => request,
            Sent::Json(body) => request.json(body),
            Sent::Form if self.path == "/profile/photo" => {
                request.multipart(reqwest::multipart::Form::new().text("remove", "1"))
            }
            Sent::Form => request.form(&[("data", "x"), ("name", "x")]),
        };
        Answer::of(request).await.status
    }
}

/// A path with something in the place of its parameters.
pub(super) fn filled(path: &str, room: &str) -> String {
    let name = if room == "0123456789ab" {
        "nobody"
    } else {
        "anna"
    };
    path.replace("{code}", room)
        .replace("{name}", name)
        .replace("{token}", "abc")
        .replace("{emoji}", "%F0%9F%91%8D")
        .replace("{id}", "0123456789abcdef")
}

/// The table. A page sends whoever is not logged in to the login (303); a form without token, or from a foreign
/// page, is refused (403); reading from a foreign page does not harm, since it cannot see the answer.
#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "a table has a row for each route")]
pub(super) fn table() -> Vec<Route> {
    let get = |path, codes| row(Method::GET, path, Sent::Nothing, codes);
    let delete = |path, codes| row(Method::DELETE, path, Sent::Nothing, codes);
    let form = |path, codes| row(Method::POST, path, Sent::Form, codes);
    let post = |path, body, codes| row(Method::POST, path, Sent::Json(body), codes);
    let user = json!({ "name": "x", "email": "x@y.de", "password": "12345678" });
    let mut table = of_messages();
    // The last row ends the session that all others use.
    table.extend([
        // anonymous, foreign, no member, unknown
        get("/healthz", [200, 200, 200, 200]),
        get("/readyz", [200, 200, 200, 200]),
        get("/manifest.webmanifest", [200, 200, 200, 200]),
        get("/sw.js", [200, 200, 200, 200]),
        get("/offline", [200, 200, 200, 200]),
        get("/", [303, 200, 200, 200]),
        form("/rooms", [303, 403, 403, 403]),
        form("/join", [303, 403, 403, 403]),
        get("/register", [200, 303, 303, 303]),
        form("/register", [403, 403, 403, 403]),
        get("/setup/{token}", [404, 404, 404, 404]),
        form("/setup/{token}", [403, 403, 403, 403]),
        get("/login", [200, 303, 303, 303]),
        form("/login", [403, 403, 403, 403]),
        form("/logout", [303, 403, 403, 403]),
        form("/direct", [303, 403, 403, 403]),
        get("/invite/{token}", [404, 404, 404, 404]),
        form("/invite/{token}", [403, 403, 403, 403]),
        get("/claim/{token}", [404, 404, 404, 404]),
        form("/claim/{token}", [403, 403, 403, 403]),
        get("/room/{code}/settings", [303, 403, 403, 404]),
        form("/room/{code}/settings", [303, 403, 403, 403]),
        form("/room/{code}/invites", [303, 403, 403, 403]),
        form("/room/{code}/invites/{id}/revoke", [303, 403, 403, 403]),
        form("/room/{code}/members", [303, 403, 403, 403]),
        get("/room/{code}/members", [303, 403, 403, 404]),
        get("/room/{code}/moderate", [303, 403, 403, 404]),
        form("/room/{code}/moderate", [303, 403, 403, 403]),
        get("/room/{code}/log", [303, 403, 403, 404]),
        get("/room/{code}/m/{id}/report", [303, 404, 404, 404]),
        form("/room/{code}/m/{id}/report", [303, 403, 403, 403]),
        get("/u/{name}/report", [303, 200, 200, 404]),
        form("/u/{name}/report", [303, 403, 403, 403]),
        get("/admin", [303, 403, 403, 403]),
        get("/admin/audit", [303, 403, 403, 403]),
        form("/admin/reports/{id}/resolve", [303, 403, 403, 403]),
        get("/room/{code}", [303, 200, 200, 404]),
        form("/room/{code}", [303, 403, 403, 403]),
        form("/room/{code}/leave", [303, 403, 403, 403]),
        get("/profile", [303, 200, 200, 200]),
        form("/profile", [303, 403, 403, 403]),
        form("/profile/photo", [303, 403, 403, 403]),
        get("/u/{name}", [303, 200, 200, 404]),
        get("/uploads/{id}", [404, 403, 404, 404]),
        get("/previews/{id}", [404, 403, 404, 404]),
        get("/api/schema.json", [200, 200, 200, 200]),
        get("/api/openapi.json", [200, 200, 200, 200]),
        get("/api/asyncapi.yaml", [200, 200, 200, 200]),
        post("/api/v1/users", user, [422, 422, 422, 422]),
        post("/api/v1/passwords/strength", json!({ "password": "x" }), [200, 200, 200, 200]),
        post("/api/v1/tokens", json!({ "login": "x", "password": "y" }), [401, 401, 401, 401]),
        get("/api/v1/me", [401, 403, 200, 200]),
        row(Method::PATCH, "/api/v1/me", Sent::Json(json!({})), [401, 403, 200, 200]),
        row(Method::PUT, "/api/v1/me/photo", Sent::Form, [401, 403, 415, 415]),
        delete("/api/v1/me/photo", [401, 403, 200, 200]),
        get("/api/v1/rooms", [401, 403, 200, 200]),
        post("/api/v1/rooms", json!({ "name": "x" }), [401, 403, 201, 201]),
        row(Method::PATCH, "/api/v1/rooms/{code}", Sent::Json(json!({ "topic": "x" })), [401, 403, 403, 404]),
        row(Method::DELETE, "/api/v1/rooms/{code}", Sent::Json(json!({ "confirm": "x" })), [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/archive", json!({ "on": true }), [401, 403, 403, 404]),
        get("/api/v1/people", [401, 403, 200, 200]),
        post("/api/v1/direct", json!({ "users": [] }), [401, 403, 200, 200]),
        post("/api/v1/rooms/{code}/members", json!({ "user": "owner" }), [401, 403, 403, 404]),
        row(Method::PATCH, "/api/v1/rooms/{code}/preferences", Sent::Json(json!({ "favourite": true })), [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/unread", json!({ "id": 1 }), [401, 403, 403, 404]),
        get("/api/v1/rooms/{code}/invites", [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/invites", json!({}), [401, 403, 403, 404]),
        delete("/api/v1/rooms/{code}/invites/{id}", [401, 403, 403, 404]),
        get("/admin/people", [303, 403, 403, 403]),
        form("/admin/people", [303, 403, 403, 403]),
        get("/admin/people/{id}", [303, 403, 403, 403]),
        form("/admin/people/{id}", [303, 403, 403, 403]),
        get("/admin/rooms", [303, 403, 403, 403]),
        get("/admin/rooms/{code}", [303, 403, 403, 403]),
        form("/admin/rooms/{code}", [303, 403, 403, 403]),
        get("/api/v1/admin/users", [401, 403, 403, 403]),
        post("/api/v1/admin/users", json!({ "name": "x", "email": "x@y.de" }), [401, 403, 403, 403]),
        get("/api/v1/admin/users/{id}", [401, 403, 403, 403]),
        post("/api/v1/admin/users/{id}", json!({ "action": "disable" }), [401, 403, 403, 403]),
        get("/api/v1/admin/rooms", [401, 403, 403, 403]),
        get("/api/v1/admin/rooms/{code}", [401, 403, 403, 403]),
        post("/api/v1/admin/rooms/{code}", json!({ "action": "archive" }), [401, 403, 403, 403]),
        get("/admin/invites", [303, 403, 403, 403]),
        form("/admin/invites", [303, 403, 403, 403]),
        form("/admin/invites/{id}/revoke", [303, 403, 403, 403]),
        get("/api/v1/admin/invites", [401, 403, 403, 403]),
        post("/api/v1/admin/invites", json!({}), [401, 403, 403, 403]),
        delete("/api/v1/admin/invites/{id}", [401, 403, 403, 403]),
        get("/api/v1/rooms/{code}/members", [401, 403, 403, 404]),
        get("/api/v1/rooms/{code}/messages", [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/messages", json!({ "data": "x" }), [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/read", json!({ "id": 1 }), [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/leave", json!({}), [401, 403, 404, 404]),
        get("/api/v1/rooms/{code}", [401, 403, 200, 404]),
        post("/api/v1/rooms/{code}/join", json!({}), [401, 403, 200, 404]),
        get("/settings/sessions", [303, 200, 200, 200]),
        form("/settings/sessions", [303, 403, 403, 403]),
        form("/settings/sessions/{id}/end", [303, 403, 403, 403]),
        get("/api/v1/sessions", [401, 403, 200, 200]),
        delete("/api/v1/sessions", [401, 403, 204, 204]),
        delete("/api/v1/sessions/{id}", [401, 403, 404, 404]),
        get("/address", [303, 303, 303, 303]),
        get("/address/{token}", [404, 404, 404, 404]),
        form("/address/{token}", [403, 403, 403, 403]),
        post("/api/v1/addresses/confirm", json!({ "token": "abc" }), [404, 404, 404, 404]),
        get("/recover", [200, 200, 200, 200]),
        form("/recover", [403, 403, 403, 403]),
        get("/recover/{token}", [404, 404, 404, 404]),
        form("/recover/{token}", [403, 403, 403, 403]),
        post("/api/v1/recovery", json!({ "login": "anna" }), [422, 422, 422, 422]),
        row(Method::PUT, "/api/v1/recovery", Sent::Json(json!({ "token": "abc", "password": "x" })), [404, 404, 404, 404]),
        get("/login/code", [303, 303, 303, 303]),
        form("/login/code", [403, 403, 403, 403]),
        // This server has no provider.
        get("/login/oidc", [404, 404, 404, 404]),
        get("/login/oidc/return", [404, 404, 404, 404]),
        get("/settings/oidc", [303, 404, 404, 404]),
        form("/settings/oidc", [303, 403, 403, 403]),
        form("/settings/oidc/unlink", [303, 403, 403, 403]),
        get("/api/v1/me/oidc", [401, 403, 404, 404]),
        delete("/api/v1/me/oidc", [401, 403, 404, 404]),
        get("/settings/two-factor", [303, 200, 200, 200]),
        form("/settings/two-factor", [303, 403, 403, 403]),
        form("/settings/two-factor/on", [303, 403, 403, 403]),
        form("/settings/two-factor/off", [303, 403, 403, 403]),
        form("/settings/recovery-codes", [303, 403, 403, 403]),
        get("/api/v1/me/two-factor", [401, 403, 200, 200]),
        post("/api/v1/me/two-factor", json!({}), [401, 403, 201, 201]),
        row(Method::PUT, "/api/v1/me/two-factor", Sent::Json(json!({ "code": "0" })), [401, 403, 401, 401]),
        delete("/api/v1/me/two-factor", [401, 403, 204, 204]),
        post("/api/v1/me/recovery-codes", json!({}), [401, 403, 201, 201]),
        form("/login/passkey", [403, 403, 403, 403]),
        get("/settings/passkeys", [303, 200, 200, 200]),
        form("/settings/passkeys", [303, 403, 403, 403]),
        form("/settings/passkeys/{id}", [303, 403, 403, 403]),
        form("/settings/passkeys/{id}/remove", [303, 403, 403, 403]),
        // This server is reached by a number, which has no passkeys.
        post("/api/v1/passkeys/challenge", json!({ "purpose": "log_in" }), [422, 403, 422, 422]),
        get("/api/v1/me/passkeys", [401, 403, 200, 200]),
        post("/api/v1/me/passkeys/challenge", json!({}), [401, 403, 422, 422]),
        post("/api/v1/me/passkeys", json!({ "name": "x", "credential": {} }), [401, 403, 401, 401]),
        row(Method::PATCH, "/api/v1/me/passkeys/{id}", Sent::Json(json!({ "name": "x" })), [401, 403, 404, 404]),
        delete("/api/v1/me/passkeys/{id}", [401, 403, 404, 404]),
        get("/settings/confirm", [303, 200, 200, 200]),
        form("/settings/confirm", [303, 403, 403, 403]),
        get("/settings/tokens", [303, 200, 200, 200]),
        form("/settings/tokens", [303, 403, 403, 403]),
        form("/settings/tokens/{id}/end", [303, 403, 403, 403]),
        get("/api/v1/tokens", [401, 403, 200, 200]),
        delete("/api/v1/tokens/{id}", [401, 403, 404, 404]),
        get("/settings/data", [303, 200, 200, 200]),
        form("/settings/data/export", [303, 403, 403, 403]),
        post("/api/v1/me/export", json!({}), [401, 403, 200, 200]),
        form("/settings/data/delete", [303, 403, 403, 403]),
        row(Method::DELETE, "/api/v1/me", Sent::Json(json!({ "confirm": "x", "current_password": "x", "messages": "keep" })), [401, 403, 422, 422]),
        get("/settings/bots", [303, 200, 200, 200]),
        form("/settings/bots", [303, 403, 403, 403]),
        form("/settings/bots/{id}/tokens", [303, 403, 403, 403]),
        form("/settings/bots/{id}/tokens/{token}/end", [303, 403, 403, 403]),
        form("/settings/bots/{id}/delete", [303, 403, 403, 403]),
        get("/api/v1/bots", [401, 403, 200, 200]),
        post("/api/v1/bots", json!({ "name": "robot" }), [401, 403, 201, 409]),
        delete("/api/v1/bots/{id}", [401, 403, 404, 404]),
        post("/api/v1/bots/{id}/tokens", json!({ "scopes": ["read"] }), [401, 403, 404, 404]),
        delete("/api/v1/bots/{id}/tokens/{token}", [401, 403, 404, 404]),
        get("/room/{code}/hooks", [303, 403, 403, 404]),
        form("/room/{code}/hooks", [303, 403, 403, 403]),
        form("/room/{code}/hooks/{id}/revoke", [303, 403, 403, 403]),
        post("/hooks/{token}", json!({ "text": "x" }), [404, 404, 404, 404]),
        post("/api/v1/hooks/{token}", json!({ "text": "x" }), [404, 404, 404, 404]),
        get("/api/v1/rooms/{code}/hooks", [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/hooks", json!({ "name": "robot" }), [401, 403, 403, 404]),
        get("/mail/off/{token}", [404, 404, 404, 404]),
        form("/mail/off/{token}", [404, 403, 404, 404]),
        get("/settings/notifications", [303, 200, 200, 200]),
        form("/settings/notifications", [303, 403, 403, 403]),
        form("/settings/notifications/devices/{id}/remove", [303, 403, 403, 403]),
        get("/api/v1/push/key", [401, 403, 200, 200]),
        get("/api/v1/push/subscriptions", [401, 403, 200, 200]),
        post("/api/v1/push/subscriptions", json!({ "endpoint": "x", "keys": { "p256dh": "x", "auth": "y" } }), [401, 403, 422, 422]),
        row(Method::DELETE, "/api/v1/push/subscriptions", Sent::Json(json!({ "endpoint": "x" })), [401, 403, 404, 404]),
        form("/room/{code}/outgoing-hooks", [303, 403, 403, 403]),
        form("/room/{code}/outgoing-hooks/{id}/remove", [303, 403, 403, 403]),
        get("/api/v1/rooms/{code}/outgoing-hooks", [401, 403, 403, 404]),
        post("/api/v1/rooms/{code}/outgoing-hooks", json!({ "url": "https://example.org" }), [401, 403, 403, 404]),
        delete("/api/v1/rooms/{code}/outgoing-hooks/{id}", [401, 403, 404, 404]),
        delete("/api/v1/rooms/{code}/hooks/{id}", [401, 403, 404, 404]),
        row(Method::POST, "/api/v1/uploads", Sent::Form, [401, 403, 415, 415]),
        post("/api/v1/rooms/{code}/moderate", json!({ "action": "kick", "user": 1 }), [401, 403, 403, 404]),
        get("/api/v1/rooms/{code}/log", [401, 403, 403, 404]),
        post("/api/v1/reports", json!({ "id": 1, "reason": "x" }), [401, 403, 404, 404]),
        get("/api/v1/reports", [401, 403, 403, 403]),
        get("/api/v1/admin/audit", [401, 403, 403, 403]),
        post("/api/v1/reports/{id}/resolve", json!({}), [401, 403, 403, 403]),
        delete("/api/v1/tokens/current", [401, 403, 204, 401]),
    ]);
    table
}

/// The rows of what is done to one message, and of the lists that messages stand in.
#[rustfmt::skip]
fn of_messages() -> Vec<Route> {
    let get = |path, codes| row(Method::GET, path, Sent::Nothing, codes);
    let delete = |path, codes| row(Method::DELETE, path, Sent::Nothing, codes);
    let form = |path, codes| row(Method::POST, path, Sent::Form, codes);
    let put = |path, codes| row(Method::PUT, path, Sent::Json(json!({})), codes);
    vec![
        // anonymous, foreign, no member, unknown
        get("/room/{code}/pins", [303, 403, 403, 404]),
        get("/room/{code}/m/{id}", [303, 404, 404, 404]),
        get("/room/{code}/m/{id}/edit", [303, 404, 404, 404]),
        form("/room/{code}/m/{id}/edit", [303, 403, 403, 403]),
        get("/room/{code}/m/{id}/delete", [303, 404, 404, 404]),
        form("/room/{code}/m/{id}/delete", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/react", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/pin", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/remove-previews", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/save", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/unread", [303, 403, 403, 403]),
        form("/room/{code}/m/{id}/reply", [303, 403, 403, 403]),
        get("/room/{code}/m/{id}/thread", [303, 404, 404, 404]),
        get("/saved", [303, 200, 200, 200]),
        get("/search", [303, 200, 200, 200]),
        get("/api/v1/rooms/{code}/pins", [401, 403, 403, 404]),
        get("/api/v1/saved", [401, 403, 200, 200]),
        get("/api/v1/search", [401, 403, 422, 422]),
        get("/api/v1/messages/{id}", [401, 403, 404, 404]),
        row(Method::PATCH, "/api/v1/messages/{id}", Sent::Json(json!({ "data": "x" })), [401, 403, 404, 404]),
        delete("/api/v1/messages/{id}", [401, 403, 404, 404]),
        put("/api/v1/messages/{id}/reactions/{emoji}", [401, 403, 404, 404]),
        delete("/api/v1/messages/{id}/reactions/{emoji}", [401, 403, 404, 404]),
        put("/api/v1/messages/{id}/pin", [401, 403, 404, 404]),
        delete("/api/v1/messages/{id}/pin", [401, 403, 404, 404]),
        delete("/api/v1/messages/{id}/previews", [401, 403, 404, 404]),
        put("/api/v1/messages/{id}/saved", [401, 403, 404, 404]),
        delete("/api/v1/messages/{id}/saved", [401, 403, 404, 404]),
        get("/api/v1/messages/{id}/thread", [401, 403, 404, 404]),
    ]
}

fn row(
    method: Method,
    path: &'static str,
    sent: Sent,
    [anonymous, foreign, no_member, unknown]: [u16; 4],
) -> Route {
    let codes = Codes {
        anonymous,
        foreign,
        no_member,
        unknown,
    };
    Route {
        method,
        path,
        codes,
        sent,
    }
}

/// The paths that the router's source names, but for the one that answers that there is no such call.
pub(crate) fn in_the_source() -> Vec<String> {
    let sources = [
        ("", include_str!("../../../src/edge/router.rs")),
        ("", include_str!("../../../src/edge/pages/mod.rs")),
        ("/api", include_str!("../../../src/edge/api/mod.rs")),
    ];
    let paths = sources.iter().flat_map(|(below, source)| {
        let routes = source.split(".route(").skip(1);
        let paths = routes.filter_map(|route| route.split('"').nth(1));
        let paths = paths.filter(|path| *path != "/api/");
        paths.map(move |path| format!("{below}{path}"))
    });
    paths.collect()
}
