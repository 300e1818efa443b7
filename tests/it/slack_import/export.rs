//! Exports of Slack, made here as Slack makes them.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What a zip file is to hold: names and contents.
#[derive(Clone, Default)]
pub(super) struct Export(pub(super) Vec<(String, Vec<u8>)>);

impl Export {
    pub(super) fn with(mut self, name: &str, content: &Value) -> Self {
        let text = serde_json::to_vec_pretty(content).unwrap();
        self.0.retain(|(found, _)| found != name);
        self.0.push((name.to_owned(), text));
        self
    }

    pub(super) fn raw(mut self, name: &str, content: &[u8]) -> Self {
        self.0.retain(|(found, _)| found != name);
        self.0.push((name.to_owned(), content.to_vec()));
        self
    }

    /// Writes it into this folder.
    pub(super) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("export.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for (name, content) in &self.0 {
            zip.start_file(name.as_str(), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    /// One channel of so many people and messages.
    pub(super) fn large(people: usize, messages: usize) -> Self {
        let ids: Vec<_> = (0..people).map(|number| format!("U{number}")).collect();
        let users: Vec<_> = ids
            .iter()
            .map(|id| json!({ "id": id, "name": format!("person{}", &id[1..]) }))
            .collect();
        let said: Vec<_> = (0..messages)
            .map(|number| json!({
                "ts": format!("{}.000100", 1_577_952_000 + number), "user": ids[number % people], "text": format!("number {number}"),
            }))
            .collect();
        Self::default()
            .with("users.json", &json!(users))
            .with(
                "channels.json",
                &json!([{ "id": "C9", "name": "large", "members": ids, "created": 1_577_836_800 }]),
            )
            .with("large/2020-01-02.json", &json!(said))
    }
}

/// An export with everything in it.
pub(super) fn whole() -> Export {
    let users = json!([
        { "id": "U1", "name": "anna", "profile": { "display_name": "anna", "email": "anna@old.example" } },
        { "id": "U2", "name": "ben", "deleted": true, "profile": { "display_name": "ben", "email": "ben@old.example" } },
        { "id": "U3", "name": "carla", "profile": { "display_name": "Carla K", "email": null } },
        { "id": "U4", "name": "dora", "profile": { "display_name": "", "real_name": "" } },
        { "id": "U5", "name": "helper", "is_bot": true, "profile": { "real_name": "helper" } },
    ]);
    let channels = json!([
        { "id": "C1", "name": "general", "created": 1_577_836_800, "creator": "U2", "members": ["U1", "U2", "U3", "U4"],
          "topic": { "value": "All of us,\nwith <@U1>" } },
        { "id": "C2", "name": "old", "created": 1_577_836_800, "creator": "U1", "is_archived": true, "members": [] },
    ]);
    let first = json!([
        { "type": "message", "subtype": "channel_join", "user": "U1", "ts": "1577952000.000100", "text": "<@U1> has joined" },
        // Out of order, as archives may have it.
        { "type": "message", "user": "U3", "ts": "1577955600.000100", "text": "Ideas?", "thread_ts": "1577955600.000100",
          "pinned_to": ["C1"], "reactions": [
            { "name": "+1", "users": ["U1"], "count": 1 }, { "name": "thumbsup::skin-tone-3", "users": ["U3"], "count": 1 },
            { "name": "tada", "users": ["U2"], "count": 1 }, { "name": "party-parrot", "users": ["U1"], "count": 1 } ] },
        { "type": "message", "user": "U1", "ts": "1577952000.123400",
          "text": "*Hello* <@U3>, see <https://example.org|the page> &amp; <#C1|general>",
          "attachments": [{ "from_url": "https://example.org", "title": "Unfurled" }] },
        { "type": "message", "user": "U1", "ts": "1577955700.000100", "text": "One", "thread_ts": "1577955600.000100" },
    ]);
    let second = json!([
        { "type": "message", "user": "U2", "ts": "1578042000.000100", "text": "Two, <!channel>", "thread_ts": "1577955600.000100",
          "edited": { "user": "U2", "ts": "1578043800.000000" } },
        { "type": "message", "user": "U1", "ts": "1578042100.000100", "text": "Files", "files": [
            { "id": "F1", "name": "shot.png" }, { "id": "F2", "name": "plan.txt" },
            { "id": "F3", "name": "lost.pdf", "url_private": "https://files.slack.com/lost.pdf?t=xoxe-secret" } ] },
        { "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "deploys", "ts": "1578042200.000100", "text": "Deployed" },
        { "type": "message", "subtype": "tombstone", "user": "U3", "ts": "1578042300.000100", "text": "This message was deleted.",
          "thread_ts": "1578042300.000100" },
        { "type": "message", "user": "U1", "ts": "1578042400.000100", "text": "Still here", "thread_ts": "1578042300.000100" },
    ]);
    let say = |user: &str, text: &str| json!([{ "type": "message", "user": user, "ts": "1578042000.000100", "text": text }]);
    Export::default()
        .with("users.json", &users)
        .with("channels.json", &channels)
        .with(
            "groups.json",
            &json!([{ "id": "G1", "name": "secret", "creator": "U1", "members": ["U1", "U3"] }]),
        )
        .with(
            "dms.json",
            &json!([{ "id": "D1", "members": ["U1", "U3"] }]),
        )
        .with("general/2020-01-02.json", &first)
        .with("general/2020-01-03.json", &second)
        .with(
            "old/2020-01-03.json",
            &json!([{ "user": "U1", "ts": "1578042000.000100", "text": "", "files": [{ "id": "F4", "name": "end.txt" }] }]),
        )
        .raw("__uploads/F4/end.txt", b"the end")
        .with("secret/2020-01-03.json", &say("U3", "hush"))
        .with("D1/2020-01-03.json", &say("U3", "just us"))
        .raw("__uploads/F1/shot.png", &super::picture())
}
