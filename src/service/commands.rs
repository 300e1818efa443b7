//! The commands of a socket: each request of the wire, run against the services.

use std::{future::Future, pin::Pin};

use super::{Caller, Context, invites, messages, permissions::Action, reading, rooms};
use crate::{
    error::{Error, Result},
    model::{RoomCode, RoomId, Seq, Standing},
    store::Page,
    wire::{
        self,
        events::{
            Done, History, HistoryAck, Join, JoinAck, Leave, ListMembers, ListRooms, MarkRead,
            MembersAck, MessageAck, ReadAck, Request, RoomsAck, SendMessage, SetTyping,
        },
    },
};

/// A request that can be run.
pub trait Command: Request {
    /// Runs it for this caller. Two commands of one socket are run in their order; the next one starts when this
    /// future is ready, which for a message is when it is queued.
    ///
    /// # Errors
    /// What the acknowledgement, or `problem`, will say.
    fn run(
        self,
        ctx: &Context,
        caller: &Caller,
    ) -> impl Future<Output = Result<Reply<Self::Ack>>> + Send;
}

/// What a command answers, and what its socket does after that.
pub struct Reply<A> {
    /// The acknowledgement.
    pub answer: Answer<A>,
    /// What follows it.
    pub follow: Follow,
}

/// An acknowledgement, now or once the change is on disk.
pub enum Answer<A> {
    /// Now.
    Now(A),
    /// After the commit.
    Stored(Pin<Box<dyn Future<Output = Result<A>> + Send>>),
}

/// What a socket does after it was answered.
#[derive(Debug)]
pub enum Follow {
    /// Nothing.
    Nothing,
    /// Listens to this room from this seq on; `announce` says whether `resumed` is due.
    Listen {
        /// The room.
        room: Box<crate::model::Room>,
        /// The last seq that the client knows.
        since: Seq,
        /// Whether the client asked for what it missed.
        announce: bool,
    },
    /// Stops listening.
    Unlisten(RoomId),
    /// Notes whether its person is at the device, before it is answered.
    Active {
        /// Whether.
        on: bool,
        /// The room that the person has before them.
        shown: Option<RoomCode>,
    },
}

impl<A> From<A> for Reply<A> {
    fn from(ack: A) -> Self {
        Self {
            answer: Answer::Now(ack),
            follow: Follow::Nothing,
        }
    }
}

/// The first fault: an event is told of one.
pub(super) fn first(faults: super::Faults) -> Error {
    faults
        .into_iter()
        .next()
        .expect("a refused form has at least one fault")
}

impl Command for SendMessage {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MessageAck>> {
        let stored = messages::send(ctx, caller, &self).await?;
        Ok(Reply {
            answer: Answer::Stored(Box::pin(async move {
                let appended = stored.await?;
                Ok(MessageAck {
                    id: appended.message.id.0,
                    seq: appended.message.created_seq.0,
                    created_at: appended.message.created_at.to_string(),
                    duplicate: appended.duplicate,
                })
            })),
            follow: Follow::Nothing,
        })
    }
}

impl Command for Join {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<JoinAck>> {
        if self.seq.is_some_and(|seq| seq < 0) {
            return Err(Error::invalid(
                "seq",
                "A seq is a number from 0 up. Send the last one that you saw.",
            ));
        }
        if let Some(invite) = &self.invite {
            invites::join(ctx, caller, &self.room, invite).await?;
        }
        let resuming = self.seq.map(Seq);
        // Who says what it has seen is sent what came after, so no page is read for it.
        let page = resuming.is_none().then_some(Page::Newest);
        let opened = rooms::open(ctx, caller, &self.room, page).await?;
        let present = Seq(opened.page.seq);
        let ack = JoinAck {
            room: wire::Room::of(&opened.room, Some(&opened.membership)),
            unread: opened.membership.unread,
            members: opened.members,
            more: opened.page.more_before,
            messages: wire::Message::all_of(&opened.page.messages, caller.id()),
        };
        Ok(Reply {
            answer: Answer::Now(ack),
            follow: Follow::Listen {
                room: Box::new(opened.room),
                since: resuming.map_or(present, |seq| seq.min(present)),
                announce: resuming.is_some(),
            },
        })
    }
}

impl Command for Leave {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        let Standing { room, .. } = rooms::standing(ctx, caller, &self.room, Action::See).await?;
        if self.membership {
            rooms::leave(ctx, caller, &self.room).await?;
        }
        Ok(Reply {
            answer: Answer::Now(Done {}),
            follow: Follow::Unlisten(room.id),
        })
    }
}

impl Command for History {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<HistoryAck>> {
        let page = reading::history(ctx, caller, &self).await?;
        Ok(HistoryAck {
            messages: wire::Message::all_of(&page.messages, caller.id()),
            more_before: page.more_before,
            more_after: page.more_after,
        }
        .into())
    }
}

impl Command for SetTyping {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        let standing = rooms::standing(ctx, caller, &self.room, Action::Type).await?;
        ctx.live.typing(&standing.room, caller.id(), self.on);
        Ok(Done {}.into())
    }
}

impl Command for MarkRead {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ReadAck>> {
        let membership = reading::mark_read(ctx, caller, &self.room, self.id).await?;
        Ok(ReadAck {
            unread: membership.unread,
            mentions: membership.mentions,
        }
        .into())
    }
}

impl Command for ListRooms {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomsAck>> {
        let rooms = rooms::mine(ctx, caller).await?;
        Ok(RoomsAck {
            rooms: rooms
                .iter()
                .map(|state| wire::RoomState::of(state, caller.id()))
                .collect(),
        }
        .into())
    }
}

impl Command for ListMembers {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MembersAck>> {
        Ok(
            rooms::members(ctx, caller, &self.room, self.after, self.limit)
                .await?
                .into(),
        )
    }
}
