//! From which address a request came: the peer's own, or what a proxy says whom the owner trusts.
//!
//! Limits count by this address, so nobody else may choose it. Each proxy adds the address that it was asked from at the
//! end, so the list is read from there, and what stands before the first stranger is that stranger's word.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, header, request::Parts},
    middleware::Next,
    response::Response,
};

use super::{Shared, caller::peer};
use crate::config::{ProxyHeader, Settings};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client, as a request carries it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Of the request with these parts: what [`find`] found, else the peer's.
    #[must_use]
    pub(super) fn of(parts: &Parts) -> IpAddr {
        let found = parts.extensions.get::<Self>();
        found.map_or_else(|| peer(&parts.extensions), |address| address.0)
    }
}

/// A layer that finds each request's client.
pub(super) async fn find(State(site): State<Shared>, mut request: Request, next: Next) -> Response {
    let peer = peer(request.extensions());
    let client = client(&site.ctx.settings, peer, request.headers());
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}

/// The last address in the header that is no trusted proxy's. Where an entry is no address (RFC 7239, section 6.3), the
/// proxy that wrote it is as far as is known.
fn client(settings: &Settings, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let trusted = |address: IpAddr| {
        let mut networks = settings.trusted_proxy.iter();
        networks.any(|network| network.contains(&address))
    };
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match settings.proxy_header {
        ProxyHeader::XForwardedFor => (X_FORWARDED_FOR, address),
        ProxyHeader::Forwarded => (header::FORWARDED, forwarded_for),
    };
    let mut known = peer;
    let lines = headers.get_all(name).iter().rev();
    let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while trusted(known) {
        match hops.next().and_then(read) {
            Some(address) => known = address,
            None => break,
        }
    }
    known
}

/// An address, perhaps with a port behind it.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let with_port = || Some(text.parse::<SocketAddr>().ok()?.ip());
    let address = bare.unwrap_or(text).parse().ok().or_else(with_port);
    address.map(|address: IpAddr| address.to_canonical())
}

/// The `for` of one element of `Forwarded` (RFC 7239, section 4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(node.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Whom a request with these lines comes from, by a peer at 10.0.0.1, where 10.0.0.0/8 and `::1` are trusted.
    fn behind(proxy_header: ProxyHeader, lines: &[&str]) -> IpAddr {
        let settings = Settings {
            trusted_proxy: vec!["10.0.0.0/8".parse().unwrap(), ip("::1").into()],
            proxy_header,
            ..Settings::default()
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            let name = match proxy_header {
                ProxyHeader::XForwardedFor => X_FORWARDED_FOR,
                ProxyHeader::Forwarded => header::FORWARDED,
            };
            headers.append(name, line.parse().unwrap());
        }
        client(&settings, ip("10.0.0.1"), &headers)
    }

    #[test]
    fn the_last_stranger_is_the_client() {
        let rows: [(&[&str], &str); 9] = [
            (&["192.0.2.7"], "192.0.2.7"),
            (&["198.51.100.9, 192.0.2.7"], "192.0.2.7"),
            (&["192.0.2.7, 10.1.1.1, ::1"], "192.0.2.7"),
            (&["198.51.100.9", "192.0.2.7", "10.1.1.1"], "192.0.2.7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["[2001:db8::7]:443"], "2001:db8::7"),
            (&["::ffff:192.0.2.7"], "192.0.2.7"),
            (&["192.0.2.7:50000"], "192.0.2.7"),
            (&["10.2.2.2"], "10.2.2.2"),
        ];
        for (lines, expected) in rows {
            let found = behind(ProxyHeader::XForwardedFor, lines);
            assert_eq!(found, ip(expected), "{lines:?}");
        }
    }

    #[test]
    fn forwarded_names_it_by_for() {
        let rows: [(&[&str], &str); 5] = [
            (&["for=192.0.2.7;proto=https;by=10.0.0.1"], "192.0.2.7"),
            (&["proto=https; For=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (&["for=198.51.100.9, for=192.0.2.7"], "192.0.2.7"),
            (&["for=198.51.100.9, for=unknown"], "10.0.0.1"),
            (&["for=198.51.100.9, for=_gazonk, for=10.3.3.3"], "10.3.3.3"),
        ];
        for (lines, expected) in rows {
            let found = behind(ProxyHeader::Forwarded, lines);
            assert_eq!(found, ip(expected), "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_addresses_leaves_the_peer() {
        for line in [
            "",
            ",",
            "unknown",
            "localhost",
            "192.0.2",
            "\u{e9}",
            "192.0.2.7,",
        ] {
            assert_eq!(
                behind(ProxyHeader::XForwardedFor, &[line]),
                ip("10.0.0.1"),
                "{line}"
            );
        }
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let settings = Settings {
            trusted_proxy: vec![ip("10.0.0.1").into()],
            ..Settings::default()
        };
        let headers = HeaderMap::from_iter([(X_FORWARDED_FOR, "192.0.2.7".parse().unwrap())]);
        assert_eq!(client(&settings, ip("10.0.0.2"), &headers), ip("10.0.0.2"));
    }
}
