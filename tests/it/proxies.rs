//! Behind a proxy: clients are told apart by what it says, and nobody else is believed.

use std::net::{IpAddr, Ipv4Addr};

use parlor::config::{ProxyHeader, Settings};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Refused, TestServer, eventually};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server that believes a proxy on this machine.
fn behind_a_proxy(settings: &mut Settings) {
    settings.trusted_proxy = vec![LOOPBACK.into()];
    settings.limits.login_failures_per_address = 2;
    settings.limits.sockets_per_address = 1;
}

/// The status of a failed login that came with this header.
async fn guess(server: &TestServer, number: u32, header: &str, value: &str) -> u16 {
    let login = json!({ "login": format!("nobody{number}"), "password": "guess" });
    let request = server.nobody().request(Method::POST, "/tokens");
    let request = request.header(header, value).json(&login);
    Answer::of(request).await.status
}

#[tokio::test]
async fn clients_of_a_trusted_proxy_are_counted_one_by_one() {
    let server = TestServer::builder().setting(behind_a_proxy).start().await;
    for number in 0..2 {
        assert_eq!(
            guess(&server, number, "x-forwarded-for", "192.0.2.7").await,
            401
        );
    }
    let spoofed = "198.51.100.1, 192.0.2.7";
    assert_eq!(guess(&server, 3, "x-forwarded-for", spoofed).await, 429);
    assert_eq!(guess(&server, 4, "x-forwarded-for", "192.0.2.8").await, 401);
    assert_eq!(guess(&server, 5, "forwarded", "for=192.0.2.9").await, 401);
    assert_eq!(guess(&server, 6, "forwarded", "for=192.0.2.9").await, 401);
    assert_eq!(
        guess(&server, 7, "forwarded", "for=192.0.2.10").await,
        429,
        "the header that the proxy does not set is not read"
    );
}

#[tokio::test]
async fn sockets_of_a_trusted_proxys_clients_are_counted_one_by_one() {
    let server = TestServer::builder().setting(behind_a_proxy).start().await;
    let anna = server.person("anna").await;
    let from = |address: &str| anna.connect().header("x-forwarded-for", address);
    let first = from("192.0.2.7").open().await.unwrap();
    assert_eq!(
        from("192.0.2.7").open().await.err(),
        Some(Refused::Handshake(503))
    );
    let second = from("2001:db8::7").open().await.unwrap();
    first.leave().await;
    eventually("room for one", || server.connected() == 1).await;
    from("192.0.2.7").open().await.unwrap();
    second.leave().await;
}

#[tokio::test]
async fn the_other_header_is_read_where_the_setting_says_so() {
    let forwarded = |settings: &mut Settings| {
        behind_a_proxy(settings);
        settings.proxy_header = ProxyHeader::Forwarded;
    };
    let server = TestServer::builder().setting(forwarded).start().await;
    for number in 0..2 {
        assert_eq!(
            guess(&server, number, "forwarded", "for=192.0.2.7").await,
            401
        );
    }
    assert_eq!(guess(&server, 3, "forwarded", "for=192.0.2.7").await, 429);
    assert_eq!(guess(&server, 4, "forwarded", "for=192.0.2.8").await, 401);
}

#[tokio::test]
async fn who_is_no_trusted_proxy_cannot_choose_an_address() {
    let elsewhere = |settings: &mut Settings| {
        behind_a_proxy(settings);
        settings.trusted_proxy = vec!["192.0.2.0/24".parse().unwrap()];
    };
    let server = TestServer::builder().setting(elsewhere).start().await;
    for (number, address) in (0..).zip(["192.0.2.1", "198.51.100.2"]) {
        assert_eq!(
            guess(&server, number, "x-forwarded-for", address).await,
            401
        );
    }
    assert_eq!(
        guess(&server, 3, "x-forwarded-for", "198.51.100.3").await,
        429
    );
}
