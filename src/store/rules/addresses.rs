//! Rules of addresses that wait to be confirmed.

use super::{Fixture, Result, later, refusal};
use crate::model::{Account, Email, UserId};

fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

async fn begin(at: &Fixture, user: UserId, text: &str, links: &[u8], second: u64) -> Result<()> {
    let links = links.iter().map(|link| [*link; 32]).collect();
    let (now, ends) = (later(second), later(second + 30));
    at.store
        .begin_address(user, email(text), links, now, ends)
        .await
}

async fn confirm(at: &Fixture, link: u8, second: u64) -> Result<Option<Account>> {
    let confirmed = at.store.confirm_address([link; 32], later(second)).await;
    confirmed.map(|(_, after)| after)
}

pub(crate) async fn an_address_holds_once_each_of_its_links_was_used(at: Fixture) {
    let anna = at.person("anna").await;
    let id = anna.card.id;
    let is = async || {
        at.store
            .account(id)
            .await
            .expect("read")
            .expect("anna")
            .email
    };
    begin(&at, id, "first@example.org", &[1, 2], 0)
        .await
        .expect("begun");
    let found = at
        .store
        .new_address([1; 32], later(29))
        .await
        .expect("read");
    assert_eq!(found, Some((anna.clone(), "first@example.org".to_owned())));
    let over = r#"NotFound("link")"#;
    assert_eq!(refusal(confirm(&at, 1, 30).await), over, "it has run out");
    begin(&at, id, "New@example.org", &[3, 4], 1)
        .await
        .expect("begun");
    assert_eq!(
        refusal(confirm(&at, 1, 2).await),
        over,
        "another took its place"
    );
    assert_eq!(confirm(&at, 3, 2).await.expect("confirmed"), None);
    assert_eq!(is().await, anna.email);
    assert_eq!(refusal(confirm(&at, 3, 2).await), over, "once");
    let after = confirm(&at, 4, 2)
        .await
        .expect("confirmed")
        .expect("the last");
    assert_eq!(after.email.as_str(), "New@example.org");
    let found = at.store.credentials("new@EXAMPLE.org").await.expect("read");
    assert_eq!(found.expect("anna").account, after);
}

pub(crate) async fn an_address_that_somebody_has_is_not_taken(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let taken = r#"Taken("email")"#;
    let his = ben.email.as_str().to_uppercase();
    assert_eq!(
        refusal(begin(&at, anna.card.id, &his, &[1], 0).await),
        taken
    );
    begin(&at, anna.card.id, "new@example.org", &[1], 0)
        .await
        .expect("begun");
    begin(&at, ben.card.id, "new@example.org", &[2], 0)
        .await
        .expect("begun");
    confirm(&at, 1, 1)
        .await
        .expect("confirmed")
        .expect("changed");
    assert_eq!(
        refusal(confirm(&at, 2, 1).await),
        taken,
        "who is first has it"
    );
    let found = at.store.account(ben.card.id).await.expect("read");
    assert_eq!(found.expect("ben").email, ben.email);
}
