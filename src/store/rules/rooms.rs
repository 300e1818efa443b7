//! Rules of rooms and memberships.

use super::{Fixture, START, allow, by, deny, later, new_account, new_room, refusal, room_code};
use crate::model::{Change, LeaveReason, Member, Role, RoomCode, RoomKind, Seq, UserId};

pub(crate) async fn everybody_joins_the_lobby(mut at: Fixture) {
    let anna = at.person("anna").await;
    let ben = at.person("ben").await;
    let standing = at
        .store
        .standing(&RoomCode::lobby(), ben.card.id)
        .await
        .expect("read")
        .expect("the lobby");
    let lobby = &standing.room;
    assert_eq!(
        (lobby.name.as_str(), lobby.kind, lobby.members),
        ("Lobby", RoomKind::Public, 2)
    );
    assert_eq!(
        (lobby.created_at, lobby.last_seq, lobby.archived),
        (START, Seq(0), false)
    );
    assert_eq!(standing.membership.expect("a member").joined_at, later(1));
    let told = at.told();
    assert!(matches!(
        told.as_slice(),
        [Change::Joined { room: first, member: one }, Change::Joined { room: second, member: two }]
            if first.members == 1 && one.user == anna.card && second.members == 2 && two.user == ben.card
    ));
}

pub(crate) async fn a_code_belongs_to_one_room(at: Fixture) {
    let anna = at.person("anna").await;
    let standing = at.room("tea", &anna).await;
    let membership = standing.membership.expect("its owner belongs to it");
    assert_eq!(
        (
            membership.role,
            standing.room.members,
            standing.room.topic.as_str()
        ),
        (Role::Owner, 1, "tea")
    );
    assert_eq!(
        refusal(at.store.create_room(new_room("tea", anna.card.id)).await),
        r#"Taken("room")"#
    );
    assert_eq!(
        refusal(at.store.create_room(new_room("milk", UserId(99))).await),
        r#"NotFound("account")"#
    );
    let none = at
        .store
        .standing(&room_code("milk"), anna.card.id)
        .await
        .expect("read");
    assert_eq!(none, None, "the room of nobody was undone");
}

pub(crate) async fn joining_twice_is_harmless(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    at.told();
    let first = at
        .store
        .join(&room_code("tea"), ben.card.id, later(5), allow)
        .await
        .expect("joined");
    let second = at
        .store
        .join(&room_code("tea"), ben.card.id, later(6), allow)
        .await
        .expect("joined");
    assert_eq!((first.new, second.new), (true, false));
    assert_eq!(first.standing, second.standing);
    assert_eq!(first.standing.room.members, 2);
    assert!(matches!(
        at.told().as_slice(),
        [Change::Joined { room, member }]
            if *room == first.standing.room && member.user == ben.card && member.joined_at == later(5)
    ));
}

pub(crate) async fn a_join_asks_for_permission(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    at.told();
    let tea = room_code("tea");
    assert_eq!(
        refusal(at.store.join(&tea, ben.card.id, later(5), deny).await),
        "Denied(Forbidden)"
    );
    let nowhere = at
        .store
        .join(&room_code("nowhere"), ben.card.id, later(5), allow)
        .await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
    assert_eq!(
        refusal(at.store.join(&tea, UserId(99), later(5), allow).await),
        r#"NotFound("account")"#
    );
    let standing = at
        .store
        .standing(&tea, ben.card.id)
        .await
        .expect("read")
        .expect("the room");
    assert_eq!((standing.membership, standing.room.members), (None, 1));
    assert!(at.told().is_empty());
}

pub(crate) async fn leaving_is_told_and_leaving_twice_finds_nothing(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    at.joins(&ben, "tea").await;
    at.told();
    let tea = room_code("tea");
    at.store.leave(&tea, by(&ben)).await.expect("left");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Left { room, user, reason: LeaveReason::Left }] if room.members == 1 && *user == ben.card
    ));
    assert_eq!(
        refusal(at.store.leave(&tea, by(&ben)).await),
        r#"NotFound("room")"#
    );
    assert_eq!(
        refusal(at.store.leave(&room_code("nowhere"), by(&ben)).await),
        r#"NotFound("room")"#
    );
    assert!(at.told().is_empty());
}

