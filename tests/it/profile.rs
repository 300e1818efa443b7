//! One's own account on its page.

use serde_json::json;

use crate::harness::TestServer;

#[tokio::test]
async fn the_page_shows_what_is_kept_and_saves_each_section_alone() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let page = browser.get("/profile").await;
    assert_eq!(
        crate::harness::field(page.text(), "name").as_deref(),
        Some("anna")
    );
    assert_eq!(
        crate::harness::field(page.text(), "email").as_deref(),
        Some("anna@example.org")
    );
    let fields = [("section", "name"), ("name", "Anneli")];
    browser
        .submit("/profile", "/profile", &fields)
        .await
        .leads_to("/profile?saved=name");
    assert!(
        browser
            .get("/profile?saved=name")
            .await
            .text()
            .contains("Your name is saved.")
    );
    let fields = [
        ("section", "email"),
        ("email", "a@b.de"),
        ("current_password", anna.password.as_str()),
    ];
    browser
        .submit("/profile", "/profile", &fields)
        .await
        .leads_to("/profile?saved=email");
    let me = anna.api().get("/me").await.expect(200);
    assert_eq!(
        (&me["user"]["name"], &me["user"]["email"]),
        (&json!("Anneli"), &json!("a@b.de"))
    );
}

#[tokio::test]
async fn old_messages_show_the_new_name() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    anna.api().say("lobby", "under the old name").await;
    anna.api()
        .patch("/me", &json!({ "name": "Anneli" }))
        .await
        .is(200);
    let history = anna.api().get("/rooms/lobby/messages").await.expect(200);
    assert_eq!(history["messages"][0]["name"], "Anneli");
}

#[tokio::test]
async fn a_person_may_write_the_same_name_in_other_letters() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    anna.api()
        .patch("/me", &json!({ "name": "ANNA" }))
        .await
        .is(200);
    anna.api()
        .patch(
            "/me",
            &json!({ "email": "ANNA@example.org", "current_password": anna.password }),
        )
        .await
        .is(200);
    let me = anna.api().get("/me").await.expect(200);
    assert_eq!(
        (&me["user"]["name"], &me["user"]["email"]),
        (&json!("ANNA"), &json!("ANNA@example.org"))
    );
}

#[tokio::test]
async fn a_message_in_mid_change_keeps_its_room_and_order() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut reader = anna.listening("lobby").await;
    for number in 0..20 {
        let name = json!({ "name": format!("anna{number}") });
        let patched = anna.api().patch("/me", &name).await;
        patched.is(200);
        anna.api().say("lobby", &number.to_string()).await;
        let message = reader.next("message").await;
        assert_eq!(
            (&message["name"], &message["text"]),
            (&name["name"], &json!(number.to_string()))
        );
        assert_eq!(reader.next("profile_updated").await["name"], name["name"]);
    }
}
