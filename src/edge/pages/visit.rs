//! Who looks at a page: anybody, or somebody who is logged in; and the way to the login and back.

use std::fmt::Write;

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{Method, Uri, header, request::Parts, uri::PathAndQuery},
    response::{IntoResponse, Response},
};

use super::{
    answer::see,
    assets::asset_version,
    view::{Me, Shell},
};
use crate::{
    edge::{
        Shared,
        caller::{Visitor, server_url},
        respond::PageError,
        scope,
    },
    service::{Caller, required},
    wire::avatar,
};

/// Where somebody goes who must have a second factor and has none.
const SET_UP: &str = "/settings/two-factor";

/// The pages that such a person gets: those that set one up, and those that nobody needs to be logged in for.
const OPEN: [&str; 14] = [
    SET_UP,
    "/settings/two-factor/on",
    "/settings/confirm",
    "/logout",
    "/login",
    "/login/code",
    "/login/oidc",
    "/login/oidc/return",
    "/recover",
    "/recover/{token}",
    "/address",
    "/address/{token}",
    "/mail/off/{token}",
    "/claim/{token}",
];

/// Anybody, logged in or not. Who is, and must have a second factor, is sent to set it up.
pub(super) struct Anybody(pub(super) Visitor);

impl FromRequestParts<Shared> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, site).await;
        let visitor = visitor.map_err(|error| PageError::from(error).into_response())?;
        let page = parts.extensions.get::<MatchedPath>();
        let open = page.is_some_and(|page| OPEN.contains(&page.as_str()));
        if !open && let Some(caller) = &visitor.caller {
            let lacks = required::lacks(&site.ctx, &caller.account).await;
            if lacks.map_err(|error| PageError(error).into_response())? {
                return Err(see(SET_UP));
            }
        }
        Ok(Self(visitor))
    }
}

/// Somebody who is logged in. Who is not is sent to the login, and from there back.
pub(super) struct LoggedIn {
    /// The visit.
    pub(super) visitor: Visitor,
    /// Who.
    pub(super) caller: Caller,
    /// This server as the browser reached it: `https://chat.example`.
    pub(super) server: String,
}

impl FromRequestParts<Shared> for LoggedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Response> {
        let Anybody(visitor) = Anybody::from_request_parts(parts, site).await?;
        let Some(caller) = visitor.caller.clone() else {
            return Err(see(&login_path(parts)));
        };
        let server = server_url(site, parts);
        Ok(Self {
            visitor,
            caller,
            server,
        })
    }
}

impl LoggedIn {
    /// A page's surroundings.
    pub(super) fn shell(&self, title: &str) -> Shell {
        shell(&self.visitor, title)
    }
}

/// A page's surroundings.
pub(super) fn shell(visitor: &Visitor, title: &str) -> Shell {
    let me = visitor.caller.as_ref().map(|caller| Me {
        id: caller.id().0,
        name: caller.account.card.name.as_str().to_owned(),
        avatar: avatar(&caller.account.card),
        admin: caller.account.admin,
    });
    Shell {
        title: title.to_owned(),
        csrf: Some(visitor.csrf()),
        me,
        server: scope::current().server_name,
        asset_version: asset_version().to_owned(),
        flash: None,
    }
}

/// The login page that leads back to the page that was asked for, or on which the form stood.
fn login_path(parts: &Parts) -> String {
    let page = if matches!(parts.method, Method::GET | Method::HEAD) {
        Some(parts.uri.clone())
    } else {
        let referer = parts.headers.get(header::REFERER);
        referer.and_then(|url| Uri::try_from(url.as_bytes()).ok())
    };
    let path = page
        .as_ref()
        .and_then(Uri::path_and_query)
        .map(PathAndQuery::as_str);
    leading_to("/login", path.unwrap_or_default())
}

/// The address of this page, from which it leads on to `next`, if that is a page of ours.
pub(super) fn leading_to(page: &str, next: &str) -> String {
    match local_path(next) {
        Some(path) => format!("{page}?next={}", encoded(path)),
        None => page.to_owned(),
    }
}

/// `text`, if it is the path of a page of ours and no way out to another site, whatever a browser makes of
/// it (WHATWG URL: `\` counts as `/`, tabs and line ends as nothing).
pub(super) fn local_path(text: &str) -> Option<&str> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain && text.starts_with('/') && !text.starts_with("//")).then_some(text)
}

/// `text` as the value of a query parameter (RFC 3986, section 2.1).
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_server_is_gone_on_to() {
        for path in [
            "/",
            "/room/lobby",
            "/room/lobby?before=7",
            "/u/%C3%BC#top",
            "/a//b",
        ] {
            assert_eq!(local_path(path), Some(path));
        }
        for text in [
            "",
            "room",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " /room",
            "https://evil.example",
            "javascript:alert(1)",
            "/a b",
            "/ü",
        ] {
            assert_eq!(local_path(text), None, "{text:?}");
        }
    }

    fn request(method: Method, uri: &str, referer: Option<&str>) -> Parts {
        let mut request = axum::http::Request::builder().method(method).uri(uri);
        if let Some(referer) = referer {
            request = request.header(header::REFERER, referer);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_login_leads_back() {
        let page = request(Method::GET, "/room/a?before=7&x=%20", None);
        assert_eq!(
            login_path(&page),
            "/login?next=/room/a%3Fbefore%3D7%26x%3D%2520"
        );
        let form = request(
            Method::POST,
            "/room/a/leave",
            Some("https://chat.example/room/a"),
        );
        assert_eq!(login_path(&form), "/login?next=/room/a");
        for referer in [
            None,
            Some("https://chat.example//evil.example/"),
            Some("nonsense"),
        ] {
            assert_eq!(
                login_path(&request(Method::POST, "/rooms", referer)),
                "/login",
                "{referer:?}"
            );
        }
    }
}
