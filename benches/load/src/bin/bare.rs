//! What the engine alone can do: a socketioxide server with the peers' protocol and without a store, for `make bench`.

#![expect(clippy::print_stdout, reason = "says where it listens")]

use anyhow::Result;
use axum::{Router, routing::get};
use serde::{Deserialize, Serialize};
use serde_json::json;
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef},
};
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct Join {
    room: String,
}

#[derive(Deserialize)]
struct Send {
    room: String,
    data: String,
}

/// What the room hears: as much as the peers with a store tell.
#[derive(Serialize)]
struct Message {
    id: u32,
    room: String,
    name: &'static str,
    text: String,
    created_at: &'static str,
}

fn arrive(socket: &SocketRef) {
    socket.on(
        "join",
        async |socket: SocketRef, Data(join): Data<Join>, ack: AckSender| {
            socket.join(join.room);
            // A client that is gone needs no answer.
            let _unheard = ack.send(&json!({ "ok": true }));
        },
    );
    socket.on(
        "message",
        async |io: SocketIo, Data(sent): Data<Send>, ack: AckSender| {
            let message = Message {
                id: 1,
                room: sent.room,
                name: "guest",
                text: sent.data,
                created_at: "2026-01-01T00:00:00.000Z",
            };
            // A full queue loses the message for its socket, as this engine does without Parlor's fan-out.
            let _lost = io.to(message.room.clone()).emit("message", &message).await;
            let _unheard = ack.send(&json!({ "ok": true, "id": message.id }));
        },
    );
}

#[tokio::main]
async fn main() -> Result<()> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", async |socket: SocketRef| arrive(&socket));
    let app = Router::new().route("/", get(async || "ok")).layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening at http://{}", listener.local_addr()?);
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            // As Parlor does; without it small answers would wait. One that fails shows in the figures.
            let _late = stream.set_nodelay(true);
        }),
        app,
    )
    .await?;
    Ok(())
}