pub(crate) async fn my_rooms_come_with_the_newest_message_first(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    for code in ["tea", "milk", "empty"] {
        at.room(code, &anna).await;
    }
    at.joins(&ben, "tea").await;
    at.say(&anna, "tea", "first").await;
    at.say(&anna, "milk", "second").await;
    let last = at.say(&ben, "tea", "third").await.message;
    let rooms = at.store.rooms_of(anna.card.id).await.expect("read");
    let codes: Vec<_> = rooms.iter().map(|state| state.room.code.as_str()).collect();
    assert_eq!(codes, ["tea", "milk", "empty", "lobby"]);
    assert_eq!(rooms[0].last_message.as_ref(), Some(&*last));
    assert_eq!(
        (rooms[0].membership.unread, rooms[1].membership.unread),
        (1, 0)
    );
    assert_eq!(rooms[3].last_message, None);
    assert_eq!(at.store.rooms_of(ben.card.id).await.expect("read").len(), 2);
}

pub(crate) async fn public_rooms_come_by_size_without_mine(at: Fixture) {
    let people = [
        at.person("anna").await,
        at.person("ben").await,
        at.person("carla").await,
    ];
    let [anna, ben, carla] = &people;
    at.room("one", anna).await;
    at.room("two", anna).await;
    at.joins(ben, "two").await;
    let mut secret = new_room("secret", anna.card.id);
    secret.kind = RoomKind::Private;
    at.store.create_room(secret).await.expect("a room");
    let codes = async |user: UserId, limit| {
        let rooms = at
            .store
            .public_rooms(user, later(9), limit)
            .await
            .expect("read");
        rooms
            .into_iter()
            .map(|room| room.code.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(carla.card.id, 10).await, ["two", "one"]);
    assert_eq!(codes(carla.card.id, 1).await, ["two"]);
    assert_eq!(codes(ben.card.id, 10).await, ["one"]);
    assert_eq!(codes(UserId(99), 10).await, ["lobby", "two", "one"]);
}

pub(crate) async fn members_come_in_pages(at: Fixture) {
    let mut ids = Vec::new();
    for name in ["anna", "ben", "carla"] {
        ids.push(at.person(name).await.card.id);
    }
    let lobby = at
        .store
        .standing(&RoomCode::lobby(), ids[0])
        .await
        .expect("read")
        .expect("the lobby")
        .room
        .id;
    let page = async |after, limit| {
        let members = at.store.members(lobby, after, limit).await.expect("read");
        members
            .iter()
            .map(|member: &Member| member.user.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2).await, ids[..2]);
    assert_eq!(page(Some(ids[1]), 2).await, ids[2..]);
    assert_eq!(page(Some(ids[2]), 2).await, []);
}

pub(crate) async fn people_know_whom_they_share_a_room_with(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let carla = at
        .store
        .create_account(new_account("carla"))
        .await
        .expect("an account");
    at.store
        .leave(&RoomCode::lobby(), by(&carla))
        .await
        .expect("left");
    assert!(
        at.store
            .share_a_room(anna.card.id, ben.card.id)
            .await
            .expect("read")
    );
    assert!(
        !at.store
            .share_a_room(anna.card.id, carla.card.id)
            .await
            .expect("read")
    );
    assert!(
        at.store
            .share_a_room(carla.card.id, carla.card.id)
            .await
            .expect("read")
    );
    at.room("tea", &anna).await;
    at.joins(&ben, "tea").await;
    let both = [anna.card.id, ben.card.id];
    assert_eq!(
        at.store.acquaintances(anna.card.id).await.expect("read"),
        both,
        "each once"
    );
    let alone = at.store.acquaintances(carla.card.id).await.expect("read");
    assert_eq!(alone, [carla.card.id]);
}
