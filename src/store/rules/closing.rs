//! Rules of deleting accounts.

use super::{
    Fixture, allow, later, new_account, new_message, new_session, new_token, refusal, room_code,
};
use crate::{
    model::{
        Account, Change, Deed, Emoji, LeaveReason, MessageChange, MessageEdit, NewBot, Operator,
        Revocation, Role, SaidBefore, Seq, UserCard, UserName,
    },
    store::{NewDirect, Page},
};

fn own(account: &Account) -> Operator {
    Operator {
        user: Some(account.card.id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    }
}

async fn close(at: &Fixture, account: &Account, said: SaidBefore) {
    let closed = at.store.close_account(own(account), account.card.id, said);
    closed.await.expect("closed");
}

/// Removes all that is left; says in how many rounds.
async fn swept(at: &Fixture) -> usize {
    let mut rounds = 0;
    while at.store.sweep_closed().await.expect("swept") {
        rounds += 1;
        assert!(rounds < 100, "it comes to an end");
    }
    rounds
}

pub(crate) async fn a_deleted_account_is_gone_at_once_and_its_name_is_free(mut at: Fixture) {
    at.person("olga").await;
    let anna = at.person("anna").await;
    let id = anna.card.id;
    let opened = at.store.open_session(new_session(1, id)).await;
    opened.expect("opened");
    at.store.add_token(new_token(2, id)).await.expect("kept");
    at.told();
    close(&at, &anna, SaidBefore::Keep).await;
    let told = at.told();
    let everything = Revocation::Everything {
        user_id: id,
        except: None,
    };
    let closed = UserCard::closed(id);
    assert!(
        matches!(&told[..], [Change::Revoked(ended), Change::Profile(card)] if *ended == everything && *card == closed),
        "{told:?}"
    );
    let session = at.store.session([1; 32], later(9)).await.expect("read");
    let token = at.store.token([2; 32], later(9)).await.expect("read");
    assert!(session.is_none() && token.is_none());
    assert!(at.store.account(id).await.expect("read").is_none());
    for login in ["anna", "anna@example.org"] {
        let found = at.store.credentials(login).await.expect("read");
        assert!(found.is_none(), "{login}");
    }
    let said = at.append(new_message(&anna, "lobby", "still me")).await;
    assert_eq!(refusal(said), r#"NotFound("account")"#);
    let again = at.store.close_account(own(&anna), id, SaidBefore::Keep);
    assert_eq!(refusal(again.await), r#"NotFound("account")"#);
    let another = at.person("anna").await;
    assert_ne!(another.card.id, id);
    let first = at.say(&another, "lobby", "hello").await.message;
    assert_eq!(first.seq, Seq(1), "what was refused has left no trace");
}

pub(crate) async fn the_log_of_a_deleted_account_names_nobody(at: Fixture) {
    let olga = at.person("olga").await;
    let anna = at.person("anna").await;
    let ben = at.person("ben").await;
    close(&at, &anna, SaidBefore::Keep).await;
    let by_olga = at
        .store
        .close_account(own(&olga), ben.card.id, SaidBefore::Keep);
    by_olga.await.expect("closed");
    let log = at.store.site_log(None, 9).await.expect("read");
    let found: Vec<_> = log
        .iter()
        .map(|entry| {
            assert_eq!(entry.deed, Deed::DeleteUser);
            let (by, target) = (entry.by_name.as_str(), entry.target.as_str());
            (by, target, entry.address.as_str())
        })
        .collect();
    let (anna, ben) = (
        format!("account {}", anna.card.id),
        format!("account {}", ben.card.id),
    );
    let expected = [
        ("olga", ben.as_str(), "192.0.2.7"),
        ("deleted account", anna.as_str(), "address not kept"),
    ];
    assert_eq!(found, expected);
}

pub(crate) async fn only_ones_own_account_or_as_admin_and_never_the_last_admins(at: Fixture) {
    let olga = at.person("olga").await;
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let others = at
        .store
        .close_account(own(&anna), ben.card.id, SaidBefore::Keep);
    assert_eq!(refusal(others.await), "Denied(Forbidden)");
    let last = at
        .store
        .close_account(own(&olga), olga.card.id, SaidBefore::Keep);
    assert_eq!(refusal(last.await), "LastAdmin");
    let new = NewBot {
        name: UserName::parse("helper", 2, 32).expect("a name"),
        owner: olga.card.id,
        created_at: later(5),
    };
    let bot = at.store.add_bot(new).await.expect("made").card.id;
    let program = at.store.close_account(own(&olga), bot, SaidBefore::Keep);
    assert_eq!(refusal(program.await), "Program");
    let new = new_account("paul");
    let made = at.store.create_account_by(own(&olga), new, true).await;
    made.expect("another admin");
    close(&at, &olga, SaidBefore::Keep).await;
}

pub(crate) async fn rooms_get_another_owner_or_are_archived_and_direct_ones_stay(mut at: Fixture) {
    at.person("olga").await;
    let (anna, ben, eva) = (
        at.person("anna").await,
        at.person("ben").await,
        at.person("eva").await,
    );
    for code in ["tea", "alone"] {
        at.room(code, &anna).await;
    }
    let first = at
        .store
        .join(&room_code("tea"), eva.card.id, later(0), allow)
        .await;
    first.expect("joined");
    at.joins(&ben, "tea").await;
    for (code, other) in [("direct-ben", Some(&ben)), ("direct-self", None)] {
        let new = NewDirect {
            code: room_code(code),
            by: anna.card.id,
            people: [Some(&anna), other]
                .into_iter()
                .flatten()
                .map(|person| person.card.id)
                .collect(),
            now: later(4),
        };
        at.store.direct(new).await.expect("opened");
        at.say(&anna, code, "hello").await;
    }
    at.told();
    close(&at, &anna, SaidBefore::Keep).await;
    assert!(swept(&at).await > 0);
    let told = at.told();
    let left = told.iter().filter(|change| {
        matches!(change, Change::Left { user, reason: LeaveReason::Left, .. } if user.id == anna.card.id)
    });
    assert_eq!(left.count(), 3, "the lobby and two rooms");
    let tea = at.store.standing(&room_code("tea"), eva.card.id).await;
    let tea = tea.expect("read").expect("there");
    assert_eq!(tea.membership.map(|place| place.role), Some(Role::Owner));
    assert_eq!((tea.room.members, tea.room.archived), (2, false));
    let alone = at.store.standing(&room_code("alone"), eva.card.id).await;
    let alone = alone.expect("read").expect("there");
    assert_eq!((alone.room.members, alone.room.archived), (0, true));
    assert!(told.iter().any(
        |change| matches!(change, Change::Room(room) if room.id == alone.room.id && room.archived)
    ));
    let direct = at
        .store
        .standing(&room_code("direct-ben"), ben.card.id)
        .await;
    let direct = direct.expect("read").expect("ben still has it");
    assert!(direct.room.people.contains(&UserCard::closed(anna.card.id)));
    let own = at
        .store
        .standing(&room_code("direct-self"), ben.card.id)
        .await;
    assert!(own.expect("read").is_none(), "nobody is left in it");
}

pub(crate) async fn what_was_said_stays_where_it_was_asked_to(at: Fixture) {
    at.person("olga").await;
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", "I was here").await;
    close(&at, &anna, SaidBefore::Keep).await;
    swept(&at).await;
    let message = at.store.message(said.message.id).await.expect("read");
    let message = message.expect("there");
    assert_eq!(message.text, "I was here");
    assert_eq!(message.author, UserCard::closed(anna.card.id));
    assert_eq!(message.seq, said.message.seq, "it did not change");
}

pub(crate) async fn what_was_said_goes_bit_by_bit_and_is_told(mut at: Fixture) {
    let olga = at.person("olga").await;
    let anna = at.person("anna").await;
    let hers = at.say(&olga, "lobby", "welcome").await.message;
    for number in 0..105 {
        at.say(&anna, "lobby", &format!("message {number}")).await;
    }
    let thumb = MessageEdit::React {
        emoji: Emoji::parse("👍").expect("an emoji"),
        on: true,
    };
    let reacted = at
        .store
        .change_message(hers.id, anna.card.id, thumb, later(6), |_, _, _, _| Ok(()));
    let before = reacted.await.expect("reacted").seq;
    at.told();
    close(&at, &anna, SaidBefore::Remove).await;
    let rounds = swept(&at).await;
    assert!((4..8).contains(&rounds), "{rounds} rounds");
    let mut expected = before.0;
    let mut deleted = 0;
    for change in at.told() {
        let Change::Message(message) = change else {
            continue;
        };
        expected += 1;
        assert_eq!(message.seq.0, expected, "each change has the next seq");
        match message.change {
            Some(MessageChange::Deleted) => deleted += 1,
            other => assert_eq!(
                (other, message.id, message.reactions.len()),
                (Some(MessageChange::Reactions), hers.id, 0)
            ),
        }
    }
    assert_eq!((deleted, expected), (105, before.0 + 106));
    let room = at.store.standing(&room_code("lobby"), olga.card.id).await;
    let room = room.expect("read").expect("there").room;
    let page = at.store.history(room.id, Page::Newest, 300);
    let texts: Vec<_> = page
        .await
        .expect("read")
        .messages
        .into_iter()
        .filter(|message| !message.deleted)
        .map(|message| message.text)
        .collect();
    assert_eq!(texts, ["welcome"]);
    assert_eq!(swept(&at).await, 0, "it is done");
}
