//! Files of every kind.

use std::fs;

use super::*;

/// Another program's connection.
#[allow(
    clippy::disallowed_methods,
    reason = "it is the app that opens its own database"
)]
fn writer(path: &Path) -> Connection {
    Connection::open(path).expect("a database")
}

fn file(sql: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a %#?.db");
    let connection = writer(&path);
    connection.execute_batch(sql).expect("tables");
    (folder, path)
}

fn refusal(path: &Path) -> String {
    let read = Tables::open(path).and_then(|tables| tables.list());
    read.expect_err("a refusal").to_string()
}

#[test]
fn ordinary_tables_are_read_in_the_order_of_their_rows() {
    let (folder, path) = file(
        "PRAGMA foreign_keys = 0; CREATE TABLE user (id INTEGER PRIMARY KEY, rowid TEXT, \"a \"\"b\" REFERENCES room (id), c BLOB);
         CREATE TABLE pairs (x, y, PRIMARY KEY (x, y)); CREATE TABLE bare (x PRIMARY KEY) WITHOUT ROWID;
         CREATE VIEW seen AS SELECT 1; CREATE VIRTUAL TABLE words USING fts5 (text);
         INSERT INTO user VALUES (7, 'x', 1.5, x'00'), (3, NULL, 'two', NULL)",
    );
    let before = fs::read(&path).expect("bytes");
    let tables = Tables::open(&path).expect("opens");
    let list = tables.list().expect("tables");
    let names: Vec<_> = list.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["pairs", "user"]);
    let user = &list[1];
    assert!(user.columns[0].key && !list[0].columns[0].key);
    assert_eq!(user.columns[2].references.as_deref(), Some("room"));
    let columns = [Some("a \"b"), None, Some("rowid"), Some("c")];
    let mut found = Vec::new();
    let mut each = |row| {
        found.push(row);
        true
    };
    tables.each(user, &columns, &mut each).expect("rows");
    let (two, nothing) = (Value::Text("two".to_owned()), Value::Nothing);
    let first = vec![two, nothing.clone(), nothing.clone(), nothing.clone()];
    let x = Value::Text("x".to_owned());
    let second = vec![Value::Real(1.5), nothing.clone(), x, nothing];
    assert_eq!(found, [(3, first.clone()), (7, second.clone())]);
    let picked = tables.rows(user, &columns, &[7, 9, 3]).expect("rows");
    assert_eq!(picked, [(7, second), (3, first)]);
    drop(tables);
    assert_eq!(fs::read(&path).expect("bytes"), before);
    assert_eq!(fs::read_dir(folder.path()).expect("files").count(), 1);
}

#[test]
fn a_file_in_wal_mode_is_read_and_nothing_is_made_beside_it() {
    let (folder, path) = file("PRAGMA journal_mode = WAL; CREATE TABLE user (id)");
    let names = || fs::read_dir(folder.path()).expect("files").count();
    assert_eq!(names(), 1, "closing it put all into one file");
    let tables = Tables::open(&path).expect("opens");
    assert_eq!(tables.list().expect("tables").len(), 1);
    drop(tables);
    assert_eq!(names(), 1);
    let writer = writer(&path);
    writer
        .execute_batch("CREATE TABLE later (id)")
        .expect("waits in the log");
    let tables = Tables::open(&path).expect("opens");
    assert_eq!(tables.list().expect("tables").len(), 2);
}

#[test]
fn what_cannot_be_read_is_refused_with_what_to_do() {
    let (folder, path) = file("CREATE TABLE user (id)");
    assert!(refusal(&folder.path().join("none.db")).contains("cannot be opened"));
    assert!(refusal(folder.path()).contains("is no file"));
    let text = folder.path().join("text.db");
    fs::write(&text, "a text that is long enough to be read").expect("written");
    assert!(refusal(&text).contains("no SQLite database"));
    fs::write(&text, "").expect("written");
    assert!(refusal(&text).contains("no SQLite database"));
    let mut broken = fs::read(&path).expect("bytes");
    broken[100..200].fill(0xff);
    fs::write(&text, broken).expect("written");
    assert!(refusal(&text).contains("cannot be read"));
    let writer = writer(&path);
    writer.execute_batch("BEGIN EXCLUSIVE").expect("locks");
    assert!(refusal(&path).contains("in use by another program"));
    writer
        .execute_batch("ROLLBACK; PRAGMA application_id = 0x5061726c")
        .expect("ours");
    assert!(refusal(&path).contains("is the database of a Parlor"));
}

#[test]
fn a_value_is_read_as_text_and_as_yes_or_no() {
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(Value::Number(7).text().as_deref(), Some("7"));
    assert_eq!((text(" ").text(), Value::Nothing.text()), (None, None));
    for (value, holds) in [
        (Value::Number(1), true),
        (Value::Number(0), false),
        (Value::Real(0.0), false),
        (text("2024-05-01"), true),
        (text("False"), false),
        (Value::Nothing, false),
    ] {
        assert_eq!(value.holds(), holds, "{value:?}");
    }
}
