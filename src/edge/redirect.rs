//! The address for plain HTTP beside one that speaks TLS: it sends browsers to HTTPS, and answers nothing else.
//!
//! Only what a person opens is redirected. A program that calls the API in plain HTTP is refused, so that somebody
//! notices that its token travels in the open (OWASP ASVS 4.1.2).

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, uri::Authority},
    middleware,
    response::{IntoResponse, Response},
};

use super::host;

/// What programs call: these are refused, whatever the method.
const FOR_PROGRAMS: [&str; 3] = ["/api/", "/socket.io", "/hooks/"];

/// Where HTTPS is to be found, by the names that the certificate holds.
#[derive(Debug)]
pub struct Target {
    /// The origin that people are always sent to, where the owner has named one.
    origin: Option<String>,
    /// The port of HTTPS.
    port: u16,
    names: RwLock<Vec<String>>,
}

impl Target {
    /// Sends people to this origin; without one, to the name by which they came, at this port, if the certificate holds it.
    #[must_use]
    pub fn new(origin: Option<String>, port: u16, names: Vec<String>) -> Self {
        Self {
            origin,
            port,
            names: RwLock::new(names),
        }
    }

    /// The certificate holds these names from now on.
    pub fn set_names(&self, names: Vec<String>) {
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
    }

    /// The origin to send somebody to who came by this host; none for a name that nobody vouches for.
    fn origin_for(&self, host: &Authority) -> Option<String> {
        if let Some(origin) = &self.origin {
            return Some(origin.clone());
        }
        let name = host.host().to_ascii_lowercase();
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if !names.iter().any(|held| holds(held, &name)) {
            return None;
        }
        Some(match self.port {
            443 => format!("https://{name}"),
            port => format!("https://{name}:{port}"),
        })
    }
}

/// Whether a name of a certificate stands for this one (RFC 6125, section 6.4.3: a star is one whole first label).
fn holds(held: &str, name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = address.parse::<IpAddr>() {
        return held.parse::<IpAddr>() == Ok(address);
    }
    match held.strip_prefix("*.") {
        Some(rest) => name
            .split_once('.')
            .is_some_and(|(label, domain)| !label.is_empty() && domain.eq_ignore_ascii_case(rest)),
        None => held.eq_ignore_ascii_case(name) && held.parse::<Ipv6Addr>().is_err(),
    }
}

/// The routes of the address for plain HTTP.
pub fn routes(target: Arc<Target>) -> Router {
    Router::new()
        .fallback(redirect)
        .with_state(target)
        .layer(middleware::from_fn(host::one_host))
}

async fn redirect(State(target): State<Arc<Target>>, request: Request) -> Response {
    let answer = answer(&target, &request);
    let headers = [
        // No cache may keep for one name what another name was told.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // What was sent with the request is not read; the next one takes a new connection.
        (header::CONNECTION, "close"),
    ];
    (headers, answer).into_response()
}

fn answer(target: &Target, request: &Request) -> Response {
    let path = request.uri().path();
    let page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !FOR_PROGRAMS.iter().any(|prefix| path.starts_with(prefix));
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()?.parse().ok());
    let origin = host.as_ref().and_then(|host| target.origin_for(host));
    let location = origin.and_then(|origin| {
        let rest = request.uri().path_and_query()?;
        HeaderValue::from_str(&format!("{origin}{rest}")).ok()
    });
    match location {
        None => (
            StatusCode::MISDIRECTED_REQUEST,
            "No such site is served here.\n",
        )
            .into_response(),
        Some(location) if page => (
            StatusCode::PERMANENT_REDIRECT,
            [(header::LOCATION, location)],
        )
            .into_response(),
        Some(_) => (
            StatusCode::FORBIDDEN,
            "This server is reached by HTTPS only, and what was just sent was not protected. Use an address that begins \
             with https://, and replace any token or password that was in the request.\n",
        )
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(origin: Option<&str>, port: u16) -> Target {
        let names = ["chat.example", "*.team.example", "127.0.0.1", "::1"];
        Target::new(
            origin.map(str::to_owned),
            port,
            names.map(str::to_owned).to_vec(),
        )
    }

    #[test]
    fn a_name_that_the_certificate_holds_leads_to_itself_by_https() {
        for (host, origin) in [
            ("chat.example", Some("https://chat.example:5000")),
            ("Chat.Example:80", Some("https://chat.example:5000")),
            ("a.team.example", Some("https://a.team.example:5000")),
            ("127.0.0.1:8080", Some("https://127.0.0.1:5000")),
            ("[::1]", Some("https://[::1]:5000")),
            ("team.example", None),
            ("a.b.team.example", None),
            (".team.example", None),
            ("evil.example", None),
            ("chat.example.evil.example", None),
            ("127.0.0.2", None),
        ] {
            let found = target(None, 5000).origin_for(&host.parse().unwrap());
            assert_eq!(found.as_deref(), origin, "{host}");
        }
        let found = target(None, 443).origin_for(&"chat.example:80".parse().unwrap());
        assert_eq!(found.as_deref(), Some("https://chat.example"));
    }

    #[test]
    fn the_public_address_is_where_everybody_is_sent() {
        let target = target(Some("https://chat.example"), 5000);
        for host in ["chat.example", "evil.example", "127.0.0.1"] {
            let found = target.origin_for(&host.parse().unwrap());
            assert_eq!(found.as_deref(), Some("https://chat.example"), "{host}");
        }
    }

    #[test]
    fn new_names_count_at_once() {
        let target = target(None, 443);
        target.set_names(vec!["new.example".to_owned()]);
        assert!(
            target
                .origin_for(&"chat.example".parse().unwrap())
                .is_none()
        );
        assert!(target.origin_for(&"new.example".parse().unwrap()).is_some());
    }
}
