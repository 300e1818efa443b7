//! Running the site on its pages and by JSON: accounts and rooms, found and changed by who runs it.

use serde_json::{Value, json};

use crate::harness::{Ended, Person, TestServer, field_of};

const PEOPLE: &str = "/admin/people";

fn names(body: &Value) -> Vec<&str> {
    let users = body["users"].as_array().unwrap().iter();
    users.map(|user| user["name"].as_str().unwrap()).collect()
}

/// What the audit log says, the newest first: by whom, what, to whom and from where.
async fn log(admin: &Person) -> Vec<[String; 4]> {
    let body = admin.api().get("/admin/audit").await.expect(200);
    let entries = body["entries"].as_array().unwrap().iter();
    let keys = ["by", "action", "target", "address"];
    entries
        .map(|entry| keys.map(|key| entry[key].as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn accounts_come_in_pages_and_are_found_by_a_part_of_name_or_address() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    for name in ["anna", "ben", "johanna"] {
        server.person(name).await;
    }
    let first = olga.api().get("/admin/users?limit=2").await.expect(200);
    assert_eq!(names(&first), ["olga", "anna"]);
    let next = format!("/admin/users?limit=2&after={}", first["next"]);
    let rest = olga.api().get(&next).await.expect(200);
    assert_eq!(
        (names(&rest), &rest["next"]),
        (vec!["ben", "johanna"], &json!(null))
    );
    for (query, found) in [
        ("ANNA", &["anna", "johanna"][..]),
        ("ben@example", &["ben"]),
        ("nobody", &[]),
    ] {
        let path = format!("/admin/users?query={query}");
        let body = olga.api().get(&path).await.expect(200);
        assert_eq!(names(&body), found, "{query}");
        let browser = olga.browser().await;
        let page = browser.get(&format!("{PEOPLE}?query={query}")).await;
        for name in ["anna", "ben", "johanna"] {
            let shown = page.is(200).text().contains(&format!(">{name}</a>"));
            assert_eq!(shown, found.contains(&name), "{query}: {name}");
        }
    }
    let one = olga.api().get("/admin/users/2").await.expect(200);
    assert_eq!(
        (&one["user"]["name"], one.get("password")),
        (&json!("anna"), None)
    );
}

#[tokio::test]
async fn an_account_is_made_and_its_password_is_shown_once() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let browser = olga.browser().await;
    let fields = [("name", "olga"), ("email", "nowhere"), ("admin", "1")];
    let again = browser.submit(PEOPLE, PEOPLE, &fields).await;
    let text = again.is(422).text();
    assert_eq!(field_of(text, "person-email").as_deref(), Some("nowhere"));
    assert!(
        text.contains("name=\"admin\" value=\"1\" checked"),
        "{text}"
    );
    let fields = [("name", "anna"), ("email", "anna@example.org")];
    let made = browser.submit(PEOPLE, PEOPLE, &fields).await;
    let path = made.header("location").to_owned();
    let page = browser.get(&path).await;
    let password = field_of(page.is(200).text(), "new-password").expect("shown");
    let page = browser.get(&path).await;
    assert_eq!(field_of(page.text(), "new-password"), None);
    let anna = Person::by_password(server.base(), "anna", &password).await;
    anna.api().get("/admin/users").await.is(403);
    let new = json!({
        "name": "ben", "email": "ben@example.org", "admin": true, "current_password": olga.password,
    });
    let made = olga.api().post("/admin/users", &new).await.expect(201);
    let password = made["password"].as_str().unwrap();
    let ben = Person::by_password(server.base(), "ben", password).await;
    ben.api().get("/admin/users").await.is(200);
    let taken = olga.api().post("/admin/users", &new).await;
    assert_eq!(taken.refusal(), (409, "conflict".to_owned()));
    let made = |name: &str| ["olga", "create_user", name, "127.0.0.1"].map(str::to_owned);
    assert_eq!(log(&olga).await, [made("ben"), made("anna")]);
}

#[tokio::test]
async fn who_runs_the_site_disables_enables_promotes_and_demotes_by_form_and_by_call() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let browser = olga.browser().await;
    let page = format!("{PEOPLE}/{}", anna.id);
    let call = format!("/admin/users/{}", anna.id);
    let by_form = async |action: &str| {
        let done = browser.submit(&page, &page, &[("action", action)]).await;
        done.leads_to(&format!("{page}?done={action}"));
        let shown = browser.get(&format!("{page}?done={action}")).await;
        shown.is(200).text().contains("class=\"flash\"")
    };
    let by_call = async |action: &str| {
        let deed = json!({ "action": action, "current_password": olga.password });
        olga.api().post(&call, &deed).await.expect(200)["user"].clone()
    };
    let mut socket = anna.socket().await;
    assert!(by_form("disable").await);
    assert_eq!(socket.closed().await, Ended::Disconnected);
    anna.api().get("/me").await.is(401);
    assert_eq!(by_call("enable").await["disabled_at"], json!(null));
    let anna = Person::logged_in(server.base(), "anna").await;
    assert!(by_form("promote").await);
    anna.api().get("/admin/users").await.is(200);
    let mut socket = anna.socket().await;
    assert_eq!(by_call("demote").await["admin"], false);
    assert_eq!(socket.closed().await, Ended::Disconnected);
    assert!(by_call("disable").await["disabled_at"].is_string());
    assert!(by_form("enable").await);
    assert_eq!(by_call("promote").await["admin"], true);
    assert!(by_form("demote").await);
    let said: Vec<_> = log(&olga)
        .await
        .into_iter()
        .map(|[_, deed, ..]| deed)
        .collect();
    assert_eq!(
        said,
        [
            "demote_user",
            "promote_user",
            "enable_user",
            "disable_user",
            "demote_user",
            "promote_user",
            "enable_user",
            "disable_user"
        ]
    );
    let own = format!("{PEOPLE}/{}", olga.id);
    for action in ["demote", "disable", "dance"] {
        let refused = browser.submit(&own, &own, &[("action", action)]).await;
        let (status, words) = match action {
            "dance" => (422, "Choose what to do."),
            _ => (409, "The site needs somebody who runs it."),
        };
        assert!(refused.is(status).text().contains(words), "{action}");
    }
}

