//! Files for messages, and messages that name them wrongly.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Case, Expected, How, body};
use crate::harness::png;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = files();
    cases.extend(messages());
    cases
}

/// A multipart form with one part, as somebody writes it by hand.
fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--b--\r\n"].concat()
}

fn files() -> Vec<Case> {
    let form = "multipart/form-data; boundary=b";
    let whole = part("file", b"words");
    let torn = png([1, 2, 3])[..40].to_vec();
    let rows: [(&str, &str, Vec<u8>, Expected); 9] = [
        ("a file as itself", "image/png", png([1, 2, 3]), (415, "content-type", "multipart/form-data")),
        ("a file as JSON", "application/json", b"{}".to_vec(), (415, "content-type", "multipart/form-data")),
        ("no file", form, b"--b--\r\n".to_vec(), (422, "file", "Send one in the field file")),
        ("a file in another field", form, part("photo", b"x"), (422, "file", "Send one in the field file")),
        ("an empty file for a message", form, part("file", b""), (422, "file", "empty")),
        ("a file that breaks off", form, whole[..whole.len() - 12].to_vec(), (422, "file", "could not be read")),
        ("a form without boundary", "multipart/form-data", whole, (422, "file", "could not be read")),
        ("a torn picture for a message", form, part("file", &torn), (422, "file", "damaged")),
        ("a file of more than 25 MiB", form, part("file", &vec![0; (25 << 20) + 1]), (413, "file", "25 MiB")),
    ];
    let cases = rows.into_iter().map(|(what, kind, body, (status, field, says))| {
        let how = How::Call { token: None, method: Method::POST, path: "/uploads", kind, body };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

fn messages() -> Vec<Case> {
    let many: Vec<String> = (0..11).map(|index| index.to_string()).collect();
    let rows: [(&str, Value, Expected); 6] = [
        ("files that are a number", json!({ "data": "x", "attachments": 7 }), (422, "attachments", "right form")),
        ("files that are numbers", json!({ "data": "x", "attachments": [7] }), (422, "attachments", "right form")),
        ("eleven files", json!({ "data": "x", "attachments": many }), (422, "attachments", "10 files at most")),
        ("one file twice", json!({ "data": "x", "attachments": ["a", "a"] }), (422, "attachments", "Name each once")),
        ("a file that is not there", json!({ "data": "x", "attachments": ["../../parlor.db"] }), (404, "attachments", "Upload it again")),
        ("no words and no files", json!({ "data": "", "attachments": [] }), (422, "data", "Write something")),
    ];
    let cases = rows.into_iter().map(|(what, sent, (status, field, says))| {
        let path = "/rooms/lobby/messages";
        let how = How::Call { token: None, method: Method::POST, path, kind: "application/json", body: body(&sent) };
        Case { what, how, status, field, says }
    });
    cases.collect()
}
