//! Files that are cut off, damaged, or made to hurt: refused before they cost anything.

use image::{ImageFormat, RgbImage};

use super::super::{PhotoError, PhotoLimits, decode, prepare};
use super::{LIMITS, RED, encoded, gradient, named};
use crate::media::decode::Picture;

#[test]
fn a_file_over_the_limit_is_refused_before_anything_is_read() {
    let png = encoded(gradient(10, 10), ImageFormat::Png);
    let length = u64::try_from(png.len()).unwrap();
    let limits = |bytes| PhotoLimits { bytes, ..LIMITS };
    prepare(&png, Some("a.png"), None, &limits(length)).unwrap();
    let error = prepare(&png, Some("a.png"), None, &limits(length - 1)).unwrap_err();
    assert_eq!(error, PhotoError::TooLarge { limit: length - 1 });
}

#[test]
fn every_file_that_is_cut_off_is_broken() {
    for (format, name) in [
        (ImageFormat::Png, "a.png"),
        (ImageFormat::Jpeg, "a.jpg"),
        (ImageFormat::Gif, "a.gif"),
    ] {
        let whole = encoded(gradient(24, 16), format);
        named(&whole, name).unwrap();
        for length in 16..whole.len() {
            assert_eq!(
                named(&whole[..length], name),
                Err(PhotoError::Broken),
                "{name} {length}"
            );
        }
    }
}

#[test]
fn damaged_bytes_are_never_more_than_broken() {
    let limits = PhotoLimits {
        pixels: 50_000,
        ..LIMITS
    };
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif] {
        let whole = encoded(gradient(20, 14), format);
        for at in (3..whole.len()).step_by(whole.len() / 200 + 1) {
            for value in [0x00, 0x3B, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                // Some damage only changes a colour; what counts is that nothing panics or grows.
                if let Ok(Picture { image, .. }) = decode(&bytes, format, limits.pixels) {
                    assert!(u64::from(image.width()) * u64::from(image.height()) <= limits.pixels);
                }
            }
        }
    }
}

#[test]
fn a_huge_header_is_refused_before_decoding() {
    let too_many = Err(PhotoError::TooManyPixels { limit: 40_000_000 });
    for (width, height) in [
        (65_000, 65_000),
        (1, 40_000_001),
        (0x7FFF_FFFF, 0x7FFF_FFFF),
    ] {
        assert_eq!(named(&png_of_size(width, height), "a.png"), too_many);
    }

    let mut gif = encoded(gradient(2, 2), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(named(&gif, "a.gif"), too_many);

    let mut jpeg = encoded(gradient(2, 2), ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(named(&jpeg, "a.jpg"), too_many);
}

#[test]
fn a_picture_without_area_is_broken() {
    assert_eq!(named(&png_of_size(0, 10), "a.png"), Err(PhotoError::Broken));
    let mut gif = encoded(gradient(2, 2), ImageFormat::Gif);
    gif[6..10].fill(0);
    assert_eq!(named(&gif, "a.gif"), Err(PhotoError::Broken));
}

#[test]
fn the_limit_in_pixels_is_met_exactly() {
    let png = encoded(gradient(30, 20), ImageFormat::Png);
    let limits = |pixels| PhotoLimits { pixels, ..LIMITS };
    prepare(&png, Some("a.png"), None, &limits(600)).unwrap();
    let error = prepare(&png, Some("a.png"), None, &limits(599)).unwrap_err();
    assert_eq!(error, PhotoError::TooManyPixels { limit: 599 });
}

#[test]
fn a_frame_larger_than_its_canvas_counts_as_itself() {
    let mut gif = encoded(RgbImage::from_pixel(60, 50, RED), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[1, 0, 1, 0]);
    let limits = |pixels| PhotoLimits { pixels, ..LIMITS };
    prepare(&gif, Some("a.gif"), None, &limits(3000)).unwrap();
    let error = prepare(&gif, Some("a.gif"), None, &limits(2999)).unwrap_err();
    assert_eq!(error, PhotoError::TooManyPixels { limit: 2999 });
}

#[test]
fn nothing_but_pixels_survives() {
    let payload = b"<script>alert(document.domain)</script>";
    let mut jpeg = encoded(gradient(50, 50), ImageFormat::Jpeg);
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    let comment = [&[0xFF, 0xFE], &length[..], payload].concat();
    jpeg.splice(2..2, comment);
    let mut gif = encoded(gradient(50, 50), ImageFormat::Gif);
    let end = gif.len() - 1;
    let comment = [
        &[0x21, 0xFE, u8::try_from(payload.len()).unwrap()],
        &payload[..],
        &[0],
    ];
    gif.splice(end..end, comment.concat());
    let png = encoded(gradient(50, 50), ImageFormat::Png);

    for (mut bytes, name) in [(jpeg, "a.jpg"), (gif, "a.gif"), (png, "a.png")] {
        // A polyglot: a picture from its beginning, an archive or a page from its end.
        bytes.extend_from_slice(b"PK\x03\x04");
        bytes.extend_from_slice(payload);
        for thumbnail in named(&bytes, name).unwrap().thumbnails {
            let spoils = |part: &[u8]| part == &payload[..8] || part == b"Exif\0\0MM";
            assert!(!thumbnail.bytes.windows(8).any(spoils), "{name}");
        }
    }
    let gif = [b"GIF89a=1;/*", &payload[..], b"*/"].concat();
    assert_eq!(
        named(&gif, "a.gif").unwrap_err(),
        PhotoError::TooManyPixels { limit: 40_000_000 }
    );
    assert!(matches!(
        named(&gif, "a.html").unwrap_err(),
        PhotoError::Mismatch { .. }
    ));
}

/// A PNG that holds a header, one pixel's worth of data and an end, each with its checksum.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let donor = encoded(RgbImage::new(1, 1), ImageFormat::Png);
    let mut header = donor[12..29].to_vec();
    header[4..8].copy_from_slice(&width.to_be_bytes());
    header[8..12].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&header).to_be_bytes();
    [&donor[..12], &header, &checksum, &donor[33..]].concat()
}

/// The checksum of PNG chunks (RFC 2083 §15).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    })
}
