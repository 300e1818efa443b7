//! What making the smaller pictures of a photo costs, beside the same written by hand with the crate `image` in the
//! same run (`make bench-photos`).
//!
//! "By hand" decodes, scales down to the one side and from there to the other, and encodes both. Parlor's own also looks
//! whether the file is whole and how large before it decodes, and copies it without metadata.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../../../load/src/photo.rs"]
mod photo;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use clap::{Arg, ArgMatches, Command, value_parser};
use image::{ImageFormat, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use parlor::media::picture::{self, SIDES, THUMBNAIL_QUALITY};

/// The goal: at most this many times what it costs by hand.
const GOAL: f64 = 1.2;
/// More than the photo has.
const PIXELS: u64 = 40_000_000;

/// Reads the command line.
fn options() -> ArgMatches {
    Command::new("photos")
        .about("Compares the smaller pictures of a photo with those made by hand")
        .arg(
            Arg::new("rounds")
                .long("rounds")
                .default_value("11")
                .value_parser(value_parser!(u32).range(1..))
                .help("How often each of the two makes them"),
        )
        .get_matches()
}

/// The smaller pictures, the smallest first.
type Thumbnails = [Vec<u8>; SIDES.len()];

fn parlor(file: &[u8]) -> Thumbnails {
    let prepared = picture::prepare(file, "image/jpeg", PIXELS).expect("the photo is whole");
    let look = prepared.and_then(|prepared| prepared.look);
    look.expect("it is a picture of not too many pixels")
        .thumbnails
}

fn by_hand(file: &[u8]) -> Thumbnails {
    let decoded = image::load_from_memory_with_format(file, ImageFormat::Jpeg);
    let image = decoded.expect("the photo is whole").into_rgb8();
    let [small, large] = SIDES;
    let large = scaled(&image, large);
    let small = scaled(&large, small);
    [encoded(&small), encoded(&large)]
}

fn scaled(image: &RgbImage, side: u32) -> RgbImage {
    imageops::thumbnail(image, side, side * photo::HEIGHT / photo::WIDTH)
}

fn encoded(image: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut file, THUMBNAIL_QUALITY))
        .expect("8-bit colours written to memory cannot fail to encode");
    file
}

fn timed(make: fn(&[u8]) -> Thumbnails, file: &[u8]) -> Duration {
    let begun = Instant::now();
    black_box(make(black_box(file)));
    begun.elapsed()
}

/// Prints what one of the two took; its median, in milliseconds.
fn print(name: &str, mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let at = |place: usize| times[place].as_secs_f64() * 1e3;
    let median = at(times.len() / 2);
    println!(
        "{name:<20} {median:>10.1} {:>10.1} {:>10.1}",
        at(0),
        at(times.len() - 1)
    );
    median
}

fn main() {
    let rounds = *options()
        .get_one::<u32>("rounds")
        .expect("it has a default");
    let file = photo::jpeg();
    // Once unmeasured, so that neither pays for fetching code and memory first.
    assert!(parlor(&file) == by_hand(&file), "both make the same files");
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        theirs.push(timed(by_hand, &file));
        ours.push(timed(parlor, &file));
    }
    println!(
        "a JPEG of {}×{}, {} KiB, {rounds} times each",
        photo::WIDTH,
        photo::HEIGHT,
        file.len() >> 10
    );
    println!(
        "{:<20} {:>10} {:>10} {:>10}",
        "made", "median ms", "least", "most"
    );
    let by_hand = print("by hand", theirs);
    let parlor = print("by Parlor", ours);
    let ratio = parlor / by_hand;
    let verdict = if ratio <= GOAL { "met" } else { "missed" };
    println!("ratio {ratio:.2}, goal {verdict}");
    // In the form that `make bench` reads.
    println!(
        "goal: photos: a photo's smaller pictures, of those by hand with `image`: at most {GOAL}: {ratio:.2}"
    );
}
