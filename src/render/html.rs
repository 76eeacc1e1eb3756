//! One page for a browser, whole in itself: no script, nothing fetched.
//!
//! In: hits and quotes. Out: HTML. Text from articles is escaped, its direction kept to itself; only web addresses
//! become links. Deliberately knows no terminal but that its text must not command one.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::flow::Piece;
use super::paint::Paint;
use super::place::place;
use super::text::hits::heading;
use super::text::quotes_of;
use super::words::{Quoted, excerpt_pieces, marked, title};
use super::{BatchQuery, HitRows, QuoteRows, Sheet, clean, web_address};
use crate::hits::{Hits, QuoteHit};
use crate::schema::Record;

/// How the page looks: readable lines, the reader's light or dark.
const LOOKS: &str = "\
:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.6rem 0 .1rem}p{margin:.3rem 0}.source,.count{opacity:.75;font-size:.9rem}\
.source code{overflow-wrap:anywhere}blockquote{margin:1.6rem 0 .3rem;padding-left:1rem;border-left:3px solid #888}\
figure{margin:0}mark{background:#ffe58a;color:#000}ol{padding-left:2rem}";

/// Starts a list of ranked articles.
pub fn hits<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    begin(sheet, out)?;
    Ok(Box::new(Articles { out, rows: 0, some: false }))
}

struct Articles<'w> {
    out: &'w mut dyn Write,
    rows: u64,
    /// Whether the articles with only some of the words have begun.
    some: bool,
}

impl HitRows for Articles<'_> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        (self.rows, self.some) = (0, false);
        writeln!(self.out, "<h1 dir=\"auto\">{}</h1>", escaped(query.words))
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        if self.rows == 0 {
            writeln!(self.out, "<p class=\"count\">{}</p>", heading(hits))?;
            let first = hits.hits.first().map_or(1, |hit| hit.rank);
            writeln!(self.out, "<ol start=\"{first}\">")?;
        }
        for hit in &hits.hits {
            if !hit.complete && !self.some && !hits.mixed {
                self.some = true;
                let rank = hit.rank;
                writeln!(self.out, "</ol>\n<p class=\"count\">with some of the words</p>\n<ol start=\"{rank}\">")?;
            }
            let record = &hit.record;
            let (text, span) = title(record);
            let headline = joined(&marked(text, span, &hit.marks, Paint::Plain));
            let byte = hit.excerpts.first().map_or(0, |excerpt| excerpt.span.start);
            writeln!(self.out, "<li value=\"{}\"><article{}>", hit.rank, lang(record))?;
            writeln!(self.out, "<h2 dir=\"auto\">{}</h2>\n{}", linked(&headline, record), source(record, byte))?;
            for excerpt in &hit.excerpts {
                writeln!(self.out, "<p dir=\"auto\">{}</p>", joined(&excerpt_pieces(&record.text, excerpt)))?;
            }
            writeln!(self.out, "</article></li>")?;
            self.rows += 1;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        writeln!(self.out, "</ol>")
    }

    fn close(&mut self) -> io::Result<()> {
        writeln!(self.out, "</main>\n</body>\n</html>")
    }
}

/// Starts a list of quotes.
pub fn quotes<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    begin(sheet, out)?;
    Ok(Box::new(Quotes { out, rows: 0 }))
}

struct Quotes<'w> {
    out: &'w mut dyn Write,
    rows: u64,
}

impl QuoteRows for Quotes<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        let record = &*hit.record;
        let Quoted { said, said_by, headline } = Quoted::new(hit);
        let (said, speaker) = (joined(&said), joined(&said_by.pieces()));
        let (headline, source) = (linked(&escaped(headline), record), source(record, hit.quote().span().start));
        self.rows += 1;
        writeln!(self.out, "<figure{}><blockquote dir=\"auto\">{said}</blockquote>", lang(record))?;
        writeln!(self.out, "<figcaption><p dir=\"auto\">— {speaker}</p>\n<p dir=\"auto\">{headline}</p>")?;
        writeln!(self.out, "{source}</figcaption></figure>")
    }

    fn end(&mut self, total: u64) -> io::Result<()> {
        let count = quotes_of(self.rows, total);
        writeln!(self.out, "<p class=\"count\">{count}</p>\n</main>\n</body>\n</html>")
    }
}

/// Writes everything above the first row.
fn begin(sheet: Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = if sheet.title.is_empty() { "onrecord".to_owned() } else { escaped(sheet.title) };
    let heading = if sheet.batch { String::new() } else { format!("\n<h1 dir=\"auto\">{title}</h1>") };
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"generator\" content=\"onrecord\">\n<title>{title}</title>\n<style>{LOOKS}</style>\n</head>\n\
         <body>\n<main>{heading}"
    )
}

/// Returns the attribute that says in which language an article is, where that is known.
fn lang(record: &Record) -> String {
    record.meta.lang.as_ref().map(|lang| format!(" lang=\"{}\"", escaped(lang))).unwrap_or_default()
}

/// Returns the headline as a link to the article on the web, where it has an address.
fn linked(headline: &str, record: &Record) -> String {
    match web_address(record) {
        Some(url) => format!("<a href=\"{}\" rel=\"noreferrer\">{headline}</a>", escaped(url)),
        None => headline.to_owned(),
    }
}

/// Returns the line that says where an article comes from.
fn source(record: &Record, byte: u32) -> String {
    let mut line = String::from("<p class=\"source\">");
    if let Some(outlet) = &record.meta.outlet {
        let _ = write!(line, "<bdi>{}</bdi> · ", escaped(outlet));
    }
    if let Some(date) = record.meta.date {
        let _ = write!(line, "<time datetime=\"{date}\">{date}</time> · ");
    }
    let _ = write!(line, "<code>{}</code></p>", escaped(&place(record, byte)));
    line
}

/// Returns the pieces as one line, the matches marked.
fn joined(pieces: &[Piece<'_>]) -> String {
    let mut line = String::new();
    for (paint, words) in pieces.iter().filter(|(_, words)| !words.is_empty()) {
        match paint {
            Paint::Mark => line.push_str(&format!("<mark>{}</mark>", escaped(words))),
            _ => line.push_str(&escaped(words)),
        }
    }
    line
}

/// Returns text in which nothing is markup, on one line.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push_str(&clean(other.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}
