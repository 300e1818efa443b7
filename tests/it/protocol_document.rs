//! The table of what socketioxide leaves open: each row names tests, and they are there.

use std::{collections::BTreeSet, fs, path::Path};

/// Rows of the table: number, and its tests as `file` and name.
fn rows(document: &str) -> Vec<(u32, Vec<(String, String)>)> {
    let lines = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let number = cells.first()?.trim().parse().ok()?;
        let tests = cells.get(3)?.trim().split("; `").map(|test| {
            let (file, name) = test.split_once("`: ").expect(test);
            (file.trim_start_matches('`').to_owned(), name.to_owned())
        });
        Some((number, tests.collect()))
    });
    lines.collect()
}

#[test]
fn every_row_has_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/protocol.md")).unwrap();
    let rows = rows(&document);
    let numbers: BTreeSet<u32> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=15).collect::<BTreeSet<u32>>());
    for (number, tests) in rows {
        for (file, name) in tests {
            let source = fs::read_to_string(root.join(&file));
            let source = source.unwrap_or_else(|error| panic!("row {number}: {file}: {error}"));
            let written = if Path::new(&file)
                .extension()
                .is_some_and(|kind| kind == "rs")
            {
                format!("fn {name}(")
            } else {
                name.clone()
            };
            assert!(source.contains(&written), "row {number}: {file}: {name}");
        }
    }
}
