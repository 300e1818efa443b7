//! Where what was said goes: public rooms, private ones, and direct conversations.

use std::collections::HashSet;

use super::{Import, ImportError, text};
use crate::{
    model::{
        ImportedMessage, NewImportedRoom, Place, RoomCode, RoomId, RoomKind, RoomName, Timestamp,
        Topic, UserId,
    },
    secrets::random,
};

/// How many messages are kept in one transaction.
pub(super) const BATCH: usize = 500;

/// A room as it was there.
pub(super) struct Described {
    pub(super) key: String,
    /// How it is called where people read of it.
    pub(super) shown: String,
    /// What it is called here, unless it is a direct conversation.
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) kind: RoomKind,
    pub(super) archived: bool,
    pub(super) created: Option<Timestamp>,
    /// Its code here, if it has one already.
    pub(super) code: Option<RoomCode>,
    /// Who belongs to it and was there still, each once, in order.
    pub(super) members: Vec<UserId>,
    /// Who owns it, if they belong to it.
    pub(super) creator: Option<UserId>,
}

/// Where a room's messages go.
pub(super) struct Target {
    /// The store's own number of what was brought; `None` while a dry run has not made it.
    pub(super) place: Option<i64>,
    /// The room; `None` likewise.
    pub(super) room: Option<RoomId>,
    /// No message in it is newer.
    pub(super) newest: Option<Timestamp>,
    /// Who belongs to it.
    pub(super) members: Vec<UserId>,
    /// Whether this run has added to it.
    pub(super) begun: bool,
}

