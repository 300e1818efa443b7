//! Channels as rooms: public ones, private ones, and direct conversations.

use super::{Import, ImportError, export::Channel, words};
use crate::{
    model::{
        NewImportedRoom, Place, RoomCode, RoomId, RoomKind, RoomName, Source, Timestamp, Topic,
        UserId,
    },
    secrets::random,
    service::slack,
};

/// Where a channel's messages go.
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
    /// Brings a channel with all that was said in it; answers how many messages are new.
    pub(super) async fn bring_room(&mut self, channel: &Channel) -> Result<usize, ImportError> {
        let known = self
            .ctx
            .store
            .imported_room(Source::Slack, &channel.id)
            .await?;
        let mut target = match known {
            Some(Place { room: None, .. }) => {
                self.report.warn(format!(
                    "{} was imported before and deleted here: it is left out",
                    channel.shown()
                ));
                return Ok(0);
            }
            Some(place) => self.again(channel, place).await?,
            None => self.new_room(channel, false).await?,
        };
        self.bring_messages(channel, &mut target).await
    }

    /// Those of a channel's members who are still there, each once.
    fn members(&self, channel: &Channel) -> Vec<UserId> {
        let found = channel
            .members
            .iter()
            .filter_map(|key| self.people.get(key));
        let mut members: Vec<_> = found
            .filter(|person| person.active)
            .map(|person| person.id)
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// A room that was brought before. Who is new there is new here; who was brought before may have left since.
    async fn again(&mut self, channel: &Channel, place: Place) -> Result<Target, ImportError> {
        let members = self.members(channel);
        let fresh = self
            .people
            .all()
            .filter(|person| person.fresh)
            .map(|person| person.id);
        let mut fresh: Vec<_> = fresh.filter(|id| members.contains(id)).collect();
        fresh.sort_unstable();
        if let (Some(room), false, false) = (place.room, self.dry, fresh.is_empty()) {
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

    /// Makes a channel's room. `beside` is for what would stand before newer messages of the room that is there: ids must
    /// grow with time in every room, so it gets a room of its own.
    pub(super) async fn new_room(
        &mut self,
        channel: &Channel,
        beside: bool,
    ) -> Result<Target, ImportError> {
        let mut members = self.members(channel);
        if channel.kind == RoomKind::Direct && members.is_empty() {
            // Everybody left: what was said stays with who said it, and nobody else may read it.
            members = self.everybody_of(channel);
        }
        let kind = match channel.kind {
            RoomKind::Direct if beside => RoomKind::Private,
            kind => kind,
        };
        let owners = self.owners(channel, kind, &members);
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
        if !self.dry {
            let new = self.described(channel, kind, beside, (target.members.clone(), owners));
            let place = self.ctx.store.import_room(new).await?;
            target.place = Some(place.id);
            target.room = place.room;
            target.newest = place.newest;
        }
        Ok(target)
    }

    fn everybody_of(&self, channel: &Channel) -> Vec<UserId> {
        let found = channel
            .members
            .iter()
            .filter_map(|key| self.people.get(key));
        found.map(|person| person.id).collect()
    }

    /// Who owns the room: its creator if they belong to it, else all of a small circle or its first member; the admin too
    /// where a public room would have nobody who can log in.
    fn owners(&self, channel: &Channel, kind: RoomKind, members: &[UserId]) -> Vec<UserId> {
        if kind == RoomKind::Direct {
            return Vec::new();
        }
        let creator = channel
            .creator
            .as_ref()
            .and_then(|key| self.people.get(key));
        let creator = creator
            .map(|person| person.id)
            .filter(|id| members.contains(id));
        let mut owners: Vec<_> = match (creator, channel.kind) {
            (_, RoomKind::Direct) => members.to_vec(),
            (creator, _) => creator.or(members.first().copied()).into_iter().collect(),
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

    fn described(
        &self,
        channel: &Channel,
        kind: RoomKind,
        beside: bool,
        (members, owners): (Vec<UserId>, Vec<UserId>),
    ) -> NewImportedRoom {
        let limits = &self.ctx.settings.limits;
        let text = |setting: &Option<super::export::Setting>| {
            setting
                .as_ref()
                .and_then(|setting| setting.value.clone())
                .filter(|value| !value.trim().is_empty())
        };
        let topic = text(&channel.topic)
            .or_else(|| text(&channel.purpose))
            .unwrap_or_default();
        let topic = slack::brackets(&topic, &|id| {
            self.people.get(id).map(|person| person.name.clone())
        });
        let name = match kind {
            RoomKind::Direct => String::new(),
            _ => self.room_name(channel, beside),
        };
        let created = channel
            .created
            .and_then(|seconds| words::time(&seconds.to_string()));
        let now = self.ctx.now();
        NewImportedRoom {
            source: Source::Slack,
            key: channel.id.clone(),
            code: RoomCode::from_random(random()),
            name: RoomName::stored(name),
            topic: Topic::stored(words::one_line(&topic, limits.topic_characters)),
            kind,
            // A private room of nobody cannot be written in.
            archived: channel.is_archived || members.is_empty(),
            created_at: created.map_or(now, |created| created.min(now)),
            members,
            owners,
            now,
        }
    }

    fn room_name(&self, channel: &Channel, beside: bool) -> String {
        let most = self.ctx.settings.limits.room_name_characters;
        let end = if beside { " (Slack)" } else { "" };
        let own = channel
            .name
            .as_ref()
            .filter(|_| channel.kind != RoomKind::Direct);
        let name = own.cloned().unwrap_or_else(|| {
            let people = channel.members.iter();
            let people = people.filter_map(|key| self.people.get(key));
            let names: Vec<_> = people.map(|person| person.name.as_str()).collect();
            names.join(", ")
        });
        let name = words::one_line(&name, most.saturating_sub(end.len()));
        let name = if name.is_empty() { &channel.id } else { &name };
        words::one_line(&format!("{name}{end}"), most)
    }
}
