//! Rules of keeping order.

use super::{Fixture, START, by, later, members_only, new_message, refusal, room_code};
use crate::{
    model::{
        Account, Change, Denied, LeaveReason, Logged, Measure, NewMeasure, Reason, Role, Standing,
        Target, Timestamp, UserId,
    },
    store::{Page, Result},
};

/// Everybody may.
#[allow(clippy::unnecessary_wraps, reason = "a permit is this type")]
fn anybody(_: &Measure, _: &Standing, _: Target, _: Timestamp) -> Result<(), Denied> {
    Ok(())
}

fn measure(by: &Account, user: Option<UserId>, measure: Measure) -> NewMeasure {
    NewMeasure {
        room: room_code("tea"),
        by: by.card.id,
        user,
        measure,
        reason: Reason::parse("spam").expect("a reason"),
        now: later(10),
        permit: anybody,
    }
}

/// Anna's room, to which Ben belongs; nothing of that is left in the feed.
async fn tea(at: &mut Fixture) -> (Account, Account) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    at.joins(&ben, "tea").await;
    at.told();
    (anna, ben)
}

async fn take(at: &Fixture, by: &Account, user: &Account, what: Measure) {
    let new = measure(by, Some(user.card.id), what);
    let taken = at.store.moderate(new).await.expect("taken");
    assert_eq!(taken.expect("noted").what, Logged::Measure(what));
}

async fn standing(at: &Fixture, person: &Account) -> Standing {
    at.store
        .standing(&room_code("tea"), person.card.id)
        .await
        .expect("read")
        .expect("the room")
}

pub(crate) async fn who_is_kicked_may_come_back(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    take(&at, &anna, &ben, Measure::Kick).await;
    let told = at.told();
    assert!(
        matches!(
            told.as_slice(),
            [
                Change::Left { room, user, reason: LeaveReason::Kicked },
                Change::Moderated { entry, .. },
            ] if room.members == 1 && *user == ben.card && entry.user.as_ref() == Some(&ben.card)
                && entry.by == anna.card && entry.reason.as_str() == "spam"
        ),
        "{told:?}"
    );
    let outside = standing(&at, &ben).await;
    assert_eq!((outside.membership, outside.banned_until), (None, None));
    at.joins(&ben, "tea").await;
    let again = measure(&anna, Some(UserId(99)), Measure::Kick);
    assert_eq!(
        refusal(at.store.moderate(again).await),
        r#"NotFound("member")"#
    );
}

pub(crate) async fn who_is_banned_is_out_until_it_is_over(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let until = later(60);
    take(&at, &anna, &ben, Measure::Ban { until }).await;
    assert!(matches!(
        at.told().as_slice(),
        [
            Change::Left {
                reason: LeaveReason::Banned,
                ..
            },
            Change::Moderated { .. }
        ]
    ));
    let outside = standing(&at, &ben).await;
    assert_eq!(
        (outside.membership, outside.banned_until),
        (None, Some(until))
    );
    let offered = async |now| {
        let rooms = at.store.public_rooms(ben.card.id, now, 10).await;
        rooms.expect("read").len()
    };
    assert_eq!((offered(later(59)).await, offered(until).await), (0, 1));
    // Somebody who is outside is banned anew, and for longer.
    take(
        &at,
        &anna,
        &ben,
        Measure::Ban {
            until: Timestamp::FAR,
        },
    )
    .await;
    assert_eq!(standing(&at, &ben).await.banned_until, Some(Timestamp::FAR));
    take(&at, &anna, &ben, Measure::Unban).await;
    assert_eq!(standing(&at, &ben).await.banned_until, None);
    at.joins(&ben, "tea").await;
    assert_eq!(standing(&at, &ben).await.banned_until, None);
}

pub(crate) async fn a_mute_outlives_a_membership(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let until = later(60);
    take(&at, &anna, &ben, Measure::Mute { until }).await;
    assert!(matches!(
        at.told().as_slice(),
        [Change::Member { member, .. }, Change::Moderated { .. }]
            if member.user == ben.card && member.muted_until == Some(until)
    ));
    let muted = async || {
        standing(&at, &ben)
            .await
            .membership
            .expect("a member")
            .muted_until
    };
    let leave_and_return = async || {
        let left = at.store.leave(&room_code("tea"), by(&ben)).await;
        left.expect("left");
        at.joins(&ben, "tea").await;
    };
    leave_and_return().await;
    assert_eq!(muted().await, Some(until));
    take(&at, &anna, &ben, Measure::Unmute).await;
    assert_eq!(muted().await, None);
    leave_and_return().await;
    assert_eq!(muted().await, None, "what was lifted stays so");
}

