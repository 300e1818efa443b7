//! Rooms: making, finding, entering and leaving them, and who belongs to them.

use std::collections::HashSet;

use super::{Caller, Context, Faults, Via, collect, permissions, permissions::Action, scopes};
use crate::{
    error::{Error, Result},
    model::{
        Account, Credential, Membership, MessageId, NewRoom, Permit, Room, RoomCode, RoomId,
        RoomKind, RoomName, RoomState, Scope, Standing, Topic, UserCard, UserId, UserName,
    },
    secrets::random,
    store::{Extent, HistoryPage, Page, StoreError},
    wire::{
        self,
        events::{CreateRoom, MembersAck, Visibility},
    },
};

/// How many messages a room opens with.
pub const OPENING: u32 = 50;
/// How many members a room opens with.
pub const OPENING_MEMBERS: u32 = 200;
/// How many public rooms are offered.
const OFFERED: u32 = 100;

/// Reads a room's code.
///
/// # Errors
/// `not_found`: a text that is no code is the code of no room.
pub fn code(text: &str) -> Result<RoomCode> {
    RoomCode::parse(text).map_err(|_| Error::no_room())
}

/// The room and the caller's place in it, if they may do this there.
///
/// # Errors
/// `not_found`, `forbidden`, `muted`.
pub async fn standing(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    action: Action,
) -> Result<Standing> {
    let standing = ctx
        .store
        .standing(&code(room)?, caller.id())
        .await?
        .ok_or_else(Error::no_room)?;
    permissions::may(action, &standing, ctx.now())?;
    Ok(standing)
}

/// Reads a room's name under the limit in force.
///
/// # Errors
/// `invalid` or `too_long`, of the field `name`.
pub(super) fn room_name(ctx: &Context, text: &str) -> Result<RoomName> {
    RoomName::parse(text, ctx.settings.limits.room_name_characters)
        .map_err(|why| Error::of_field("name", why))
}

/// Reads a topic under the limit in force.
///
/// # Errors
/// `too_long`, of the field `topic`.
pub(super) fn topic(ctx: &Context, text: &str) -> Result<Topic> {
    Topic::parse(text, ctx.settings.limits.topic_characters)
        .map_err(|why| Error::of_field("topic", why))
}

/// What kind of room this makes.
pub(super) fn kind(visibility: Visibility) -> RoomKind {
    match visibility {
        Visibility::Public => RoomKind::Public,
        Visibility::Private => RoomKind::Private,
    }
}

/// Makes a room that the caller owns.
///
/// # Errors
/// One fault a field: `invalid` or `too_long`.
pub async fn create(ctx: &Context, caller: &Caller, new: &CreateRoom) -> Result<Standing, Faults> {
    let mut faults = Faults::new();
    let name = collect(&mut faults, room_name(ctx, &new.name));
    let topic = collect(
        &mut faults,
        topic(ctx, new.topic.as_deref().unwrap_or_default()),
    );
    let (Some(name), Some(topic)) = (name, topic) else {
        return Err(faults);
    };
    loop {
        let room = NewRoom {
            code: RoomCode::from_random(random()),
            name: name.clone(),
            topic: topic.clone(),
            kind: kind(new.visibility),
            owner: caller.id(),
            created_at: ctx.now(),
        };
        match ctx.store.create_room(room).await {
            // One code in 2^60 is in use; draw again.
            Err(StoreError::Taken("room")) => {}
            result => return result.map_err(|error| vec![error.into()]),
        }
    }
}

/// The caller's rooms, those with the newest messages first.
///
/// # Errors
/// When the store cannot be asked.
pub async fn mine(ctx: &Context, caller: &Caller) -> Result<Vec<RoomState>> {
    Ok(ctx.store.rooms_of(caller.id()).await?)
}

/// The rooms of somebody who is connected, as [`mine`]; `None` where the credential of the connection holds no more.
///
/// # Errors
/// When the store cannot be asked.
pub async fn held(
    ctx: &Context,
    credential: Credential,
    user: UserId,
) -> Result<Option<Vec<RoomState>>> {
    Ok(ctx.store.rooms_by(credential, user, ctx.now()).await?)
}

/// Public rooms to which the caller does not belong.
///
/// # Errors
/// When the store cannot be asked.
pub async fn offered(ctx: &Context, caller: &Caller) -> Result<Vec<Room>> {
    let rooms = ctx.store.public_rooms(caller.id(), ctx.now(), OFFERED);
    Ok(rooms.await?)
}

/// Makes the caller a member of a public room; harmless when they are one of any room.
///
/// # Errors
/// `not_found`, also for a room that is not theirs to know of.
pub async fn join(ctx: &Context, caller: &Caller, room: &str) -> Result<Standing> {
    let (room, by) = (code(room)?, ctx.actor(caller, entry(caller)));
    let joined = ctx.store.join(&room, by.user, by.now, by.permit);
    Ok(joined.await?.standing)
}

/// By which right the caller comes into a room. Without the scope, a token comes into those to which its account belongs
/// already.
fn entry(caller: &Caller) -> Permit {
    match scopes::require(caller, Scope::Join) {
        Ok(()) => permissions::may_join,
        Err(_) => permissions::may_read,
    }
}

/// Gives the caller's membership up. What would be left without an owner goes to the longest-standing moderator,
/// else member; a private room without anybody is archived.
///
/// # Errors
/// `not_found` when there is none; `forbidden` in a direct conversation.
pub async fn leave(ctx: &Context, caller: &Caller, room: &str) -> Result<()> {
    scopes::require(caller, Scope::Join)?;
    let by = ctx.actor(caller, permissions::may_leave);
    Ok(ctx.store.leave(&code(room)?, by).await?)
}

