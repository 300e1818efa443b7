//! A forgotten password where no mail is set up: replaced by a recovery code. How a mailed link does it is in
//! `tests/clients/recovery.test.mjs`.

use parlor::config::MailSecurity;
use serde_json::{Value, json};

use crate::harness::{Answer, Ended, Person, TestServer, app_code};

const NEW: &str = "three quiet armchairs";

async fn put(server: &TestServer, body: &Value) -> Answer {
    let nobody = server.nobody();
    let request = nobody.request(reqwest::Method::PUT, "/recovery");
    Answer::of(request.json(body)).await
}

/// Recovery codes of this person.
async fn codes(person: &Person) -> Vec<String> {
    let proof = json!({ "current_password": person.password });
    let made = person.api().post("/me/recovery-codes", &proof).await;
    let made = made.expect(201);
    let codes = made["recovery_codes"].as_array().unwrap().iter();
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

async fn login(server: &TestServer, password: &str) -> Answer {
    let login = json!({ "login": "anna", "password": password });
    server.nobody().post("/tokens", &login).await
}

#[tokio::test]
async fn a_recovery_code_gives_a_new_password_once_and_ends_all_that_was_open() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let codes = codes(&anna).await;
    let browser = anna.browser().await;
    let mut socket = anna.socket().await;
    let visitor = server.visitor();
    let login_page = visitor.get("/login").await;
    assert!(login_page.text().contains("href=\"/recover\""));
    let send = async |login: &str, code: &str, password: &str| {
        let fields = [
            ("login", login),
            ("recovery_code", code),
            ("password", password),
        ];
        visitor.submit("/recover", "/recover", &fields).await
    };
    let wrong = send("anna", "abcd", NEW).await;
    assert!(wrong.is(401).text().contains("do not belong together"));
    assert!(wrong.text().contains(r#"value="anna""#) && !wrong.text().contains(NEW));
    let nobody = send("nobody", &codes[0], NEW).await;
    assert_eq!(
        nobody
            .is(401)
            .text()
            .matches("do not belong together")
            .count(),
        1
    );
    send("anna", &codes[0], "password").await.is(422);
    login(&server, &anna.password).await.is(201);
    send("anna", &codes[0], NEW)
        .await
        .leads_to("/login?done=recovered");
    assert_eq!(socket.closed().await, Ended::Disconnected);
    browser
        .get("/profile")
        .await
        .leads_to("/login?next=/profile");
    anna.api().get("/me").await.is(401);
    send("anna", &codes[0], NEW).await.is(401);
    login(&server, &anna.password).await.is(401);
    login(&server, NEW).await.is(201);
    let body = json!({ "login": "anna@example.org", "recovery_code": codes[1], "password": "four quiet armchairs" });
    put(&server, &body).await.is(204);
    login(&server, "four quiet armchairs").await.is(201);
}

#[tokio::test]
async fn with_an_app_the_next_login_takes_the_app_and_no_other_recovery_code() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let proof = json!({ "current_password": anna.password });
    let begun = anna.api().post("/me/two-factor", &proof).await.expect(201);
    let secret = begun["secret"].as_str().unwrap();
    let now = || server.site().ctx.now().0;
    let first = json!({ "current_password": anna.password, "code": app_code(secret, now()) });
    let on = anna
        .api()
        .request(reqwest::Method::PUT, "/me/two-factor")
        .json(&first);
    let on = Answer::of(on).await.expect(200);
    let codes = on["recovery_codes"].as_array().unwrap();
    let body = json!({ "login": "anna", "recovery_code": codes[0], "password": NEW });
    put(&server, &body).await.is(204);
    assert_eq!(login(&server, NEW).await.refusal().0, 401);
    let with = async |code: &str| {
        let login = json!({ "login": "anna", "password": NEW, "code": code });
        server.nobody().post("/tokens", &login).await.status
    };
    assert_eq!(
        with(codes[1].as_str().unwrap()).await,
        401,
        "one list is not two factors"
    );
    assert_eq!(with(&app_code(secret, now() + 30_000)).await, 201);
}

#[tokio::test]
async fn tries_at_recovery_count_as_failed_logins() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let codes = codes(&anna).await;
    let guess = json!({ "login": "anna", "recovery_code": "abcd", "password": NEW });
    for _ in 0..10 {
        assert_eq!(
            put(&server, &guess).await.refusal(),
            (401, "unauthorized".to_owned())
        );
    }
    let right = json!({ "login": "anna", "recovery_code": codes[0], "password": NEW });
    assert_eq!(put(&server, &right).await.status, 429);
    assert_eq!(login(&server, &anna.password).await.status, 429);
}

#[tokio::test]
async fn what_is_missing_is_named_and_without_mail_no_link_is_promised() {
    let server = TestServer::start().await;
    server.person("anna").await;
    let asked = server
        .nobody()
        .post("/recovery", &json!({ "login": "anna" }))
        .await;
    assert!(asked.is(422).text().contains("sends no mail"));
    let refused = put(&server, &json!({ "password": "short" })).await;
    let refused = refused.expect(422);
    assert_eq!(refused["error"]["field"], "login");
    let token = json!({ "token": "abc", "password": NEW });
    assert_eq!(
        put(&server, &token).await.refusal(),
        (404, "not_found".to_owned())
    );
}

/// Whatever asks the database fails here, and nothing of this does: who it is, is looked up beside the request.
#[tokio::test]
async fn asking_for_a_link_looks_nobody_up_and_hashes_nothing_before_it_answers() {
    let builder = TestServer::builder().setting(|settings| {
        settings.smtp_server = Some("127.0.0.1".to_owned());
        settings.smtp_port = 1;
        settings.smtp_security = MailSecurity::None;
        settings.mail_from = Some("parlor@example.org".to_owned());
        settings.public_url = Some("https://chat.example.org".to_owned());
    });
    let server = builder.start().await;
    server.person("anna").await;
    let visitor = server.visitor();
    let csrf = visitor.csrf("/recover").await;
    let ctx = &server.site().ctx;
    let compared = ctx.passwords.compared();
    ctx.store.close().await;
    for login in ["anna", "anna@example.org", "nobody", "nobody@example.org"] {
        let body = json!({ "login": login });
        server.nobody().post("/recovery", &body).await.is(204);
        let fields = [("csrf", csrf.as_str()), ("login", login)];
        let sent = visitor.post("/recover", &fields).await;
        sent.leads_to("/recover?sent=1");
    }
    assert_eq!(ctx.passwords.compared(), compared);
    let answer = login(&server, "what opens nothing").await;
    assert_eq!(answer.status, 503, "it is closed");
}
