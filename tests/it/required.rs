//! Who must have a second factor, where the server asks for one, and has none: led to setting it up, and nothing else opens
//! before, on any edge.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use parlor::{
    base::{Clock, ManualClock},
    config::SecondFactor,
    model::{Email, NewAccount, OidcIdentity, Origin, UserName},
    service::sessions,
};
use reqwest::Method;
use serde_json::json;

use crate::{
    administration::parlor,
    harness::{
        Answer, Browser, Ended, Person, Refused, Script, Socket, TestServer, app_code, client,
        field_of,
    },
};

const PAGE: &str = "/settings/two-factor";

/// A server that asks for a second factor, and whose time stands.
struct Scene {
    server: TestServer,
    clock: Arc<ManualClock>,
}

impl Scene {
    async fn asking(whom: SecondFactor) -> Self {
        let (builder, clock) = TestServer::standing();
        let builder = builder.setting(|settings| {
            settings.require_second_factor = whom;
            settings.guests = true;
        });
        Self {
            server: builder.start().await,
            clock,
        }
    }

    /// Sets an app up by JSON; answers with its secret.
    async fn set_up(&self, person: &Person) -> String {
        let (api, password) = (person.api(), json!({ "current_password": person.password }));
        let begun = api.post("/me/two-factor", &password).await.expect(201);
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let mut first = password;
        first["code"] = json!(self.code(&secret));
        let on = api.request(Method::PUT, "/me/two-factor").json(&first);
        Answer::of(on).await.is(200);
        secret
    }

    /// What the app shows, whose next code is shown from then on.
    fn code(&self, secret: &str) -> String {
        let code = app_code(secret, self.clock.now_ms());
        self.clock.advance(Duration::from_secs(30));
        code
    }

    async fn by_cookie(&self, browser: &Browser) -> Result<Socket, Refused> {
        let connect = self.server.connect().header("cookie", browser.cookie());
        connect.open().await
    }
}

/// Nothing opens by this token but what sets a factor up.
async fn waits(script: &Script) {
    for path in [
        "/rooms",
        "/rooms/lobby/messages",
        "/tokens",
        "/sessions",
        "/admin/users",
    ] {
        let refused = script.get(path).await;
        assert_eq!(refused.refusal(), (403, "forbidden".to_owned()), "{path}");
        assert_eq!(refused.json()["error"]["field"], "two_factor", "{path}");
        assert!(refused.text().contains("POST /api/v1/me/two-factor"));
    }
    let said = json!({ "data": "x" });
    let said = script.post("/rooms/lobby/messages", &said).await;
    assert_eq!(said.refusal(), (403, "forbidden".to_owned()));
    script.get("/me").await.is(200);
    script.get("/me/two-factor").await.is(200);
}

/// No page opens in this browser but those that set a factor up.
async fn is_led(browser: &Browser) {
    for path in [
        "/",
        "/room/lobby",
        "/profile",
        "/settings/tokens",
        "/admin",
        "/search",
        "/register",
    ] {
        browser.get(path).await.leads_to(PAGE);
    }
    let csrf = browser.csrf(PAGE).await;
    for action in [
        "/rooms",
        "/room/lobby",
        "/settings/tokens",
        "/settings/recovery-codes",
    ] {
        let sent = browser
            .post(action, &[("csrf", &csrf), ("data", "x")])
            .await;
        sent.leads_to(PAGE);
    }
    let page = browser.get(PAGE).await;
    let words = "This server asks you for a second factor. Set it up here to go on";
    assert!(page.is(200).text().contains(words), "{}", page.text());
}

fn refused_at_connect() -> Refused {
    Refused::Connect("forbidden".to_owned())
}

#[tokio::test]
async fn who_must_have_a_factor_sets_it_up_by_form_and_does_nothing_before() {
    let scene = Scene::asking(SecondFactor::Everybody).await;
    let anna = scene.server.person("anna").await;
    let browser = anna.browser().await;
    is_led(&browser).await;
    waits(anna.api()).await;
    assert_eq!(
        scene.by_cookie(&browser).await.err(),
        Some(refused_at_connect())
    );
    assert_eq!(
        anna.connect().open().await.err(),
        Some(refused_at_connect())
    );
    let path = "/api/v1/rooms";
    let by_cookie = browser.request(Method::GET, path);
    let by_cookie = Answer::of(by_cookie.header("origin", scene.server.base())).await;
    assert_eq!(by_cookie.refusal(), (403, "forbidden".to_owned()));

    browser.submit(PAGE, PAGE, &[]).await.leads_to(PAGE);
    let page = browser.get(PAGE).await;
    let secret = field_of(page.text(), "app-secret").expect("a secret");
    let on = format!("{PAGE}/on");
    let wrong = browser.submit(PAGE, &on, &[("code", "000000")]).await;
    wrong.is(401);
    browser.get("/").await.leads_to(PAGE);
    let code = scene.code(&secret);
    let done = browser.submit(PAGE, &on, &[("code", &code)]).await;
    done.leads_to("/settings/two-factor?done=on");
    let shown = browser.get("/settings/two-factor?done=on").await;
    assert_eq!(shown.text().matches("<li><code>").count(), 10);
    browser.get("/").await.is(200);
    anna.api().get("/rooms").await.is(200);
    anna.socket().await.join("lobby").await;
    scene.by_cookie(&browser).await.unwrap();
}

