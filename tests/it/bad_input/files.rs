//! Photos, by form and as JSON calls take them.

use reqwest::Method;

use super::{Case, Expected, How};
use crate::harness::{gif, jpeg, png, png_header};

/// A picture without its end.
fn torn(mut picture: Vec<u8>) -> Vec<u8> {
    picture.truncate(picture.len() * 2 / 3);
    picture
}

/// A picture with so much behind it that it has this many bytes.
fn padded(mut picture: Vec<u8>, length: usize) -> Vec<u8> {
    picture.resize(length, 0);
    picture
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = by_form();
    cases.extend(by_call());
    cases
}

fn by_form() -> Vec<Case> {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";
    let rows: [(&str, &str, Vec<u8>, Expected); 17] = [
        ("an empty file", "me.png", vec![], (422, "photo", "Choose a photo first")),
        ("text that is called a picture", "me.png", b"hello".to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("a page that is called a picture", "me.gif", b"<html><script>".to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("an SVG", "me.svg", svg.to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("an SVG that is called PNG", "me.png", svg.to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("a WebP", "me.webp", webp.to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("a bitmap", "me.bmp", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), (422, "photo", "not a PNG, JPEG or GIF")),
        ("a PNG that is called JPEG", "me.jpg", png([1, 2, 3]), (422, "photo", "sent as .jpg")),
        ("a GIF that is called PNG", "me.png", gif(), (422, "photo", "sent as .png")),
        ("a picture without extension", "me", png([1, 2, 3]), (422, "photo", "extension .png")),
        ("a picture that is called a program", "me.png.exe", png([1, 2, 3]), (422, "photo", "sent as .exe")),
        ("a torn PNG", "me.png", torn(png([1, 2, 3])), (422, "photo", "cannot be read")),
        ("a torn JPEG", "me.jpeg", torn(jpeg()), (422, "photo", "cannot be read")),
        ("a torn GIF", "me.gif", torn(gif()), (422, "photo", "cannot be read")),
        ("a picture of 10 000 megapixels", "me.png", png_header(100_000, 100_000), (413, "photo", "40 megapixels")),
        ("a picture of 49 megapixels", "me.png", png_header(7000, 7000), (413, "photo", "40 megapixels")),
        ("a picture of more than 5 MiB", "me.png", padded(png([1, 2, 3]), (5 << 20) + 1), (413, "photo", "5 MiB")),
    ];
    let cases = rows.into_iter().map(|(what, name, bytes, (status, field, says))| {
        let how = How::Photo { name, bytes };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

fn by_call() -> Vec<Case> {
    let form = "multipart/form-data; boundary=b";
    let other = b"--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n";
    let rows: [(&str, &str, Vec<u8>, Expected); 9] = [
        ("a photo as text", "text/plain", b"x".to_vec(), (415, "content-type", "multipart/form-data")),
        ("a photo as JSON", "application/json", b"{}".to_vec(), (415, "content-type", "multipart/form-data")),
        ("a PNG that is sent as JPEG", "image/jpeg", png([1, 2, 3]), (422, "photo", "sent as image/jpeg")),
        ("a PNG that is sent as an image", "image/x", png([1, 2, 3]), (422, "photo", "sent as image/x")),
        ("no bytes", "image/png", vec![], (422, "photo", "Choose a photo first")),
        ("a picture of no width", "image/png", png_header(0, 8), (422, "photo", "cannot be read")),
        ("more bytes than any body", "image/png", padded(png([1, 2, 3]), 7 << 20), (413, "photo", "Send less")),
        ("a form without photo", form, other.to_vec(), (422, "photo", "Choose a photo first")),
        ("a form that breaks off", form, other[..40].to_vec(), (422, "photo", "could not be read")),
    ];
    let cases = rows.into_iter().map(|(what, kind, body, (status, field, says))| {
        let how = How::Call { token: None, method: Method::PUT, path: "/me/photo", kind, body };
        Case { what, how, status, field, says }
    });
    cases.collect()
}
