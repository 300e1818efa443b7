//! What asks for all that a login asks for, beside one's own factors: who else runs the site and gets in, and how one's
//! account ends.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, refusal, unauthorized};
use crate::harness::{Answer, Person, field_of};

const PEOPLE: &str = "/admin/people";
const DATA: &str = "/settings/data";
const DELETE: &str = "/settings/data/delete";

/// Longer than a proof counts.
const LATER: Duration = Duration::from_mins(16);

fn no_password() -> (u16, String, String) {
    let text = |text: &str| text.to_owned();
    (401, text("unauthorized"), text("current_password"))
}

impl Scene {
    /// What anna, who runs the site, sees of somebody.
    async fn listed(&self, person: &Person) -> Value {
        let path = format!("/admin/users/{}", person.id);
        self.anna.api().get(&path).await.expect(200)["user"].clone()
    }

    /// Somebody else runs the site, too, so that anna may go.
    async fn is_not_needed(&self) {
        let ben = self.server.person("ben").await;
        let deed = json!({
            "action": "promote", "current_password": self.anna.password, "code": self.code(),
        });
        let call = format!("/admin/users/{}", ben.id);
        self.anna.api().post(&call, &deed).await.is(200);
        self.step();
    }

    async fn delete(&self, code: Option<&str>) -> Answer {
        let mut body = json!({
            "confirm": "anna", "current_password": self.anna.password, "messages": "keep",
        });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        let request = self.anna.api().request(Method::DELETE, "/me");
        Answer::of(request.json(&body)).await
    }
}

#[tokio::test]
async fn how_others_get_in_and_who_runs_the_site_asks_by_call_for_password_and_code() {
    let scene = Scene::set().await;
    let ben = scene.server.person("ben").await;
    let (call, api) = (format!("/admin/users/{}", ben.id), scene.anna.api());
    for action in ["reset_password", "promote", "demote", "remove_factors"] {
        let mut deed = json!({ "action": action, "confirm": "ben" });
        let bare = api.post(&call, &deed).await;
        assert_eq!(refusal(&bare), no_password(), "{action}");
        deed["current_password"] = json!("a guess");
        let guess = api.post(&call, &deed).await;
        assert_eq!(refusal(&guess), no_password(), "{action}");
        deed["current_password"] = json!(scene.anna.password);
        deed["code"] = json!(scene.wrong());
        let wrong = api.post(&call, &deed).await;
        assert_eq!(refusal(&wrong), unauthorized(), "{action}");
        ben.api().get("/admin/users").await.is(403);
    }
    let mut deed = json!({ "action": "promote", "current_password": scene.anna.password });
    deed["code"] = json!(scene.code());
    api.post(&call, &deed).await.is(200);
    ben.api().get("/admin/users").await.is(200);
    for action in ["disable", "enable"] {
        let deed = json!({ "action": action });
        api.post(&call, &deed).await.is(200);
    }
    let mut new = json!({ "name": "cleo", "email": "cleo@example.org", "admin": true });
    assert_eq!(
        refusal(&api.post("/admin/users", &new).await),
        no_password()
    );
    scene.step();
    new["current_password"] = json!(scene.anna.password);
    new["code"] = json!(scene.code());
    let made = api.post("/admin/users", &new).await.expect(201);
    assert_eq!(made["user"]["admin"], true);
    let plain = json!({ "name": "dora", "email": "dora@example.org" });
    api.post("/admin/users", &plain).await.is(201);
    let path = format!("/api/v1{call}");
    let ben = Person::by_password(scene.server.base(), "ben", &ben.password).await;
    let deed = json!({ "action": "demote", "current_password": ben.password });
    ben.api().post(&call, &deed).await.is(200);
    scene.step();
    let browser = scene.browser().await;
    let by_cookie = async || {
        let request = browser.request(Method::POST, &path);
        let request = request.header("origin", scene.server.base());
        Answer::of(request.json(&json!({ "action": "promote" }))).await
    };
    by_cookie().await.is(200);
    scene.clock.advance(LATER);
    assert_eq!(refusal(&by_cookie().await), no_password());
}

