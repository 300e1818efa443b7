//! The HTML pages, one file a subject: each works with forms alone, and with scripts becomes live.
//!
//! A handler asks a service and fills a struct of [`view`]; a form that failed is shown again with what was
//! typed and what is wrong. No template is used outside of this folder, and nothing is decided in it.

mod address;
mod admin;
mod answer;
mod assets;
mod attached;
mod audit;
mod bots;
mod cached;
mod claim;
mod composed;
mod confirm;
mod data;
mod devices;
mod home;
mod hooks;
mod installable;
mod invitation;
mod lists;
mod login;
mod login_code;
mod mail_off;
mod members;
mod message;
mod moderation;
mod notifications;
mod passkeys;
mod person;
mod photo;
mod previews;
mod profile;
mod qr;
mod recover;
mod register;
mod report;
mod room;
mod rows;
mod search;
mod seen;
mod settings;
mod single_sign_on;
mod times;
mod tokens;
mod two_factor;
mod uploads;
pub mod view;
mod visit;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::Response,
    routing::{get, post},
};

pub use answer::error_page;

use super::{Shared, guard, respond::PageError};
use crate::config::Settings;

/// The answer of a page's handler.
type Answered = Result<Response, PageError>;

/// All pages and what they are made of, with the answer to addresses at which there is nothing.
pub fn routes(settings: &Settings, site: &Shared) -> Router<Shared> {
    let limits = &settings.limits;
    let photo = post(photo::change).layer(DefaultBodyLimit::max(limits.body_bytes));
    Router::new()
        .route("/", get(home::show))
        .route("/rooms", post(home::create_room))
        .route("/join", post(home::join_room))
        .route("/register", get(register::show).post(register::send))
        .route(
            "/setup/{token}",
            get(register::show_setup).post(register::send_setup),
        )
        .route("/login", get(login::show).post(login::send))
        .route("/login/code", get(login_code::show).post(login_code::send))
        .route("/login/passkey", post(passkeys::log_in))
        .route("/login/oidc", get(single_sign_on::go))
        .route("/login/oidc/return", get(single_sign_on::back))
        .route("/logout", post(login::log_out))
        .route("/saved", get(lists::show_saved))
        .route("/search", get(search::show))
        .route("/settings/bots", get(bots::show).post(bots::create))
        .route("/settings/bots/{id}/tokens", post(bots::issue_token))
        .route(
            "/settings/bots/{id}/tokens/{token}/end",
            post(bots::end_token),
        )
        .route("/settings/bots/{id}/delete", post(bots::delete))
        .route("/direct", post(home::open_direct))
        .route(
            "/invite/{token}",
            get(invitation::show).post(invitation::accept),
        )
        .route("/claim/{token}", get(claim::show).post(claim::take))
        .route("/profile", get(profile::show).post(profile::change))
        .route("/profile/photo", photo)
        .route("/u/{name}", get(person::show))
        .route(
            "/u/{name}/report",
            get(report::show_person).post(report::send_person),
        )
        .route("/uploads/{id}", get(uploads::show))
        .route("/previews/{id}", get(previews::show))
        .route("/manifest.webmanifest", get(installable::manifest))
        .route("/sw.js", get(installable::worker))
        .route("/offline", get(installable::offline))
        .merge(admin_routes())
        .merge(room_routes())
        .merge(notification_routes())
        .merge(device_routes())
        .merge(proof_routes())
        .merge(assets::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(site),
            guard::own_pages_only,
        ))
        .layer(DefaultBodyLimit::max(limits.form_bytes))
}

/// Running the site.
fn admin_routes() -> Router<Shared> {
    Router::new()
        .route("/admin", get(admin::show))
        .route("/admin/audit", get(audit::show))
        .route("/admin/reports/{id}/resolve", post(admin::resolve))
        .route(
            "/admin/people",
            get(admin::people::list).post(admin::people::create),
        )
        .route(
            "/admin/people/{id}",
            get(admin::people::show).post(admin::people::change),
        )
        .route("/admin/rooms", get(admin::rooms::list))
        .route(
            "/admin/rooms/{code}",
            get(admin::rooms::show).post(admin::rooms::change),
        )
        .route(
            "/admin/invites",
            get(admin::invites::show).post(admin::invites::create),
        )
        .route("/admin/invites/{id}/revoke", post(admin::invites::revoke))
}

