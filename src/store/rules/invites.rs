//! Rules of invitations.

use super::{
    Fixture, allow, by, deny, later, members_only, new_account, new_room, refusal, room_code,
};
use crate::{
    model::{
        Account, AccountDeed, Deed, Invite, NewInvite, NewRoom, NewSiteInvite, Operator, RoomKind,
        Timestamp, UserId,
    },
    store::Actor,
};

/// Anna's private room.
async fn secret(at: &Fixture) -> Account {
    let anna = at.person("anna").await;
    let room = NewRoom {
        kind: RoomKind::Private,
        ..new_room("secret", anna.card.id)
    };
    at.store.create_room(room).await.expect("a room");
    anna
}

/// Who has the command line.
fn console() -> Operator {
    Operator {
        user: None,
        address: "this machine".to_owned(),
        now: later(4),
    }
}

fn runs_the_site(account: &Account) -> Operator {
    Operator {
        user: Some(account.card.id),
        ..console()
    }
}

/// To the site, and into this room.
fn to_the_site(code: Option<&str>, hash: u8) -> NewSiteInvite {
    NewSiteInvite {
        hash: [hash; 32],
        room: code.map(room_code),
        expires_at: None,
        uses: None,
        permit: allow,
    }
}

fn to(code: &str, author: &Account, hash: u8) -> NewInvite {
    NewInvite {
        hash: [hash; 32],
        room: room_code(code),
        created_by: author.card.id,
        created_at: later(4),
        expires_at: None,
        uses: None,
        permit: members_only,
    }
}

async fn listed(at: &Fixture, owner: &Account, now: Timestamp) -> Vec<Invite> {
    let standing = at.store.standing(&room_code("secret"), owner.card.id).await;
    let room = standing.expect("read").expect("the room").room.id;
    let found = at.store.invites(room, None, now, 9).await;
    found.expect("read")
}

