//! Exports as they come: packed again, with lines that are not what they should be, with members whom nobody knows.

use serde_json::json;

use super::export::{Export, whole};
use super::{count, import, messages_of, room_of, stopped};

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_was_packed_again_in_a_folder_is_read() {
    let (at, _) = stopped().await;
    let mut export = whole();
    for (name, _) in &mut export.0 {
        *name = format!("My team export/{name}");
    }
    let said = import(at.folder(), &export.write(at.folder()), &[]).well();
    assert_eq!(
        (count(&said, "messages"), count(&said, "files kept here")),
        (11, 2),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_are_wrong_are_told_and_left_out() {
    let (at, owner) = stopped().await;
    let strange = json!([
        { "user": "U1", "text": "no time" },
        { "user": "U1", "ts": "soon", "text": "no such time" },
        { "ts": "1578128400.000100", "text": "nobody" },
        { "user": "U1", "ts": "1578128401.000100", "text": "good" },
        { "user": "U1", "ts": 5, "text": "a number" },
        "a string",
        { "user": "U1", "ts": "1578128402.000100", "text": "x".repeat(40_001) },
        { "user": "U1", "ts": "9999999999.000100", "text": "from the future" },
        { "user": "U1", "ts": "1578128403.000100", "text": "a\u{0}b" },
    ]);
    let export = whole()
        .with("general/2020-01-04.json", &strange)
        .with("attic/2020-01-04.json", &json!([]));
    let said = import(at.folder(), &export.write(at.folder()), &[]).well();
    for warning in [
        "general/2020-01-04.json, entry 1: missing field `ts`: it is left out",
        "\"soon\" is no time",
        "nobody wrote 1578128400.000100",
        "general/2020-01-04.json, entry 5: invalid type",
        "general/2020-01-04.json, entry 6: invalid type",
        "1578128402.000100 is very long: its end is cut",
        "attic is the folder of no channel",
    ] {
        assert!(said.contains(warning), "{warning}: {said}");
    }
    let server = at.start().await;
    let messages = messages_of(&owner, &room_of(&owner, "general").await).await;
    let [good, long, nul, future] = &messages[8..] else {
        panic!("{messages:?}")
    };
    assert_eq!(good["text"], "good");
    assert_eq!(long["text"].as_str().unwrap().chars().count(), 40_001);
    assert_eq!(nul["text"], "ab");
    assert!(future["created_at"].as_str().unwrap() < "2286", "{future}");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_cannot_be_names_here_become_ones() {
    let (at, owner) = stopped().await;
    let users = json!([
        { "id": "U1", "name": "olga", "profile": { "display_name": "Olga" } },
        { "id": "U2", "name": "x", "profile": { "display_name": "🙂" } },
        { "id": "U3", "name": "olga2", "profile": { "display_name": "olga" } },
        { "id": "U4", "name": "", "profile": { "display_name": "guest-1", "real_name": "A very long name that goes on and on and on" } },
    ]);
    let said = (1..=4).map(|number| json!({ "user": format!("U{number}"), "ts": format!("157812840{number}.0"), "text": "hi" }));
    let export = Export::default()
        .with("users.json", &users)
        .with(
            "channels.json",
            &json!([{ "id": "C1", "name": "r", "members": ["U1", "U2", "U3", "U4", "U9"] }]),
        )
        .with("r/2020-01-04.json", &json!(said.collect::<Vec<_>>()));
    import(at.folder(), &export.write(at.folder()), &[]).well();
    let server = at.start().await;
    let messages = messages_of(&owner, &room_of(&owner, "r").await).await;
    let names: Vec<_> = messages
        .iter()
        .map(|message| message["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Olga-2",
            "slack-u2",
            "olga-3",
            "A.very.long.name.that.goes.on.an"
        ]
    );
    drop(server);
}
