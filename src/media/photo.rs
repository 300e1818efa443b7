//! Photos of people: takes the bytes of an upload and makes square thumbnails of them.
//!
//! A file is recognised by its content, its name or Content-Type has to agree, and its size in
//! pixels is read from the header before anything is decoded. What leaves this module is
//! re-encoded from pixels, so no metadata, script or trailing data of the upload survives.

mod error;

#[cfg(test)]
mod tests;

pub use error::PhotoError;

use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ExtendedColorType, GenericImageView as _, ImageFormat, Rgba, RgbaImage};

use super::decode::{Undecodable, decode};

/// The sides of the thumbnails in pixels, each with the name it is stored under.
const SIDES: [(u32, &str); 2] = [(96, SMALL), (320, LARGE)];

/// The variant for message lists: 96 pixels a side, enough for 36 CSS pixels on any screen.
pub const SMALL: &str = "96.webp";

/// The variant for profiles: 320 pixels a side.
pub const LARGE: &str = "320.webp";

/// An image is first averaged down to this side, then filtered to each thumbnail's own.
const WORKING_SIDE: u32 = 640;

/// How large a photo may be (CONTRACT §5; both are settings).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoLimits {
    /// The largest upload, in bytes.
    pub bytes: u64,
    /// The most pixels: width × height, for an animation summed over its frames.
    pub pixels: u64,
}

/// A photo that is ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The same square in two sizes, the smaller one first.
    pub thumbnails: [Thumbnail; 2],
}

/// One size of a photo, encoded as lossless WebP without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// Its name beside the photo's id: [`SMALL`] or [`LARGE`].
    pub variant: &'static str,
    /// Width and height in pixels.
    pub side: u32,
    /// The encoded file.
    pub bytes: Vec<u8>,
}

/// Makes thumbnails of an uploaded png, jpg, jpeg or gif (of an animation, its first frame):
/// turned as its EXIF data says, cropped to the square in its middle.
///
/// `file_name` counts when there is one, else `content_type`. Needs up to 8 bytes of memory for
/// each pixel that `limits` allow and up to some seconds of one core, so callers bound how many run
/// at once.
///
/// # Errors
///
/// A [`PhotoError`] that tells the uploader what to do; all of them are about the file.
pub fn prepare(
    bytes: &[u8],
    file_name: Option<&str>,
    content_type: Option<&str>,
    limits: &PhotoLimits,
) -> Result<Photo, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limits.bytes) {
        return Err(PhotoError::TooLarge {
            limit: limits.bytes,
        });
    }
    let format = recognise(bytes)?;
    agree(format, file_name, content_type)?;
    let picture = decode(bytes, format, limits.pixels).map_err(|why| match why {
        Undecodable::TooManyPixels => PhotoError::TooManyPixels {
            limit: limits.pixels,
        },
        Undecodable::Broken => PhotoError::Broken,
    })?;

    let mut square = DynamicImage::ImageRgba8(centre(&picture.image));
    square.apply_orientation(picture.orientation);
    drop(picture);
    let square = square.into_rgba8();
    Ok(Photo {
        thumbnails: SIDES.map(|(side, variant)| Thumbnail {
            variant,
            side,
            bytes: encode(&scale(&square, side)),
        }),
    })
}

/// Tells the format by the content alone.
fn recognise(bytes: &[u8]) -> Result<ImageFormat, PhotoError> {
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("image/png") => Ok(ImageFormat::Png),
        Some("image/jpeg") => Ok(ImageFormat::Jpeg),
        Some("image/gif") => Ok(ImageFormat::Gif),
        _ => Err(PhotoError::UnknownFormat),
    }
}

/// Holds what the upload says about itself against what it is.
fn agree(
    found: ImageFormat,
    file_name: Option<&str>,
    content_type: Option<&str>,
) -> Result<(), PhotoError> {
    let name = file_name.map(str::trim).filter(|name| !name.is_empty());
    let (said, label) = if let Some(name) = name {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = extension.to_ascii_lowercase();
        let said = match extension.as_str() {
            "png" => Some(ImageFormat::Png),
            "jpg" | "jpeg" => Some(ImageFormat::Jpeg),
            "gif" => Some(ImageFormat::Gif),
            _ => None,
        };
        (
            said,
            error::quotable(&extension).map(|text| format!(".{text}")),
        )
    } else {
        let media_type = content_type.unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default();
        let media_type = media_type.trim().to_ascii_lowercase();
        let said = match media_type.as_str() {
            "image/png" => Some(ImageFormat::Png),
            "image/jpeg" | "image/jpg" => Some(ImageFormat::Jpeg),
            "image/gif" => Some(ImageFormat::Gif),
            _ => None,
        };
        (said, error::quotable(&media_type).map(str::to_owned))
    };
    if said == Some(found) {
        return Ok(());
    }
    Err(PhotoError::Mismatch {
        found: match found {
            ImageFormat::Png => "PNG",
            ImageFormat::Gif => "GIF",
            _ => "JPEG",
        },
        said: label,
    })
}

/// The square in the middle of `image`, at most [`WORKING_SIDE`] a side, colours multiplied by
/// their alpha, so that what is invisible does not bleed into what is not.
fn centre(image: &DynamicImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    let edge = width.min(height);
    let (left, top) = ((width - edge) / 2, (height - edge) / 2);
    let side = edge.min(WORKING_SIDE);
    let span = |start: u32, index: u32| {
        let at = |index: u32| {
            let offset = u64::from(index) * u64::from(edge) / u64::from(side);
            start + u32::try_from(offset).expect("at most edge, which is a u32")
        };
        at(index)..at(index + 1)
    };
    RgbaImage::from_fn(side, side, |x, y| {
        let mut sums = [0_u64; 4];
        let mut count = 0;
        for row in span(top, y) {
            for column in span(left, x) {
                let Rgba([red, green, blue, alpha]) = image.get_pixel(column, row);
                let alpha = u64::from(alpha);
                for (sum, colour) in sums.iter_mut().zip([red, green, blue, u8::MAX]) {
                    *sum += u64::from(colour) * alpha;
                }
                count += 255;
            }
        }
        Rgba(sums.map(|sum| divide(sum, count)))
    })
}

/// Filters the working square to one side, and divides the colours by their alpha again.
fn scale(square: &RgbaImage, side: u32) -> RgbaImage {
    let mut scaled = imageops::resize(square, side, side, FilterType::CatmullRom);
    for Rgba([red, green, blue, alpha]) in scaled.pixels_mut() {
        for colour in [red, green, blue] {
            *colour = divide(u64::from(*colour) * 255, u64::from(*alpha));
        }
    }
    scaled
}

/// A rounded quotient, kept within one channel; nothing divided by nothing is nothing.
fn divide(sum: u64, count: u64) -> u8 {
    let quotient = (sum + count / 2).checked_div(count).unwrap_or(0);
    u8::try_from(quotient).unwrap_or(u8::MAX)
}

/// Writes a thumbnail as lossless WebP, without an alpha channel where nothing shines through.
fn encode(thumbnail: &RgbaImage) -> Vec<u8> {
    let (width, height) = thumbnail.dimensions();
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    let opaque = thumbnail.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let written = if opaque {
        let colours: Vec<u8> = thumbnail
            .pixels()
            .flat_map(|&Rgba([red, green, blue, _])| [red, green, blue])
            .collect();
        encoder.encode(&colours, width, height, ExtendedColorType::Rgb8)
    } else {
        encoder.encode(thumbnail, width, height, ExtendedColorType::Rgba8)
    };
    written.expect("a small square of 8-bit colours written to memory cannot fail to encode");
    bytes
}