#[tokio::test]
async fn a_password_is_given_anew_only_by_who_types_the_accounts_name() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let browser = olga.browser().await;
    let page = format!("{PEOPLE}/{}", anna.id);
    let fields = [("action", "reset_password"), ("confirm", "ann")];
    let refused = browser.submit(&page, &page, &fields).await;
    assert!(
        refused
            .is(422)
            .text()
            .contains("Type the account&#39;s name as it stands")
    );
    let call = format!("/admin/users/{}", anna.id);
    let bare = json!({ "action": "reset_password" });
    let refused = olga.api().post(&call, &bare).await;
    assert_eq!(refused.json()["error"]["field"], "confirm");
    anna.api().get("/me").await.is(200);
    let mut socket = anna.socket().await;
    let done = browser
        .submit(&page, &page, &[fields[0], ("confirm", "anna")])
        .await;
    done.leads_to(&format!("{page}?done=reset_password"));
    assert_eq!(socket.closed().await, Ended::Disconnected);
    let shown = browser.get(&page).await;
    let password = field_of(shown.is(200).text(), "new-password").expect("shown");
    let anna = Person::by_password(server.base(), "anna", &password).await;
    let confirmed = json!({
        "action": "reset_password", "confirm": "anna", "current_password": olga.password,
    });
    let reset = olga.api().post(&call, &confirmed).await.expect(200);
    anna.api().get("/me").await.is(401);
    let password = reset["password"].as_str().unwrap();
    Person::by_password(server.base(), "anna", password).await;
    let own = format!("/admin/users/{}", olga.id);
    let confirmed = json!({ "action": "reset_password", "confirm": "olga" });
    let refused = olga.api().post(&own, &confirmed).await;
    assert_eq!(refused.refusal(), (409, "conflict".to_owned()));
    olga.api().get("/me").await.is(200);
    let given = ["olga", "reset_password", "anna", "127.0.0.1"].map(str::to_owned);
    assert_eq!(log(&olga).await, [given.clone(), given]);
}