#[tokio::test]
async fn the_pages_for_that_ask_whose_proof_is_old_and_lead_back() {
    let scene = Scene::set().await;
    let ben = scene.server.person("ben").await;
    let browser = scene.browser().await;
    let page = format!("{PEOPLE}/{}", ben.id);
    let act = async |action: &str| {
        let fields = [("action", action), ("confirm", "ben")];
        browser.submit(&page, &page, &fields).await
    };
    act("promote")
        .await
        .leads_to(&format!("{page}?done=promote"));
    scene.clock.advance(LATER);
    let confirm = format!("/settings/confirm?next={page}");
    for action in ["demote", "reset_password", "promote", "remove_factors"] {
        act(action).await.leads_to(&confirm);
    }
    assert_eq!(scene.listed(&ben).await["admin"], true);
    ben.api().get("/me").await.is(200);
    let new = [
        ("name", "cleo"),
        ("email", "cleo@example.org"),
        ("admin", "1"),
    ];
    let made = browser.submit(PEOPLE, PEOPLE, &new).await;
    made.leads_to(&format!("/settings/confirm?next={PEOPLE}"));
    let made = browser.submit(PEOPLE, PEOPLE, &new[..2]).await;
    assert!(made.header("location").starts_with(PEOPLE), "{made:?}");
    act("disable")
        .await
        .leads_to(&format!("{page}?done=disable"));
    act("enable").await.leads_to(&format!("{page}?done=enable"));

    let show = async |code: &str| {
        let password = scene.anna.password.as_str();
        let fields = [
            ("next", page.as_str()),
            ("current_password", password),
            ("code", code),
        ];
        browser.submit(&confirm, "/settings/confirm", &fields).await
    };
    show("").await.is(422);
    act("demote").await.leads_to(&confirm);
    let code = scene.code();
    show(&code).await.leads_to(&page);
    act("demote").await.leads_to(&format!("{page}?done=demote"));
    act("reset_password")
        .await
        .leads_to(&format!("{page}?done=reset_password"));
    let shown = browser.get(&page).await;
    assert!(field_of(shown.text(), "new-password").is_some());
}

#[tokio::test]
async fn deleting_ones_account_takes_the_code_too() {
    let scene = Scene::set().await;
    scene.is_not_needed().await;
    let browser = scene.browser().await;
    let missing = scene.delete(None).await;
    let expected = (422, "invalid".to_owned(), "code".to_owned());
    assert_eq!(refusal(&missing), expected);
    let wrong = scene.wrong();
    assert_eq!(refusal(&scene.delete(Some(&wrong)).await), unauthorized());

    scene.clock.advance(LATER);
    let password = scene.anna.password.as_str();
    let fields = [
        ("messages", "keep"),
        ("confirm", "anna"),
        ("current_password", password),
    ];
    let sent = browser.submit(DATA, DELETE, &fields).await;
    let confirm = format!("/settings/confirm?next={DATA}");
    sent.leads_to(&confirm);
    scene.anna.api().get("/me").await.is(200);
    let code = scene.code();
    let shown = [
        ("next", DATA),
        ("current_password", password),
        ("code", &code),
    ];
    let shown = browser.submit(&confirm, "/settings/confirm", &shown).await;
    shown.leads_to(DATA);
    let sent = browser.submit(DATA, DELETE, &fields).await;
    sent.leads_to("/login?done=deleted");
    scene.anna.api().get("/me").await.is(401);
}

#[tokio::test]
async fn a_script_deletes_its_account_with_password_and_code() {
    let scene = Scene::set().await;
    scene.is_not_needed().await;
    let code = scene.code();
    scene.delete(Some(&code)).await.is(204);
    scene.anna.api().get("/me").await.is(401);
}
