//! What is left on disk: of uploads that break off, that nobody sends, that do not fit; and what an upload costs.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use parlor::base::ManualClock;
use reqwest::{Body, Method, multipart};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{fetch, send, stored, until_nothing_is_stored, upload, uploaded};
use crate::harness::{Answer, Person, Program, Script, TestServer, eventually, png, within};

/// Begins an upload of `length` bytes by hand, and sends `sent` of them.
async fn begin(address: SocketAddr, token: &str, length: usize, sent: usize) -> TcpStream {
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
    let head = format!(
        "POST /api/v1/uploads HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{part}",
        part.len() + length
    );
    let connecting = within("a connection", TcpStream::connect(address));
    let mut stream = connecting.await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![7; sent]).await.unwrap();
    stream
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let token = anna.api().token();
    let stream = begin(server.address(), token, 5_000_000, 2_000_000).await;
    eventually("some of it to be on disk", || stored(&server) == 1).await;
    drop(stream);
    until_nothing_is_stored(&server).await;
    // One that says where it ends, and ends elsewhere.
    let mut stream = begin(server.address(), token, 1000, 1000).await;
    let mut answer = String::new();
    let reading = within("an answer", stream.read_to_string(&mut answer));
    reading.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert_eq!(stored(&server), 0);
    uploaded(&anna, "a.bin", b"the next one").await;
}

#[tokio::test]
async fn too_many_uploads_at_once_have_to_wait() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let token = anna.api().token();
    let mut under_way = Vec::new();
    for _ in 0..16 {
        under_way.push(begin(server.address(), token, 1_000_000, 300_000).await);
    }
    eventually("all to be under way", || stored(&server) == 16).await;
    let refused = upload(&anna, "a.bin", b"one more").await;
    assert_eq!(refused.refusal(), (429, "rate_limited".to_owned()));
    drop(under_way);
    until_nothing_is_stored(&server).await;
    uploaded(&anna, "a.bin", b"one more").await;
}

#[tokio::test]
async fn uploads_under_way_count_for_the_quota() {
    let small = |settings: &mut parlor::config::Settings| {
        settings.limits.person_quota = 1_000_000;
    };
    let server = TestServer::builder().setting(small).start().await;
    let anna = server.person("anna").await;
    let token = anna.api().token();
    let first = begin(server.address(), token, 700_000, 600_000).await;
    let arrived = || sizes(server.folder()).iter().sum::<u64>() > 500_000;
    eventually("most of the first to be on disk", arrived).await;
    let second = upload(&anna, "a.bin", &vec![1; 500_000]).await;
    assert_eq!(second.refusal(), (413, "too_large".to_owned()));
    drop(first);
    until_nothing_is_stored(&server).await;
    uploaded(&anna, "a.bin", &vec![1; 900_000]).await;
}

#[tokio::test]
async fn what_nobody_sends_is_deleted_after_a_day_and_at_the_next_start() {
    let clock = Arc::new(ManualClock::at(1_700_000_000_000));
    let shared: Arc<dyn parlor::base::Clock> = Arc::<ManualClock>::clone(&clock);
    let server = TestServer::builder().clock(shared).start().await;
    let anna = server.person("anna").await;
    let kept = uploaded(&anna, "kept.txt", b"kept").await;
    let left = uploaded(&anna, "left.png", &png([1, 2, 3])).await;
    send(&anna, "lobby", "", &[&kept]).await.expect(201);
    clock.advance(Duration::from_hours(23));
    let server = server.restart().await;
    fetch(&server, &anna, &left["url"]).await.is(200);
    clock.advance(Duration::from_hours(2));
    let server = server.restart().await;
    eventually("the other one to go", || stored(&server) == 1).await;
    fetch(&server, &anna, &left["url"]).await.is(404);
    fetch(&server, &anna, &kept["url"]).await.is(200);
    let late = send(&anna, "lobby", "late", &[&left]).await;
    assert_eq!(late.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing() {
    let full = |settings: &mut parlor::config::Settings| settings.limits.free_space = 1 << 50;
    let server = TestServer::builder().setting(full).start().await;
    let anna = server.person("anna").await;
    for bytes in [1, 2_000_000] {
        let answer = upload(&anna, "a.bin", &vec![1; bytes]).await;
        let refused = answer.expect(503);
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains("no room left for files"), "{message}");
    }
    assert_eq!(stored(&server), 0);
    anna.api().say("lobby", "words still go").await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_and_leaves_nothing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let folder = server.folder().join("uploads");
    std::fs::remove_dir(&folder).unwrap();
    std::fs::write(&folder, "in the way").unwrap();
    let refused = upload(&anna, "a.bin", b"a").await;
    assert_eq!(refused.refusal(), (503, "unavailable".to_owned()));
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    uploaded(&anna, "a.bin", b"a").await;
}

/// Uploads a file of this size as a stream.
#[cfg(target_os = "linux")]
pub(crate) async fn stream(script: &Script, size: usize) -> Answer {
    let piece = vec![7_u8; 64 << 10];
    let pieces = (0..size / piece.len()).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
    let body = Body::wrap_stream(futures_util::stream::iter(pieces));
    let part = multipart::Part::stream_with_length(body, u64::try_from(size).unwrap());
    let form = multipart::Form::new().part("file", part.file_name("large.bin"));
    Answer::of(script.request(Method::POST, "/uploads").multipart(form)).await
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_five_mebibytes_pass_in_less_than_eight_of_memory_and_survive_a_kill() {
    const SIZE: usize = 25 << 20;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), false);
    let anna = Person::register(&program.base, "anna").await;
    let before = program.most_memory();
    let file = stream(anna.api(), SIZE).await.expect(201)["attachment"].clone();
    let grown = program.most_memory() - before;
    assert!(grown < 8 << 10, "{grown} KiB for a file of {SIZE} bytes");
    let message = json!({ "data": "", "attachments": [file["id"]] });
    let sent = anna.api().post("/rooms/lobby/messages", &message).await;
    sent.is(201);
    program.kill();
    let program = Program::start(folder.path(), true);
    let url = format!("{}{}", program.base, file["url"].as_str().unwrap());
    let get = || {
        let client = crate::harness::client().build().unwrap();
        client.get(&url).bearer_auth(anna.api().token())
    };
    // What the first request costs for good is not the file's.
    Answer::of(get().header("range", "bytes=0-9")).await.is(206);
    let before = program.most_memory();
    let fetched = Answer::of(get()).await;
    assert_eq!(fetched.is(200).bytes.len(), SIZE);
    let grown = program.most_memory() - before;
    assert!(grown < 8 << 10, "{grown} KiB to hand it out");
}

#[tokio::test]
async fn a_killed_server_leaves_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), false);
    let anna = Person::register(&program.base, "anna").await;
    let address = program.base.strip_prefix("http://").unwrap();
    let token = anna.api().token();
    let stream = begin(address.parse().unwrap(), token, 5_000_000, 2_000_000).await;
    eventually("some of it to be on disk", || files(folder.path()) == 1).await;
    program.kill();
    drop(stream);
    assert_eq!(files(folder.path()), 1);
    let _program = Program::start(folder.path(), true);
    eventually("the half file to go", || files(folder.path()) == 0).await;
}

/// All files below the uploads folder of a data folder.
pub(super) fn files(folder: &Path) -> usize {
    sizes(folder).len()
}

/// Their sizes in bytes; of one that goes meanwhile, none.
fn sizes(folder: &Path) -> Vec<u64> {
    let folders = std::fs::read_dir(folder.join("uploads")).unwrap();
    folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().metadata().map_or(0, |found| found.len()))
        .collect()
}