#[tokio::test]
async fn who_runs_the_site_archives_restores_and_deletes_rooms_and_reads_nothing_in_them() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let secret = json!({ "name": "Attic", "topic": "old things", "visibility": "private" });
    let made = anna.api().post("/rooms", &secret).await.expect(201);
    let code = made["room"]["room"].as_str().unwrap();
    anna.api().say(code, "between us").await;
    let browser = olga.browser().await;
    let list = browser.get("/admin/rooms").await;
    assert!(list.is(200).text().contains(">Attic</a>"));
    let page = format!("/admin/rooms/{code}");
    let shown = browser.get(&page).await;
    let text = shown.is(200).text();
    assert!(text.contains("old things") && !text.contains("between us"));
    let archive = browser.submit(&page, &page, &[("action", "archive")]).await;
    archive.leads_to(&format!("{page}?done=archive"));
    let says = async |text: &str| {
        let path = format!("/rooms/{code}/messages");
        let said = anna.api().post(&path, &json!({ "data": text })).await;
        said.status
    };
    assert_eq!(says("closed").await, 403);
    let opened = olga
        .api()
        .post(&page, &json!({ "action": "restore" }))
        .await;
    assert_eq!(opened.expect(200)["room"]["archived"], false);
    assert_eq!(says("open").await, 201);
    let fields = [("action", "delete"), ("confirm", "Cellar")];
    let refused = browser.submit(&page, &page, &fields).await;
    assert!(
        refused
            .is(422)
            .text()
            .contains("Type the room&#39;s name as it stands")
    );
    let bare = olga.api().post(&page, &json!({ "action": "delete" })).await;
    assert_eq!(bare.json()["error"]["field"], "confirm");
    assert_eq!(says("still there").await, 201);
    let fields = [("action", "delete"), ("confirm", "Attic")];
    let gone = browser.submit(&page, &page, &fields).await;
    gone.leads_to("/admin/rooms?done=delete");
    assert_eq!(says("gone").await, 404);
    olga.api().get(&page).await.is(404);
    browser.get(&page).await.is(404);
    let archive = json!({ "action": "archive" });
    let lobby = olga.api().post("/admin/rooms/lobby", &archive).await;
    assert_eq!(lobby.refusal(), (409, "conflict".to_owned()));
    let lobby = browser.get("/admin/rooms/lobby").await;
    assert!(lobby.is(200).text().contains("stay as they are"));
    let target = format!("Attic ({code})");
    let did = |deed: &str| ["olga", deed, &target, "127.0.0.1"].map(str::to_owned);
    assert_eq!(
        log(&olga).await,
        [did("delete_room"), did("restore_room"), did("archive_room")]
    );
}

#[tokio::test]
async fn rooms_come_in_pages_for_who_runs_the_site() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    for name in ["One", "Two", "Three"] {
        olga.api().open_room(name).await;
    }
    let mut found = Vec::new();
    let mut path = "/admin/rooms?limit=2".to_owned();
    loop {
        let body = olga.api().get(&path).await.expect(200);
        let rooms = body["rooms"].as_array().unwrap().iter();
        found.extend(rooms.map(|room| room["name"].as_str().unwrap().to_owned()));
        let Some(next) = body["next"].as_i64() else {
            break;
        };
        path = format!("/admin/rooms?limit=2&after={next}");
    }
    assert_eq!(found, ["Lobby", "One", "Two", "Three"]);
}
