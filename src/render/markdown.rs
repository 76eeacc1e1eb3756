//! Markdown, to paste into a note, a wiki or a message.
//!
//! In: hits and quotes. Out: CommonMark: a heading, a source line and a block quote for each row, the matches in bold.
//! Text from articles is escaped, so that none of it becomes markup. Deliberately knows no terminal but that its text
//! must not command one.

use std::io::{self, Write};

use super::flow::Piece;
use super::paint::Paint;
use super::place::{one_line, place};
use super::text::hits::heading as total;
use super::text::quotes_of;
use super::words::{Quoted, excerpt_pieces, marked, title};
use super::{BatchQuery, HitRows, QuoteRows, Sheet, clean, web_address};
use crate::hits::{Hits, QuoteHit};
use crate::schema::Record;

/// Starts a list of ranked articles.
pub fn hits<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    heading(sheet, out)?;
    Ok(Box::new(Articles { out, queries: 0, rows: 0, some: false }))
}

struct Articles<'w> {
    out: &'w mut dyn Write,
    /// How many queries of a batch have begun.
    queries: u64,
    rows: u64,
    /// Whether the articles with only some of the words have begun.
    some: bool,
}

impl HitRows for Articles<'_> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        if self.queries > 0 {
            writeln!(self.out)?;
        }
        (self.queries, self.rows, self.some) = (self.queries + 1, 0, false);
        writeln!(self.out, "# {}\n", escaped(query.words))
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        if self.rows == 0 {
            writeln!(self.out, "{}", total(hits))?;
        }
        for hit in &hits.hits {
            if !hit.complete && !self.some && !hits.mixed {
                self.some = true;
                writeln!(self.out, "\nWith some of the words:")?;
            }
            let record = &hit.record;
            let (text, span) = title(record);
            let headline = joined(&marked(text, span, &hit.marks, Paint::Plain));
            writeln!(self.out, "\n## {}. {}", hit.rank, linked(&headline, record))?;
            let byte = hit.excerpts.first().map_or(0, |excerpt| excerpt.span.start);
            writeln!(self.out, "\n{}", source(record, byte))?;
            for excerpt in &hit.excerpts {
                writeln!(self.out, "\n> {}", opening(&joined(&excerpt_pieces(&record.text, excerpt))))?;
            }
            self.rows += 1;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts a list of quotes.
pub fn quotes<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    heading(sheet, out)?;
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
        writeln!(self.out, "> {}\n>\n> — {speaker}\n\n{headline}  \n{source}\n", opening(&said))
    }

    fn end(&mut self, total: u64) -> io::Result<()> {
        writeln!(self.out, "{}", quotes_of(self.rows, total))
    }
}

/// Writes the heading of the page, where there is one.
fn heading(sheet: Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    if sheet.title.is_empty() || sheet.batch { Ok(()) } else { writeln!(out, "# {}\n", escaped(sheet.title)) }
}

/// Returns the pieces as one line, the matches in bold.
fn joined(pieces: &[Piece<'_>]) -> String {
    let mut line = String::new();
    for (paint, words) in pieces {
        // Bold must begin and end at a letter, or its stars stay stars.
        match (paint, words.trim().is_empty()) {
            (Paint::Mark, false) => line.push_str(&format!("**{}**", escaped(words))),
            _ => line.push_str(&escaped(words)),
        }
    }
    one_line(&line)
}

/// Returns the headline as a link to the article on the web, where it has an address.
fn linked(headline: &str, record: &Record) -> String {
    match web_address(record) {
        Some(url) => {
            let url: String = url
                .chars()
                .map(|letter| match letter {
                    '<' => "%3C".to_owned(),
                    '>' => "%3E".to_owned(),
                    '\\' => "%5C".to_owned(),
                    other => other.to_string(),
                })
                .collect();
            format!("[{headline}](<{url}>)")
        }
        None => headline.to_owned(),
    }
}

/// Returns where an article comes from: `*Outlet · date*` and its place as code.
fn source(record: &Record, byte: u32) -> String {
    let date = record.meta.date.map(|date| date.to_string());
    let known = [record.meta.outlet.as_deref(), date.as_deref()].into_iter().flatten();
    let mut parts: Vec<String> = known.map(escaped).collect();
    parts.push(code(&place(record, byte)));
    parts.join(" · ")
}

/// Returns words that are shown as they are: between more backticks than they hold in a row.
fn code(words: &str) -> String {
    let words = clean(words);
    let longest = words.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if longest > 0 { " " } else { "" };
    format!("{fence}{gap}{words}{gap}{fence}")
}

/// Returns text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if r"\`*_[]<>&~|$".contains(letter) {
            out.push('\\');
        }
        match letter {
            // White space must not reach `clean`, which shows control characters as pictures.
            letter if letter.is_whitespace() => out.push(if letter == '\u{A0}' { letter } else { ' ' }),
            letter => out.push_str(&clean(letter.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

/// Returns a line whose start makes it no heading, list or rule.
fn opening(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if line.starts_with(['#', '+', '-', '=']) {
        return format!("\\{line}");
    }
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        for (text, expected) in [
            ("plain “text”, naïve 停戦", "plain “text”, naïve 停戦"),
            ("a*b_c `d` [e](f) <g> & $5 ~x~ | \\", r"a\*b\_c \`d\` \[e\](f) \<g\> \& \$5 \~x\~ \| \\"),
            ("\u{1b}[31m\u{202e}", r"␛\[31m"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn a_line_starts_as_text() {
        for (line, expected) in
            [("# one", "\\# one"), ("12. two", "12\\. two"), ("- three", "\\- three"), ("2024 was", "2024 was")]
        {
            assert_eq!(opening(line), expected);
        }
    }

    #[test]
    fn places_are_code() {
        assert_eq!(code("a b.txt:3"), "`a b.txt:3`");
        assert_eq!(code("a``b:3"), "``` a``b:3 ```");
    }
}
