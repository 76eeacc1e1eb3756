//! `.story` files, as the CNN and Daily Mail sets have them: paragraphs without a headline, then `@highlight` lines
//! with a sentence of a summary behind each, which are not part of the article.

use std::io;

use super::{Each, Head, Input, Source, text};
use crate::problem::Reason;

/// What stands before each sentence of the summary.
const MARK: &str = "@highlight";

/// Returns whether a file holds such a summary, whatever its name.
pub fn sniff(head: &Head<'_>) -> bool {
    let plain = head.extension.is_empty() || head.has_extension(&["txt", "story"]);
    plain
        && memchr::memchr(b'@', head.bytes).is_some()
        && (head.holds(b"\n@highlight\n") || head.holds(b"\n@highlight\r\n"))
}

/// Reads a file that holds one article. Its text is the file up to the summary, to the letter.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(mut words) = text::read_text(input, source, each)? else { return Ok(()) };
    let mut starts = words.match_indices(MARK).map(|(at, _)| at);
    let is_line = |at: &usize| {
        let behind = words[at + MARK.len()..].lines().next().unwrap_or_default();
        (*at == 0 || words[..*at].ends_with('\n')) && behind.trim().is_empty()
    };
    if let Some(end) = starts.find(is_line) {
        words.truncate(end);
    }
    if words.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').is_empty() {
        each(Err(source.problem(None, Reason::NoText, "has a summary and no article")));
        return Ok(());
    }
    each(Ok(text::without_headline(words, source)));
    Ok(())
}
