//! What one person has in rooms and whom they know: direct conversations, bringing others in, preferences, what is
//! marked as unread, finding people.

use super::{
    Answer, Caller, Command, Context, Follow, Reply, permissions,
    permissions::Action,
    rooms::{code, page_size, standing},
};
use crate::{
    error::{Error, Result},
    model::{
        Account, Member, Membership, MessageId, Preferences, PreferencesChange, RoomCode, Standing,
        Timestamp, UserId, UserName,
    },
    secrets::random,
    store::{NewDirect, StoreError},
    wire::{
        self,
        events::{
            AddMember, Direct, Done, ListPeople, MarkUnread, MemberAck, PeopleAck, PreferencesAck,
            ReadAck, RoomAck, RoomPreferences, SetActive, UserRef,
        },
    },
};

/// How many others may be in a direct conversation.
const OTHERS: usize = 20;

/// Whom the caller means, if the two share a room.
///
/// # Errors
/// `not_found`, of this field.
pub async fn person(
    ctx: &Context,
    caller: &Caller,
    field: &'static str,
    who: &UserRef,
) -> Result<Account> {
    let missing = || Error::not_found("person").field(field);
    let found = match who {
        UserRef::Id(id) => ctx.store.account(UserId(*id)).await?,
        UserRef::Name(name) => {
            let key = UserName::key_of(name.trim().trim_start_matches('@'));
            ctx.store.account_by_name(&key).await?
        }
    };
    let account = found.ok_or_else(missing)?;
    if ctx.store.share_a_room(caller.id(), account.card.id).await? {
        Ok(account)
    } else {
        Err(missing())
    }
}

/// Opens the direct conversation with these people, or finds it.
///
/// # Errors
/// `not_found` or `invalid`, of the field `users`.
pub async fn direct(ctx: &Context, caller: &Caller, users: &[UserRef]) -> Result<Standing> {
    if users.len() > OTHERS {
        let text =
            format!("A direct conversation has at most {OTHERS} others. Open a room instead.");
        return Err(Error::invalid("users", text));
    }
    let mut people = vec![caller.id()];
    for user in users {
        people.push(person(ctx, caller, "users", user).await?.card.id);
    }
    loop {
        let new = NewDirect {
            code: RoomCode::from_random(random()),
            by: caller.id(),
            people: people.clone(),
            now: ctx.now(),
        };
        match ctx.store.direct(new).await {
            // One code in 2^60 is in use; draw again.
            Err(StoreError::Taken("room")) => {}
            result => return Ok(result?.standing),
        }
    }
}

/// Brings somebody into a room by name or id.
///
/// # Errors
/// `not_found` of the field `room` or `user`; `forbidden`, `muted`.
pub async fn add_member(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    user: &UserRef,
) -> Result<Member> {
    let room = standing(ctx, caller, room, Action::Invite).await?.room;
    let account = person(ctx, caller, "user", user).await?;
    let by = ctx.actor(caller, permissions::may_invite);
    Ok(ctx
        .store
        .add_member(&room.code, by, account.card.id)
        .await?)
}

/// Changes how the caller hears of a room.
///
/// # Errors
/// `not_found`; `invalid` of the field `muted_until`.
pub async fn prefer(
    ctx: &Context,
    caller: &Caller,
    wanted: &RoomPreferences,
) -> Result<Preferences> {
    let muted_until = wanted.muted_until.as_ref().map(|until| {
        let until = until.as_deref().map(Timestamp::parse).transpose();
        until.map_err(|invalid| Error::of_field("muted_until", invalid))
    });
    let change = PreferencesChange {
        notify: wanted.notify.map(Into::into),
        muted_until: muted_until.transpose()?,
        favourite: wanted.favourite,
        hidden: wanted.hidden,
    };
    let room = standing(ctx, caller, &wanted.room, Action::Read)
        .await?
        .room;
    let changed = ctx
        .store
        .set_preferences(&room.code, caller.id(), change)
        .await?;
    Ok(changed
        .membership
        .map(|membership| membership.preferences)
        .unwrap_or_default())
}

/// Counts a message and what came after it as not read.
///
/// # Errors
/// As [`standing`] for reading.
pub async fn mark_unread(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    from: i64,
) -> Result<Membership> {
    standing(ctx, caller, room, Action::Read).await?;
    Ok(ctx
        .store
        .mark_unread(&code(room)?, caller.id(), MessageId(from))
        .await?)
}

/// People who share a room with the caller, or belong to this one, and whose names begin so.
///
/// # Errors
/// `invalid` for a limit out of range; as [`standing`] for reading.
pub async fn people(ctx: &Context, caller: &Caller, query: &ListPeople) -> Result<Vec<wire::User>> {
    let limit = page_size(query.limit)?;
    let room = match &query.room {
        Some(room) => Some(standing(ctx, caller, room, Action::Read).await?.room.id),
        None => None,
    };
    let prefix = UserName::key_of(query.query.trim().trim_start_matches('@'));
    let found = ctx.store.people(caller.id(), room, &prefix, limit).await?;
    Ok(found.iter().map(|card| ctx.user(card)).collect())
}

impl Command for Direct {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomAck>> {
        let standing = direct(ctx, caller, &self.users).await?;
        Ok(RoomAck {
            room: wire::Room::of(&standing.room, standing.membership.as_ref()),
        }
        .into())
    }
}

impl Command for AddMember {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MemberAck>> {
        let member = add_member(ctx, caller, &self.room, &self.user).await?;
        Ok(MemberAck {
            member: ctx.member(&member),
        }
        .into())
    }
}

impl Command for RoomPreferences {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<PreferencesAck>> {
        let preferences = prefer(ctx, caller, &self).await?;
        Ok(PreferencesAck {
            preferences: wire::Preferences::from(&preferences),
        }
        .into())
    }
}

impl Command for MarkUnread {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ReadAck>> {
        let membership = mark_unread(ctx, caller, &self.room, self.id).await?;
        Ok(ReadAck {
            unread: membership.unread,
            mentions: membership.mentions,
        }
        .into())
    }
}

impl Command for ListPeople {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<PeopleAck>> {
        let people = people(ctx, caller, &self).await?;
        Ok(PeopleAck { people }.into())
    }
}

impl Command for SetActive {
    async fn run(self, _: &Context, _: &Caller) -> Result<Reply<Done>> {
        let shown = self.room.map(|room| RoomCode::parse(&room));
        let shown = shown.transpose();
        Ok(Reply {
            answer: Answer::Now(Done {}),
            follow: Follow::Active {
                on: self.on,
                shown: shown.map_err(|invalid| Error::of_field("room", invalid))?,
            },
        })
    }
}
