//! Second factors: codes of an app and recovery codes, as each way in asks for them.

mod deeds;
mod own;

use std::{net::IpAddr, sync::Arc, time::Duration};

use parlor::{
    base::{Clock, ManualClock},
    config::Settings,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Person, Refused, Script, TestServer, app_code};

const PAGE: &str = "/settings/two-factor";
const CODE: &str = "/login/code";

/// This machine under another address.
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

/// A server whose time stands, and anna, whose app knows the secret once it was set up.
struct Scene {
    server: TestServer,
    clock: Arc<ManualClock>,
    anna: Person,
    secret: String,
    recovery_codes: Vec<String>,
}

impl Scene {
    async fn set() -> Self {
        Self::with(|_| {}).await
    }

    /// With codes switched on by JSON.
    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (builder, clock) = TestServer::standing();
        let server = builder.setting(change).start().await;
        let anna = server.person("anna").await;
        let mut scene = Self {
            server,
            clock,
            anna,
            secret: String::new(),
            recovery_codes: Vec::new(),
        };
        scene.turn_on().await;
        scene
    }

    async fn turn_on(&mut self) {
        let api = self.anna.api();
        let password = json!({ "current_password": self.anna.password });
        let begun = api.post("/me/two-factor", &password).await.expect(201);
        begun["secret"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.secret);
        let mut first = password;
        first["code"] = json!(self.code());
        let on = Answer::of(api.request(Method::PUT, "/me/two-factor").json(&first)).await;
        self.recovery_codes = listed(&on.expect(200));
        self.step();
    }

    /// What the app shows now.
    fn code(&self) -> String {
        app_code(&self.secret, self.clock.now_ms())
    }

    /// A code that no app shows now.
    fn wrong(&self) -> String {
        let code: u32 = self.code().parse().unwrap();
        format!("{:06}", (code + 1) % 1_000_000)
    }

    /// The app shows its next code.
    fn step(&self) {
        self.clock.advance(Duration::from_secs(30));
    }

    /// Logs a script in with this beside name and password.
    async fn token(&self, code: Option<&str>) -> Answer {
        let mut login = json!({ "login": "anna", "password": self.anna.password });
        if let Some(code) = code {
            login["code"] = json!(code);
        }
        self.server.nobody().post("/tokens", &login).await
    }

    /// A browser in which the password was right, and a code is asked for.
    async fn half(&self) -> Browser {
        let browser = self.server.visitor();
        self.send_password(&browser).await;
        browser
    }

    async fn send_password(&self, browser: &Browser) {
        let fields = [("login", "anna"), ("password", self.anna.password.as_str())];
        let sent = browser
            .submit("/login?next=/profile", "/login", &fields)
            .await;
        sent.leads_to(CODE);
    }

    /// A browser in which anna is logged in.
    async fn browser(&self) -> Browser {
        let browser = self.half().await;
        let code = self.code();
        browser
            .submit(CODE, CODE, &[("code", &code)])
            .await
            .leads_to("/");
        self.step();
        browser
    }
}

