//! Who may do what: every role with every action, by socket, by form and by JSON, in public and in private rooms,
//! and the code that each is told. A command or a route about a room that no row uses fails.

mod deeds;
mod elsewhere;

use std::collections::BTreeSet;

use parlor::model::{RoomCode, UserId};
use reqwest::Method;
use serde_json::{Value, json};

use self::deeds::{Deed, Sent, deeds};
use crate::{
    coverage::{in_the_source, listed},
    harness::{Answer, Browser, Person, Socket, TestServer, outcome},
};

/// Who tries it, in the order of a row's codes.
const ROLES: [&str; 7] = [
    "stranger",
    "banned",
    "muted",
    "member",
    "moderator",
    "owner",
    "admin",
];

/// Somebody with all that they may use.
struct Actor {
    person: Person,
    browser: Browser,
    csrf: String,
    socket: Socket,
}

impl Actor {
    async fn new(server: &TestServer, name: &str) -> Self {
        let person = server.person(name).await;
        let browser = person.browser().await;
        let csrf = browser.csrf("/").await;
        let socket = person.socket().await;
        Self {
            person,
            browser,
            csrf,
            socket,
        }
    }
}

/// A room with everybody in their place, and what has been said in it.
pub(super) struct Scene {
    pub(super) room: String,
    pub(super) name: String,
    /// A member against whom things are done, and what they said.
    pub(super) target: i64,
    pub(super) message: i64,
    /// The actor's own message, where they could say one.
    pub(super) own: i64,
}

struct World {
    server: TestServer,
    actors: Vec<Actor>,
    target: Person,
    rooms: usize,
}

impl World {
    async fn new() -> Self {
        let unlimited = |settings: &mut parlor::config::Settings| {
            settings.limits.reports_per_person = 0;
        };
        let server = TestServer::builder().setting(unlimited).start().await;
        // The first account is the admin's.
        let mut actors = vec![Actor::new(&server, "admin").await];
        for role in ROLES.iter().take(6).rev() {
            actors.push(Actor::new(&server, role).await);
        }
        actors.reverse();
        let target = server.person("target").await;
        Self {
            server,
            actors,
            target,
            rooms: 0,
        }
    }

    /// A new room for this actor, who has their role in it; everything in it is as it was.
    async fn scene(&mut self, actor: usize, private: bool) -> Scene {
        self.rooms += 1;
        let name = format!("Room {}", self.rooms);
        let visibility = if private { "private" } else { "public" };
        let owner = self.actors[5].person.api().clone();
        let new = json!({ "name": name, "visibility": visibility });
        let made = owner.post("/rooms", &new).await.expect(201);
        let room = made["room"]["room"].as_str().unwrap().to_owned();
        let role = ROLES[actor];
        let person = self.actors[actor].person.clone();
        self.bring_in(&room, self.target.id).await;
        let said = self.target.api().say(&room, "what was said").await;
        let mut own = 0;
        if matches!(role, "muted" | "member" | "moderator" | "owner") {
            if role != "owner" {
                self.bring_in(&room, person.id).await;
            }
            let said = person.api().say(&room, "my own words").await;
            own = said["message"]["id"].as_i64().unwrap();
        }
        let order = match role {
            "banned" => Some(json!({ "action": "ban", "user": person.id })),
            "muted" => Some(json!({ "action": "mute", "user": person.id })),
            "moderator" => {
                Some(json!({ "action": "set_role", "user": person.id, "role": "moderator" }))
            }
            _ => None,
        };
        if let Some(order) = order {
            let taken = owner.post(&format!("/rooms/{room}/moderate"), &order).await;
            taken.is(204);
        }
        Scene {
            room,
            name,
            target: self.target.id,
            message: said["message"]["id"].as_i64().unwrap(),
            own,
        }
    }

    /// Makes somebody a member of a room, of whatever kind it is.
    async fn bring_in(&self, room: &str, user: i64) {
        let ctx = &self.server.site().ctx;
        let room = RoomCode::parse(room).unwrap();
        let joined = ctx
            .store
            .join(&room, UserId(user), ctx.now(), |_, _| Ok(()));
        joined.await.unwrap();
    }

    /// What the actor is told by this edge: `ok`, or a code.
    async fn attempt(&mut self, actor: usize, scene: &Scene, sent: &Sent) -> String {
        let actor = &mut self.actors[actor];
        match sent {
            Sent::Event(event, payload) => {
                let ack = actor.socket.call(event, &payload(scene)).await;
                outcome(&ack).to_owned()
            }
            Sent::Call(method, path, body) => {
                let path = filled(path, scene);
                let path = path.strip_prefix("/api/v1").unwrap();
                let request = actor.person.api().request(method.clone(), path);
                let request = match body {
                    Some(body) => request.json(&body(scene)),
                    None => request,
                };
                let answer = Answer::of(request).await;
                if answer.status < 300 {
                    "ok".to_owned()
                } else {
                    answer.refusal().1
                }
            }
            Sent::Form(path, fields) => {
                let mut form = fields(scene);
                form.push(("csrf", actor.csrf.clone()));
                let form: Vec<_> = form
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                of_page(&actor.browser.post(&filled(path, scene), &form).await)
            }
            Sent::Page(path) => of_page(&actor.browser.get(&filled(path, scene)).await),
        }
    }
}

