//! What was measured, as a page for people: `docs/benchmarks.md` and its plots.

mod plots;
mod tables;

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Result;

use crate::{
    figures::{Book, Spread},
    goals::{self, Bound},
    others::Other,
    scenarios::{Effort, Scenario},
};

/// What is said before the tables.
pub(crate) struct Preface {
    /// The command that was given.
    pub(crate) command: String,
    /// The machine and the versions.
    pub(crate) machine: Vec<(&'static str, String)>,
    /// What was left out, and why.
    pub(crate) remarks: Vec<String>,
}

/// Writes the report to `page`, and its plots into a folder beside it that is named as the page is.
///
/// # Errors
/// What cannot be written.
pub(crate) fn write(
    page: &Path,
    preface: &Preface,
    book: &Book,
    others: &[Other],
    misses: Option<&str>,
    effort: &Effort,
) -> Result<()> {
    let plots = page.with_extension("");
    fs::create_dir_all(&plots)?;
    let folder = plots.file_name().unwrap_or_default().to_string_lossy();
    let mut text = opening(preface, effort)?;
    for scenario in Scenario::ALL {
        if book.holds(scenario) {
            write!(
                text,
                "## {}\n\n{}",
                scenario.title(),
                tables::of(book, scenario)
            )?;
            for plot in plots::of(book, scenario, &plots)? {
                write!(text, "\n![{}]({folder}/{})\n", plot.says, plot.file)?;
            }
            text.push('\n');
        }
    }
    for Other {
        name,
        text: printed,
        ..
    } in others
    {
        write!(
            text,
            "## What `benches/parts/src/bin/{name}.rs` printed\n\n```text\n{printed}\n```\n\n"
        )?;
    }
    write!(text, "## Goals\n\n{}", goals_table(book, others))?;
    if let Some(misses) = misses {
        write!(text, "\n{misses}")?;
    }
    fs::write(page, text)?;
    Ok(())
}

fn opening(preface: &Preface, effort: &Effort) -> Result<String> {
    let mut text = String::from(
        "# Benchmarks\n\nWritten by `make bench`; do not edit it by hand. Parlor and its peers run one after the other on the same\n\
         machine, each pinned to one core, with the load generator pinned to another one. The peers are in `benches/peers`\n\
         and `benches/load/src/bin`: each the same small chat, with its messages in an SQLite database of its own. They keep\n\
         neither accounts nor members, render nothing and check nothing, and Parlor does.\n\n",
    );
    writeln!(
        text,
        "`{}`: {} rounds, in each of which every contender runs once; {} s to warm up, then {} s measured. Figures are\n\
         medians of the rounds, with the least and the most in parentheses. *Durable* is SQLite's `synchronous`: with\n\
         `NORMAL`, what was acknowledged may be lost with the power; with `FULL`, it may not.\n",
        preface.command,
        effort.rounds,
        effort.warm_up.as_secs_f64(),
        effort.measured.as_secs_f64(),
    )?;
    text.push_str("| | |\n| --- | --- |\n");
    for (name, value) in &preface.machine {
        writeln!(text, "| {name} | {value} |")?;
    }
    text.push('\n');
    for remark in &preface.remarks {
        writeln!(text, "- {remark}")?;
    }
    if !preface.remarks.is_empty() {
        text.push('\n');
    }
    Ok(text)
}

/// The table of goals, on which a run ends.
pub(crate) fn goals_table(book: &Book, others: &[Other]) -> String {
    let mut rows = vec![["scenario", "what", "goal", "measured", "met"].map(str::to_owned)];
    rows.extend(goals::all(book).iter().map(|goal| {
        let bound = match goal.bound {
            Bound::AtLeast(bound) => format!("≥ {bound} ×"),
            Bound::AtMost(bound) => format!("≤ {bound} ×"),
        };
        [
            goal.scenario.slug().to_owned(),
            goal.text.to_owned(),
            bound,
            spread(goal.ratio, 2),
            said(goal.is_met()).to_owned(),
        ]
    }));
    rows.extend(others.iter().flat_map(|other| &other.goals).map(|goal| {
        [
            goal.scenario.clone(),
            goal.what.clone(),
            format!("≤ {} ×", goal.at_most),
            format!("{:.2}", goal.measured),
            said(Some(goal.measured <= goal.at_most)).to_owned(),
        ]
    }));
    tables::markdown(&rows)
}

/// Whether a goal is met, in a word.
fn said(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "not measured",
    }
}

/// A median and its spread.
fn spread(spread: Option<Spread>, digits: usize) -> String {
    let Some(Spread {
        median,
        least,
        most,
    }) = spread
    else {
        return "—".to_owned();
    };
    if least.to_bits() == most.to_bits() {
        return format!("{median:.digits$}");
    }
    format!("{median:.digits$} ({least:.digits$}–{most:.digits$})")
}
