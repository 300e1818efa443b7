//! Which of a room's messages a client that catches up knows already, by the seqs at which they were created.

use std::collections::BTreeMap;

use crate::model::Seq;

/// A set of seqs. Messages follow each other, so it is kept as ranges: its size is bounded by how many of the room's
/// changes since were none of new messages.
#[derive(Debug)]
pub(super) struct Known {
    until: i64,
    /// From the first seq of a range to its last.
    ranges: BTreeMap<i64, i64>,
}

impl Known {
    /// Everything up to this seq.
    pub(super) fn until(seq: Seq) -> Self {
        Self {
            until: seq.0,
            ranges: BTreeMap::new(),
        }
    }

    /// Whether the message that was created at this seq is known.
    pub(super) fn has(&self, created: Seq) -> bool {
        created.0 <= self.until
            || self
                .ranges
                .range(..=created.0)
                .next_back()
                .is_some_and(|(_, last)| created.0 <= *last)
    }

    /// From now on the message that was created at this seq is known.
    pub(super) fn add(&mut self, created: Seq) {
        if self.has(created) {
            return;
        }
        let last = match self.ranges.remove(&(created.0 + 1)) {
            Some(last) => last,
            None => created.0,
        };
        match self.ranges.range_mut(..created.0).next_back() {
            Some((_, before)) if *before + 1 == created.0 => *before = last,
            _ => {
                self.ranges.insert(created.0, last);
            }
        }
    }

    /// What was created before this seq is not told any more.
    pub(super) fn left_out_until(&mut self, seq: Seq) {
        self.until = self.until.max(seq.0 - 1);
        self.ranges.retain(|_, last| *last > self.until);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(until in 0_i64..10, seqs in proptest::collection::vec(0_i64..40, 0..60)) {
            let mut known = Known::until(Seq(until));
            let mut expected: BTreeSet<i64> = (0..=until).collect();
            for seq in seqs {
                known.add(Seq(seq));
                expected.insert(seq);
            }
            for seq in 0..40 {
                prop_assert_eq!(known.has(Seq(seq)), expected.contains(&seq), "{}", seq);
            }
            let ranges: Vec<_> = known.ranges.iter().collect();
            for pair in ranges.windows(2) {
                prop_assert!(pair[0].1 + 1 < *pair[1].0, "neighbours are one range");
            }
        }
    }
}
