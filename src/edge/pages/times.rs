//! Times in the words of the pages, in UTC: "14:32", "Yesterday", "Monday, 3 March". The script in `web/src` writes
//! the same words again in the reader's own zone.

use time::{
    OffsetDateTime, format_description::StaticFormatDescription,
    macros::format_description as format,
};

use crate::model::Timestamp;

/// "14:32".
pub(super) fn clock(at: Timestamp) -> String {
    text(at.utc(), format!("[hour]:[minute]"))
}

/// "Monday, 3 March 2025 at 14:32".
pub(super) fn full(at: Timestamp) -> String {
    text(
        at.utc(),
        format!("[weekday], [day padding:none] [month repr:long] [year] at [hour]:[minute]"),
    )
}

/// The day, to tell days apart: "2025-03-03".
pub(super) fn date(at: Timestamp) -> String {
    text(at.utc(), format!("[year]-[month]-[day]"))
}

/// "3 March 2025".
pub(super) fn day_of_year(at: Timestamp) -> String {
    text(
        at.utc(),
        format!("[day padding:none] [month repr:long] [year]"),
    )
}

/// The day in words: "Today", "Yesterday", "Monday, 3 March", and with the year when it is another one.
pub(super) fn day(at: Timestamp, now: Timestamp) -> String {
    let (at, now) = (at.utc(), now.utc());
    near(at, now).map_or_else(
        || {
            let format = if at.year() == now.year() {
                format!("[weekday], [day padding:none] [month repr:long]")
            } else {
                format!("[weekday], [day padding:none] [month repr:long] [year]")
            };
            text(at, format)
        },
        str::to_owned,
    )
}

/// For lists: "14:32", "Yesterday", "3 Mar".
pub(super) fn short(at: Timestamp, now: Timestamp) -> String {
    match near(at.utc(), now.utc()) {
        Some("Today") => clock(at),
        Some(word) => word.to_owned(),
        None => text(at.utc(), format!("[day padding:none] [month repr:short]")),
    }
}

fn near(at: OffsetDateTime, now: OffsetDateTime) -> Option<&'static str> {
    match now.date().to_julian_day() - at.date().to_julian_day() {
        0 => Some("Today"),
        1 => Some("Yesterday"),
        _ => None,
    }
}

fn text(at: OffsetDateTime, format: StaticFormatDescription) -> String {
    at.format(format)
        .expect("a date and time has all these parts")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn at(time: OffsetDateTime) -> Timestamp {
        Timestamp(time.unix_timestamp() * 1000)
    }

    #[test]
    fn a_day_is_named_from_where_one_stands() {
        let now = at(datetime!(2025-03-05 00:10 UTC));
        for (time, words, in_a_list) in [
            (datetime!(2025-03-05 00:05 UTC), "Today", "00:05"),
            (datetime!(2025-03-04 00:00 UTC), "Yesterday", "Yesterday"),
            (datetime!(2025-03-03 23:59 UTC), "Monday, 3 March", "3 Mar"),
            (
                datetime!(2024-12-31 12:00 UTC),
                "Tuesday, 31 December 2024",
                "31 Dec",
            ),
            (
                datetime!(2025-03-06 00:00 UTC),
                "Thursday, 6 March",
                "6 Mar",
            ),
        ] {
            assert_eq!(day(at(time), now), words);
            assert_eq!(short(at(time), now), in_a_list);
        }
        let new_year = at(datetime!(2025-01-01 08:00 UTC));
        assert_eq!(
            day(at(datetime!(2024-12-31 12:00 UTC)), new_year),
            "Yesterday"
        );
    }

    #[test]
    fn a_time_in_full() {
        let time = at(datetime!(2025-03-03 04:05 UTC));
        assert_eq!(full(time), "Monday, 3 March 2025 at 04:05");
        assert_eq!(
            (date(time), day_of_year(time)),
            ("2025-03-03".to_owned(), "3 March 2025".to_owned())
        );
    }
}
