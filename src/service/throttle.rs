//! How often things may happen: messages and reports a person, registrations an address, failed logins.
//!
//! One counter stands for form, JSON and socket alike (contract, section 5). All tables are bounded.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use moka::sync::Cache;

use crate::{
    config::Limits,
    error::{Error, Result},
    model::{Timestamp, UserId},
};

/// How many keys a table of failures holds before the least used go.
const FAILURE_KEYS: u64 = 100_000;

/// An address as a limit counts it: an IPv6 customer has a whole /64 (RFC 6177), so that counts as one.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// All rate limits.
pub struct Throttle {
    messages: Option<DefaultKeyedRateLimiter<UserId>>,
    registrations: Option<DefaultKeyedRateLimiter<IpAddr>>,
    guests: Option<DefaultKeyedRateLimiter<IpAddr>>,
    guest_messages: Option<DefaultKeyedRateLimiter<IpAddr>>,
    reports: Option<DefaultKeyedRateLimiter<UserId>>,
    estimates: Option<DefaultKeyedRateLimiter<IpAddr>>,
    account_failures: Failures<(String, IpAddr)>,
    address_failures: Failures<IpAddr>,
}

impl Throttle {
    /// The limits as set; a rate of 0 is no limit.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let messages = NonZeroU32::new(limits.message_rate)
            .zip(NonZeroU32::new(limits.message_burst))
            .map(|(rate, burst)| Quota::per_second(rate).allow_burst(burst));
        let hourly = |count| {
            NonZeroU32::new(count)
                .map(Quota::per_hour)
                .map(RateLimiter::keyed)
        };
        let reports = NonZeroU32::new(limits.reports_per_person)
            .map(|count| RateLimiter::keyed(Quota::per_hour(count)));
        let window = limits.login_window;
        Self {
            messages: messages.map(RateLimiter::keyed),
            registrations: hourly(limits.registrations_per_address),
            guests: hourly(limits.guests_per_address),
            guest_messages: messages.map(RateLimiter::keyed),
            reports,
            estimates: hourly(limits.password_checks_per_address),
            account_failures: Failures::new(limits.login_failures_per_account, window),
            address_failures: Failures::new(limits.login_failures_per_address, window),
        }
    }

    /// Takes one message out of this person's bucket.
    ///
    /// # Errors
    /// `rate_limited` when it is empty, with the time until there is one again.
    pub fn message(&self, person: UserId) -> Result<()> {
        take(
            self.messages.as_ref(),
            &person,
            "You are sending very fast. Wait a moment, then send it again.",
        )
    }

    /// Counts one new account from this address.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn registration(&self, address: IpAddr) -> Result<()> {
        take(
            self.registrations.as_ref(),
            &counted(address),
            "Many accounts were made from this network. Try again later.",
        )
    }

    /// Counts one more guest from this address.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn guest(&self, address: IpAddr) -> Result<()> {
        take(
            self.guests.as_ref(),
            &counted(address),
            "Many guests came from this network. Try again later.",
        )
    }

    /// Takes one message out of the bucket that all guests of this address share.
    ///
    /// # Errors
    /// `rate_limited` when it is empty, with the time until there is one again.
    pub fn guest_message(&self, address: IpAddr) -> Result<()> {
        take(
            self.guest_messages.as_ref(),
            &counted(address),
            "Guests of your network are sending very fast. Wait a moment, then send it again.",
        )
    }

    /// Counts one question from this address how strong a password is.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn estimate(&self, address: IpAddr) -> Result<()> {
        take(
            self.estimates.as_ref(),
            &counted(address),
            "The strength of many passwords was asked from this network. Try again later.",
        )
    }

    /// Counts one report by this person.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn report(&self, person: UserId) -> Result<()> {
        take(
            self.reports.as_ref(),
            &person,
            "You have reported a lot. The admin looks at it; try again later.",
        )
    }

    /// Lets a login attempt through, counted as failed until [`Attempt::succeeded`] says otherwise (so that
    /// attempts made at the same time cannot slip past). `account` is anything that stands for the account.
    ///
    /// # Errors
    /// `rate_limited` when too many have failed for this account from this address, or from this address at all.
    /// Other addresses are not affected: nobody can be locked out by somebody else.
    pub fn login(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<Attempt> {
        let address = counted(address);
        let by_account = self
            .account_failures
            .count((account.to_owned(), address), now);
        let by_address = self.address_failures.count(address, now);
        match (by_account, by_address) {
            (Ok(by_account), Ok(by_address)) => Ok(Attempt([by_account, by_address])),
            (one, other) => {
                let wait = [&one, &other]
                    .into_iter()
                    .filter_map(|result| result.as_ref().err().copied())
                    .max()
                    .unwrap_or_default();
                one.into_iter().chain(other).for_each(Counted::take_back);
                Err(Error::rate_limited(
                    "Too many failed logins. Wait a while before the next try.",
                    wait,
                ))
            }
        }
    }

    /// Forgets keys that no longer count, so that tables stay small.
    pub fn sweep(&self) {
        if let Some(messages) = &self.messages {
            messages.retain_recent();
        }
        let by_address = [
            &self.registrations,
            &self.guests,
            &self.guest_messages,
            &self.estimates,
        ];
        for limiter in by_address.into_iter().flatten() {
            limiter.retain_recent();
        }
        if let Some(reports) = &self.reports {
            reports.retain_recent();
        }
    }
}

