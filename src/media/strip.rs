//! Copies a picture without what it tells beside its pixels: where and when it was taken, with what, by whom, the
//! smaller picture of what was there before it was cropped, and whatever follows its end.
//!
//! The pixels are copied as they are. What stays is listed; all else goes, so what nobody has thought of goes too.

use image::ImageFormat;

use super::anatomy::{Walk, colour_table, webp_chunks};

/// PNG: the picture, its animation, and how its colours are meant (Portable Network Graphics, third edition, §11).
const PNG_CHUNKS: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"cHRM", b"gAMA",
    b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"bKGD", b"pHYs",
];

/// WebP: the picture, its animation, its colour profile (RFC 9649 §2.7).
const WEBP_CHUNKS: [&[u8; 4]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];

/// WebP: the flags of `VP8X` that announce Exif and XMP.
const WEBP_METADATA: u8 = 0b0000_1100;

/// GIF: applications whose data says how to show the picture.
const GIF_APPLICATIONS: [&[u8; 11]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// The same picture without metadata; `None` where the file is damaged or cut off.
pub(super) fn strip(bytes: &[u8], format: ImageFormat) -> Option<Vec<u8>> {
    let mut kept = Vec::with_capacity(bytes.len());
    match format {
        ImageFormat::Png => png(bytes, &mut kept)?,
        ImageFormat::Gif => gif(bytes, &mut kept)?,
        ImageFormat::WebP => webp(bytes, &mut kept)?,
        _ => jpeg(bytes, &mut kept)?,
    }
    Some(kept)
}

/// The part of `before` that a walk has gone through since.
fn passed<'a>(before: &'a [u8], walk: &Walk<'_>) -> &'a [u8] {
    &before[..before.len() - walk.0.len()]
}

fn png(bytes: &[u8], kept: &mut Vec<u8>) -> Option<()> {
    let mut walk = Walk(bytes);
    walk.skip(8)?;
    kept.extend(passed(bytes, &walk));
    loop {
        let start = walk.0;
        let length = u32::from_be_bytes(walk.take()?);
        let kind: [u8; 4] = walk.take()?;
        walk.skip(usize::try_from(length).ok()?)?;
        walk.skip(4)?;
        if PNG_CHUNKS.contains(&&kind) {
            kept.extend(passed(start, &walk));
        }
        if &kind == b"IEND" {
            return Some(());
        }
    }
}

/// Segments up to `EOI`; between them, after a start of scan, coded pixels (ITU-T T.81 §B.1).
fn jpeg(bytes: &[u8], kept: &mut Vec<u8>) -> Option<()> {
    let mut walk = Walk(bytes);
    walk.skip(2)?;
    kept.extend(passed(bytes, &walk));
    let mut in_scan = false;
    loop {
        let start = walk.0;
        let coded = start.iter().position(|byte| *byte == 0xFF)?;
        walk.skip(coded)?;
        if in_scan {
            kept.extend(passed(start, &walk));
        }
        let mut marker = walk.byte()?;
        while marker == 0xFF {
            marker = walk.byte()?;
        }
        match marker {
            0xD9 => {
                kept.extend([0xFF, marker]);
                return Some(());
            }
            // A stuffed zero and the restart markers belong to the coded pixels.
            0x00 | 0xD0..=0xD7 if in_scan => kept.extend([0xFF, marker]),
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            _ => {
                let start = walk.0;
                let length = usize::from(u16::from_be_bytes(walk.take()?));
                walk.skip(length.checked_sub(2)?)?;
                in_scan = marker == 0xDA;
                segment(marker, passed(start, &walk), kept);
            }
        }
    }
}

/// Keeps a segment, given with its length, unless it is an application's or a comment; of applications', JFIF without
/// its thumbnail, ICC profiles, and Adobe's, which says how colours are coded.
fn segment(marker: u8, segment: &[u8], kept: &mut Vec<u8>) {
    let content = segment.get(2..).unwrap_or_default();
    match marker {
        0xE0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => {
            kept.extend([0xFF, marker, 0, 16]);
            kept.extend(&content[..12]);
            kept.extend([0, 0]);
        }
        0xE2 if content.starts_with(b"ICC_PROFILE\0") => {
            kept.extend([0xFF, marker]);
            kept.extend(segment);
        }
        0xEE if content.starts_with(b"Adobe") => {
            kept.extend([0xFF, marker]);
            kept.extend(segment);
        }
        0xE0..=0xEF | 0xFE => {}
        _ => {
            kept.extend([0xFF, marker]);
            kept.extend(segment);
        }
    }
}

/// Blocks up to the trailer (Graphics Interchange Format 89a).
fn gif(bytes: &[u8], kept: &mut Vec<u8>) -> Option<()> {
    let mut walk = Walk(bytes);
    walk.skip(10)?;
    let flags = walk.byte()?;
    walk.skip(2)?;
    walk.skip(colour_table(flags))?;
    kept.extend(passed(bytes, &walk));
    loop {
        let start = walk.0;
        let keep = match walk.byte()? {
            0x2C => {
                walk.skip(8)?;
                let flags = walk.byte()?;
                walk.skip(colour_table(flags))?;
                walk.skip(1)?;
                walk.sub_blocks()?;
                true
            }
            0x21 => {
                let label = walk.byte()?;
                let application = walk.0.get(1..12);
                walk.sub_blocks()?;
                let shows = |name: &[u8]| GIF_APPLICATIONS.iter().any(|known| *known == name);
                label == 0xF9 || (label == 0xFF && application.is_some_and(shows))
            }
            0x3B => {
                kept.push(0x3B);
                return Some(());
            }
            _ => return None,
        };
        if keep {
            kept.extend(passed(start, &walk));
        }
    }
}

fn webp(bytes: &[u8], kept: &mut Vec<u8>) -> Option<()> {
    let mut walk = Walk(webp_chunks(bytes)?);
    kept.extend(b"RIFF\0\0\0\0WEBP");
    while !walk.0.is_empty() {
        let start = walk.0;
        let kind: [u8; 4] = walk.take()?;
        let length = usize::try_from(u32::from_le_bytes(walk.take()?)).ok()?;
        walk.skip(length)?;
        // Chunks begin at even places; the last one of a careless writer lacks its padding.
        walk.skip((length % 2).min(walk.0.len()))?;
        if !WEBP_CHUNKS.contains(&&kind) {
            continue;
        }
        let flags = kept.len() + 8;
        kept.extend(passed(start, &walk));
        if &kind == b"VP8X" {
            *kept.get_mut(flags)? &= !WEBP_METADATA;
        }
    }
    let length = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    Some(())
}
