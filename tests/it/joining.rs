//! How people come to have an account: the modes of registration, and invitations to the site, made on its pages, by
//! JSON, by an event and on the command line.

use parlor::config::{Registration, Settings};
use serde_json::{Value, json};

use crate::{
    administration::{parlor, refused, told},
    harness::{Answer, Person, TestServer, field_of, outcome},
};

const PASSWORD: &str = "quiet armchairs 7";
const PAGE: &str = "/admin/invites";

/// A server with its owner, in this mode.
async fn server(registration: Registration) -> (TestServer, Person) {
    let mode = move |settings: &mut Settings| settings.registration = registration;
    let server = TestServer::builder().setting(mode).start().await;
    let olga = server.person("olga").await;
    (server, olga)
}

/// Has somebody register by JSON, by this invitation.
async fn registers(server: &TestServer, name: &str, invite: &str) -> Answer {
    let email = format!("{name}@example.org");
    let new = json!({ "name": name, "email": email, "password": PASSWORD, "invite": invite });
    server.nobody().post("/users", &new).await
}

/// The token in a link.
fn token(url: &Value) -> &str {
    url.as_str().unwrap().rsplit('/').next().unwrap()
}

async fn private_room(person: &Person, name: &str) -> String {
    let room = json!({ "name": name, "visibility": "private" });
    let made = person.api().post("/rooms", &room).await.expect(201);
    made["room"]["room"].as_str().unwrap().to_owned()
}

