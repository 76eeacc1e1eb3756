//! Days as typed in a query: a year, a month, a day, so long ago, or two of these with `..` between.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Returns the first and the last day meant, both `yyyymmdd` and inclusive; or what is wrong.
///
/// # Errors
/// When the words are no such dates, or the interval ends before it starts.
pub fn interval(typed: &str, today: Date) -> Result<(u32, u32), &'static str> {
    let (from, to) = match typed.split_once("..") {
        Some(("", "")) => return Err("an interval needs a day on at least one side"),
        Some((from, "")) => (days(from, today)?.0, 99_991_231),
        Some(("", to)) => (10_101, days(to, today)?.1),
        Some((from, to)) => (days(from, today)?.0, days(to, today)?.1),
        None => days(typed, today)?,
    };
    if from > to { Err("the interval ends before it starts") } else { Ok((from, to)) }
}

/// Returns the day that "yesterday" and "3 weeks ago" mean.
fn ago(typed: &str, today: Date) -> Option<u32> {
    let lower = typed.trim().to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let back = |number: i64, unit: &str| -> Option<Span> {
        match unit.trim_end_matches('s') {
            "day" => Span::new().try_days(number).ok(),
            "week" => Span::new().try_weeks(number).ok(),
            "month" => Span::new().try_months(number).ok(),
            "year" => Span::new().try_years(number).ok(),
            _ => None,
        }
    };
    let span = match words[..] {
        ["today"] => 0.days(),
        ["yesterday"] => 1.day(),
        ["tomorrow"] => -1.day(),
        ["a" | "an" | "one", unit, "ago"] => back(1, unit)?,
        [number, unit, "ago"] => back(number.parse().ok().filter(|number| *number >= 0)?, unit)?,
        _ => return None,
    };
    let day = today.checked_sub(span).ok()?;
    let year = u32::try_from(day.year()).ok().filter(|year| *year > 0)?;
    Some(year * 10_000 + day.month() as u32 * 100 + day.day() as u32)
}

/// Returns the first and the last day of a year, a month or a day.
fn days(typed: &str, today: Date) -> Result<(u32, u32), &'static str> {
    const WRONG: &str = "no date; days are typed 2024-09-19, months 2024-09, years 2024, or \"3 weeks ago\"";
    if let Some(day) = ago(typed, today) {
        return Ok((day, day));
    }
    let parts: Vec<&str> = typed.split('-').collect();
    let number = |part: &str, length: usize| {
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten().ok_or(WRONG)
    };
    let year = number(parts[0], 4)? * 10_000;
    let month = |part| {
        number(part, 2)
            .and_then(|month| if (1..=12).contains(&month) { Ok(month * 100) } else { Err("no month of the year") })
    };
    match parts[1..] {
        [] => Ok((year + 101, year + 1231)),
        [part] => month(part).map(|month| (year + month + 1, year + month + 31)),
        [part, day] => {
            let day = number(day, 2)?;
            let full = year + month(part)? + day;
            if exists(full) { Ok((full, full)) } else { Err("no day of that month") }
        }
        _ => Err(WRONG),
    }
}

fn exists(number: u32) -> bool {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    jiff::civil::Date::new(year as i16, month as i8, day as i8).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_intervals() {
        for (typed, expected) in [
            ("2024", Ok((20_240_101, 20_241_231))),
            ("2024-09", Ok((20_240_901, 20_240_931))),
            ("2024-09-19", Ok((20_240_919, 20_240_919))),
            ("2024-09-01..2024-09-19", Ok((20_240_901, 20_240_919))),
            ("2023..2024-02", Ok((20_230_101, 20_240_231))),
            ("2024-09..", Ok((20_240_901, 99_991_231))),
            ("..2023", Ok((10_101, 20_231_231))),
            ("..", Err("an interval needs a day on at least one side")),
            ("2024..2023", Err("the interval ends before it starts")),
            ("2024-13", Err("no month of the year")),
            ("2024-02-30", Err("no day of that month")),
            ("yesterday", Ok((20_240_918, 20_240_918))),
            ("tomorrow", Ok((20_240_920, 20_240_920))),
            ("3 weeks ago", Ok((20_240_829, 20_240_829))),
            ("a month ago..today", Ok((20_240_819, 20_240_919))),
            (
                "2 fortnights ago",
                Err("no date; days are typed 2024-09-19, months 2024-09, years 2024, or \"3 weeks ago\""),
            ),
            ("soon", Err("no date; days are typed 2024-09-19, months 2024-09, years 2024, or \"3 weeks ago\"")),
            ("2024-9-1", Err("no date; days are typed 2024-09-19, months 2024-09, years 2024, or \"3 weeks ago\"")),
        ] {
            assert_eq!(interval(typed, Date::constant(2024, 9, 19)), expected, "{typed}");
        }
    }
}
