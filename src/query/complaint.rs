//! What is wrong with a query, and where.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// What is wrong at one place of a query, why, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The query as typed.
    pub query: String,
    /// The place, in bytes of the query.
    pub span: Range<usize>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub suggestion: Option<String>,
}

/// How much of a long query is shown before and behind the place, in characters.
const AROUND: usize = 30;

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.message)?;
        let before: Vec<char> = self.query[..self.span.start].chars().collect();
        let skipped = before.len().saturating_sub(AROUND);
        let before = shown(before[skipped..].iter().copied());
        let place = shown(self.query[self.span.clone()].chars().take(AROUND));
        let behind = shown(self.query[self.span.end..].chars().take(AROUND));
        let cut = if skipped > 0 { "…" } else { "" };
        writeln!(out, "  {cut}{before}{place}{behind}")?;
        write!(out, "  {}{}", " ".repeat(width(cut) + width(&before)), "^".repeat(width(&place).max(1)))?;
        match &self.suggestion {
            Some(suggestion) => write!(out, "\n  {suggestion}"),
            None => Ok(()),
        }
    }
}

/// Returns text in which every character takes the place it seems to take.
fn shown(text: impl Iterator<Item = char>) -> String {
    text.map(|letter| match letter {
        letter if letter.is_control() => '·',
        letter if letter.width().unwrap_or(0) == 0 => '·',
        letter => letter,
    })
    .collect()
}

fn width(text: &str) -> usize {
    text.chars().map(|letter| letter.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_the_place() {
        let complaint = |query: &str, span: Range<usize>| Complaint {
            query: query.to_owned(),
            span,
            message: "wrong".to_owned(),
            suggestion: Some("try `x`".to_owned()),
        };
        assert_eq!(complaint("gaza OR", 5..7).to_string(), "wrong\n  gaza OR\n       ^^\n  try `x`");
        assert_eq!(complaint("停戦 (", 7..8).to_string(), "wrong\n  停戦 (\n       ^\n  try `x`");
        assert_eq!(complaint("a\tb", 3..3).to_string(), "wrong\n  a·b\n     ^\n  try `x`");
        assert!(complaint(&"x ".repeat(500), 900..901).to_string().lines().all(|line| line.chars().count() < 80));
    }
}
