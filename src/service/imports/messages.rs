//! What was said in a channel, day by day, in batches.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{
    Import, ImportError,
    export::{Channel, Message},
    rooms::Target,
    words,
};
use crate::{
    model::{ImportedMessage, Mentioned, Timestamp, UploadId, UserId, UserName},
    service::render,
};

/// How many messages are kept in one transaction.
const BATCH: usize = 500;

/// Messages that are notices of the channel, and say nothing: who came and went, what was renamed, pinned or archived.
const NOTICES: [&str; 28] = [
    "app_conversation_join",
    "bot_add",
    "bot_disable",
    "bot_enable",
    "bot_remove",
    "channel_archive",
    "channel_convert_to_private",
    "channel_convert_to_public",
    "channel_join",
    "channel_leave",
    "channel_name",
    "channel_posting_permissions",
    "channel_purpose",
    "channel_topic",
    "channel_unarchive",
    "ekm_access_denied",
    "group_archive",
    "group_join",
    "group_leave",
    "group_name",
    "group_purpose",
    "group_topic",
    "group_unarchive",
    "huddle_thread",
    "pinned_item",
    "reply_broadcast",
    "sh_room_created",
    "unpinned_item",
];

impl Import<'_> {
    /// Brings what was said in a channel; answers how many messages are new.
    pub(super) async fn bring_messages(
        &mut self,
        channel: &Channel,
        target: &mut Target,
    ) -> Result<usize, ImportError> {
        let channels = Arc::clone(&self.channel_names);
        let mut added = 0;
        let mut last = String::new();
        for day in self.export.days(channel) {
            let (mut messages, warnings) = self.export.day(self.ctx, &day).await?;
            for warning in warnings {
                self.report.warn(warning);
            }
            messages.retain(|message| self.counts(&day, message));
            // A reply that was sent to the channel too may stand there twice.
            messages.retain(|message| {
                let again = message.ts == last;
                last.clone_from(&message.ts);
                !again
            });
            let mut messages = messages.into_iter().peekable();
            while messages.peek().is_some() {
                let batch: Vec<_> = messages.by_ref().take(BATCH).collect();
                added += self.bring_batch(channel, target, &channels, batch).await?;
            }
        }
        Ok(added)
    }

    /// Whether a message says something, and has a time.
    fn counts(&mut self, day: &str, message: &Message) -> bool {
        if words::time(&message.ts).is_none() {
            self.report.warn(format!(
                "{day}: {:?} is no time: that message is left out",
                message.ts
            ));
            return false;
        }
        let subtype = message.subtype.as_deref().unwrap_or_default();
        if message.hidden || NOTICES.contains(&subtype) {
            self.report.notices += 1;
            return false;
        }
        true
    }

    async fn bring_batch(
        &mut self,
        channel: &Channel,
        target: &mut Target,
        channels: &HashMap<String, String>,
        batch: Vec<Message>,
    ) -> Result<usize, ImportError> {
        let keys: Vec<_> = batch.iter().map(|message| message.ts.clone()).collect();
        let known = match target.place {
            Some(place) => self.ctx.store.imported_messages(place, keys).await?,
            None => HashSet::new(),
        };
        self.report.known += known.len();
        let mut new = Vec::new();
        for message in batch {
            if known.contains(&message.ts) {
                continue;
            }
            let at = words::time(&message.ts)
                .unwrap_or(Timestamp(0))
                .min(self.ctx.now());
            if !target.begun && target.newest.is_some_and(|newest| at < newest) {
                self.report.warn(format!(
                    "{}: messages of {} are older than what was said in the room here since: they go into a room of their own",
                    channel.shown(),
                    message.ts
                ));
                *target = self.new_room(channel, true).await?;
            }
            let message = self
                .message(channel, target, channels, &message, at)
                .await?;
            if let Some(message) = message {
                target.begun = true;
                target.newest = target.newest.max(Some(message.created_at));
                new.push(message);
            }
        }
        let count = new.len();
        self.report.messages += count;
        let keep = !self.dry && count > 0;
        if let (Some(place), Some(room), true) = (target.place, target.room, keep) {
            self.ctx.store.import_messages(place, room, new).await?;
        }
        Ok(count)
    }

    /// One message, ready to be kept; `None` where it says nothing.
    async fn message(
        &mut self,
        channel: &Channel,
        target: &Target,
        channels: &HashMap<String, String>,
        message: &Message,
        at: Timestamp,
    ) -> Result<Option<ImportedMessage>, ImportError> {
        let deleted = message.subtype.as_deref() == Some("tombstone");
        let Some(author) = self.author(message).await? else {
            self.report.warn(format!(
                "{}: nobody wrote {}: it is left out",
                channel.shown(),
                message.ts
            ));
            return Ok(None);
        };
        let mut attachments = Vec::new();
        let said = if deleted {
            words::Said::default()
        } else {
            let said = self
                .said(channels, author, message, &mut attachments)
                .await?;
            if said.text.trim().is_empty() && attachments.is_empty() {
                self.report.notices += 1;
                return Ok(None);
            }
            said
        };
        if said.cut {
            self.report.warn(format!(
                "{}: {} is very long: its end is cut",
                channel.shown(),
                message.ts
            ));
        }
        let (html, mentioned) = self.read(&said.text, &said.named, target).await;
        let (reactions, unknown) =
            words::reactions(message.reactions.as_deref().unwrap_or_default());
        self.report.unknown_emoji += unknown;
        let who = |keys: Vec<String>| -> Vec<UserId> {
            keys.iter()
                .filter_map(|key| self.people.get(key))
                .map(|person| person.id)
                .collect()
        };
        let reactions: Vec<_> = reactions
            .into_iter()
            .map(|(emoji, keys)| (emoji, who(keys)))
            .collect();
        let thread = message
            .thread_ts
            .clone()
            .filter(|first| *first != message.ts);
        let pinned = !deleted
            && message
                .pinned_to
                .as_ref()
                .is_some_and(|rooms| rooms.contains(&channel.id));
        self.report.replies += usize::from(thread.is_some());
        self.report.pins += usize::from(pinned);
        self.report.reactions += reactions
            .iter()
            .map(|(_, people)| people.len())
            .sum::<usize>();
        let edited = message
            .edited
            .as_ref()
            .and_then(|edited| words::time(edited.ts.as_ref()?));
        // Whatever the archive says, time only goes on in a room: jumping to a date relies on it.
        let created_at = target.newest.map_or(at, |newest| at.max(newest));
        Ok(Some(ImportedMessage {
            key: message.ts.clone(),
            author,
            text: said.text,
            html,
            mentioned,
            created_at,
            edited_at: edited.filter(|_| !deleted),
            pinned_at: pinned.then_some(created_at),
            deleted,
            thread,
            reactions,
            attachments,
        }))
    }

    /// What a message says, with lines that name the files that are not kept; the others wait in `attachments`.
    async fn said(
        &mut self,
        channels: &HashMap<String, String>,
        author: UserId,
        message: &Message,
        attachments: &mut Vec<UploadId>,
    ) -> Result<words::Said, ImportError> {
        let people = |id: &str| self.people.get(id).map(|person| person.name.clone());
        let mut said = words::said(message, &people, channels);
        for link in self.files(author, message, attachments).await? {
            if !said.text.is_empty() {
                said.text.push('\n');
            }
            said.text.push_str(&link);
        }
        Ok(said)
    }

    /// The HTML of a text, and whom of the room's members it mentions.
    async fn read(
        &self,
        text: &str,
        named: &BTreeSet<String>,
        target: &Target,
    ) -> (String, Mentioned) {
        if self.dry || text.is_empty() {
            return (String::new(), Mentioned::default());
        }
        let people = named.iter().filter_map(|key| self.people.get(key));
        let people = people.filter(|person| target.members.contains(&person.id));
        let named: Vec<_> = people
            .map(|person| (UserName::key_of(&person.name), person.id))
            .collect();
        let found = render::mentions(text, &named);
        let mentioned = Mentioned {
            people: found.people,
            room: found.room,
        };
        (render::message(self.ctx, text, named).await, mentioned)
    }
}
