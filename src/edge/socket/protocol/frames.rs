//! The boundaries of WebSocket frames (RFC 6455, section 5.2) in a stream of bytes. Contents are not looked at.

/// The longest header: two bytes, eight of length, four of mask.
const LONGEST: usize = 14;

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
