//! Holds the code to ARCHITECTURE.md: what each module may use, which crates live in one place, how long files are.

mod paths;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use paths::Source;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// One row of the table of modules.
#[derive(Debug, Default)]
struct Room {
    may_use: BTreeSet<String>,
    only_here: BTreeSet<String>,
}

type House = BTreeMap<String, Room>;

/// The table under "Rooms of the house": module, what lives there, what it may use, crates that are only there.
fn house(text: &str) -> House {
    let names = |cell: &str| -> BTreeSet<String> {
        let names = cell.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    };
    text.lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix('|'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let [module, _, may_use, only_here] = cells[..] else {
                return None;
            };
            let module = module.trim().trim_end_matches('`').to_owned();
            let mut room = Room {
                may_use: names(may_use),
                only_here: names(only_here),
            };
            if may_use.trim() == "all" {
                room.may_use.insert("all".to_owned());
            }
            Some((module, room))
        })
        .collect()
}

/// What in a source of `module` does not fit the table.
fn breaches(house: &House, module: &str, source: &Source) -> Vec<String> {
    let Some(room) = house.get(module) else {
        return vec![format!("the table has no row for {module}")];
    };
    let foreign = source.ours.iter().filter(|used| {
        let allowed =
            *used == module || room.may_use.contains(*used) || room.may_use.contains("all");
        !allowed && house.contains_key(*used)
    });
    let crates = source.others.iter().filter(|used| {
        let listed = |room: &Room| room.only_here.contains(*used);
        house.values().any(listed) && !listed(room)
    });
    let foreign = foreign.map(|used| format!("{module} may not use {used}"));
    foreign
        .chain(crates.map(|used| format!("{module} is no home of the crate {used}")))
        .collect()
}

/// The files below a folder with one of these extensions, without what is built or fetched.
fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let extension = path.extension().and_then(|found| found.to_str());
            if path.is_dir() && !["dist", "node_modules"].contains(&name) {
                folders.push(path);
            } else if extension.is_some_and(|extension| extensions.contains(&extension)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path of modules of a file below `src`, and its text.
fn module_of(file: &Path) -> (Vec<String>, String) {
    let inner = file.strip_prefix(Path::new(ROOT).join("src")).unwrap();
    let mut path: Vec<String> = inner
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    (path, fs::read_to_string(file).unwrap())
}

#[test]
fn modules_use_only_what_the_architecture_allows() {
    let house = house(&fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap());
    let sources: Vec<(Vec<String>, Source)> = files("src", &["rs"])
        .iter()
        .map(|file| module_of(file))
        .filter(|(path, _)| path[0] != "lib")
        .map(|(path, text)| (path.clone(), Source::read(&path, &text)))
        .collect();
    let for_tests: BTreeSet<_> = sources
        .iter()
        .flat_map(|(_, source)| &source.test_modules)
        .collect();
    let mut found = Vec::new();
    for (path, source) in &sources {
        let tests = (1..=path.len()).any(|end| for_tests.contains(&path[..end].to_vec()));
        if !tests {
            let file = path.join("/");
            let breaches = breaches(&house, &path[0], source);
            found.extend(
                breaches
                    .iter()
                    .map(|breach| format!("src/{file}: {breach}")),
            );
        }
    }
    let modules: BTreeSet<_> = sources.iter().map(|(path, _)| &path[0]).collect();
    let empty = house.keys().filter(|module| !modules.contains(module));
    found.extend(
        empty.map(|module| format!("ARCHITECTURE.md has a row for {module}, which is not there")),
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_walls_hold() {
    let house = house(
        "| module | what | may use | only here |\n| --- | --- | --- | --- |\n\
         | `wire` | what clients see | `model` | `schemars` |\n| `model` | what is | | `tokio_util::task` |\n\
         | `store` | what is kept | `model` | `schemars` |\n| `app` | everything | all | |",
    );
    for (module, text, expected) in [
        (
            "model",
            "use crate::store::Store;",
            Some("model may not use store"),
        ),
        (
            "model",
            "fn f() { crate::{wire::a, model::b}; }",
            Some("model may not use wire"),
        ),
        (
            "wire",
            "use super::{super::store, x};",
            Some("wire may not use store"),
        ),
        ("wire", "use { ::std::fmt, schemars as s };", None),
        (
            "model",
            "#[derive(schemars::JsonSchema)] struct A;",
            Some("model is no home of the crate schemars"),
        ),
        ("store", "use schemars::JsonSchema;", None),
        (
            "wire",
            "use tokio_util::{sync::A, task::B};",
            Some("wire is no home of the crate tokio_util::task"),
        ),
        (
            "wire",
            "use tokio_util::sync::A; let schemars = a.schemars();",
            None,
        ),
        (
            "model",
            "#[cfg(test)] mod tests { use crate::store::Store; }",
            None,
        ),
        (
            "model",
            "#[cfg(test)] use crate::store::Store; use crate::wire::A;",
            Some("model may not use wire"),
        ),
        (
            "model",
            "/// [`crate::store`] and \"crate::store\"\nconst A: &str = \"crate::store\";",
            None,
        ),
        ("app", "use crate::{store, wire};", None),
        ("attic", "", Some("the table has no row for attic")),
    ] {
        let path = [module.to_owned(), "inner".to_owned()];
        let found = breaches(&house, module, &Source::read(&path, text));
        assert_eq!(
            found.first().map(String::as_str),
            expected,
            "{module}: {text}"
        );
    }
}

#[test]
fn files_stay_short_and_nothing_is_left_for_later() {
    let mut found = Vec::new();
    let later = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimplemented", "!("),
    ];
    let kinds = ["rs", "ts", "mjs", "css", "html", "sql"];
    let mut check = |file: &Path, most: usize| {
        let text = fs::read_to_string(file).unwrap();
        if text.starts_with("// Generated by ") {
            return;
        }
        let lines = text.lines().count();
        if lines > most {
            found.push(format!(
                "{} has {lines} lines; at most {most}",
                file.display()
            ));
        }
        found.extend(
            later
                .iter()
                .filter(|word| text.contains(**word))
                .map(|word| format!("{}: {word}", file.display())),
        );
    };
    for file in ["src", "tests", "web", "examples", "benches"]
        .iter()
        .flat_map(|folder| files(folder, &kinds))
    {
        let element = file.components().any(|part| part.as_os_str() == "elements");
        check(&file, if element { 150 } else { 400 });
    }
    check(&Path::new(ROOT).join("ARCHITECTURE.md"), 150);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
