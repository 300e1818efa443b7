//! The table: what is done, how, and what each role is told.

use std::fmt;

use reqwest::Method;
use serde_json::{Value, json};

use super::{GET, POST, Scene, at};

type Body = Box<dyn Fn(&Scene) -> Value + Send + Sync>;
type Fields = Box<dyn Fn(&Scene) -> Vec<(&'static str, String)> + Send + Sync>;

/// How something is done.
pub(super) enum Sent {
    /// By an event of a socket.
    Event(&'static str, Body),
    /// By a JSON call.
    Call(Method, &'static str, Option<Body>),
    /// By a form.
    Form(&'static str, Fields),
    /// By looking at a page.
    Page(&'static str),
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event, _) => write!(f, "event {event}"),
            Self::Call(method, path, _) => write!(f, "{method} {path}"),
            Self::Form(path, _) => write!(f, "form {path}"),
            Self::Page(path) => write!(f, "page {path}"),
        }
    }
}

/// Something that may be done in a room.
pub(super) struct Deed {
    pub(super) what: &'static str,
    /// What a stranger, somebody banned, somebody muted, a member, a moderator, an owner and the site's admin (who is
    /// no member) are told in a public room.
    pub(super) codes: [&'static str; 7],
    pub(super) sent: Vec<Sent>,
    /// Whether private rooms make no difference.
    pub(super) everywhere: bool,
    /// Whether the page brings a stranger in first.
    pub(super) comes_in: bool,
}

fn deed(what: &'static str, codes: [&'static str; 7], sent: Vec<Sent>) -> Deed {
    Deed {
        what,
        codes,
        sent,
        everywhere: false,
        comes_in: false,
    }
}

fn event(name: &'static str, payload: Value) -> Sent {
    Sent::Event(name, Box::new(move |scene| at(scene, &payload)))
}

fn event_on(name: &'static str, payload: fn(&Scene) -> Value) -> Sent {
    Sent::Event(name, Box::new(payload))
}

fn get(path: &'static str) -> Sent {
    Sent::Call(GET, path, None)
}

fn call(method: Method, path: &'static str, body: Value) -> Sent {
    Sent::Call(method, path, Some(Box::new(move |_| body.clone())))
}

fn post(path: &'static str, body: Value) -> Sent {
    call(POST, path, body)
}

fn form(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Sent {
    Sent::Form(
        path,
        Box::new(move |scene| {
            let fill = |value: &str| super::filled(value, scene);
            fields
                .iter()
                .map(|(name, value)| (*name, fill(value)))
                .collect()
        }),
    )
}

/// The three ways of a measure against the scene's target.
fn measure(what: &'static str, codes: [&'static str; 7], more: &'static [(&str, &str)]) -> Deed {
    let payload = move |scene: &Scene| {
        let mut payload = json!({ "action": what, "user": scene.target });
        for (name, value) in more {
            let number = value.parse::<i64>();
            payload[*name] = number.map_or_else(|_| json!(value), |number| json!(number));
        }
        payload
    };
    let fields = move |scene: &Scene| {
        let mut fields = vec![
            ("action", what.to_owned()),
            ("user", scene.target.to_string()),
        ];
        fields.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        fields
    };
    deed(
        what,
        codes,
        vec![
            Sent::Event(
                "moderate",
                Box::new(move |scene| at(scene, &payload(scene))),
            ),
            Sent::Call(
                POST,
                "/api/v1/rooms/{code}/moderate",
                Some(Box::new(payload)),
            ),
            Sent::Form("/room/{code}/moderate", Box::new(fields)),
        ],
    )
}

#[rustfmt::skip]
pub(super) fn deeds() -> Vec<Deed> {
    //                    stranger     banned    muted        member       moderator    owner  admin
    let anybody =        ["ok",        "banned", "ok",        "ok",        "ok",        "ok",  "ok"];
    let members =        ["forbidden", "banned", "ok",        "ok",        "ok",        "ok",  "forbidden"];
    let writers =        ["forbidden", "banned", "muted",     "ok",        "ok",        "ok",  "forbidden"];
    let moderators =     ["forbidden", "banned", "forbidden", "forbidden", "ok",        "ok",  "forbidden"];
    let owners =         ["forbidden", "banned", "forbidden", "forbidden", "forbidden", "ok",  "forbidden"];
    let readers =        ["not_found", "not_found", "ok",     "ok",        "ok",        "ok",  "not_found"];
    let leavers =        ["not_found", "banned", "ok",        "ok",        "ok",        "ok",  "not_found"];
    let admin =          ["forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "ok"];
    let resolvers =      ["forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "not_found"];
    let mut deeds = vec![
        deed("see the room", anybody, vec![get("/api/v1/rooms/{code}")]),
        deed("join", anybody, vec![
            event("join", json!({})),
            post("/api/v1/rooms/{code}/join", json!({})),
            form("/join", &[("room", "{code}")]),
            Sent::Page("/room/{code}"),
        ]),
        deed("stop listening", anybody, vec![event("leave", json!({}))]),
        deed("give membership up", leavers, vec![event("leave", json!({ "membership": true }))]),
        deed("give membership up by call or form", readers, vec![
            post("/api/v1/rooms/{code}/leave", json!({})),
            form("/room/{code}/leave", &[]),
        ]),
        deed("read", members, vec![
            event("history", json!({})),
            event("members", json!({})),
            get("/api/v1/rooms/{code}/messages"),
            get("/api/v1/rooms/{code}/members"),
            Sent::Page("/room/{code}/members"),
        ]),
        deed("note what is read", members, vec![
            event("read", json!({ "id": 1 })),
            post("/api/v1/rooms/{code}/read", json!({ "id": 1 })),
        ]),
        Deed { comes_in: true, ..deed("write", writers, vec![
            event("message", json!({ "data": "x" })),
            post("/api/v1/rooms/{code}/messages", json!({ "data": "x" })),
            form("/room/{code}", &[("data", "x")]),
        ]) },
        deed("type", writers, vec![event("typing", json!({ "on": true }))]),
        deed("report a message", readers, vec![
            event_on("report", |scene| json!({ "id": scene.message, "reason": "x" })),
            Sent::Call(POST, "/api/v1/reports", Some(Box::new(|scene| json!({ "id": scene.message, "reason": "x" })))),
        ]),
        deed("report a message by form", members, vec![
            form("/room/{code}/m/{id}/report", &[("reason", "x")]),
            Sent::Page("/room/{code}/m/{id}/report"),
        ]),
        deed("read the log", moderators, vec![
            get("/api/v1/rooms/{code}/log"),
            Sent::Page("/room/{code}/log"),
            Sent::Page("/room/{code}/moderate?user={target}"),
        ]),
        measure("kick", moderators, &[]),
        measure("ban", moderators, &[("seconds", "60")]),
        measure("unban", moderators, &[]),
        measure("mute", moderators, &[("seconds", "60")]),
        measure("unmute", moderators, &[]),
        measure("slow_mode", moderators, &[("seconds", "5")]),
        measure("delete_messages", moderators, &[("seconds", "600")]),
        measure("set_role", owners, &[("role", "moderator")]),
    ];
    deeds.extend(rooms(members, writers, moderators, owners));
    deeds.extend(messages(members, writers, moderators));
    deeds.extend(hooks(moderators));
    deeds.extend(site(admin, resolvers));
    deeds
}

/// What is done to run the site.
#[rustfmt::skip]
fn site(admin: [&'static str; 7], resolvers: [&'static str; 7]) -> Vec<Deed> {
    vec![
        Deed { everywhere: true, ..deed("read reports", admin, vec![
            get("/api/v1/reports"),
            Sent::Page("/admin"),
        ]) },
        Deed { everywhere: true, ..deed("look at any room, as who runs the site", admin, vec![
            get("/api/v1/admin/rooms/{code}"),
            Sent::Page("/admin/rooms/{code}"),
        ]) },
        Deed { everywhere: true, ..deed("archive any room, as who runs the site", admin, vec![
            post("/api/v1/admin/rooms/{code}", json!({ "action": "archive" })),
            form("/admin/rooms/{code}", &[("action", "archive")]),
        ]) },
        Deed { everywhere: true, ..deed("resolve a report that is not there", resolvers, vec![
            post("/api/v1/reports/{id}/resolve", json!({})),
            form("/admin/reports/{id}/resolve", &[]),
        ]) },
    ]
}

/// What is done to messages. Who is outside has none of their own, and is told nothing of others' in a private room.
#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "a table has a row for each deed")]
fn messages(members: [&'static str; 7], writers: [&'static str; 7], moderators: [&'static str; 7]) -> Vec<Deed> {
    let by_form =        ["not_found", "not_found", "forbidden", "ok",     "ok",        "ok",        "not_found"];
    let repliers =       ["forbidden", "banned", "forbidden", "ok",        "ok",        "ok",        "forbidden"];
    let nobody_by_form = ["forbidden", "banned", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden"];
    let authors =        ["not_found", "not_found", "ok",     "ok",        "ok",        "ok",        "not_found"];
    let free_authors =   ["not_found", "not_found", "muted",  "ok",        "ok",        "ok",        "not_found"];
    let nobody =         ["forbidden", "banned", "muted",     "forbidden", "forbidden", "forbidden", "forbidden"];
    let free_moderators = ["forbidden", "banned", "muted",    "forbidden", "ok",        "ok",        "forbidden"];
    vec![
        deed("edit one's own message", free_authors, vec![
            event_on("edit_message", |scene| json!({ "id": scene.own, "data": "y" })),
            call(Method::PATCH, "/api/v1/messages/{own}", json!({ "data": "y" })),
        ]),
        deed("edit one's own message by form", by_form, vec![
            form("/room/{code}/m/{own}/edit", &[("data", "y")]),
        ]),
        deed("edit another's message", nobody, vec![
            event_on("edit_message", |scene| json!({ "id": scene.message, "data": "y" })),
            call(Method::PATCH, "/api/v1/messages/{id}", json!({ "data": "y" })),
        ]),
        deed("edit another's message by form", nobody_by_form, vec![
            form("/room/{code}/m/{id}/edit", &[("data", "y")]),
        ]),
        deed("delete one's own message", authors, vec![
            event_on("delete_message", |scene| json!({ "id": scene.own })),
            Sent::Call(Method::DELETE, "/api/v1/messages/{own}", None),
        ]),
        deed("delete one's own message by form", authors, vec![
            form("/room/{code}/m/{own}/delete", &[]),
        ]),
        deed("delete another's message", moderators, vec![
            event_on("delete_message", |scene| json!({ "id": scene.message })),
            Sent::Call(Method::DELETE, "/api/v1/messages/{id}", None),
            form("/room/{code}/m/{id}/delete", &[]),
        ]),
        deed("remove the previews of one's own message", authors, vec![
            event_on("remove_previews", |scene| json!({ "id": scene.own })),
            Sent::Call(Method::DELETE, "/api/v1/messages/{own}/previews", None),
            form("/room/{code}/m/{own}/remove-previews", &[]),
        ]),
        deed("remove the previews of another's message", moderators, vec![
            event_on("remove_previews", |scene| json!({ "id": scene.message })),
            Sent::Call(Method::DELETE, "/api/v1/messages/{id}/previews", None),
            form("/room/{code}/m/{id}/remove-previews", &[]),
        ]),
        deed("react", writers, vec![
            event_on("react", |scene| json!({ "id": scene.message, "emoji": "👍", "on": true })),
            Sent::Call(Method::PUT, "/api/v1/messages/{id}/reactions/{emoji}", None),
            Sent::Call(Method::DELETE, "/api/v1/messages/{id}/reactions/{emoji}", None),
            form("/room/{code}/m/{id}/react", &[("add", "👍")]),
        ]),
        deed("pin", free_moderators, vec![
            event_on("pin", |scene| json!({ "id": scene.message, "on": true })),
            Sent::Call(Method::PUT, "/api/v1/messages/{id}/pin", None),
            Sent::Call(Method::DELETE, "/api/v1/messages/{id}/pin", None),
            form("/room/{code}/m/{id}/pin", &[("on", "true")]),
        ]),
        deed("save, and read around a message", members, vec![
            event_on("save", |scene| json!({ "id": scene.message, "on": true })),
            Sent::Call(Method::PUT, "/api/v1/messages/{id}/saved", None),
            Sent::Call(Method::DELETE, "/api/v1/messages/{id}/saved", None),
            form("/room/{code}/m/{id}/save", &[("on", "true")]),
            event_on("thread", |scene| json!({ "id": scene.message })),
            get("/api/v1/messages/{id}/thread"),
            Sent::Page("/room/{code}/m/{id}/thread"),
            event("pins", json!({})),
            get("/api/v1/rooms/{code}/pins"),
            Sent::Page("/room/{code}/pins"),
        ]),
        Deed { comes_in: true, ..deed("see a message in its place", members, vec![Sent::Page("/room/{code}/m/{id}")]) },
        deed("reply", repliers, vec![
            form("/room/{code}/m/{id}/reply", &[("data", "x")]),
        ]),
    ]
}

#[rustfmt::skip]
fn hooks(moderators: [&'static str; 7]) -> Vec<Deed> {
    vec![
        deed("make a webhook", moderators, vec![
            Sent::Call(POST, "/api/v1/rooms/{code}/hooks", Some(Box::new(|scene| json!({ "name": format!("robot{}", scene.message) })))),
            get("/api/v1/rooms/{code}/hooks"),
            Sent::Page("/room/{code}/hooks"),
            form("/room/{code}/hooks", &[("name", "robot{id}")]),
        ]),
        deed("make an outgoing webhook", moderators, vec![
            post("/api/v1/rooms/{code}/outgoing-hooks", json!({ "url": "https://example.org/hook" })),
            get("/api/v1/rooms/{code}/outgoing-hooks"),
            form("/room/{code}/outgoing-hooks", &[("url", "https://example.org/hook")]),
        ]),
    ]
}

#[rustfmt::skip]
fn rooms(members: [&'static str; 7], writers: [&'static str; 7], moderators: [&'static str; 7], owners: [&'static str; 7]) -> Vec<Deed> {
    let by_form =        ["forbidden", "banned", "forbidden", "ok",        "ok",        "ok",  "forbidden"];
    vec![
        deed("bring others in", writers, vec![
            event("create_invite", json!({})),
            post("/api/v1/rooms/{code}/invites", json!({})),
            event_on("add_member", |scene| json!({ "room": scene.room, "user": scene.target })),
            Sent::Call(POST, "/api/v1/rooms/{code}/members", Some(Box::new(|scene| json!({ "user": scene.target })))),
        ]),
        deed("bring others in by form", by_form, vec![
            form("/room/{code}/invites", &[]),
            form("/room/{code}/members", &[("user", "target")]),
        ]),
        deed("see settings", members, vec![Sent::Page("/room/{code}/settings")]),
        deed("see invitations", members, vec![
            event("invites", json!({})),
            get("/api/v1/rooms/{code}/invites"),
        ]),
        deed("set preferences, and mark as unread", members, vec![
            event("room_preferences", json!({ "favourite": true })),
            call(Method::PATCH, "/api/v1/rooms/{code}/preferences", json!({ "favourite": true })),
            event_on("mark_unread", |scene| json!({ "room": scene.room, "id": scene.message })),
            form("/room/{code}/m/{id}/unread", &[]),
            Sent::Call(POST, "/api/v1/rooms/{code}/unread", Some(Box::new(|scene| json!({ "id": scene.message })))),
            event("people", json!({ "query": "t" })),
            event("search", json!({ "query": "said" })),
        ]),
        deed("change the topic", moderators, vec![
            event("update_room", json!({ "topic": "x" })),
            call(Method::PATCH, "/api/v1/rooms/{code}", json!({ "topic": "x" })),
        ]),
        deed("say for how long messages are kept", owners, vec![
            event("update_room", json!({ "retention_days": 7 })),
            call(Method::PATCH, "/api/v1/rooms/{code}", json!({ "retention_days": 7 })),
            form("/room/{code}/settings", &[("section", "retention"), ("retention_days", "7")]),
        ]),
        deed("archive", owners, vec![
            event("archive_room", json!({ "on": true })),
            post("/api/v1/rooms/{code}/archive", json!({ "on": true })),
        ]),
        deed("delete the room", owners, vec![
            event_on("delete_room", |scene| json!({ "room": scene.room, "confirm": scene.name })),
            Sent::Call(Method::DELETE, "/api/v1/rooms/{code}", Some(Box::new(|scene| json!({ "confirm": scene.name })))),
        ]),
    ]
}
