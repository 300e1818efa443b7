//! Clients that break the rules, vanish, or send what no client would: nobody else notices, and nothing panics.

mod clients;
mod culprit;
mod frames;
mod packets;
mod payloads;
mod witness;
