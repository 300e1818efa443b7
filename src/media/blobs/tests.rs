//! What is put is there, whole, after a restart; nothing leaves the folder.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::{Blobs, DiskBlobs};

const ID: &str = "q7Zk-3_fPz0aB1cD2eF3gH";

fn open(folder: &Path) -> Arc<dyn Blobs> {
    Arc::new(DiskBlobs::new(folder).unwrap())
}

#[test]
fn what_is_put_is_read_back_also_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/uploads");
    let blobs = open(&folder);
    blobs.put(ID, "96.webp", b"small").unwrap();
    blobs.put(ID, "320.webp", b"large").unwrap();
    assert!(folder.join("q7/q7Zk-3_fPz0aB1cD2eF3gH.96.webp").is_file());

    let blobs = open(&folder);
    assert_eq!(blobs.get(ID, "96.webp").unwrap().unwrap(), b"small");
    assert_eq!(blobs.get(ID, "320.webp").unwrap().unwrap(), b"large");
    assert_eq!(blobs.get(ID, "640.webp").unwrap(), None);
    assert_eq!(
        blobs.get("another-id-of-this-kind", "96.webp").unwrap(),
        None
    );
}

#[test]
fn a_second_put_takes_the_place_of_the_first() {
    let home = tempfile::tempdir().unwrap();
    let blobs = open(home.path());
    blobs.put(ID, "a", b"the first content").unwrap();
    blobs.put(ID, "a", b"second").unwrap();
    assert_eq!(blobs.get(ID, "a").unwrap().unwrap(), b"second");
}

#[test]
fn a_delete_takes_every_variant_and_nothing_of_others() {
    let home = tempfile::tempdir().unwrap();
    let blobs = open(home.path());
    let longer = format!("{ID}x");
    blobs.put(ID, "96.webp", b"1").unwrap();
    blobs.put(ID, "320.webp", b"2").unwrap();
    blobs.put(&longer, "96.webp", b"3").unwrap();

    blobs.delete(ID).unwrap();
    assert_eq!(blobs.get(ID, "96.webp").unwrap(), None);
    assert_eq!(blobs.get(ID, "320.webp").unwrap(), None);
    assert_eq!(blobs.get(&longer, "96.webp").unwrap().unwrap(), b"3");

    blobs.delete(ID).unwrap();
    blobs.delete("zz-nothing-was-ever-here").unwrap();
}

#[test]
fn no_id_and_no_variant_leads_out_of_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("uploads");
    fs::write(home.path().join("secret.txt"), "secret").unwrap();
    let blobs = open(&folder);
    let before = listing(home.path());

    let ids = [
        "",
        "short",
        "../../../../../../etc/passwd",
        "..............................",
        "/etc/passwd/and/something/more",
        "ab/../../../secret.txt/aaaaaaa",
        "abcdefgh\\ijklmnopqrst",
        "abcdefghijklmnop\0qrst",
        "abcdefghijklmnop.96",
        "äöüäöüäöüäöüäöüäöü",
        "C:abcdefghijklmnopqrst",
        &"a".repeat(129),
    ];
    for id in ids {
        assert_eq!(blobs.get(id, "a").unwrap(), None, "{id:?}");
        let refused = blobs.put(id, "a", b"x").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{id:?}");
        let refused = blobs.delete(id).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{id:?}");
    }
    let variants = [
        "",
        ".",
        "..",
        "/../../../secret.txt",
        ".webp",
        "A",
        "a b",
        "a\0",
        "-a",
    ];
    for variant in variants.into_iter().chain([&*"a".repeat(33)]) {
        assert_eq!(blobs.get(ID, variant).unwrap(), None, "{variant:?}");
        let refused = blobs.put(ID, variant, b"x").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{variant:?}");
    }
    assert_eq!(listing(home.path()), before);
}

