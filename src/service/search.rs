//! Looking for what was said: what a query means, and what it finds in the caller's own rooms.

mod excerpt;
mod marks;

use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

use super::{
    Caller, Command, Context, Reply,
    permissions::Action,
    render,
    rooms::{self, page_size, standing},
};
use crate::{
    error::{Code, Error, Result},
    model::{self, Phrase, RoomId, Search, SearchHit, SearchPlace, Timestamp, UserId, UserName},
    wire::{
        Message,
        events::{Hit, SearchAck, SearchMessages},
    },
};

/// The most characters of a query.
const QUERY: usize = 500;

/// The most phrases of a query; what stands after them is not looked for.
const PHRASES: usize = 20;

/// What was found, and where to go on.
#[derive(Debug)]
pub struct Found {
    /// The messages, the newest first.
    pub hits: Vec<SearchHit>,
    /// The words that were looked for.
    pub phrases: Vec<Phrase>,
    /// For the next part, where there may be more.
    pub cursor: Option<SearchPlace>,
    /// That what a filter names is not there, as a sentence.
    pub missing: Option<String>,
}

/// A query, taken apart. Filters are of the person who typed it: what is no filter is words.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    phrases: Vec<Phrase>,
    from: Option<String>,
    room: Option<String>,
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    files: bool,
}

/// What a filter leaves.
enum Only<T> {
    /// It was not asked for.
    All,
    /// What is of this.
    Of(T),
    /// What it names is not there.
    Nothing,
}

impl<T> Only<T> {
    /// What a name was found to be.
    fn found(found: Option<T>) -> Self {
        found.map_or(Self::Nothing, Self::Of)
    }
}

/// Finds messages.
///
/// # Errors
/// `invalid` (also for a query without anything to look for), `too_long`; `not_found` of the field `room`.
pub async fn search(ctx: &Context, caller: &Caller, query: &SearchMessages) -> Result<Found> {
    let limit = page_size(query.limit)?;
    if query.query.chars().count() > QUERY {
        let message = format!("A search has at most {QUERY} characters. Shorten it.");
        return Err(Error::new(Code::TooLong, message).field("query"));
    }
    let asked = Asked::read(&query.query)?;
    let empty = asked == Asked::default() && query.room.is_none() && query.from.is_none();
    if empty {
        return Err(Error::invalid("query", "Write what to look for."));
    }
    let since = time(query.since.as_deref(), "since")?.or(asked.after);
    let until = time(query.until.as_deref(), "until")?.or(asked.before);
    let before = cursor(query.cursor.as_deref())?;
    let room = room(ctx, caller, query, &asked).await?;
    let author = author(ctx, query.from.as_deref().or(asked.from.as_deref())).await?;
    if matches!(room, Only::Nothing) || matches!(author, Only::Nothing) {
        return Ok(Found {
            hits: Vec::new(),
            phrases: Vec::new(),
            cursor: None,
            missing: Some(asked.missing(matches!(room, Only::Nothing))),
        });
    }
    let search = Search {
        user: caller.id(),
        phrases: asked.phrases.clone(),
        room: room.into(),
        author: author.into(),
        files: asked.files,
        since: since.unwrap_or(Timestamp(i64::MIN)),
        until: until.unwrap_or(Timestamp(i64::MAX)),
        before,
        limit,
    };
    let hits = ctx.store.search(search).await?;
    let full = hits.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let cursor = hits.last().filter(|_| full).map(SearchHit::place);
    Ok(Found {
        hits,
        phrases: asked.phrases,
        cursor,
        missing: None,
    })
}

impl<T> From<Only<T>> for Option<T> {
    fn from(only: Only<T>) -> Self {
        match only {
            Only::Of(one) => Some(one),
            Only::All | Only::Nothing => None,
        }
    }
}

/// The room to look in: by its code, or by what it is called among the caller's rooms.
async fn room(
    ctx: &Context,
    caller: &Caller,
    query: &SearchMessages,
    asked: &Asked,
) -> Result<Only<RoomId>> {
    if let Some(code) = query.room.as_deref() {
        let standing = standing(ctx, caller, code, Action::Read).await?;
        return Ok(Only::Of(standing.room.id));
    }
    let Some(name) = asked.room.as_deref() else {
        return Ok(Only::All);
    };
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let mine = rooms::mine(ctx, caller).await?;
    let found = mine
        .iter()
        .find(|state| state.room.code.as_str() == name || same(state.room.name.as_str()));
    Ok(Only::found(found.map(|state| state.room.id)))
}

