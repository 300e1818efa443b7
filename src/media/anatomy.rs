//! Walks through the blocks of a picture without decoding any: is it whole, how many pixels
//! does an animation hold. Decoders forgive a file that is cut off and paint the rest grey;
//! this module does not. It never allocates and reads each byte at most once.

use image::ImageFormat;

/// Whether the file reaches the end that its format marks: `IEND` in PNG (RFC 2083 §4.1.4),
/// `EOI` in JPEG (ITU-T T.81 §B.1.1.3), the trailer in GIF (Graphics Interchange Format 89a §27), the length that a
/// WebP's head announces (RFC 9649 §2.4). What follows that end does not matter: cameras put films there.
pub(super) fn is_whole(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => png_end(bytes).is_some(),
        ImageFormat::Gif => gif_pixels(bytes).is_some_and(|pixels| pixels > 0),
        ImageFormat::WebP => webp_chunks(bytes).is_some(),
        _ => jpeg_end(bytes).is_some(),
    }
}

/// The pixels of all frames of a GIF, each counted as the canvas or as its own area, whichever
/// is larger; `None` when the file is damaged or cut off.
pub(super) fn gif_pixels(bytes: &[u8]) -> Option<u64> {
    let mut walk = Walk(bytes);
    walk.skip(6)?;
    let canvas = walk.area()?;
    let flags = walk.byte()?;
    walk.skip(2)?;
    walk.skip(colour_table(flags))?;
    let mut pixels = 0_u64;
    loop {
        match walk.byte()? {
            0x2C => {
                walk.skip(4)?;
                pixels = pixels.saturating_add(canvas.max(walk.area()?));
                let flags = walk.byte()?;
                walk.skip(colour_table(flags))?;
                walk.skip(1)?;
                walk.sub_blocks()?;
            }
            0x21 => {
                walk.skip(1)?;
                walk.sub_blocks()?;
            }
            0x3B => return Some(pixels),
            _ => return None,
        }
    }
}

/// What a WebP's head says that it holds: its chunks (RFC 9649 §2.4).
pub(super) fn webp_chunks(bytes: &[u8]) -> Option<&[u8]> {
    let mut walk = Walk(bytes);
    walk.skip(4)?;
    let length = usize::try_from(u32::from_le_bytes(walk.take()?)).ok()?;
    walk.0.get(..length)?.strip_prefix(b"WEBP")
}

/// The length in bytes of the colour table that the flags of a GIF block announce.
pub(super) fn colour_table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        return 0;
    }
    3 << ((flags & 0x07) + 1)
}

/// Walks over the chunks of a PNG to the end of `IEND`.
fn png_end(bytes: &[u8]) -> Option<()> {
    let mut walk = Walk(bytes);
    walk.skip(8)?;
    loop {
        let length = u32::from_be_bytes(walk.take()?);
        let kind: [u8; 4] = walk.take()?;
        walk.skip(usize::try_from(length).ok()?)?;
        walk.skip(4)?;
        if &kind == b"IEND" {
            return Some(());
        }
    }
}

/// Walks over the segments and the entropy-coded data of a JPEG to `EOI`.
fn jpeg_end(bytes: &[u8]) -> Option<()> {
    let mut walk = Walk(bytes);
    walk.skip(2)?;
    loop {
        while walk.byte()? != 0xFF {}
        let mut marker = walk.byte()?;
        while marker == 0xFF {
            marker = walk.byte()?;
        }
        match marker {
            0xD9 => return Some(()),
            // A stuffed zero, TEM, the restart markers and SOI stand alone.
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            _ => {
                let length = usize::from(u16::from_be_bytes(walk.take()?));
                walk.skip(length.checked_sub(2)?)?;
            }
        }
    }
}

/// The bytes that are still ahead; each step is `None` where they end too soon.
pub(super) struct Walk<'a>(pub(super) &'a [u8]);

impl Walk<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.get(count..)?;
        Some(())
    }

    /// GIF: a width and a height, as pixels.
    fn area(&mut self) -> Option<u64> {
        let width = u64::from(u16::from_le_bytes(self.take()?));
        let height = u64::from(u16::from_le_bytes(self.take()?));
        Some(width * height)
    }

    /// GIF: a chain of length-prefixed blocks, closed by an empty one.
    pub(super) fn sub_blocks(&mut self) -> Option<()> {
        loop {
            match self.byte()? {
                0 => return Some(()),
                length => self.skip(usize::from(length))?,
            }
        }
    }
}
