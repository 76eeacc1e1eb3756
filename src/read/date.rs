//! Dates as records give them: ISO 8601 with or without a time, RFC 2822, and partial ones.
//!
//! The day is the one printed: a time zone never moves it. Parsing is jiff's.

use jiff::civil;
use jiff::fmt::{rfc2822, temporal};

use crate::article::Date;

/// Returns the date in a string, as precise as it is; nothing where there is none.
pub fn parse(raw: &str) -> Option<Date> {
    let raw = raw.trim();
    partial(raw).or_else(|| day(raw))
}

fn day(raw: &str) -> Option<Date> {
    static ISO: temporal::DateTimeParser = temporal::DateTimeParser::new();
    static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new();
    let date = ISO
        .parse_pieces(raw)
        .map(|pieces| pieces.date())
        .or_else(|_| MAIL.parse_zoned(raw).map(|zoned| zoned.date()))
        .or_else(|_| civil::Date::strptime("%Y/%m/%d", raw.get(..10).unwrap_or(raw)))
        .ok()?;
    let year = u16::try_from(date.year()).ok().filter(|year| *year > 0)?;
    Some(Date { year, month: date.month() as u8, day: date.day() as u8 })
}

/// Returns a year, or a year and a month.
fn partial(raw: &str) -> Option<Date> {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month) = match raw.split_once('-') {
        None if digits(raw, 4) => (raw, None),
        Some((year, month)) if digits(year, 4) && digits(month, 2) => (year, Some(month)),
        _ => return None,
    };
    let year: u16 = year.parse().ok().filter(|year| *year > 0)?;
    let month = match month {
        Some(month) => month.parse().ok().filter(|month| (1..=12).contains(month))?,
        None => 0,
    };
    Some(Date { year, month, day: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(parse(raw).map_or("none".to_owned(), |date| date.to_string()), expected, "{raw}");
    }

    #[test]
    fn reads_dates() {
        check("2024-09-19", "2024-09-19");
        check(" 2024-09-19T23:30:00-04:00 ", "2024-09-19");
        check("2024-09-19T08:00:00Z", "2024-09-19");
        check("2024-09-19 08:00:00", "2024-09-19");
        check("20240919", "2024-09-19");
        check("Thu, 19 Sep 2024 23:30:00 -0400", "2024-09-19");
        check("2024/09/19", "2024-09-19");
        check("2024-09", "2024-09");
        check("1650", "1650");
        check("2024-13", "none");
        check("2024-02-30", "none");
        check("yesterday", "none");
        check("", "none");
    }
}
