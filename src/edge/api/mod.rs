//! The JSON calls under `/api`: twins of forms and events, one file a subject.
//!
//! A call reads its body, runs the same service or the same command as a socket does, and answers in wire
//! records. Nothing is decided here; every failure is `{ error }` with the contract's status.

mod accounts;
mod administration;
pub(in crate::edge) mod bots;
mod devices;
pub(in crate::edge) mod export;
mod factors;
pub(in crate::edge) mod hooks;
mod message;
mod messages;
mod moderation;
mod outgoing_hooks;
mod params;
mod passkeys;
mod people;
mod photo;
mod push;
mod recovery;
mod rooms;
mod search;
mod sign_on;
mod tokens;
mod uploads;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, delete, get, patch, post, put},
};

pub(super) use administration::user_id;
pub use params::{Pair, Params, Segment};
pub(super) use passkeys::passkey_id;

use super::{Shared, respond::ApiError};
use crate::{
    config::Settings,
    error::{Code, Error},
    service::{Answer, Caller, Command},
};

const JSON: &str = "application/json";
/// RFC 9512.
const YAML: &str = "application/yaml";

/// The documents that [`crate::wire::schema`] makes; a test holds them to it.
const SCHEMA: &str = include_str!("../../../docs/wire.schema.json");
const OPENAPI: &str = include_str!("../../../docs/openapi.json");
const ASYNCAPI: &str = include_str!("../../../docs/asyncapi.yaml");

/// The answer of a call that has no special status.
type Answered<T> = Result<Json<T>, ApiError>;

/// All JSON calls.
pub fn routes(settings: &Settings) -> Router<Shared> {
    let limits = &settings.limits;
    let calls = files(settings)
        .route("/schema.json", get(async || document(JSON, SCHEMA)))
        .route("/openapi.json", get(async || document(JSON, OPENAPI)))
        .route("/asyncapi.yaml", get(async || document(YAML, ASYNCAPI)))
        .route("/v1/rooms", get(rooms::list).post(rooms::create))
        .route(
            "/v1/rooms/{code}",
            get(rooms::show).patch(rooms::change).delete(rooms::end),
        )
        .route("/v1/rooms/{code}/archive", post(rooms::archive))
        .route("/v1/rooms/{code}/join", post(rooms::join))
        .route("/v1/rooms/{code}/leave", post(rooms::leave))
        .route(
            "/v1/rooms/{code}/members",
            get(rooms::members).post(people::add),
        )
        .route("/v1/rooms/{code}/read", post(rooms::mark_read))
        .route("/v1/rooms/{code}/moderate", post(moderation::moderate))
        .route("/v1/rooms/{code}/log", get(moderation::log))
        .route(
            "/v1/reports",
            get(moderation::reports).post(moderation::report),
        )
        .route("/v1/reports/{id}/resolve", post(moderation::resolve))
        .route(
            "/v1/rooms/{code}/messages",
            get(messages::list).post(messages::create),
        )
        .route("/v1/bots", get(bots::list).post(bots::create))
        .route("/v1/bots/{id}", delete(bots::delete))
        .route("/v1/bots/{id}/tokens", post(bots::issue_token))
        .route("/v1/bots/{id}/tokens/{token}", delete(bots::end_token))
        .route(
            "/v1/rooms/{code}/hooks",
            get(hooks::list).post(hooks::create),
        )
        .route("/v1/rooms/{code}/hooks/{id}", delete(hooks::revoke))
        .route(
            "/v1/rooms/{code}/outgoing-hooks",
            get(outgoing_hooks::list).post(outgoing_hooks::create),
        )
        .route(
            "/v1/rooms/{code}/outgoing-hooks/{id}",
            delete(outgoing_hooks::remove),
        )
        .route("/v1/hooks/{token}", post(hooks::receive))
        .merge(about_the_site())
        .merge(about_messages())
        .merge(about_accounts())
        .merge(about_people())
        .fallback(no_such_call)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limits.form_bytes));
    Router::new()
        .nest("/api", calls)
        .route("/api/", any(no_such_call))
}

/// Running the site.
fn about_the_site() -> Router<Shared> {
    Router::new()
        .route("/v1/admin/audit", get(administration::audit))
        .route(
            "/v1/admin/users",
            get(administration::users).post(administration::create_user),
        )
        .route(
            "/v1/admin/users/{id}",
            get(administration::user).post(administration::change_user),
        )
        .route("/v1/admin/rooms", get(administration::rooms))
        .route(
            "/v1/admin/rooms/{code}",
            get(administration::room).post(administration::change_room),
        )
        .route(
            "/v1/admin/invites",
            get(administration::invites).post(administration::invite),
        )
        .route(
            "/v1/admin/invites/{id}",
            delete(administration::revoke_invite),
        )
}

