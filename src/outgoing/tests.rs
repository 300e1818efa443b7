//! The guard against addresses that are not public, and redirects, with real servers on this machine.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::base::Tasks;

#[test]
fn only_addresses_of_the_whole_internet_are_public() {
    for text in [
        "1.1.1.1",
        "93.184.216.34",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
    ] {
        assert!(is_public(text.parse().expect("an address")), "{text}");
    }
    for text in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
    ] {
        assert!(!is_public(text.parse().expect("an address")), "{text}");
    }
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_also_behind_a_name() {
    let trust = Trust::of_the_system().expect("certificates");
    let client = Outgoing::new(&trust, Duration::from_secs(5), false).expect("a client");
    for url in [
        "http://127.0.0.1/",
        "http://[::1]:80/",
        "http://0x7f.1/",
        "http://2130706433/",
        "ftp://example.org/",
        "http://name:secret@example.org/",
        "file:///etc/passwd",
        "nonsense",
        "",
    ] {
        assert!(
            matches!(client.address(url), Err(OutgoingError::NotPublic)),
            "{url}"
        );
    }
    assert!(client.address("https://example.org/hook?x=1").is_ok());
    let refused = client
        .post_json("http://localhost:9/", [], String::new())
        .await;
    let Err(OutgoingError::Failed(error)) = refused else {
        panic!("{refused:?}")
    };
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
        error.source()
    });
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    assert!(causes.join(": ").contains("no public"), "{causes:?}");
}

/// A server on this machine that answers each path by `answer`; and a client, guard and all, to which it is at a public
/// address under the name `public.test`.
async fn site(answer: fn(&str, u16) -> String) -> (Outgoing, String, u16, Tasks) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let port = address.port();
    let tasks = Tasks::new();
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = vec![0; 8 << 10];
            let length = stream.read(&mut asked).await.unwrap_or_default();
            let asked = String::from_utf8_lossy(&asked[..length]).into_owned();
            let path = asked.split(' ').nth(1).unwrap_or_default();
            // A client that has read enough is gone already.
            drop(stream.write_all(answer(path, port).as_bytes()).await);
        }
    });
    let trust = Trust::of_the_system().expect("certificates");
    let client = Outgoing::builder(&trust, Duration::from_secs(30), false)
        .resolve("public.test", address)
        .build()
        .expect("a client");
    let outgoing = Outgoing {
        client,
        private: false,
    };
    (outgoing, format!("http://public.test:{port}"), port, tasks)
}

fn page(body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn to(location: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn a_redirect_is_followed_three_times_and_never_to_what_is_not_public() {
    let answer = |path: &str, port: u16| match path {
        "/3" => to("/2"),
        "/2" => to("1?a=b"),
        "/1?a=b" => to(&format!("http://public.test:{port}/end")),
        "/4" => to("/3"),
        "/number" => to(&format!("http://127.0.0.1:{port}/end")),
        "/mapped" => to(&format!("http://[::ffff:127.0.0.1]:{port}/end")),
        "/name" => to(&format!("http://localhost:{port}/end")),
        "/metadata" => to("http://169.254.169.254/latest/meta-data/"),
        "/file" => to("file:///etc/passwd"),
        "/nowhere" => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "/gone" => "HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n".to_owned(),
        _ => page("secret"),
    };
    let (client, base, _, _tasks) = site(answer).await;
    let get = async |path: &str| client.get(&format!("{base}{path}"), "*/*", 100).await;
    let found = get("/3").await.expect("the end");
    assert_eq!((found.body, found.url.path()), (b"secret".to_vec(), "/end"));
    assert!(found.whole);
    assert!(matches!(get("/4").await, Err(OutgoingError::Redirects)));
    for path in ["/number", "/mapped", "/metadata", "/file"] {
        let refused = get(path).await;
        assert!(matches!(refused, Err(OutgoingError::NotPublic)), "{path}");
    }
    let refused = get("/name").await;
    assert!(
        matches!(refused, Err(OutgoingError::Failed(_))),
        "{refused:?}"
    );
    assert!(matches!(
        get("/nowhere").await,
        Err(OutgoingError::Refused(302))
    ));
    assert!(matches!(
        get("/gone").await,
        Err(OutgoingError::Refused(410))
    ));
}

#[tokio::test]
async fn no_more_is_read_than_was_asked_for() {
    let (client, base, ..) = site(|_, _| page("0123456789")).await;
    for (most, expected, whole) in [(4, "0123", false), (10, "0123456789", true), (0, "", false)] {
        let found = client.get(&base, "*/*", most).await.expect("an answer");
        assert_eq!(
            (found.body, found.whole),
            (expected.as_bytes().to_vec(), whole)
        );
        assert_eq!(found.media_type, "text/plain");
    }
}
