//! Pictures that come with messages, and files that only look like some.

use std::io::Cursor;

use image::{
    AnimationDecoder, Frame, GenericImageView, Rgba, RgbaImage,
    codecs::gif::{GifDecoder, GifEncoder},
};
use serde_json::json;

use super::{fetch, stored, upload, uploaded};
use crate::harness::{TestServer, gif, jpeg, png, png_header};

/// A JPEG with a place in its Exif data, as phones write it, and a picture turned by a quarter.
fn jpeg_of_a_phone() -> Vec<u8> {
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x12\0\0\0\x26\
        \x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\x0052.5163N 13.3777E\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut plain = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(600, 400, image::Rgb([200, 40, 40]))
        .write_to(&mut plain, image::ImageFormat::Jpeg)
        .unwrap();
    let plain = plain.into_inner();
    [&plain[..2], &[0xFF, 0xE1], &length, exif, &plain[2..]].concat()
}

#[tokio::test]
async fn where_a_picture_was_taken_stays_with_who_took_it() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let sent = jpeg_of_a_phone();
    let tells = |file: &[u8]| {
        let mut parts = file.windows(8);
        parts.any(|part| part == b"52.5163N" || part.starts_with(b"Exif"))
    };
    assert!(tells(&sent));
    let file = uploaded(&anna, "me.jpg", &sent).await;
    let dimensions = (&file["width"], &file["height"]);
    assert_eq!(dimensions, (&json!(400), &json!(600)), "upright");
    let url = file["url"].as_str().unwrap();
    assert_eq!(file["thumbnail"], json!(format!("{url}?size=360")));
    for (size, dimensions) in [
        ("", (400, 600)),
        ("?size=360", (240, 360)),
        ("?size=1200", (400, 600)),
    ] {
        let answer = fetch(&server, &anna, &json!(format!("{url}{size}"))).await;
        assert!(!tells(&answer.is(200).bytes), "{size}");
        assert_eq!(answer.header("content-type"), "image/jpeg");
        let disposition = answer.header("content-disposition");
        assert!(disposition.starts_with("inline"), "{disposition}");
        let picture = image::load_from_memory(&answer.bytes).unwrap();
        assert_eq!(picture.dimensions(), dimensions, "{size}");
    }
}

#[tokio::test]
async fn an_animation_goes_on_moving() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut moving = Vec::new();
    let mut encoder = GifEncoder::new(&mut moving);
    for index in 0_u8..5 {
        let frame = RgbaImage::from_pixel(30, 20, Rgba([index * 40, 0, 0, 255]));
        encoder.encode_frame(Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let file = uploaded(&anna, "party.gif", &moving).await;
    let answer = fetch(&server, &anna, &file["url"]).await;
    assert_eq!(answer.is(200).header("content-type"), "image/gif");
    let decoder = GifDecoder::new(Cursor::new(&answer.bytes)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    assert_eq!(frames.len(), 5);
    let still = fetch(&server, &anna, &file["thumbnail"]).await;
    assert_eq!(still.is(200).header("content-type"), "image/jpeg");
}

#[tokio::test]
async fn what_is_no_picture_is_saved_and_never_shown() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let program = "application/vnd.microsoft.portable-executable";
    for (name, bytes, media_type) in [
        ("drawing.svg", &svg[..], "text/plain"),
        ("drawing.png", &svg[..], "text/plain"),
        ("page.html", &page[..], "text/html"),
        ("page.jpg", &page[..], "text/html"),
        ("script.js", b"alert(1)", "text/plain"),
        ("paper.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("tool.exe", b"MZ\x90\0", program),
        ("bomb.png", &png_header(100_000, 100_000), "image/png"),
    ] {
        let file = uploaded(&anna, name, bytes).await;
        let told = (&file["type"], file.get("width"));
        assert_eq!(told, (&json!(media_type), None), "{name}");
        let url = file["url"].as_str().unwrap();
        for url in [json!(url), json!(format!("{url}?size=360"))] {
            let answer = fetch(&server, &anna, &url).await;
            assert!(answer.is(200).bytes == bytes, "{name}");
            assert_eq!(answer.header("content-type"), media_type);
            assert_eq!(
                answer.header("content-disposition"),
                format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}")
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let policy = answer.header("content-security-policy");
            let strict = policy.starts_with("default-src 'none';") && policy.contains("sandbox");
            assert!(strict, "{policy}");
        }
    }
    // A picture under another name is a picture still.
    let file = uploaded(&anna, "red.exe", &png([200, 0, 0])).await;
    let told = (&file["type"], &file["width"]);
    assert_eq!(told, (&json!("image/png"), &json!(8)));
}

#[tokio::test]
async fn a_damaged_picture_is_told() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for (name, mut bytes) in [
        ("a.png", png([1, 2, 3])),
        ("a.jpg", jpeg()),
        ("a.gif", gif()),
    ] {
        bytes.truncate(bytes.len() * 2 / 3);
        let refused = upload(&anna, name, &bytes).await.expect(422);
        assert_eq!(refused["error"]["field"], "file");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains("damaged"), "{name}: {message}");
    }
    assert_eq!(stored(&server), 0);
}

#[tokio::test]
async fn a_name_is_only_a_name() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for (sent, kept) in [
        ("../../../etc/passwd", "passwd"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        (".profile", "profile"),
        ("", "file"),
    ] {
        let file = uploaded(&anna, sent, b"x").await;
        assert_eq!(file["name"], kept, "{sent}");
    }
}
