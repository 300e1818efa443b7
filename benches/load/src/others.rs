//! Benches that measure Parlor's parts inside their own process, as `benches/parts/src/bin/search.rs` does: what they print is taken
//! into the report, and their goals into its table.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// What begins a line with a goal: `goal: SCENARIO: WHAT: at most BOUND: MEASURED`.
const GOAL: &str = "goal: ";

/// What one of them printed.
#[derive(Debug)]
pub(crate) struct Other {
    /// Its name: the file's.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) goals: Vec<OtherGoal>,
}

/// A goal of theirs.
#[derive(Debug, PartialEq)]
pub(crate) struct OtherGoal {
    pub(crate) scenario: String,
    pub(crate) what: String,
    pub(crate) at_most: f64,
    pub(crate) measured: f64,
}

/// Reads what a bench printed.
///
/// # Errors
/// When the file is missing or a goal in it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Other> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} is missing", path.display()))?;
    let (goals, text): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with(GOAL));
    let goals = goals.into_iter().map(|line| {
        goal(line).with_context(|| format!("{} holds no such goal: {line}", path.display()))
    });
    Ok(Other {
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        goals: goals.collect::<Result<_>>()?,
        text: text.join("\n"),
    })
}

fn goal(line: &str) -> Option<OtherGoal> {
    let parts: Vec<&str> = line.strip_prefix(GOAL)?.split(": ").collect();
    let [scenario, what, bound, measured] = parts[..] else {
        return None;
    };
    Some(OtherGoal {
        scenario: scenario.to_owned(),
        what: what.to_owned(),
        at_most: bound.strip_prefix("at most ")?.parse().ok()?,
        measured: measured.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_read_from_its_line() {
        let found = goal("goal: search: the median, of the bare query's: at most 1.5: 1.32");
        let expected = OtherGoal {
            scenario: "search".to_owned(),
            what: "the median, of the bare query's".to_owned(),
            at_most: 1.5,
            measured: 1.32,
        };
        assert_eq!(found, Some(expected));
        assert_eq!(goal("goal: met by all"), None);
    }
}
