//! The one way out: an HTTP client for addresses that people wrote, which reaches public hosts only.
//!
//! A name is looked up once for each connection, and the addresses found are those that are connected to, so that a
//! name cannot point elsewhere between check and use (DNS rebinding). Redirects are not followed here.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use rustls_platform_verifier::BuilderVerifierExt;

/// Why a request could not be made or was not answered.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The client could not be set up.
    #[error("the client for outgoing requests could not be set up: {0}")]
    SetUp(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is no address that may be reached from here.
    #[error("this is no public http(s) address")]
    NotPublic,
    /// The request failed; the address itself stands in no log.
    #[error("the request failed")]
    Failed(#[source] reqwest::Error),
}

/// Whether an address is one that the whole Internet reaches (IANA's special-purpose registries).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., ..)
            | (100, 64..=127, _)
            | (172, 16..=31, _)
            | (169, 254, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

/// Global unicast, without documentation, benchmarking, Teredo and 6to4, which lead to other addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = matches!(
        (a, b),
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff)
    );
    (0x2000..=0x3fff).contains(&a) && !special
}

/// Looks names up, and finds the public addresses among what there is.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(OutgoingError::NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The client.
#[derive(Debug, Clone)]
pub struct Outgoing {
    client: Client,
    private: bool,
}

impl Outgoing {
    /// A client whose requests take at most `timeout` altogether. `private` lets it reach every address.
    ///
    /// # Errors
    /// When the system's trusted certificates cannot be used.
    pub fn new(timeout: Duration, private: bool) -> Result<Self, OutgoingError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| OutgoingError::SetUp(error.into()))?
            .with_no_client_auth();
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .no_proxy()
            .timeout(timeout)
            .user_agent(concat!("Parlor/", env!("CARGO_PKG_VERSION")));
        if !private {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        let client = builder
            .build()
            .map_err(|error| OutgoingError::SetUp(error.into()))?;
        Ok(Self { client, private })
    }

    /// Reads an address: http or https, without a name and password in it. A host that is a number is checked here,
    /// since no look-up will.
    ///
    /// # Errors
    /// `NotPublic`.
    pub fn address(&self, text: &str) -> Result<Url, OutgoingError> {
        let url = Url::parse(text).map_err(|_| OutgoingError::NotPublic)?;
        let plain = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().unwrap_or_default();
        let number: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let reachable = self.private || number.is_none_or(is_public);
        if plain && reachable && !host.is_empty() && matches!(url.scheme(), "http" | "https") {
            Ok(url)
        } else {
            Err(OutgoingError::NotPublic)
        }
    }

    /// Posts JSON; answers with the status. Of the answer's body nothing is read.
    ///
    /// # Errors
    /// `NotPublic`; `Failed` when nobody answered in time.
    pub async fn post_json(
        &self,
        url: &str,
        headers: impl IntoIterator<Item = (&'static str, String)>,
        body: String,
    ) -> Result<u16, OutgoingError> {
        let mut request = self
            .client
            .post(self.address(url)?)
            .header("content-type", "application/json")
            .body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        let answer = answer.map_err(|error| OutgoingError::Failed(error.without_url()))?;
        Ok(answer.status().as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let client = Outgoing::new(Duration::from_secs(5), false).expect("a client");
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
}
