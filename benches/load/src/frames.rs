//! WebSocket frames: cut out of what was read without copying them, and made ready to be written.

/// What stands in place of a length that follows in two bytes, and in eight.
const LONG: u8 = 0x7e;
const LONGER: u8 = 0x7f;

/// A masked text frame with a key of zeros, which leaves the text readable: numbers in it can be written in place. A
/// server has to unmask it as any other (RFC 6455, section 5.3).
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u16::try_from(payload.len()) {
        Ok(short @ 0..=125) => frame.extend([0x80 | short.to_be_bytes()[1]]),
        Ok(length) => {
            frame.push(0x80 | LONG);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | LONGER);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// Text, close and ping (RFC 6455, section 5.2).
pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// One frame of a server.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) payload: &'a [u8],
}

/// The first whole frame of `bytes`, and how long it is there. Servers do not mask.
fn first(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
    let (&[head, length], rest) = bytes.split_first_chunk()?;
    let (length, behind) = match length & 0x7f {
        LONG => {
            let (length, _) = rest.split_first_chunk()?;
            (u64::from(u16::from_be_bytes(*length)), 4)
        }
        LONGER => {
            let (length, _) = rest.split_first_chunk()?;
            (u64::from_be_bytes(*length), 10)
        }
        short => (u64::from(short), 2),
    };
    let end = behind + usize::try_from(length).ok()?;
    let payload = bytes.get(behind..end)?;
    let opcode = head & 0x0f;
    Some((Frame { opcode, payload }, end))
}

/// Cuts what one socket reads into frames; keeps what is not whole yet.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    begun: Vec<u8>,
}

impl Cutter {
    /// Hands each frame that `read` completes to `take`.
    pub(crate) fn cut(&mut self, read: &[u8], take: &mut impl FnMut(&Frame<'_>)) {
        if self.begun.is_empty() {
            let done = Self::all(read, take);
            self.begun.extend_from_slice(&read[done..]);
        } else {
            self.begun.extend_from_slice(read);
            let done = Self::all(&self.begun, take);
            self.begun.drain(..done);
        }
    }

    fn all(bytes: &[u8], take: &mut impl FnMut(&Frame<'_>)) -> usize {
        let mut done = 0;
        while let Some((frame, length)) = first(&bytes[done..]) {
            take(&frame);
            done += length;
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut frame = masked(TEXT, payload);
        let key = frame.len() - payload.len() - 4;
        frame.drain(key..key + 4);
        frame[1] &= 0x7f;
        frame
    }

    #[test]
    fn frames_of_every_length_are_cut_out_wherever_reads_end() {
        let payloads = [0, 1, 125, 126, 65_535, 65_536].map(|length| vec![b'x'; length]);
        let stream: Vec<u8> = payloads
            .iter()
            .flat_map(|payload| unmasked(payload))
            .collect();
        for step in [1, 2, 7, 100, 65_536, stream.len()] {
            let (mut cutter, mut found) = (Cutter::default(), Vec::new());
            for read in stream.chunks(step) {
                cutter.cut(read, &mut |frame| found.push(frame.payload.to_vec()));
            }
            assert!(found == payloads, "in steps of {step}");
        }
    }
}
