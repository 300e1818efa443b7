//! Pictures that come with messages: cleaned of metadata, turned upright, with two smaller ones for lists and screens.
//!
//! Unlike a profile photo a picture is handed out as it was sent, pixel for pixel, and an animation goes on moving. So
//! metadata is taken out of the file without touching the pixels; only one that has to be turned is encoded again.

use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, webp::WebPEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageFormat};

use super::{
    decode::{Picture, Undecodable, decode},
    files,
    strip::strip,
};

/// The longest sides of the smaller pictures, in pixels: in the conversation, and on a whole screen.
pub const SIDES: [u32; 2] = [360, 1200];

/// How good a JPEG is that is only looked at.
pub const THUMBNAIL_QUALITY: u8 = 82;

/// How good a JPEG is that takes the place of the one that was sent.
const ORIGINAL_QUALITY: u8 = 92;

/// A picture that is ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The file to hand out in the place of the one that was sent.
    pub file: Vec<u8>,
    /// How it looks; `None` where it has more pixels than anybody's screen should be given.
    pub look: Option<Look>,
}

/// How large a picture is, and what stands for it where there is less room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// The extension of the smaller pictures: `jpg`, or `webp` where something shines through.
    pub extension: &'static str,
    /// The smaller pictures by the sides of [`SIDES`]; of an animation, its first frame.
    pub thumbnails: [Vec<u8>; 2],
}

/// A small picture that stands for one of somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Small {
    /// The file, a JPEG, or a WebP where something shines through.
    pub file: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A file that begins like a picture and is none: damaged, or cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the picture is damaged")]
pub struct Damaged;

/// The name under which the smaller picture of this side is kept.
#[must_use]
pub fn variant(side: u32, extension: &str) -> String {
    format!("{side}.{extension}")
}

/// Whether files of this media type are pictures that [`prepare`] knows.
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    format_of(media_type).is_some()
}

