//! Rules of link previews.

use super::{Fixture, later};
use crate::model::{
    Change, LinkPage, LinkPageId, Linked, Mentioned, Message, MessageChange, MessageEdit,
    MessageId, NewLinkPage, PageImage, UploadId,
};

const LINK: &str = "https://example.org/a#b";

fn new_page(title: Option<&str>, image: Option<&str>, second: u64) -> NewLinkPage {
    NewLinkPage {
        url: "https://example.org/a".to_owned(),
        page: title.map(|title| LinkPage {
            title: title.to_owned(),
            description: None,
            site: Some("Example".to_owned()),
            image: image.map(|id| PageImage {
                id: id.to_owned(),
                width: 3,
                height: 2,
            }),
        }),
        expires_at: later(second),
    }
}

async fn page(at: &Fixture, title: Option<&str>, image: Option<&str>, second: u64) -> LinkPageId {
    let added = at.store.add_link_page(new_page(title, image, second)).await;
    added.expect("kept")
}

async fn show(at: &Fixture, message: MessageId, text: &str, links: &[(&str, Option<LinkPageId>)]) {
    let links = links.iter().map(|(url, page)| Linked {
        url: (*url).to_owned(),
        page: *page,
    });
    let shown = at
        .store
        .show_previews(message, text.to_owned(), links.collect());
    shown.await.expect("no failure");
}

async fn read(at: &Fixture, id: MessageId) -> Message {
    let found = at.store.message(id).await.expect("read");
    found.expect("a message")
}

async fn titles(at: &Fixture, id: MessageId) -> Vec<String> {
    let previews = read(at, id).await.previews.into_iter();
    previews.map(|preview| preview.page.title).collect()
}

fn edit(text: &str, links: &[&str]) -> MessageEdit {
    MessageEdit::Text {
        text: text.to_owned(),
        html: text.to_owned(),
        mentioned: Mentioned::default(),
        links: links.iter().map(|link| (*link).to_owned()).collect(),
    }
}

pub(crate) async fn a_page_is_known_until_it_has_run_out(at: Fixture) {
    let url = "https://example.org/a";
    let known = async |second| at.store.link_page(url, later(second)).await.expect("read");
    assert!(known(1).await.is_none());
    let nothing = page(&at, None, None, 5).await;
    let found = known(4).await.expect("known");
    assert_eq!((found.id, found.shows), (nothing, false));
    assert!(known(5).await.is_none(), "it has run out");
    let newer = page(&at, Some("A"), None, 9).await;
    let found = known(4).await.expect("known");
    assert_eq!((found.id, found.shows), (newer, true));
}

pub(crate) async fn previews_are_told_once_and_take_the_next_seq(mut at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", LINK).await.message;
    let (first, second) = (
        page(&at, Some("A"), Some("picture"), 9).await,
        page(&at, Some("B"), None, 9).await,
    );
    at.told();
    show(
        &at,
        said.id,
        LINK,
        &[(LINK, Some(first)), ("https://b.example/", Some(second))],
    )
    .await;
    let [Change::Message(told)] = &at.told()[..] else {
        panic!("one change");
    };
    assert_eq!(told.seq.0, said.seq.0 + 1);
    assert_eq!(told.change, Some(MessageChange::Preview));
    let shown = &told.previews[0];
    assert_eq!((shown.url.as_str(), shown.page.title.as_str()), (LINK, "A"));
    assert_eq!(shown.page.image.as_ref().expect("a picture").width, 3);
    show(
        &at,
        said.id,
        LINK,
        &[(LINK, Some(first)), ("https://b.example/", None)],
    )
    .await;
    assert!(at.told().is_empty(), "what is so already is not told");
    show(&at, said.id, LINK, &[(LINK, Some(second))]).await;
    assert_eq!(titles(&at, said.id).await, ["B"]);
    let empty = page(&at, None, None, 9).await;
    show(&at, said.id, LINK, &[(LINK, Some(empty))]).await;
    assert!(titles(&at, said.id).await.is_empty());
}

