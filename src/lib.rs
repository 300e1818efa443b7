//! Parlor: a self-hosted web messenger whose wire protocol is Socket.IO, in one binary.
//!
//! A request comes in at an [`edge`], becomes a typed command to a [`service`], is kept by the
//! [`store`] and, once kept, is told to listeners by [`realtime`]. Nothing flows backwards.
//! ARCHITECTURE.md says what each module may use; a test holds the code to it.

pub mod app;
pub mod archive;
pub mod base;
pub mod cli;
pub mod config;
pub mod edge;
pub mod error;
pub mod mail;
pub mod media;
pub mod model;
pub mod oidc;
pub mod outgoing;
pub mod realtime;
pub mod secrets;
pub mod service;
pub mod store;
pub mod tables;
pub mod telemetry;
pub mod tls;
pub mod webauthn;
pub mod wire;