pub(crate) async fn an_invitation_is_used_up(at: Fixture) {
    let anna = secret(&at).await;
    let new = NewInvite {
        uses: Some(2),
        ..to("secret", &anna, 1)
    };
    let invite = at.store.create_invite(new).await.expect("made");
    assert_eq!(
        (invite.created_by, invite.uses, invite.used),
        (anna.card.clone(), Some(2), 0)
    );
    for (name, used) in [("ben", Some(1)), ("carla", None)] {
        let person = at.person(name).await;
        let joined = at.store.join_invited([1; 32], by(&person)).await;
        assert!(joined.expect("in").new);
        let listed = listed(&at, &anna, later(9)).await;
        assert_eq!(listed.first().map(|invite| invite.used), used, "{name}");
    }
    let late = at.person("dora").await;
    let refused = at.store.join_invited([1; 32], by(&late)).await;
    assert_eq!(refusal(refused), r#"NotFound("invite")"#);
}

pub(crate) async fn an_invitation_ends_at_its_time(at: Fixture) {
    let anna = secret(&at).await;
    let ben = at.person("ben").await;
    let new = NewInvite {
        expires_at: Some(later(9)),
        ..to("secret", &anna, 1)
    };
    at.store.create_invite(new).await.expect("made");
    for (now, holds) in [(later(8), true), (later(9), false)] {
        let found = at.store.invitation([1; 32], now).await.expect("read");
        assert_eq!(found.is_some(), holds);
        assert_eq!(listed(&at, &anna, now).await.len(), usize::from(holds));
    }
    let refused = at.store.join_invited([1; 32], by(&ben)).await;
    assert_eq!(refusal(refused), r#"NotFound("invite")"#);
}

pub(crate) async fn a_revoked_invitation_is_over(at: Fixture) {
    let anna = secret(&at).await;
    let (ben, carla) = (at.person("ben").await, at.person("carla").await);
    let first = at.store.create_invite(to("secret", &anna, 1)).await;
    let first = first.expect("made").id;
    at.store.join_invited([1; 32], by(&ben)).await.expect("in");
    let may_not = Actor {
        permit: deny,
        ..by(&ben)
    };
    let refused = at.store.revoke_invite(first, may_not).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let stranger = at.store.revoke_invite(first, by(&carla)).await;
    assert_eq!(refusal(stranger), r#"NotFound("invite")"#);
    let own = at.store.create_invite(to("secret", &ben, 2)).await;
    let own = at.store.revoke_invite(own.expect("made").id, may_not);
    own.await.expect("one's own");
    let revoked = at.store.revoke_invite(first, by(&anna));
    revoked.await.expect("revoked");
    for hash in [[1; 32], [2; 32]] {
        let refused = at.store.join_invited(hash, by(&carla)).await;
        assert_eq!(refusal(refused), r#"NotFound("invite")"#);
    }
}

pub(crate) async fn who_belongs_to_the_room_uses_no_invitation_up(at: Fixture) {
    let anna = secret(&at).await;
    let new = NewInvite {
        uses: Some(1),
        ..to("secret", &anna, 1)
    };
    at.store.create_invite(new).await.expect("made");
    let joined = at.store.join_invited([1; 32], by(&anna)).await;
    assert!(!joined.expect("there already").new);
    assert_eq!(listed(&at, &anna, later(9)).await[0].used, 0);
}

pub(crate) async fn an_invitation_asks_for_permission(at: Fixture) {
    let anna = secret(&at).await;
    let ben = at.person("ben").await;
    let refused = at.store.create_invite(to("secret", &ben, 1)).await;
    assert_eq!(refusal(refused), "Denied(NotFound)");
    let nowhere = at.store.create_invite(to("nowhere", &anna, 1)).await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
    let made = at.store.create_invite(to("secret", &anna, 1)).await;
    made.expect("made");
    let banned = Actor {
        permit: deny,
        ..by(&ben)
    };
    let refused = at.store.join_invited([1; 32], banned).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    assert_eq!(listed(&at, &anna, later(9)).await[0].used, 0);
    let ended = at.store.delete_room(&room_code("secret"), by(&anna)).await;
    ended.expect("ended");
    let found = at.store.invitation([1; 32], later(9)).await.expect("read");
    assert!(found.is_none(), "it went with its room");
}

pub(crate) async fn an_account_made_by_invitation_belongs_to_its_room(at: Fixture) {
    let anna = secret(&at).await;
    let new = NewInvite {
        uses: Some(1),
        ..to("secret", &anna, 1)
    };
    at.store.create_invite(new).await.expect("made");
    let new = NewSiteInvite {
        uses: Some(1),
        ..to_the_site(None, 2)
    };
    let made = at.store.create_site_invite(console(), new).await;
    made.expect("made");
    let nobody = Actor {
        user: UserId(0),
        ..by(&anna)
    };
    let register = |name: &str, hash| {
        at.store
            .register_invited(new_account(name), [hash; 32], nobody)
    };
    let taken = register("anna", 1).await;
    assert_eq!(refusal(taken), r#"Taken("email")"#);
    let ben = register("ben", 1).await.expect("an account");
    let rooms = at.store.rooms_of(ben.card.id).await.expect("read");
    assert_eq!(rooms.len(), 2, "the lobby and the room");
    let carla = register("carla", 2).await.expect("an account");
    let rooms = at.store.rooms_of(carla.card.id).await.expect("read");
    assert_eq!(rooms.len(), 1, "the lobby");
    for hash in [1, 2] {
        let late = register("dora", hash).await;
        assert_eq!(refusal(late), r#"NotFound("invite")"#);
    }
    let none = at.store.account_by_name("dora").await.expect("read");
    assert!(none.is_none());
}

pub(crate) async fn an_invitation_to_the_site_is_the_admins_and_stands_in_its_log(at: Fixture) {
    let anna = secret(&at).await;
    let ben = at.person("ben").await;
    let make = |by, new| at.store.create_site_invite(by, new);
    let refused = make(runs_the_site(&ben), to_the_site(None, 9)).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let nowhere = make(console(), to_the_site(Some("nowhere"), 9)).await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
    let not_there = NewSiteInvite {
        permit: deny,
        ..to_the_site(Some("secret"), 9)
    };
    let refused = make(console(), not_there).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let into = make(runs_the_site(&anna), to_the_site(Some("secret"), 1)).await;
    let alone = make(console(), to_the_site(None, 2)).await;
    let (into, alone) = (into.expect("made"), alone.expect("made"));
    assert_eq!(alone.created_by, anna.card, "in the first admin's name");
    let own = at.store.create_invite(to("secret", &anna, 3)).await;
    let own = own.expect("made");
    let of_site = at.store.site_invites(later(9), 9).await.expect("read");
    assert_eq!(of_site, [alone.clone(), into.clone()]);
    let of_room = listed(&at, &anna, later(9)).await;
    assert_eq!(of_room, [own.clone(), into.clone()]);
    let end = |by, id| at.store.revoke_site_invite(by, id);
    assert_eq!(
        refusal(end(console(), own.id).await),
        r#"NotFound("invite")"#
    );
    assert_eq!(
        refusal(end(runs_the_site(&ben), alone.id).await),
        "Denied(Forbidden)"
    );
    assert_eq!(
        refusal(at.store.revoke_invite(alone.id, by(&anna)).await),
        r#"NotFound("invite")"#
    );
    end(console(), alone.id).await.expect("ended");
    end(runs_the_site(&anna), into.id).await.expect("ended");
    let none = at.store.site_invites(later(9), 9).await.expect("read");
    assert_eq!(none, []);
    let log = at.store.site_log(None, 9).await.expect("read");
    let said: Vec<_> = log
        .iter()
        .map(|entry| (entry.by_name.as_str(), entry.deed, entry.target.as_str()))
        .collect();
    let secret = "Room secret (secret)";
    assert_eq!(
        said,
        [
            ("anna", Deed::RevokeInvite, secret),
            ("command line", Deed::RevokeInvite, "the site"),
            ("command line", Deed::CreateInvite, "the site"),
            ("anna", Deed::CreateInvite, secret),
        ]
    );
}

pub(crate) async fn without_an_admin_the_command_line_invites_nobody(at: Fixture) {
    let refused = at.store.create_site_invite(console(), to_the_site(None, 1));
    assert_eq!(refusal(refused.await), "NoOwner");
    let anna = at.person("anna").await;
    let ben = at.person("ben").await.card.id;
    let change = |user, deed| at.store.change_account_by(console(), user, deed);
    change(ben, AccountDeed::Promote).await.expect("promoted");
    let disabled = change(anna.card.id, AccountDeed::Disable).await;
    disabled.expect("disabled");
    let made = at.store.create_site_invite(console(), to_the_site(None, 1));
    assert_eq!(made.await.expect("made").created_by.id, ben);
}
