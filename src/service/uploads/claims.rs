//! Uploads under way: how many of each person, and how many bytes they have taken so far, so that many at once cannot
//! fill the disk past a quota that only knows what has arrived.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    error::{Error, Result},
    model::UserId,
};

/// How many uploads of one person may be under way.
const AT_ONCE: usize = 16;

/// When another try is worth it.
const LATER: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
struct UnderWay {
    uploads: usize,
    bytes: i64,
}

/// The uploads under way. Bounded by the connections that carry them.
#[derive(Debug, Clone, Default)]
pub struct Claims(Arc<Mutex<HashMap<UserId, UnderWay>>>);

impl Claims {
    /// One more upload of this person, for as long as the value lives.
    ///
    /// # Errors
    /// `rate_limited` when there are too many.
    pub(super) fn claim(&self, owner: UserId) -> Result<Claim> {
        let mut people = self.people();
        let under_way = people.entry(owner).or_default();
        if under_way.uploads >= AT_ONCE {
            let message = "Too many of your files are on their way. Wait until some have arrived.";
            return Err(Error::rate_limited(message, LATER));
        }
        under_way.uploads += 1;
        Ok(Claim {
            claims: self.clone(),
            owner,
            bytes: 0,
        })
    }

    fn people(&self) -> MutexGuard<'_, HashMap<UserId, UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One upload under way.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Claims,
    owner: UserId,
    bytes: i64,
}

impl Claim {
    /// More of it has arrived. Answers with the bytes of all the person's uploads under way.
    pub(super) fn add(&mut self, bytes: i64) -> i64 {
        self.bytes += bytes;
        let mut people = self.claims.people();
        let under_way = people.entry(self.owner).or_default();
        under_way.bytes += bytes;
        under_way.bytes
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut people = self.claims.people();
        if let Some(under_way) = people.get_mut(&self.owner) {
            under_way.uploads -= 1;
            under_way.bytes -= self.bytes;
            if under_way.uploads == 0 {
                people.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_counted_while_they_last() {
        let claims = Claims::default();
        let (anna, ben) = (UserId(1), UserId(2));
        let mut first = claims.claim(anna).expect("one");
        assert_eq!(first.add(10), 10);
        let mut rest: Vec<_> = (1..AT_ONCE)
            .map(|_| claims.claim(anna).expect("one more"))
            .collect();
        assert_eq!(rest[0].add(5), 15);
        claims.claim(anna).expect_err("too many");
        claims.claim(ben).expect("somebody else's");
        drop(first);
        assert_eq!(claims.claim(anna).expect("again").add(1), 6);
        rest.clear();
        assert!(claims.people().is_empty());
    }
}
