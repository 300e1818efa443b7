//! The TCP connection under a request: one that can be cut from outside.
//!
//! Nothing in socketioxide closes a socket whose queue is full. So the accepted stream is wrapped, above TLS: once
//! its token is cancelled every read and write fails, and whatever holds the stream ends. The token travels in
//! the extensions of each request. Below it stands TCP's own limit.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Request;
use axum_server::accept::Accept;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tower::Service;

use crate::realtime::transports::TransportToken;

/// An acceptor whose streams can be cut: each by its own token, and all of them at once.
#[derive(Debug, Clone)]
pub struct CuttableAcceptor<A> {
    inner: A,
    all: CancellationToken,
}

impl<A> CuttableAcceptor<A> {
    /// Accepts as `inner` does. Every stream is cut once `all` is cancelled.
    pub fn new(inner: A, all: CancellationToken) -> Self {
        Self { inner, all }
    }
}

impl<A, I, S> Accept<I, S> for CuttableAcceptor<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
{
    type Stream = CuttableStream<A::Stream>;
    type Service = WithToken<A::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let accepting = self.inner.accept(stream, service);
        let token = self.all.child_token();
        Box::pin(async move {
            let (stream, inner) = accepting.await?;
            Ok((
                CuttableStream::new(stream, &token),
                WithToken { inner, token },
            ))
        })
    }
}

/// How long what was sent may wait for the other end, where the system can tell (Linux's `TCP_USER_TIMEOUT`): the net
/// below what is noticed above, also for connections that carry no socket.
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only Linux is asked")
)]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// An acceptor of TCP connections, none of which holds what was sent for longer than [`UNACKNOWLEDGED`].
#[derive(Debug, Clone)]
pub struct BoundedAcceptor<A>(pub A);

impl<A: Accept<TcpStream, S>, S> Accept<TcpStream, S> for BoundedAcceptor<A> {
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = A::Future;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        bound(&stream);
        self.0.accept(stream, service)
    }
}

#[cfg(target_os = "linux")]
fn bound(stream: &TcpStream) {
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED)) {
        tracing::debug!(error = %error, "a connection has no limit of its own");
    }
}

#[cfg(not(target_os = "linux"))]
fn bound(_: &TcpStream) {}

/// A stream that fails once its token is cancelled. Reading and writing wait for that apart, since two tasks may.
pub struct CuttableStream<S> {
    stream: S,
    cut_read: Pin<Box<WaitForCancellationFutureOwned>>,
    cut_write: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S> CuttableStream<S> {
    fn new(stream: S, token: &CancellationToken) -> Self {
        Self {
            stream,
            cut_read: Box::pin(token.clone().cancelled_owned()),
            cut_write: Box::pin(token.clone().cancelled_owned()),
        }
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "this connection was cut")
}

impl<S: AsyncRead + Unpin> AsyncRead for CuttableStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.cut_read.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CuttableStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.cut_write.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut_write.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut_write.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.cut_write.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// A connection's service, which gives each request the connection's token.
#[derive(Debug, Clone)]
pub struct WithToken<S> {
    inner: S,
    token: CancellationToken,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for WithToken<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request
            .extensions_mut()
            .insert(TransportToken(self.token.clone()));
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_connection_does_not_hold_for_ever_what_was_sent() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("bound");
        let (near, far) = tokio::join!(listener.accept(), TcpStream::connect(address));
        let (near, _far) = (near.expect("accepted").0, far.expect("connected"));
        let acceptor = BoundedAcceptor(axum_server::accept::DefaultAcceptor::new());
        let (near, ()) = acceptor.accept(near, ()).await.expect("accepted");
        let limit = SockRef::from(&near).tcp_user_timeout().expect("asked");
        assert_eq!(limit, Some(UNACKNOWLEDGED));
    }

    #[tokio::test]
    async fn a_cut_ends_a_read_and_a_write_that_wait() {
        let (near, _far) = tokio::io::duplex(8);
        let token = CancellationToken::new();
        let (mut reader, mut writer) = tokio::io::split(CuttableStream::new(near, &token));
        let mut buffer = [0; 4];
        let read = reader.read(&mut buffer);
        let write = writer.write_all(&[0; 64]);
        let (read, write, ()) = tokio::join!(read, write, async { token.cancel() });
        assert_eq!(
            read.expect_err("cut").kind(),
            io::ErrorKind::ConnectionAborted
        );
        assert_eq!(
            write.expect_err("cut").kind(),
            io::ErrorKind::ConnectionAborted
        );
    }
}
