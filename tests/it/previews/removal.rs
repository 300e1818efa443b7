//! Previews that the author of a message, or who keeps order, takes away.

use serde_json::json;

use super::{
    previewed, server,
    site::{Site, html},
};

/// How often a page offers to remove previews, but for the template of messages to come.
fn offered(page: impl AsRef<str>) -> usize {
    let page = page.as_ref();
    let shown = page.split("<template id=\"message-template\"").next();
    shown.unwrap().matches("remove-previews").count()
}

#[tokio::test]
async fn previews_go_by_event_by_call_and_by_form_and_only_for_who_may() {
    let site = Site::open([("/cake", html("<title>Cake</title>"))]).await;
    let server = server().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let carla = server.person("carla").await;
    let room = owner.api().open_room("Kitchen").await;
    for person in [&ben, &carla] {
        person.api().join(&room).await;
    }
    let mut hears = carla.listening(&room).await;
    let link = format!("{}/cake", site.base);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let said = ben.api().say(&room, &format!("look {link}")).await;
        assert_eq!(previewed(&mut hears).await["previews"][0]["title"], "Cake");
        ids.push(said["message"]["id"].clone());
    }
    let mut event = ben.socket().await;
    let gone = event
        .done("remove_previews", &json!({ "id": ids[0] }))
        .await;
    assert!(gone["message"].get("previews").is_none());
    assert_eq!(
        gone["message"]["text"],
        format!("look {link}"),
        "the link stays"
    );
    let path = format!("/messages/{}/previews", ids[1]);
    let gone = owner.api().delete(&path).await.expect(200);
    assert!(gone["message"].get("previews").is_none(), "a moderator may");
    let browser = ben.browser().await;
    let (home, form) = (
        format!("/room/{room}"),
        format!("/room/{room}/m/{}/remove-previews", ids[2]),
    );
    let others = carla.browser().await;
    let menu = |id: usize| format!("{home}/m/{}?menu=open", ids[id]);
    assert_eq!(offered(others.get(&menu(2)).await.text()), 0);
    others.submit(&home, &form, &[]).await.is(403);
    for (id, count) in [(1, 0), (2, 1)] {
        let page = browser.get(&menu(id)).await;
        let found = offered(page.text());
        assert_eq!(found, count, "offered only where there is one");
    }
    browser
        .submit(&home, &form, &[])
        .await
        .leads_to(&format!("{home}/m/{0}#m{0}", ids[2]));
    for id in &ids {
        let told = previewed(&mut hears).await;
        assert_eq!((&told["id"], told.get("previews")), (id, None));
    }
    owner.api().delete(&path).await.is(200);
    hears.expect_none("message_updated").await;
}

#[tokio::test]
async fn an_edit_does_not_bring_them_back_and_shows_what_is_new_in_it() {
    let site = Site::open([
        ("/cake", html("<title>Cake</title>")),
        ("/tea", html("<title>Tea</title>")),
    ])
    .await;
    let server = server().await;
    let ben = server.person("ben").await;
    let mut hears = ben.listening("lobby").await;
    let link = format!("{}/cake", site.base);
    let said = ben.api().say("lobby", &link).await;
    let path = format!("/messages/{}", said["message"]["id"]);
    previewed(&mut hears).await;
    ben.api().delete(&format!("{path}/previews")).await.is(200);
    previewed(&mut hears).await;
    let text = format!("look again {link} {}/tea", site.base);
    let edited = json!({ "data": text });
    ben.api().patch(&path, &edited).await.is(200);
    assert_eq!(hears.next("message_updated").await["change"], "edited");
    let told = previewed(&mut hears).await;
    assert_eq!(told["previews"].as_array().unwrap().len(), 1);
    assert_eq!(told["previews"][0]["title"], "Tea");
}