fn listed(body: &Value) -> Vec<String> {
    let codes = body["recovery_codes"].as_array().unwrap().iter();
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

/// Status, code and field of a refusal.
fn refusal(answer: &Answer) -> (u16, String, String) {
    let error = &answer.json()["error"];
    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
    (answer.status, text("code"), text("field"))
}

fn unauthorized() -> (u16, String, String) {
    (401, "unauthorized".to_owned(), "code".to_owned())
}

#[tokio::test]
async fn a_login_asks_for_the_code_on_a_second_page_and_is_none_before() {
    let scene = Scene::set().await;
    let browser = scene.server.visitor();
    let next = "/room/lobby";
    let fields = [
        ("login", "anna"),
        ("password", scene.anna.password.as_str()),
        ("next", next),
    ];
    let sent = browser.submit("/login", "/login", &fields).await;
    let page = format!("{CODE}?next={next}");
    let cookie = sent.leads_to(&page).set_cookie("login").expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(browser.cookie_value("session"), None);
    browser
        .get("/profile")
        .await
        .leads_to("/login?next=/profile");
    let half = browser.cookie_value("login").unwrap();
    let opens = |name: &str| format!("{name}={half}");
    let socket = scene.server.connect().header("cookie", opens("session"));
    let refused = socket.open().await.err();
    assert_eq!(refused, Some(Refused::unauthorized()));
    let fields = |code: String| {
        [
            ("code".to_owned(), code),
            ("next".to_owned(), next.to_owned()),
        ]
    };
    let write = async |code: String| {
        let fields = fields(code);
        let fields = fields
            .each_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        browser.submit(&page, CODE, &fields).await
    };
    let wrong = write(scene.wrong()).await;
    assert!(wrong.is(401).text().contains("This code is wrong"));
    assert!(wrong.text().contains(r#"name="next" value="/room/lobby""#));
    write(String::new()).await.is(422);
    let code = scene.code();
    write(format!("{} {}", &code[..3], &code[3..]))
        .await
        .leads_to(next);
    assert_eq!(browser.cookie_value("login"), None);
    browser.get("/profile").await.is(200);
    let connect = scene.server.connect().header("cookie", browser.cookie());
    connect.open().await.unwrap();
    scene.server.visitor().get(CODE).await.leads_to("/login");
}

#[tokio::test]
async fn a_script_sends_the_code_with_name_and_password() {
    let scene = Scene::set().await;
    let missing = scene.token(None).await;
    assert_eq!(refusal(&missing), unauthorized());
    assert!(missing.text().contains("second factor") && missing.text().contains("`code`"));
    assert_eq!(
        refusal(&scene.token(Some(&scene.wrong())).await),
        unauthorized()
    );
    let made = scene.token(Some(&scene.code())).await.expect(201);
    let script = Script::new(
        scene.server.base(),
        made["token"].as_str().map(str::to_owned),
    );
    script.get("/me").await.is(200);
    let wrong = json!({ "login": "anna", "password": "a guess", "code": scene.code() });
    let wrong = scene.server.nobody().post("/tokens", &wrong).await;
    assert_eq!(refusal(&wrong).2, "password", "a code is no password");
    let ben = scene.server.person("ben").await;
    let superfluous = json!({ "login": "ben", "password": ben.password, "code": "000000" });
    let made = scene.server.nobody().post("/tokens", &superfluous).await;
    made.is(201);
}

#[tokio::test]
async fn a_code_is_good_for_once_and_so_is_one_before_it() {
    let scene = Scene::set().await;
    let before = scene.code();
    scene.step();
    let code = scene.code();
    scene.token(Some(&code)).await.is(201);
    assert_eq!(refusal(&scene.token(Some(&code)).await), unauthorized());
    assert_eq!(refusal(&scene.token(Some(&before)).await), unauthorized());
    let browser = scene.half().await;
    browser.submit(CODE, CODE, &[("code", &code)]).await.is(401);
    scene.step();
    let next = scene.code();
    browser
        .submit(CODE, CODE, &[("code", &next)])
        .await
        .leads_to("/");
    let late = scene.code();
    for _ in 0..3 {
        scene.step();
    }
    assert_eq!(refusal(&scene.token(Some(&late)).await), unauthorized());
}

#[tokio::test]
async fn of_many_who_send_one_code_at_once_one_gets_in() {
    let scene = Scene::set().await;
    let code = scene.code();
    let tries = (0..5).map(|_| scene.token(Some(&code)));
    let answers = futures_util::future::join_all(tries).await;
    let mut found: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    found.sort_unstable();
    assert_eq!(found, [201, 401, 401, 401, 401]);
}

#[tokio::test]
async fn a_label_that_is_too_long_costs_no_code() {
    let scene = Scene::set().await;
    let code = scene.code();
    let login = json!({
        "login": "anna", "password": scene.anna.password, "code": code, "label": "x".repeat(65),
    });
    scene.server.nobody().post("/tokens", &login).await.is(422);
    scene.token(Some(&code)).await.is(201);
}

#[tokio::test]
async fn a_recovery_code_stands_for_a_code_once_however_it_is_typed() {
    let scene = Scene::set().await;
    let [first, second, third, ..] = &scene.recovery_codes[..] else {
        panic!("ten codes");
    };
    let typed = first.to_uppercase().replace('-', " ");
    scene.token(Some(&typed)).await.is(201);
    assert_eq!(refusal(&scene.token(Some(first)).await), unauthorized());
    let browser = scene.half().await;
    browser
        .submit(CODE, CODE, &[("code", second)])
        .await
        .leads_to("/");
    let state = async || scene.anna.api().get("/me/two-factor").await.expect(200);
    assert_eq!(state().await["recovery_codes"], 8);
    browser
        .submit(PAGE, "/settings/recovery-codes", &[])
        .await
        .leads_to(PAGE);
    let shown = browser.get(PAGE).await;
    assert_eq!(shown.text().matches("<li><code>").count(), 10);
    assert_eq!(
        refusal(&scene.token(Some(third)).await),
        unauthorized(),
        "it ended"
    );
    assert_eq!(state().await["recovery_codes"], 10);
}

#[tokio::test]
async fn wrong_codes_count_as_failed_logins_and_for_their_account_from_everywhere() {
    let scene = Scene::set().await;
    for _ in 0..10 {
        assert_eq!(
            refusal(&scene.token(Some(&scene.wrong())).await),
            unauthorized()
        );
    }
    let full = scene.token(Some(&scene.code())).await;
    assert_eq!(full.status, 429, "{}", full.text());
    let elsewhere = Browser::new(scene.server.base(), Some(ELSEWHERE));
    scene.send_password(&elsewhere).await;
    let code = scene.code();
    elsewhere
        .submit(CODE, CODE, &[("code", &code)])
        .await
        .leads_to("/");

    let scene = Scene::with(|settings| settings.limits.code_failures_per_account = 3).await;
    for _ in 0..3 {
        assert_eq!(
            refusal(&scene.token(Some(&scene.wrong())).await),
            unauthorized()
        );
    }
    let full = scene.token(Some(&scene.code())).await;
    assert_eq!(
        refusal(&full),
        (429, "rate_limited".to_owned(), "code".to_owned())
    );
    assert!(
        full.text()
            .contains("Too many wrong codes for this account")
    );
    let elsewhere = Browser::new(scene.server.base(), Some(ELSEWHERE));
    scene.send_password(&elsewhere).await;
    let code = scene.code();
    elsewhere
        .submit(CODE, CODE, &[("code", &code)])
        .await
        .is(429);
    scene.clock.advance(Duration::from_hours(24));
    scene.token(Some(&scene.code())).await.is(201);
}

#[tokio::test]
async fn a_login_waits_ten_minutes_for_its_code_and_ends_with_the_password() {
    let scene = Scene::set().await;
    let late = scene.half().await;
    let csrf = late.csrf(CODE).await;
    scene.clock.advance(Duration::from_mins(10));
    let code = scene.code();
    let sent = late.post(CODE, &[("csrf", &csrf), ("code", &code)]).await;
    assert!(sent.is(401).text().contains("took too long"));
    late.get(CODE).await.leads_to("/login");

    let begun = scene.half().await;
    let patch =
        json!({ "password": "three quiet armchairs", "current_password": scene.anna.password });
    scene.anna.api().patch("/me", &patch).await.is(200);
    let sent = begun.submit(CODE, CODE, &[("code", &code)]).await;
    assert!(sent.is(401).text().contains("the account has changed"));
    let login = json!({ "login": "anna", "password": "three quiet armchairs", "code": code });
    let made = scene.server.nobody().post("/tokens", &login).await;
    made.is(201);
}
