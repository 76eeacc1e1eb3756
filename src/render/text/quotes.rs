//! Quotes: the words in their own marks, who said them, and where they stand.

use std::io::{self, Write};

use super::{counted, grouped, headline, source_line};
use crate::hits::QuoteHit;
use crate::render::flow::{Indent, Pen};
use crate::render::paint::Paint;
use crate::render::words::{SaidBy, title, words};
use crate::render::{QuoteRows, Sheet};

/// Starts a list of quotes.
pub fn open<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Quotes { pen: Pen::new(sheet.style, out), rows: 0 }))
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
        let mut words = vec![(Paint::Strong, span.of(text))];
        let score = format!(" {:.2}", hit.score);
        if pen.shows_scores() {
            words.push((Paint::Faint, &score));
        }
        headline(pen, Indent::all(4), record, &words)?;
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
