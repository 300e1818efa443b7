//! Channels as rooms.

use super::{Slack, export::Channel, words};
use crate::{
    model::{RoomKind, UserId},
    service::{
        imports::{ImportError, rooms::Described},
        slack,
    },
};

impl Slack<'_> {
    /// Brings a channel with all that was said in it; answers how many messages are new.
    pub(super) async fn bring_room(&mut self, channel: &Channel) -> Result<usize, ImportError> {
        let described = self.described(channel);
        match self.import.bring_room(&described).await? {
            Some(mut target) => self.bring_messages(channel, &described, &mut target).await,
            None => Ok(0),
        }
    }

    fn described(&self, channel: &Channel) -> Described {
        let mut members = self.members(channel, true);
        if channel.kind == RoomKind::Direct && members.is_empty() {
            // Everybody left: what was said stays with who said it, and nobody else may read it.
            members = self.members(channel, false);
        }
        let people = &self.import.people;
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
            people.get(id).map(|person| person.name.clone())
        });
        let own = channel
            .name
            .as_ref()
            .filter(|_| channel.kind != RoomKind::Direct);
        let name = own.cloned().unwrap_or_else(|| {
            let members = channel.members.iter().filter_map(|key| people.get(key));
            let names: Vec<_> = members.map(|person| person.name.as_str()).collect();
            names.join(", ")
        });
        let created = channel
            .created
            .and_then(|seconds| words::time(&seconds.to_string()));
        let creator = channel.creator.as_ref().and_then(|key| people.get(key));
        Described {
            key: channel.id.clone(),
            shown: channel.shown(),
            name,
            topic,
            kind: channel.kind,
            archived: channel.is_archived,
            created,
            code: None,
            members,
            creator: creator.map(|person| person.id),
        }
    }

    /// A channel's members, or those of them who were still there, each once.
    fn members(&self, channel: &Channel, active: bool) -> Vec<UserId> {
        let people = &self.import.people;
        let found = channel.members.iter().filter_map(|key| people.get(key));
        let mut members: Vec<_> = found
            .filter(|person| person.active || !active)
            .map(|person| person.id)
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}