/// A path with the scene in the place of its parameters.
fn filled(path: &str, scene: &Scene) -> String {
    path.replace("{code}", &scene.room)
        .replace("{id}", &scene.message.to_string())
        .replace("{own}", &scene.own.to_string())
        .replace("{target}", &scene.target.to_string())
        .replace("{emoji}", "%F0%9F%91%8D")
}

/// What the words of a page say: pages have no codes, and one status stands for several.
fn of_page(answer: &Answer) -> String {
    let said = |words| answer.text().contains(words);
    let code = match answer.status {
        200 | 303 => "ok",
        404 => "not_found",
        409 => "conflict",
        429 => "slow_mode",
        403 if said("keeps you out") => "banned",
        403 if said("not write for now") => "muted",
        403 if said("may not do that") || said("admin may") => "forbidden",
        // A page without the form that was sent has no place for the reason.
        403 if !said("class=\"lead\"") => "forbidden",
        status => return format!("{status} {}", lead(answer.text())),
    };
    code.to_owned()
}

/// The sentence on a page of an error.
fn lead(page: &str) -> &str {
    let sentence = page.split_once("class=\"lead\">").map(|(_, rest)| rest);
    sentence
        .and_then(|rest| rest.split('<').next())
        .unwrap_or(page)
}

/// What a row says of this role in such a room: a private one is not there for who does not belong to it.
fn expected(deed: &Deed, actor: usize, private: bool) -> &'static str {
    let outside = matches!(ROLES[actor], "stranger" | "banned" | "admin");
    if private && outside && !deed.everywhere {
        "not_found"
    } else {
        deed.codes[actor]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_with_every_action_on_every_edge() {
    let mut world = World::new().await;
    let (mut failed, mut tried) = (Vec::new(), 0);
    for deed in deeds() {
        for sent in &deed.sent {
            for private in [false, true] {
                for (actor, role) in ROLES.iter().enumerate() {
                    // In a private room it is who is outside that makes the difference.
                    if private && matches!(*role, "muted" | "moderator" | "owner") {
                        continue;
                    }
                    let scene = world.scene(actor, private).await;
                    let found = world.attempt(actor, &scene, sent).await;
                    let mut expected = expected(&deed, actor, private);
                    // Coming to a public room by page makes a member of everybody.
                    let comes_in = deed.comes_in && !private && expected == "forbidden";
                    if comes_in && matches!(sent, Sent::Form(..) | Sent::Page(_)) {
                        expected = "ok";
                    }
                    tried += 1;
                    if found != expected {
                        let kind = if private { "private" } else { "public" };
                        failed.push(format!(
                            "{} by {role} in a {kind} room ({sent}): expected {expected}, got {found}",
                            deed.what
                        ));
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(tried >= 400, "{tried} cells");
    drop(world.server);
}

#[test]
fn every_command_and_route_about_a_room_has_a_row() {
    let deeds = deeds();
    let sent = || deeds.iter().flat_map(|deed| &deed.sent);
    let events: BTreeSet<&str> = sent()
        .filter_map(|sent| match sent {
            Sent::Event(event, _) => Some(*event),
            _ => None,
        })
        .collect();
    let missing: Vec<_> = listed()
        .into_iter()
        .filter(|event| !events.contains(event) && !elsewhere::ELSEWHERE.contains(event))
        .collect();
    assert_eq!(
        missing, [""; 0],
        "each command has a row, or is about no room"
    );
    let paths: BTreeSet<String> = sent()
        .filter_map(|sent| match sent {
            Sent::Event(..) => None,
            Sent::Call(_, path, _) | Sent::Form(path, _) | Sent::Page(path) => Some(*path),
        })
        .map(|path| path.replace("{own}", "{id}"))
        .map(|path| path.split('?').next().unwrap().to_owned())
        .collect();
    let missing: Vec<_> = in_the_source()
        .into_iter()
        .filter(|path| path.contains("{code}") || path.contains("{id}"))
        .filter(|path| !paths.contains(path) && !elsewhere::ELSEWHERE.contains(&path.as_str()))
        .collect();
    assert_eq!(missing, [""; 0], "each route about a room has a row");
}

/// A payload with this room.
fn at(scene: &Scene, more: &Value) -> Value {
    let mut payload = more.clone();
    payload["room"] = json!(scene.room);
    payload
}

/// What a call or a page is made with.
const GET: Method = Method::GET;
const POST: Method = Method::POST;