impl Import<'_> {
    /// Finds or makes a room; `None` where it was imported before and deleted here.
    pub(super) async fn bring_room(
        &mut self,
        described: &Described,
    ) -> Result<Option<Target>, ImportError> {
        let known = self
            .ctx
            .store
            .imported_room(self.how.source, &described.key)
            .await?;
        Ok(match known {
            Some(Place { room: None, .. }) => {
                self.report.warn(format!(
                    "{} was imported before and deleted here: it is left out",
                    described.shown
                ));
                None
            }
            Some(place) => Some(self.again(described, place).await?),
            None => Some(self.new_room(described, false).await?),
        })
    }

    /// A room that was brought before. Who is new there is new here; who was brought before may have left since.
    async fn again(&mut self, described: &Described, place: Place) -> Result<Target, ImportError> {
        let members = described.members.clone();
        let fresh = self.people.all().filter(|person| person.fresh);
        let mut fresh: Vec<_> = fresh.map(|person| person.id).collect();
        fresh.retain(|id| members.contains(id));
        fresh.sort_unstable();
        if let (Some(room), false, false) = (place.room, self.how.dry, fresh.is_empty()) {
            self.ctx
                .store
                .import_members(room, fresh, self.ctx.now())
                .await?;
        }
        Ok(Target {
            place: Some(place.id),
            room: place.room,
            newest: place.newest,
            members,
            begun: false,
        })
    }

    /// Makes a room. `beside` is for what would stand before newer messages of the room that is there: ids must grow with
    /// time in every room, so it gets a room of its own.
    async fn new_room(
        &mut self,
        described: &Described,
        beside: bool,
    ) -> Result<Target, ImportError> {
        let kind = match described.kind {
            RoomKind::Direct if beside => RoomKind::Private,
            kind => kind,
        };
        let mut members = described.members.clone();
        let owners = self.owners(described, kind);
        members.extend(&owners);
        members.sort_unstable();
        members.dedup();
        let mut newest = None;
        if kind == RoomKind::Direct {
            let there = self.ctx.store.direct_between(members.clone()).await?;
            newest = there.and_then(|(_, newest)| newest);
            self.report.rooms += usize::from(there.is_none());
        } else {
            self.report.rooms += 1;
        }
        let mut target = Target {
            place: None,
            room: None,
            newest,
            members,
            begun: false,
        };
        if !self.how.dry {
            let new = self.room(described, kind, beside, (target.members.clone(), owners));
            let place = self.ctx.store.import_room(new).await?;
            target.place = Some(place.id);
            target.room = place.room;
            target.newest = place.newest;
        }
        Ok(target)
    }

    /// Who owns the room: its creator if they belong to it, else all of a small circle or its first member; the admin too
    /// where a public room would have nobody who can log in.
    fn owners(&self, described: &Described, kind: RoomKind) -> Vec<UserId> {
        let members = &described.members;
        let creator = described.creator.filter(|id| members.contains(id));
        let mut owners: Vec<_> = match (kind, described.kind) {
            (RoomKind::Direct, _) => return Vec::new(),
            (_, RoomKind::Direct) => members.clone(),
            _ => creator.or(members.first().copied()).into_iter().collect(),
        };
        let here = |id: &UserId| {
            self.people
                .all()
                .any(|person| person.id == *id && person.here)
        };
        if kind == RoomKind::Public && !owners.iter().any(here) && !owners.contains(&self.admin) {
            owners.push(self.admin);
        }
        owners
    }

    fn room(
        &self,
        described: &Described,
        kind: RoomKind,
        beside: bool,
        (members, owners): (Vec<UserId>, Vec<UserId>),
    ) -> NewImportedRoom {
        let limits = &self.ctx.settings.limits;
        let name = match kind {
            RoomKind::Direct => String::new(),
            _ => self.room_name(described, beside),
        };
        let code = described.code.clone().filter(|_| !beside);
        let now = self.ctx.now();
        NewImportedRoom {
            source: self.how.source,
            key: described.key.clone(),
            code: code.unwrap_or_else(|| RoomCode::from_random(random())),
            name: RoomName::stored(name),
            topic: Topic::stored(text::one_line(&described.topic, limits.topic_characters)),
            kind,
            // A private room of nobody cannot be written in.
            archived: described.archived || members.is_empty(),
            created_at: described.created.map_or(now, |created| created.min(now)),
            members,
            owners,
            now,
        }
    }

    fn room_name(&self, described: &Described, beside: bool) -> String {
        let most = self.ctx.settings.limits.room_name_characters;
        let end = if beside {
            format!(" ({})", self.how.source.title())
        } else {
            String::new()
        };
        let name = text::one_line(&described.name, most.saturating_sub(end.len()));
        let name = if name.is_empty() {
            &described.key
        } else {
            &name
        };
        text::one_line(&format!("{name}{end}"), most)
    }

    /// Which of these messages were brought before.
    pub(super) async fn known(
        &mut self,
        target: &Target,
        keys: Vec<String>,
    ) -> Result<HashSet<String>, ImportError> {
        let known = match target.place {
            Some(place) => self.ctx.store.imported_messages(place, keys).await?,
            None => HashSet::new(),
        };
        self.report.known += known.len();
        Ok(known)
    }

    /// Has the messages from this time on, which `key` stands for, go where no message is newer.
    pub(super) async fn make_way(
        &mut self,
        described: &Described,
        target: &mut Target,
        (at, key): (Timestamp, &str),
    ) -> Result<(), ImportError> {
        if !target.begun && target.newest.is_some_and(|newest| at < newest) {
            self.report.warn(format!(
                "{}: messages of {key} are older than what was said in the room here since: they go into a room of their own",
                described.shown
            ));
            *target = self.new_room(described, true).await?;
        }
        Ok(())
    }

    /// Keeps messages in their order, unless it is a dry run; answers how many they are.
    pub(super) async fn keep_messages(
        &mut self,
        target: &Target,
        messages: Vec<ImportedMessage>,
    ) -> Result<usize, ImportError> {
        let count = messages.len();
        self.report.messages += count;
        let keep = !self.how.dry && count > 0;
        if let (Some(place), Some(room), true) = (target.place, target.room, keep) {
            self.ctx
                .store
                .import_messages(place, room, messages)
                .await?;
        }
        Ok(count)
    }
}

impl Target {
    /// When a message of this time is kept: whatever the source says, time only goes on in a room, as jumping to a date
    /// relies on it.
    pub(super) fn after_all(&self, at: Timestamp) -> Timestamp {
        self.newest.map_or(at, |newest| at.max(newest))
    }

    /// Notes that this message comes last in it.
    pub(super) fn took(&mut self, message: &ImportedMessage) {
        self.begun = true;
        self.newest = self.newest.max(Some(message.created_at));
    }
}
