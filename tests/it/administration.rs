//! Running the site from the command line: by the program itself, on a server that runs and on one that does not.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Answer, Ended, Person, Ran, TestServer, app_code, ran};

/// Runs `parlor` with these words on this data folder.
pub(crate) fn parlor(folder: &Path, words: &[&str]) -> Ran {
    let mut arguments = words.to_vec();
    arguments.extend(["--data-dir", folder.to_str().unwrap()]);
    ran(folder, &arguments, &[])
}

/// The same, answered in JSON.
#[track_caller]
pub(crate) fn told(folder: &Path, words: &[&str]) -> Value {
    let mut arguments = words.to_vec();
    arguments.push("--json");
    serde_json::from_str(&parlor(folder, &arguments).well()).unwrap()
}

/// What it says when it does not do it.
#[track_caller]
pub(crate) fn refused(folder: &Path, words: &[&str]) -> String {
    let ran = parlor(folder, words);
    assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    ran.err
}

async fn login(server: &TestServer, name: &str, password: &str) -> (u16, String) {
    let login = json!({ "login": name, "password": password });
    server.nobody().post("/tokens", &login).await.refusal()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_out_at_once_while_the_server_runs_and_in_again_when_it_is_enabled() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let mut by_token = anna.socket().await;
    let mut by_cookie = server
        .connect()
        .header("cookie", browser.cookie())
        .open()
        .await
        .unwrap();
    anna.api().say("lobby", "I was here").await;
    let user = told(server.folder(), &["user", "disable", "anna"]);
    assert_eq!(user["name"], "anna");
    assert!(user["disabled_at"].is_string(), "{user}");
    for socket in [&mut by_token, &mut by_cookie] {
        assert_eq!(socket.closed().await, Ended::Disconnected);
    }
    assert_eq!(anna.api().get("/me").await.refusal().0, 401);
    browser
        .get("/profile")
        .await
        .leads_to("/login?next=/profile");
    assert_eq!(login(&server, "anna", &anna.password).await.1, "forbidden");
    assert_eq!(
        login(&server, "anna", "not hers").await.1,
        "unauthorized",
        "only who knows the password learns of it"
    );
    let fields = [("login", "anna"), ("password", anna.password.as_str())];
    let page = server.visitor().submit("/login", "/login", &fields).await;
    assert!(page.is(403).text().contains("This account is disabled."));
    assert_eq!(olga.api().read("lobby").await, ["I was here"]);
    let enabled = parlor(server.folder(), &["user", "enable", "anna@example.org"]).well();
    assert_eq!(enabled, "anna is open.\n");
    let again = Person::logged_in(server.base(), "anna").await;
    again.api().get("/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_their_factors_logs_in_by_the_password_after_they_were_removed() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let password = json!({ "current_password": anna.password });
    let begun = anna.api().post("/me/two-factor", &password).await;
    let secret = begun.expect(201)["secret"].as_str().unwrap().to_owned();
    let code = app_code(&secret, server.site().ctx.now().0);
    let first = json!({
        "current_password": anna.password, "code": code,
    });
    let on = anna.api().request(reqwest::Method::PUT, "/me/two-factor");
    Answer::of(on.json(&first)).await.is(200);
    assert_eq!(login(&server, "anna", &anna.password).await.0, 401);
    let shown = parlor(server.folder(), &["user", "show", "anna"]).well();
    assert!(shown.contains("second factor"), "{shown}");
    let people = olga.browser().await.get("/admin/people").await;
    assert!(
        people
            .is(200)
            .text()
            .contains("anna@example.org · second factor · ")
    );
    for _ in 0..2 {
        let removed = parlor(server.folder(), &["user", "remove-factors", "anna"]).well();
        assert_eq!(removed, "anna logs in by the password alone.\n");
    }
    let again = Person::logged_in(server.base(), "anna").await;
    let state = again.api().get("/me/two-factor").await.expect(200);
    assert_eq!(state, json!({ "on": false, "recovery_codes": 0 }));
    let log = olga.api().get("/admin/audit").await.expect(200);
    let newest = &log["entries"][0];
    assert_eq!(
        (&newest["by"], &newest["action"], &newest["target"]),
        (
            &json!("command line"),
            &json!("remove_factors"),
            &json!("anna")
        )
    );
    assert_eq!(log["entries"][1]["action"], "turn_on_factor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_is_the_only_one_and_ends_what_was_open() {
    let server = TestServer::start().await;
    server.person("olga").await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    let reset = told(server.folder(), &["user", "reset-password", "anna"]);
    assert_eq!(socket.closed().await, Ended::Disconnected);
    assert_eq!(anna.api().get("/me").await.refusal().0, 401);
    assert_eq!(login(&server, "anna", &anna.password).await.0, 401);
    let password = reset["password"].as_str().unwrap();
    Person::by_password(server.base(), "anna", password).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_always_runs_the_site() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let folder = server.folder();
    for deed in ["demote", "disable"] {
        let said = refused(folder, &["user", deed, "olga"]);
        assert_eq!(
            said,
            "parlor: The site needs somebody who runs it. Make somebody else an admin first.\n"
        );
    }
    anna.api().get("/reports").await.is(403);
    parlor(folder, &["user", "promote", "anna"]).well();
    anna.api().get("/reports").await.is(200);
    let mut socket = olga.socket().await;
    parlor(folder, &["user", "demote", "olga"]).well();
    assert_eq!(
        socket.closed().await,
        Ended::Disconnected,
        "a socket remembers what its person might"
    );
    let olga = Person::logged_in(server.base(), "olga").await;
    olga.api().get("/reports").await.is(403);
    parlor(folder, &["user", "promote", "olga"]).well();
    parlor(folder, &["user", "disable", "olga"]).well();
    refused(folder, &["user", "demote", "anna"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_made_and_listed_where_no_server_runs() {
    let server = TestServer::start().await;
    server.person("olga").await;
    let at = server.stop().await;
    let folder = at.folder();
    let made = parlor(
        folder,
        &["user", "create", "Anna", "anna@example.org", "--admin"],
    )
    .well();
    let (said, password) = made.trim_end().split_once("\nPassword: ").unwrap();
    assert_eq!(said, "Anna has an account and runs the site.");
    let listed = parlor(folder, &["user", "list"]).well();
    let lines: Vec<_> = listed.lines().collect();
    assert!(
        lines[0].starts_with("NAME  EMAIL             STATE  MADE"),
        "{listed}"
    );
    assert!(
        lines[1].starts_with("olga  olga@example.org  admin  20"),
        "{listed}"
    );
    assert!(
        lines[2].starts_with("Anna  anna@example.org  admin  20"),
        "{listed}"
    );
    assert_eq!(lines.len(), 3, "{listed}");
    let shown = parlor(folder, &["user", "show", "anna"]).well();
    assert!(
        shown.starts_with("Name       Anna\nE-mail     anna@example.org\n"),
        "{shown}"
    );
    let listed = told(folder, &["user", "list"]);
    assert_eq!(listed[1]["admin"], true);
    let password = password.to_owned();
    let server = at.start().await;
    Person::by_password(server.base(), "anna", &password).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    let server = TestServer::start().await;
    server.person("olga").await;
    let folder = server.folder();
    for (words, expected) in [
        (
            &["user", "disable", "nobody"][..],
            "Nobody has an account called nobody here.",
        ),
        (
            &["user", "show", "no@example.org"],
            "Nobody has an account called no@example.org here.",
        ),
        (
            &["user", "create", "Olga", "o@example.org"],
            "That name is taken. Try another.",
        ),
        (
            &["user", "create", "petra", "olga@example.org"],
            "That address belongs to an account already.",
        ),
        (&["user", "create", "petra", "nowhere"], ""),
        (&["user", "create", "p", "p@example.org"], ""),
        (
            &["user", "create", "guest-1", "p@example.org"],
            "Names that begin with guest",
        ),
    ] {
        let said = refused(folder, words);
        assert!(
            said.starts_with(&format!("parlor: {expected}")),
            "{words:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{words:?}: {said}");
    }
    assert_eq!(told(folder, &["user", "list"]).as_array().unwrap().len(), 1);
    let empty = tempfile::tempdir().unwrap();
    let said = refused(empty.path(), &["user", "list"]);
    assert!(
        said.contains("is not there. Name the data folder of a server"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_for_it_is_the_owners_alone_and_goes_with_the_server() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let server = TestServer::start().await;
    let path = server.folder().join("parlor.sock");
    let found = path.metadata().unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    let at = server.stop().await;
    assert!(!path.exists());
    std::fs::write(&path, "left by a server that was killed").unwrap();
    let server = at.start().await;
    server.person("olga").await;
    assert_eq!(
        told(server.folder(), &["user", "show", "olga"])["admin"],
        true
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_says_who_did_what_to_whom_and_from_where() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let report = json!({ "user": anna.id, "reason": "spam" });
    olga.api().get("/admin/audit").await.is(200);
    let ben = server.person("ben").await;
    ben.api().post("/reports", &report).await.is(204);
    for _ in 0..2 {
        let resolved = olga.api().post("/reports/1/resolve", &json!({})).await;
        resolved.is(200);
    }
    let folder = server.folder();
    parlor(folder, &["user", "disable", "anna"]).well();
    parlor(folder, &["user", "disable", "anna"]).well();
    refused(folder, &["user", "disable", "olga"]);
    let log = olga.api().get("/admin/audit").await.expect(200);
    let entries = log["entries"].as_array().unwrap().iter();
    let said: Vec<_> = entries
        .map(|entry| ["by", "action", "target", "address"].map(|key| entry[key].as_str().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ["command line", "disable_user", "anna", "this machine"],
            ["olga", "resolve_report", "anna (report 1)", "127.0.0.1"],
        ],
        "what is refused, or is so already, is not noted"
    );
    assert_eq!(log["more"], false);
    let newest = olga.api().get("/admin/audit?limit=1").await.expect(200);
    assert_eq!(
        (&newest["entries"][0]["id"], &newest["more"]),
        (&json!(2), &json!(true))
    );
    let rest = olga.api().get("/admin/audit?before=2").await.expect(200);
    assert_eq!(rest["entries"][0]["id"], 1);
    let browser = olga.browser().await;
    let page = browser.get("/admin/audit").await;
    let text = page.is(200).text();
    for line in [
        "The command line disabled the account anna.",
        "olga resolved what was reported of anna (report 1).",
        "127.0.0.1",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(
        browser
            .get("/admin")
            .await
            .text()
            .contains("href=\"/admin/audit\"")
    );
    ben.api().get("/admin/audit").await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_closed_opened_and_deleted_while_the_server_runs() {
    let server = TestServer::start().await;
    server.person("olga").await;
    let anna = server.person("anna").await;
    let code = anna.api().open_room("The attic").await;
    let code = code.as_str();
    let says = async |text: &str| {
        let path = format!("/rooms/{code}/messages");
        anna.api()
            .post(&path, &json!({ "data": text }))
            .await
            .status
    };
    let folder = server.folder();
    assert_eq!(told(folder, &["room", "show", code])["retention_days"], 0);
    let kept = anna
        .api()
        .patch(&format!("/rooms/{code}"), &json!({ "retention_days": 7 }))
        .await;
    kept.is(200);
    let shown = parlor(folder, &["room", "show", code]).well();
    assert!(shown.contains("kept for 7 days"), "{shown}");
    assert_eq!(says("open").await, 201);
    assert_eq!(told(folder, &["room", "archive", code])["archived"], true);
    assert_eq!(says("closed").await, 403);
    assert_eq!(told(folder, &["room", "restore", code])["archived"], false);
    assert_eq!(says("open again").await, 201);
    let unconfirmed = parlor(folder, &["room", "delete", code, "--confirm", "The cellar"]);
    assert_eq!(unconfirmed.status, Some(2), "{unconfirmed:?}");
    assert_eq!(says("still there").await, 201);
    parlor(folder, &["room", "delete", code, "--confirm", "The attic"]).well();
    assert_eq!(says("gone").await, 404);
    assert!(refused(folder, &["room", "show", code]).contains("There is no room with the code"));
    let refusal = refused(folder, &["room", "archive", "lobby"]);
    assert!(refusal.contains("lobby"), "{refusal}");
}
