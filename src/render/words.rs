//! The words of a row in painted pieces, for every output that people read.
//!
//! In: an article, an excerpt or a quote, and the matches in it. Out: pieces. Deliberately knows no line and no output.

use super::flow::Piece;
use super::paint::Paint;
use super::place::printed_segments;
use crate::article::Span;
use crate::hits::{Excerpt, Hit, QuoteHit};
use crate::layers::{Quote, QuoteKind, Speaker};
use crate::schema::Record;

/// Returns a stretch of text cut into pieces, the marked ones in their own paint.
pub fn marked<'t>(text: &'t str, span: Span, marks: &[Span], paint: Paint) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| span.contains(**mark)) {
        if mark.start < at {
            continue;
        }
        pieces.push((paint, Span { start: at, end: mark.start }.of(text)));
        pieces.push((Paint::Mark, mark.of(text)));
        at = mark.end;
    }
    pieces.push((paint, Span { start: at, end: span.end }.of(text)));
    pieces
}

/// Returns the headline, or the article's id where it has none.
pub fn title(record: &Record) -> (&str, Span) {
    match record.headline {
        Some(span) => (&record.text, span),
        None => (&record.id, Span::new(0, record.id.len())),
    }
}

/// Returns whether headline or dek show the sentence already.
pub fn is_shown(hit: &Hit, excerpt: &Excerpt) -> bool {
    [hit.record.headline, hit.record.dek].into_iter().flatten().any(|part| part.contains(excerpt.span))
}

/// Returns the sentences, with an ellipsis where the paragraph goes on.
pub fn excerpt_pieces<'t>(text: &'t str, excerpt: &Excerpt) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    if excerpt.cut_before {
        pieces.push((Paint::Faint, "… "));
    }
    pieces.extend(marked(text, excerpt.span, &excerpt.marks, Paint::Plain));
    if excerpt.cut_after {
        pieces.push((Paint::Faint, " …"));
    }
    pieces
}

/// Returns the quote as printed, an ellipsis where the article puts in words of its own.
pub fn words<'t>(quote: &Quote, text: &'t str, marks: &[Span]) -> Vec<Piece<'t>> {
    let mut pieces: Vec<Piece<'t>> = Vec::new();
    let mut end = None;
    for segment in printed_segments(quote, text) {
        if let Some(end) = end {
            // Two segments may share the mark between them.
            let between = text.get(end as usize..segment.start as usize).unwrap_or_default();
            let gap = if between.trim().is_empty() { " " } else { " … " };
            pieces.push((Paint::Faint, gap));
        }
        pieces.extend(marked(text, segment, marks, Paint::Plain));
        end = Some(segment.end);
    }
    pieces
}

/// A quote as pages show it: the words, who said them, and the headline of the article.
pub struct Quoted<'t> {
    /// The words.
    pub said: Vec<Piece<'t>>,
    /// Who said them.
    pub said_by: SaidBy<'t>,
    /// The headline, or the article's id.
    pub headline: &'t str,
}

impl<'t> Quoted<'t> {
    /// Returns the parts of a row.
    pub fn new(hit: &'t QuoteHit) -> Quoted<'t> {
        let (record, quote) = (&*hit.record, hit.quote());
        let (text, span) = title(record);
        let said = words(quote, &record.text, &hit.marks);
        Quoted { said, said_by: SaidBy::new(quote, &record.text), headline: span.of(text) }
    }
}

/// Who said a quote, in words: as resolved, as described, as printed, and of which class; and how, where it stands
/// outside quotation marks.
pub struct SaidBy<'t> {
    name: Option<&'t str>,
    /// `, Secretary of State (“he”) · official · indirect`.
    rest: String,
}

impl<'t> SaidBy<'t> {
    /// Returns the words for a quote in an article's text.
    pub fn new(quote: &'t Quote, text: &str) -> SaidBy<'t> {
        let speaker = quote.speaker.as_ref();
        let mut rest = speaker.map(|speaker| details(speaker, text)).unwrap_or_default();
        if quote.kind != QuoteKind::Direct {
            rest.push_str(&format!(" · {}", quote.kind.name()));
        }
        SaidBy { name: speaker.map(|speaker| speaker.name.as_str()), rest }
    }

    /// Returns the words with their paint.
    pub fn pieces(&self) -> [Piece<'_>; 2] {
        let name = self.name.map_or((Paint::Faint, "unattributed"), |name| (Paint::Speaker, name));
        [name, (Paint::Plain, &self.rest)]
    }
}

/// Returns what is said of a speaker behind the name.
fn details(speaker: &Speaker, text: &str) -> String {
    let mut words = String::new();
    let description = speaker.description.as_deref();
    if let Some(description) = description.filter(|description| !says_the_same(&speaker.name, description)) {
        words.push_str(&format!(", {description}"));
    }
    let printed = speaker.span.of(text);
    if !speaker.resolved {
        words.push_str(" (not identified)");
    } else if printed != speaker.name {
        words.push_str(&format!(" (“{printed}”)"));
    }
    let roles: Vec<&str> = speaker.roles.iter().map(|role| role.name()).collect();
    if !roles.is_empty() {
        words.push_str(&format!(" · {}", roles.join(", ")));
    }
    words
}

/// Returns whether a description adds nothing to a name ("a senior official" to "senior official").
fn says_the_same(name: &str, description: &str) -> bool {
    let bare = |text: &str| {
        let text = text.to_lowercase();
        let text = ["a ", "an ", "the "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(&text);
        text.to_owned()
    };
    bare(name) == bare(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_text_at_marks() {
        let text = "a ceasefire in Gaza";
        let marks = [Span::new(2, 11), Span::new(15, 19)];
        let pieces = marked(text, Span::new(2, 19), &marks, Paint::Plain);
        let words: Vec<&str> = pieces.iter().map(|(_, words)| *words).collect();
        assert_eq!(words, ["", "ceasefire", " in ", "Gaza", ""]);
    }
}
