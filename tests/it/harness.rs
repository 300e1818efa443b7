//! What the tests stand on: servers, people, their browsers, scripts and sockets, and patience with an end.

mod answer;
mod app;
mod browser;
mod passkey;
mod person;
mod picture;
mod polling;
mod program;
mod script;
mod server;
mod socket;
mod wait;

pub(crate) use answer::Answer;
pub(crate) use app::app_code;
pub(crate) use browser::{Browser, field, field_of, unescape};
pub(crate) use passkey::Device;
pub(crate) use person::Person;
pub(crate) use picture::{gif, jpeg, png, png_header};
pub(crate) use polling::Polling;
pub(crate) use program::{Program, Ran, ran, refusal};
pub(crate) use script::Script;
pub(crate) use server::{Stopped, TestServer, client};
pub(crate) use socket::{Connect, Ended, Refused, Socket};
pub(crate) use wait::{eventually, within};

use serde_json::Value;

/// The texts of messages, in their order.
pub(crate) fn texts(messages: &Value) -> Vec<&str> {
    let messages = messages.as_array().expect("a list of messages");
    messages
        .iter()
        .map(|message| message["text"].as_str().expect("a text"))
        .collect()
}

/// The code of a refused acknowledgement, or `ok`.
pub(crate) fn outcome(ack: &Value) -> &str {
    match ack["ok"].as_bool() {
        Some(true) => "ok",
        _ => ack["error"]["code"].as_str().expect("a refusal has a code"),
    }
}