#[test]
fn leftovers_of_interrupted_writes_are_swept_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let blobs = DiskBlobs::new(home.path()).unwrap();
    blobs.put(ID, "96.webp", b"kept").unwrap();
    fs::write(home.path().join("q7/.tmp-q7Zk.96.webp-1-0"), "half").unwrap();
    fs::create_dir(home.path().join("zz")).unwrap();
    fs::write(home.path().join("zz/.tmp-zz.96.webp-1-1"), "").unwrap();
    fs::write(home.path().join("notes.txt"), "not ours").unwrap();

    assert_eq!(blobs.sweep().unwrap(), 2);
    assert_eq!(blobs.sweep().unwrap(), 0);
    assert_eq!(blobs.get(ID, "96.webp").unwrap().unwrap(), b"kept");
    assert_eq!(
        listing(home.path()),
        ["notes.txt", "q7", "q7/q7Zk-3_fPz0aB1cD2eF3gH.96.webp", "zz"]
    );
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let blobs = open(home.path());
    // A folder stands where the file should go, so the rename fails after the write.
    fs::create_dir_all(home.path().join(format!("q7/{ID}.a/in-the-way"))).unwrap();
    blobs.put(ID, "a", b"x").unwrap_err();
    assert_eq!(
        listing(home.path()),
        [
            "q7".to_owned(),
            format!("q7/{ID}.a"),
            format!("q7/{ID}.a/in-the-way")
        ]
    );
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("uploads");
    fs::write(&file, "").unwrap();
    DiskBlobs::new(&file).unwrap_err();
    DiskBlobs::new(file.join("deeper")).unwrap_err();
}

#[test]
fn a_reader_sees_a_whole_file_while_others_write() {
    let home = tempfile::tempdir().unwrap();
    let blobs = open(home.path());
    let contents = [vec![b'a'; 50_000], vec![b'b'; 70_000]];
    blobs.put(ID, "a", &contents[0]).unwrap();
    thread::scope(|scope| {
        for content in &contents {
            let blobs = Arc::clone(&blobs);
            scope.spawn(move || {
                for _ in 0..20 {
                    blobs.put(ID, "a", content).unwrap();
                }
            });
        }
        for _ in 0..200 {
            let seen = blobs.get(ID, "a").unwrap().unwrap();
            assert!(contents.contains(&seen), "{} bytes", seen.len());
        }
    });
    assert_eq!(
        listing(home.path()),
        ["q7".to_owned(), format!("q7/{ID}.a")]
    );
}

/// Every path below `folder`, relative to it, sorted.
fn listing(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            found.push(
                path.strip_prefix(folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_draft_is_there_once_it_is_kept_and_not_before() {
    let home = tempfile::tempdir().unwrap();
    let blobs = open(home.path());
    let mut draft = blobs.draft(ID).unwrap();
    draft.write("file", b"one ").unwrap();
    draft.write("file", b"two").unwrap();
    draft.write("360.jpg", b"small").unwrap();
    assert_eq!(draft.read("file").unwrap(), b"one two");
    assert_eq!(blobs.get(ID, "file").unwrap(), None);
    draft.replace("file", b"three").unwrap();
    draft.write("file", b"!").unwrap();
    draft.synced().unwrap().keep().unwrap();
    assert_eq!(
        listing(home.path()),
        [
            "q7".to_owned(),
            format!("q7/{ID}.360.jpg"),
            format!("q7/{ID}.file")
        ]
    );
    assert_eq!(blobs.get(ID, "file").unwrap().unwrap(), b"three!");
    blobs.delete(ID).unwrap();
    assert_eq!(listing(home.path()), ["q7"]);
}

#[test]
fn a_draft_that_is_given_up_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let blobs = DiskBlobs::new(home.path()).unwrap();
    let mut draft = blobs.draft(ID).unwrap();
    draft.write("file", b"half").unwrap();
    draft.write("360.jpg", b"small").unwrap();
    drop(draft);
    assert_eq!(listing(home.path()), ["q7"]);
    let mut draft = blobs.draft(ID).unwrap();
    draft.write("file", b"half").unwrap();
    // As when the process is killed: nobody drops it.
    std::mem::forget(draft);
    assert_eq!(listing(home.path()).len(), 2);
    assert_eq!(blobs.sweep().unwrap(), 1);
    assert_eq!(listing(home.path()), ["q7"]);
    for variant in ["", "../x", "a/b", "A"] {
        blobs.draft(ID).unwrap().write(variant, b"x").unwrap_err();
    }
    blobs.draft("../escape-from-the-folder").unwrap_err();
}
