//! How connections are accepted, over TLS and without, and what each of them may cost.

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use axum_server::{
    Handle, Server,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Limits,
    edge::{
        redirect::{self, Target},
        transport::{self, BoundedAcceptor, CuttableAcceptor},
    },
};

/// Requests that a client cancels before they are read, on one connection (CVE-2023-44487); past it the connection ends.
const CANCELLED_AT_ONCE: usize = 20;
/// Streams that had to be refused, on one connection; past it the connection ends.
const REFUSED_AT_ONCE: usize = 100;
/// What waits in a stream of HTTP/2 to be sent.
const UNSENT_BYTES: usize = 64 * 1024;

/// Serves until `handle` says to stop. All connections are cut once `connections` is cancelled.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: axum::Router,
    limits: &Limits,
    (handle, connections): (Handle<SocketAddr>, CancellationToken),
) -> io::Result<()> {
    transport::let_many_wait(&listener)?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .first_request_timeout(limits.header_timeout);
    bound(&mut server, limits);
    let bounded = BoundedAcceptor(NoDelayAcceptor::new());
    let idle = limits.idle_timeout;
    if let Some(config) = tls {
        let tls = RustlsAcceptor::new(config)
            .handshake_timeout(limits.handshake_timeout)
            .acceptor(bounded);
        let acceptor = CuttableAcceptor::new(tls, connections, idle);
        server.acceptor(acceptor).serve(service).await
    } else {
        let acceptor = CuttableAcceptor::new(bounded, connections, idle);
        server.acceptor(acceptor).serve(service).await
    }
}

/// Serves the way from plain HTTP to HTTPS, by HTTP/1.1 alone.
pub(super) fn redirect(
    listener: TcpListener,
    target: Arc<Target>,
    limits: &Limits,
) -> io::Result<impl Future<Output = io::Result<()>> + Send + 'static> {
    let mut server = axum_server::from_tcp(listener)?
        .http1_only()
        .first_request_timeout(limits.header_timeout);
    server.http_builder().http1().keep_alive(false);
    bound(&mut server, limits);
    let acceptor = CuttableAcceptor::new(
        BoundedAcceptor(NoDelayAcceptor::new()),
        CancellationToken::new(),
        limits.idle_timeout,
    );
    let service = redirect::routes(target).into_make_service();
    Ok(server.acceptor(acceptor).serve(service))
}

/// What a connection may cost, in both versions of HTTP.
fn bound<A>(server: &mut Server<SocketAddr, A>, limits: &Limits) {
    let mut builder = server.http_builder().http1();
    builder
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(limits.header_bytes);
    builder
        .http2()
        .max_concurrent_streams(limits.streams_per_connection)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(CANCELLED_AT_ONCE)
        .max_local_error_reset_streams(REFUSED_AT_ONCE)
        .max_send_buf_size(UNSENT_BYTES)
        // A header that is begun and never ended hides the answer to a ping as well.
        .keep_alive_interval(limits.header_timeout)
        .keep_alive_timeout(limits.header_timeout);
}
