//! From the files of a message to what templates show.

use super::view::{FileView, PictureView};
use crate::model::{Attachment, Message};

/// A file, with its size in words.
pub(super) fn file(file: &Attachment) -> FileView {
    FileView {
        id: file.id.to_string(),
        name: file.name.as_str().to_owned(),
        size: FileView::size_in_words(file.size),
    }
}

/// The files of a message that are no pictures.
pub(super) fn files(message: &Message) -> Vec<FileView> {
    let others = message
        .attachments
        .iter()
        .filter(|file| file.look.is_none());
    others.map(file).collect()
}

/// The files of a message that are pictures which may be shown.
pub(super) fn pictures(message: &Message) -> Vec<PictureView> {
    let pictures = message.attachments.iter().filter_map(|file| {
        let look = file.look.as_ref()?;
        Some(PictureView {
            id: file.id.to_string(),
            name: file.name.as_str().to_owned(),
            width: look.width,
            height: look.height,
            moves: file.media_type == "image/gif",
        })
    });
    pictures.collect()
}
