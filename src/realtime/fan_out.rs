//! The feed's only consumer: tells committed changes to those who listen, in the order of the commits.
//! There is one order because there is one place where it is made.

use std::sync::Arc;

use super::{Live, catch_up, connection::Connection, hub::Hub, presence, room::Behind};
use crate::{
    model::{Change, Credential, Message, Revocation, RoomId, Seq, Timestamp, UserCard},
    store::{
        Page,
        feed::{Delivery, FeedReceiver, Flags},
    },
    wire::{
        self,
        events::{Event, Mention, PreferencesUpdated, ProfileUpdated, Saved},
    },
};

impl Hub {
    /// Consumes the feed until the writer is gone.
    pub async fn consume(self: Arc<Self>, mut feed: FeedReceiver) {
        while let Some(delivery) = feed.recv().await {
            match delivery {
                Delivery::Batch(changes) => {
                    for change in changes {
                        self.tell(change).await;
                    }
                }
                Delivery::Flagged(flags) => self.read_anew(flags).await,
            }
            self.has_told();
        }
    }

    async fn tell(self: &Arc<Self>, change: Change) {
        match change {
            Change::Message(message) => self.tell_message(&message),
            Change::Mentioned { message, people } => {
                let event = Mention {
                    message: wire::Message::of(&message, None),
                };
                self.tell_people(people, &event);
            }
            Change::Joined { room, member } => self.tell_joined(&room, &member),
            Change::Left { room, user, reason } => self.tell_left(&room, &user, reason),
            Change::Member { room, member } => self.tell_member(room, &member),
            Change::Room(room) => self.tell_head(&room, None).await,
            Change::Swept { room, before } => self.tell_head(&room, Some(before)).await,
            Change::Removed {
                room,
                members,
                reason,
            } => self.tell_removed(&room, &members, reason),
            Change::Saved { user_id, id, on } => {
                self.tell_person(user_id, &Saved { id: id.0, on });
            }
            Change::Moderated {
                room,
                measure,
                entry,
            } => self.tell_moderated(&room, &measure, &entry),
            Change::Profile(card) => self.tell_profile(card).await,
            Change::Read {
                user_id,
                room,
                membership,
                back,
            } => self.tell_read(user_id, &room, &membership, back),
            Change::Preferences {
                user_id,
                room,
                preferences,
            } => {
                let event = PreferencesUpdated {
                    room: room.code.as_str().to_owned(),
                    preferences: wire::Preferences::from(&preferences),
                };
                self.tell_person(user_id, &event);
            }
            Change::Revoked(revocation) => self.revoke(&revocation),
        }
    }

    fn tell_message(self: &Arc<Self>, message: &Message) {
        let Some(channel) = self.channel(message.room_id) else {
            return;
        };
        let published = channel.publish(message);
        for connection in &published.gone {
            self.disconnect(connection);
        }
        self.feed_from_store(message.room_id, published.behind);
    }

    fn feed_from_store(self: &Arc<Self>, room: RoomId, behind: Vec<Behind>) {
        for behind in behind {
            let hub = Arc::clone(self);
            self.tasks
                .spawn(async move { catch_up::run(&hub, room, behind).await });
        }
    }

    async fn tell_profile(self: &Arc<Self>, card: UserCard) {
        for connection in self.connections_of(card.id) {
            connection.set_card(card.clone());
        }
        let event = ProfileUpdated(wire::User::of(&card, self.status(card.id)));
        if card.deleted {
            // Who is gone shares no room with anybody, and what they said may be on anybody's screen.
            let everybody = self.everybody();
            self.tell_people(everybody.iter().map(|connection| connection.user()), &event);
        } else {
            let people = presence::acquaintances(self, card.id, ProfileUpdated::EVENT).await;
            self.tell_people(people, &event);
        }
    }

    fn revoke(self: &Arc<Self>, revocation: &Revocation) {
        for connection in self.everybody() {
            match (revocation, connection.credential()) {
                (Revocation::Everything { user_id, .. }, _) if connection.user() != *user_id => {}
                (
                    Revocation::Everything {
                        except: Some((old, new)),
                        ..
                    },
                    Credential::Session(hash),
                ) if hash == *old || hash == *new => {
                    connection.set_credential(Credential::Session(*new));
                }
                (Revocation::Everything { .. }, _) => self.end(&connection),
                (Revocation::Session(ended), Credential::Session(hash))
                | (Revocation::Token(ended), Credential::Token(hash))
                    if *ended == hash =>
                {
                    self.end(&connection);
                }
                _ => {}
            }
        }
    }

    fn end(self: &Arc<Self>, connection: &Arc<Connection>) {
        connection.outlet().disconnect();
        self.disconnect(connection);
    }

    /// Changes were dropped: reads what the flagged rooms and people are now.
    async fn read_anew(self: &Arc<Self>, flags: Flags) {
        for room in flags.rooms {
            let Some(channel) = self.channel(room) else {
                continue;
            };
            match self.store.history(room, Page::Newest, 1).await {
                Ok(page) => self.feed_from_store(room, channel.flag(Seq(page.seq))),
                Err(error) => {
                    tracing::error!(room.id = room.0, error = %error, "a room could not be read anew");
                }
            }
        }
        for room in flags.heads {
            match self.store.room(room).await {
                Ok(Some(room)) => self.tell_head(&room, None).await,
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(room.id = room.0, error = %error, "a room could not be read anew");
                }
            }
        }
        for room in flags.left {
            self.check_listeners(room).await;
        }
        for person in flags.people {
            match self.store.account(person).await {
                Ok(Some(account)) => self.tell_profile(account.card).await,
                Ok(None) => self.tell_profile(UserCard::closed(person)).await,
                Err(error) => {
                    tracing::error!(user.id = person.0, error = %error, "a person could not be read anew");
                }
            }
        }
        if flags.credentials {
            for connection in self.everybody() {
                if !self.still_holds(&connection).await {
                    self.end(&connection);
                }
            }
        }
    }

    /// Whether the credential that a connection was opened with still holds.
    pub async fn still_holds(&self, connection: &Connection) -> bool {
        let now = Timestamp(self.clock.now_ms());
        let (credential, user) = (connection.credential(), connection.user());
        let holds = self.store.holds(credential, user, now).await;
        holds.unwrap_or_else(|error| {
            tracing::error!(error = %error, "a credential could not be checked");
            false
        })
    }
}
