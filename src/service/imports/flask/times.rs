//! Times as such apps write them: ISO 8601 in all its looks, SQLite's own, seconds or milliseconds since 1970.

use crate::{model::Timestamp, service::imports::text::LATEST, tables::Value};

/// Numbers from here on are milliseconds: as seconds they would be past the year 5000.
const MILLIS: f64 = 1e11;

/// From here on microseconds, as milliseconds likewise.
const MICROS: f64 = 1e14;

/// When it was; without a zone, in UTC. `None` where it is no time.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    let at = match value {
        Value::Nothing => return None,
        #[allow(clippy::cast_precision_loss, reason = "times have at most 53 bits")]
        Value::Number(number) => of_number(*number as f64)?,
        Value::Real(number) => of_number(*number)?,
        Value::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) => of_number(number)?,
            Err(_) => of_text(text.trim())?,
        },
    };
    (0..=LATEST).contains(&at.0).then_some(at)
}

fn of_number(number: f64) -> Option<Timestamp> {
    if !number.is_finite() || number <= 0.0 {
        return None;
    }
    let millis = if number < MILLIS {
        number * 1e3
    } else if number < MICROS {
        number
    } else {
        number / 1e3
    };
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a float becomes the nearest number that there is"
    )]
    let millis = millis.round() as i64;
    Some(Timestamp(millis))
}

/// Makes RFC 3339 of it: a day, perhaps a time after a blank or a `T`, perhaps without seconds or zone.
fn of_text(text: &str) -> Option<Timestamp> {
    let day = text.get(..10)?;
    let rest = text[10..].trim_start_matches(['T', 't', ' ']).trim();
    let at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(at);
    let clock = match clock.trim() {
        "" => "00:00:00".to_owned(),
        clock if clock.len() == 5 => format!("{clock}:00"),
        clock => clock.replace(',', "."),
    };
    let zone = match zone.len() {
        0 => "Z".to_owned(),
        3 => format!("{zone}:00"),
        5 => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => zone.to_owned(),
    };
    Timestamp::parse(&format!("{day}T{clock}{zone}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_look() {
        let at = 1_714_566_896_000;
        let text = |text: &str| Value::Text(text.to_owned());
        for (value, expected) in [
            (text("2024-05-01 12:34:56.123456"), Some(at + 123)),
            (text("2024-05-01 12:34:56"), Some(at)),
            (text("2024-05-01T12:34:56Z"), Some(at)),
            (text("2024-05-01T14:34:56+02:00"), Some(at)),
            (text("2024-05-01T14:34:56+0200"), Some(at)),
            (text("2024-05-01T10:34:56.5-02"), Some(at + 500)),
            (text("2024-05-01 12:34"), Some(at - 56_000)),
            (text("2024-05-01"), Some(1_714_521_600_000)),
            (text(" 1714566896 "), Some(at)),
            (Value::Number(1_714_566_896), Some(at)),
            (Value::Number(at), Some(at)),
            (Value::Number(at * 1000), Some(at)),
            (Value::Real(1_714_566_896.25), Some(at + 250)),
            (Value::Number(0), None),
            (Value::Number(-5), None),
            (Value::Real(f64::NAN), None),
            (text("12:34"), None),
            (text("01/05/2024 12:34"), None),
            (text("2024-13-01"), None),
            (text("2024-05-0é 12:34"), None),
            (text("yesterday, at noon"), None),
            (text(""), None),
            (Value::Nothing, None),
        ] {
            assert_eq!(time(&value), expected.map(Timestamp), "{value:?}");
        }
    }
}
