//! Parlor as its users meet it: a whole server in this process on a port of its own, and clients that speak
//! HTTP and Socket.IO to it over TCP. Each test is named after the rule that it shows.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "a test may panic, and runs beside the server's own tasks"
)]

mod accounts;
mod administration;
mod bad_input;
mod bots;
mod changes;
mod coverage;
mod devices;
mod documents;
mod flask;
mod flask_import;
mod generated;
mod guests;
mod harness;
mod hooks;
mod hostile;
mod lists;
mod live;
mod mentions;
mod message_forms;
mod messages;
mod moderation;
mod notifications;
mod outgoing_hooks;
mod pages;
mod passwords;
mod people;
mod permissions;
mod photos;
mod previews;
mod profile;
mod proxies;
mod reading;
mod resume;
mod room_changes;
mod rooms;
mod search;
mod sessions;
mod slack_import;
mod stop;
mod throttling;
mod uploads;
mod walls;
mod words;
