//! Pictures as they come with messages: with metadata, turned, moving, see-through, damaged, hostile.

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::{AnimationDecoder, Frame, Rgb, RgbImage, Rgba, RgbaImage, load_from_memory};

use super::*;

const PIXELS: u64 = 40_000_000;
const RED: [u8; 3] = [230, 20, 20];
const BLUE: [u8; 3] = [20, 20, 230];
/// Stands in every piece of metadata that these tests put into files.
const SECRET: &[u8] = b"52.5163N 13.3777E";

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 2 { RED } else { BLUE })
    })
    .into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Exif with an orientation (tag 0x0112) and a description (tag 0x010E) that holds the secret.
fn exif(orientation: u8) -> Vec<u8> {
    let length = u32::try_from(SECRET.len()).unwrap().to_be_bytes();
    let mut data = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    data.extend([1, 0x0E, 0, 2]);
    data.extend(length);
    data.extend([0, 0, 0, 38]);
    data.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    data.extend([0; 4]);
    data.extend(SECRET);
    data
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], content].concat()
}

/// A JPEG with metadata in all the places that cameras and editors use, and something behind its end.
fn jpeg_of_a_phone(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Jpeg);
    let metadata = [
        segment(0xE1, &[b"Exif\0\0", &exif(orientation)[..]].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        segment(0xED, &[b"Photoshop 3.0\0", SECRET].concat()),
        segment(0xE2, &[b"MPF\0", SECRET].concat()),
        segment(0xFE, SECRET),
    ]
    .concat();
    [&plain[..2], &metadata, &plain[2..], b"a film", SECRET].concat()
}

fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    // Ancillary chunks with a wrong checksum are skipped by decoders, and so they are by us.
    [&length[..], &kind, content, &[0; 4]].concat()
}

fn png_of_an_editor(image: &DynamicImage) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Png);
    let metadata = [
        chunk(*b"tEXt", &[b"Author\0", SECRET].concat()),
        chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()),
        chunk(*b"prVt", SECRET),
    ]
    .concat();
    // The header is a signature of 8 bytes and a chunk of 25.
    [&plain[..33], &metadata, &plain[33..], SECRET].concat()
}

fn webp_of_a_browser(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::WebP);
    let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let canvas = [side(image.width()), side(image.height())].concat();
    let riff = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let padding = vec![0; content.len() % 2];
        [&kind[..], &length, content, &padding].concat()
    };
    let content = [
        b"WEBP".to_vec(),
        riff(b"VP8X", &[&[0b0000_1100, 0, 0, 0], &canvas[..]].concat()),
        plain[12..].to_vec(),
        riff(b"EXIF", &exif(orientation)),
        riff(b"XMP ", SECRET),
    ]
    .concat();
    riff(b"RIFF", &content)
}

