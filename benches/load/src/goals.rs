//! The goals, each as a ratio of two figures of the same round.

use Bound::{AtLeast, AtMost};

use crate::{
    contenders::Contender::{self, Bare, FlaskGevent, FlaskThreads, Node, Parlor, Raw},
    figures::{Book, Metric, Spread},
    scenarios::Scenario,
};

/// A bound for a ratio.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// One goal, and the ratio's rounds.
#[derive(Debug)]
pub(crate) struct Goal {
    pub(crate) scenario: Scenario,
    pub(crate) text: &'static str,
    pub(crate) bound: Bound,
    pub(crate) ratio: Option<Spread>,
}

impl Goal {
    /// Whether the median is within the bound.
    pub(crate) fn is_met(&self) -> Option<bool> {
        self.ratio.map(|Spread { median, .. }| match self.bound {
            Bound::AtLeast(bound) => median >= bound,
            Bound::AtMost(bound) => median <= bound,
        })
    }
}

/// One figure of a scenario.
type Figure = (Scenario, &'static [Contender], Metric);

/// All goals of the scenarios that were measured.
pub(crate) fn all(book: &Book) -> Vec<Goal> {
    let mut goals = chats();
    goals.extend(steady_and_tls());
    goals.extend(rests());
    let measured = goals.into_iter().filter(|(over, ..)| book.holds(over.0));
    measured
        .map(|(over, under, bound, text)| Goal {
            scenario: over.0,
            text,
            bound,
            ratio: ratio(book, over, under),
        })
        .collect()
}

type Wanted = (Figure, Figure, Bound, &'static str);

const PARLOR: &[Contender] = &[Parlor];
const NODE: &[Contender] = &[Node];
const BARE: &[Contender] = &[Bare];
const RAW: &[Contender] = &[Raw];
/// The faster of the two.
const FLASK: &[Contender] = &[FlaskThreads, FlaskGevent];

/// A figure of Parlor's, over the same one of others.
fn against(
    scenario: Scenario,
    whom: &'static [Contender],
    metric: Metric,
    bound: Bound,
    text: &'static str,
) -> Wanted {
    (
        (scenario, PARLOR, metric),
        (scenario, whom, metric),
        bound,
        text,
    )
}

fn chats() -> Vec<Wanted> {
    use Metric::{Delivered, HearP99};
    use Scenario::{FanOut, Rooms};
    [
        (
            FanOut,
            NODE,
            Delivered,
            AtLeast(3.0),
            "delivered/s, of Node's",
        ),
        (
            FanOut,
            FLASK,
            Delivered,
            AtLeast(12.0),
            "delivered/s, of the faster Flask's",
        ),
        (
            FanOut,
            BARE,
            Delivered,
            AtLeast(0.85),
            "delivered/s, of bare socketioxide's",
        ),
        (
            FanOut,
            RAW,
            Delivered,
            AtLeast(0.5),
            "delivered/s, of the raw broadcaster's",
        ),
        (
            Rooms,
            NODE,
            Delivered,
            AtLeast(2.5),
            "delivered/s, of Node's",
        ),
        (
            Rooms,
            FLASK,
            Delivered,
            AtLeast(12.0),
            "delivered/s, of the faster Flask's",
        ),
        (
            Rooms,
            BARE,
            Delivered,
            AtLeast(0.85),
            "delivered/s, of bare socketioxide's",
        ),
        (
            Rooms,
            NODE,
            HearP99,
            AtMost(0.5),
            "p99 of send to hear, of Node's",
        ),
    ]
    .map(|(scenario, whom, metric, bound, text)| against(scenario, whom, metric, bound, text))
    .to_vec()
}

fn steady_and_tls() -> Vec<Wanted> {
    use Metric::{AnswerP99, Delivered, HearP99, SyncP99};
    use Scenario::{FanOut, FanOutTls, Rooms, RoomsTls, Steady};
    const PLAIN: &str = "delivered/s, of Parlor's without TLS";
    let own = |over, under, bound, text| {
        let ((scenario, metric), (other, divisor)) = (over, under);
        (
            (scenario, PARLOR, metric),
            (other, PARLOR, divisor),
            bound,
            text,
        )
    };
    let ack = "p99 of the acknowledgement, of one fdatasync's";
    let bare = "p99 of send to hear, of bare socketioxide's";
    let node = "delivered/s, of Node's over TLS";
    vec![
        against(
            Steady,
            NODE,
            HearP99,
            AtMost(0.5),
            "p99 of send to hear, of Node's",
        ),
        against(Steady, BARE, HearP99, AtMost(2.0), bare),
        own((Steady, AnswerP99), (Steady, SyncP99), AtMost(1.5), ack),
        own(
            (FanOutTls, Delivered),
            (FanOut, Delivered),
            AtLeast(0.7),
            PLAIN,
        ),
        against(FanOutTls, NODE, Delivered, AtLeast(3.0), node),
        own(
            (RoomsTls, Delivered),
            (Rooms, Delivered),
            AtLeast(0.7),
            PLAIN,
        ),
        against(RoomsTls, NODE, Delivered, AtLeast(3.0), node),
    ]
}

fn rests() -> Vec<Wanted> {
    use Metric::{
        Back, BusyTripP99, CaughtUp, EachOfMost, MemoryEmpty, Requests, StartEmpty, StartLarge,
        TripP99,
    };
    use Scenario::{Idle, IdleTls, Pages, Photos, Start, Storm};
    let against = |scenario, whom, metric, bound, text| {
        (
            (scenario, PARLOR, metric),
            (scenario, whom, metric),
            bound,
            text,
        )
    };
    let one = |scenario, metric, text| {
        // The figure is a ratio already.
        (
            (scenario, PARLOR, metric),
            (scenario, &[][..], metric),
            AtMost(1.2),
            text,
        )
    };
    vec![
        against(
            Idle,
            NODE,
            EachOfMost,
            AtMost(1.0),
            "memory of a socket, of Node's (stretch: 0.7)",
        ),
        against(
            Idle,
            NODE,
            MemoryEmpty,
            AtMost(0.25),
            "memory without sockets, of Node's",
        ),
        one(Idle, Back, "memory after all have left, of that before"),
        against(
            IdleTls,
            NODE,
            EachOfMost,
            AtMost(1.0),
            "memory of a socket, of Node's over TLS",
        ),
        one(IdleTls, Back, "memory after all have left, of that before"),
        against(
            Storm,
            NODE,
            CaughtUp,
            AtMost(0.5),
            "until all are caught up, of Node's reconnecting alone",
        ),
        against(
            Start,
            NODE,
            StartEmpty,
            AtMost(0.2),
            "on a database without messages, of Node's",
        ),
        (
            (Start, PARLOR, StartLarge),
            (Start, PARLOR, StartEmpty),
            AtMost(2.0),
            "on a large database, of that on one without messages",
        ),
        against(
            Pages,
            &[FlaskGevent],
            Requests,
            AtLeast(10.0),
            "pages/s, of Flask's with Jinja and SQLite",
        ),
        (
            (Photos, PARLOR, BusyTripP99),
            (Photos, PARLOR, TripP99),
            AtMost(2.0),
            "p99 of a round trip while pictures are made, of that when idle",
        ),
    ]
}

/// The rounds in which both were measured.
fn ratio(book: &Book, over: Figure, under: Figure) -> Option<Spread> {
    let (over_rounds, under_rounds) = (best(book, over), best(book, under));
    let ratios: Vec<f64> = over_rounds
        .iter()
        .enumerate()
        .filter_map(|(round, over)| {
            if under.1.is_empty() {
                return *over;
            }
            let under = under_rounds.get(round).copied().flatten()?;
            over.map(|over| over / under)
        })
        .collect();
    Spread::of(&ratios)
}

/// The greatest of several contenders' figures in each round.
fn best(book: &Book, (scenario, who, metric): Figure) -> Vec<Option<f64>> {
    let each = who.iter().map(|who| book.rounds(scenario, *who, metric));
    each.reduce(|mut best, other| {
        best.resize(best.len().max(other.len()), None);
        for (best, other) in best.iter_mut().zip(other) {
            *best = match (*best, other) {
                (Some(one), Some(two)) => Some(one.max(two)),
                (one, two) => one.or(two),
            };
        }
        best
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Figures;

    #[test]
    fn a_goal_is_the_median_of_the_rounds_in_which_both_were_measured() {
        let mut book = Book::default();
        let delivered = |value| Ok(Figures::from([(Metric::Delivered, value)]));
        for value in [30.0, 40.0, 60.0] {
            book.keep(Scenario::FanOut, Parlor, delivered(value));
        }
        book.keep(Scenario::FanOut, Node, delivered(10.0));
        book.keep(Scenario::FanOut, Node, Err("refused".to_owned()));
        book.keep(Scenario::FanOut, Node, delivered(10.0));
        book.keep(Scenario::FanOut, FlaskGevent, delivered(2.0));
        let goals = all(&book);
        let goal = |text: &str| goals.iter().find(|goal| goal.text == text).unwrap();
        let node = goal("delivered/s, of Node's");
        assert_eq!(node.ratio, Spread::of(&[3.0, 6.0]));
        assert_eq!(node.is_met(), Some(true));
        assert_eq!(
            goal("delivered/s, of the faster Flask's").ratio,
            Spread::of(&[15.0])
        );
        assert_eq!(goal("delivered/s, of bare socketioxide's").is_met(), None);
        assert!(goals.iter().all(|goal| goal.scenario == Scenario::FanOut));
    }
}
