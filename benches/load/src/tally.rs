//! What all sockets of a run heard and were answered, together.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use anyhow::{Result, bail};
use hdrhistogram::Histogram;

/// A minute, the longest delay that is told apart from longer ones, in microseconds.
const LONGEST: u64 = 60_000_000;

/// Counters of one run.
#[derive(Debug)]
pub(crate) struct Tally {
    begun: Instant,
    measures: AtomicBool,
    /// Messages that sockets heard.
    delivered: AtomicU64,
    /// Messages that were acknowledged.
    acknowledged: AtomicU64,
    /// Sockets that ended before the run did.
    lost: AtomicU64,
    trouble: Mutex<Option<String>>,
    hear: Mutex<Histogram<u64>>,
    answer: Mutex<Histogram<u64>>,
}

/// How far the counters were at some moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) delivered: u64,
    pub(crate) acknowledged: u64,
}

/// 50th and 99th percentile, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delays {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

fn histogram() -> Mutex<Histogram<u64>> {
    Mutex::new(Histogram::new_with_max(LONGEST, 3).expect("three digits up to a minute fit"))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            measures: AtomicBool::new(false),
            delivered: AtomicU64::new(0),
            acknowledged: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            trouble: Mutex::new(None),
            hear: histogram(),
            answer: histogram(),
        }
    }

    /// Microseconds since the run began: what stands in the messages.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// From now on delays are noted, or no longer.
    pub(crate) fn measure(&self, on: bool) {
        self.measures.store(on, Relaxed);
    }

    /// Somebody heard a message; whose delay is asked for says when it was sent.
    pub(crate) fn heard(&self, sent_at: Option<u64>) {
        self.delivered.fetch_add(1, Relaxed);
        self.note(&self.hear, sent_at);
    }

    /// A message was acknowledged.
    pub(crate) fn acknowledged(&self, sent_at: u64) {
        self.acknowledged.fetch_add(1, Relaxed);
        self.note(&self.answer, Some(sent_at));
    }

    fn note(&self, delays: &Mutex<Histogram<u64>>, sent_at: Option<u64>) {
        if let Some(sent_at) = sent_at
            && self.measures.load(Relaxed)
        {
            locked(delays).saturating_record(self.now().saturating_sub(sent_at));
        }
    }

    /// A socket ended, or was refused something.
    pub(crate) fn lose(&self, why: String) {
        self.lost.fetch_add(1, Relaxed);
        locked(&self.trouble).get_or_insert(why);
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            delivered: self.delivered.load(Relaxed),
            acknowledged: self.acknowledged.load(Relaxed),
        }
    }

    /// From sending to hearing, in the sample.
    pub(crate) fn hearing(&self) -> Delays {
        Delays::of(&locked(&self.hear))
    }

    /// From sending to the acknowledgement.
    pub(crate) fn answering(&self) -> Delays {
        Delays::of(&locked(&self.answer))
    }

    /// That no socket ended.
    ///
    /// # Errors
    /// How many did, and why the first one.
    pub(crate) fn whole(&self) -> Result<()> {
        if let Some(why) = &*locked(&self.trouble) {
            bail!("{} sockets ended: {why}", self.lost.load(Relaxed));
        }
        Ok(())
    }
}

impl Delays {
    fn of(delays: &Histogram<u64>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a minute of microseconds fits")]
        let ms = |quantile| delays.value_at_quantile(quantile) as f64 / 1_000.0;
        Self {
            p50: ms(0.5),
            p99: ms(0.99),
        }
    }
}