fn gif_that_moves(frames: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = GifEncoder::new(&mut file);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for index in 0..frames {
        let frame = RgbaImage::from_pixel(500, 400, Rgba([index * 9, 90, 30, 255]));
        encoder.encode_frame(Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let end = file.len() - 1;
    let length = u8::try_from(SECRET.len()).unwrap();
    let comment = [&[0x21, 0xFE, length][..], SECRET, &[0]].concat();
    let xmp = [
        &[0x21, 0xFF, 11][..],
        b"XMP DataXMP",
        &[length],
        SECRET,
        &[0],
    ]
    .concat();
    [&file[..end], &comment, &xmp, &[0x3B], SECRET].concat()
}

fn told(file: &[u8]) -> bool {
    file.windows(SECRET.len()).any(|part| part == SECRET)
}

fn prepared(bytes: &[u8], media_type: &str) -> (Vec<u8>, Look) {
    let prepared = prepare(bytes, media_type, PIXELS).unwrap().unwrap();
    (prepared.file, prepared.look.unwrap())
}

#[track_caller]
fn assert_near(image: &DynamicImage, x: u32, y: u32, wanted: [u8; 3]) {
    let Rgb(found) = *image.to_rgb8().get_pixel(x, y);
    let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 16);
    assert!(near, "{found:?} for {wanted:?} at {x}, {y}");
}

#[test]
fn metadata_goes_and_the_pixels_stay() {
    let image = halves(500, 400);
    for (what, bytes, media_type) in [
        ("JPEG", jpeg_of_a_phone(&image, 1), "image/jpeg"),
        ("PNG", png_of_an_editor(&image), "image/png"),
        ("WebP", webp_of_a_browser(&image, 1), "image/webp"),
        ("GIF", gif_that_moves(3), "image/gif"),
    ] {
        assert!(told(&bytes), "{what} tells before");
        let (file, look) = prepared(&bytes, media_type);
        assert!(!told(&file), "{what} is clean");
        assert!(
            !file
                .windows(4)
                .any(|part| part == b"Exif" || part == b"EXIF"),
            "{what}"
        );
        assert_eq!(infer::get(&file).unwrap().mime_type(), media_type);
        assert_eq!((look.width, look.height), (500, 400), "{what}");
        let (before, after) = (
            load_from_memory(&bytes).unwrap(),
            load_from_memory(&file).unwrap(),
        );
        assert!(
            before.to_rgba8() == after.to_rgba8(),
            "{what} looks the same"
        );
        assert_eq!(
            prepared(&file, media_type).0,
            file,
            "{what}: nothing more is taken"
        );
    }
}

#[test]
fn a_picture_that_lay_on_its_side_stands_upright() {
    let lying = halves(500, 400);
    for (what, bytes, media_type) in [
        ("JPEG", jpeg_of_a_phone(&lying, 6), "image/jpeg"),
        ("WebP", webp_of_a_browser(&lying, 6), "image/webp"),
    ] {
        let (file, look) = prepared(&bytes, media_type);
        assert_eq!((look.width, look.height), (400, 500), "{what}");
        assert!(!told(&file));
        for picture in [&file, &look.thumbnails[0], &look.thumbnails[1]] {
            let picture = load_from_memory(picture).unwrap();
            let (width, height) = (picture.width(), picture.height());
            assert!(width < height, "{what}");
            assert_near(&picture, width / 2, height / 8, RED);
            assert_near(&picture, width / 2, height - height / 8, BLUE);
        }
    }
}

#[test]
fn an_animation_goes_on_moving() {
    let (file, look) = prepared(&gif_that_moves(7), "image/gif");
    let frames = GifDecoder::new(Cursor::new(&file)).unwrap().into_frames();
    assert_eq!(frames.collect_frames().unwrap().len(), 7);
    assert!(
        file.windows(11).any(|part| part == b"NETSCAPE2.0"),
        "for ever"
    );
    assert_eq!(load_from_memory(&look.thumbnails[0]).unwrap().width(), 360);
}

#[test]
fn there_are_two_smaller_ones_in_proportion() {
    let (_, look) = prepared(&encoded(&halves(3000, 1000), ImageFormat::Png), "image/png");
    let sizes = look.thumbnails.each_ref().map(|file| {
        assert_eq!(infer::get(file).unwrap().mime_type(), "image/jpeg");
        let image = load_from_memory(file).unwrap();
        (image.width(), image.height())
    });
    assert_eq!((look.extension, sizes), ("jpg", [(360, 120), (1200, 400)]));
    let (_, look) = prepared(&encoded(&halves(40, 4000), ImageFormat::Png), "image/png");
    let small = load_from_memory(&look.thumbnails[0]).unwrap();
    assert_eq!((small.width(), small.height()), (3, 360));
}

#[test]
fn what_shines_through_goes_on_doing_so_without_a_fringe() {
    let image = RgbaImage::from_fn(800, 800, |x, _| {
        Rgba(if x < 401 {
            [230, 20, 20, 255]
        } else {
            [0, 0, 255, 0]
        })
    });
    let (_, look) = prepared(&encoded(&image.into(), ImageFormat::Png), "image/png");
    assert_eq!(look.extension, "webp");
    let small = load_from_memory(&look.thumbnails[0]).unwrap().to_rgba8();
    for Rgba([red, _, blue, alpha]) in small.pixels() {
        let red_or_nothing = *alpha == 0 || (*red > 200 && *blue < 40);
        assert!(red_or_nothing, "{red} {blue} {alpha}");
    }
    assert!(small.get_pixel(350, 5).0[3] == 0 && small.get_pixel(5, 5).0[3] == 255);
}

#[test]
fn a_bomb_of_pixels_is_cleaned_and_not_decoded() {
    for (bytes, media_type) in [
        (jpeg_of_a_phone(&halves(90, 80), 1), "image/jpeg"),
        (png_of_an_editor(&halves(90, 80)), "image/png"),
        (gif_that_moves(3), "image/gif"),
    ] {
        let prepared = prepare(&bytes, media_type, 7000).unwrap().unwrap();
        assert_eq!(prepared.look, None);
        assert!(!told(&prepared.file));
    }
}

#[test]
fn a_damaged_picture_is_refused() {
    let image = halves(90, 80);
    for (bytes, media_type) in [
        (jpeg_of_a_phone(&image, 1), "image/jpeg"),
        (encoded(&image, ImageFormat::Png), "image/png"),
        (webp_of_a_browser(&image, 1), "image/webp"),
        (gif_that_moves(2), "image/gif"),
    ] {
        for length in [0, 3, 12, 20, 40, bytes.len() / 3] {
            let found = prepare(&bytes[..length], media_type, PIXELS);
            assert_eq!(found, Err(Damaged), "{media_type} cut to {length}");
        }
    }
    assert_eq!(prepare(b"%PDF-1.7", "application/pdf", PIXELS), Ok(None));
}

#[test]
fn damaged_bytes_are_never_more_than_damaged() {
    let image = halves(20, 14);
    for (whole, media_type) in [
        (jpeg_of_a_phone(&image, 6), "image/jpeg"),
        (png_of_an_editor(&image), "image/png"),
        (webp_of_a_browser(&image, 6), "image/webp"),
        (encoded(&image, ImageFormat::Gif), "image/gif"),
    ] {
        for at in (0..whole.len()).step_by(whole.len() / 150 + 1) {
            for value in [0x00, 0x3B, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                // Some damage only changes a colour; what counts is that nothing panics or grows.
                if let Ok(Some(Prepared {
                    look: Some(look), ..
                })) = prepare(&bytes, media_type, 50_000)
                {
                    assert!(u64::from(look.width) * u64::from(look.height) <= 50_000);
                }
            }
        }
    }
}
