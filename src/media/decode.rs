//! Decodes a picture under limits: the header is read and the size in pixels checked before anything
//! is decoded, and a file that is cut off is refused instead of painted grey.

use std::io::Cursor;

use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::anatomy;

/// The widest pixel that a decoder here yields: four channels of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;

/// What a decoder may use beside the pixels: tables, one row, compressed metadata.
const DECODER_OVERHEAD: u64 = 16 << 20;

/// The longest colour profile that is carried on; those of cameras and phones have some hundred bytes.
const PROFILE: usize = 32 << 10;

/// A decoded picture; of an animation, its first frame.
pub(super) struct Picture {
    /// The pixels as the file holds them.
    pub(super) image: DynamicImage,
    /// How they are to be turned to be looked at.
    pub(super) orientation: Orientation,
    /// The ICC profile that says which colours they mean.
    pub(super) profile: Option<Vec<u8>>,
}

/// Why a picture was not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// It has more pixels than are allowed, all frames counted.
    TooManyPixels,
    /// It is damaged or cut off.
    Broken,
}

/// Reads the header, checks the size, and only then decodes; `pixels` is the most it may have, an
/// animation's frames summed.
pub(super) fn decode(
    bytes: &[u8],
    format: ImageFormat,
    pixels: u64,
) -> Result<Picture, Undecodable> {
    let mut bounds = Limits::default();
    let longest = u32::try_from(pixels).unwrap_or(u32::MAX);
    bounds.max_image_width = Some(longest);
    bounds.max_image_height = Some(longest);
    let memory = pixels.saturating_mul(BYTES_PER_PIXEL);
    bounds.max_alloc = Some(memory.saturating_add(DECODER_OVERHEAD));

    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds.clone());
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        ImageError::Limits(limit) if limit.kind() == LimitErrorKind::DimensionError => {
            Undecodable::TooManyPixels
        }
        _ => Undecodable::Broken,
    })?;
    let (width, height) = decoder.dimensions();
    let canvas = u64::from(width) * u64::from(height);
    if canvas > pixels {
        return Err(Undecodable::TooManyPixels);
    }
    if !anatomy::is_whole(bytes, format) || canvas == 0 {
        return Err(Undecodable::Broken);
    }
    if format == ImageFormat::Gif && anatomy::gif_pixels(bytes) > Some(pixels) {
        return Err(Undecodable::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let image = bounds
        .reserve(decoder.total_bytes())
        .and_then(|()| decoder.set_limits(bounds))
        .and_then(|()| DynamicImage::from_decoder(decoder))
        .map_err(|_| Undecodable::Broken)?;
    Ok(Picture {
        image,
        orientation,
        profile: profile.filter(|profile| profile.len() <= PROFILE),
    })
}
