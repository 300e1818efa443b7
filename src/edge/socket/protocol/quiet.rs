//! A WebSocket's stream that keeps the engine's first ping from the client and answers it itself.
//!
//! engineioxide pings at once; the reference server after the first interval, and so says the protocol's suite. With
//! the first ping answered here, engineioxide's next one comes after an interval, and its timeout runs from there.
//! After that the stream passes everything on unseen.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frames::{self, Position};

/// An Engine.IO ping as a server's text frame.
const PING: &[u8] = &[0x81, 1, b'2'];
/// The pong to it as a client's text frame. A mask of zeros changes nothing.
const PONG: &[u8] = &[0x81, 0x81, 0, 0, 0, 0, b'3'];

/// The server's end of a WebSocket, until and after its first ping.
#[derive(Debug)]
pub struct QuietStart<S> {
    stream: S,
    start: Option<Box<Start>>,
}

/// What is kept while the first ping is not answered.
#[derive(Debug, Default)]
struct Start {
    /// Bytes of the server's present frame that are still to be written.
    unwritten: u64,
    /// Whether the ping came.
    pinged: bool,
    /// How far into its frames the client is.
    client: Position,
    /// What the server reads next: the pong, and what the client sent behind the place where it was put.
    unread: Vec<u8>,
    /// Who waits for something to read.
    reader: Option<Waker>,
}

impl<S> QuietStart<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            start: Some(Box::default()),
        }
    }
}

impl Start {
    /// Takes what the server wants to write: nothing of it goes out if that is the ping, else as many of these bytes as
    /// may go out in one piece.
    fn written(&mut self, bytes: &[u8]) -> Out {
        if self.unwritten == 0 {
            if bytes.starts_with(PING) {
                self.pinged = true;
                if let Some(reader) = self.reader.take() {
                    reader.wake();
                }
                return Out::Kept;
            }
            // Never cut short: tungstenite writes from the start of a frame only what it has whole.
            self.unwritten = frames::length(bytes).unwrap_or(u64::MAX);
        }
        Out::Passes(
            usize::try_from(self.unwritten).map_or(bytes.len(), |left| left.min(bytes.len())),
        )
    }

    /// Takes what was read from the client, and puts the pong in if it is due. Says how many of these bytes come first.
    fn read(&mut self, bytes: &[u8]) -> usize {
        if !self.pinged {
            self.client.over(bytes);
            return bytes.len();
        }
        let Some(gap) = self.client.gap_in(bytes) else {
            return bytes.len();
        };
        self.unread = [PONG, &bytes[gap..]].concat();
        gap
    }
}

/// What becomes of bytes that the server writes.
enum Out {
    /// They are the first ping.
    Kept,
    /// So many of them pass.
    Passes(usize),
}

impl<S: AsyncRead + Unpin> AsyncRead for QuietStart<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let Some(start) = &mut this.start else {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        };
        if start.pinged && start.unread.is_empty() && start.client.is_between_messages() {
            start.unread = PONG.to_vec();
        }
        if !start.unread.is_empty() {
            let fits = start.unread.len().min(buf.remaining());
            buf.put_slice(&start.unread[..fits]);
            start.unread.drain(..fits);
            if start.unread.is_empty() {
                this.start = None;
            }
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        if Pin::new(&mut this.stream).poll_read(cx, buf)?.is_pending() {
            start.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let first = start.read(&buf.filled()[before..]);
        buf.set_filled(before + first);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for QuietStart<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let stream = Pin::new(&mut this.stream);
        let Some(start) = this.start.as_mut().filter(|start| !start.pinged) else {
            return stream.poll_write(cx, buf);
        };
        match start.written(buf) {
            Out::Kept => Poll::Ready(Ok(PING.len())),
            Out::Passes(bytes) => {
                let written = ready!(stream.poll_write(cx, &buf[..bytes]))?;
                start.unwritten -= written as u64;
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex, split};

    use super::*;

    /// A message of a client in frames, with a mask of zeros.
    fn message(frames: &[Vec<u8>]) -> Vec<u8> {
        let last = frames.len() - 1;
        let whole = frames.iter().enumerate().flat_map(|(index, payload)| {
            let first = u8::from(index == 0) | if index == last { 0x80 } else { 0 };
            let length = u8::try_from(payload.len()).expect("short payloads") | 0x80;
            [&[first, length, 0, 0, 0, 0], &payload[..]].concat()
        });
        whole.collect()
    }

    #[tokio::test]
    async fn the_first_ping_is_answered_here_and_the_next_one_goes_out() {
        let (near, mut far) = duplex(1024);
        let (mut reader, mut writer) = split(QuietStart::new(near));
        let open = [0x81, 3, b'0', b'{', b'}'];
        let mut read = [0; 7];
        // The reader waits before the ping comes.
        let writing = async {
            writer.write_all(&[&open[..], PING, PING].concat()).await?;
            writer.flush().await
        };
        let (answered, written) = tokio::join!(reader.read_exact(&mut read), writing);
        assert_eq!((answered.unwrap(), written.unwrap()), (PONG.len(), ()));
        assert_eq!(read, *PONG);
        let mut heard = [0; 8];
        far.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard[..5], open);
        assert_eq!(heard[5..], *PING);
        far.write_all(b"as it is").await.unwrap();
        let mut read = [0; 8];
        reader.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"as it is");
    }

    #[test]
    fn a_message_that_only_looks_like_a_ping_inside_passes() {
        let mut start = Start::default();
        let frame = [0x82, 4, 0x81, 1, b'2', 0];
        assert!(matches!(start.written(&frame[..2]), Out::Passes(2)));
        start.unwritten -= 2;
        assert!(matches!(start.written(&frame[2..]), Out::Passes(4)));
        assert!(!start.pinged);
    }

    proptest! {
        #[test]
        fn the_pong_stands_between_messages(
            messages in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..4), 1..6),
            cuts in prop::collection::vec(1_usize..9, 1..200),
            pinged_after in 0_usize..40,
            room in 1_usize..16,
        ) {
            let messages: Vec<Vec<u8>> = messages.iter().map(|frames| message(frames)).collect();
            let sent = messages.concat();
            let read = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
                let (near, mut far) = duplex(4096);
                let mut stream = QuietStart::new(near);
                let mut read = Vec::new();
                let (mut at, mut cuts) = (0, cuts.iter().cycle());
                for round in 0.. {
                    if round == pinged_after {
                        stream.write_all(PING).await.unwrap();
                    }
                    if at < sent.len() {
                        let end = sent.len().min(at + cuts.next().unwrap());
                        far.write_all(&sent[at..end]).await.unwrap();
                        at = end;
                    } else if round > pinged_after && stream.start.is_none() {
                        break;
                    } else if round < pinged_after {
                        continue;
                    }
                    let mut buffer = vec![0; room];
                    let count = stream.read(&mut buffer).await.unwrap();
                    assert!(count > 0, "not the end");
                    read.extend_from_slice(&buffer[..count]);
                }
                far.shutdown().await.unwrap();
                stream.read_to_end(&mut read).await.unwrap();
                read
            });
            let places = (0..=messages.len()).map(|place| {
                let (before, after) = messages.split_at(place);
                [before.concat(), PONG.to_vec(), after.concat()].concat()
            });
            prop_assert!(places.clone().any(|expected| expected == read));
        }
    }
}
