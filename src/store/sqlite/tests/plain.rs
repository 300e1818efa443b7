//! Plain messages, which have no savepoint of their own.

use super::{alone, anna, fixture, hold, say};
use crate::store::{
    Messages, Page, StoreError,
    rules::refusal,
    sqlite::{execute, queued::Savepoint},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_message_is_told_as_it_is_kept() {
    let site = fixture().await;
    let anna = site.person("anna").await;
    let told = site.say(&anna, "lobby", "hello").await.message;
    let kept = site
        .store
        .message(told.id)
        .await
        .expect("read")
        .expect("kept");
    assert_eq!(*told, kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_message_that_is_written_in_part_takes_its_transaction_with_it() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    let held = hold(&store);
    let one = say(&store, &anna, "one").await;
    let half = store.writer.queue(Savepoint::None, |transaction| {
        execute(
            transaction.connection,
            "UPDATE rooms SET last_seq = last_seq + 7",
            [],
        )?;
        Err::<(), _>(StoreError::NotFound("anything"))
    });
    drop(held);
    let lost = "Failed: the transaction was not committed";
    assert!(refusal(one.await).starts_with(lost));
    assert!(refusal(half.expect("queued").await).starts_with(lost));
    let refused = store.writer.queue(Savepoint::None, |_| {
        Err::<(), _>(StoreError::NotFound("anything"))
    });
    let two = say(&store, &anna, "two").await;
    assert_eq!(
        refusal(refused.expect("queued").await),
        r#"NotFound("anything")"#
    );
    let two = two.await.expect("stored").message;
    assert_eq!(two.seq.0, 1, "nothing is left of what was lost");
    let history = store.history(two.room_id, Page::Newest, 9).await;
    assert_eq!(history.expect("read").messages.len(), 1);
}
