//! Where things stand: lines, characters, and a quote as printed.
//!
//! In: a text and byte offsets. Out: line numbers, offsets in characters, the words of a quote. Deliberately knows no
//! output.

use crate::article::Span;
use crate::layers::{Quote, QuoteKind};
use crate::schema::Record;

/// Bytes between two counted places.
const STEP: usize = 256;

/// Counts characters (Unicode code points) before any byte of a text, after one pass over it.
pub struct Characters<'t> {
    text: &'t [u8],
    /// Characters before every [`STEP`]th byte; empty for a text where each byte is one.
    before: Vec<u32>,
}

impl<'t> Characters<'t> {
    /// Returns the counter of a text.
    pub fn of(text: &'t str) -> Characters<'t> {
        let bytes = text.as_bytes();
        if text.is_ascii() {
            return Characters { text: bytes, before: Vec::new() };
        }
        let mut total = 0;
        let before = bytes
            .chunks(STEP)
            .map(|chunk| {
                let here = total;
                total += starts(chunk);
                here
            })
            .collect();
        Characters { text: bytes, before }
    }

    /// Returns how many characters stand before the byte.
    pub fn before(&self, byte: u32) -> u32 {
        let byte = byte as usize;
        let block = byte / STEP;
        match self.before.get(block) {
            Some(before) => before + starts(&self.text[block * STEP..byte]),
            None if self.before.is_empty() => byte as u32,
            None => self.before.last().copied().unwrap_or(0) + starts(&self.text[(block - 1) * STEP..byte]),
        }
    }

    /// Returns first and last offset of a span, in characters, end exclusive.
    pub fn span(&self, span: Span) -> (u32, u32) {
        (self.before(span.start), self.before(span.end))
    }
}

/// Returns how many characters start in these bytes.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() as u32
}

/// Returns the line of the file, from 1, on which a byte of an article's text stands.
///
/// Only a plain text's lines are the file's lines: all of a JSON record stands where the record starts.
pub fn line_of(record: &Record, byte: u32) -> u32 {
    if record.record.is_some() {
        return record.line;
    }
    let before = &record.text.as_bytes()[..byte as usize];
    record.line + memchr::memchr_iter(b'\n', before).count() as u32
}

/// Returns `path:line` of a byte of an article's text.
pub fn place(record: &Record, byte: u32) -> String {
    format!("{}:{}", record.path, line_of(record, byte))
}

/// Returns the words of a quote without its marks, its segments joined by a space.
pub fn quoted_words(quote: &Quote, text: &str) -> String {
    let mut words = String::new();
    for span in &quote.spans {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(span.of(text));
    }
    words
}

/// Returns the text with every run of white space as one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Returns the segments of a quote with the quotation marks that the article prints around them.
pub fn printed_segments(quote: &Quote, text: &str) -> Vec<Span> {
    if quote.kind == QuoteKind::Indirect {
        return quote.spans.clone();
    }
    quote.spans.iter().map(|span| with_marks(*span, text)).collect()
}

fn with_marks(span: Span, text: &str) -> Span {
    let opening = mark_before(&text[..span.start as usize]);
    let closing = mark_after(&text[span.end as usize..]);
    Span { start: span.start - opening as u32, end: span.end + closing as u32 }
}

/// Returns the bytes of the quotation mark at the end of a text, or 0.
fn mark_before(text: &str) -> usize {
    if text.ends_with("''") || text.ends_with("``") {
        return 2;
    }
    text.chars().next_back().filter(|letter| is_mark(*letter)).map_or(0, char::len_utf8)
}

/// Returns the bytes of the quotation mark at the start of a text, or 0.
fn mark_after(text: &str) -> usize {
    if text.starts_with("''") {
        return 2;
    }
    text.chars().next().filter(|letter| is_mark(*letter)).map_or(0, char::len_utf8)
}

fn is_mark(letter: char) -> bool {
    "\"'“”„‟«»‘’‚‛‹›「」『』".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters() {
        for text in ["plain", "naïve “text” 停戦 👩‍👩‍👧", &"é".repeat(1000), &"x停".repeat(257), ""]
        {
            let characters = Characters::of(text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(characters.before(byte as u32) as usize, count);
            }
            assert_eq!(characters.before(text.len() as u32) as usize, text.chars().count());
        }
    }

    fn check_marks(text: &str, words: &str, expected: &str) {
        let start = text.find(words).unwrap();
        let span = Span::new(start, start + words.len());
        assert_eq!(with_marks(span, text).of(text), expected);
    }

    #[test]
    fn takes_the_marks_along() {
        check_marks("He said “never again” twice.", "never again", "“never again”");
        check_marks("He said ''never'' twice.", "never", "''never''");
        check_marks("“No end here", "No end here", "“No end here");
        check_marks("it was never clear", "never", "never");
    }

    #[test]
    fn puts_text_on_one_line() {
        assert_eq!(one_line(" a\r\nb\t c "), "a b c");
    }
}
