//! Who asks: one reading of cookie, bearer token and address for pages, JSON calls and handshakes.

mod carried;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, OptionalFromRequestParts},
    http::{Extensions, HeaderMap, Method, header, request::Parts},
};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use super::{
    Shared, Site, body::media_type, client_address::ClientAddress, guard, respond::ApiError,
};
use crate::{
    error::{Code, Error, Result},
    model::Origin,
    secrets::Token,
    service::{
        Caller, accounts, required, scopes,
        sessions::{self, Holder},
    },
};

/// The most characters that are kept of what a client calls itself.
const USER_AGENT: usize = 200;

/// Headers by which a proxy shows itself: a request with one of them did not come directly.
const PROXY_HEADERS: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
    "via",
];

/// Where a request came from.
#[must_use]
pub fn origin_of(parts: &Parts) -> Origin {
    let user_agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Origin {
        address: ClientAddress::of(parts),
        user_agent: user_agent.chars().take(USER_AGENT).collect(),
    }
}

/// The other end of the connection: a client, or a proxy in front.
#[must_use]
pub fn peer(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
            info.0.ip().to_canonical()
        })
}

/// Whether this came straight from this machine: a loopback peer, a loopback name in `Host` (so that no page
/// of another site reaches it by rebinding its name), and no proxy's header.
#[must_use]
pub fn is_direct_loopback(parts: &Parts) -> bool {
    let proxied = PROXY_HEADERS
        .iter()
        .any(|name| parts.headers.contains_key(*name));
    let host = guard::host(parts).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let local = name == "localhost"
        || name
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    peer(&parts.extensions).is_loopback() && local && !proxied
}

/// Whether the client reached us by TLS: ours, or that of a proxy in front which says so.
#[must_use]
pub fn is_secure(site: &Site, headers: &HeaderMap) -> bool {
    site.tls
        || headers
            .get("x-forwarded-proto")
            .is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

/// This server's address for links: the one that its owner named, else as the client reached it (`https://chat.example`).
#[must_use]
pub fn server_url(site: &Site, parts: &Parts) -> String {
    if let Some(url) = &site.ctx.settings.public_url {
        return url.clone();
    }
    let scheme = if is_secure(site, &parts.headers) {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{}", guard::host(parts).unwrap_or_default())
}

/// The name of the session cookie (`__Host-` needs `Secure`: RFC 6265bis, section 4.1.3.2).
#[must_use]
pub fn session_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}

fn visit_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-visit" } else { "visit" }
}

/// The session token among these headers' cookies, for a handshake, where no cookie layer runs.
#[must_use]
pub fn session_token(headers: &HeaderMap, secure: bool) -> Option<Token> {
    let name = session_cookie_name(secure);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(std::result::Result::ok)
        .find(|cookie| cookie.name() == name)
        .and_then(|cookie| Token::sent(cookie.value()))
}

/// What stands behind `Bearer` in the `Authorization` header (RFC 6750, section 2.1).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token by which a JSON call is authorised; one that names another scheme, or no token of ours, is refused.
fn authorized(headers: &HeaderMap) -> Option<Result<Token>> {
    headers.get(header::AUTHORIZATION)?;
    let token = bearer(headers).and_then(Token::sent);
    Some(token.ok_or_else(|| {
        Error::new(
            Code::Unauthorized,
            "This is not a token of this server. Make one with POST /api/v1/tokens.",
        )
    }))
}

/// Somebody who looks at a page, logged in or not.
#[derive(Debug)]
pub struct Visitor {
    /// Who, if they are logged in.
    pub caller: Option<Caller>,
    /// From where.
    pub origin: Origin,
    /// By which door they would register.
    pub direct_loopback: bool,
    /// Whether TLS carries this.
    pub secure: bool,
    csrf: Token,
    cookies: Cookies,
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, ApiError> {
        let cookies = Cookies::from_request_parts(parts, site)
            .await
            .map_err(|(_, text)| ApiError(Error::unavailable(text)))?;
        let secure = is_secure(site, &parts.headers);
        let origin = origin_of(parts);
        let sent = |name| {
            cookies
                .get(name)
                .and_then(|cookie| Token::sent(cookie.value()))
        };
        let session = sent(session_cookie_name(secure));
        let holder = match &session {
            Some(token) => sessions::by_cookie(&site.ctx, token, &origin).await?,
            None => None,
        };
        if let (Some(token), Some(Holder { extended: true, .. })) = (&session, &holder) {
            cookies.add(session_cookie(site, token, secure));
        }
        let caller = holder.map(|holder| holder.caller);
        let known = session
            .filter(|_| caller.is_some())
            .or_else(|| sent(visit_cookie_name(secure)));
        let csrf = known.unwrap_or_else(|| {
            let token = Token::random();
            cookies.add(cookie(
                visit_cookie_name(secure),
                token.reveal(),
                secure,
                None,
            ));
            token
        });
        Ok(Self {
            caller,
            origin,
            direct_loopback: is_direct_loopback(parts),
            secure,
            csrf,
            cookies,
        })
    }
}

