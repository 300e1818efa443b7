//! One request names one host. Where it names several, or none, a proxy in front may have read another one than Parlor
//! would: what it keeps, or lets through, for one name would be answered for another (request smuggling, cache poisoning).

use axum::{
    extract::Request,
    http::{StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// A layer that refuses a request whose host is in doubt, with 400 (RFC 9112, section 3.2; RFC 9113, section 8.3.1).
pub(super) async fn one_host(request: Request, next: Next) -> Response {
    match doubt(&request) {
        None => next.run(request).await,
        Some(text) => (StatusCode::BAD_REQUEST, text).into_response(),
    }
}

/// What is doubtful about the host of a request.
fn doubt<B>(request: &axum::http::Request<B>) -> Option<&'static str> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let (first, second) = (lines.next(), lines.next());
    let target = request.uri().authority();
    if second.is_some() {
        return Some("This request names its host twice. Send one Host header.\n");
    }
    let Some(first) = first else {
        let old = matches!(request.version(), Version::HTTP_09 | Version::HTTP_10);
        let named = request.version() == Version::HTTP_2 && target.is_some_and(is_plain);
        return (!old && !named).then_some("This request names no host. Send a Host header.\n");
    };
    let Some(named) = first.to_str().ok().and_then(|text| text.parse().ok()) else {
        return Some("The Host header is no host name with an optional port.\n");
    };
    if !is_plain(&named) || target.is_some_and(|target| !is_plain(target)) {
        return Some("The Host header is no host name with an optional port.\n");
    }
    // For a server of one's own, the target's name would win; nobody honest sends two different ones.
    target.is_some_and(|target| *target != named).then_some(
        "This request names two hosts. Send the same one in its target and its Host header.\n",
    )
}

/// Whether this is a name or an address, perhaps with a port, and nothing else.
fn is_plain(authority: &Authority) -> bool {
    let text = authority.as_str();
    let host = authority.host();
    // What follows the name is nothing, or a port that exists.
    let rest = text.strip_prefix(host);
    let port = rest.is_some_and(|rest| match rest.strip_prefix(':') {
        Some(port) => port.parse::<u16>().is_ok() && !port.starts_with('+'),
        None => rest.is_empty(),
    });
    let word = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let name = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(word),
    };
    port && name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(version: Version, target: &str, hosts: &[&str]) -> bool {
        let mut builder = axum::http::Request::builder().version(version).uri(target);
        for host in hosts {
            builder = builder.header(header::HOST, *host);
        }
        doubt(&builder.body(()).unwrap()).is_none()
    }

    #[test]
    fn one_host_is_named_and_nothing_else() {
        for host in [
            "chat.example",
            "chat.example:8443",
            "127.0.0.1:5000",
            "[::1]:5000",
            "CHAT_1.example.",
        ] {
            assert!(request(Version::HTTP_11, "/", &[host]), "{host}");
        }
        for host in [
            "",
            " ",
            "a b",
            "chat.example:",
            "chat.example:http",
            "chat.example:99999",
            "chat.example:+80",
            ":80",
            "evil@chat.example",
            "chat.example/path",
            "chat.example,evil.example",
            "chat.example#",
            "[::1",
            "[evil]:80",
            "chat.example:80:80",
            "chat.example\\@evil",
            "<script>",
            "%63hat.example",
            "chat.example?x",
        ] {
            assert!(!request(Version::HTTP_11, "/", &[host]), "{host}");
        }
        assert!(!request(Version::HTTP_11, "/", &[]));
        assert!(request(Version::HTTP_10, "/", &[]));
        assert!(!request(
            Version::HTTP_11,
            "/",
            &["chat.example", "chat.example"]
        ));
    }

    #[test]
    fn the_target_names_the_same_host() {
        let target = "http://chat.example/path";
        assert!(request(Version::HTTP_11, target, &["Chat.Example"]));
        assert!(!request(Version::HTTP_11, target, &["evil.example"]));
        assert!(!request(Version::HTTP_11, target, &[]));
        assert!(!request(
            Version::HTTP_11,
            "http://evil@chat.example/",
            &["chat.example"]
        ));
        assert!(request(Version::HTTP_2, "https://chat.example/path", &[]));
        assert!(!request(
            Version::HTTP_2,
            "https://chat.example/path",
            &["evil.example"]
        ));
        assert!(!request(Version::HTTP_2, "/path", &[]));
    }
}
