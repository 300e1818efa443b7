//! Rules of who is to be told of what.

use super::{
    Fixture,
    changes::{change, everybody, mentioning},
    devices::device,
    later, new_message, room_code,
};
use crate::{
    model::{
        Account, Concerned, Mentioned, MessageEdit, MessageId, MissedBy, MissedEnd, Notice, Notify,
        PreferencesChange, Push, PushOutcome, RoomId, Seen, UserId,
    },
    store::NewDirect,
};

/// Whom what was said after this message concerns.
async fn concerned(at: &Fixture, after: MessageId, mail: bool) -> Vec<Concerned> {
    let gathered = at.store.gather(after, later(0), later(9), mail).await;
    gathered.expect("gathered").concerned
}

async fn says(at: &Fixture, author: &Account, room: &str, mentioned: Mentioned) -> MessageId {
    let mut new = new_message(author, room, "hello");
    new.mentioned = mentioned;
    at.append(new).await.expect("said").message.id
}

fn meaning(person: &Account) -> Mentioned {
    Mentioned {
        people: vec![person.card.id],
        room: false,
    }
}

async fn level(at: &Fixture, person: &Account, room: &str, level: Notify) {
    let change = PreferencesChange {
        notify: Some(level),
        ..PreferencesChange::default()
    };
    let room = room_code(room);
    let changed = at.store.set_preferences(&room, person.card.id, change);
    changed.await.expect("changed");
}

async fn lobby(at: &Fixture, person: &Account) -> RoomId {
    let standing = at.store.standing(&room_code("lobby"), person.card.id).await;
    standing.expect("read").expect("a room").room.id
}

fn seen(upto: MessageId) -> Seen {
    Seen {
        upto,
        later: Vec::new(),
    }
}

/// Has this message pushed to somebody in the lobby.
async fn pushed(at: &Fixture, person: &Account, message: MessageId) {
    let notice = Notice {
        user_id: person.card.id,
        room: lobby(at, person).await,
        push: Some(message),
        missed: None,
    };
    let noted = at
        .store
        .note(vec![notice], seen(message), later(9), later(60));
    noted.await.expect("noted");
}

async fn due(at: &Fixture, second: u64) -> Vec<Push> {
    at.store.due_pushes(later(second), 9).await.expect("read")
}

async fn ended(at: &Fixture, push: &Push, outcome: PushOutcome) {
    let ended = at
        .store
        .end_push(push.place, push.message, push.cleared, outcome);
    ended.await.expect("noted");
}

fn people(concerned: &[Concerned]) -> Vec<UserId> {
    concerned.iter().map(|one| one.user_id).collect()
}

pub(crate) async fn what_is_said_concerns_who_is_meant(at: Fixture) {
    let (anna, ben, carla) = (
        at.person("anna").await,
        at.person("ben").await,
        at.person("carla").await,
    );
    let start = at.store.noticed().await.expect("read");
    let plain = says(&at, &anna, "lobby", Mentioned::default()).await;
    assert!(concerned(&at, start, true).await.is_empty());
    let first = says(&at, &anna, "lobby", meaning(&ben)).await;
    assert!(concerned(&at, plain, false).await.is_empty(), "no device");
    let [one] = concerned(&at, plain, true).await.try_into().expect("ben");
    assert_eq!(
        (one.user_id, one.missed, one.device),
        (ben.card.id, Some((first, first)), false)
    );
    device(&at, &ben, 1).await;
    let [one] = concerned(&at, plain, false).await.try_into().expect("ben");
    assert_eq!((one.missed, one.device), (None, true));
    let last = says(&at, &anna, "lobby", meaning(&ben)).await;
    let [one] = concerned(&at, plain, true).await.try_into().expect("ben");
    assert_eq!((one.message, one.missed), (last, Some((first, last))));
    let everybody = Mentioned {
        people: Vec::new(),
        room: true,
    };
    says(&at, &anna, "lobby", everybody).await;
    assert_eq!(
        people(&concerned(&at, last, true).await),
        [ben.card.id, carla.card.id]
    );
    let direct = NewDirect {
        code: room_code("alone"),
        by: anna.card.id,
        people: vec![anna.card.id, carla.card.id],
        now: later(2),
    };
    at.store.direct(direct).await.expect("opened");
    let id = says(&at, &anna, "alone", Mentioned::default()).await;
    let after = MessageId(id.0 - 1);
    let [one] = concerned(&at, after, true).await.try_into().expect("carla");
    assert_eq!((one.user_id, one.missed), (carla.card.id, Some((id, id))));
}

