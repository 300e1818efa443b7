//! Photos: taken by form and by JSON, made small and clean, shown to whoever is logged in.

use std::{fs, path::Path};

use image::GenericImageView;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, TestServer, gif, jpeg, png};

/// All files below the uploads folder.
fn uploads(folder: &Path) -> usize {
    let folders = fs::read_dir(folder.join("uploads"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    folders
        .map(|folder| fs::read_dir(folder).unwrap().count())
        .sum()
}

#[tokio::test]
async fn a_new_photo_shows_at_once_and_the_old_one_goes() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = ben.socket().await;
    let browser = anna.browser().await;
    browser
        .upload("me.png", &png([200, 30, 30]))
        .await
        .leads_to("/profile?saved=photo");
    let first = reader.next("profile_updated").await["avatar"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        first.starts_with("/uploads/") && first.len() > 40,
        "a random id: {first}"
    );
    assert!(browser.get("/profile").await.text().contains(&first));
    assert_eq!(uploads(server.folder()), 2, "two sizes");
    let me = anna
        .api()
        .put("/me/photo", "image/jpeg", &jpeg())
        .await
        .expect(200);
    let second = reader.next("profile_updated").await["avatar"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(me["user"]["avatar"], second);
    browser.get(&first).await.is(404);
    assert_eq!(uploads(server.folder()), 2);
    anna.api().say("lobby", "look").await;
    let history = ben.api().get("/rooms/lobby/messages").await.expect(200);
    assert_eq!(history["messages"][0]["avatar"], second);
    anna.api().delete("/me/photo").await.expect(200);
    assert_eq!(reader.next("profile_updated").await["avatar"], json!(null));
    browser.get(&second).await.is(404);
    assert_eq!(uploads(server.folder()), 0);
    browser
        .upload("me.gif", &gif())
        .await
        .leads_to("/profile?saved=photo");
    browser
        .submit("/profile", "/profile/photo", &[])
        .await
        .is(422);
}

#[tokio::test]
async fn a_photo_is_remade_without_what_was_hidden_in_it() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut file = jpeg();
    // A comment (JPEG, B.2.4.5) right behind the start of the image.
    let comment = b"<script>alert(1)</script>";
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xFF, 0xFE], &length[..], comment].concat();
    file.splice(2..2, segment);
    let me = anna
        .api()
        .put("/me/photo", "image/jpeg", &file)
        .await
        .expect(200);
    let path = me["user"]["avatar"].as_str().unwrap().to_owned();
    let browser = anna.browser().await;
    for (size, side) in [("", 96), ("?size=96", 96), ("?size=320", 320)] {
        let photo = browser.get(&format!("{path}{size}")).await;
        assert_eq!(photo.is(200).header("content-type"), "image/webp");
        assert_eq!(photo.header("x-content-type-options"), "nosniff");
        assert!(photo.header("cache-control").contains("immutable"));
        assert!(!photo.bytes.windows(7).any(|bytes| bytes == b"<script"));
        assert_eq!(
            image::load_from_memory(&photo.bytes).unwrap().dimensions(),
            (side, side)
        );
    }
}

#[tokio::test]
async fn a_photo_is_for_whoever_is_logged_in_and_not_sent_twice() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let me = anna
        .api()
        .put("/me/photo", "image/png", &png([9, 9, 9]))
        .await
        .expect(200);
    let path = me["user"]["avatar"].as_str().unwrap().to_owned();
    server.visitor().get(&path).await.is(404);
    let browser = ben.browser().await;
    let photo = browser.get(&path).await;
    let etag = photo.is(200).header("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag}");
    let again = browser
        .request(Method::GET, &path)
        .header("if-none-match", &etag);
    let again = Answer::of(again).await;
    assert_eq!(
        (again.is(304).bytes.len(), again.header("etag")),
        (0, etag.as_str())
    );
    let bearer = server
        .visitor()
        .request(Method::GET, &path)
        .bearer_auth(ben.api().token());
    Answer::of(bearer).await.is(200);
}

#[tokio::test]
async fn a_picture_by_multipart_call_is_as_good() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for (name, bytes) in [
        ("a.png", png([1, 2, 3])),
        ("b.JPG", jpeg()),
        ("c.jpeg", jpeg()),
        ("d.gif", gif()),
    ] {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name);
        let form = reqwest::multipart::Form::new().part("photo", part);
        let answer = Answer::of(anna.api().request(Method::PUT, "/me/photo").multipart(form)).await;
        assert!(answer.expect(200)["user"]["avatar"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn pages_show_a_letter_where_there_is_no_photo() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    anna.api().say("lobby", "hello").await;
    let page = anna.browser().await.get("/room/lobby").await;
    let avatar = format!(
        "data-avatar=\"{}\" data-hue=\"{}\"",
        anna.id,
        anna.id.rem_euclid(12)
    );
    assert!(page.text().contains(&avatar), "a stable colour");
}
