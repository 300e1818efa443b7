//! Files that come with messages.

use std::fmt;

use super::{Excerpt, Message, MessageId, RoomId, Standing, Timestamp, UserId, text::text};

/// An upload's id: random, in base64url, so that it cannot be guessed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId(String);

impl UploadId {
    /// The random bits of an id, in bytes.
    pub const BYTES: usize = 24;

    /// Takes an id as clients send it or the store holds it; a text that is none is the id of nothing.
    #[must_use]
    pub fn of(text: String) -> Self {
        Self(text)
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a file is called: one line without a path, fit to be saved under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

text!(FileName);

impl FileName {
    /// The most bytes that file systems take (Linux, macOS and Windows agree on 255), less room for ` (1)`.
    pub const MAX: usize = 240;

    /// What is left of a name that a client sends. There is no wrong one: what does not belong into a name goes, and what
    /// is too long is cut before its extension.
    #[must_use]
    pub fn clean(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last
            .chars()
            .filter(|c| !c.is_control() && !invisible(*c))
            .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
            .collect();
        let kept = kept.trim().trim_start_matches('.').trim_start();
        if kept.is_empty() {
            return Self("file".to_owned());
        }
        let (stem, extension) = match kept.rfind('.') {
            Some(dot) if dot > 0 && kept.len() - dot <= 16 => kept.split_at(dot),
            _ => (kept, ""),
        };
        let stem = &stem[..stem.floor_char_boundary(Self::MAX - extension.len())];
        Self(format!("{stem}{extension}"))
    }
}

/// Characters that show nothing or turn the line around, with which `gpj.exe` reads as `exe.jpg` (UTS #55).
fn invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A file that came with a message, or that waits for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id among the uploads.
    pub id: UploadId,
    /// What its sender calls it.
    pub name: FileName,
    /// Its media type, by content.
    pub media_type: String,
    /// In bytes, as it is handed out.
    pub size: i64,
    /// Of a picture that may be shown.
    pub look: Option<Look>,
}

impl Message {
    /// The message in one short line, for lists: its text, or what its files are called.
    #[must_use]
    pub fn excerpt(&self) -> Excerpt {
        if self.text.is_empty() {
            Excerpt::of_files(&self.attachments)
        } else {
            Excerpt::of_message(&self.text, &self.html)
        }
    }
}

impl Excerpt {
    /// What stands for a message without words: what its files are called.
    #[must_use]
    pub fn of_files(files: &[Attachment]) -> Self {
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        Self::of(&names.join(", "))
    }
}

/// How a picture is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// The extension of the smaller pictures.
    pub extension: String,
}

/// An upload that is on disk and about to be kept.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// What it is.
    pub attachment: Attachment,
    /// Whose.
    pub owner: UserId,
    /// The most bytes that all uploads of the owner may have together.
    pub quota: Option<i64>,
    /// Now.
    pub created_at: Timestamp,
}

/// An upload, and all that is needed to decide who may fetch it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What it is.
    pub attachment: Attachment,
    /// Whose.
    pub owner: UserId,
    /// The message that it came with; `None` while it waits for one.
    pub message: Option<MessageId>,
    /// Where that message is.
    pub room: Option<RoomId>,
    /// The asking person's standing in that room.
    pub standing: Option<Standing>,
}

#[cfg(test)]
mod tests {
    use super::FileName;

    #[test]
    fn a_name_can_be_saved_under_and_says_what_it_is() {
        for (sent, expected) in [
            ("holiday.jpg", "holiday.jpg"),
            ("Übersicht 2024.pdf", "Übersicht 2024.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\anna\\me.png", "me.png"),
            ("invoice\u{202E}gpj.exe", "invoicegpj.exe"),
            (".htaccess", "htaccess"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("what?.txt", "what_.txt"),
            ("  ", "file"),
            ("", "file"),
            ("...", "file"),
            ("dir/", "file"),
        ] {
            assert_eq!(FileName::clean(sent).as_str(), expected, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = FileName::clean(&format!("{}.jpeg", "ä".repeat(300)));
        assert!(name.as_str().len() <= FileName::MAX && name.as_str().ends_with("ä.jpeg"));
        let name = FileName::clean(&format!("a.{}", "b".repeat(300)));
        assert_eq!(name.as_str().len(), FileName::MAX);
    }
}
