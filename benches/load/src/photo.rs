//! A photo as a camera takes it, made up: always the same bytes.

use image::{RgbImage, codecs::jpeg::JpegEncoder};

/// Twelve megapixels, as most cameras of phones take them.
pub(crate) const WIDTH: u32 = 4000;
pub(crate) const HEIGHT: u32 = 3000;

/// How good a JPEG it is: what cameras commonly write.
const QUALITY: u8 = 88;
/// How far the noise of a camera's sensor changes a colour, up and down.
const NOISE: f32 = 11.0;

/// A JPEG of some megabytes: a slow change of colours, waves across it, and noise.
pub(crate) fn jpeg() -> Vec<u8> {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (across, down) = (share(x, WIDTH), share(y, HEIGHT));
        let waves = 18.0 * (across * 90.0).sin() * (down * 70.0).cos();
        let colours = [
            60.0 + 150.0 * across,
            200.0 - 120.0 * down,
            90.0 + 110.0 * across * down,
        ];
        // Noise is of brightness most of all, so all three get the same.
        let added = waves + NOISE * noise.next();
        image::Rgb(colours.map(|colour| channel(colour + added)))
    });
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
    image
        .write_with_encoder(encoder)
        .expect("8-bit colours written to memory cannot fail to encode");
    file
}

#[expect(clippy::cast_precision_loss, reason = "sides have few digits")]
fn share(place: u32, of: u32) -> f32 {
    place as f32 / of as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is clamped to what fits"
)]
fn channel(value: f32) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

/// Numbers that follow no pattern one could see (xorshift64, Marsaglia 2003).
struct Noise(u64);

impl Noise {
    /// The next one, from -1 to 1.
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [high, low, ..] = self.0.to_be_bytes();
        f32::from(u16::from_be_bytes([high, low])) / 32_768.0 - 1.0
    }
}