fn take<K: Clone + Eq + std::hash::Hash>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
    message: &str,
) -> Result<()> {
    let Some(limiter) = limiter else {
        return Ok(());
    };
    limiter.check_key(key).map_err(|until| {
        Error::rate_limited(message, until.wait_time_from(DefaultClock::default().now()))
    })
}

/// A login attempt under way.
#[derive(Debug)]
#[must_use]
pub struct Attempt([Counted; 2]);

impl Attempt {
    /// The password was right: it does not count as a failure.
    pub fn succeeded(self) {
        self.0.into_iter().for_each(Counted::take_back);
    }
}

/// Failures within a window that starts with the first of them.
#[derive(Debug, Default)]
struct Window {
    since: i64,
    failures: u32,
}

/// One failure that was counted and can be taken back.
#[derive(Debug)]
struct Counted(Option<Arc<Mutex<Window>>>);

impl Counted {
    fn take_back(self) {
        if let Some(window) = self.0 {
            let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
            window.failures = window.failures.saturating_sub(1);
        }
    }
}

/// Counts of failures by key.
struct Failures<K> {
    most: u32,
    window: Duration,
    counts: Cache<K, Arc<Mutex<Window>>>,
}

impl<K: std::hash::Hash + Eq + Send + Sync + 'static> Failures<K> {
    fn new(most: u32, window: Duration) -> Self {
        Self {
            most,
            window,
            counts: Cache::new(FAILURE_KEYS),
        }
    }

    /// Counts one more, or says how long until there is room for one.
    fn count(&self, key: K, now: Timestamp) -> Result<Counted, Duration> {
        if self.most == 0 {
            return Ok(Counted(None));
        }
        let window = self.counts.get_with(key, Arc::default);
        let mut state = window.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.since(Timestamp(state.since));
        if passed >= self.window || state.failures == 0 {
            *state = Window {
                since: now.0,
                failures: 0,
            };
        } else if state.failures >= self.most {
            return Err(self.window.saturating_sub(passed));
        }
        state.failures += 1;
        drop(state);
        Ok(Counted(Some(window)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn throttle() -> Throttle {
        Throttle::new(&Limits {
            login_failures_per_account: 2,
            login_failures_per_address: 3,
            message_burst: 2,
            message_rate: 1,
            ..Limits::default()
        })
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn a_full_counter_refuses_that_address_and_no_other() {
        let throttle = throttle();
        for _ in 0..2 {
            drop(
                throttle
                    .login("anna", HERE, Timestamp(0))
                    .expect("not full yet"),
            );
        }
        let error = throttle
            .login("anna", HERE, Timestamp(1000))
            .expect_err("full");
        assert_eq!(error.code, Code::RateLimited);
        assert_eq!(error.retry_after, Some(Duration::from_secs(15 * 60 - 1)));
        assert!(throttle.login("anna", THERE, Timestamp(0)).is_ok());
        assert!(
            throttle
                .login("anna", HERE, Timestamp(15 * 60 * 1000))
                .is_ok(),
            "after the window"
        );
    }

    #[test]
    fn guests_of_one_address_share_a_bucket() {
        let throttle = throttle();
        throttle.guest_message(HERE).expect("not empty");
        throttle.guest_message(HERE).expect("not empty");
        let error = throttle.guest_message(HERE).expect_err("empty");
        assert_eq!(error.code, Code::RateLimited);
        throttle.guest_message(THERE).expect("a bucket of its own");
        throttle.message(UserId(1)).expect("a person's own");
    }

    #[test]
    fn a_right_password_does_not_count() {
        let throttle = throttle();
        for _ in 0..10 {
            throttle
                .login("anna", HERE, Timestamp(0))
                .expect("not full")
                .succeeded();
        }
    }

    #[test]
    fn guessing_at_many_accounts_is_bounded_by_address() {
        let throttle = throttle();
        for account in ["anna", "ben", "carl"] {
            drop(
                throttle
                    .login(account, HERE, Timestamp(0))
                    .expect("not full yet"),
            );
        }
        assert!(throttle.login("dora", HERE, Timestamp(0)).is_err());
        assert!(throttle.login("dora", THERE, Timestamp(0)).is_ok());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let one: IpAddr = "2001:db8::1".parse().expect("an address");
        let other: IpAddr = "2001:db8::ffff:2".parse().expect("an address");
        assert_eq!(counted(one), counted(other));
        assert_eq!(
            counted("::ffff:192.0.2.1".parse().expect("an address")),
            HERE
        );
    }

    #[test]
    fn messages_come_out_of_a_bucket_and_zero_means_no_limit() {
        let throttle = throttle();
        assert!(throttle.message(UserId(1)).is_ok() && throttle.message(UserId(1)).is_ok());
        let error = throttle.message(UserId(1)).expect_err("empty");
        assert!(
            error
                .retry_after
                .is_some_and(|wait| wait <= Duration::from_secs(1))
        );
        assert!(throttle.message(UserId(2)).is_ok());
        let open = Throttle::new(&Limits {
            message_rate: 0,
            ..Limits::default()
        });
        assert!((0..1000).all(|_| open.message(UserId(1)).is_ok()));
    }
}
