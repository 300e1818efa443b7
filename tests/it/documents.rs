//! Documents that name tests as what shows their word: each test is there, and runs.

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of the tables' rows, without those of their heads.
fn rows(document: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = document.lines().filter(|line| line.starts_with("| "));
    let rows = lines.map(|line| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(str::trim).collect::<Vec<_>>()
    });
    rows.filter(|cells| cells[0].starts_with(|c: char| c.is_ascii_digit()))
}

/// Holds that the tests in this cell, as `file`: name, are there and are not skipped.
fn check_tests(row: &str, cell: &str) {
    for test in cell.split("; `") {
        let (file, name) = test.split_once("`: ").expect(test);
        let file = file.trim_start_matches('`');
        let source = read(file);
        let rust = Path::new(file).extension().is_some_and(|kind| kind == "rs");
        let written = if rust {
            format!("fn {name}(")
        } else {
            name.to_owned()
        };
        let at = source.find(&written);
        let at = at.unwrap_or_else(|| panic!("row {row}: {file}: {name} is not there"));
        // What stands on its line, and the attributes of a function above it.
        let before = &source[..at];
        let head = before.rsplit_once("\n\n").map_or(before, |(_, head)| head);
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        let runs = if rust {
            (head.contains("#[tokio::test") || head.contains("#[test]"))
                && !head.contains("#[ignore")
        } else {
            !line.contains(".skip(") && !line.contains(".todo(")
        };
        assert!(runs, "row {row}: {file}: {name} does not run");
    }
}

#[test]
fn every_gap_of_the_engine_has_tests_that_run() {
    let document = read("docs/protocol.md");
    let mut numbers = BTreeSet::new();
    for cells in rows(&document) {
        let (Ok(number), Some(tests)) = (cells[0].parse::<u32>(), cells.get(3)) else {
            continue;
        };
        numbers.insert(number);
        check_tests(cells[0], tests);
    }
    assert_eq!(numbers, (1..=16).collect::<BTreeSet<u32>>());
}

/// The requirements of levels 1 and 2 of OWASP ASVS 5.0 by section. Those of level 3 are the gaps.
const REQUIREMENTS: &[(&str, &[u32])] = &[
    ("1.1", &[1, 2]),
    ("1.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("1.3", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("1.4", &[1, 2, 3]),
    ("1.5", &[1, 2]),
    ("2.1", &[1, 2, 3]),
    ("2.2", &[1, 2, 3]),
    ("2.3", &[1, 2, 3, 4]),
    ("2.4", &[1]),
    ("3.2", &[1, 2]),
    ("3.3", &[1, 2, 3, 4]),
    ("3.4", &[1, 2, 3, 4, 5, 6]),
    ("3.5", &[1, 2, 3, 4, 5]),
    ("3.7", &[1, 2]),
    ("4.1", &[1, 2, 3]),
    ("4.2", &[1]),
    ("4.3", &[1, 2]),
    ("4.4", &[1, 2, 3, 4]),
    ("5.1", &[1]),
    ("5.2", &[1, 2, 3]),
    ("5.3", &[1, 2]),
    ("5.4", &[1, 2, 3]),
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4]),
    ("6.4", &[1, 2, 3, 4]),
    ("6.5", &[1, 2, 3, 4, 5]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("8.1", &[1, 2]),
    ("8.2", &[1, 2, 3]),
    ("8.3", &[1]),
    ("8.4", &[1]),
    ("9.1", &[1, 2, 3]),
    ("9.2", &[1, 2, 3, 4]),
    ("10.1", &[1, 2]),
    ("10.2", &[1, 2]),
    ("10.3", &[1, 2, 3, 4]),
    ("10.4", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("10.5", &[1, 2, 3, 4, 5]),
    ("10.6", &[1, 2]),
    ("10.7", &[1, 2, 3]),
    ("11.1", &[1, 2]),
    ("11.2", &[1, 2, 3]),
    ("11.3", &[1, 2, 3]),
    ("11.4", &[1, 2, 3, 4]),
    ("11.5", &[1]),
    ("11.6", &[1]),
    ("12.1", &[1, 2, 3]),
    ("12.2", &[1, 2]),
    ("12.3", &[1, 2, 3, 4]),
    ("13.1", &[1]),
    ("13.2", &[1, 2, 3, 4, 5]),
    ("13.3", &[1, 2]),
    ("13.4", &[1, 2, 3, 4, 5]),
    ("14.1", &[1, 2]),
    ("14.2", &[1, 2, 3, 4]),
    ("14.3", &[1, 2, 3]),
    ("15.1", &[1, 2, 3]),
    ("15.2", &[1, 2, 3]),
    ("15.3", &[1, 2, 3, 4, 5, 6, 7]),
    ("16.1", &[1]),
    ("16.2", &[1, 2, 3, 4, 5]),
    ("16.3", &[1, 2, 3, 4]),
    ("16.4", &[1, 2, 3]),
    ("16.5", &[1, 2, 3]),
    ("17.1", &[1]),
    ("17.2", &[1, 2, 3, 4]),
    ("17.3", &[1, 2]),
];

#[test]
fn every_security_requirement_is_answered_by_tests_that_run() {
    let all = REQUIREMENTS.iter().flat_map(|(section, numbers)| {
        numbers
            .iter()
            .map(move |number| format!("{section}.{number}"))
    });
    let all: Vec<String> = all.collect();
    let place = |id: &str| {
        let place = all.iter().position(|known| known == id);
        place.unwrap_or_else(|| panic!("{id} is no requirement of levels 1 and 2"))
    };
    let document = read("docs/security.md");
    let mut answered = Vec::new();
    let mut counts = [0; 4];
    let states = ["met", "partly", "open", "does not apply"];
    for cells in rows(&document) {
        let [ids, state, answer, tests] = cells[..] else {
            panic!("{cells:?} has not four cells");
        };
        let (first, last) = ids.split_once(" to ").unwrap_or((ids, ids));
        let ids = &all[place(first)..=place(last)];
        answered.extend_from_slice(ids);
        let state = states.iter().position(|known| *known == state);
        counts[state.unwrap_or_else(|| panic!("{ids:?} has no state"))] += ids.len();
        assert!(!answer.is_empty(), "{ids:?} has no answer");
        if tests != "-" {
            check_tests(first, tests);
        }
    }
    assert_eq!(answered, all);
    let [met, partly, open, not] = counts;
    let total = all.len();
    let summary = format!(
        "Of {total} requirements: {met} met, {partly} partly, {open} open, {not} do not apply."
    );
    assert!(document.contains(&summary), "write: {summary}");
}
