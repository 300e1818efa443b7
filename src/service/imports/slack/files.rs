//! The files of a message: kept where they lie in the archive or in a folder, else named in the text with their address.
//! Nothing is fetched.

use std::path::{Path, PathBuf};

use super::{
    Slack,
    export::{File, Message},
};
use crate::{
    archive::ArchiveError,
    model::{UploadId, UserId},
    service::{
        imports::{ImportError, disk, text},
        uploads,
    },
};

impl Slack<'_> {
    /// Keeps the files of a message that are there, up to as many as a message takes; answers lines that name the others.
    pub(super) async fn files(
        &mut self,
        author: UserId,
        message: &Message,
        kept: &mut Vec<UploadId>,
    ) -> Result<Vec<String>, ImportError> {
        let mut links = Vec::new();
        let most = self.import.ctx.settings.limits.attachments_per_message;
        let files = message.files.iter().flatten().chain(&message.file);
        for file in files {
            if kept.len() < most && self.keep_file(author, file, kept).await? {
                self.import.report.files += 1;
            } else if let Some(link) = link(file) {
                self.import.report.links += 1;
                links.push(link);
            }
        }
        Ok(links)
    }

    /// Keeps a file, if it is there and can be.
    async fn keep_file(
        &mut self,
        author: UserId,
        file: &File,
        kept: &mut Vec<UploadId>,
    ) -> Result<bool, ImportError> {
        let Some(id) = file.id.as_deref().filter(|id| is_id(id)) else {
            return Ok(false);
        };
        let most =
            u64::try_from(self.import.ctx.settings.limits.attachment_bytes).unwrap_or(u64::MAX);
        let bytes = match self.bytes(id, file, most).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(false),
            Err(problem) => {
                self.import
                    .report
                    .warn(format!("the file {id} stays a link: {problem}"));
                return Ok(false);
            }
        };
        if self.import.how.dry {
            // It stands for the one that would be there.
            kept.push(UploadId::of(String::new()));
            return Ok(true);
        }
        match uploads::bring(self.import.ctx, author, name(file), &bytes).await {
            Ok(attachment) => {
                kept.push(attachment.id);
                Ok(true)
            }
            Err(error) if error.code == crate::error::Code::Unavailable => Err(error.into()),
            Err(error) => {
                self.import
                    .report
                    .warn(format!("the file {id} stays a link: {}", error.message));
                Ok(false)
            }
        }
    }

    /// A file's content from the archive, else from the folder.
    async fn bytes(&self, id: &str, file: &File, most: u64) -> Result<Option<Vec<u8>>, String> {
        if self.export.holds(id) {
            let read = self.export.upload(self.import.ctx, id, most).await;
            return read.map_err(|error: ArchiveError| error.to_string());
        }
        let Some(folder) = self.wanted.files.clone() else {
            return Ok(None);
        };
        let (id, name) = (id.to_owned(), name(file).to_owned());
        let read = move || {
            let places = places(&folder, &id, &name);
            let found = places.iter().find(|path| path.is_file());
            found.map(|path| disk::read(path, most, "--attachment-bytes"))
        };
        self.import.ctx.disk.run(read).await.transpose()
    }
}

/// Slack's ids of files are capital letters and digits; whatever else stands there names no file.
fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn name(file: &File) -> &str {
    let named = [&file.name, &file.title]
        .into_iter()
        .flatten()
        .map(String::as_str);
    named
        .map(str::trim)
        .find(|name| !name.is_empty())
        .unwrap_or("file")
}

/// Where tools that fetch files put the one of this id and name; the name is followed only where it is a plain one.
fn places(folder: &Path, id: &str, name: &str) -> Vec<PathBuf> {
    let mut places = vec![folder.join(id)];
    let plain = !name.contains(['/', '\\', '\0', ':']) && name != "." && name != "..";
    if plain {
        places.extend([
            folder.join(id).join(name),
            folder.join("__uploads").join(id).join(name),
            folder.join(format!("{id}-{name}")),
            folder.join(format!("{id}_{name}")),
        ]);
    }
    places
}

/// A file by its name and address. What stands behind a `?` in it may be a key to the whole workspace: it is left out.
fn link(file: &File) -> Option<String> {
    if matches!(file.mode.as_deref(), Some("tombstone" | "hidden_by_limit")) {
        return None;
    }
    let address = file.permalink.as_deref().or(file.url_private.as_deref())?;
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let safe = address.starts_with("https://")
        && !address.contains(|c: char| c.is_whitespace() || "()<>\"".contains(c));
    let name = text::one_line(name(file), 200).replace(['[', ']', '\\', '`'], "");
    Some(if safe {
        format!("[{name}]({address})")
    } else {
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_no_key_and_no_other_scheme() {
        let file = |address: &str| File {
            id: None,
            name: Some("a [draft].pdf".to_owned()),
            title: None,
            permalink: None,
            url_private: Some(address.to_owned()),
            mode: None,
        };
        for (address, expected) in [
            (
                "https://files.slack.com/a.pdf?t=xoxe-1",
                "[a draft.pdf](https://files.slack.com/a.pdf)",
            ),
            ("javascript:alert(1)", "a draft.pdf"),
            ("https://x/)[y](z", "a draft.pdf"),
        ] {
            assert_eq!(link(&file(address)).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let folder = Path::new("files");
        for name in ["../../etc/passwd", "..", "a\\b", "c:x"] {
            assert_eq!(places(folder, "F1", name), [folder.join("F1")], "{name}");
        }
        assert!(!is_id("../F1") && !is_id("") && is_id("F01AB"));
    }
}
