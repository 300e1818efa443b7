//! Accounts and rooms as the command line shows them.

use crate::app::{SiteRoom, SiteUser, kept};

pub(super) const USER_HEAD: [&str; 5] = ["NAME", "EMAIL", "STATE", "MADE", "LAST SEEN"];
pub(super) const ROOM_HEAD: [&str; 5] = ["CODE", "NAME", "KIND", "PEOPLE", "MADE"];

pub(super) fn user_row(user: &SiteUser) -> [String; 5] {
    [
        user.name.clone(),
        or_dash(&user.email),
        or_dash(&user.state()),
        minute(&user.created_at),
        user.seen_at
            .as_deref()
            .map_or_else(|| "-".to_owned(), minute),
    ]
}

pub(super) fn user_details(user: &SiteUser) -> Vec<(&'static str, String)> {
    let [name, email, state, made, seen] = user_row(user);
    let mut found = vec![
        ("Name", name),
        ("E-mail", email),
        ("State", state),
        ("Made", made),
        ("Last seen", seen),
    ];
    if let Some(at) = &user.disabled_at {
        found.push(("Disabled", minute(at)));
    }
    found
}

pub(super) fn room_row(room: &SiteRoom) -> [String; 5] {
    [
        room.room.clone(),
        or_dash(&room.name),
        format!(
            "{}{}",
            room.kind.as_str(),
            if room.archived { ", archived" } else { "" }
        ),
        room.members.to_string(),
        minute(&room.created_at),
    ]
}

pub(super) fn room_details(room: &SiteRoom) -> Vec<(&'static str, String)> {
    let [code, name, kind, people, made] = room_row(room);
    vec![
        ("Code", code),
        ("Name", name),
        ("Topic", or_dash(&room.topic)),
        ("Kind", kind),
        ("People", people),
        ("Messages", kept(room.retention_days)),
        ("Made", made),
    ]
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-" } else { text }.to_owned()
}

/// A time to the minute, in UTC, for people.
pub(super) fn minute(time: &str) -> String {
    time.chars().take(16).collect::<String>().replace('T', " ")
}
