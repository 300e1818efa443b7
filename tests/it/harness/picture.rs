//! Small pictures, made here.

use std::io::Cursor;

use image::{ExtendedColorType, ImageFormat};

/// A picture of this format and size in one colour.
fn picture(format: ImageFormat, width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let pixels = colour.repeat(usize::try_from(width * height).unwrap());
    let mut file = Cursor::new(Vec::new());
    image::write_buffer_with_format(
        &mut file,
        &pixels,
        width,
        height,
        ExtendedColorType::Rgb8,
        format,
    )
    .unwrap();
    file.into_inner()
}

/// A PNG of 8 by 8 pixels in one colour.
pub(crate) fn png(colour: [u8; 3]) -> Vec<u8> {
    picture(ImageFormat::Png, 8, 8, colour)
}

/// A JPEG of 8 by 8 pixels.
pub(crate) fn jpeg() -> Vec<u8> {
    picture(ImageFormat::Jpeg, 8, 8, [200, 40, 40])
}

/// A GIF of 8 by 8 pixels.
pub(crate) fn gif() -> Vec<u8> {
    picture(ImageFormat::Gif, 8, 8, [40, 40, 200])
}

/// The PNG above, whose header claims another size (with the right checksum).
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut file = png([0, 0, 0]);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

/// The checksum of a PNG chunk (PNG, third edition, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}