/// The codes of this person's rooms.
async fn rooms_of(person: &Person) -> Vec<String> {
    let rooms = person.api().get("/rooms").await.expect(200);
    let rooms = rooms["rooms"].as_array().unwrap().iter();
    rooms
        .map(|room| room["room"]["room"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn who_is_invited_to_the_site_registers_on_the_invitations_page_and_lands_in_its_room() {
    let (server, olga) = server(Registration::Invite).await;
    let room = private_room(&olga, "Cellar").await;
    let admin = olga.browser().await;
    let terms = [
        ("room", room.as_str()),
        ("uses", "2"),
        ("expires_in", "3600"),
    ];
    let refused = admin
        .submit(PAGE, PAGE, &[terms[0], ("uses", "many")])
        .await;
    let text = refused.is(422).text();
    assert!(text.contains("1 to 10,000 people"), "{text}");
    assert_eq!(field_of(text, "uses").as_deref(), Some("many"));
    assert!(text.contains(&format!(
        "<option value=\"{room}\" selected>Cellar</option>"
    )));
    admin.submit(PAGE, PAGE, &terms).await.leads_to(PAGE);
    let shown = admin.get(PAGE).await;
    let text = shown.is(200).text();
    let address = field_of(text, "invite-address").expect("the link");
    assert!(text.contains("aria-label=\"The link as a QR code\"><svg"));
    assert!(text.contains("by olga · until "), "{text}");
    assert!(text.contains("nobody came yet · 2 left"), "{text}");
    let again = admin.get(PAGE).await;
    assert_eq!(field_of(again.text(), "invite-address"), None);
    assert!(!again.text().contains("<svg xmlns"), "nor as a picture");

    let link = format!("/invite/{}", address.rsplit('/').next().unwrap());
    let path = format!("/room/{room}");
    let visitor = server.visitor();
    let page = visitor.get(&link).await;
    assert!(page.is(200).text().contains("Come into Cellar"));
    let form = [
        ("name", "ben"),
        ("email", "ben@example.org"),
        ("password", PASSWORD),
    ];
    visitor.submit(&link, &link, &form).await.leads_to(&path);
    visitor.get(&path).await.is(200);
    assert!(
        admin
            .get(PAGE)
            .await
            .text()
            .contains("1 person came · 1 left")
    );
    let invite = link.trim_start_matches("/invite/");
    registers(&server, "carla", invite).await.is(201);
    let carla = Person::by_password(server.base(), "carla", PASSWORD).await;
    assert!(rooms_of(&carla).await.contains(&room));
    server.visitor().get(&link).await.is(404);
    let late = registers(&server, "dora", invite).await;
    assert_eq!(late.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn who_has_an_account_comes_into_the_room_of_an_invitation_to_the_site() {
    let (server, olga) = server(Registration::Open).await;
    let anna = server.person("anna").await;
    let room = private_room(&olga, "Cellar").await;
    let terms = json!({ "room": room, "uses": 1 });
    let made = olga.api().post("/admin/invites", &terms).await.expect(201);
    let link = made["url"].as_str().unwrap();
    let hers = anna.browser().await;
    let path = format!("/room/{room}");
    hers.submit(link, link, &[]).await.leads_to(&path);
    hers.get(&path).await.is(200);
    let alone = olga.api().post("/admin/invites", &json!({})).await;
    let alone = alone.expect(201);
    assert_eq!(alone["invite"].get("room"), None);
    let link = alone["url"].as_str().unwrap();
    hers.submit(link, link, &[]).await.leads_to("/room/lobby");
}

#[tokio::test]
async fn a_rooms_invitation_makes_an_account_too_unless_the_server_is_closed() {
    for (registration, status) in [
        (Registration::Open, 201),
        (Registration::Invite, 201),
        (Registration::Closed, 403),
    ] {
        let (server, olga) = server(registration).await;
        let room = private_room(&olga, "Cellar").await;
        let path = format!("/rooms/{room}/invites");
        let made = olga.api().post(&path, &json!({})).await.expect(201);
        let invite = token(&made["url"]);
        let page = server.visitor().get(&format!("/invite/{invite}")).await;
        let text = page.is(200).text();
        let closed = text.contains("This server takes no new accounts.");
        assert_eq!(closed, status == 403, "{registration:?}");
        assert_eq!(field_of(text, "email").is_none(), closed);
        let answer = registers(&server, "ben", invite).await;
        assert_eq!(answer.status, status, "{registration:?}");
        if status == 201 {
            let ben = Person::by_password(server.base(), "ben", PASSWORD).await;
            assert!(rooms_of(&ben).await.contains(&room));
        } else {
            assert_eq!(answer.refusal().1, "registration_closed");
            let site = olga.api().post("/admin/invites", &json!({})).await;
            let invite = site.expect(201);
            let answer = registers(&server, "ben", token(&invite["url"])).await;
            assert_eq!(answer.refusal().1, "registration_closed");
        }
    }
}

#[tokio::test]
async fn an_invitation_to_the_site_leads_only_where_its_admin_may_invite() {
    let (server, olga) = server(Registration::Open).await;
    let anna = server.person("anna").await;
    let hers = private_room(&anna, "Diary").await;
    let public = anna.api().open_room("Kitchen").await;
    let old = olga.api().open_room("Attic").await;
    let archive = format!("/rooms/{old}/archive");
    olga.api()
        .post(&archive, &json!({ "on": true }))
        .await
        .is(200);
    let direct = json!({ "users": ["anna"] });
    let direct = olga.api().post("/direct", &direct).await.expect(200);
    let direct = direct["room"]["room"].as_str().unwrap();
    for (room, told) in [
        (hers.as_str(), (404, "not_found")),
        ("0123456789ab", (404, "not_found")),
        ("no code", (404, "not_found")),
        (old.as_str(), (422, "invalid")),
        (direct, (422, "invalid")),
    ] {
        let terms = json!({ "room": room });
        let answer = olga.api().post("/admin/invites", &terms).await;
        assert_eq!(answer.refusal(), (told.0, told.1.to_owned()), "{room}");
        assert_eq!(answer.json()["error"]["field"], "room", "{room}");
    }
    let terms = json!({ "room": public });
    let made = olga.api().post("/admin/invites", &terms).await.expect(201);
    let path = format!("/rooms/{public}/invites");
    let listed = anna.api().get(&path).await.expect(200);
    assert_eq!(listed["invites"][0]["id"], made["invite"]["id"]);
    assert_eq!(listed["invites"][0]["site"], true);
    let id = &made["invite"]["id"];
    anna.api().delete(&format!("{path}/{id}")).await.is(204);
    let none = olga.api().get("/admin/invites").await.expect(200);
    assert_eq!(none["invites"], json!([]), "its owner ended it");
}

#[tokio::test]
async fn invitations_to_the_site_are_the_admins_on_every_edge_and_stand_in_the_audit_log() {
    let (server, olga) = server(Registration::Invite).await;
    let room = private_room(&olga, "Cellar").await;
    let mut socket = olga.socket().await;
    let by_event = socket.done("create_invite", &json!({ "uses": 3 })).await;
    let invite = token(&by_event["url"]);
    registers(&server, "ben", invite).await.is(201);
    let ben = Person::by_password(server.base(), "ben", PASSWORD).await;
    let terms = json!({ "room": room, "expires_in": 600 });
    let by_call = olga.api().post("/admin/invites", &terms).await.expect(201);
    let listed = olga.api().get("/admin/invites").await.expect(200);
    assert_eq!(listed["invites"][0], by_call["invite"]);
    assert_eq!(
        (&listed["invites"][1]["used"], &listed["invites"][1]["uses"]),
        (&json!(1), &json!(3))
    );
    let same = socket.done("invites", &json!({})).await;
    assert_eq!(same["invites"], listed["invites"]);
    let mut his = ben.socket().await;
    let (first, second) = (&by_event["invite"]["id"], &by_call["invite"]["id"]);
    for id in [first, second] {
        let refused = his.call("revoke_invite", &json!({ "invite": id })).await;
        assert_eq!(outcome(&refused), "not_found");
        let path = format!("/admin/invites/{id}");
        ben.api().delete(&path).await.is(403);
    }
    socket
        .done("revoke_invite", &json!({ "invite": first }))
        .await;
    let admin = olga.browser().await;
    let revoke = format!("{PAGE}/{second}/revoke");
    admin.submit(PAGE, &revoke, &[]).await.leads_to(PAGE);
    let path = format!("/admin/invites/{second}");
    olga.api().delete(&path).await.is(404);
    let over = token(&by_call["url"]);
    registers(&server, "carla", over).await.is(404);
    let page = admin.get("/admin/audit").await;
    let text = page.is(200).text();
    for line in [
        "olga made an invitation to the site.".to_owned(),
        format!("olga made an invitation to Cellar ({room})."),
        "olga ended an invitation to the site.".to_owned(),
        format!("olga ended an invitation to Cellar ({room})."),
    ] {
        assert!(text.contains(&line), "{line}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_invites_lists_and_revokes_while_the_server_runs() {
    let (server, olga) = server(Registration::Invite).await;
    let room = private_room(&olga, "Cellar").await;
    let folder = server.folder();
    let words = [
        "invite",
        "create",
        "--room",
        room.as_str(),
        "--uses",
        "2",
        "--expires-in",
        "7d",
    ];
    let public = ["--public-url", "https://chat.example"];
    let made = told(folder, &[&words[..], &public[..]].concat());
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("https://chat.example/invite/"), "{made}");
    assert_eq!(made["created_by"]["name"], "olga");
    let invite = token(&made["url"]);
    registers(&server, "ben", invite).await.is(201);
    let ben = Person::by_password(server.base(), "ben", PASSWORD).await;
    assert!(rooms_of(&ben).await.contains(&room));
    let listed = parlor(folder, &["invite", "list"]).well();
    let lines: Vec<_> = listed.lines().collect();
    assert!(lines[0].starts_with("ID  LEADS INTO"), "{listed}");
    assert!(lines[1].starts_with(&format!("1   {room}")), "{listed}");
    assert!(lines[1].ends_with("  1     1"), "{listed}");
    let said = parlor(folder, &["invite", "revoke", "1"]).well();
    assert_eq!(said, "Invitation 1 holds no longer.\n");
    registers(&server, "carla", invite).await.is(404);
    assert_eq!(told(folder, &["invite", "list"]), json!([]));
    let log = olga.api().get("/admin/audit").await.expect(200);
    let newest = &log["entries"][0];
    assert_eq!(
        (&newest["action"], &newest["by"], &newest["target"]),
        (
            &json!("revoke_invite"),
            &json!("command line"),
            &json!(format!("Cellar ({room})"))
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_invites_where_no_server_runs_and_says_what_is_wrong() {
    let (server, olga) = server(Registration::Invite).await;
    let old = olga.api().open_room("Attic").await;
    let archive = format!("/rooms/{old}/archive");
    olga.api()
        .post(&archive, &json!({ "on": true }))
        .await
        .is(200);
    let at = server.stop().await;
    let folder = at.folder();
    for (more, said) in [
        (&["--room", "nowhere"][..], "There is no such room"),
        (
            &["--room", old.as_str()],
            "Nobody can be invited into this room",
        ),
        (&["--uses", "0"], "An invitation is for 1 to 10,000 people"),
        (
            &["--expires-in", "5s"],
            "An invitation holds from 60 seconds",
        ),
    ] {
        let words = [&["invite", "create"][..], more].concat();
        let err = refused(folder, &words);
        assert!(err.starts_with(&format!("parlor: {said}")), "{err}");
    }
    assert!(refused(folder, &["invite", "revoke", "9"]).contains("does not hold any more"));
    for (words, named) in [
        (
            &["create", "--uses", "few"][..],
            "--uses: Give a whole number",
        ),
        (
            &["create", "--expires-in", "soon"],
            "--expires-in: This is no time",
        ),
        (&["revoke", "all"], "ID: Give a whole number"),
    ] {
        let ran = parlor(folder, &[&["invite"][..], words].concat());
        assert_eq!(ran.status, Some(2), "{ran:?}");
        assert!(ran.err.starts_with(&format!("parlor: {named}")), "{ran:?}");
    }
    let made = parlor(folder, &["invite", "create"]).well();
    let (path, hint) = made.split_once('\n').unwrap();
    assert!(hint.contains("--public-url"), "{made}");
    let path = path.to_owned();
    let server = at.start().await;
    let visitor = server.visitor();
    let page = visitor.get(&path).await;
    assert!(page.is(200).text().contains("olga invites you to Parlor."));
}