pub(crate) async fn a_mention_that_an_edit_adds_concerns_who_is_new_in_it(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let carla = at.person("carla").await;
    let id = says(&at, &anna, "lobby", meaning(&ben)).await;
    let gathered = async || {
        let gathered = at.store.gather(id, later(0), later(9), true).await;
        gathered.expect("gathered")
    };
    let changed = change(&at, id, &anna, mentioning("both", &[&ben, &carla])).await;
    changed.expect("edited");
    let one = gathered().await;
    assert_eq!(people(&one.concerned), [carla.card.id]);
    assert_eq!(one.concerned[0].missed, Some((id, id)));
    let noted = at.store.note(Vec::new(), one.seen, later(9), later(60));
    noted.await.expect("noted");
    assert!(people(&gathered().await.concerned).is_empty(), "once");
    let changed = change(&at, id, &anna, everybody("all of you")).await;
    changed.expect("edited");
    let all = gathered().await;
    assert_eq!(people(&all.concerned), [ben.card.id, carla.card.id]);
    let lobby = room_code("lobby");
    let read = at.store.mark_read(&lobby, ben.card.id, id);
    read.await.expect("read");
    assert_eq!(people(&gathered().await.concerned), [carla.card.id]);
    let deleted = change(&at, id, &anna, MessageEdit::Delete).await;
    deleted.expect("deleted");
    assert!(gathered().await.concerned.is_empty());
}

pub(crate) async fn a_room_is_told_as_its_members_want_it(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    device(&at, &ben, 1).await;
    let start = at.store.noticed().await.expect("read");
    let said = says(&at, &anna, "lobby", Mentioned::default()).await;
    for (wanted, told) in [
        (Notify::All, true),
        (Notify::Mentions, false),
        (Notify::None, false),
    ] {
        level(&at, &ben, "lobby", wanted).await;
        assert_eq!(
            !concerned(&at, start, true).await.is_empty(),
            told,
            "{wanted:?}"
        );
    }
    says(&at, &anna, "lobby", meaning(&ben)).await;
    for (wanted, told) in [
        (Notify::All, true),
        (Notify::Mentions, true),
        (Notify::None, false),
    ] {
        level(&at, &ben, "lobby", wanted).await;
        assert_eq!(
            !concerned(&at, said, true).await.is_empty(),
            told,
            "{wanted:?}"
        );
    }
    let muted = PreferencesChange {
        notify: Some(Notify::All),
        muted_until: Some(Some(later(20))),
        ..PreferencesChange::default()
    };
    let changed = at
        .store
        .set_preferences(&room_code("lobby"), ben.card.id, muted)
        .await;
    changed.expect("changed");
    assert!(concerned(&at, said, true).await.is_empty());
}

pub(crate) async fn what_is_read_or_old_concerns_nobody(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let start = at.store.noticed().await.expect("read");
    let id = says(&at, &anna, "lobby", meaning(&ben)).await;
    let old = at.store.gather(start, later(4), later(9), true).await;
    let old = old.expect("gathered");
    assert_eq!(
        (old.concerned.len(), old.seen.upto, old.more),
        (0, id, false)
    );
    let read = at
        .store
        .mark_read(&room_code("lobby"), ben.card.id, id)
        .await;
    read.expect("read");
    assert!(concerned(&at, start, true).await.is_empty());
}

pub(crate) async fn of_a_room_the_newest_is_pushed(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let (one, two) = (device(&at, &ben, 1).await, device(&at, &ben, 2).await);
    let mut newest = MessageId(0);
    for _ in 0..2 {
        newest = says(&at, &anna, "lobby", meaning(&ben)).await;
        pushed(&at, &ben, newest).await;
    }
    assert_eq!(at.store.noticed().await.expect("read"), newest);
    let due_now = due(&at, 9).await;
    let told: Vec<_> = due_now
        .iter()
        .map(|push| (push.place.subscription, push.message))
        .collect();
    assert_eq!(told, [(one.id, newest), (two.id, newest)]);
    for push in &due_now {
        ended(&at, push, PushOutcome::Taken).await;
    }
    assert!(due(&at, 9).await.is_empty());
    assert!(due(&at, 100).await.is_empty(), "sessions have run out");
}

pub(crate) async fn a_room_that_was_read_is_cleared(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    device(&at, &ben, 1).await;
    let read = async |id| {
        let read = at
            .store
            .mark_read(&room_code("lobby"), ben.card.id, id)
            .await;
        read.expect("read");
    };
    let first = says(&at, &anna, "lobby", meaning(&ben)).await;
    pushed(&at, &ben, first).await;
    let [push] = due(&at, 9).await.try_into().expect("a push");
    ended(&at, &push, PushOutcome::Taken).await;
    read(first).await;
    let [push] = due(&at, 9).await.try_into().expect("a push");
    assert_eq!((push.cleared, push.shown), (true, true));
    ended(&at, &push, PushOutcome::Taken).await;
    assert!(due(&at, 9).await.is_empty());
    let second = says(&at, &anna, "lobby", meaning(&ben)).await;
    pushed(&at, &ben, second).await;
    let [push] = due(&at, 9).await.try_into().expect("a push");
    read(second).await;
    ended(&at, &push, PushOutcome::Taken).await;
    let [push] = due(&at, 9)
        .await
        .try_into()
        .expect("it was read while it went out");
    assert_eq!((push.cleared, push.shown), (true, true));
    pushed(&at, &ben, second).await;
    let [push] = due(&at, 9).await.try_into().expect("a push");
    assert!(push.cleared, "who has read on is not told again");
}