fn format_of(media_type: &str) -> Option<ImageFormat> {
    match media_type {
        "image/png" => Some(ImageFormat::Png),
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Cleans a picture and makes the smaller ones; `None` for a file of any other type. One of more than `pixels`, an
/// animation's frames summed, is cleaned and not decoded.
///
/// Needs up to 16 bytes of memory for each pixel that `pixels` allows and up to some seconds of one core, so callers
/// bound how many run at once.
///
/// # Errors
/// [`Damaged`], also where the metadata of a damaged file cannot be told from its pixels.
pub fn prepare(bytes: &[u8], media_type: &str, pixels: u64) -> Result<Option<Prepared>, Damaged> {
    let Some(format) = format_of(media_type) else {
        return Ok(None);
    };
    let picture = match decode(bytes, format, pixels) {
        Ok(picture) => picture,
        Err(Undecodable::Broken) => return Err(Damaged),
        Err(Undecodable::TooManyPixels) => {
            let file = strip(bytes, format).ok_or(Damaged)?;
            return Ok(Some(Prepared { file, look: None }));
        }
    };
    let Picture {
        mut image,
        orientation,
        profile,
    } = picture;
    let file = if orientation == Orientation::NoTransforms {
        strip(bytes, format).ok_or(Damaged)?
    } else {
        image.apply_orientation(orientation);
        again(&image, format, profile.as_deref())
    };
    let (width, height) = (image.width(), image.height());
    let (extension, thumbnails) = smaller(image, profile.as_deref(), SIDES);
    Ok(Some(Prepared {
        file,
        look: Some(Look {
            width,
            height,
            extension,
            thumbnails,
        }),
    }))
}

/// A picture's smaller one, upright and without metadata, whose longest side is the first of [`SIDES`]; `None` for
/// what is no picture of a known type, is damaged, or has more than `pixels`. As costly as [`prepare`].
#[must_use]
pub fn small(bytes: &[u8], pixels: u64) -> Option<Small> {
    let head = &bytes[..bytes.len().min(files::HEAD)];
    let format = format_of(files::media_type(head, head.len() == bytes.len()))?;
    let Picture {
        mut image,
        orientation,
        profile,
    } = decode(bytes, format, pixels).ok()?;
    image.apply_orientation(orientation);
    let [side, _] = SIDES;
    let (width, height) = fitted(&image, side);
    let (_, [file]) = smaller(image, profile.as_deref(), [side]);
    Some(Small {
        file,
        width,
        height,
    })
}

/// The picture in its own format, from its pixels.
fn again(image: &DynamicImage, format: ImageFormat, profile: Option<&[u8]>) -> Vec<u8> {
    match format {
        ImageFormat::Jpeg => jpeg(image, ORIGINAL_QUALITY, profile),
        ImageFormat::WebP => webp(image, profile),
        _ => {
            let mut file = Cursor::new(Vec::new());
            image
                .write_to(&mut file, format)
                .expect("what was decoded from a format can be written in it to memory");
            file.into_inner()
        }
    }
}

/// The smaller pictures of these sides, the smallest first, and their extension. Each is made of the next larger one.
fn smaller<const N: usize>(
    image: DynamicImage,
    profile: Option<&[u8]>,
    sides: [u32; N],
) -> (&'static str, [Vec<u8>; N]) {
    let opaque = !image.color().has_alpha() || is_opaque(&image);
    let mut files = [const { Vec::new() }; N];
    let places = files.iter_mut().zip(sides).rev();
    if opaque {
        let mut image = DynamicImage::ImageRgb8(image.into_rgb8());
        for (file, side) in places {
            image = shrink(&image, side);
            *file = jpeg(&image, THUMBNAIL_QUALITY, profile);
        }
        ("jpg", files)
    } else {
        // Colours are multiplied by their alpha, so that what is invisible does not bleed into what is not.
        let mut image = image.into_rgba8();
        for pixel in image.pixels_mut() {
            let [.., alpha] = pixel.0;
            for colour in &mut pixel.0[..3] {
                *colour = scale(*colour, alpha, u8::MAX);
            }
        }
        let mut image = DynamicImage::ImageRgba8(image);
        for (file, side) in places {
            image = shrink(&image, side);
            *file = webp(&divided(image.clone()), profile);
        }
        ("webp", files)
    }
}

fn is_opaque(image: &DynamicImage) -> bool {
    let rgba = image.to_rgba8();
    rgba.pixels().all(|pixel| pixel.0[3] == u8::MAX)
}

/// `value` × `by` ÷ `of`, rounded, within one channel; nothing divided by nothing is nothing.
fn scale(value: u8, by: u8, of: u8) -> u8 {
    let product = u32::from(value) * u32::from(by) + u32::from(of) / 2;
    let scaled = product.checked_div(u32::from(of)).unwrap_or(0);
    u8::try_from(scaled).unwrap_or(u8::MAX)
}

/// Divides colours by their alpha again.
fn divided(image: DynamicImage) -> DynamicImage {
    let mut image = image.into_rgba8();
    for pixel in image.pixels_mut() {
        let [.., alpha] = pixel.0;
        for colour in &mut pixel.0[..3] {
            *colour = scale(*colour, u8::MAX, alpha);
        }
    }
    DynamicImage::ImageRgba8(image)
}

/// How large an image is within a square of this side; one that fits already stays as large as it is.
fn fitted(image: &DynamicImage, side: u32) -> (u32, u32) {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side) / u64::from(longest);
        u32::try_from(exact.max(1)).expect("at most the side, which is a u32")
    };
    (scaled(width), scaled(height))
}

/// The image within a square of this side.
fn shrink(image: &DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = fitted(image, side);
    if (width, height) == (image.width(), image.height()) {
        return image.clone();
    }
    image.thumbnail_exact(width, height)
}

fn jpeg(image: &DynamicImage, quality: u8, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, quality);
    with_profile(&mut encoder, profile);
    image
        .to_rgb8()
        .write_with_encoder(encoder)
        .expect("8-bit colours written to memory cannot fail to encode");
    file
}

fn webp(image: &DynamicImage, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut file);
    with_profile(&mut encoder, profile);
    image
        .to_rgba8()
        .write_with_encoder(encoder)
        .expect("8-bit colours written to memory cannot fail to encode");
    file
}

/// Colours without their profile look a little different; no reason to do without the picture.
fn with_profile(encoder: &mut impl ImageEncoder, profile: Option<&[u8]>) {
    if let Some(profile) = profile {
        drop(encoder.set_icc_profile(profile.to_vec()));
    }
}

#[cfg(test)]
mod tests;
