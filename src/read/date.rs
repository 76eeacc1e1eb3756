//! Dates as newsrooms write them: ISO 8601, RFC 2822, "Sept. 19, 2024, 4:05 p.m. ET", "26-FEB-1987", seconds since
//! 1970, and partial ones.
//!
//! The day is the one printed: a time zone never moves it. The machine forms are jiff's; words are ours.

use std::sync::LazyLock;

use jiff::fmt::{rfc2822, temporal};
use jiff::{Timestamp, civil, tz};
use rustc_hash::FxHashMap;

use crate::article::Date;

/// The longest string that can be a date.
const LONGEST: usize = 120;

/// Returns the date in a string, as precise as it is; nothing where there is none.
pub fn parse(raw: &str) -> Option<Date> {
    let raw = raw.trim();
    if raw.len() > LONGEST {
        return None;
    }
    partial(raw)
        .or_else(|| day(raw))
        .or_else(|| in_words(raw, None))
        .or_else(|| in_characters(raw))
        .or_else(|| in_numbers(raw))
        .or_else(|| epoch(raw))
}

/// Returns the date in a string that may leave the year out, as a dateline does.
pub fn parse_in_year(raw: &str, year: Option<u16>) -> Option<Date> {
    in_words(raw, year)
}

/// Returns whether words name a month and a day of it.
pub fn names_a_day(words: &str) -> bool {
    parse_in_year(words, Some(2000)).is_some()
}

/// Returns the date in a path: `/2024/09/19/`, `2024-09-19-name`, `20240919`.
pub fn in_path(path: &str) -> Option<Date> {
    let in_name = || {
        let name = path.rsplit('/').next()?;
        let mut numbers = name.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
        let first = numbers.next()?;
        match first.len() {
            8 => civil_date(&first[..4], &first[4..6], &first[6..]),
            4 => numbers.next().zip(numbers.next()).and_then(|(month, day)| civil_date(first, month, day)),
            _ => None,
        }
    };
    in_name().or_else(|| in_folders(path))
}

/// Returns the date that the parts of a path make, the last one where there are several.
fn in_folders(path: &str) -> Option<Date> {
    let mut parts = path.rsplit('/');
    let (mut day, mut month) = (parts.next()?, parts.next()?);
    for year in parts {
        if year.len() == 4
            && let Some(date) = civil_date(year, &month_digits(month), leading_digits(day))
        {
            return Some(date);
        }
        (day, month) = (month, year);
    }
    None
}

/// Returns a month as digits: `9`, `sep`, `September`.
fn month_digits(part: &str) -> String {
    if digits(part) { part.to_owned() } else { month(part).map(|month| month.to_string()).unwrap_or_default() }
}

fn leading_digits(part: &str) -> &str {
    &part[..part.bytes().take_while(u8::is_ascii_digit).count()]
}

/// Returns a day of the years that news can be from.
fn civil_date(year: &str, month: &str, day: &str) -> Option<Date> {
    let known = digits(year) && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    let year: i16 = year.parse().ok().filter(|year| known && (1600..2100).contains(year))?;
    from_civil(civil::Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?)
}

fn from_civil(date: civil::Date) -> Option<Date> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year > 0)?;
    Some(Date { year, month: date.month() as u8, day: date.day() as u8 })
}

fn day(raw: &str) -> Option<Date> {
    static ISO: temporal::DateTimeParser = temporal::DateTimeParser::new();
    static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new();
    let compact = || {
        let start = raw.get(..8).filter(|start| digits(start) && raw[8..].starts_with('T'))?;
        civil::Date::strptime("%Y%m%d", start).ok()
    };
    let date = ISO
        .parse_pieces(raw)
        .map(|pieces| pieces.date())
        .or_else(|_| MAIL.parse_zoned(raw).map(|zoned| zoned.date()))
        .or_else(|_| civil::Date::strptime("%Y/%m/%d", raw.get(..10).unwrap_or(raw)))
        .ok()
        .or_else(compact)
        .or_else(|| civil::Date::strptime("%Y-%m-%d", raw.get(..10)?).ok())?;
    from_civil(date)
}

fn digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns a year, or a year and a month.
fn partial(raw: &str) -> Option<Date> {
    let (year, month) = match raw.split_once('-') {
        None if raw.len() == 4 && digits(raw) => (raw, None),
        Some((year, month)) if year.len() == 4 && digits(year) && month.len() == 2 && digits(month) => {
            (year, Some(month))
        }
        _ => return None,
    };
    let year: u16 = year.parse().ok().filter(|year| *year > 0)?;
    let month = match month {
        Some(month) => month.parse().ok().filter(|month| (1..=12).contains(month))?,
        None => 0,
    };
    Some(Date { year, month, day: 0 })
}

