//! What an import did, or would do.

use std::fmt;

/// How many warnings are kept; the others are counted.
const WARNINGS: usize = 1_000;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// People whose accounts wait to be claimed.
    pub people: usize,
    /// People whose old passwords open their accounts.
    pub logins: usize,
    /// People who have accounts here.
    pub matched: usize,
    /// Programs.
    pub programs: usize,
    /// New rooms.
    pub rooms: usize,
    /// New messages.
    pub messages: usize,
    /// Messages that were brought before.
    pub known: usize,
    /// New messages that answer in a thread.
    pub replies: usize,
    /// Emoji under new messages.
    pub reactions: usize,
    /// New messages that are pinned.
    pub pins: usize,
    /// Files that are kept here.
    pub files: usize,
    /// Files that stand as links in their messages.
    pub links: usize,
    /// Notices of a room, such as who joined it, which are left out.
    pub notices: usize,
    /// Emoji that only that workspace has, which are left out.
    pub unknown_emoji: usize,
    /// Photos of people.
    pub photos: usize,
    /// Photos that were not looked for, as no folder was named.
    pub photos_left: usize,
    /// People who were brought before.
    pub people_known: usize,
    /// Messages that were deleted there, which are left out.
    pub deleted: usize,
    /// Messages without a time that can be read: they have that of the one before.
    pub timeless: usize,
    /// What is read from where, in lines.
    pub read_from: Vec<String>,
    /// What becomes of each person, in a line, where nothing is kept.
    pub people_told: Vec<String>,
    /// Each room with new messages, in a line.
    pub rooms_told: Vec<String>,
    /// What whoever runs the import should know.
    pub warnings: Vec<String>,
    /// Warnings past the most that are kept.
    pub more_warnings: usize,
}

impl Report {
    /// Whether nothing was new.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.people + self.logins + self.matched + self.programs == 0
            && self.rooms + self.messages + self.photos == 0
    }

    fn counts(&self) -> Vec<(&'static str, usize)> {
        let common = [
            ("accounts to be claimed", self.people),
            ("people with an account here", self.matched),
            ("programs", self.programs),
            ("rooms", self.rooms),
            ("messages", self.messages),
            ("of them replies", self.replies),
            ("reactions", self.reactions),
            ("pins", self.pins),
            ("files kept here", self.files),
            ("files that stay links", self.links),
            ("messages that were here already", self.known),
            ("notices left out", self.notices),
            ("custom emoji left out", self.unknown_emoji),
        ];
        let more = [
            ("people with their old password", self.logins),
            ("photos", self.photos),
            (
                "photos left out: name their folder with --uploads",
                self.photos_left,
            ),
            ("people who were here already", self.people_known),
            ("messages left out that were deleted there", self.deleted),
            ("messages with the time of the one before", self.timeless),
        ];
        let more = more.into_iter().filter(|(_, count)| *count > 0);
        common.into_iter().chain(more).collect()
    }

    pub(super) fn warn(&mut self, warning: String) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push(warning);
        } else {
            self.more_warnings += 1;
        }
    }
}

/// How many messages a room got.
pub(super) fn room_line(room: &str, added: usize) -> String {
    format!("{room}: {added} {}", noun(added, "message", "messages"))
}

/// The word for one, or for several.
pub(super) const fn noun(count: usize, one: &'static str, several: &'static str) -> &'static str {
    if count == 1 { one } else { several }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        if self.more_warnings > 0 {
            writeln!(f, "warning: and {} more", self.more_warnings)?;
        }
        for (what, count) in self.counts() {
            // A source that may hold anything only tells of what it held.
            if count > 0 || self.read_from.is_empty() {
                writeln!(f, "{count:>9}  {what}")?;
            }
        }
        Ok(())
    }
}
