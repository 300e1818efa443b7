//! Registering and logging in.

use parlor::config::Registration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Program, Script, TestServer};

fn user(name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@example.org"), "password": "eight or more" })
}

const FORM: [(&str, &str); 3] = [
    ("name", "anna"),
    ("email", "anna@example.org"),
    ("password", "eight or more"),
];

#[tokio::test]
async fn the_first_account_owns_the_site_and_lands_in_the_lobby() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    visitor.get("/").await.leads_to("/register");
    assert!(
        visitor
            .get("/register")
            .await
            .text()
            .contains("This is the first account")
    );
    visitor
        .submit("/register", "/register", &FORM)
        .await
        .leads_to("/room/lobby");
    assert!(
        visitor
            .get("/room/lobby")
            .await
            .is(200)
            .text()
            .contains("data-me-name=\"anna\"")
    );
    let second = server
        .nobody()
        .post("/users", &user("ben"))
        .await
        .expect(201);
    assert_eq!(
        (&second["user"]["admin"], &second["user"]["name"]),
        (&json!(false), &json!("ben"))
    );
    let login = json!({ "login": "anna", "password": "eight or more" });
    let first = server.nobody().post("/tokens", &login).await.expect(201);
    assert_eq!(first["user"]["admin"], true);
}

#[tokio::test]
async fn until_there_is_an_owner_everybody_else_waits() {
    let server = TestServer::start().await;
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let visitor = server.visitor();
        for path in ["/", "/login", "/register"] {
            let answer = Answer::of(
                visitor
                    .request(Method::GET, path)
                    .header(header, "192.0.2.1"),
            )
            .await;
            assert!(
                answer.is(503).text().contains("waiting for its owner"),
                "{header} {path}"
            );
        }
        let call = server
            .nobody()
            .request(Method::POST, "/users")
            .json(&user("anna"));
        let answer = Answer::of(call.header(header, "192.0.2.1")).await;
        assert_eq!(answer.refusal(), (503, "unavailable".to_owned()));
    }
    let rebound = server
        .nobody()
        .request(Method::POST, "/users")
        .json(&user("anna"));
    let answer = Answer::of(rebound.header("host", "evil.example")).await;
    answer.is(503);
    server.person("owner").await;
    let call = server
        .nobody()
        .request(Method::POST, "/users")
        .json(&user("anna"));
    Answer::of(call.header("x-forwarded-for", "192.0.2.1"))
        .await
        .is(201);
}

