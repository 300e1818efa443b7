//! Why a photo was refused, in words for the person who chose it. Never says more about the
//! file than that person can see.

use std::fmt;

/// Why an upload is not a photo that can be used; [`fmt::Display`] gives the public text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhotoError {
    /// There are no bytes: no file was chosen, or an empty one.
    Empty,
    /// The file has more bytes than the limit.
    TooLarge {
        /// The most that is allowed, in bytes.
        limit: u64,
    },
    /// The picture, or all frames of an animation together, have more pixels than the limit.
    TooManyPixels {
        /// The most that is allowed, in pixels.
        limit: u64,
    },
    /// The content is none of the formats that are taken.
    UnknownFormat,
    /// The content is one format, the name or the Content-Type says another, or nothing.
    Mismatch {
        /// What the content is: `PNG`, `JPEG` or `GIF`.
        found: &'static str,
        /// What was said, an extension with its dot or a media type; `None` where nothing was
        /// said that can be repeated.
        said: Option<String>,
    },
    /// The content begins like a picture but is damaged, cut off or not decodable.
    Broken,
}

impl PhotoError {
    /// Whether this is the contract's `too_large` (413); all others are `invalid` (422).
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::TooManyPixels { .. })
    }
}

impl fmt::Display for PhotoError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("Choose a photo first."),
            Self::TooLarge { limit } => write!(
                out,
                "The photo is larger than {}. Choose a smaller one.",
                size(*limit)
            ),
            Self::TooManyPixels { limit } => write!(
                out,
                "The photo has more than {}, all frames counted. Scale it down and try again.",
                pixels(*limit)
            ),
            Self::UnknownFormat => {
                out.write_str("This is not a PNG, JPEG or GIF picture. Choose one that is.")
            }
            Self::Mismatch {
                found,
                said: Some(said),
            } => write!(
                out,
                "This is a {found} picture, but it is sent as {said}. Rename it or save it again."
            ),
            Self::Mismatch { found, said: None } => write!(
                out,
                "This is a {found} picture, but its name does not say so. Give it the extension .{}.",
                extension(found)
            ),
            Self::Broken => {
                out.write_str("The photo cannot be read. Save it again as PNG or JPEG.")
            }
        }
    }
}

impl std::error::Error for PhotoError {}

/// `text` when it is short and plain enough to be repeated in a message.
pub(super) fn quotable(text: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/+-.".contains(&byte);
    ((1..=40).contains(&text.len()) && text.bytes().all(plain)).then_some(text)
}

/// The usual extension of a format named as in [`PhotoError::Mismatch`].
fn extension(format: &str) -> &'static str {
    match format {
        "PNG" => "png",
        "GIF" => "gif",
        _ => "jpg",
    }
}

/// A number of bytes in the largest binary unit that leaves no fraction.
fn size(bytes: u64) -> String {
    if bytes > 0 && bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else if bytes > 0 && bytes.is_multiple_of(1 << 10) {
        format!("{} KiB", bytes >> 10)
    } else {
        format!("{bytes} bytes")
    }
}

/// A number of pixels, in millions where that leaves no fraction.
fn pixels(count: u64) -> String {
    if count > 0 && count.is_multiple_of(1_000_000) {
        format!("{} megapixels", count / 1_000_000)
    } else {
        format!("{count} pixels")
    }
}