#[tokio::test]
async fn the_only_factor_stays_where_it_is_asked_for() {
    let scene = Scene::asking(SecondFactor::Everybody).await;
    let anna = scene.server.person("anna").await;
    let browser = anna.browser().await;
    let secret = scene.set_up(&anna).await;
    let page = browser.get(PAGE).await;
    assert!(page.is(200).text().contains("so it stays on"));
    assert!(!page.text().contains("Switch off"));
    let off = browser.submit(PAGE, &format!("{PAGE}/off"), &[]).await;
    assert!(
        off.is(409)
            .text()
            .contains("the only one cannot be switched off")
    );
    let shown = json!({ "current_password": anna.password, "code": scene.code(&secret) });
    let off = anna.api().request(Method::DELETE, "/me/two-factor");
    let off = Answer::of(off.json(&shown)).await;
    assert_eq!(off.refusal(), (409, "conflict".to_owned()));
    let state = anna.api().get("/me/two-factor").await.expect(200);
    assert_eq!(state["on"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_admins_it_is_asked_from_the_moment_they_are_some() {
    let scene = Scene::asking(SecondFactor::Admins).await;
    let olga = scene.server.person("olga").await;
    waits(olga.api()).await;
    is_led(&olga.browser().await).await;
    let ben = scene.server.person("ben").await;
    let browser = ben.browser().await;
    browser.get("/").await.is(200);
    let mut by_token = ben.socket().await;
    let mut by_cookie = scene.by_cookie(&browser).await.unwrap();
    parlor(scene.server.folder(), &["user", "promote", "ben"]).well();
    for socket in [&mut by_token, &mut by_cookie] {
        assert_eq!(socket.closed().await, Ended::Disconnected);
    }
    waits(ben.api()).await;
    is_led(&browser).await;
    scene.set_up(&ben).await;
    ben.api().get("/admin/users").await.is(200);
    browser.get("/admin").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_factors_were_removed_sets_one_up_again() {
    let scene = Scene::asking(SecondFactor::Everybody).await;
    let anna = scene.server.person("anna").await;
    scene.set_up(&anna).await;
    let mut socket = anna.socket().await;
    parlor(scene.server.folder(), &["user", "remove-factors", "anna"]).well();
    assert_eq!(socket.closed().await, Ended::Disconnected);
    waits(anna.api()).await;
    let browser = anna.browser().await;
    is_led(&browser).await;
    scene.set_up(&anna).await;
    browser.get("/").await.is(200);
}

#[tokio::test]
async fn programs_and_guests_are_exempt_and_so_is_who_comes_by_single_sign_on_alone() {
    let scene = Scene::asking(SecondFactor::Everybody).await;
    let anna = scene.server.person("anna").await;
    let secret = scene.set_up(&anna).await;
    let shown = json!({
        "name": "robot", "current_password": anna.password, "code": scene.code(&secret),
    });
    let bot = anna.api().post("/bots", &shown).await.expect(201);
    let path = format!("/bots/{}/tokens", bot["bot"]["user"]["id"]);
    let token = anna.api().post(&path, &json!({ "scopes": ["read"] })).await;
    let token = token.expect(201)["token"].as_str().unwrap().to_owned();
    let bot = Script::new(scene.server.base(), Some(token.clone()));
    bot.get("/rooms").await.is(200);
    let connect = scene.server.connect().auth(json!({ "token": token }));
    connect.open().await.unwrap();
    scene.server.connect().open().await.expect("a guest");

    let ctx = &scene.server.site().ctx;
    let new = NewAccount {
        name: UserName::parse("olga", 2, 32).unwrap(),
        email: Email::parse("olga@example.org").unwrap(),
        password_hash: String::new(),
        may_be_first: false,
        created_at: ctx.now(),
    };
    let identity = OidcIdentity {
        issuer: "https://login.example.org".to_owned(),
        subject: "7".to_owned(),
    };
    let made = ctx.store.register_identified(new, identity, None).await;
    let origin = Origin {
        address: Ipv4Addr::LOCALHOST.into(),
        user_agent: String::new(),
    };
    let session = sessions::open(ctx, &origin, &made.unwrap()).await.unwrap();
    let request = client().build().unwrap();
    let request = request.get(format!("{}/", scene.server.base()));
    let request = request.header("cookie", format!("session={}", session.reveal()));
    Answer::of(request).await.is(200);
}

#[tokio::test]
async fn nobody_is_asked_unless_the_server_is_set_so() {
    let scene = Scene::asking(SecondFactor::None).await;
    let anna = scene.server.person("anna").await;
    anna.browser().await.get("/").await.is(200);
    anna.api().get("/rooms").await.is(200);
    anna.socket().await;
}
