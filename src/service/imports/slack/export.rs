//! An export of Slack, as it lies in its archive: lists of people and channels, and a file a channel and day.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    archive::{Archive, ArchiveError},
    model::RoomKind,
    service::{Context, imports::ImportError},
};

/// The most bytes of one of its lists, unpacked.
pub(super) const LIST: u64 = 64 << 20;

/// The folder in which tools that fetch the files put them, each in a folder by its id.
const UPLOADS: &str = "__uploads/";

/// The lists of channels, what they hold, and what is shown before their names.
const LISTS: [(&str, RoomKind); 4] = [
    ("channels.json", RoomKind::Public),
    ("groups.json", RoomKind::Private),
    ("dms.json", RoomKind::Direct),
    ("mpims.json", RoomKind::Direct),
];

/// Somebody.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) deleted: bool,
    #[serde(default)]
    pub(super) is_bot: bool,
    #[serde(default)]
    pub(super) profile: Profile,
}

/// How somebody is called.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile {
    pub(super) display_name: Option<String>,
    pub(super) real_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

/// A text that somebody set.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Setting {
    pub(super) value: Option<String>,
}

/// A channel of any kind.
#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) created: Option<i64>,
    pub(super) creator: Option<String>,
    #[serde(default)]
    pub(super) is_archived: bool,
    #[serde(default)]
    pub(super) members: Vec<String>,
    pub(super) topic: Option<Setting>,
    pub(super) purpose: Option<Setting>,
    #[serde(skip, default = "public")]
    pub(super) kind: RoomKind,
}

const fn public() -> RoomKind {
    RoomKind::Public
}

impl Channel {
    /// How it is called where people read it.
    pub(super) fn shown(&self) -> String {
        match (&self.name, self.kind) {
            (Some(name), RoomKind::Public | RoomKind::Private) => format!("#{name}"),
            (name, _) => name.as_ref().unwrap_or(&self.id).clone(),
        }
    }
}

/// A file that came with a message.
#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) url_private: Option<String>,
    pub(super) mode: Option<String>,
}

/// Who answered with what.
#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    pub(super) name: String,
    #[serde(default)]
    pub(super) users: Vec<String>,
}

/// When something was edited, or pinned.
#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    pub(super) ts: Option<String>,
}

/// A message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) ts: String,
    pub(super) subtype: Option<String>,
    pub(super) user: Option<String>,
    pub(super) bot_id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) text: Option<String>,
    pub(super) thread_ts: Option<String>,
    pub(super) edited: Option<Edited>,
    pub(super) reactions: Option<Vec<Reaction>>,
    pub(super) files: Option<Vec<File>>,
    pub(super) file: Option<File>,
    pub(super) pinned_to: Option<Vec<String>>,
    pub(super) user_profile: Option<Profile>,
    pub(super) bot_profile: Option<Profile>,
    #[serde(default)]
    pub(super) hidden: bool,
    /// Read only where there is no text.
    pub(super) blocks: Option<Box<RawValue>>,
    pub(super) attachments: Option<Box<RawValue>>,
}

/// An export that was opened.
pub(super) struct Export {
    archive: Arc<Mutex<Archive>>,
    pub(super) users: Vec<User>,
    channels: Vec<Channel>,
    /// The folders of channels, and the files of days in each.
    days: HashMap<String, BTreeSet<String>>,
    /// The files in the archive by the ids that Slack gave them.
    uploads: BTreeMap<String, String>,
}

