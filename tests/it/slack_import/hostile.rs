//! Archives that are not what they seem: each is refused in one line that says what to do, and changes nothing; or what is
//! strange in it leads nowhere.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::export::{Export, whole};
use super::{count, import, stopped};

/// A zip whose entry of this name unpacks to so many MiB of blanks.
fn bomb(folder: &Path, name: &str, mebibytes: usize) {
    let mut zip = ZipWriter::new(File::create(folder.join("export.zip")).unwrap());
    for (name, content) in whole().0.iter().filter(|(found, _)| found != name) {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.start_file(name, SimpleFileOptions::default()).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..mebibytes {
        zip.write_all(&blanks).unwrap();
    }
    zip.finish().unwrap();
}

/// The zip cut after so many of a hundred parts of it.
fn cut(folder: &Path, parts: usize) {
    let path = whole().write(folder);
    let bytes = fs::read(&path).unwrap();
    fs::write(path, &bytes[..bytes.len() * parts / 100]).unwrap();
}

/// The zip with some bytes of its first entry's content changed.
fn damaged(folder: &Path) {
    let path = whole().write(folder);
    let mut bytes = fs::read(&path).unwrap();
    for byte in &mut bytes[60..90] {
        *byte ^= 0x55;
    }
    fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_archive_is_refused_in_one_line_and_changes_nothing() {
    let (at, _) = stopped().await;
    let folder = at.folder();
    let database = fs::read(folder.join("parlor.db")).unwrap();
    let written = |export: Export| drop(export.write(folder));
    let cases: [(&str, &dyn Fn(), &str); 9] = [
        (
            "text",
            &|| fs::write(folder.join("export.zip"), "no zip at all").unwrap(),
            "is no zip file, or only part of one",
        ),
        (
            "cut",
            &|| cut(folder, 60),
            "is no zip file, or only part of one",
        ),
        ("damaged", &|| damaged(folder), "users.json cannot be read"),
        (
            "empty",
            &|| written(Export::default()),
            "There is no users.json in this archive",
        ),
        (
            "no channels",
            &|| written(Export::default().with("users.json", &json!([]))),
            "There is no channels.json in this archive",
        ),
        (
            "cut JSON",
            &|| written(whole().raw("general/2020-01-03.json", b"[\n  {\"ts\": \"1\"},\n  {")),
            "general/2020-01-03.json, line 3, column 3: EOF",
        ),
        (
            "other JSON",
            &|| written(whole().with("channels.json", &json!({ "a": 1 }))),
            "channels.json, line 1, column 0: invalid type: map",
        ),
        (
            "bomb",
            &|| bomb(folder, "general/2020-01-03.json", 65),
            "general/2020-01-03.json unpacks to more than 64 MiB",
        ),
        (
            "folder",
            &|| {
                fs::remove_file(folder.join("export.zip")).unwrap();
                fs::create_dir(folder.join("export.zip")).unwrap();
            },
            "cannot be opened",
        ),
    ];
    for (case, make, expected) in cases {
        make();
        let refused = import(folder, &folder.join("export.zip"), &[]);
        assert_eq!(refused.status, Some(2), "{case}: {refused:?}");
        assert!(
            refused.err.starts_with("parlor: --archive: ") && refused.err.contains(expected),
            "{case}: {refused:?}"
        );
        assert_eq!(refused.err.lines().count(), 1, "{case}: {refused:?}");
        assert!(
            fs::read(folder.join("parlor.db")).unwrap() == database,
            "{case} changed the database"
        );
    }
    let refused = import(folder, &folder.join("none.zip"), &[]);
    assert_eq!(refused.status, Some(2));
    assert!(
        refused.err.contains("none.zip cannot be opened"),
        "{refused:?}"
    );
    let refused = import(folder, &folder.join("none.zip"), &["--files", "nowhere"]);
    assert!(
        refused
            .err
            .starts_with("parlor: --files: nowhere is no folder"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_elsewhere_lead_nowhere() {
    let (at, _) = stopped().await;
    let outside = at.folder().join("outside.txt");
    fs::write(&outside, "not yours").unwrap();
    let files = at.folder().join("files");
    fs::create_dir_all(&files).unwrap();
    let reaching = json!([{ "user": "U1", "ts": "1578128400.000100", "text": "take", "files": [
        { "id": "F9", "name": "../outside.txt" }, { "id": "../outside.txt", "name": "outside.txt" },
        { "id": "F8", "name": "/etc/hostname" } ] }]);
    let export = whole()
        .with("general/2020-01-04.json", &reaching)
        .with("../../escape/2020-01-04.json", &json!([]))
        .with("/absolute/2020-01-04.json", &json!([]))
        .raw("__uploads/../../outside.txt", b"overwritten");
    let archive = export.write(at.folder());
    let said = import(at.folder(), &archive, &["--files", files.to_str().unwrap()]).well();
    assert_eq!(
        count(&said, "files kept here"),
        2,
        "those of the archive alone: {said}"
    );
    assert_eq!(fs::read_to_string(&outside).unwrap(), "not yours");
    assert!(!at.folder().parent().unwrap().join("escape").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_or_damaged_stays_a_link() {
    let (at, _) = stopped().await;
    let export = whole()
        .raw("__uploads/F1/shot.png", b"\x89PNG\r\n\x1a\nbut no picture")
        .raw("__uploads/F2/plan.txt", &vec![b'x'; (25 << 20) + 1]);
    let said = import(at.folder(), &export.write(at.folder()), &[]).well();
    assert_eq!(count(&said, "files kept here"), 1, "{said}");
    assert!(
        said.contains("the file F1 stays a link: This picture is damaged"),
        "{said}"
    );
    assert!(
        said.contains(
            "the file F2 stays a link: __uploads/F2/plan.txt unpacks to more than 25 MiB"
        ),
        "{said}"
    );
}
