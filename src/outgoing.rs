//! The one way out: an HTTP client for addresses that people wrote, which reaches public hosts only.
//!
//! A name is looked up once for each connection, and the addresses found are those that are connected to, so that a
//! name cannot point elsewhere between check and use (DNS rebinding). A redirect is followed by hand, each one checked as
//! the first address was, and only where something is fetched.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, ClientBuilder, Method, Response, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION},
    redirect::Policy,
};
use rustls_platform_verifier::BuilderVerifierExt;

/// How many redirects are followed, one after the other.
const REDIRECTS: usize = 3;

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
    /// The answer was no success.
    #[error("the answer's status is {0}")]
    Refused(u16),
    /// The answer is larger than it may be.
    #[error("the answer is too large")]
    TooLarge,
    /// One redirect led to the next.
    #[error("more than {REDIRECTS} redirects")]
    Redirects,
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

/// What was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// Where it was, after all redirects.
    pub url: Url,
    /// The media type that the answer names, with its parameters.
    pub media_type: String,
    /// Its beginning.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub whole: bool,
}

/// Whom outgoing requests trust: the system's certificates, which every client shares, as reading them takes time.
#[derive(Debug, Clone)]
pub struct Trust(rustls::ClientConfig);

impl Trust {
    /// Reads the system's certificates.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn of_the_system() -> Result<Self, OutgoingError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| OutgoingError::SetUp(error.into()))?
            .with_no_client_auth();
        Ok(Self(tls))
    }
}

/// What another server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How long it wants to be left alone, where it says so in seconds.
    pub retry_after: Option<Duration>,
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
    /// When it cannot be set up.
    pub fn new(trust: &Trust, timeout: Duration, private: bool) -> Result<Self, OutgoingError> {
        let client = Self::builder(trust, timeout, private)
            .build()
            .map_err(|error| OutgoingError::SetUp(error.into()))?;
        Ok(Self { client, private })
    }

    fn builder(trust: &Trust, timeout: Duration, private: bool) -> ClientBuilder {
        let builder = Client::builder()
            .tls_backend_preconfigured(trust.0.clone())
            .redirect(Policy::none())
            .no_proxy()
            .timeout(timeout)
            .user_agent(concat!("Parlor/", env!("CARGO_PKG_VERSION")));
        if private {
            builder
        } else {
            builder.dns_resolver(Arc::new(PublicOnly))
        }
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

    /// Fetches the first `most` bytes of what is at an address, and no more; follows up to 3 redirects, each of which must
    /// lead to an address that may be reached. `accept` says which media types are of use.
    ///
    /// # Errors
    /// `NotPublic`, `Refused`, `Redirects`; `Failed` when nobody answered, or not in time.
    pub async fn get(
        &self,
        url: &str,
        accept: &'static str,
        most: usize,
    ) -> Result<Fetched, OutgoingError> {
        let failed = |error: reqwest::Error| OutgoingError::Failed(error.without_url());
        let mut url = self.address(url)?;
        for _ in 0..=REDIRECTS {
            let request = self.client.get(url.clone()).header(ACCEPT, accept);
            let answer = request.send().await.map_err(failed)?;
            let status = answer.status();
            if status.is_success() {
                return read(url, answer, most).await.map_err(failed);
            }
            let location = answer.headers().get(LOCATION);
            let location = location.filter(|_| status.is_redirection());
            let next = location
                .and_then(|location| url.join(location.to_str().ok()?).ok())
                .ok_or(OutgoingError::Refused(status.as_u16()))?;
            url = self.address(next.as_str())?;
        }
        Err(OutgoingError::Redirects)
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
        let kind = ("content-type", "application/json".to_owned());
        let headers = headers.into_iter().chain([kind]);
        let answer = self.post(url, headers, body.into_bytes()).await?;
        Ok(answer.status)
    }

    /// Posts bytes. Of the answer's body nothing is read.
    ///
    /// # Errors
    /// `NotPublic`; `Failed` when nobody answered in time.
    pub async fn post(
        &self,
        url: &str,
        headers: impl IntoIterator<Item = (&'static str, String)>,
        body: Vec<u8>,
    ) -> Result<Answer, OutgoingError> {
        let mut request = self.client.post(self.address(url)?).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        let answer = answer.map_err(|error| OutgoingError::Failed(error.without_url()))?;
        let retry_after = answer.headers().get("retry-after");
        let seconds = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        Ok(Answer {
            status: answer.status().as_u16(),
            retry_after: seconds.map(Duration::from_secs),
        })
    }
}

impl Outgoing {
    /// Makes one request as it is, for a protocol that writes its own; no redirect is followed, and an answer of more
    /// than `most` bytes is none.
    ///
    /// # Errors
    /// `NotPublic`, `TooLarge`; `Failed` when nobody answered in time.
    pub async fn exchange(
        &self,
        method: Method,
        url: &str,
        (headers, body): (HeaderMap, Vec<u8>),
        most: usize,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), OutgoingError> {
        let failed = |error: reqwest::Error| OutgoingError::Failed(error.without_url());
        let url = self.address(url)?;
        let request = self.client.request(method, url.clone());
        let answer = request.headers(headers).body(body).send().await;
        let mut answer = answer.map_err(failed)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let fetched = read(url, answer, most).await.map_err(failed)?;
        if !fetched.whole {
            return Err(OutgoingError::TooLarge);
        }
        Ok((status, headers, fetched.body))
    }
}

/// Reads an answer's body until there is enough of it.
async fn read(url: Url, mut answer: Response, most: usize) -> reqwest::Result<Fetched> {
    let media_type = answer.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let mut fetched = Fetched {
        url,
        media_type: media_type.unwrap_or_default().to_owned(),
        body: Vec::new(),
        whole: true,
    };
    while let Some(chunk) = answer.chunk().await? {
        let fits = chunk.len().min(most - fetched.body.len());
        fetched.body.extend_from_slice(&chunk[..fits]);
        if fits < chunk.len() {
            fetched.whole = false;
            break;
        }
    }
    Ok(fetched)
}

#[cfg(test)]
mod tests;
