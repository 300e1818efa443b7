//! The rooms of the app: those that a table lists, those that messages only name, direct conversations, and the one of
//! everybody.

use std::collections::{BTreeSet, HashMap};

use super::{Flask, times};
use crate::{
    model::{RoomCode, RoomKind, Timestamp, UserId},
    service::imports::{ImportError, rooms::Described, text},
    tables::{Row, Tables},
};

/// The most rooms that a table lists.
const MOST: usize = 100_000;

/// What the room of everybody is called.
const EVERYBODY: &str = "Chat";

/// The most characters of a room's name that is told.
const SHOWN: usize = 64;

/// Where a message was said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Where all are.
    Everybody,
    /// In a room: its id there, or what the message calls it.
    Room(String),
    /// Between two, by their keys, the lesser first.
    Direct(String, String),
}

/// A room, as its table has it.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    name: Option<String>,
    code: Option<String>,
    topic: Option<String>,
    owner: Option<String>,
    created: Option<Timestamp>,
    private: Option<bool>,
    /// Whom another table lists in it.
    members: Vec<String>,
}

/// What the tables say of rooms.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    listed: HashMap<String, Listed>,
    /// Their ids by code and by name.
    by_name: HashMap<String, String>,
    /// Codes that this run gave.
    codes: BTreeSet<RoomCode>,
}

impl Rooms {
    /// The places that a table lists.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        self.listed.keys().cloned().map(Place::Room)
    }

    /// Which room a message names.
    pub(super) fn named(&self, named: &str) -> Place {
        let named = named.trim();
        if self.listed.contains_key(named) {
            return Place::Room(named.to_owned());
        }
        let id = self.by_name.get(&named.to_lowercase()).cloned();
        Place::Room(id.unwrap_or_else(|| named.to_owned()))
    }
}

impl Flask<'_> {
    /// Reads what the tables say of rooms.
    pub(super) async fn rooms(&self) -> Result<Rooms, ImportError> {
        let mut rooms = Rooms::default();
        let Some(room) = self.schema.room.clone() else {
            return Ok(rooms);
        };
        let read = move |tables: &Tables| {
            let mut listed = Vec::new();
            let fields = ["id", "name", "code", "topic", "owner", "time", "private"];
            let mut each = |(number, values): Row| {
                let private = room.column("private").map(|_| values[6].holds());
                listed.push((
                    values[0].text().unwrap_or_else(|| number.to_string()),
                    Listed {
                        name: values[1].text(),
                        code: values[2].text(),
                        topic: values[3].text(),
                        owner: values[4].text(),
                        created: times::time(&values[5]),
                        private,
                        members: Vec::new(),
                    },
                ));
                listed.len() < MOST
            };
            tables.each(&room.table, &room.columns(fields), &mut each)?;
            Ok(listed)
        };
        for (id, listed) in self.read(read).await? {
            for name in [&listed.name, &listed.code].into_iter().flatten() {
                let name = name.trim().to_lowercase();
                rooms.by_name.entry(name).or_insert_with(|| id.clone());
            }
            rooms.listed.insert(id, listed);
        }
        for (room, user) in self.memberships().await? {
            if let Place::Room(id) = rooms.named(&room)
                && let Some(listed) = rooms.listed.get_mut(&id)
            {
                listed.members.push(user);
            }
        }
        Ok(rooms)
    }

    async fn memberships(&self) -> Result<Vec<(String, String)>, ImportError> {
        let Some(member) = self.schema.member.clone() else {
            return Ok(Vec::new());
        };
        let read = move |tables: &Tables| {
            let mut found = Vec::new();
            let mut each = |(_, values): Row| {
                found.extend(values[0].text().zip(values[1].text()));
                true
            };
            tables.each(&member.table, &member.columns(["room", "user"]), &mut each)?;
            Ok(found)
        };
        self.read(read).await
    }

    /// A place as a room here, in which these people spoke.
    pub(super) async fn described(
        &mut self,
        rooms: &mut Rooms,
        place: &Place,
        speakers: &BTreeSet<String>,
    ) -> Result<Described, ImportError> {
        let mut described = match place {
            Place::Everybody => {
                let people = self.import.people.all().filter(|person| person.active);
                let members = people.map(|person| person.id).collect();
                plain("everybody", EVERYBODY, RoomKind::Public, members)
            }
            Place::Direct(one, other) => {
                let members = vec![self.somebody(one).await?, self.somebody(other).await?];
                let names = [one, other].map(|key| self.import.people.get(key));
                let names: Vec<_> = names
                    .into_iter()
                    .flatten()
                    .map(|person| &person.name)
                    .collect();
                let shown = format!("{} and {}", names[0], names[names.len() - 1]);
                plain(
                    &format!("direct:{one}:{other}"),
                    &shown,
                    RoomKind::Direct,
                    members,
                )
            }
            Place::Room(id) => {
                let listed = rooms.listed.get(id).cloned().unwrap_or_default();
                self.room(rooms, id, listed, speakers).await?
            }
        };
        described.members.sort_unstable();
        described.members.dedup();
        Ok(described)
    }

    async fn room(
        &mut self,
        rooms: &mut Rooms,
        id: &str,
        listed: Listed,
        speakers: &BTreeSet<String>,
    ) -> Result<Described, ImportError> {
        let column = |part: &Option<super::schema::Mapped>, field| {
            let column = part.as_ref().and_then(|mapped| mapped.column(field));
            column.unwrap_or_default().to_owned()
        };
        let (owns, belongs) = (
            column(&self.schema.room, "owner"),
            column(&self.schema.member, "user"),
        );
        let owner = listed.owner.as_ref().map(|named| self.who(named, &owns));
        let belonging = listed.members.iter().map(|named| self.who(named, &belongs));
        let people: BTreeSet<_> = belonging
            .chain(owner.clone())
            .chain(speakers.iter().cloned())
            .collect();
        let active = people.iter().filter_map(|key| self.import.people.get(key));
        let members = active
            .filter(|person| person.active)
            .map(|person| person.id)
            .collect();
        let private = listed.private.unwrap_or(!self.wanted.public_rooms);
        let kind = if private {
            RoomKind::Private
        } else {
            RoomKind::Public
        };
        let name = listed
            .name
            .as_deref()
            .or(listed.code.as_deref())
            .unwrap_or(id);
        let code = self
            .code(rooms, listed.code.as_deref().unwrap_or(id))
            .await?;
        let owner = owner.and_then(|key| self.import.people.get(&key));
        Ok(Described {
            topic: listed.topic.clone().unwrap_or_default(),
            created: listed.created,
            creator: owner.map(|person| person.id),
            code,
            ..plain(&format!("room:{id}"), name, kind, members)
        })
    }

    /// The code that a room had there, where links to it go on with it.
    async fn code(&self, rooms: &mut Rooms, text: &str) -> Result<Option<RoomCode>, ImportError> {
        let number = text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(code) = RoomCode::parse(text).ok().filter(|_| !number) else {
            return Ok(None);
        };
        let there = self
            .import
            .ctx
            .store
            .standing(&code, self.import.admin)
            .await?;
        let free = there.is_none() && !rooms.codes.contains(&code);
        if free {
            rooms.codes.insert(code.clone());
        }
        Ok(free.then_some(code))
    }
}

fn plain(key: &str, name: &str, kind: RoomKind, members: Vec<UserId>) -> Described {
    Described {
        key: key.to_owned(),
        shown: text::one_line(name, SHOWN),
        name: name.to_owned(),
        topic: String::new(),
        kind,
        archived: false,
        created: None,
        code: None,
        members,
        creator: None,
    }
}
