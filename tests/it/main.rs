//! Parlor as its users meet it: a whole server in this process on a port of its own, and clients that speak
//! HTTP and Socket.IO to it over TCP. Each test is named after the rule that it shows.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "a test may panic, and runs beside the server's own tasks"
)]

mod accounts;
mod admin_pages;
mod administration;
mod at_size;
mod bad_input;
mod bots;
mod changes;
mod closing;
mod coverage;
mod devices;
mod documents;
mod exports;
mod flask;
mod flask_import;
mod generated;
mod guests;
mod harness;
mod hooks;
mod hostile;
mod joining;
mod lists;
mod live;
mod mentions;
mod message_forms;
mod messages;
mod moderation;
mod notifications;
mod outgoing_hooks;
mod pages;
mod passkeys;
mod passwords;
mod people;
mod permissions;
mod photos;
mod poisoning;
mod previews;
mod profile;
mod proof;
mod proxies;
mod reading;
mod recovery;
mod required;
mod resume;
mod retention;
mod room_changes;
mod rooms;
mod search;
mod sessions;
mod sign_on;
mod slack_import;
mod stop;
mod throttling;
mod tokens;
mod two_factor;
mod uploads;
mod walls;
mod words;
