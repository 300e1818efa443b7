//! Webhooks as JSON: those of a room, and the address that programs post to.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Form, FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use serde::Deserialize;

use super::{Answered, Pair, Segment};
use crate::{
    edge::{
        Shared,
        body::{JsonBody, refused},
        caller::{ApiCaller, origin_of, server_url},
        respond::ApiError,
    },
    error::{Code, Error},
    model::HookId,
    service::hooks,
    wire::{
        self, Message,
        bodies::MessageBody,
        hooks::{HookMessage, IncomingHook, IncomingHookBody, IncomingHooksBody, NewIncomingHook},
    },
};

/// The header by which a sender names what it sends, so that a resend is harmless (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// `GET /rooms/{code}/hooks`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
) -> Answered<IncomingHooksBody> {
    let hooks = hooks::list(&site.ctx, &caller, &room).await?;
    Ok(Json(IncomingHooksBody {
        hooks: hooks.iter().map(IncomingHook::of).collect(),
    }))
}

/// `POST /rooms/{code}/hooks`.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    parts: Parts,
    JsonBody(new): JsonBody<NewIncomingHook>,
) -> Result<impl IntoResponse, ApiError> {
    let (hook, token) = hooks::create(&site.ctx, &caller, &room, &new.name).await?;
    let body = IncomingHookBody {
        hook: IncomingHook::of(&hook),
        url: format!("{}/hooks/{}", server_url(&site, &parts), token.reveal()),
        token: token.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /rooms/{code}/hooks/{id}`.
pub(super) async fn revoke(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Pair(room, id): Pair,
) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| Error::not_found("webhook"))?;
    hooks::revoke(&site.ctx, &caller, &room, HookId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /hooks/{token}`: 201 once it is on disk; 200 where it was there already.
pub(in crate::edge) async fn receive(
    State(site): State<Shared>,
    Segment(token): Segment,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let (parts, body) = request.into_parts();
    let origin = origin_of(&parts);
    let message = read(&site, parts, body).await?;
    let appended = hooks::receive(&site.ctx, &origin, &token, &message).await?;
    let status = if appended.duplicate {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let body = MessageBody {
        message: Message::of(&appended.message, None),
        duplicate: appended.duplicate,
    };
    Ok((status, Json(body)))
}

/// What Slack's senders wrap their JSON in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SlackForm {
    payload: String,
}

/// Reads JSON, a form with JSON in `payload`, or a plain text. Where `curl -d` says that JSON is a form, it is JSON.
async fn read(site: &Shared, parts: Parts, body: Body) -> Result<HookMessage, ApiError> {
    let kind = text_of(&parts.headers, header::CONTENT_TYPE.as_str())
        .unwrap_or("text/plain")
        .to_ascii_lowercase();
    let key = text_of(&parts.headers, IDEMPOTENCY_KEY).map(|key| key.trim_matches('"').to_owned());
    let bytes = Bytes::from_request(Request::from_parts(parts, body), site)
        .await
        .map_err(|error| refused(error.status(), error.body_text()))?;
    let form = kind.starts_with("application/x-www-form-urlencoded");
    let mut message = if kind.starts_with("application/json") || (form && bytes.starts_with(b"{")) {
        wire::parse(utf8(&bytes)?)?
    } else if form {
        let SlackForm { payload } = decode(bytes).await?;
        HookMessage {
            slack: true,
            ..wire::parse(&payload)?
        }
    } else if kind.starts_with("text/plain") {
        HookMessage {
            text: Some(utf8(&bytes)?.to_owned()),
            ..HookMessage::default()
        }
    } else {
        return Err(ApiError::unsupported_type());
    };
    message.client_id = message.client_id.or(key);
    Ok(message)
}

async fn decode(bytes: Bytes) -> Result<SlackForm, Error> {
    let form = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(bytes))
        .expect("a request of constant parts");
    let form = Form::<SlackForm>::from_request(form, &()).await;
    form.map(|Form(form)| form)
        .map_err(|error| refused(error.status(), error.body_text()))
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes)
        .map_err(|_| Error::new(Code::Invalid, "A text is UTF-8. Encode it so."))
}
