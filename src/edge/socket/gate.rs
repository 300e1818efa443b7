//! Who may connect. Checks the credential before the client is told that it is connected, and registers the
//! handlers there too, so that no event and no disconnect can come before them.

use std::{fmt::Display, future::Future, pin::Pin, sync::Arc, time::Duration};

use socketioxide::{
    ProtocolVersion, TransportType,
    adapter::LocalAdapter,
    extract::SocketRef,
    handler::{ConnectHandler, Value},
    socket::{DisconnectReason, Socket},
};

use super::{
    Entrance,
    auth::{self, Auth},
    dialects,
    door::{Deaf, Door},
    greet,
    peer::{Addresses, Peer},
};
use crate::{
    base::Tasks,
    edge::{Shared, respond},
    error::Result,
    realtime::{
        Connection,
        socketio::{SocketOutlet, cut},
        transports::Transports,
    },
    service::guests,
};

/// A 2.x session that was refused stays open in socketioxide; its transport is closed after this time, in which
/// the refusal reaches the client: one second was too short for a poll on a busy machine. So is that of a client that said
/// goodbye and stays.
const REFUSED_LINGERS: Duration = Duration::from_secs(5);

type Refused = Box<dyn Display + Send>;

/// The connect handler.
#[derive(Clone)]
pub(super) struct Gate {
    site: Shared,
    tasks: Tasks,
    addresses: Arc<Addresses>,
    transports: Arc<Transports>,
}

/// A client that may connect, with what it sent; kept with its socket until it is connected.
#[derive(Clone)]
struct Admitted {
    peer: Arc<Peer>,
    auth: Auth,
}

/// Marks [`Gate`] as a handler of its own kind for socketioxide.
pub(super) struct Gated;

impl Gate {
    pub(super) fn new(entrance: &Entrance, tasks: Tasks) -> Self {
        Self {
            site: Arc::clone(&entrance.site),
            tasks,
            addresses: Arc::clone(&entrance.addresses),
            transports: Arc::clone(&entrance.transports),
        }
    }

    /// Checks the credential and makes the peer of a client that may connect.
    async fn check(&self, socket: &Socket, payload: Option<&Value>) -> Result<Admitted> {
        let auth = Auth::read(payload)?;
        let caller = auth::caller(&self.site, socket.req_parts(), &auth).await?;
        let dialect = dialects::at_connect(&auth, &caller.via);
        let peer = Peer::new(Arc::clone(&self.site), caller, dialect);
        Ok(Admitted { peer, auth })
    }

    fn admit(&self, socket: &Socket, admitted: Admitted) {
        let gate = self.clone();
        let leaving = Arc::clone(&admitted.peer);
        socket.on_disconnect(async move |socket: SocketRef, reason: DisconnectReason| {
            gate.farewell(&socket, &leaving);
            gate.follow(socket, reason);
        });
        socket.on_fallback(Door::new(Arc::clone(&admitted.peer), self.tasks.clone()));
        socket.extensions.insert(admitted);
    }

    fn refuse(&self, socket: Arc<Socket>, error: &crate::error::Error) -> Refused {
        respond::log(error);
        if socket.protocol() == ProtocolVersion::V4 {
            let (socket, transports) = (SocketRef::from(socket), Arc::clone(&self.transports));
            self.tasks
                .after(REFUSED_LINGERS, move || cut(&socket, &transports));
        }
        Box::new(error.code.as_str())
    }

    /// Forgets a client; harmless when it is forgotten already. Taking the door off the socket breaks the circle
    /// socket → door → peer → connection → socket.
    fn farewell(&self, socket: &Socket, peer: &Arc<Peer>) {
        socket.on_fallback(Deaf);
        if peer.caller.account.card.guest {
            let peer = Arc::clone(peer);
            self.tasks
                .spawn(async move { guests::depart(&peer.site.ctx, &peer.caller).await });
        }
        if let Some(connection) = peer.connection.get()
            && peer.close()
        {
            self.addresses.remove(peer.caller.origin.address);
            self.site.hub.disconnect(connection);
        }
    }
}

impl Gate {
    /// Sees to the transport of a client that is gone. One that said goodbye closes it by itself; one that does not, and goes
    /// on answering pings, would hold a connection that no limit counts.
    fn follow(&self, socket: SocketRef, reason: DisconnectReason) {
        let transports = Arc::clone(&self.transports);
        let session = socket.id.to_string();
        if reason != DisconnectReason::ClientNSDisconnect {
            return transports.forget(&session);
        }
        if socket.transport_type() == TransportType::Polling {
            // It has no connection of its own: its next request is refused. It goes over to no WebSocket, either.
            transports.end(&session);
            let _ = transports.cut(&session);
            return transports.forget(&session);
        }
        self.tasks.after(REFUSED_LINGERS, move || {
            cut(&socket, &transports);
            transports.forget(&session);
        });
    }
}

impl ConnectHandler<LocalAdapter, Gated> for Gate {
    fn call_middleware<'a>(
        &'a self,
        socket: Arc<Socket>,
        payload: &'a Option<Value>,
    ) -> Pin<Box<dyn Future<Output = Result<(), Refused>> + Send + 'a>> {
        Box::pin(async move {
            match self.check(&socket, payload.as_ref()).await {
                Ok(admitted) => {
                    self.admit(&socket, admitted);
                    Ok(())
                }
                Err(error) => Err(self.refuse(socket, &error)),
            }
        })
    }

    fn call(&self, socket: Arc<Socket>, _: Option<Value>) {
        let Some(Admitted { peer, auth }) = socket.extensions.remove() else {
            return;
        };
        let connection = Arc::new(Connection::new(
            peer.caller.account.card.clone(),
            peer.caller.via.credential(),
            peer.dialect,
            Box::new(SocketOutlet::new(
                SocketRef::from(Arc::clone(&socket)),
                Arc::clone(&self.transports),
            )),
        ));
        self.addresses.add(peer.caller.origin.address);
        self.site.hub.connect(&connection);
        // This handler alone sets it, once a socket.
        drop(peer.connection.set(connection));
        if socket.connected() {
            self.tasks.spawn(greet::run(peer, auth, self.tasks.clone()));
        } else {
            self.farewell(&socket, &peer);
        }
    }
}