/// How I am told while I do not look.
fn notification_routes() -> Router<Shared> {
    Router::new()
        .route(
            "/settings/notifications",
            get(notifications::show).post(notifications::change),
        )
        .route(
            "/settings/notifications/devices/{id}/remove",
            post(notifications::remove_device),
        )
        .route(
            "/mail/off/{token}",
            get(mail_off::show).post(mail_off::turn_off),
        )
}

/// The pages about where one is logged in, which programs are, and what is kept of one.
fn device_routes() -> Router<Shared> {
    Router::new()
        .route(
            "/settings/sessions",
            get(devices::show).post(devices::end_others),
        )
        .route("/settings/sessions/{id}/end", post(devices::end))
        .route("/settings/tokens", get(tokens::show).post(tokens::issue))
        .route("/settings/tokens/{id}/end", post(tokens::end))
        .route("/settings/data", get(data::show))
        .route("/settings/data/export", post(data::export))
        .route("/settings/data/delete", post(data::delete))
}

/// The pages about how one shows who one is.
fn proof_routes() -> Router<Shared> {
    Router::new()
        .route("/recover", get(recover::show).post(recover::send))
        .route(
            "/recover/{token}",
            get(recover::show_token).post(recover::send_token),
        )
        .route("/address", get(address::show_done))
        .route(
            "/address/{token}",
            get(address::show).post(address::confirm),
        )
        .route("/settings/confirm", get(confirm::show).post(confirm::send))
        .route(
            "/settings/two-factor",
            get(two_factor::show).post(two_factor::begin),
        )
        .route(
            "/settings/passkeys",
            get(passkeys::show).post(passkeys::add),
        )
        .route("/settings/passkeys/{id}", post(passkeys::rename))
        .route("/settings/passkeys/{id}/remove", post(passkeys::remove))
        .route(
            "/settings/oidc",
            get(single_sign_on::show).post(single_sign_on::link),
        )
        .route("/settings/oidc/unlink", post(single_sign_on::unlink))
        .route("/settings/two-factor/on", post(two_factor::turn_on))
        .route("/settings/two-factor/off", post(two_factor::turn_off))
        .route(
            "/settings/recovery-codes",
            post(two_factor::make_recovery_codes),
        )
}

/// The pages of a room and of what is said in it.
fn room_routes() -> Router<Shared> {
    Router::new()
        .route("/room/{code}", get(room::show).post(room::post_message))
        .route("/room/{code}/pins", get(lists::show_pins))
        .route("/room/{code}/m/{id}", get(message::show))
        .route(
            "/room/{code}/m/{id}/edit",
            get(message::show_edit).post(message::edit),
        )
        .route(
            "/room/{code}/m/{id}/delete",
            get(message::show_delete).post(message::delete),
        )
        .route("/room/{code}/m/{id}/react", post(message::react))
        .route("/room/{code}/m/{id}/pin", post(message::pin))
        .route(
            "/room/{code}/m/{id}/remove-previews",
            post(message::remove_previews),
        )
        .route("/room/{code}/m/{id}/save", post(message::save))
        .route("/room/{code}/m/{id}/unread", post(message::mark_unread))
        .route("/room/{code}/m/{id}/reply", post(lists::reply))
        .route("/room/{code}/m/{id}/thread", get(lists::show_thread))
        .route("/room/{code}/leave", post(members::leave))
        .route(
            "/room/{code}/settings",
            get(settings::show).post(settings::change),
        )
        .route("/room/{code}/invites", post(settings::invite))
        .route("/room/{code}/invites/{id}/revoke", post(settings::revoke))
        .route(
            "/room/{code}/members",
            get(members::show).post(members::add),
        )
        .route("/room/{code}/hooks", get(hooks::show).post(hooks::create))
        .route("/room/{code}/hooks/{id}/revoke", post(hooks::revoke))
        .route("/room/{code}/outgoing-hooks", post(hooks::create_outgoing))
        .route(
            "/room/{code}/outgoing-hooks/{id}/remove",
            post(hooks::remove_outgoing),
        )
        .route(
            "/room/{code}/moderate",
            get(moderation::show).post(moderation::send),
        )
        .route("/room/{code}/log", get(moderation::log))
        .route(
            "/room/{code}/m/{id}/report",
            get(report::show_message).post(report::send_message),
        )
}

async fn nothing_here() -> Response {
    error_page(
        StatusCode::NOT_FOUND,
        "Check the address, or start again from your rooms.",
    )
}

async fn wrong_method() -> Response {
    error_page(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address takes what a form sends, not a visit. Go back to the page with the form.",
    )
}