impl Export {
    /// Opens an archive and reads its lists. Blocks. What single entries could not be read is told beside it.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<String>), ImportError> {
        let mut archive = Archive::open(path)?;
        let names = archive.names();
        let root = root(&names).ok_or(ImportError::NoExport("users.json"))?;
        let mut warnings = Vec::new();
        let mut days: HashMap<String, BTreeSet<String>> = HashMap::new();
        let mut uploads = BTreeMap::new();
        for name in &names {
            let Some(inner) = name.strip_prefix(&root) else {
                continue;
            };
            if let Some(file) = inner.strip_prefix(UPLOADS) {
                if let Some((id, _)) = file.split_once('/') {
                    uploads.insert(id.to_owned(), name.clone());
                }
            } else if let Some((folder, file)) = inner.rsplit_once('/')
                && is_day(file)
            {
                days.entry(folder.to_owned())
                    .or_default()
                    .insert(name.clone());
            }
        }
        let users = list(&mut archive, &format!("{root}users.json"), &mut warnings)?
            .ok_or(ImportError::NoExport("users.json"))?;
        let mut channels = Vec::new();
        let mut any = false;
        for (name, kind) in LISTS {
            let found = list(&mut archive, &format!("{root}{name}"), &mut warnings)?;
            any = any || found.is_some();
            let of_kind = |channel| Channel { kind, ..channel };
            channels.extend(found.into_iter().flatten().map(of_kind));
        }
        if !any {
            return Err(ImportError::NoExport("channels.json"));
        }
        let mut known: BTreeSet<&str> =
            channels.iter().map(|channel| channel.id.as_str()).collect();
        known.extend(
            channels
                .iter()
                .filter_map(|channel| channel.name.as_deref()),
        );
        let mut strays: Vec<_> = days
            .keys()
            .filter(|folder| !known.contains(folder.as_str()))
            .collect();
        strays.sort();
        for folder in strays {
            warnings.push(format!(
                "{folder} is the folder of no channel in the lists: it is left out"
            ));
        }
        let export = Self {
            archive: Arc::new(Mutex::new(archive)),
            users,
            channels,
            days,
            uploads,
        };
        Ok((export, warnings))
    }

    /// The channels, which are handed out once.
    pub(super) fn take_channels(&mut self) -> Vec<Channel> {
        std::mem::take(&mut self.channels)
    }

    /// What a channel of this id is called.
    pub(super) fn channel_names(&self) -> HashMap<String, String> {
        let named = |channel: &Channel| Some((channel.id.clone(), channel.name.clone()?));
        self.channels.iter().filter_map(named).collect()
    }

    /// The files of a channel's days, the oldest first.
    pub(super) fn days(&self, channel: &Channel) -> Vec<String> {
        let by_name = channel.name.as_ref().and_then(|name| self.days.get(name));
        let days = by_name.or_else(|| self.days.get(&channel.id));
        days.into_iter().flatten().cloned().collect()
    }

    /// The messages of one day, in the order of their times, and what could not be read.
    pub(super) async fn day(
        &self,
        ctx: &Context,
        name: &str,
    ) -> Result<(Vec<Message>, Vec<String>), ImportError> {
        let (archive, name) = (Arc::clone(&self.archive), name.to_owned());
        let read = move || {
            let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
            let mut warnings = Vec::new();
            let found = list::<Message>(&mut archive, &name, &mut warnings)?;
            let mut messages = found.unwrap_or_default();
            messages.sort_by_cached_key(|message| {
                (super::words::time(&message.ts), message.ts.clone())
            });
            Ok((messages, warnings))
        };
        ctx.disk.run(read).await
    }

    /// Whether the archive itself holds the file of this id.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.uploads.contains_key(id)
    }

    /// The file of this id, if the archive itself holds it.
    pub(super) async fn upload(
        &self,
        ctx: &Context,
        id: &str,
        most: u64,
    ) -> Result<Option<Vec<u8>>, ArchiveError> {
        let Some(name) = self.uploads.get(id).cloned() else {
            return Ok(None);
        };
        let archive = Arc::clone(&self.archive);
        let read = move || {
            let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
            archive.read(&name, most)
        };
        ctx.disk.run(read).await
    }
}

/// What stands before all names: nothing, or the folder in which somebody packed the export again.
fn root(names: &[String]) -> Option<String> {
    let roots = names
        .iter()
        .filter_map(|name| name.strip_suffix("users.json"));
    roots
        .filter(|root| root.is_empty() || (root.ends_with('/') && root.matches('/').count() == 1))
        .min_by_key(|root| root.len())
        .map(str::to_owned)
}

/// Whether this is `YYYY-MM-DD.json`.
fn is_day(file: &str) -> bool {
    let Some(day) = file.strip_suffix(".json") else {
        return false;
    };
    day.len() == 10
        && day.char_indices().all(|(at, c)| match at {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        })
}

/// A list in the archive; `None` where there is no such file. An entry that is not what it should be is left out with a
/// warning.
fn list<T: DeserializeOwned>(
    archive: &mut Archive,
    name: &str,
    warnings: &mut Vec<String>,
) -> Result<Option<Vec<T>>, ImportError> {
    let Some(bytes) = archive.read(name, LIST)? else {
        return Ok(None);
    };
    let raw: Vec<&RawValue> =
        serde_json::from_slice(&bytes).map_err(|error| ImportError::Json {
            name: name.to_owned(),
            line: error.line(),
            column: error.column(),
            problem: without_place(&error),
        })?;
    let mut entries = Vec::with_capacity(raw.len());
    for (number, value) in (1..).zip(raw) {
        match serde_json::from_str(value.get()) {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                let problem = without_place(&error);
                let number: usize = number;
                warnings.push(format!("{name}, entry {number}: {problem}: it is left out"));
            }
        }
    }
    Ok(Some(entries))
}

/// What is wrong, without where: that is told apart.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => text,
    }
}
