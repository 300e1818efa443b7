//! Feeding one listener from the store until nothing newer was published, and letting it go live then.
//!
//! The same way serves a client that comes back, one that was too slow, and a gap in the feed: no gap, no
//! repeat, and nothing is held in memory for it but one page (contract, promises 4 and 5).

use std::{borrow::Cow, collections::VecDeque, sync::Arc};

use super::{
    connection::{Connection, NotSent, encode},
    dialect::Told,
    hub::Hub,
    pace,
    room::Behind,
};
use crate::{
    model::{Message, Room, RoomCode, RoomId, Seq},
    store::{Missed, StoreError},
    wire::events::{Event, Resumed},
};

/// The most messages that a client which comes back is sent; it reads older ones by `history`.
const RESUMED: u32 = 500;
/// How many messages are read at a time for a listener that was slow.
const PAGE: u32 = 100;

/// What stops a catch-up before its listener is live.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// The connection is gone.
    Gone,
    /// Another listening took over, or it ended.
    Superseded,
    /// Its person does not belong to the room.
    NotTheirs,
}

/// Feeds `behind` until it is live.
pub(super) async fn run(hub: &Arc<Hub>, room: RoomId, behind: Behind) {
    if let Err(stop) = feed(hub, room, &behind, None).await {
        end(hub, room, &behind, stop);
    }
}

/// Feeds a client that came back, room by room: it gets the newest 500 of what it missed there, and then `resumed`. The
/// store is asked for several rooms at once.
pub(super) async fn resume(
    hub: &Arc<Hub>,
    connection: &Arc<Connection>,
    mut rooms: VecDeque<(Room, Behind)>,
) {
    while !rooms.is_empty() {
        let since = rooms.iter().map(|(room, behind)| (room.id, behind.since));
        let missed = hub
            .store
            .missed(since.collect(), connection.user(), RESUMED);
        let missed = match missed.await {
            Ok(missed) => missed,
            Err(error) => {
                not_fed(connection, &error);
                return hub.disconnect(connection);
            }
        };
        let told = rooms.drain(..missed.len());
        for ((room, behind), missed) in told.zip(missed) {
            let fed = match missed {
                Some(missed) => {
                    let back = Back {
                        code: room.code,
                        missed,
                    };
                    feed(hub, room.id, &behind, Some(back)).await
                }
                None => Err(Stop::NotTheirs),
            };
            if let Err(stop) = fed {
                end(hub, room.id, &behind, stop);
            }
        }
    }
}

fn end(hub: &Arc<Hub>, room: RoomId, behind: &Behind, stop: Stop) {
    match stop {
        Stop::Superseded => {}
        Stop::Gone => hub.disconnect(&behind.connection),
        Stop::NotTheirs => hub.unlisten(&behind.connection, room),
    }
}

/// A client that came back to a room.
struct Back {
    code: RoomCode,
    /// What it missed there; of more than that the newest.
    missed: Missed,
}

async fn feed(
    hub: &Arc<Hub>,
    room: RoomId,
    behind: &Behind,
    back: Option<Back>,
) -> Result<(), Stop> {
    let mut sent = behind.since;
    let (code, mut newest) = back.map(|back| (back.code, back.missed)).unzip();
    // What is left out is older; the client reads it by `history`, if it does.
    let left_out = newest.as_ref().is_some_and(|missed| missed.more);
    loop {
        // The store is read after this listener was added, once at least: what was committed before that was told to nobody
        // here, and the membership may have ended since it was looked at, before there was a listener to be taken out.
        let (missed, goes_on) = if let Some(newest) = newest.take() {
            (newest, false)
        } else {
            let missed = read(hub, room, sent, behind).await?;
            let goes_on = missed.more;
            (missed, goes_on)
        };
        let page = Page {
            messages: &missed.messages,
            since: sent,
            more: goes_on,
        };
        pass_on(hub, room, behind, &page).await?;
        sent = page.last().unwrap_or(missed.seq());
        let resumed = code.as_ref().map(|code| Resumed {
            room: code.as_str().to_owned(),
            seq: sent.0,
            more: left_out,
        });
        if sent == missed.seq() && go_live(hub, room, behind, sent, resumed.as_ref()).await? {
            return Ok(());
        }
    }
}

