//! From the records of services to the rows that templates show.

use std::collections::HashSet;

use super::{
    attached, times,
    view::{
        Allowed, MemberRow, Menu, MessageView, PublicRoom, QuoteView, ReactionView, RoomHead,
        RoomRow,
    },
};
use crate::{
    model::{
        Message, MessageId, Notify, Quote, Room, RoomKind, RoomState, Standing, Timestamp,
        UserCard, UserId,
    },
    service::{Caller, Context, lists, permissions::Action},
    wire::{self, Status},
};

/// One of my rooms.
fn room(state: &RoomState, now: Timestamp) -> RoomRow {
    let last = state.last_message.as_ref();
    RoomRow {
        code: state.room.code.as_str().to_owned(),
        name: state.room.name.as_str().to_owned(),
        seq: state.room.last_seq.0,
        unread: state.membership.unread,
        mentions: state.membership.mentions,
        members: state.room.members,
        excerpt: last.map(|message| {
            let said = if message.deleted {
                "This message was deleted.".to_owned()
            } else {
                message.excerpt().0
            };
            format!("{}: {said}", message.author.name)
        }),
        time: last.map(|message| message.created_at.to_string()),
        clock: last
            .map(|message| times::short(message.created_at, now))
            .unwrap_or_default(),
        current: false,
        private: state.room.kind == RoomKind::Private,
        with: others(state).map(person),
        favourite: state.membership.preferences.favourite,
        quiet: is_quiet(state, now),
        archived: state.room.archived,
    }
}

/// Whether somebody hears nothing of a room for now.
fn is_quiet(state: &RoomState, now: Timestamp) -> bool {
    let preferences = &state.membership.preferences;
    preferences.notify == Notify::None || preferences.muted_until.is_some_and(|until| until > now)
}

/// Whom a direct conversation is with: the first other, or oneself where there is none.
fn others(state: &RoomState) -> Option<&UserCard> {
    let people = &state.room.people;
    let name = state.room.name.as_str();
    let first = people
        .iter()
        .find(|card| name.split(", ").next() == Some(card.name.as_str()));
    first.or_else(|| people.first())
}

/// Somebody of whom only the card is known here.
fn person(card: &UserCard) -> MemberRow {
    MemberRow {
        user_id: card.id.0,
        name: card.name.as_str().to_owned(),
        gone: card.deleted,
        avatar: wire::avatar(card),
        ..MemberRow::default()
    }
}

/// My rooms: favourites first, and without those that I hid, unless something in them is unread.
pub(super) fn rooms(states: &[RoomState], now: Timestamp) -> Vec<RoomRow> {
    let shown = states.iter().filter(|state| {
        let (membership, hidden) = (&state.membership, state.membership.preferences.hidden);
        !hidden || membership.unread > 0
    });
    let mut rows: Vec<_> = shown.map(|state| room(state, now)).collect();
    rows.sort_by_key(|row| !row.favourite);
    rows
}

/// A room that I may join.
pub(super) fn public_room(room: &Room) -> PublicRoom {
    PublicRoom {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
        topic: room.topic.as_str().to_owned(),
        members: room.members,
    }
}

/// The room that a page is about, read at `seq`, on a server that is reached as `server`.
pub(super) fn head(room: &Room, seq: i64, server: &str) -> RoomHead {
    RoomHead {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
        topic: room.topic.as_str().to_owned(),
        members: room.members,
        seq,
        link: format!("{server}/room/{}", room.code),
        kind: wire::RoomKind::from(room.kind).as_str().to_owned(),
    }
}

/// A member.
pub(super) fn member(member: &wire::Member) -> MemberRow {
    MemberRow {
        user_id: member.user.id,
        name: member.user.name.clone(),
        gone: member.user.deleted,
        avatar: member.user.avatar.clone(),
        role: match member.user.guest {
            Some(true) => "guest".to_owned(),
            _ => member.role.as_str().to_owned(),
        },
        status: status(member.user.status).to_owned(),
        measures: None,
    }
}

/// Whether somebody can be reached, in a word.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Away => "away",
        Status::Offline => "offline",
    }
}

/// Who looks at messages of one room, and what they know of them.
pub(super) struct Reader<'a> {
    /// Their place in the room.
    standing: &'a Standing,
    user: UserId,
    now: Timestamp,
    /// What they saved.
    pub(super) saved: HashSet<MessageId>,
    /// The message around which the page was opened.
    pub(super) target: Option<i64>,
    /// How the menu of that message is offered.
    pub(super) target_menu: Menu,
    /// How those of the others are.
    pub(super) menu: Menu,
}

impl<'a> Reader<'a> {
    /// The caller, of whom nothing is known yet.
    pub(super) fn new(ctx: &Context, caller: &Caller, standing: &'a Standing) -> Self {
        Self {
            standing,
            user: caller.id(),
            now: ctx.now(),
            saved: HashSet::new(),
            target: None,
            target_menu: Menu::Closed,
            menu: Menu::Closed,
        }
    }

    fn allowed(&self, message: &Message) -> Allowed {
        let offers = |action| lists::offers(action, self.standing, message, self.user, self.now);
        Allowed {
            reply: offers(Action::Write),
            react: offers(Action::React),
            edit: offers(Action::EditMessage),
            delete: offers(Action::DeleteMessage),
            pin: offers(Action::Pin),
            remove_previews: !message.previews.is_empty() && offers(Action::HidePreviews),
        }
    }
}

/// A message that another one replies to.
pub(super) fn quote(quote: &Quote) -> QuoteView {
    QuoteView {
        id: quote.id.0,
        name: quote.author.name.as_str().to_owned(),
        excerpt: quote.excerpt.0.clone(),
        deleted: quote.deleted,
    }
}

/// A message, as `reader` sees it now.
pub(super) fn message(message: &Message, reader: &Reader<'_>) -> MessageView {
    let at = message.created_at;
    let targeted = reader.target == Some(message.id.0);
    MessageView {
        id: message.id.0,
        room: message.room.as_str().to_owned(),
        seq: message.seq.0,
        user_id: message.author.id.0,
        name: message.author.name.as_str().to_owned(),
        gone: message.author.deleted,
        avatar: wire::avatar(&message.author),
        html: message.html.clone(),
        pictures: attached::pictures(message),
        files: attached::files(message),
        previews: attached::previews(message),
        time: at.to_string(),
        at_ms: at.0,
        clock: times::clock(at),
        full: times::full(at),
        date: times::date(at),
        day: times::day(at, reader.now),
        continued: false,
        mine: message.author.id == reader.user,
        emoji_only: MessageView::is_emoji_only(&message.text),
        quote: message.reply_to.as_ref().map(quote),
        reactions: reactions(message, reader.user),
        edited: message.edited_at.map(times::full),
        pinned: message.pinned,
        saved: reader.saved.contains(&message.id),
        deleted: message.deleted,
        reply_count: message.reply_count,
        targeted,
        may: reader.allowed(message),
        menu: if targeted {
            reader.target_menu
        } else {
            reader.menu
        },
    }
}

fn reactions(message: &Message, reader: UserId) -> Vec<ReactionView> {
    let reactions = message.reactions.iter().map(|reaction| ReactionView {
        emoji: reaction.emoji.clone(),
        count: reaction.users.len(),
        me: reaction.users.contains(&reader),
    });
    reactions.collect()
}
