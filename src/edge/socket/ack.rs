//! Where an acknowledgement goes. Unlike socketioxide's sender it outlives a full queue, so that an event that
//! asked for an acknowledgement gets one (contract, section 2).

use std::sync::Arc;

use serde_json::Value as Json;
use socketioxide::{
    extract::AckSender,
    handler::{FromMessageParts, Value},
    socket::Socket,
};

use crate::realtime::{NotSent, socketio::sent};

/// The acknowledgement that one event asked for.
pub(super) struct Ack {
    socket: Arc<Socket>,
    id: i64,
}

impl Ack {
    /// For the event with this id.
    pub(super) fn new(socket: Arc<Socket>, id: i64) -> Self {
        Self { socket, id }
    }

    /// Queues the acknowledgement.
    pub(super) fn send(&self, answer: &Json) -> Result<(), NotSent> {
        // A sender is used up also when the queue is full; it reads nothing of the packet.
        let mut packet = Value::Str(String::new().into(), None);
        let sender = match AckSender::from_message_parts(&self.socket, &mut packet, &Some(self.id))
        {
            Ok(sender) => sender,
            Err(never) => match never {},
        };
        sent("acknowledgement", sender.send(answer))
    }
}
