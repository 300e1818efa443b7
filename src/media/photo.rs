//! Photos of people: takes the bytes of an upload and makes square thumbnails of them.
//!
//! A file is recognised by its content, its name or Content-Type has to agree, and its size in
//! pixels is read from the header before anything is decoded. What leaves this module is
//! re-encoded from pixels, so no metadata, script or trailing data of the upload survives.

mod anatomy;
mod error;

#[cfg(test)]
mod tests;

pub use error::PhotoError;

use std::io::Cursor;

use image::codecs::webp::WebPEncoder;
use image::error::LimitErrorKind;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, GenericImageView as _, ImageDecoder, ImageError, ImageFormat,
    ImageReader, Limits, Rgba, RgbaImage,
};

/// The sides of the thumbnails in pixels, each with the name it is stored under.
const SIDES: [(u32, &str); 2] = [(96, SMALL), (320, LARGE)];

/// The variant for message lists: 96 pixels a side, enough for 36 CSS pixels on any screen.
pub const SMALL: &str = "96.webp";

/// The variant for profiles: 320 pixels a side.
pub const LARGE: &str = "320.webp";

/// An image is first averaged down to this side, then filtered to each thumbnail's own.
const WORKING_SIDE: u32 = 640;

/// The widest pixel that a decoder here yields: four channels of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;

/// What a decoder may use beside the pixels: tables, one row, compressed metadata.
const DECODER_OVERHEAD: u64 = 16 << 20;

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
    let (image, orientation) = decode(bytes, format, limits)?;

    let mut square = DynamicImage::ImageRgba8(centre(&image));
    drop(image);
    square.apply_orientation(orientation);
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

/// Reads the header, checks the size, and only then decodes.
fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &PhotoLimits,
) -> Result<(DynamicImage, Orientation), PhotoError> {
    let too_many = PhotoError::TooManyPixels {
        limit: limits.pixels,
    };
    let mut bounds = Limits::default();
    let longest = u32::try_from(limits.pixels).unwrap_or(u32::MAX);
    bounds.max_image_width = Some(longest);
    bounds.max_image_height = Some(longest);
    let memory = limits.pixels.saturating_mul(BYTES_PER_PIXEL);
    bounds.max_alloc = Some(memory.saturating_add(DECODER_OVERHEAD));

    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds.clone());
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        ImageError::Limits(limit) if limit.kind() == LimitErrorKind::DimensionError => {
            too_many.clone()
        }
        _ => PhotoError::Broken,
    })?;
    let (width, height) = decoder.dimensions();
    let canvas = u64::from(width) * u64::from(height);
    if canvas > limits.pixels {
        return Err(too_many);
    }
    if !anatomy::is_whole(bytes, format) || canvas == 0 {
        return Err(PhotoError::Broken);
    }
    if format == ImageFormat::Gif && anatomy::gif_pixels(bytes) > Some(limits.pixels) {
        return Err(too_many);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = bounds
        .reserve(decoder.total_bytes())
        .and_then(|()| decoder.set_limits(bounds))
        .and_then(|()| DynamicImage::from_decoder(decoder))
        .map_err(|_| PhotoError::Broken)?;
    Ok((image, orientation))
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