pub(crate) async fn a_push_that_fails_waits_and_one_that_is_gone_ends(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    device(&at, &ben, 1).await;
    let id = says(&at, &anna, "lobby", meaning(&ben)).await;
    pushed(&at, &ben, id).await;
    let later_on = |give_up| PushOutcome::Later {
        retry_at: later(20),
        give_up,
    };
    let [push] = due(&at, 9).await.try_into().expect("a push");
    ended(&at, &push, later_on(false)).await;
    assert!(due(&at, 19).await.is_empty());
    let next = at.store.next_push(later(9)).await.expect("read");
    assert_eq!(next, Some(later(20)));
    let [again] = due(&at, 20).await.try_into().expect("a push");
    assert_eq!((again.attempts, again.failures), (1, 1));
    ended(&at, &again, later_on(true)).await;
    assert!(due(&at, 99).await.is_empty(), "it was given up");
    pushed(&at, &ben, id).await;
    let [push] = due(&at, 20).await.try_into().expect("a push");
    ended(&at, &push, PushOutcome::Gone).await;
    assert!(due(&at, 99).await.is_empty());
    pushed(&at, &ben, id).await;
    assert!(due(&at, 99).await.is_empty());
    ended(&at, &push, PushOutcome::Taken).await;
}

/// Notes that somebody missed these messages in the lobby, to be mailed after 60 seconds.
async fn missed(at: &Fixture, person: &Account, (first, last): (MessageId, MessageId)) {
    let notice = Notice {
        user_id: person.card.id,
        room: lobby(at, person).await,
        push: None,
        missed: Some((first, last)),
    };
    let noted = at.store.note(vec![notice], seen(last), later(9), later(60));
    noted.await.expect("noted");
}

async fn to_mail(at: &Fixture, second: u64) -> Vec<MissedBy> {
    at.store.due_missed(later(second), 9).await.expect("read")
}

fn texts(missed: &MissedBy) -> Vec<MessageId> {
    let messages = missed.rooms.iter().flat_map(|one| &one.messages);
    messages.map(|message| message.id).collect()
}

pub(crate) async fn what_was_missed_is_due_once_unless_it_was_read(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let first = says(&at, &anna, "lobby", meaning(&ben)).await;
    says(&at, &anna, "lobby", Mentioned::default()).await;
    let second = says(&at, &anna, "lobby", meaning(&ben)).await;
    missed(&at, &ben, (first, first)).await;
    missed(&at, &ben, (second, second)).await;
    assert!(to_mail(&at, 59).await.is_empty());
    let next = at.store.next_missed().await.expect("read");
    assert_eq!(next, Some(later(60)));
    let [one] = to_mail(&at, 60).await.try_into().expect("ben");
    assert_eq!((texts(&one), one.mail), (vec![first, second], true));
    let third = says(&at, &anna, "lobby", meaning(&ben)).await;
    missed(&at, &ben, (third, third)).await;
    let done = MissedEnd::Done {
        next_at: later(120),
    };
    at.store.end_missed(&one, done).await.expect("noted");
    assert!(to_mail(&at, 119).await.is_empty());
    let [one] = to_mail(&at, 120).await.try_into().expect("ben");
    assert_eq!(texts(&one), [third]);
    let room = room_code("lobby");
    let read = at.store.mark_read(&room, ben.card.id, third).await;
    read.expect("read");
    let [one] = to_mail(&at, 120).await.try_into().expect("ben");
    assert!(texts(&one).is_empty());
    at.store.end_missed(&one, done).await.expect("noted");
    assert_eq!(at.store.next_missed().await.expect("read"), None);
}

pub(crate) async fn what_was_not_mailed_is_due_again(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let id = says(&at, &anna, "lobby", meaning(&ben)).await;
    missed(&at, &ben, (id, id)).await;
    let [one] = to_mail(&at, 60).await.try_into().expect("ben");
    let again = MissedEnd::Later {
        retry_at: later(90),
    };
    at.store.end_missed(&one, again).await.expect("noted");
    assert!(to_mail(&at, 89).await.is_empty());
    let [one] = to_mail(&at, 90).await.try_into().expect("ben");
    assert_eq!((one.attempts, texts(&one)), (1, vec![id]));
    at.store.end_mail(ben.card.id).await.expect("ended");
    assert!(to_mail(&at, 999).await.is_empty());
}