/// Whose messages to look for.
async fn author(ctx: &Context, name: Option<&str>) -> Result<Only<UserId>> {
    let Some(name) = name else {
        return Ok(Only::All);
    };
    let key = UserName::key_of(name.trim_start_matches('@'));
    let account = ctx.store.account_by_name(&key).await?;
    Ok(Only::found(account.map(|account| account.card.id)))
}

fn cursor(text: Option<&str>) -> Result<SearchPlace> {
    let wrong = || Error::invalid("cursor", "Send the cursor as it came, or none.");
    let place = text.map(|text| SearchPlace::parse(text).ok_or_else(wrong));
    place.unwrap_or(Ok(SearchPlace::END))
}

/// A time or a day.
fn time(text: Option<&str>, field: &'static str) -> Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let at = OffsetDateTime::parse(text, &Rfc3339).ok().map(moment);
    at.or_else(|| day(text).map(|(start, _)| start))
        .map(Some)
        .ok_or_else(|| {
            let message =
                format!("{field} is a day like 2026-11-24 or a time like 2026-11-24T07:00:00Z.");
            Error::invalid(field, message)
        })
}

fn moment(at: OffsetDateTime) -> Timestamp {
    Timestamp(i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
}

/// When a day in UTC begins and ends.
fn day(text: &str) -> Option<(Timestamp, Timestamp)> {
    let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    let start = |date: Date| moment(date.midnight().assume_utc());
    Some((start(date), start(date.next_day()?)))
}

/// A filter that says nothing that could be looked for.
fn unclear(help: &str) -> Error {
    let message =
        format!("{help} To look for the words themselves, put them in \"quotation marks\".");
    Error::invalid("query", message)
}

impl Asked {
    /// Takes a query apart.
    ///
    /// # Errors
    /// `invalid` of the field `query` for a filter that says nothing.
    fn read(query: &str) -> Result<Self> {
        let mut asked = Self::default();
        let mut rest = query.trim_start();
        while !rest.is_empty() {
            let (word, quoted, after) = cut(rest);
            let last = after.is_empty() && !query.ends_with(char::is_whitespace);
            let words = quoted || !asked.filter(word)?;
            if words && asked.phrases.len() < PHRASES {
                asked.phrase(word, last && !quoted);
            }
            rest = after.trim_start();
        }
        Ok(asked)
    }

    /// Takes a word as a filter, if it is one.
    fn filter(&mut self, word: &str) -> Result<bool> {
        let Some((name, value)) = word.split_once(':') else {
            return Ok(false);
        };
        let value = value.trim_matches('"');
        let named = |help: &str| {
            let name = Some(value.to_owned()).filter(|value| !value.is_empty());
            name.ok_or_else(|| unclear(help))
        };
        let dated = |help: &str| day(value).ok_or_else(|| unclear(help));
        match name.to_ascii_lowercase().as_str() {
            "from" => self.from = Some(named("from: needs a name, as in from:anna.")?),
            "in" => {
                let name = named("in: needs a room, as in in:lobby.")?;
                self.room = Some(name.trim_start_matches('#').to_owned());
            }
            "has" if value.eq_ignore_ascii_case("file") => self.files = true,
            "has" => return Err(unclear("Only has:file can be asked for.")),
            "before" => {
                let (start, _) = dated("before: needs a day, as in before:2026-02-28.")?;
                self.before = Some(start);
            }
            "after" => {
                let (_, end) = dated("after: needs a day, as in after:2026-01-31.")?;
                self.after = Some(end);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// That the room, or else the person, who is named is not there.
    fn missing(&self, room: bool) -> String {
        let name = if room { &self.room } else { &self.from };
        let name = name.as_deref().unwrap_or_default();
        if room {
            format!("You are in no room called {name}.")
        } else {
            format!("Nobody here is called {}.", name.trim_start_matches('@'))
        }
    }

    /// Takes words to look for, unless there is nothing in them that could be found.
    fn phrase(&mut self, text: &str, prefix: bool) {
        if text.chars().any(char::is_alphanumeric) {
            self.phrases.push(Phrase {
                text: text.replace('\0', " "),
                prefix,
            });
        }
    }
}

/// The first word or quotation of a query, whether it is one, and what comes after it. A filter's value may be quoted.
fn cut(query: &str) -> (&str, bool, &str) {
    if let Some(quotation) = query.strip_prefix('"') {
        let (inner, rest) = quotation.split_once('"').unwrap_or((quotation, ""));
        return (inner, true, rest);
    }
    let mut within = false;
    let end = query.find(|c: char| {
        within ^= c == '"';
        c.is_whitespace() && !within
    });
    let (word, rest) = query.split_at(end.unwrap_or(query.len()));
    (word, false, rest)
}

/// The part of a message around what was looked for, as safe HTML in one line.
#[must_use]
pub fn excerpt(message: &model::Message, phrases: &[Phrase]) -> String {
    excerpt::of(message, phrases)
}

/// Where in a text the phrases stand, in bytes: in their order, none within another.
#[must_use]
pub fn marks(text: &str, phrases: &[Phrase]) -> Vec<std::ops::Range<usize>> {
    marks::of(text, phrases)
}

impl Command for SearchMessages {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<SearchAck>> {
        let found = search(ctx, caller, &self).await?;
        let hits = found.hits.iter();
        Ok(SearchAck {
            hits: hits
                .map(|hit| Hit {
                    message: Message::of(&hit.message, Some(caller.id())),
                    excerpt: excerpt(&hit.message, &found.phrases),
                })
                .collect(),
            cursor: found.cursor.map(|place| place.number().to_string()),
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn phrases(query: &str) -> Vec<(String, bool)> {
        let phrases = Asked::read(query).unwrap().phrases.into_iter();
        phrases.map(|phrase| (phrase.text, phrase.prefix)).collect()
    }

    #[test]
    fn words_quotations_and_filters_are_told_apart() {
        let phrase = |text: &str, prefix| (text.to_owned(), prefix);
        for (query, expected) in [
            ("plum cak", vec![phrase("plum", false), phrase("cak", true)]),
            (
                "plum cake ",
                vec![phrase("plum", false), phrase("cake", false)],
            ),
            (
                "\"plum cake\" tea",
                vec![phrase("plum cake", false), phrase("tea", true)],
            ),
            ("\"plum cake", vec![phrase("plum cake", false)]),
            ("- * ( \"\" tea", vec![phrase("tea", true)]),
            (
                "\"before:soon\" 12:30",
                vec![phrase("before:soon", false), phrase("12:30", true)],
            ),
            ("", vec![]),
        ] {
            assert_eq!(phrases(query), expected, "{query}");
        }
        let asked =
            Asked::read("FROM:@Anna in:\"Tea & cake\" before:2026-02-01 after:2026-01-01 plum")
                .unwrap();
        assert_eq!(asked.from.as_deref(), Some("@Anna"));
        assert_eq!(asked.room.as_deref(), Some("Tea & cake"));
        assert_eq!(
            asked.before.map(|at| at.to_string()).as_deref(),
            Some("2026-02-01T00:00:00.000Z")
        );
        assert_eq!(
            asked.after.map(|at| at.to_string()).as_deref(),
            Some("2026-01-02T00:00:00.000Z")
        );
        assert_eq!(asked.phrases.len(), 1);
    }

    #[test]
    fn a_filter_that_says_nothing_is_refused_with_what_to_write() {
        for (query, help) in [
            ("from: plum", "from:anna"),
            ("plum in:", "in:lobby"),
            ("has:lemon", "has:file"),
            ("before:soon", "before:2026-02-28"),
            ("AFTER:2026-13-01", "after:2026-01-31"),
        ] {
            let error = Asked::read(query).unwrap_err();
            assert_eq!((error.code, error.field), (Code::Invalid, Some("query")));
            assert!(error.message.contains(help), "{query}: {}", error.message);
        }
    }

    proptest! {
        #[test]
        fn every_query_can_be_read(query in "[ \":a-z*()0-9\\PC]{0,60}") {
            if let Ok(asked) = Asked::read(&query) {
                prop_assert!(asked.phrases.len() <= PHRASES);
            }
        }
    }
}
