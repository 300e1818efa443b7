//! A WebSocket's stream as the engine takes a session over to it whose client has said already that it goes over.
//!
//! The engine reads the client's two packets of the upgrade once more, its answer to the first is kept from the client,
//! who has had one, and before anything else goes out what was taken from the session's queue meanwhile. After that the
//! stream passes everything on unseen.

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};

/// The server's end of a WebSocket, until and after the engine has taken it over.
#[derive(Debug)]
pub struct Handover<S> {
    stream: S,
    unread: Option<Vec<u8>>,
    start: Option<Box<Start>>,
}

/// What comes before the engine's own bytes.
#[derive(Debug)]
struct Start {
    /// Bytes of the engine's answer that are still to be kept.
    kept: usize,
    /// Tells what goes out first.
    first: oneshot::Receiver<Vec<u8>>,
    /// What of it has not gone out yet; none while it is not known.
    unwritten: Option<Vec<u8>>,
    /// Dropped once all this is over, or the stream is.
    _over: oneshot::Sender<Infallible>,
}

impl<S> Handover<S> {
    /// Behind `stream`: the engine reads `said` before what comes, keeps its first `kept` bytes to itself, and sends what it
    /// is told by `first` before its others. `over` hears the end when that has gone out, or never will.
    pub(super) fn new(
        stream: S,
        said: Vec<u8>,
        kept: usize,
        first: oneshot::Receiver<Vec<u8>>,
        over: oneshot::Sender<Infallible>,
    ) -> Self {
        Self {
            stream,
            unread: Some(said).filter(|said| !said.is_empty()),
            start: Some(Box::new(Start {
                kept,
                first,
                unwritten: None,
                _over: over,
            })),
        }
    }
}

impl<S: AsyncWrite + Unpin> Handover<S> {
    /// Sends what goes out first, once it is known.
    fn poll_start(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(start) = &mut self.start else {
            return Poll::Ready(Ok(()));
        };
        if start.unwritten.is_none() {
            let told = ready!(Pin::new(&mut start.first).poll(cx));
            start.unwritten = Some(told.map_err(|_| io::ErrorKind::BrokenPipe)?);
        }
        if let Some(unwritten) = &mut start.unwritten {
            while !unwritten.is_empty() {
                let written = ready!(Pin::new(&mut self.stream).poll_write(cx, unwritten))?;
                if written == 0 {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                unwritten.drain(..written);
            }
        }
        self.start = None;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Handover<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let Some(unread) = &mut this.unread else {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        };
        let fits = unread.len().min(buf.remaining());
        buf.put_slice(&unread[..fits]);
        unread.drain(..fits);
        if unread.is_empty() {
            this.unread = None;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Handover<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(start) = this.start.as_mut().filter(|start| start.kept > 0) {
            let kept = start.kept.min(buf.len());
            start.kept -= kept;
            return Poll::Ready(Ok(kept));
        }
        ready!(this.poll_start(cx))?;
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.start.as_ref().is_none_or(|start| start.kept == 0) {
            ready!(this.poll_start(cx))?;
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        sync::oneshot::error::TryRecvError,
    };

    use super::*;

    #[tokio::test]
    async fn what_was_taken_from_the_queue_goes_out_before_the_engines_own() {
        // Room for a few bytes at once: what goes out first does so in pieces.
        let (near, mut far) = duplex(3);
        let (tell, first) = oneshot::channel();
        let (over, mut ended) = oneshot::channel();
        let mut stream = Handover::new(near, b"probe".to_vec(), 6, first, over);
        let engine = async {
            let mut read = [0; 9];
            stream.read_exact(&mut read).await.unwrap();
            stream.write_all(b"answer").await.unwrap();
            assert_eq!(ended.try_recv(), Err(TryRecvError::Empty));
            stream.flush().await.unwrap();
            assert_eq!(ended.try_recv(), Err(TryRecvError::Closed));
            stream.write_all(b"own").await.unwrap();
            stream.shutdown().await.unwrap();
            read
        };
        let client = async {
            far.write_all(b"more").await.unwrap();
            tell.send(b"queued ".to_vec()).unwrap();
            let mut heard = String::new();
            far.read_to_string(&mut heard).await.unwrap();
            heard
        };
        let (read, heard) = tokio::join!(engine, client);
        assert_eq!(&read, b"probemore");
        assert_eq!(heard, "queued own");
    }

    #[tokio::test]
    async fn an_upgrade_that_was_given_up_fails_the_stream() {
        let (near, _far) = duplex(64);
        let (tell, first) = oneshot::channel();
        let (over, ended) = oneshot::channel();
        let mut stream = Handover::new(near, Vec::new(), 6, first, over);
        stream.write_all(b"answer").await.unwrap();
        drop(tell);
        let failed = stream.flush().await.expect_err("nobody tells");
        assert_eq!(failed.kind(), io::ErrorKind::BrokenPipe);
        drop(stream);
        assert!(ended.await.is_err());
    }
}