/// Returns the date in words: a month with a year, and a day before or after it. Where `year` is given, a day and a
/// month are enough.
fn in_words(raw: &str, year: Option<u16>) -> Option<Date> {
    let tokens: Vec<&str> = raw
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|token| !token.is_empty() && !["de", "of", "the", "del"].contains(token))
        .take(24)
        .collect();
    let (at, month) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, month(token)?)))?;
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).and_then(|token| day_number(token));
    let behind = |steps: usize| tokens.get(at + steps).copied();
    let after = behind(1).and_then(day_number);
    let year_of = |token: Option<&str>| token.filter(|token| token.len() == 4 && digits(token))?.parse::<u16>().ok();
    // A clock may stand between the month and the year: `Thu Sep 19 16:05:00 2024`.
    let late = || (3..=6).find_map(|steps| year_of(behind(steps)));
    let short = || behind(1).filter(|token| token.len() == 2 && raw.contains('-'))?.parse::<u16>().ok();
    let (day, year) = match (before, after) {
        (Some(day), _) if year_of(behind(1)).is_some() => (day, year_of(behind(1))?),
        (_, Some(day)) if year_of(behind(2)).is_some() => (day, year_of(behind(2))?),
        (None, Some(day)) if late().is_some() => (day, late()?),
        (Some(day), _) if short().is_some() => (day, short().map(|year| year + if year < 70 { 2000 } else { 1900 })?),
        (None, None) if year_of(behind(1)).is_some() => (0, year_of(behind(1))?),
        (Some(day), _) | (None, Some(day)) => (day, year?),
        (None, None) => return None,
    };
    if day == 0 {
        return Some(Date { year, month, day });
    }
    from_civil(civil::Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()?)
}

/// Returns the date with signs of Chinese, Japanese or Korean behind its numbers: `2024年9月19日`, `2024년 9월 19일`.
fn in_characters(raw: &str) -> Option<Date> {
    let before = |rest: &str, signs: &[char]| -> Option<(u16, usize)> {
        let at = rest.find(signs)?;
        let digits = rest[..at].trim_end().rsplit(|letter: char| !letter.is_ascii_digit()).next()?;
        Some((digits.parse().ok()?, at + rest[at..].chars().next()?.len_utf8()))
    };
    let (year, end) = before(raw, &['年', '년']).filter(|(year, _)| (1600..2100).contains(year))?;
    let rest = &raw[end..];
    let Some((month, end)) = before(rest, &['月', '월']).filter(|(month, _)| (1..=12).contains(month)) else {
        return Some(Date { year, month: 0, day: 0 });
    };
    match before(&rest[end..], &['日', '일']) {
        Some((day, _)) => from_civil(civil::Date::new(year as i16, month as i8, i8::try_from(day).ok()?).ok()?),
        None => Some(Date { year, month: month as u8, day: 0 }),
    }
}

/// Returns the day of a month: `19`, `19th`.
fn day_number(token: &str) -> Option<u8> {
    let number = leading_digits(token);
    let ending = &token[number.len()..];
    let known = ["", "st", "nd", "rd", "th", "er"].contains(&ending);
    number.parse().ok().filter(|day| known && (1..=31).contains(day))
}

/// Returns the number of the month that a word names.
fn month(word: &str) -> Option<u8> {
    static MONTHS: LazyLock<FxHashMap<&str, u8>> = LazyLock::new(|| {
        let rows = include_str!("words/months.txt").lines().filter(|line| !line.starts_with('#'));
        rows.zip(1_u8..).flat_map(|(row, number)| row.split(' ').map(move |name| (name, number))).collect()
    });
    if word.len() < 3 || word.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    MONTHS.get(word.to_lowercase().as_str()).copied()
}

/// Returns a date of numbers: `19.09.2024`, `19/09/2024`, `9/19/2024`. Where day and month cannot be told apart, only
/// the year is sure.
fn in_numbers(raw: &str) -> Option<Date> {
    let first = raw.split([' ', ',', 'T']).next()?;
    let mark = ['.', '/', '-'].into_iter().find(|mark| first.matches(*mark).count() == 2)?;
    let parts: Vec<&str> = first.split(mark).collect();
    let numbers: Vec<u16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let [first, second, third] = numbers[..] else { return None };
    if parts[0].len() == 4 {
        return civil_date(parts[0], parts[1], parts[2]);
    }
    if parts[2].len() != 4 || first == 0 || second == 0 {
        return None;
    }
    match (first, second) {
        (1..=12, 1..=12) if mark != '.' && first != second => Some(Date { year: third, month: 0, day: 0 }),
        (_, 1..=12) => civil_date(parts[2], parts[1], parts[0]),
        (1..=12, _) => civil_date(parts[2], parts[0], parts[1]),
        _ => None,
    }
}

