//! What Slack writes, as Parlor keeps it: times, texts, emoji.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use serde_json::{Value, value::RawValue};

use super::export::{Message, Reaction};
use crate::{
    model::{Emoji, Timestamp},
    service::{
        imports::text::{self, LATEST},
        slack,
    },
};

/// When it was: Slack's times are seconds with six decimals.
pub(super) fn time(ts: &str) -> Option<Timestamp> {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(seconds) || !digits(micros) {
        return None;
    }
    let millis: i64 = format!("{micros:0<3}").get(..3)?.parse().ok()?;
    let seconds: i64 = seconds.parse().ok()?;
    let at = seconds.checked_mul(1000)?.checked_add(millis)?;
    (at <= LATEST).then_some(Timestamp(at))
}

/// What is said, and who is named in it.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) text: String,
    /// The ids of the people who are named.
    pub(super) named: BTreeSet<String>,
    /// Whether it was cut.
    pub(super) cut: bool,
}

/// The text of a message as Markdown.
pub(super) fn said(
    message: &Message,
    people: &dyn Fn(&str) -> Option<String>,
    channels: &HashMap<String, String>,
) -> Said {
    let met = RefCell::new(BTreeSet::new());
    let names = |id: &str| {
        let person = people(id);
        if person.is_some() {
            met.borrow_mut().insert(id.to_owned());
        }
        person.or_else(|| channels.get(id).cloned())
    };
    let blocks = values(message.blocks.as_deref().filter(|_| !has_text(message)));
    let mut attachments = values(message.attachments.as_deref());
    // What Slack shows of a linked page is none of what was said; a message that was shared is.
    attachments.retain(|shown| shown["from_url"].is_null() || shown["is_share"] == true);
    let said = slack::message(message.text.as_deref(), &blocks, &attachments, &names);
    let mut text = text::plain(&said);
    if message.subtype.as_deref() == Some("me_message") && !text.is_empty() {
        text = format!("_{text}_");
    }
    let cut = text::cut(&mut text);
    Said {
        text,
        named: met.into_inner(),
        cut,
    }
}

fn has_text(message: &Message) -> bool {
    let text = message.text.as_deref().unwrap_or_default();
    !text.trim().is_empty()
}

fn values(raw: Option<&RawValue>) -> Vec<Value> {
    let parsed = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
    parsed.unwrap_or_default()
}

/// The emoji under a message and the ids of who chose them, and how many are known to nobody but that workspace. Skin
/// tones count as the plain emoji, as `react` counts them once a person.
pub(super) fn reactions(found: &[Reaction]) -> (Vec<(Emoji, Vec<String>)>, usize) {
    let mut known: Vec<(Emoji, Vec<String>)> = Vec::new();
    let mut unknown = 0;
    for Reaction { name, users } in found {
        let plain = name.split("::").next().unwrap_or_default();
        let emoji =
            emojis::get_by_shortcode(plain).and_then(|emoji| Emoji::parse(emoji.as_str()).ok());
        let Some(emoji) = emoji else {
            unknown += 1;
            continue;
        };
        let full = known.len() >= Emoji::KINDS;
        match known.iter_mut().find(|(other, _)| *other == emoji) {
            Some((_, people)) => people.extend(users.iter().cloned()),
            None if full => unknown += 1,
            None => known.push((emoji, users.clone())),
        }
    }
    (known, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_seconds_with_decimals() {
        for (ts, at) in [
            ("1355517523.000005", Some(1_355_517_523_000)),
            ("1355517523.120900", Some(1_355_517_523_120)),
            ("1355517523", Some(1_355_517_523_000)),
            ("1355517523.5", Some(1_355_517_523_500)),
            ("253402300799.999999", Some(LATEST)),
            ("253402300800.000000", None),
            ("99999999999999999999.0", None),
            ("-1.0", None),
            ("now", None),
            ("1.", None),
            ("", None),
        ] {
            assert_eq!(time(ts), at.map(Timestamp), "{ts}");
        }
    }

    #[test]
    fn emoji_of_the_workspace_are_counted_and_tones_are_one() {
        let reaction = |name: &str, user: &str| Reaction {
            name: name.to_owned(),
            users: vec![user.to_owned()],
        };
        let (known, unknown) = reactions(&[
            reaction("+1", "U1"),
            reaction("thumbsup::skin-tone-3", "U2"),
            reaction("party-parrot", "U1"),
        ]);
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].1, ["U1", "U2"]);
        assert_eq!(unknown, 1);
    }
}
