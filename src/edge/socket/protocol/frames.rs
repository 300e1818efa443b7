//! A WebSocket's frames (RFC 6455, section 5.2): their boundaries in a stream of bytes, and the few that are read and
//! written here.

/// The longest header: two bytes, eight of length, four of mask.
const LONGEST: usize = 14;
/// The header of a client's short frame: two bytes, four of mask.
pub(super) const MASKED_HEADER: usize = 6;
/// The first byte of a text message in one frame.
pub(super) const TEXT: u8 = 0x81;
/// The first byte of a binary message in one frame.
pub(super) const BINARY: u8 = 0x82;

/// What stands in a frame's header.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    /// Bytes of the header itself.
    bytes: usize,
    /// Bytes of payload behind it.
    payload: u64,
    /// Whether this is the last frame of its message.
    last: bool,
    /// Whether it is a control frame, which may stand between the frames of a message.
    control: bool,
}

impl Header {
    /// Reads the header at the start of `bytes`, if it is there whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (&first, &second) = (bytes.first()?, bytes.get(1)?);
        let (extended, short) = match second & 0x7f {
            126 => (2, None),
            127 => (8, None),
            length => (0, Some(u64::from(length))),
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let header = bytes.get(..2 + extended + mask)?;
        let long = || {
            let length = &header[2..2 + extended];
            length
                .iter()
                .fold(0, |sum, &byte| sum << 8 | u64::from(byte))
        };
        Some(Self {
            bytes: header.len(),
            payload: short.unwrap_or_else(long),
            last: first & 0x80 != 0,
            control: first & 0x08 != 0,
        })
    }
}

/// How many bytes the frame has that starts `bytes`, header and payload; none where its header is cut short.
pub(super) fn length(bytes: &[u8]) -> Option<u64> {
    let header = Header::read(bytes)?;
    Some(header.payload.saturating_add(header.bytes as u64))
}

/// Puts a server's frame that is a whole message behind `out`; `first` says of which kind.
pub(super) fn put(first: u8, payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..126), _) => out.push(length),
        (_, Ok(length)) => {
            out.push(126);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

/// Whether this frame of a client's, with a [`MASKED_HEADER`], is a text message that says this.
pub(super) fn is_masked_text(frame: &[u8], text: &[u8]) -> bool {
    let (header, payload) = frame.split_at(MASKED_HEADER);
    let mask = header[2..].iter().cycle();
    header[0] == TEXT
        && header[1] & 0x80 != 0
        && payload
            .iter()
            .zip(mask)
            .map(|(byte, mask)| byte ^ mask)
            .eq(text.iter().copied())
}

/// Where in a stream of frames its reader is.
#[derive(Debug, Default)]
pub(super) struct Position {
    header: [u8; LONGEST],
    /// Bytes of the present frame's header that were read so far.
    read: usize,
    /// Bytes of the present frame's payload that are still to come.
    left: u64,
    /// Whether a message has begun whose last frame was not read yet.
    within_message: bool,
}

impl Position {
    /// Whether the next byte starts a message, or a control frame that stands between messages.
    pub(super) fn is_between_messages(&self) -> bool {
        self.read == 0 && self.left == 0 && !self.within_message
    }

    /// Goes on over `bytes` as far as the next place between two messages. Says how many bytes lie before it, if
    /// it lies within or right behind `bytes`.
    pub(super) fn gap_in(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            at += self.step(&bytes[at..]);
            if self.is_between_messages() {
                return Some(at);
            }
        }
        None
    }

    /// Goes on over all of `bytes`.
    pub(super) fn over(&mut self, mut bytes: &[u8]) {
        while let Some(end) = self.gap_in(bytes) {
            bytes = &bytes[end..];
        }
    }

    /// Goes on over payload, or over one byte of a header. Says how many bytes that were.
    fn step(&mut self, bytes: &[u8]) -> usize {
        if self.left > 0 {
            let there =
                usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
            self.left -= there as u64;
            return there;
        }
        self.header[self.read] = bytes[0];
        self.read += 1;
        if let Some(header) = Header::read(&self.header[..self.read]) {
            self.read = 0;
            self.left = header.payload;
            if !header.control {
                self.within_message = !header.last;
            }
        }
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_length_are_read() {
        let header =
            |bytes: &[u8]| Header::read(bytes).map(|header| (header.bytes, header.payload));
        assert_eq!(header(&[0x81, 0x05]), Some((2, 5)));
        assert_eq!(header(&[0x81, 0x85, 0, 0, 0, 0]), Some((6, 5)));
        assert_eq!(header(&[0x82, 126, 1, 2]), Some((4, 258)));
        assert_eq!(
            header(&[0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]),
            Some((10, 1 << 32))
        );
        for cut in [&[][..], &[0x81], &[0x81, 126, 1], &[0x81, 0x85, 0, 0, 0]] {
            assert_eq!(header(cut), None, "{cut:?}");
        }
        assert_eq!(
            length(&[0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255]),
            Some(u64::MAX)
        );
    }

    #[test]
    fn a_frame_that_is_put_is_as_long_as_its_header_says() {
        for length in [0, 1, 125, 126, 0xffff, 0x1_0000] {
            let mut out = vec![b'a'];
            put(TEXT, &vec![b'x'; length], &mut out);
            assert_eq!(
                super::length(&out[1..]),
                Some(out.len() as u64 - 1),
                "{length}"
            );
            assert!(out.ends_with(&vec![b'x'; length]));
        }
    }

    #[test]
    fn a_clients_text_is_read_through_its_mask() {
        let frame = [TEXT, 0x82, 1, 2, 3, 4, b'5' ^ 1, b'6' ^ 2];
        assert!(is_masked_text(&frame, b"56"));
        assert!(!is_masked_text(&frame, b"57") && !is_masked_text(&frame, b"5"));
        for (at, byte) in [(0, BINARY), (0, 0x01), (1, 0x02)] {
            let mut other = frame;
            other[at] = byte;
            assert!(!is_masked_text(&other, b"56"), "{at}: {byte}");
        }
    }

    #[test]
    fn a_gap_lies_behind_the_last_frame_of_a_message() {
        let first = [0x01, 0x81, 0, 0, 0, 0, b'4'];
        let ping = [0x89, 0x80, 0, 0, 0, 0];
        let last = [0x80, 0x81, 0, 0, 0, 0, b'a'];
        let message = [&first[..], &ping, &last].concat();
        for cut in 1..message.len() {
            let mut position = Position::default();
            assert_eq!(position.gap_in(&message[..cut]), None, "{cut}");
            assert!(!position.is_between_messages(), "{cut}");
            assert_eq!(position.gap_in(&message[cut..]), Some(message.len() - cut));
        }
        let mut position = Position::default();
        position.over(&[&message[..], &message, &first].concat());
        assert!(!position.is_between_messages());
    }
}