/// Members in the order of their ids.
///
/// # Errors
/// As [`standing`] for reading.
pub async fn members(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    after: Option<i64>,
    limit: Option<i64>,
) -> Result<MembersAck> {
    let limit = page_size(limit)?;
    let standing = standing(ctx, caller, room, Action::Read).await?;
    let members = ctx
        .store
        .members(standing.room.id, after.map(UserId), limit + 1)
        .await?;
    let (members, more) = page_of(members, limit);
    Ok(MembersAck {
        members: members.iter().map(|member| ctx.member(member)).collect(),
        more,
    })
}

/// A page's size: 1 to 200, and 50 where nothing was said.
///
/// # Errors
/// `invalid`, of the field `limit`.
pub fn page_size(limit: Option<i64>) -> Result<u32> {
    match limit.map(u32::try_from) {
        None => Ok(OPENING),
        Some(Ok(limit @ 1..=200)) => Ok(limit),
        Some(_) => Err(Error::invalid(
            "limit",
            "A limit is a number from 1 to 200.",
        )),
    }
}

/// A page of what was read, which may be one more than a page holds; and whether it was.
pub(super) fn page_of<T>(mut found: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    (found, more)
}

/// All that a room opens with.
#[derive(Debug)]
pub struct Opened {
    /// The room.
    pub room: Room,
    /// The caller's place in it.
    pub membership: Membership,
    /// Its members.
    pub members: Vec<wire::Member>,
    /// Part of its history.
    pub page: HistoryPage,
    /// What stands around that on a page.
    pub around: Around,
}

/// What stands around a room's history on its page.
#[derive(Debug, Default)]
pub struct Around {
    /// Which of the messages the caller saved.
    pub saved: HashSet<MessageId>,
    /// How far the others have read in a direct conversation.
    pub marks: Vec<(UserCard, MessageId)>,
    /// The caller's rooms, as [`mine`].
    pub mine: Vec<RoomState>,
}

/// Comes into a room by form: joins it where it is public, and notes that the session entered it.
///
/// # Errors
/// As [`join`].
pub async fn come_in(ctx: &Context, caller: &Caller, room: &str) -> Result<Standing> {
    let standing = join(ctx, caller, room).await?;
    note_entered(ctx, caller, &standing.room.code).await?;
    Ok(standing)
}

/// Opens a room by page: as [`come_in`], and reads what its page shows.
///
/// # Errors
/// As [`join`].
pub async fn enter(ctx: &Context, caller: &Caller, room: &str, page: Page) -> Result<Opened> {
    let opened = view(ctx, caller, room, Some(page), true).await?;
    note_entered(ctx, caller, &opened.room.code).await?;
    Ok(opened)
}

/// Opens a room by event: joins it where it is public, and reads what it opens with; without a page, no part of its
/// history.
///
/// # Errors
/// As [`join`].
pub async fn open(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    page: Option<Page>,
) -> Result<Opened> {
    view(ctx, caller, room, page, false).await
}

async fn note_entered(ctx: &Context, caller: &Caller, room: &RoomCode) -> Result<()> {
    if let Via::Session { hash, entered, .. } = &caller.via
        && entered.as_ref() != Some(room)
    {
        ctx.store.enter_room(*hash, room.clone()).await?;
    }
    Ok(())
}

/// Who does not belong to the room yet becomes a member first, where they may.
async fn view(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    page: Option<Page>,
    surroundings: bool,
) -> Result<Opened> {
    let (room, by) = (code(room)?, ctx.actor(caller, entry(caller)));
    let extent = Extent {
        page,
        messages: OPENING,
        members: OPENING_MEMBERS,
        surroundings,
    };
    let mut view = ctx.store.room_view(&room, by, extent).await?;
    if view.is_none() {
        ctx.store.join(&room, by.user, by.now, by.permit).await?;
        view = ctx.store.room_view(&room, by, extent).await?;
    }
    let view = view.ok_or_else(Error::no_room)?;
    let Standing {
        room, membership, ..
    } = view.standing;
    let mut marks = view.marks;
    marks.retain(|(card, _)| card.id != caller.id());
    Ok(Opened {
        room,
        membership: membership.ok_or_else(Error::no_room)?,
        members: view.members.iter().map(|one| ctx.member(one)).collect(),
        page: view.page,
        around: Around {
            saved: view.saved,
            marks,
            mine: view.mine,
        },
    })
}

/// What somebody may see of a person.
#[derive(Debug)]
pub struct Person {
    /// Who.
    pub account: Account,
    /// Rooms to which both belong, those with the newest messages first.
    pub rooms: Vec<Room>,
}

/// The person who goes by this name, as the caller may see them.
///
/// # Errors
/// `not_found`, also where the two share no room.
pub async fn person(ctx: &Context, caller: &Caller, name: &str) -> Result<Person> {
    let missing = || Error::not_found("person");
    let key = UserName::key_of(name);
    let account = ctx.store.account_by_name(&key).await?.ok_or_else(missing)?;
    let id = account.card.id;
    if !ctx.store.share_a_room(caller.id(), id).await? {
        return Err(missing());
    }
    let theirs: HashSet<RoomId> = ctx
        .store
        .rooms_of(id)
        .await?
        .iter()
        .map(|state| state.room.id)
        .collect();
    let rooms = mine(ctx, caller).await?.into_iter().map(|state| state.room);
    let rooms = rooms.filter(|room| theirs.contains(&room.id)).collect();
    Ok(Person { account, rooms })
}
