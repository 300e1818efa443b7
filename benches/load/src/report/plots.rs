//! Plots as SVG: bars with their spread.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::{
    figures::{Book, Metric, Spread},
    scenarios::Scenario,
};

const WIDTH: u32 = 760;
const BAR: u32 = 36;
/// Above and below the bars: caption, axis and its labels.
const AROUND: u32 = 100;
const NAMES: u32 = 190;
const OURS: RGBColor = RGBColor(0x1f, 0x6f, 0x78);
const THEIRS: RGBColor = RGBColor(0x9a, 0xa5, 0xb1);

/// A plot that was written.
pub(super) struct Plot {
    pub(super) file: String,
    /// For who does not see it.
    pub(super) says: String,
}

/// What is plotted of a scenario: the figure, what it is divided by, its name and unit, and a file's ending.
fn figures(scenario: Scenario) -> &'static [(Metric, f64, &'static str, &'static str)] {
    match scenario {
        Scenario::Steady => &[
            (Metric::HearP99, 1.0, "from send to hear, p99, ms", "hear"),
            (Metric::AnswerP99, 1.0, "acknowledgement, p99, ms", "ack"),
        ],
        Scenario::Idle | Scenario::IdleTls => &[(
            Metric::EachOfMost,
            1024.0,
            "memory of a socket, KiB",
            "memory",
        )],
        Scenario::Storm => &[(
            Metric::CaughtUp,
            1.0,
            "until all are caught up, ms",
            "caught-up",
        )],
        Scenario::Start => &[(Metric::StartEmpty, 1.0, "first 200, ms", "start")],
        Scenario::Photos => &[
            (
                Metric::TripP99,
                1.0,
                "round trip when idle, p99, ms",
                "idle",
            ),
            (
                Metric::BusyTripP99,
                1.0,
                "round trip while pictures are made, p99, ms",
                "busy",
            ),
        ],
        Scenario::Pages => &[(Metric::Requests, 1.0, "pages a second", "pages")],
        _ => &[
            (
                Metric::Delivered,
                1.0,
                "messages delivered a second",
                "delivered",
            ),
            (Metric::HearP99, 1.0, "from send to hear, p99, ms", "hear"),
        ],
    }
}

/// Writes the plots of a scenario into `folder`.
pub(super) fn of(book: &Book, scenario: Scenario, folder: &Path) -> Result<Vec<Plot>> {
    let mut plots = Vec::new();
    for (metric, unit, what, ending) in figures(scenario) {
        let bars: Vec<Bar> = book
            .contenders(scenario)
            .into_iter()
            .filter_map(|who| {
                let found = book.spread(scenario, who, *metric)?;
                let name = match who.durability() {
                    "no store" => who.name().to_owned(),
                    durability => format!("{} ({durability})", who.name()),
                };
                Some(Bar {
                    name,
                    ours: who == crate::contenders::Contender::Parlor,
                    value: Spread {
                        median: found.median / unit,
                        least: found.least / unit,
                        most: found.most / unit,
                    },
                })
            })
            .collect();
        if bars.is_empty() {
            continue;
        }
        let plot = Plot {
            file: format!("{}-{ending}.svg", scenario.slug()),
            says: format!("{}: {what}", scenario.slug()),
        };
        // Plotters' errors borrow their drawing.
        draw(&folder.join(&plot.file), &plot.says, &bars)
            .map_err(|error| anyhow!("a plot cannot be drawn: {error}"))?;
        plots.push(plot);
    }
    Ok(plots)
}

struct Bar {
    name: String,
    ours: bool,
    value: Spread,
}

/// Bars from the left, the first on top; a line across each from the least to the most.
fn draw(path: &Path, caption: &str, bars: &[Bar]) -> Result<(), Box<dyn std::error::Error>> {
    let count = u32::try_from(bars.len())?;
    let root = SVGBackend::new(path, (WIDTH, AROUND + count * BAR)).into_drawing_area();
    root.fill(&WHITE)?;
    let most = bars.iter().map(|bar| bar.value.most).fold(0.0, f64::max);
    let rows = i32::try_from(bars.len())?;
    let mut chart = ChartBuilder::on(&root)
        .caption(caption, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(34)
        .y_label_area_size(NAMES)
        .build_cartesian_2d(
            0.0..(most * 1.05).max(f64::MIN_POSITIVE),
            (0..rows - 1).into_segmented(),
        )?;
    let name = |place: &SegmentValue<i32>| match place {
        SegmentValue::CenterOf(row) => usize::try_from(rows - 1 - row)
            .ok()
            .and_then(|row| bars.get(row))
            .map_or_else(String::new, |bar| bar.name.clone()),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(bars.len() + 1)
        .y_label_formatter(&name)
        .x_label_formatter(&|value| short(*value))
        .label_style(("sans-serif", 12))
        .draw()?;
    for (row, bar) in (0..rows).rev().zip(bars) {
        let colour = if bar.ours { OURS } else { THEIRS };
        let corners = [
            (0.0, SegmentValue::Exact(row)),
            (bar.value.median, SegmentValue::Exact(row + 1)),
        ];
        let mut body = Rectangle::new(corners, colour.filled());
        body.set_margin(6, 6, 0, 0);
        chart.draw_series([body])?;
        let ends = [bar.value.least, bar.value.most].map(|end| (end, SegmentValue::CenterOf(row)));
        chart.draw_series([PathElement::new(ends.to_vec(), BLACK.stroke_width(1))])?;
    }
    root.present()?;
    Ok(())
}

/// A number as an axis shows it.
fn short(value: f64) -> String {
    match value {
        value if value >= 1_000_000.0 => format!("{:.1} M", value / 1_000_000.0),
        value if value >= 10_000.0 => format!("{:.0} k", value / 1_000.0),
        value if value >= 10.0 => format!("{value:.0}"),
        value => format!("{value:.2}"),
    }
}
