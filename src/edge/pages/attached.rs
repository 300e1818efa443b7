//! From the files of a message, and the pages that it links to, to what templates show.

use super::view::{FileView, PictureView, PreviewView};
use crate::{
    model::{Attachment, Message},
    wire::Preview,
};

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

/// The pages that a message links to.
pub(super) fn previews(message: &Message) -> Vec<PreviewView> {
    let previews = message.previews.iter().map(Preview::from);
    let shown = previews.map(|preview| PreviewView {
        site: preview
            .site
            .unwrap_or_else(|| PreviewView::host(&preview.url).to_owned()),
        url: preview.url,
        title: preview.title,
        description: preview.description,
        image: preview.image,
        width: preview.width.unwrap_or_default(),
        height: preview.height.unwrap_or_default(),
    });
    shown.collect()
}
