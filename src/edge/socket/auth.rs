//! What a client sends as `auth` when it connects.

use axum::http::request::Parts;
use socketioxide::handler::Value;

pub(super) use crate::wire::events::Auth;
use crate::{
    edge::{Shared, caller},
    error::{Code, Error, Result},
    model::Scope,
    secrets::Token,
    service::{Caller, guests, required, scopes, sessions},
    wire,
};

/// At most so many rooms can be resumed at once (contract, promise 4).
const ROOMS: usize = 1000;

/// What somebody does here, beside the calls of HTTP.
const CONNECT: &str = "connect";

impl Auth {
    /// Reads the payload; nothing, or something that is no object, says nothing.
    pub(super) fn read(payload: Option<&Value>) -> Result<Self> {
        let auth: Self = match payload {
            Some(Value::Str(text, _)) if text.trim_start().starts_with('{') => wire::parse(text)?,
            _ => Self::default(),
        };
        if auth.rooms.as_ref().is_some_and(|rooms| rooms.len() > ROOMS) {
            return Err(Error::invalid(
                "rooms",
                format!("At most {ROOMS} rooms can be resumed at once."),
            ));
        }
        Ok(auth)
    }

    /// Whether a client that sends this speaks the contract's own words.
    pub(super) fn is_native(&self) -> bool {
        self.token.is_some() || self.rooms.is_some()
    }
}

/// Who connects: by `auth.token`, else by the `Authorization` header (2.x clients send no `auth`), else by the
/// session cookie, else as a guest where the server lets guests in.
pub(super) async fn caller(site: &Shared, parts: &Parts, auth: &Auth) -> Result<Caller> {
    let origin = caller::origin_of(parts);
    let bearer = caller::bearer(&parts.headers);
    let refused = || Error::new(Code::Unauthorized, "Log in first, or send a valid token.");
    if let Some(text) = auth.token.as_deref().or(bearer) {
        let token = Token::sent(text).ok_or_else(refused)?;
        let caller = sessions::by_token(&site.ctx, &token, &origin).await?;
        let caller = caller.ok_or_else(refused)?;
        // A socket hears all that its person may; who may not read has calls.
        scopes::require(&caller, Scope::Read)?;
        required::check(&site.ctx, &caller, CONNECT).await?;
        return Ok(caller);
    }
    let secure = caller::is_secure(site, &parts.headers);
    if let Some(token) = caller::session_token(&parts.headers, secure)
        && let Some(holder) = sessions::by_cookie(&site.ctx, &token, &origin).await?
    {
        required::check(&site.ctx, &holder.caller, CONNECT).await?;
        return Ok(holder.caller);
    }
    guests::arrive(&site.ctx, &origin)
        .await?
        .ok_or_else(refused)
}
