//! One who sends: a frame made once, in which the acknowledgement's id and, of messages, the time stamp are written anew each
//! time.

use std::{collections::VecDeque, time::Duration};

use memchr::memmem;
use tokio::time::Instant;

use crate::{
    frames::{TEXT, masked},
    tally::Tally,
};

/// Stands in the text before the time stamp.
pub(crate) const MARK: &[u8] = b"stamp";
/// Digits of a time stamp, in microseconds.
pub(crate) const DIGITS: usize = 16;
/// Digits of an acknowledgement's id.
const ID_DIGITS: usize = 8;
/// The first id; all have as many digits.
const FIRST_ID: u64 = 10_000_000;
/// How long a message is, in bytes.
const LENGTH: usize = 100;
const WORDS: &str =
    " is when this was sent, and these are words as people write them to each other, day by day.";
/// More unanswered messages than this have been lost.
const UNANSWERED: usize = 10_000;

/// When the next message is due.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// As soon as the one before it was acknowledged.
    ClosedLoop,
    /// At fixed times, whatever has been acknowledged.
    Every {
        interval: Duration,
        first_after: Duration,
    },
}

/// A sender of messages to one room, or of another event.
#[derive(Debug)]
pub(crate) struct Sender {
    frame: Vec<u8>,
    id_at: usize,
    stamp_at: Option<usize>,
    next_id: u64,
    pace: Pace,
    due: Option<Instant>,
    waiting: VecDeque<(u64, u64)>,
}

impl Sender {
    pub(crate) fn new(room: &str, pace: Pace) -> Self {
        let mut text = format!("stamp{:016}{WORDS}", 0);
        text.truncate(LENGTH);
        let message = format!(r#"["message",{{"room":"{room}","data":"{text}"}}]"#);
        let mut sender = Self::asking(&message, pace);
        let stamp = memmem::find(&sender.frame, MARK).expect("the text begins with it");
        sender.stamp_at = Some(stamp + MARK.len());
        sender
    }

    /// Sends this event, its name and payload in an array, always the same.
    pub(crate) fn asking(event: &str, pace: Pace) -> Self {
        let packet = format!("42{FIRST_ID}{event}");
        let frame = masked(TEXT, packet.as_bytes());
        Self {
            id_at: frame.len() - packet.len() + 2,
            stamp_at: None,
            next_id: FIRST_ID,
            pace,
            due: None,
            waiting: VecDeque::new(),
            frame,
        }
    }

    pub(crate) fn is_closed_loop(&self) -> bool {
        matches!(self.pace, Pace::ClosedLoop)
    }

    /// When it sends next, if that is a matter of time.
    pub(crate) fn due(&mut self) -> Option<Instant> {
        if let Pace::Every { first_after, .. } = self.pace {
            self.due.get_or_insert_with(|| Instant::now() + first_after);
        }
        self.due
    }

    /// Queues the next message.
    pub(crate) fn send(&mut self, tally: &Tally, out: &mut Vec<u8>) {
        if let (Pace::Every { interval, .. }, Some(due)) = (self.pace, &mut self.due) {
            *due += interval;
        }
        let now = tally.now();
        write(
            &mut self.frame[self.id_at..self.id_at + ID_DIGITS],
            self.next_id,
        );
        if let Some(stamp_at) = self.stamp_at {
            write(&mut self.frame[stamp_at..stamp_at + DIGITS], now);
        }
        out.extend_from_slice(&self.frame);
        self.waiting.push_back((self.next_id, now));
        self.next_id += 1;
        if self.waiting.len() > UNANSWERED {
            self.waiting.pop_front();
        }
    }

    /// When the message of this id was sent. Servers may answer in another order than they were asked.
    pub(crate) fn answered(&mut self, id: u64) -> Option<u64> {
        let place = self.waiting.iter().position(|(sent, _)| *sent == id)?;
        self.waiting.remove(place).map(|(_, sent_at)| sent_at)
    }
}

/// Writes a number with leading zeros.
fn write(place: &mut [u8], number: u64) {
    let mut rest = number;
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).expect("a digit fits");
        rest /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_carries_the_next_id_and_a_text_of_a_hundred_bytes() {
        let (tally, mut out) = (Tally::new(), Vec::new());
        let mut sender = Sender::new("lobby", Pace::ClosedLoop);
        sender.send(&tally, &mut out);
        out.clear();
        sender.send(&tally, &mut out);
        // Two bytes of head, two of length, four of key: the key is zeros, so the text is readable.
        let packet = std::str::from_utf8(&out[8..]).unwrap();
        let json = packet.strip_prefix("4210000001").unwrap();
        let event: serde_json::Value = serde_json::from_str(json).unwrap();
        let text = event[1]["data"].as_str().unwrap();
        assert_eq!(
            (event[0].as_str(), event[1]["room"].as_str()),
            (Some("message"), Some("lobby"))
        );
        assert_eq!(text.len(), LENGTH);
        assert!(
            text["stamp".len()..][..DIGITS].parse::<u64>().is_ok(),
            "{text}"
        );
        assert!(sender.answered(10_000_001).is_some() && sender.answered(10_000_001).is_none());
    }
}