pub(crate) async fn slow_mode_counts_from_the_last_message(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let sent_at = async || {
        standing(&at, &ben)
            .await
            .membership
            .expect("a member")
            .sent_at
    };
    assert_eq!(sent_at().await, None);
    at.say(&ben, "tea", "first").await;
    assert_eq!(sent_at().await, Some(later(3)));
    let slow = measure(&anna, None, Measure::SlowMode(30));
    let noted = at
        .store
        .moderate(slow)
        .await
        .expect("taken")
        .expect("noted");
    assert_eq!(
        (noted.user, noted.what),
        (None, Logged::Measure(Measure::SlowMode(30)))
    );
    assert_eq!(standing(&at, &ben).await.room.slow_mode_s, 30);
    let left = at.store.leave(&room_code("tea"), by(&ben)).await;
    left.expect("left");
    at.joins(&ben, "tea").await;
    assert_eq!(
        sent_at().await,
        Some(later(1)),
        "coming back does not shorten the pause"
    );
}

pub(crate) async fn roles_change_hands_but_the_last_owner_stays(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let step_down = || measure(&anna, Some(anna.card.id), Measure::SetRole(Role::Member));
    assert_eq!(refusal(at.store.moderate(step_down()).await), "LastOwner");
    assert!(at.told().is_empty());
    take(&at, &anna, &ben, Measure::SetRole(Role::Owner)).await;
    assert!(matches!(
        at.told().as_slice(),
        [Change::Member { member, .. }, Change::Moderated { .. }] if member.role == Role::Owner
    ));
    let stepped = at.store.moderate(step_down()).await.expect("taken");
    assert_eq!(
        stepped.expect("noted").what,
        Logged::Measure(Measure::SetRole(Role::Member))
    );
    let role = standing(&at, &anna)
        .await
        .membership
        .expect("a member")
        .role;
    assert_eq!(role, Role::Member);
}

pub(crate) async fn recent_messages_are_deleted_each_with_a_seq_of_its_own(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let said = async |author: &Account, text: &str, seconds| {
        let mut new = new_message(author, "tea", text);
        new.created_at = later(seconds);
        at.append(new).await.expect("stored").message.id
    };
    let old = said(&ben, "old", 3).await;
    let first = said(&ben, "first", 7).await;
    let hers = said(&anna, "hers", 8).await;
    let second = said(&ben, "second", 9).await;
    at.told();
    let delete = || measure(&anna, Some(ben.card.id), Measure::DeleteMessages(5));
    let noted = at.store.moderate(delete()).await.expect("taken");
    assert_eq!(noted.expect("noted").messages, Some(2));
    let told = at.told();
    let deleted: Vec<_> = told
        .iter()
        .filter_map(|change| match change {
            Change::Message(message) => Some((message.id, message.seq.0, message.deleted)),
            _ => None,
        })
        .collect();
    assert_eq!(deleted, [(second, 5, true), (first, 6, true)]);
    let room = standing(&at, &anna).await.room;
    let page = at.store.history(room.id, Page::Newest, 10).await;
    let texts: Vec<_> = page
        .expect("read")
        .messages
        .into_iter()
        .map(|message| (message.id, message.text))
        .collect();
    let empty = String::new;
    assert_eq!(
        texts,
        [
            (old, "old".to_owned()),
            (first, empty()),
            (hers, "hers".to_owned()),
            (second, empty())
        ]
    );
    assert_eq!(room.last_seq.0, 6);
    assert_eq!(at.store.moderate(delete()).await.expect("harmless"), None);
}

pub(crate) async fn what_is_so_already_is_not_noted(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    for what in [
        Measure::Unban,
        Measure::Unmute,
        Measure::SetRole(Role::Member),
        Measure::SlowMode(0),
    ] {
        let new = measure(&anna, Some(ben.card.id), what);
        assert_eq!(at.store.moderate(new).await.expect("harmless"), None);
    }
    assert!(at.told().is_empty());
    let room = standing(&at, &anna).await.room.id;
    let log = at.store.room_log(room, None, 10).await.expect("read");
    assert_eq!(log, []);
}

