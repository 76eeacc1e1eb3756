//! Quotes: the words in their own marks, who said them, and where they stand.

use std::io::{self, Write};

use super::{counted, grouped, marked, source_line, title};
use crate::article::Span;
use crate::hits::QuoteHit;
use crate::layers::{Quote, QuoteKind, Speaker};
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
        pen.flow(Indent::default(), &words(quote, &record.text, &hit.marks))?;
        let said_by = SaidBy::new(quote, &record.text);
        let mut pieces = vec![(Paint::Faint, "— ")];
        pieces.extend(said_by.pieces());
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