/// What happens to messages, and how they are found.
fn about_messages() -> Router<Shared> {
    Router::new()
        .route("/v1/rooms/{code}/pins", get(message::pins))
        .route("/v1/saved", get(message::saved))
        .route("/v1/search", get(search::search))
        .route(
            "/v1/messages/{id}",
            get(message::show)
                .patch(message::edit)
                .delete(message::delete),
        )
        .route("/v1/messages/{id}/thread", get(message::thread))
        .route(
            "/v1/messages/{id}/reactions/{emoji}",
            put(message::react::<true>).delete(message::react::<false>),
        )
        .route(
            "/v1/messages/{id}/pin",
            put(message::pin::<true>).delete(message::pin::<false>),
        )
        .route(
            "/v1/messages/{id}/previews",
            delete(message::remove_previews),
        )
        .route(
            "/v1/messages/{id}/saved",
            put(message::save::<true>).delete(message::save::<false>),
        )
}

/// The calls that bring files, each with a bound of its own on its body.
fn files(settings: &Settings) -> Router<Shared> {
    let limits = &settings.limits;
    let photo = put(photo::set).delete(photo::remove);
    // The form around the file has its own bound.
    let upload = limits.attachment_bytes.saturating_add(limits.form_bytes);
    Router::new()
        .route(
            "/v1/me/photo",
            photo.layer(DefaultBodyLimit::max(limits.body_bytes)),
        )
        .route(
            "/v1/uploads",
            post(uploads::create).layer(DefaultBodyLimit::max(upload)),
        )
}

/// The calls about one's account and what speaks for it.
fn about_accounts() -> Router<Shared> {
    Router::new()
        .route("/v1/me/export", post(export::create))
        .route("/v1/users", post(accounts::register))
        .route("/v1/recovery", post(recovery::ask).put(recovery::recover))
        .route("/v1/addresses/confirm", post(recovery::confirm_address))
        .route("/v1/passwords/strength", post(accounts::estimate))
        .route("/v1/tokens", get(tokens::list).post(tokens::issue))
        .route("/v1/tokens/current", delete(tokens::end_current))
        .route("/v1/tokens/{id}", delete(tokens::end))
        .route(
            "/v1/sessions",
            get(devices::list).delete(devices::end_others),
        )
        .route("/v1/sessions/{id}", delete(devices::end))
        .route(
            "/v1/me/two-factor",
            get(factors::show)
                .post(factors::begin)
                .put(factors::turn_on)
                .delete(factors::turn_off),
        )
        .route("/v1/passkeys/challenge", post(passkeys::ask))
        .route("/v1/me/passkeys", get(passkeys::list).post(passkeys::add))
        .route("/v1/me/passkeys/challenge", post(passkeys::begin))
        .route(
            "/v1/me/passkeys/{id}",
            patch(passkeys::rename).delete(passkeys::remove),
        )
        .route("/v1/me/recovery-codes", post(factors::make_recovery_codes))
        .route("/v1/me/oidc", get(sign_on::show).delete(sign_on::unlink))
        .route(
            "/v1/me",
            get(accounts::me)
                .patch(accounts::change)
                .delete(accounts::delete),
        )
}

/// The calls about people, how they come into rooms, and how they are told of what happens there.
fn about_people() -> Router<Shared> {
    Router::new()
        .route("/v1/rooms/{code}/preferences", patch(people::prefer))
        .route("/v1/rooms/{code}/unread", post(people::mark_unread))
        .route(
            "/v1/rooms/{code}/invites",
            get(people::invites).post(people::invite),
        )
        .route("/v1/rooms/{code}/invites/{id}", delete(people::revoke))
        .route("/v1/people", get(people::list))
        .route("/v1/direct", post(people::direct))
        .route("/v1/push/key", get(push::key))
        .route(
            "/v1/push/subscriptions",
            get(push::list)
                .post(push::subscribe)
                .delete(push::unsubscribe),
        )
}

/// Runs a socket's command for a JSON call: what it answers is the same.
async fn run<C: Command>(site: &Shared, caller: &Caller, command: C) -> Answered<C::Ack> {
    let ack = match command.run(&site.ctx, caller).await?.answer {
        Answer::Now(ack) => ack,
        Answer::Stored(stored) => stored.await?,
    };
    Ok(Json(ack))
}

/// A document that describes the server to programs.
fn document(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn no_such_call() -> ApiError {
    ApiError(Error::new(
        Code::NotFound,
        "There is no such call. Check the address; calls begin with /api/v1/.",
    ))
}

async fn wrong_method() -> Response {
    let error = Error::new(
        Code::Invalid,
        "This call is not made with that method. The Allow header names those that it takes.",
    );
    let mut response = ApiError(error).into_response();
    // The contract has no code for it, HTTP has a status.
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