#[tokio::test]
async fn the_set_up_link_works_once() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), false);
    let path = program.setup.clone().expect("the first start prints it");
    let elsewhere = |browser: &Browser, method, path: &str| {
        browser
            .request(method, path)
            .header("x-forwarded-for", "192.0.2.1")
    };
    let owner = Browser::new(&program.base, None);
    let page = Answer::of(elsewhere(&owner, Method::GET, &path)).await;
    let csrf = crate::harness::field(page.is(200).text(), "csrf").unwrap();
    let mut form = FORM.to_vec();
    form.push(("csrf", &csrf));
    Answer::of(elsewhere(&owner, Method::POST, &path).form(&form))
        .await
        .leads_to("/room/lobby");
    assert!(owner.get("/profile").await.is(200).text().contains("anna"));
    Browser::new(&program.base, None).get(&path).await.is(404);
    program.kill();
    let again = Program::start(folder.path(), true);
    assert_eq!(again.setup, None);
    Browser::new(&again.base, None).get(&path).await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_take_one_name_at_once_one_gets_it() {
    let server = TestServer::start().await;
    server.person("owner").await;
    let mut tries = Vec::new();
    for (number, name) in [
        "anna", "ANNA", "Anna", "Ａnna", "aNNa", "annA", "ANna", "AnnA",
    ]
    .into_iter()
    .enumerate()
    {
        let script = server.nobody();
        let mut body = user(name);
        body["email"] = json!(format!("{number}@example.org"));
        tries.push(tokio::spawn(
            async move { script.post("/users", &body).await },
        ));
    }
    let mut statuses = Vec::new();
    for attempt in tries {
        let answer = attempt.await.unwrap();
        if answer.status == 409 {
            assert_eq!(answer.json()["error"]["field"], "name");
        }
        statuses.push(answer.status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_come_first_one_owns_the_site() {
    let server = TestServer::start().await;
    let mut tries = Vec::new();
    for number in 0..6 {
        let script = server.nobody();
        tries.push(tokio::spawn(async move {
            script
                .post("/users", &user(&format!("person{number}")))
                .await
        }));
    }
    let mut owners = 0;
    for attempt in tries {
        let made = attempt.await.unwrap().expect(201);
        owners += usize::from(made["user"]["admin"] == true);
    }
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn a_person_logs_in_by_name_or_address_in_any_letters() {
    let server = TestServer::start().await;
    let anna = server.person("Anna").await;
    for login in [
        "Anna",
        "anna",
        " ANNA ",
        "Ａｎｎａ",
        "anna@example.org",
        "ANNA@Example.org",
    ] {
        let token = json!({ "login": login, "password": anna.password });
        let answer = server.nobody().post("/tokens", &token).await.expect(201);
        assert_eq!(answer["user"]["name"], "Anna", "{login}");
        let fields = [
            ("login", login),
            ("password", &anna.password),
            ("next", "/room/lobby?before=7"),
        ];
        let browser = server.visitor();
        browser
            .submit("/login", "/login", &fields)
            .await
            .leads_to("/room/lobby?before=7");
    }
}

#[tokio::test]
async fn the_login_leads_to_no_other_site() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let fields = [
            ("login", "anna"),
            ("password", anna.password.as_str()),
            ("next", next),
        ];
        server
            .visitor()
            .submit("/login", "/login", &fields)
            .await
            .leads_to("/");
    }
    let page = server.visitor().get("/room/lobby?before=7").await;
    page.leads_to("/login?next=/room/lobby%3Fbefore%3D7");
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_are_told_apart_by_nothing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let script = server.nobody();
    // The dear part of an answer is the comparison, so both must make one, and at the same cost (`secrets` shows that).
    let attempt = async |login: &str| {
        let before = server.site().ctx.passwords.compared();
        let body = json!({ "login": login, "password": "not the right one" });
        let answer = script.post("/tokens", &body).await.expect(401);
        (answer, server.site().ctx.passwords.compared() - before)
    };
    let wrong = attempt(&anna.name).await;
    assert_eq!(wrong, attempt("zoe").await);
    assert_eq!(wrong.1, 1);
    let page = async |login: &str| {
        let fields = [("login", login), ("password", "not the right one")];
        let answer = server.visitor().submit("/login", "/login", &fields).await;
        answer.is(401).text().replace(login, "…").len()
    };
    assert_eq!(page("anna").await, page("zoey").await);
}

#[tokio::test]
async fn a_closed_server_takes_no_new_accounts() {
    for registration in [Registration::Closed, Registration::Invite] {
        let close = |settings: &mut parlor::config::Settings| settings.registration = registration;
        let server = TestServer::builder().setting(close).start().await;
        server.person("owner").await;
        let refused = server.nobody().post("/users", &user("anna")).await;
        assert_eq!(refused.refusal(), (403, "registration_closed".to_owned()));
        server.visitor().get("/register").await.is(403);
        let login = server.visitor().get("/login").await;
        assert!(!login.is(200).text().contains("/register"));
    }
}

#[tokio::test]
async fn a_form_that_failed_shows_what_was_typed_but_never_the_password() {
    let server = TestServer::start().await;
    server.person("owner").await;
    let fields = [
        ("name", "an na"),
        ("email", "half\"@"),
        ("password", "a secret <word>"),
    ];
    let page = server
        .visitor()
        .submit("/register", "/register", &fields)
        .await;
    let text = page.is(422).text();
    assert_eq!(
        crate::harness::field(text, "name").as_deref(),
        Some("an na")
    );
    assert_eq!(
        crate::harness::field(text, "email").as_deref(),
        Some("half\"@")
    );
    assert!(!text.contains("a secret"));
    assert_eq!(
        text.matches("class=\"field-error\"").count(),
        2,
        "each fault beside its field"
    );
}

#[tokio::test]
async fn an_account_changes_all_of_it_or_nothing() {
    let server = TestServer::start().await;
    let (anna, _) = (server.person("anna").await, server.person("ben").await);
    let patch =
        json!({ "name": "Anneli", "email": "ben@example.org", "current_password": anna.password });
    anna.api().patch("/me", &patch).await.is(409);
    let me = anna.api().get("/me").await.expect(200);
    assert_eq!(
        (&me["user"]["name"], &me["user"]["email"]),
        (&json!("anna"), &json!("anna@example.org"))
    );
    let patch = json!({ "email": "a@b.de", "current_password": anna.password });
    let me = anna.api().patch("/me", &patch).await.expect(200);
    assert_eq!(me["user"]["email"], "a@b.de");
    let script = Script::new(server.base(), None);
    script
        .post(
            "/tokens",
            &json!({ "login": "a@b.de", "password": anna.password }),
        )
        .await
        .is(201);
    script
        .post(
            "/tokens",
            &json!({ "login": anna.email, "password": anna.password }),
        )
        .await
        .is(401);
}
