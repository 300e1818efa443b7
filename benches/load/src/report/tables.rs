//! One table a scenario.

use std::fmt::Write as _;

use super::spread;
use crate::{
    contenders::Contender,
    figures::{Book, Metric, Spread},
    scenarios::Scenario,
};

/// Cores busier than this are at their end, in percent.
const BUSY: f64 = 90.0;
/// Fewer messages than this share of those due is worth a remark.
const WHOLE: f64 = 0.97;
const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

/// A column: its head, its figure, what the figure is divided by, and how many digits are shown.
type Column = (&'static str, Metric, f64, usize);

fn columns(scenario: Scenario) -> &'static [Column] {
    match scenario {
        Scenario::Idle | Scenario::IdleTls => &[
            ("without sockets, MiB", Metric::MemoryEmpty, MIB, 1),
            ("each of 1,000, KiB", Metric::EachOfThousand, KIB, 1),
            ("each of all, KiB", Metric::EachOfMost, KIB, 1),
            ("sockets in all", Metric::Most, 1.0, 0),
            ("after all have left, of before", Metric::Back, 1.0, 2),
        ],
        Scenario::Storm => &[
            ("until all are caught up, ms", Metric::CaughtUp, 1.0, 0),
            ("clients", Metric::Clients, 1.0, 0),
            ("server %", Metric::ServerCpu, 1.0, 0),
            ("generator %", Metric::GeneratorCpu, 1.0, 0),
        ],
        Scenario::Start => &[
            ("new folder, ms", Metric::StartNew, 1.0, 0),
            ("no messages, ms", Metric::StartEmpty, 1.0, 0),
            ("large database, ms", Metric::StartLarge, 1.0, 0),
        ],
        Scenario::Pages => &[
            ("pages/s", Metric::Requests, 1.0, 0),
            ("server %", Metric::ServerCpu, 1.0, 0),
            ("generator %", Metric::GeneratorCpu, 1.0, 0),
        ],
        Scenario::Photos => &[
            ("idle p50, ms", Metric::TripP50, 1.0, 2),
            ("idle p99, ms", Metric::TripP99, 1.0, 2),
            ("with pictures p50, ms", Metric::BusyTripP50, 1.0, 2),
            ("with pictures p99, ms", Metric::BusyTripP99, 1.0, 2),
            ("photos", Metric::Photos, 1.0, 0),
        ],
        Scenario::Steady => &[
            ("delivered/s", Metric::Delivered, 1.0, 0),
            ("hear p50, ms", Metric::HearP50, 1.0, 2),
            ("hear p99, ms", Metric::HearP99, 1.0, 2),
            ("ack p50, ms", Metric::AnswerP50, 1.0, 2),
            ("ack p99, ms", Metric::AnswerP99, 1.0, 2),
            ("fdatasync p50, ms", Metric::SyncP50, 1.0, 2),
            ("fdatasync p99, ms", Metric::SyncP99, 1.0, 2),
            ("server %", Metric::ServerCpu, 1.0, 0),
            ("generator %", Metric::GeneratorCpu, 1.0, 0),
        ],
        _ => &[
            ("delivered/s", Metric::Delivered, 1.0, 0),
            ("sent/s", Metric::Acknowledged, 1.0, 0),
            ("hear p50, ms", Metric::HearP50, 1.0, 2),
            ("hear p99, ms", Metric::HearP99, 1.0, 2),
            ("ack p99, ms", Metric::AnswerP99, 1.0, 2),
            ("server %", Metric::ServerCpu, 1.0, 0),
            ("generator %", Metric::GeneratorCpu, 1.0, 0),
        ],
    }
}

/// The table of a scenario, and below it what is to be said of single contenders.
pub(super) fn of(book: &Book, scenario: Scenario) -> String {
    let columns = columns(scenario);
    let heads = columns.iter().map(|(head, ..)| (*head).to_owned());
    let mut rows = vec![
        ["", "durable"]
            .map(str::to_owned)
            .into_iter()
            .chain(heads)
            .collect(),
    ];
    let mut remarks = String::new();
    for who in book.contenders(scenario) {
        let mut row = vec![who.name().to_owned(), who.durability().to_owned()];
        row.extend(columns.iter().map(|(_, metric, unit, digits)| {
            let scaled = book.spread(scenario, who, *metric).map(|found| Spread {
                median: found.median / unit,
                least: found.least / unit,
                most: found.most / unit,
            });
            spread(scaled, *digits)
        }));
        rows.push(row);
        for remark in self::remarks(book, scenario, who) {
            writeln!(remarks, "- {}: {remark}", who.name()).expect("a string takes all");
        }
    }
    let table = markdown(&rows);
    if remarks.is_empty() {
        return table;
    }
    format!("{table}\n{remarks}")
}

fn remarks(book: &Book, scenario: Scenario, who: Contender) -> Vec<String> {
    let mut remarks = Vec::new();
    let rounds = |metric| book.rounds(scenario, who, metric);
    let cpu = rounds(Metric::ServerCpu)
        .into_iter()
        .zip(rounds(Metric::GeneratorCpu));
    let bottleneck = cpu
        .filter(|(server, generator)| {
            generator.is_some_and(|generator| generator > BUSY)
                && server.is_some_and(|server| server < BUSY)
        })
        .count();
    if bottleneck > 0 {
        remarks.push(format!(
            "**the generator was the bottleneck** in {bottleneck} of {} rounds (over {BUSY} % of its core while the server was under that): the server can do more",
            rounds(Metric::ServerCpu).len()
        ));
    }
    if let Some(reached) = book.spread(scenario, who, Metric::Reached)
        && reached.median < WHOLE
    {
        remarks.push(format!(
            "only {:.1} % of what was due was heard while it was measured; the rest was lost or late",
            100.0 * reached.median
        ));
    }
    let failures = book.failures(scenario, who);
    if let Some(first) = failures.first() {
        let first = first.replace('\n', " ");
        remarks.push(format!("{} rounds failed: {first:.300}", failures.len()));
    }
    remarks
}

/// A table in Markdown, the first row its head.
pub(super) fn markdown<R: AsRef<[String]>>(rows: &[R]) -> String {
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let cells = row.as_ref();
        writeln!(text, "| {} |", cells.join(" | ")).expect("a string takes all");
        if number == 0 {
            let rule = vec!["---"; cells.len()].join(" | ");
            writeln!(text, "| {rule} |").expect("a string takes all");
        }
    }
    text
}
