//! What an import did, or would do.

use std::fmt;

/// How many warnings are kept; the others are counted.
const WARNINGS: usize = 1_000;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// People whose accounts wait to be claimed.
    pub people: usize,
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
    /// Each room with new messages, in a line.
    pub rooms_told: Vec<String>,
    /// What whoever runs the import should know.
    pub warnings: Vec<String>,
    /// Warnings past the most that are kept.
    pub more_warnings: usize,
}

impl Report {
    pub(super) fn warn(&mut self, warning: String) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push(warning);
        } else {
            self.more_warnings += 1;
        }
    }
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
        for (what, count) in [
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
        ] {
            writeln!(f, "{count:>9}  {what}")?;
        }
        Ok(())
    }
}
