//! Rules of outgoing webhooks and of their queue.

use super::{Fixture, allow, deny, later, refusal, room_code};
use crate::{
    model::{
        Account, Delivery, MessageChange, MessageEdit, NewOutgoingHook, Outcome, OutgoingHook,
    },
    store::Result,
};

fn new_hook(by: &Account, room: &str) -> NewOutgoingHook {
    NewOutgoingHook {
        room: room_code(room),
        url: "https://example.org/hook".to_owned(),
        secret: [7; 32],
        by: by.card.id,
        created_at: later(5),
        permit: allow,
    }
}

async fn made(at: &Fixture, by: &Account, room: &str) -> OutgoingHook {
    let made = at.store.add_outgoing_hook(new_hook(by, room)).await;
    made.expect("made")
}

async fn due(at: &Fixture, second: u64) -> Vec<Delivery> {
    at.store
        .due_deliveries(later(second), 99)
        .await
        .expect("read")
}

async fn ended(at: &Fixture, id: i64, outcome: Outcome, second: u64) {
    at.store
        .end_delivery(id, outcome, later(second))
        .await
        .expect("noted");
}

/// A failure that is tried again at `second`, and disables what has been failing since before `before`.
fn failed(second: u64, before: u64) -> Outcome {
    Outcome::Failed {
        retry_at: Some(later(second)),
        disable_before: later(before),
    }
}

async fn listed(at: &Fixture, by: &Account, room: &str) -> OutgoingHook {
    let standing = at.store.standing(&room_code(room), by.card.id).await;
    let room = standing.expect("read").expect("a room").room;
    let hooks = at.store.outgoing_hooks(room.id).await.expect("read");
    hooks.into_iter().next().expect("a webhook")
}

pub(crate) async fn what_happens_in_a_room_is_queued_for_its_webhooks(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    at.say(&anna, "tea", "before").await;
    let hook = made(&at, &anna, "tea").await;
    assert!(due(&at, 9).await.is_empty());
    at.say(&anna, "lobby", "elsewhere").await;
    let said = at.say(&anna, "tea", "one").await.message;
    let edit = MessageEdit::Pin { on: true };
    at.store
        .change_message(said.id, anna.card.id, edit, later(6), |_, _, _, _| Ok(()))
        .await
        .expect("pinned");
    let [first] = due(&at, 9).await.try_into().expect("the oldest");
    assert_eq!(
        (first.hook, first.change, first.attempts),
        (hook.id, None, 0)
    );
    assert_eq!(
        (first.message.id, first.message.pinned, first.secret),
        (said.id, true, [7; 32])
    );
    ended(&at, first.id, Outcome::Delivered, 9).await;
    let [second] = due(&at, 9).await.try_into().expect("the next");
    assert_eq!(
        (second.message.id, second.change),
        (said.id, Some(MessageChange::Pinned))
    );
    ended(&at, second.id, Outcome::Delivered, 9).await;
    assert!(due(&at, 9).await.is_empty());
    assert_eq!(at.store.next_delivery().await.expect("read"), None);
}

pub(crate) async fn a_failed_delivery_is_due_again_later(at: Fixture) {
    let anna = at.person("anna").await;
    made(&at, &anna, "lobby").await;
    at.say(&anna, "lobby", "one").await;
    at.say(&anna, "lobby", "two").await;
    let [first] = due(&at, 9).await.try_into().expect("the oldest");
    ended(&at, first.id, failed(20, 0), 9).await;
    let [second] = due(&at, 9).await.try_into().expect("the next goes on");
    assert_eq!(second.message.text, "two");
    assert_eq!(
        listed(&at, &anna, "lobby").await.failing_since,
        Some(later(9))
    );
    ended(&at, second.id, Outcome::Delivered, 10).await;
    assert_eq!(listed(&at, &anna, "lobby").await.failing_since, None);
    assert!(due(&at, 19).await.is_empty());
    assert_eq!(
        at.store.next_delivery().await.expect("read"),
        Some(later(20))
    );
    let [again] = due(&at, 20).await.try_into().expect("it is due");
    assert_eq!((again.id, again.attempts), (first.id, 1));
    let given_up = Outcome::Failed {
        retry_at: None,
        disable_before: later(0),
    };
    ended(&at, again.id, given_up, 20).await;
    assert!(due(&at, 99).await.is_empty());
}

pub(crate) async fn a_webhook_that_goes_on_failing_or_is_gone_is_disabled(at: Fixture) {
    let anna = at.person("anna").await;
    for (room, outcomes) in [
        ("tea", vec![(failed(12, 0), 10), (failed(99, 11), 12)]),
        ("milk", vec![(Outcome::Gone, 10)]),
    ] {
        at.room(room, &anna).await;
        made(&at, &anna, room).await;
        at.say(&anna, room, "one").await;
        for (outcome, second) in outcomes {
            assert!(!listed(&at, &anna, room).await.disabled);
            let [delivery] = due(&at, second).await.try_into().expect("due");
            ended(&at, delivery.id, outcome, second).await;
        }
        assert!(listed(&at, &anna, room).await.disabled, "{room}");
        at.say(&anna, room, "two").await;
        assert!(due(&at, 999).await.is_empty(), "{room}");
        assert_eq!(at.store.next_delivery().await.expect("read"), None);
    }
}

pub(crate) async fn an_outgoing_hook_asks_for_permission_and_goes_with_its_queue(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let denied = NewOutgoingHook {
        permit: deny,
        ..new_hook(&anna, "tea")
    };
    let refused = at.store.add_outgoing_hook(denied).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let hook = made(&at, &anna, "tea").await;
    at.say(&anna, "tea", "one").await;
    let remove = async |room: &str, permit| -> Result<()> {
        let (room, now) = (room_code(room), later(6));
        at.store
            .remove_outgoing_hook(&room, hook.id, anna.card.id, now, permit)
            .await
    };
    assert_eq!(refusal(remove("tea", deny).await), "Denied(Forbidden)");
    assert_eq!(
        refusal(remove("lobby", allow).await),
        r#"NotFound("webhook")"#
    );
    let [delivery] = due(&at, 9).await.try_into().expect("due");
    remove("tea", allow).await.expect("removed");
    assert!(due(&at, 9).await.is_empty());
    ended(&at, delivery.id, Outcome::Delivered, 9).await;
}
