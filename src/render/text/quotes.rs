//! Quotes: the words in their own marks, who said them, and where they stand.

use std::io::{self, Write};

use super::{counted, grouped, marked, source_line, title};
use crate::hits::QuoteHit;
use crate::layers::Speaker;
use crate::render::flow::{Indent, Pen, Piece};
use crate::render::paint::Paint;
use crate::render::place::printed_segments;
use crate::render::{QuoteRows, Style};

/// Starts a list of quotes.
pub fn open<'w>(style: Style, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Quotes { pen: Pen::new(style, out), rows: 0 }))
}

struct Quotes<'w> {
    pen: Pen<'w>,
    rows: u64,
}

impl QuoteRows for Quotes<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        let pen = &mut self.pen;
        let (record, quote) = (&*hit.record, hit.quote());
        pen.flow(Indent::default(), &words(hit))?;
        let mut pieces = vec![(Paint::Faint, "— ")];
        let speaker = quote.speaker.as_ref();
        let said_by = speaker.map(|speaker| SaidBy::new(speaker, &record.text));
        match &said_by {
            Some(said_by) => pieces.extend(said_by.pieces()),
            None => pieces.push((Paint::Faint, "unattributed")),
        }
        pen.pad(2)?;
        pen.flow(Indent { first: 0, taken: 2, rest: 4 }, &pieces)?;
        let (text, span) = title(record);
        let mut headline = vec![(Paint::Strong, span.of(text))];
        let score = format!(" {:.2}", hit.score);
        if pen.shows_scores() {
            headline.push((Paint::Faint, &score));
        }
        pen.flow(Indent::all(4), &headline)?;
        source_line(pen, 4, record, quote.span().start)?;
        self.rows += 1;
        pen.end_line()
    }

    fn end(&mut self, total: u64) -> io::Result<()> {
        let words = match self.rows {
            rows if rows == total => counted(total, "quote"),
            rows => format!("{} of {}", grouped(rows), counted(total, "quote")),
        };
        self.pen.line(Paint::Faint, &words)
    }
}

/// Returns the quote as printed, an ellipsis where the article puts in words of its own.
fn words(hit: &QuoteHit) -> Vec<Piece<'_>> {
    let text = &hit.record.text;
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut end = None;
    for segment in printed_segments(hit.quote(), text) {
        if let Some(end) = end {
            let between = &text[end as usize..segment.start as usize];
            let gap = if between.trim().is_empty() { " " } else { " … " };
            pieces.push((Paint::Faint, gap));
        }
        pieces.extend(marked(text, segment, &hit.marks, Paint::Plain));
        end = Some(segment.end);
    }
    pieces
}

/// A speaker in words: as resolved, as described, as printed, and of which class.
pub struct SaidBy<'t> {
    name: &'t str,
    /// `, Secretary of State (“he”) · official`.
    rest: String,
}

impl<'t> SaidBy<'t> {
    /// Returns the words for a speaker in an article's text.
    pub fn new(speaker: &'t Speaker, text: &str) -> SaidBy<'t> {
        let mut rest = String::new();
        let printed = speaker.span.of(text);
        let description = speaker.description.as_deref();
        if let Some(description) = description.filter(|description| !says_the_same(&speaker.name, description)) {
            rest.push_str(&format!(", {description}"));
        }
        if !speaker.resolved {
            rest.push_str(" (not identified)");
        } else if printed != speaker.name {
            rest.push_str(&format!(" (“{printed}”)"));
        }
        let roles: Vec<&str> = speaker.roles.iter().map(|role| role.name()).collect();
        if !roles.is_empty() {
            rest.push_str(&format!(" · {}", roles.join(", ")));
        }
        SaidBy { name: &speaker.name, rest }
    }

    /// Returns the words with their paint.
    pub fn pieces(&self) -> [Piece<'_>; 2] {
        [(Paint::Speaker, self.name), (Paint::Plain, &self.rest)]
    }
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
