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

/// How long wrong codes of a second factor count.
const CODE_WINDOW: Duration = Duration::from_hours(24);

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
    sign_ons: Option<DefaultKeyedRateLimiter<IpAddr>>,
    recoveries: Option<DefaultKeyedRateLimiter<IpAddr>>,
    recoveries_of: Option<DefaultKeyedRateLimiter<UserId>>,
    guest_messages: Option<DefaultKeyedRateLimiter<IpAddr>>,
    reports: Option<DefaultKeyedRateLimiter<UserId>>,
    exports: Option<DefaultKeyedRateLimiter<UserId>>,
    estimates: Option<DefaultKeyedRateLimiter<IpAddr>>,
    account_failures: Failures<(String, IpAddr)>,
    address_failures: Failures<IpAddr>,
    code_failures: Failures<UserId>,
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
        let of_person = |count| {
            let quota = NonZeroU32::new(count).map(Quota::per_hour);
            quota.map(RateLimiter::keyed)
        };
        let window = limits.login_window;
        Self {
            messages: messages.map(RateLimiter::keyed),
            registrations: hourly(limits.registrations_per_address),
            guests: hourly(limits.guests_per_address),
            sign_ons: hourly(limits.sign_ons_per_address),
            guest_messages: messages.map(RateLimiter::keyed),
            exports: of_person(limits.exports_per_person),
            recoveries: hourly(limits.recoveries_per_address),
            recoveries_of: of_person(limits.recoveries_per_account),
            reports: of_person(limits.reports_per_person),
            estimates: hourly(limits.password_checks_per_address),
            account_failures: Failures::new(limits.login_failures_per_account, window),
            address_failures: Failures::new(limits.login_failures_per_address, window),
            code_failures: Failures::new(limits.code_failures_per_account, CODE_WINDOW),
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

    /// Counts one asking for a link to recover an account from this address.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn recovery(&self, address: IpAddr) -> Result<()> {
        take(
            self.recoveries.as_ref(),
            &counted(address),
            "Links were asked for many times from this network. Try again later.",
        )
    }

    /// Counts one link that is mailed to this person.
    ///
    /// # Errors
    /// `rate_limited` when there were too many; that is for nobody but the log.
    pub fn recovery_of(&self, person: UserId) -> Result<()> {
        let text = "This account was sent many links.";
        take(self.recoveries_of.as_ref(), &person, text)
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

    /// Counts one login that is begun with the provider from this address.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn sign_on(&self, address: IpAddr) -> Result<()> {
        take(
            self.sign_ons.as_ref(),
            &counted(address),
            "Many logins were begun from this network. Try again later, or log in with a password.",
        )
    }

    /// Counts one export of this person's data.
    ///
    /// # Errors
    /// `rate_limited` when there were too many.
    pub fn export(&self, person: UserId) -> Result<()> {
        take(
            self.exports.as_ref(),
            &person,
            "You have made many exports lately. Try again later.",
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
            (Ok(by_account), Ok(by_address)) => Ok(Attempt(vec![by_account, by_address])),
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

    /// Lets a try at a code of a second factor through: counted as a login, and for its account from all addresses
    /// together (NIST SP 800-63B-4, section 3.2.2). Who gets to a code knows the password, so this locks nobody out who
    /// is only known by name.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn code(&self, person: UserId, address: IpAddr, now: Timestamp) -> Result<Attempt> {
        let mut attempt = self.login(&format!("#{person}"), address, now)?;
        match self.code_failures.count(person, now) {
            Ok(counted) => {
                attempt.0.push(counted);
                Ok(attempt)
            }
            Err(wait) => {
                attempt.succeeded();
                Err(Error::rate_limited(
                    "Too many wrong codes for this account. Wait a while, or ask who runs the server.",
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
            &self.sign_ons,
            &self.guest_messages,
            &self.estimates,
            &self.recoveries,
        ];
        for limiter in by_address.into_iter().flatten() {
            limiter.retain_recent();
        }
        let by_person = [&self.reports, &self.exports, &self.recoveries_of];
        for limiter in by_person.into_iter().flatten() {
            limiter.retain_recent();
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
pub struct Attempt(Vec<Counted>);

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
mod tests;
