//! The parts of an export, one after the other.

use std::{collections::VecDeque, fs::File, io, path::PathBuf, sync::Arc};

use serde::Serialize;

use crate::{
    archive::Packer,
    error::{Error, Result},
    media::photo,
    model::{Account, MessageId, OwnFile, Room, UploadId, UserId},
    service::{Context, uploads},
    store::Page,
    wire::{
        devices::Session,
        exports::{File as Listed, Place, Profile, Reaction, Said, Sessions, Settings, path},
        passkeys::Passkey,
        push::Subscription,
        tokens::Token,
    },
};

/// How many rows are read at a time.
const ROWS: u32 = 200;

/// How many bytes of a file are read at a time.
const CHUNK: u64 = 256 << 10;

/// What is put into the archive next.
pub(super) enum Piece {
    /// An entry of this name begins; whether it is to be compressed.
    Begin(String, bool),
    /// These bytes.
    Bytes(Vec<u8>),
    /// The next bytes of a file.
    Chunk(Arc<File>),
}

impl Piece {
    /// Blocks.
    pub(super) fn put(self, packer: &mut Packer) -> io::Result<()> {
        match self {
            Self::Begin(name, small) => packer.begin(&name, small),
            Self::Bytes(bytes) => packer.put(&bytes),
            Self::Chunk(file) => {
                let mut bytes = Vec::new();
                io::Read::read_to_end(&mut io::Read::take(&*file, CHUNK), &mut bytes)?;
                packer.put(&bytes)
            }
        }
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Account,
    Said(MessageId),
    /// Messages of the first of the direct conversations, after this one.
    Direct(MessageId),
    Reactions(i64),
    Saved(MessageId),
    Files,
    Contents,
    Photo,
    End,
}

/// How far it is.
#[derive(Debug)]
pub(super) struct Parts {
    account: Account,
    stage: Stage,
    /// Whether the list that is open is empty so far.
    first: bool,
    direct: VecDeque<Room>,
    /// After which file the next page of them begins.
    after: UploadId,
    files: VecDeque<OwnFile>,
    /// The file that is being read, and how many pieces of it are still to come.
    open: Option<(Arc<File>, u64)>,
}

impl Parts {
    pub(super) fn of(account: Account) -> Self {
        Self {
            account,
            stage: Stage::Account,
            first: true,
            direct: VecDeque::new(),
            after: UploadId::of(String::new()),
            files: VecDeque::new(),
            open: None,
        }
    }

    fn user(&self) -> UserId {
        self.account.card.id
    }

    /// The next pieces, which may be none; `None` at the end.
    pub(super) async fn next(&mut self, ctx: &Context) -> Result<Option<Vec<Piece>>> {
        let mut pieces = Vec::new();
        match self.stage {
            Stage::Account => {
                self.account(ctx, &mut pieces).await?;
                self.open_list(&mut pieces, "messages.json");
                self.stage = Stage::Said(MessageId(0));
            }
            Stage::Said(from) => {
                let (said, next) = ctx.store.said_by(self.user(), from).await?;
                self.list(&mut pieces, said.iter().map(Said::from))?;
                self.stage = match next {
                    Some(next) => Stage::Said(next),
                    None => self.next_direct(&mut pieces),
                };
            }
            Stage::Direct(after) => self.direct(ctx, &mut pieces, after).await?,
            Stage::Reactions(after) => {
                let found = ctx.store.reactions_by(self.user(), after, ROWS).await?;
                self.list(&mut pieces, found.iter().map(Reaction::from))?;
                self.stage = if let Some(last) = found.last() {
                    Stage::Reactions(last.id)
                } else {
                    close_list(&mut pieces);
                    self.open_list(&mut pieces, "saved.json");
                    Stage::Saved(MessageId(i64::MAX))
                };
            }
            Stage::Saved(before) => {
                let found = ctx.store.saved(self.user(), before, ROWS).await?;
                let said = found.iter().map(|saved| Said::from(&saved.message));
                self.list(&mut pieces, said)?;
                self.stage = if let Some(last) = found.last() {
                    Stage::Saved(last.message.id)
                } else {
                    close_list(&mut pieces);
                    self.open_list(&mut pieces, "files.json");
                    Stage::Files
                };
            }
            Stage::Files => {
                let found = self.more_files(ctx).await?;
                self.list(&mut pieces, found.iter().map(Listed::from))?;
                if found.is_empty() {
                    close_list(&mut pieces);
                    self.after = UploadId::of(String::new());
                    self.stage = Stage::Contents;
                }
            }
            Stage::Contents => self.contents(ctx, &mut pieces).await?,
            Stage::Photo => {
                self.photo(ctx, &mut pieces).await?;
                self.stage = Stage::End;
            }
            Stage::End => return Ok(None),
        }
        Ok(Some(pieces))
    }