impl Visitor {
    /// The CSRF token for forms on the page that this visitor gets.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.csrf.csrf()
    }

    /// Refuses a form that did not come from a page that this visitor got.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn check_csrf(&self, sent: &str) -> Result<()> {
        if self.csrf.csrf_fits(sent) {
            Ok(())
        } else {
            Err(Error::new(
                Code::Forbidden,
                "This form is out of date. Go back, reload the page and send it again.",
            ))
        }
    }

    /// The caller.
    ///
    /// # Errors
    /// `unauthorized` when nobody is logged in.
    pub fn logged_in(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or_else(Error::unauthorized)
    }

    /// By which ordinary door this visitor would register.
    #[must_use]
    pub fn door(&self) -> accounts::Door {
        accounts::Door::Ordinary {
            direct_loopback: self.direct_loopback,
        }
    }

    /// Gives the visitor this session from now on.
    pub fn begin_session(&self, site: &Site, token: &Token) {
        self.cookies.add(session_cookie(site, token, self.secure));
        self.forget(visit_cookie_name(self.secure));
    }

    /// Takes the session's cookie away.
    pub fn end_session(&self) {
        self.forget(session_cookie_name(self.secure));
    }

    fn forget(&self, name: &'static str) {
        let mut gone = Cookie::new(name, "");
        gone.set_path("/");
        gone.set_secure(self.secure);
        self.cookies.remove(gone);
    }
}

fn session_cookie(site: &Site, token: &Token, secure: bool) -> Cookie<'static> {
    let days = i64::from(site.ctx.settings.limits.session_days);
    let name = session_cookie_name(secure);
    cookie(name, token.reveal(), secure, Some(Duration::days(days)))
}

fn cookie(name: &'static str, value: &str, secure: bool, age: Option<Duration>) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value.to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(secure);
    cookie.set_same_site(SameSite::Lax);
    if let Some(age) = age {
        cookie.set_max_age(age);
    }
    cookie
}

/// Somebody with a valid credential who makes a JSON call: by bearer token, or by session cookie under the
/// contract's conditions (section 4).
#[derive(Debug)]
pub struct ApiCaller(pub Caller);

impl FromRequestParts<Shared> for ApiCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, ApiError> {
        let origin = origin_of(parts);
        if let Some(token) = authorized(&parts.headers) {
            let caller = sessions::by_token(&site.ctx, &token?, &origin).await?;
            let caller = caller.ok_or_else(|| {
                Error::new(
                    Code::Unauthorized,
                    "This token is not valid any more. Make a new one.",
                )
            })?;
            let call = call(parts);
            scopes::check(&caller, &call)?;
            required::check(&site.ctx, &caller, &call).await?;
            return Ok(Self(caller));
        }
        let secure = is_secure(site, &parts.headers);
        let Some(token) = session_token(&parts.headers, secure) else {
            return Err(Error::unauthorized().into());
        };
        guard::own_origin(parts, secure)?;
        if !plain_type_allowed(parts) {
            return Err(ApiError::unsupported_type());
        }
        let holder = sessions::by_cookie(&site.ctx, &token, &origin).await?;
        let caller = holder.map(|holder| holder.caller);
        let caller = caller.ok_or_else(Error::unauthorized)?;
        required::check(&site.ctx, &caller, &call(parts)).await?;
        Ok(Self(caller))
    }
}

/// A call as scopes know it: `GET /rooms/{code}`.
fn call(parts: &Parts) -> String {
    let path = parts.extensions.get::<MatchedPath>();
    let path = path.map_or("", MatchedPath::as_str);
    let method = match parts.method {
        Method::HEAD => "GET",
        ref method => method.as_str(),
    };
    format!("{method} {}", path.strip_prefix("/api/v1").unwrap_or(path))
}

impl OptionalFromRequestParts<Shared> for ApiCaller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        site: &Shared,
    ) -> Result<Option<Self>, ApiError> {
        match <Self as FromRequestParts<Shared>>::from_request_parts(parts, site).await {
            Ok(caller) => Ok(Some(caller)),
            Err(error) if error.0.code == Code::Unauthorized => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A body that is sent with a cookie must be of a type that no foreign form can send without a preflight;
/// multipart is for files, and is covered by the Origin check.
fn plain_type_allowed(parts: &Parts) -> bool {
    if !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
        return true;
    }
    let kind = media_type(&parts.headers);
    kind == "application/json" || kind == "multipart/form-data" || kind.starts_with("image/")
}
