//! The TCP connection under a request: one that can be cut from outside.
//!
//! Nothing in socketioxide closes a socket whose queue is full. So the accepted stream is wrapped, above TLS: once
//! its token is cancelled every read and write fails, and whatever holds the stream ends. The token travels in
//! the extensions of each request. Below it stands TCP's own limit, and beside it the limit of a connection over which
//! nothing goes on (`Activity`).

use std::{
    future::Future,
    io,
    net::TcpListener,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::{Request, Response, StatusCode, Version};
use axum_server::accept::Accept;
use hyper::body::Body;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tower::Service;

use super::activity::{Activity, Verdict, Watched};
use crate::realtime::transports::TransportToken;

/// How many connections may wait to be accepted; the system may allow fewer (on Linux, `net.core.somaxconn`).
const WAITING: i32 = 4096;

/// Lets many connections wait to be accepted. The standard library allows 128: of thousands of clients that come back at once
/// after a restart the others would try again a second later, and then after two more.
///
/// # Errors
/// When the system refuses.
pub fn let_many_wait(listener: &TcpListener) -> io::Result<()> {
    SockRef::from(listener).listen(WAITING)
}

/// An acceptor whose streams can be cut: each by its own token, and all of them at once.
#[derive(Debug, Clone)]
pub struct CuttableAcceptor<A> {
    inner: A,
    all: CancellationToken,
    idle: Duration,
}

impl<A> CuttableAcceptor<A> {
    /// Accepts as `inner` does. Every stream is cut once `all` is cancelled, and ends when nothing went on over it for
    /// as long as `idle`.
    pub fn new(inner: A, all: CancellationToken, idle: Duration) -> Self {
        Self { inner, all, idle }
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
        let idle = self.idle;
        Box::pin(async move {
            let (stream, inner) = accepting.await?;
            let activity = Arc::new(Activity::new(idle));
            let stream = CuttableStream::new(stream, &token, Arc::clone(&activity));
            let service = WithToken {
                inner,
                token,
                activity,
            };
            Ok((stream, service))
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

/// An acceptor of TCP connections, none of which holds what was sent for longer than 30 s.
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
    activity: Option<Arc<Activity>>,
    /// When to look at the activity again; made when there is first nothing to read.
    look: Option<Pin<Box<Sleep>>>,
}

impl<S> CuttableStream<S> {
    fn new(stream: S, token: &CancellationToken, activity: Arc<Activity>) -> Self {
        Self {
            stream,
            cut_read: Box::pin(token.clone().cancelled_owned()),
            cut_write: Box::pin(token.clone().cancelled_owned()),
            activity: Some(activity),
            look: None,
        }
    }

    /// What a read comes to that finds nothing: the end, as if the client had gone, when nothing goes on for too long.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(activity) = &self.activity else {
            return Poll::Pending;
        };
        while self
            .look
            .as_mut()
            .is_none_or(|look| look.as_mut().poll(cx).is_ready())
        {
            match activity.verdict(Instant::now()) {
                Verdict::Idle => return Poll::Ready(Ok(())),
                Verdict::Stuck => return Poll::Ready(Err(cut())),
                Verdict::GoesOn(until) => match &mut self.look {
                    Some(look) => look.as_mut().reset(until),
                    None => self.look = Some(Box::pin(sleep_until(until))),
                },
                Verdict::Upgraded => {
                    (self.activity, self.look) = (None, None);
                    break;
                }
            }
        }
        Poll::Pending
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
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Pending => self.poll_patience(cx),
            read @ Poll::Ready(_) => read,
        }
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

/// A connection's service, which gives each request the token of what carries it, and counts those under way.
#[derive(Debug, Clone)]
pub struct WithToken<S> {
    inner: S,
    token: CancellationToken,
    activity: Arc<Activity>,
}

impl<S, B, R> Service<Request<B>> for WithToken<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    R: Body,
{
    type Response = Response<Watched<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // A connection of HTTP/2 may carry requests of many, as one of a proxy does: closing it for one of them would
        // harm the others. None of its requests becomes a socket of its own; one that polls learns by its next request
        // that its session is over.
        let token = match request.version() {
            Version::HTTP_2 => self.token.child_token(),
            _ => self.token.clone(),
        };
        request.extensions_mut().insert(TransportToken(token));
        let under_way = self.activity.begin();
        let activity = Arc::clone(&self.activity);
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                activity.upgrade();
            }
            Ok(response.map(|body| Watched::new(body, under_way)))
        })
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

    #[test]
    fn many_connections_wait_to_be_accepted() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let_many_wait(&listener).expect("allowed");
        let address = listener.local_addr().expect("bound");
        let soon = Duration::from_millis(900);
        let waiting: Result<Vec<_>, _> = (0..400)
            .map(|_| std::net::TcpStream::connect_timeout(&address, soon))
            .collect();
        assert_eq!(waiting.expect("none is turned away").len(), 400);
    }

    #[tokio::test]
    async fn a_cut_ends_a_read_and_a_write_that_wait() {
        let (near, _far) = tokio::io::duplex(8);
        let token = CancellationToken::new();
        let activity = Arc::new(Activity::new(UNACKNOWLEDGED));
        let stream = CuttableStream::new(near, &token, activity);
        let (mut reader, mut writer) = tokio::io::split(stream);
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

    const SHORT: Duration = Duration::from_millis(40);

    #[tokio::test]
    async fn a_connection_that_carries_nothing_ends() {
        let (near, _far) = tokio::io::duplex(8);
        let activity = Arc::new(Activity::new(SHORT));
        let token = CancellationToken::new();
        let mut stream = CuttableStream::new(near, &token, Arc::clone(&activity));
        let poll = activity.begin();
        let began = Instant::now();
        let mut buffer = [0; 4];
        let later = async {
            tokio::time::sleep(SHORT * 3).await;
            drop(poll);
            std::future::pending::<()>().await;
        };
        let read = tokio::select! {
            read = stream.read(&mut buffer) => read.expect("an end, and no failure"),
            () = later => unreachable!("it waits for the end"),
        };
        assert_eq!(read, 0);
        assert!(began.elapsed() >= SHORT * 4, "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn a_websocket_ends_only_by_its_engine() {
        let (near, mut far) = tokio::io::duplex(8);
        let activity = Arc::new(Activity::new(SHORT));
        let token = CancellationToken::new();
        let mut stream = CuttableStream::new(near, &token, Arc::clone(&activity));
        activity.upgrade();
        let mut buffer = [0; 4];
        let speaks = async {
            tokio::time::sleep(SHORT * 3).await;
            far.write_all(b"late").await
        };
        let (read, spoken) = tokio::join!(stream.read(&mut buffer), speaks);
        assert_eq!(read.expect("heard"), 4);
        spoken.expect("there is room");
    }
}
