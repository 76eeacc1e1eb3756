//! Days as typed in a query: a year, a month, a day, or two of these with `..` between.

/// Returns the first and the last day meant, both `yyyymmdd` and inclusive; or what is wrong.
///
/// # Errors
/// When the words are no such dates, or the interval ends before it starts.
pub fn interval(typed: &str) -> Result<(u32, u32), &'static str> {
    let (from, to) = match typed.split_once("..") {
        Some(("", "")) => return Err("an interval needs a day on at least one side"),
        Some((from, "")) => (days(from)?.0, 99_991_231),
        Some(("", to)) => (10_101, days(to)?.1),
        Some((from, to)) => (days(from)?.0, days(to)?.1),
        None => days(typed)?,
    };
    if from > to { Err("the interval ends before it starts") } else { Ok((from, to)) }
}

/// Returns the first and the last day of a year, a month or a day.
fn days(typed: &str) -> Result<(u32, u32), &'static str> {
    const WRONG: &str = "no date; days are typed 2024-09-19, months 2024-09, years 2024";
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
            ("yesterday", Err("no date; days are typed 2024-09-19, months 2024-09, years 2024")),
            ("2024-9-1", Err("no date; days are typed 2024-09-19, months 2024-09, years 2024")),
        ] {
            assert_eq!(interval(typed), expected, "{typed}");
        }
    }
}