pub(crate) async fn a_measure_asks_for_permission_and_finds_its_person(mut at: Fixture) {
    fn only_kick_members(
        measure: &Measure,
        standing: &Standing,
        target: Target,
        now: Timestamp,
    ) -> Result<(), Denied> {
        members_only(standing, now)?;
        let fits = *measure == Measure::Kick && target.role == Some(Role::Member);
        if fits && !target.oneself {
            Ok(())
        } else {
            Err(Denied::Forbidden)
        }
    }
    let (anna, ben) = tea(&mut at).await;
    let carla = at.person("carla").await;
    at.told();
    let permitted = |by: &Account, user: UserId, what| NewMeasure {
        permit: only_kick_members,
        ..measure(by, Some(user), what)
    };
    for (new, expected) in [
        (
            permitted(&anna, anna.card.id, Measure::Kick),
            "Denied(Forbidden)",
        ),
        (
            permitted(&anna, ben.card.id, Measure::Unban),
            "Denied(Forbidden)",
        ),
        (
            permitted(&anna, carla.card.id, Measure::Kick),
            "Denied(Forbidden)",
        ),
        (
            permitted(&carla, ben.card.id, Measure::Kick),
            "Denied(NotFound)",
        ),
        (
            measure(&anna, Some(carla.card.id), Measure::Kick),
            r#"NotFound("member")"#,
        ),
        (
            measure(&anna, Some(UserId(99)), Measure::Unban),
            r#"NotFound("person")"#,
        ),
        (
            NewMeasure {
                room: room_code("nowhere"),
                ..measure(&anna, Some(ben.card.id), Measure::Kick)
            },
            r#"NotFound("room")"#,
        ),
    ] {
        let what = format!("{new:?}");
        assert_eq!(refusal(at.store.moderate(new).await), expected, "{what}");
    }
    assert!(at.told().is_empty());
    let kick = permitted(&anna, ben.card.id, Measure::Kick);
    assert!(at.store.moderate(kick).await.expect("taken").is_some());
}

pub(crate) async fn the_log_comes_in_pages(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    take(&at, &anna, &ben, Measure::Mute { until: later(60) }).await;
    take(&at, &anna, &ben, Measure::SetRole(Role::Moderator)).await;
    take(&at, &anna, &ben, Measure::Kick).await;
    let room = standing(&at, &anna).await.room.id;
    let newest = at.store.room_log(room, None, 2).await.expect("read");
    let lines: Vec<_> = newest.iter().map(|entry| entry.what).collect();
    let of = Logged::Measure;
    assert_eq!(
        lines,
        [of(Measure::Kick), of(Measure::SetRole(Role::Moderator))]
    );
    assert_eq!(newest[0].created_at, later(10));
    let rest = at.store.room_log(room, Some(newest[1].id), 2).await;
    let rest = rest.expect("read");
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].what, of(Measure::Mute { until: later(60) }));
    assert_eq!((&rest[0].user, &rest[0].by), (&Some(ben.card), &anna.card));
}

pub(crate) async fn bans_and_rooms_come_in_pages(mut at: Fixture) {
    let (anna, ben) = tea(&mut at).await;
    let carla = at.person("carla").await;
    let (short, long) = (later(20), Timestamp::FAR);
    take(&at, &anna, &ben, Measure::Ban { until: short }).await;
    take(&at, &anna, &carla, Measure::Ban { until: long }).await;
    let room = standing(&at, &anna).await.room.id;
    let banned = async |now, after, limit| {
        let bans = at.store.bans(room, now, after, limit).await.expect("read");
        bans.into_iter()
            .map(|ban| ban.user.name.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(banned(START, None, 10).await, ["ben", "carla"]);
    assert_eq!(banned(START, None, 1).await, ["ben"]);
    assert_eq!(banned(START, Some(ben.card.id), 10).await, ["carla"]);
    assert_eq!(banned(short, None, 10).await, ["carla"]);
    let first = at.store.all_rooms(None, 1).await.expect("read");
    assert_eq!(first[0].code.as_str(), "lobby");
    let rest = at.store.all_rooms(Some(first[0].id), 10).await;
    let codes: Vec<_> = rest
        .expect("read")
        .into_iter()
        .map(|room| room.code.as_str().to_owned())
        .collect();
    assert_eq!(codes, ["tea"]);
}
