//! Who has read the last thing that I said, in a direct conversation.

use serde::Serialize;

use super::view::SeenView;
use crate::model::{Message, MessageId, UserCard, UserId};

/// How far somebody has read, as the page's script takes it.
#[derive(Debug, Serialize)]
struct Mark<'a> {
    user_id: i64,
    name: &'a str,
    read_id: i64,
}

/// What the page says under its last message, and what its script begins with.
pub(super) fn view(
    marks: &[(UserCard, MessageId)],
    last: Option<&Message>,
    me: UserId,
) -> Option<SeenView> {
    if marks.is_empty() {
        return None;
    }
    let rows: Vec<_> = marks.iter().map(mark).collect();
    let last = last.filter(|last| last.author.id == me);
    let seen: Vec<_> = last.map_or_else(Vec::new, |last| {
        let seen = marks.iter().filter(|(_, read)| *read >= last.id);
        seen.map(|(card, _)| card.name.as_str()).collect()
    });
    Some(SeenView {
        text: words(&seen, marks.len()),
        marks: serde_json::to_string(&rows).expect("numbers and texts are always JSON"),
    })
}

fn mark((card, read): &(UserCard, MessageId)) -> Mark<'_> {
    Mark {
        user_id: card.id.0,
        name: card.name.as_str(),
        read_id: read.0,
    }
}

/// The same words as the script's.
fn words(seen: &[&str], others: usize) -> String {
    match seen.len() {
        0 => String::new(),
        _ if others == 1 => "Seen".to_owned(),
        count if count == others => "Seen by everybody".to_owned(),
        _ => format!("Seen by {}", seen.join(", ")),
    }
}