/// Returns the day in seconds or milliseconds since 1970, in universal time.
fn epoch(raw: &str) -> Option<Date> {
    let whole = raw.split('.').next().filter(|whole| digits(whole))?;
    let number: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    from_civil(tz::Offset::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(date: Option<Date>) -> String {
        date.map_or("none".to_owned(), |date| date.to_string())
    }

    fn check(raw: &str, expected: &str) {
        assert_eq!(words(parse(raw)), expected, "{raw}");
    }

    #[test]
    fn reads_dates() {
        check("2024-09-19", "2024-09-19");
        check(" 2024-09-19T23:30:00-04:00 ", "2024-09-19");
        check("2024-09-19T08:00:00Z", "2024-09-19");
        check("2024-09-19 08:00:00", "2024-09-19");
        check("20240919", "2024-09-19");
        check("20130516T040100+0000", "2013-05-16");
        check("Thu, 19 Sep 2024 23:30:00 -0400", "2024-09-19");
        check("2024/09/19", "2024-09-19");
        check("2024-09", "2024-09");
        check("1650", "1650");
        check("2024-13", "none");
        check("2024-02-30", "none");
        check("yesterday", "none");
        check("", "none");
    }

    #[test]
    fn reads_what_newsrooms_write() {
        check("Sept. 19, 2024, 4:05 p.m. ET", "2024-09-19");
        check("Updated Thursday, September 19th, 2024 at 16:05", "2024-09-19");
        check("19 Sept 2024 16:05 GMT", "2024-09-19");
        check("January 11, 2010 Monday", "2010-01-11");
        check("December 19, 1991, Sunday, Late Edition", "1991-12-19");
        check("Thu Sep 19 16:05:00 2024", "2024-09-19");
        check("Thu Sep 19 16:05:00 EST 2024", "2024-09-19");
        check("26-FEB-1987 15:01:01.79", "1987-02-26");
        check("26-FEB-87", "1987-02-26");
        check("jeudi 5 octobre 2013", "2013-10-05");
        check("19. März 2024", "2024-03-19");
        check("19 de septiembre de 2024", "2024-09-19");
        check("Fall May 2024", "2024-05");
        check("February 30, 2024", "none");
        check("19.09.2024 10:00", "2024-09-19");
        check("9/19/2024", "2024-09-19");
        check("19/9/2024", "2024-09-19");
        check("3/4/2024", "2024");
        check("1726704000", "2024-09-19");
        check("1726704000123", "2024-09-19");
        check("maybe 4 people came", "none");
        check("2024年9月19日 10:00", "2024-09-19");
        check("2024년 9월 19일", "2024-09-19");
        check("2024年9月", "2024-09");
        check("2024年9月31日", "none");
    }

    #[test]
    fn reads_datelines_and_paths() {
        assert_eq!(words(parse_in_year("WASHINGTON, Sept 19 (Reuters)", Some(2024))), "2024-09-19");
        assert_eq!(words(parse_in_year("WASHINGTON, Sept 19 (Reuters)", None)), "none");
        assert_eq!(words(parse_in_year("PARIS, 19 Sept", Some(2024))), "2024-09-19");
        for (path, expected) in [
            ("/news/2024/09/19/talks.txt", "2024-09-19"),
            ("/news/2024/9/19-talks.txt", "2024-09-19"),
            ("/news/2024-09-19-talks.txt", "2024-09-19"),
            ("/news/20240919.html", "2024-09-19"),
            ("/news/2024/sep/19/talks.html", "2024-09-19"),
            ("/news/2024/talks/19/a.html", "none"),
            ("/news/2024/13/19/a.txt", "none"),
            ("/news/1234/5.txt", "none"),
            ("/news/story-12345678.txt", "none"),
        ] {
            assert_eq!(words(in_path(path)), expected, "{path}");
        }
    }

    #[test]
    fn every_row_of_the_months_is_sound() {
        let rows: Vec<&str> = include_str!("words/months.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows.len(), 12);
        for (row, number) in rows.iter().zip(1..) {
            for name in row.split(' ') {
                assert!(name.chars().all(|letter| letter.is_lowercase()), "`{name}` in `{row}`");
                assert_eq!(month(name), Some(number), "`{name}` names two months");
            }
        }
    }
}