async fn read(hub: &Hub, room: RoomId, since: Seq, behind: &Behind) -> Result<Missed, Stop> {
    let user = behind.connection.user();
    let missed = hub.store.changes(room, user, since, PAGE).await;
    let missed = missed.map_err(|error| {
        not_fed(&behind.connection, &error);
        Stop::Gone
    })?;
    missed.ok_or(Stop::NotTheirs)
}

/// Its client comes back by itself, and tries once more.
fn not_fed(connection: &Connection, error: &StoreError) {
    tracing::error!(user.id = connection.user().0, error = %error, "a listener could not be fed from the store");
    connection.outlet().cut();
}

/// Messages in the order in which they are told: new ones in that of their ids (promise 3), and all of them so that
/// whoever keeps the greatest seq that it heard, and is cut off in the middle, goes on from there (promise 4).
struct Page<'m> {
    messages: &'m [Message],
    /// Everything until here was told before.
    since: Seq,
    /// Whether more of them come after these.
    more: bool,
}

impl<'m> Page<'m> {
    /// Until where a listener has been told with this page, when another page follows it.
    fn last(&self) -> Option<Seq> {
        let last = self.messages.last().filter(|_| self.more);
        last.map(|message| message.place(self.since))
    }

    /// Each with whether it is known. A new one that changed since has a greater seq than some that come after it: it is
    /// told with the seq of its creation then, since whoever breaks off there has not heard of those.
    fn told(&self) -> impl Iterator<Item = (bool, Cow<'m, Message>)> {
        let places = self
            .messages
            .iter()
            .map(|message| message.place(self.since));
        let next = places.skip(1).map(Some).chain([self.last()]);
        self.messages.iter().zip(next).map(|(message, next)| {
            let mut told = Cow::Borrowed(message);
            if next.is_some_and(|next| next < message.seq) {
                told.to_mut().seq = message.created_seq;
            }
            (message.created_seq <= self.since, told)
        })
    }
}

/// Tells a page. Not one more of its messages is told once the listener was taken out of the room.
async fn pass_on(hub: &Hub, room: RoomId, behind: &Behind, page: &Page<'_>) -> Result<(), Stop> {
    let listens = || {
        let channel = hub.channel(room);
        channel.is_some_and(|channel| channel.hears(behind))
    };
    for (knows, message) in page.told() {
        let told = Told::new(&message);
        pace::paced(&hub.tasks, &behind.connection, || {
            if listens() {
                told.to(&behind.connection, knows)
            } else {
                Ok(())
            }
        })
        .await
        .map_err(|_| Stop::Gone)?;
        if !listens() {
            return Err(Stop::Superseded);
        }
    }
    Ok(())
}

/// Under the room's lock: if nothing newer than `sent` was published, the listener hears live from now on.
async fn go_live(
    hub: &Hub,
    room: RoomId,
    behind: &Behind,
    sent: Seq,
    resumed: Option<&Resumed>,
) -> Result<bool, Stop> {
    let payload = resumed.map(encode);
    loop {
        let attempt = {
            let channel = hub.channel(room).ok_or(Stop::Superseded)?;
            let mut state = channel.lock();
            if state.published.is_some_and(|published| published > sent) {
                return Ok(false);
            }
            let listener = state
                .get_mut(&behind.connection)
                .filter(|listener| listener.listening == behind.listening)
                .ok_or(Stop::Superseded)?;
            let told = payload.as_ref().map_or(Ok(()), |payload| {
                behind.connection.outlet().send(Resumed::EVENT, payload)
            });
            if told.is_ok() {
                listener.sent = sent;
                listener.live = true;
            }
            told
        };
        match attempt {
            Ok(()) => return Ok(true),
            Err(NotSent::Closed) => return Err(Stop::Gone),
            Err(NotSent::Full) => tokio::time::sleep(pace::AGAIN).await,
        }
    }
}