    async fn account(&mut self, ctx: &Context, pieces: &mut Vec<Piece>) -> Result<()> {
        let (user, now, store) = (self.user(), ctx.now(), &ctx.store);
        let profile = Profile {
            user: ctx.me(&self.account),
            identity: store.identity_of(user).await?.map(Into::into),
            created_at: self.account.created_at.to_string(),
            exported_at: now.to_string(),
        };
        let devices = store.devices(user, None, now).await?;
        let tokens = store.tokens_of(user, None, now).await?;
        let passkeys = store.passkeys(user).await?;
        let pushed = store.subscriptions(user, now).await?;
        let sessions = Sessions {
            sessions: devices.iter().map(Session::of).collect(),
            tokens: tokens.iter().map(Token::of).collect(),
            passkeys: passkeys.iter().map(Passkey::from).collect(),
            push_subscriptions: pushed.iter().map(Subscription::of).collect(),
        };
        let settings = Settings::from(&store.notification_settings(user).await?);
        let rooms = store.rooms_of(user).await?;
        let places: Vec<_> = rooms
            .iter()
            .map(|state| Place::of(&state.room, &state.membership))
            .collect();
        whole(pieces, "profile.json", &profile)?;
        whole(pieces, "sessions.json", &sessions)?;
        whole(pieces, "settings.json", &settings)?;
        whole(pieces, "rooms.json", &places)?;
        let rooms = rooms.into_iter().map(|state| state.room);
        self.direct = rooms
            .filter(|room| room.kind == crate::model::RoomKind::Direct)
            .collect();
        Ok(())
    }

    /// Ends the list that is open, and begins that of the next direct conversation, or what comes after them.
    fn next_direct(&mut self, pieces: &mut Vec<Piece>) -> Stage {
        close_list(pieces);
        if let Some(room) = self.direct.front() {
            let name = format!("direct/{}.json", room.code.as_str());
            self.open_list(pieces, &name);
            Stage::Direct(MessageId(0))
        } else {
            self.open_list(pieces, "reactions.json");
            Stage::Reactions(0)
        }
    }

    async fn direct(
        &mut self,
        ctx: &Context,
        pieces: &mut Vec<Piece>,
        after: MessageId,
    ) -> Result<()> {
        let Some(room) = self.direct.front() else {
            self.stage = self.next_direct(pieces);
            return Ok(());
        };
        let page = ctx.store.history(room.id, Page::After(after), ROWS).await?;
        self.list(pieces, page.messages.iter().map(Said::from))?;
        self.stage = match page.messages.last() {
            Some(last) if page.more_after => Stage::Direct(last.id),
            _ => {
                self.direct.pop_front();
                self.next_direct(pieces)
            }
        };
        Ok(())
    }

    async fn more_files(&mut self, ctx: &Context) -> Result<Vec<OwnFile>> {
        let after = self.after.clone();
        let found = ctx.store.files_by(self.user(), after, ROWS).await?;
        if let Some(last) = found.last() {
            self.after = last.attachment.id.clone();
        }
        Ok(found)
    }

    /// The next piece of the file that is open, or of the next one. One that was deleted meanwhile is left out.
    async fn contents(&mut self, ctx: &Context, pieces: &mut Vec<Piece>) -> Result<()> {
        if let Some((file, left)) = self.open.take() {
            pieces.push(Piece::Chunk(Arc::clone(&file)));
            self.open = (left > 1).then_some((file, left - 1));
            return Ok(());
        }
        if self.files.is_empty() {
            self.files = self.more_files(ctx).await?.into();
        }
        let Some(next) = self.files.pop_front() else {
            self.stage = Stage::Photo;
            return Ok(());
        };
        let Some(place) = ctx.blobs.path(next.attachment.id.as_str(), uploads::FILE) else {
            return Ok(());
        };
        if let Some((file, length)) = ctx.disk.run(move || opened(place)).await? {
            pieces.push(Piece::Begin(path(&next.attachment), false));
            let chunks = length.div_ceil(CHUNK);
            self.open = (chunks > 0).then_some((Arc::new(file), chunks));
        }
        Ok(())
    }

    async fn photo(&mut self, ctx: &Context, pieces: &mut Vec<Piece>) -> Result<()> {
        let Some(id) = self.account.card.photo.clone() else {
            return Ok(());
        };
        let blobs = Arc::clone(&ctx.blobs);
        let read = ctx.disk.run(move || blobs.get(&id, photo::LARGE)).await;
        if let Some(bytes) = read.map_err(Error::unavailable)? {
            pieces.push(Piece::Begin("photo.webp".to_owned(), false));
            pieces.push(Piece::Bytes(bytes));
        }
        Ok(())
    }

    fn open_list(&mut self, pieces: &mut Vec<Piece>, name: &str) {
        self.first = true;
        pieces.push(Piece::Begin(name.to_owned(), true));
        pieces.push(Piece::Bytes(b"[".to_vec()));
    }

    fn list(
        &mut self,
        pieces: &mut Vec<Piece>,
        items: impl Iterator<Item = impl Serialize>,
    ) -> Result<()> {
        let mut bytes = Vec::new();
        for item in items {
            bytes.extend_from_slice(if self.first { b"\n" } else { b",\n" });
            self.first = false;
            serde_json::to_writer(&mut bytes, &item).map_err(Error::unavailable)?;
        }
        pieces.push(Piece::Bytes(bytes));
        Ok(())
    }
}

fn close_list(pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Bytes(b"\n]\n".to_vec()));
}

fn whole(pieces: &mut Vec<Piece>, name: &str, value: &impl Serialize) -> Result<()> {
    pieces.push(Piece::Begin(name.to_owned(), true));
    let bytes = serde_json::to_vec_pretty(value).map_err(Error::unavailable)?;
    pieces.push(Piece::Bytes(bytes));
    Ok(())
}

/// A file and how long it is; `None` where it is not there any more.
fn opened(path: PathBuf) -> Result<Option<(File, u64)>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::unavailable(error)),
    };
    let length = file.metadata().map_err(Error::unavailable)?.len();
    Ok(Some((file, length)))
}
