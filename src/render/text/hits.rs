//! Ranked articles: headline, source, and the sentences that show why.

use std::io::{self, Write};

use super::{grouped, headline, source_line, stories};
use crate::hits::{Copies, Hit, Hits};
use crate::render::flow::{Indent, Pen};
use crate::render::paint::Paint;
use crate::render::words::{excerpt_pieces, is_shown, marked, title};
use crate::render::{BatchQuery, HitRows, Sheet};

/// Starts a list of ranked articles, with a border where those with only some of the words begin.
pub fn open<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Articles {
        pen: Pen::new(sheet.style, out),
        rows: 0,
        last_rank: 0,
        complete: true,
        known: 0,
        queries: 0,
    }))
}

struct Articles<'w> {
    pen: Pen<'w>,
    rows: usize,
    last_rank: usize,
    /// Whether every article so far has all the words.
    complete: bool,
    /// How many rows there are, as far as they were counted.
    known: u64,
    /// How many queries of a batch have begun.
    queries: usize,
}

impl HitRows for Articles<'_> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        if self.queries > 0 {
            self.pen.end_line()?;
        }
        self.queries += 1;
        (self.rows, self.last_rank, self.complete, self.known) = (0, 0, true, 0);
        self.pen.border(&format!("{}: {}", query.id, query.words))
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        if self.rows == 0 {
            self.pen.line(Paint::Faint, &heading(hits))?;
        }
        let ranks = hits.hits.last().map_or(1, |hit| hit.rank.to_string().len());
        for hit in &hits.hits {
            if self.complete && !hit.complete && !hits.mixed {
                self.complete = false;
                self.pen.end_line()?;
                self.pen.border(&border(hits))?;
            }
            self.pen.end_line()?;
            article(&mut self.pen, hit, ranks)?;
            self.rows += 1;
            self.last_rank = hit.rank;
        }
        self.known = hits.rows();
        Ok(())
    }

    /// Says how many articles come after the last one shown, and how to see them.
    fn end(&mut self) -> io::Result<()> {
        let left = self.known.saturating_sub(self.last_rank as u64);
        if self.rows == 0 || left == 0 {
            return Ok(());
        }
        self.pen.end_line()?;
        self.pen.line(Paint::Faint, &format!("{} more with --offset {}", grouped(left), self.last_rank))
    }
}

/// Returns the line above the first article.
pub fn heading(hits: &Hits) -> String {
    match (hits.total, hits.partial) {
        (total, Some(partial)) if hits.mixed => {
            let articles = stories(total + partial, hits.copies + hits.partial_copies);
            format!("{articles}, {} with all the words", grouped(total))
        }
        (0, Some(1..)) => "no article has all the words".to_owned(),
        (total, Some(1..)) => format!("{} with all the words", stories(total, hits.copies)),
        (total, _) => stories(total, hits.copies),
    }
}

/// Returns the words of the border.
fn border(hits: &Hits) -> String {
    let more = |partial| match hits.partial_copies {
        0 => grouped(partial),
        copies => stories(partial, copies),
    };
    match hits.partial {
        Some(partial) if hits.total > 0 => format!("{} more with some of the words", more(partial)),
        Some(partial) => format!("{} with some of the words", more(partial)),
        None => "with some of the words".to_owned(),
    }
}

/// Writes one article below its rank.
fn article(pen: &mut Pen<'_>, hit: &Hit, ranks: usize) -> io::Result<()> {
    let indent = ranks + 2;
    pen.put(Paint::Faint, &format!("{:>ranks$}  ", hit.rank))?;
    let (text, span) = title(&hit.record);
    let mut pieces = marked(text, span, &hit.marks, Paint::Strong);
    let score = format!(" {:.2}", hit.score);
    if pen.shows_scores() {
        pieces.push((Paint::Faint, &score));
    }
    headline(pen, Indent::after(indent), &hit.record, &pieces)?;
    let byte = hit.excerpts.first().map_or(0, |excerpt| excerpt.span.start);
    source_line(pen, indent, &hit.record, byte)?;
    if hit.copies.count > 0 {
        pen.flow(Indent::all(indent), &[(Paint::Faint, &copies(hit))])?;
    }
    if let Some(dek) = hit.record.dek.filter(|dek| hit.marks.iter().any(|mark| dek.contains(*mark))) {
        pen.flow(Indent::all(indent + 2), &marked(&hit.record.text, dek, &hit.marks, Paint::Plain))?;
    }
    for excerpt in hit.excerpts.iter().filter(|excerpt| !is_shown(hit, excerpt)) {
        pen.flow(Indent::all(indent + 2), &excerpt_pieces(&hit.record.text, excerpt))?;
    }
    Ok(())
}

/// Returns the line about an article's copies: `+3 copies until 2024-09-07: Hallow Post, Sund Courier, …`.
fn copies(hit: &Hit) -> String {
    /// So many outlets are named.
    const SHOWN: usize = 3;
    let Copies { count, until, first } = &hit.copies;
    let noun = if *count == 1 { "copy" } else { "copies" };
    let mut line = format!("+{} {noun}", grouped(*count));
    if let Some(until) = until.filter(|until| hit.record.meta.date != Some(*until)) {
        line.push_str(&format!(" until {until}"));
    }
    let mut outlets: Vec<&str> = Vec::new();
    for outlet in first.iter().filter_map(|copy| copy.outlet.as_deref()) {
        if !outlets.contains(&outlet) {
            outlets.push(outlet);
        }
    }
    if !outlets.is_empty() {
        let more = outlets.len() > SHOWN || *count > first.len() as u64;
        outlets.truncate(SHOWN);
        line.push_str(&format!(": {}{}", outlets.join(", "), if more { ", …" } else { "" }));
    }
    line
}
