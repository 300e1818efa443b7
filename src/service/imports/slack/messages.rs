//! What was said in a channel, day by day, in batches.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    Slack,
    export::{Channel, Message},
    words,
};
use crate::{
    model::{ImportedMessage, Mentioned, Timestamp, UploadId, UserId, UserName},
    service::{
        imports::{
            ImportError,
            rooms::{BATCH, Described, Target},
        },
        render,
    },
};

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

impl Slack<'_> {
    /// Brings what was said in a channel; answers how many messages are new.
    pub(super) async fn bring_messages(
        &mut self,
        channel: &Channel,
        described: &Described,
        target: &mut Target,
    ) -> Result<usize, ImportError> {
        let channels = Arc::clone(&self.channel_names);
        let mut added = 0;
        let mut last = String::new();
        for day in self.export.days(channel) {
            let (mut messages, warnings) = self.export.day(self.import.ctx, &day).await?;
            for warning in warnings {
                self.import.report.warn(warning);
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
                added += self
                    .bring_batch(channel, described, target, (&channels, batch))
                    .await?;
            }
        }
        Ok(added)
    }

    /// Whether a message says something, and has a time.
    fn counts(&mut self, day: &str, message: &Message) -> bool {
        if words::time(&message.ts).is_none() {
            self.import.report.warn(format!(
                "{day}: {:?} is no time: that message is left out",
                message.ts
            ));
            return false;
        }
        let subtype = message.subtype.as_deref().unwrap_or_default();
        if message.hidden || NOTICES.contains(&subtype) {
            self.import.report.notices += 1;
            return false;
        }
        true
    }

    async fn bring_batch(
        &mut self,
        channel: &Channel,
        described: &Described,
        target: &mut Target,
        (channels, batch): (&HashMap<String, String>, Vec<Message>),
    ) -> Result<usize, ImportError> {
        let keys: Vec<_> = batch.iter().map(|message| message.ts.clone()).collect();
        let known = self.import.known(target, keys).await?;
        let mut new = Vec::new();
        for message in batch {
            if known.contains(&message.ts) {
                continue;
            }
            let at = words::time(&message.ts)
                .unwrap_or(Timestamp(0))
                .min(self.import.ctx.now());
            self.import
                .make_way(described, target, (at, &message.ts))
                .await?;
            let message = self
                .message(channel, target, channels, &message, at)
                .await?;
            if let Some(message) = message {
                target.took(&message);
                new.push(message);
            }
        }
        self.import.keep_messages(target, new).await
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
            self.import.report.warn(format!(
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
                self.import.report.notices += 1;
                return Ok(None);
            }
            said
        };
        if said.cut {
            self.import.report.warn(format!(
                "{}: {} is very long: its end is cut",
                channel.shown(),
                message.ts
            ));
        }
        let (html, mentioned) = self.read(&said.text, &said.named, target).await;
        let (reactions, unknown) =
            words::reactions(message.reactions.as_deref().unwrap_or_default());
        self.import.report.unknown_emoji += unknown;
        let who = |keys: Vec<String>| -> Vec<UserId> {
            keys.iter()
                .filter_map(|key| self.import.people.get(key))
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
        self.import.report.replies += usize::from(thread.is_some());
        self.import.report.pins += usize::from(pinned);
        self.import.report.reactions += reactions
            .iter()
            .map(|(_, people)| people.len())
            .sum::<usize>();
        let edited = message
            .edited
            .as_ref()
            .and_then(|edited| words::time(edited.ts.as_ref()?));
        let created_at = target.after_all(at);
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
        let people = |id: &str| self.import.people.get(id).map(|person| person.name.clone());
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
        if self.import.how.dry || text.is_empty() {
            return (String::new(), Mentioned::default());
        }
        let people = named.iter().filter_map(|key| self.import.people.get(key));
        let people = people.filter(|person| target.members.contains(&person.id));
        let named: Vec<_> = people
            .map(|person| (UserName::key_of(&person.name), person.id))
            .collect();
        let found = render::mentions(text, &named);
        let mentioned = Mentioned {
            people: found.people,
            room: found.room,
        };
        (
            render::message(self.import.ctx, text, named).await,
            mentioned,
        )
    }
}