pub(crate) async fn a_message_that_changed_meanwhile_gets_no_previews(mut at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", LINK).await.message;
    let known = page(&at, Some("A"), None, 9).await;
    let change = async |edit| {
        let changed =
            at.store
                .change_message(said.id, anna.card.id, edit, later(6), |_, _, _, _| Ok(()));
        changed.await.expect("changed")
    };
    change(edit("else", &[])).await;
    show(&at, said.id, LINK, &[(LINK, Some(known))]).await;
    assert!(titles(&at, said.id).await.is_empty());
    show(&at, said.id, "else", &[(LINK, Some(known))]).await;
    assert_eq!(titles(&at, said.id).await, ["A"]);
    change(MessageEdit::Delete).await;
    at.told();
    show(&at, said.id, "", &[(LINK, Some(known))]).await;
    show(&at, MessageId(999), LINK, &[(LINK, Some(known))]).await;
    assert!(at.told().is_empty());
    assert!(titles(&at, said.id).await.is_empty());
}

pub(crate) async fn an_edit_keeps_previews_of_links_that_stay(at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", LINK).await.message;
    let (a, b) = (
        page(&at, Some("A"), None, 9).await,
        page(&at, Some("B"), None, 9).await,
    );
    show(
        &at,
        said.id,
        LINK,
        &[(LINK, Some(a)), ("https://b.example/", Some(b))],
    )
    .await;
    let changed = at
        .store
        .change_message(
            said.id,
            anna.card.id,
            edit("b", &["https://b.example/"]),
            later(6),
            |_, _, _, _| Ok(()),
        )
        .await
        .expect("changed");
    let shown: Vec<_> = changed
        .previews
        .iter()
        .map(|preview| preview.page.title.as_str())
        .collect();
    assert_eq!(
        (changed.change, shown),
        (Some(MessageChange::Edited), vec!["B"])
    );
}

pub(crate) async fn previews_that_were_taken_away_stay_away(mut at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", LINK).await.message;
    let (a, b) = (
        page(&at, Some("A"), None, 9).await,
        page(&at, Some("B"), None, 9).await,
    );
    show(&at, said.id, LINK, &[(LINK, Some(a))]).await;
    at.told();
    let change = async |edit| {
        let permitted = |_: &_, _: &_, _, _| Ok(());
        let store = &at.store;
        let changed = store.change_message(said.id, anna.card.id, edit, later(6), permitted);
        changed.await.expect("changed")
    };
    let gone = change(MessageEdit::HidePreviews).await;
    assert_eq!(gone.change, Some(MessageChange::Preview));
    assert!(gone.previews.is_empty());
    let again = change(MessageEdit::HidePreviews).await;
    assert_eq!(again.seq, gone.seq, "there is nothing to take away");
    let other = "https://b.example/";
    change(edit("edited", &[LINK, other])).await;
    show(&at, said.id, "edited", &[(LINK, Some(a)), (other, Some(b))]).await;
    assert_eq!(titles(&at, said.id).await, ["B"]);
    let changes = at.told().into_iter().filter_map(|change| match change {
        Change::Message(message) => message.change,
        _ => None,
    });
    assert_eq!(
        changes.collect::<Vec<_>>(),
        [
            MessageChange::Preview,
            MessageChange::Edited,
            MessageChange::Preview
        ]
    );
}

pub(crate) async fn a_page_that_nobody_shows_goes_with_its_picture(at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", LINK).await.message;
    let shown = page(&at, Some("A"), Some("shown"), 5).await;
    page(&at, Some("B"), Some("unused"), 5).await;
    page(&at, Some("C"), Some("fresh"), 50).await;
    show(&at, said.id, LINK, &[(LINK, Some(shown))]).await;
    let sweep = async || at.store.sweep_link_pages(later(9)).await.expect("swept");
    let doomed = async || at.store.doomed(9).await.expect("read");
    let of = |id: &str| UploadId::of(id.to_owned());
    assert_eq!(sweep().await, 1);
    assert_eq!(doomed().await, [of("unused")]);
    let deleted = at.store.change_message(
        said.id,
        anna.card.id,
        MessageEdit::Delete,
        later(6),
        |_, _, _, _| Ok(()),
    );
    deleted.await.expect("deleted");
    assert_eq!(sweep().await, 1);
    assert_eq!(doomed().await, [of("shown"), of("unused")]);
    assert_eq!(sweep().await, 0);
}
