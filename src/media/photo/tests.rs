//! Uploads as they come: right, wrong, cut off, hostile. Every file is made here.

mod hostile;

use std::io::Cursor;

use image::codecs::gif::{GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, Frame, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage,
    load_from_memory_with_format,
};

use super::{LARGE, Photo, PhotoError, PhotoLimits, SMALL, agree, prepare};

const LIMITS: PhotoLimits = PhotoLimits {
    bytes: 5 << 20,
    pixels: 40_000_000,
};
const RED: Rgb<u8> = Rgb([230, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 230]);

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let channel = |at: u32, of: u32| u8::try_from(at * 255 / of).unwrap();
        Rgb([channel(x, width), channel(y, height), 90])
    })
}

fn animation(frames: u8, width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new(&mut out);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for index in 0..frames {
        let colour = if index == 0 {
            [230, 20, 20, 255]
        } else {
            [20, 20, 230, 255]
        };
        let frame = Frame::new(RgbaImage::from_pixel(width, height, Rgba(colour)));
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    out
}

fn named(bytes: &[u8], name: &str) -> Result<Photo, PhotoError> {
    prepare(bytes, Some(name), None, &LIMITS)
}

/// The large thumbnail as pixels; on the way, that both have their size and are WebP.
fn large(photo: &Photo) -> RgbaImage {
    let [small, large] = photo.thumbnails.each_ref().map(|thumbnail| {
        assert_eq!(
            infer::get(&thumbnail.bytes).unwrap().mime_type(),
            "image/webp"
        );
        load_from_memory_with_format(&thumbnail.bytes, ImageFormat::WebP)
            .unwrap()
            .into_rgba8()
    });
    assert_eq!(photo.thumbnails[0].variant, SMALL);
    assert_eq!(photo.thumbnails[1].variant, LARGE);
    assert_eq!(small.dimensions(), (96, 96));
    assert_eq!(large.dimensions(), (320, 320));
    large
}

#[track_caller]
fn assert_near(found: Rgba<u8>, wanted: Rgb<u8>) {
    let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= 12;
    assert!(
        found.0.iter().zip(&wanted.0).all(near) && found[3] == 255,
        "{found:?} for {wanted:?}"
    );
}

#[test]
fn each_format_becomes_two_squares() {
    for (format, name) in [
        (ImageFormat::Png, "a.png"),
        (ImageFormat::Jpeg, "a.jpg"),
        (ImageFormat::Gif, "a.gif"),
    ] {
        for (width, height) in [(1, 1), (7, 3), (320, 320), (1500, 700)] {
            large(&named(&encoded(gradient(width, height), format), name).unwrap());
        }
    }
}

#[test]
fn an_extension_counts_in_any_case_and_the_last_one_only() {
    for (format, names) in [
        (ImageFormat::Png, &["a.png", "A.PNG", "a.jpg.png"][..]),
        (ImageFormat::Jpeg, &["a.jpg", "a.jpeg", "a.JPG", " a.Jpeg "]),
        (ImageFormat::Gif, &["a.gif", "b/c\\d.gif"]),
    ] {
        for name in names {
            assert_eq!(agree(format, Some(name), None), Ok(()), "{name}");
        }
    }
}

#[test]
fn a_media_type_counts_where_there_is_no_name() {
    let png = encoded(gradient(10, 10), ImageFormat::Png);
    let jpeg = encoded(gradient(10, 10), ImageFormat::Jpeg);
    for said in ["image/png", "IMAGE/PNG", "image/png; charset=binary"] {
        prepare(&png, None, Some(said), &LIMITS).unwrap();
        prepare(&png, Some(" "), Some(said), &LIMITS).unwrap();
    }
    prepare(&jpeg, None, Some("image/jpeg"), &LIMITS).unwrap();
    prepare(
        &jpeg,
        Some("a.jpg"),
        Some("application/octet-stream"),
        &LIMITS,
    )
    .unwrap();
    for said in [
        Some("image/jpeg"),
        Some("application/octet-stream"),
        Some(""),
        None,
    ] {
        let error = prepare(&png, None, said, &LIMITS).unwrap_err();
        let said = said.filter(|text| !text.is_empty()).map(str::to_owned);
        assert_eq!(error, PhotoError::Mismatch { found: "PNG", said });
    }
}

#[test]
fn a_name_that_says_something_else_is_refused() {
    let gif = encoded(gradient(10, 10), ImageFormat::Gif);
    for (name, said) in [
        ("a.png", Some(".png")),
        ("a.gif.html", Some(".html")),
        ("a.gif.", None),
        ("gif", None),
        ("a.<script>", None),
        ("a.g\u{131}f", None),
    ] {
        let said = said.map(str::to_owned);
        let error = prepare(&gif, Some(name), Some("image/gif"), &LIMITS).unwrap_err();
        assert_eq!(error, PhotoError::Mismatch { found: "GIF", said }, "{name}");
    }
}

#[test]
fn what_is_no_picture_that_we_take_is_refused() {
    assert_eq!(named(b"", "a.png"), Err(PhotoError::Empty));
    let webp = encoded(gradient(10, 10), ImageFormat::WebP);
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;
    for bytes in [
        &webp[..],
        svg,
        b"plain text",
        b"BM, or so it says",
        b"%PDF-1.7",
        &[0; 64],
    ] {
        assert_eq!(named(bytes, "a.png"), Err(PhotoError::UnknownFormat));
    }
}

#[test]
fn an_animation_counts_its_frames_and_shows_the_first() {
    let gif = animation(5, 40, 30);
    let limits = |pixels| PhotoLimits { pixels, ..LIMITS };
    let photo = prepare(&gif, Some("a.gif"), None, &limits(6000)).unwrap();
    assert_near(*large(&photo).get_pixel(160, 160), RED);
    let error = prepare(&gif, Some("a.gif"), None, &limits(5999)).unwrap_err();
    assert_eq!(error, PhotoError::TooManyPixels { limit: 5999 });
}

#[test]
fn the_square_is_cut_from_the_middle() {
    let wide = RgbImage::from_fn(
        300,
        100,
        |x, _| if (100..200).contains(&x) { RED } else { BLUE },
    );
    let tall = RgbImage::from_fn(
        100,
        300,
        |_, y| if (100..200).contains(&y) { RED } else { BLUE },
    );
    for image in [wide, tall] {
        let square = large(&named(&encoded(image, ImageFormat::Png), "a.png").unwrap());
        for (x, y) in [(0, 0), (319, 0), (0, 319), (319, 319), (160, 160)] {
            assert_near(*square.get_pixel(x, y), RED);
        }
    }
}

#[test]
fn a_jpeg_is_turned_as_its_camera_says() {
    // Stored with a red corner at the top left; where that corner belongs for each orientation.
    let corner = |x, y| if x < 200 && y < 200 { RED } else { BLUE };
    let stored = encoded(RgbImage::from_fn(400, 400, corner), ImageFormat::Jpeg);
    let ends = [
        (1, 1),
        (318, 1),
        (318, 318),
        (1, 318),
        (1, 1),
        (318, 1),
        (318, 318),
        (1, 318),
    ];
    for (orientation, (red_x, red_y)) in (1..=8).zip(ends) {
        let jpeg = with_orientation(&stored, orientation);
        let square = large(&named(&jpeg, "a.jpg").unwrap());
        for (x, y) in [(1, 1), (318, 1), (1, 318), (318, 318)] {
            let wanted = if (x, y) == (red_x, red_y) { RED } else { BLUE };
            assert_near(*square.get_pixel(x, y), wanted);
        }
    }
}

#[test]
fn a_turn_is_no_flip() {
    // Red above blue; turned by 90° clockwise (6) red is on the right.
    let above = |_, y| if y < 200 { RED } else { BLUE };
    let stored = encoded(RgbImage::from_fn(400, 400, above), ImageFormat::Jpeg);
    let square = large(&named(&with_orientation(&stored, 6), "a.jpg").unwrap());
    assert_near(*square.get_pixel(300, 20), RED);
    assert_near(*square.get_pixel(20, 300), BLUE);
}

#[test]
fn what_is_invisible_does_not_bleed() {
    // A white disc on transparent black: its rim stays white, only its alpha falls.
    let disc = RgbaImage::from_fn(900, 900, |x, y| {
        let inside = x.abs_diff(450).pow(2) + y.abs_diff(450).pow(2) < 400_u32.pow(2);
        if inside { Rgba([255; 4]) } else { Rgba([0; 4]) }
    });
    let square = large(&named(&encoded(disc, ImageFormat::Png), "a.png").unwrap());
    assert_eq!(square.get_pixel(0, 0)[3], 0);
    assert_eq!(square.get_pixel(160, 160).0, [255; 4]);
    let rim = square
        .pixels()
        .filter(|pixel| (40..255).contains(&pixel[3]));
    assert!(rim.clone().count() > 100);
    assert!(
        rim.clone().all(|pixel| pixel[0] > 240),
        "{:?}",
        rim.min_by_key(|pixel| pixel[0])
    );
}

#[test]
fn other_depths_and_one_channel_are_read() {
    let grey = GrayImage::from_pixel(50, 50, Luma([100]));
    let deep = DynamicImage::ImageRgb8(RgbImage::from_pixel(50, 50, RED)).into_rgba16();
    let grey = large(&named(&encoded(grey, ImageFormat::Png), "a.png").unwrap());
    let deep = large(&named(&encoded(deep, ImageFormat::Png), "a.png").unwrap());
    assert_near(*grey.get_pixel(9, 9), Rgb([100; 3]));
    assert_near(*deep.get_pixel(9, 9), RED);
}

#[test]
fn every_refusal_says_what_to_do() {
    let mismatch = |said: Option<&str>| PhotoError::Mismatch {
        found: "PNG",
        said: said.map(str::to_owned),
    };
    for (error, too_large, text) in [
        (PhotoError::Empty, false, "Choose a photo first."),
        (
            PhotoError::TooLarge { limit: 5 << 20 },
            true,
            "The photo is larger than 5 MiB. Choose a smaller one.",
        ),
        (
            PhotoError::TooManyPixels { limit: 40_000_000 },
            true,
            "The photo has more than 40 megapixels, all frames counted. Scale it down and try again.",
        ),
        (
            PhotoError::UnknownFormat,
            false,
            "This is not a PNG, JPEG or GIF picture. Choose one that is.",
        ),
        (
            mismatch(Some(".gif")),
            false,
            "This is a PNG picture, but it is sent as .gif. Rename it or save it again.",
        ),
        (
            mismatch(None),
            false,
            "This is a PNG picture, but its name does not say so. Give it the extension .png.",
        ),
        (
            PhotoError::Broken,
            false,
            "The photo cannot be read. Save it again as PNG or JPEG.",
        ),
    ] {
        assert_eq!(error.to_string(), text);
        assert_eq!(error.is_too_large(), too_large, "{text}");
    }
    let text = |limit| PhotoError::TooLarge { limit }.to_string();
    assert!(text(300 << 10).contains("300 KiB"));
    assert!(text(1001).contains("1001 bytes"));
}

/// Puts an EXIF segment with nothing but an orientation (tag 0x0112, a short) behind `SOI`.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff = [
        &b"MM\0\x2A\0\0\0\x08\0\x01"[..],
        &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
        &[0; 4],
    ]
    .concat();
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    let segment = [&[0xFF, 0xE1], &length[..], b"Exif\0\0", &tiff].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

#[test]
fn a_low_quality_jpeg_is_read_too() {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 1);
    gradient(64, 64).write_with_encoder(encoder).unwrap();
    large(&named(&bytes, "a.jpeg").unwrap());
}
