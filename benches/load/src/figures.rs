//! What was measured: figures by scenario, contender and round.

use std::collections::BTreeMap;

use crate::{contenders::Contender, scenarios::Scenario};

/// One figure of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Metric {
    /// Messages heard a second, by all together.
    Delivered,
    /// Messages acknowledged a second.
    Acknowledged,
    /// From sending to hearing and to the acknowledgement, in ms.
    HearP50,
    HearP99,
    AnswerP50,
    AnswerP99,
    /// What was heard, of what should have been, from 0 to 1.
    Reached,
    /// Shares of their cores, in percent.
    ServerCpu,
    GeneratorCpu,
    /// One fdatasync just before the run, in ms.
    SyncP50,
    SyncP99,
    /// Resident memory, in bytes: without sockets, more for each of a thousand, and of the most that were tried.
    MemoryEmpty,
    EachOfThousand,
    EachOfMost,
    /// How many these were.
    Most,
    /// Memory after all have left, of that before.
    Back,
    /// Until all are back and have what they missed, in ms; and how many they are.
    CaughtUp,
    Clients,
    /// Pages a second.
    Requests,
    /// From an event to its acknowledgement, in ms: with nothing else to do, and while pictures are made.
    TripP50,
    TripP99,
    BusyTripP50,
    BusyTripP99,
    /// How many photos were kept meanwhile.
    Photos,
    /// From the start of the process to the first 200, in ms: on a new folder, on a database without messages, and on
    /// the large one.
    StartNew,
    StartEmpty,
    StartLarge,
}

/// The figures of one run.
pub(crate) type Figures = BTreeMap<Metric, f64>;

/// All runs. A failed one keeps why.
#[derive(Debug, Default)]
pub(crate) struct Book {
    runs: BTreeMap<(Scenario, Contender), Vec<Result<Figures, String>>>,
}

/// Median, least and most of the rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of these values, if there are any.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let least = values.iter().copied().reduce(f64::min)?;
        let most = values.iter().copied().reduce(f64::max)?;
        Some(Self {
            median: median(values),
            least,
            most,
        })
    }
}

impl Book {
    pub(crate) fn keep(
        &mut self,
        scenario: Scenario,
        contender: Contender,
        run: Result<Figures, String>,
    ) {
        self.runs
            .entry((scenario, contender))
            .or_default()
            .push(run);
    }

    pub(crate) fn holds(&self, scenario: Scenario) -> bool {
        self.runs.keys().any(|(held, _)| *held == scenario)
    }

    /// Who was measured in a scenario.
    pub(crate) fn contenders(&self, scenario: Scenario) -> Vec<Contender> {
        let keys = self.runs.keys().filter(|(held, _)| *held == scenario);
        keys.map(|(_, contender)| *contender).collect()
    }

    /// A figure in each round; `None` where the run failed or has no such figure.
    pub(crate) fn rounds(
        &self,
        scenario: Scenario,
        who: Contender,
        metric: Metric,
    ) -> Vec<Option<f64>> {
        let runs = self
            .runs
            .get(&(scenario, who))
            .map_or(&[][..], Vec::as_slice);
        let figure = |run: &Result<Figures, String>| run.as_ref().ok()?.get(&metric).copied();
        runs.iter().map(figure).collect()
    }

    /// A figure over the rounds.
    pub(crate) fn spread(
        &self,
        scenario: Scenario,
        who: Contender,
        metric: Metric,
    ) -> Option<Spread> {
        let rounds = self.rounds(scenario, who, metric);
        Spread::of(&rounds.into_iter().flatten().collect::<Vec<_>>())
    }

    /// Why runs failed.
    pub(crate) fn failures(&self, scenario: Scenario, who: Contender) -> Vec<&str> {
        let runs = self
            .runs
            .get(&(scenario, who))
            .map_or(&[][..], Vec::as_slice);
        runs.iter()
            .filter_map(|run| run.as_ref().err().map(String::as_str))
            .collect()
    }
}

/// The middle value, or the mean of the two in the middle; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => 0.0,
        (length, middle) if length % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        (_, middle) => sorted[middle],
    }
}

/// The value that this share of the values does not exceed; 0 of none.
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let sorted = sorted(values);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index into a list of some hundred"
    )]
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place).or(sorted.last()).copied().unwrap_or(0.0)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_the_median_the_least_and_the_most() {
        assert_eq!(Spread::of(&[]), None);
        let expected = |median, least, most| {
            Some(Spread {
                median,
                least,
                most,
            })
        };
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), expected(2.0, 1.0, 3.0));
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 9.0]), expected(3.0, 1.0, 9.0));
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert!((percentile(&hundred, 0.99) - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_failed_run_leaves_its_round_empty() {
        let mut book = Book::default();
        let (fan_out, node) = (Scenario::FanOut, Contender::Node);
        book.keep(fan_out, node, Err("refused".to_owned()));
        book.keep(fan_out, node, Ok(Figures::from([(Metric::Delivered, 7.0)])));
        assert_eq!(
            book.rounds(fan_out, node, Metric::Delivered),
            [None, Some(7.0)]
        );
        assert_eq!(book.failures(fan_out, node), ["refused"]);
    }
}
