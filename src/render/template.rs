//! Rows in the reader's own words: `{date} {outlet}: {headline}`.
//!
//! In: a template, and hits or quotes. Out: one line a row. `\t`, `\n`, `\0` and `\\` mean what they mean elsewhere,
//! `{{` and `}}` are braces. White space inside a value runs together. Only articles with all the words are written.
//! Deliberately knows no terminal but that text must not command one.

use std::borrow::Cow;
use std::io::{self, Write};

use super::columns::{Picked, Row, pick};
use super::place::one_line;
use super::{BatchQuery, HitRows, QuoteRows, Sheet, Style, clean};
use crate::hits::{Hit, Hits, QuoteHit};

/// The placeholder of what was asked.
const QUERY: &str = "query";

/// A template as typed, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

impl Template {
    /// Cuts a template into its parts; what is between braces may be any name.
    ///
    /// # Errors
    /// When a brace has no partner, or nothing is between two.
    pub fn parse(typed: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut letters = typed.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.next_if_eq(&letter).is_some() => text.push(letter),
                '{' => {
                    let mut name = String::new();
                    let closed = letters.by_ref().any(|letter| match letter {
                        '}' => true,
                        other => {
                            name.push(other);
                            false
                        }
                    });
                    if !closed {
                        return Err(format!("`{{{name}` is never closed; a brace of its own is written `{{{{`"));
                    }
                    if name.trim().is_empty() {
                        return Err("`{}` names nothing; write `{headline}`, or `{{}}` for the braces".to_owned());
                    }
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    parts.push(Part::Name(name.trim().to_owned()));
                }
                '}' => return Err("`}` closes nothing; a brace of its own is written `}}`".to_owned()),
                '\\' => text.push(match letters.next() {
                    Some('t') => '\t',
                    Some('n') => '\n',
                    Some('0') => '\0',
                    Some('\\') | None => '\\',
                    Some(other) => {
                        return Err(format!(
                            "`\\{other}` means nothing here; there are `\\t`, `\\n`, `\\0` and `\\\\`"
                        ));
                    }
                }),
                other => text.push(other),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }

    /// Starts a list of ranked articles; `end` stands behind each.
    ///
    /// # Errors
    /// When articles do not have what a placeholder names.
    pub fn hits<'w>(&self, end: u8, sheet: Sheet<'_>, out: &'w mut dyn Write) -> Result<Box<dyn HitRows + 'w>, String> {
        Ok(Box::new(Filled::<Hit>::new(self, end, sheet, out)?))
    }

    /// Starts a list of quotes; `end` stands behind each.
    ///
    /// # Errors
    /// When quotes do not have what a placeholder names.
    pub fn quotes<'w>(
        &self,
        end: u8,
        sheet: Sheet<'_>,
        out: &'w mut dyn Write,
    ) -> Result<Box<dyn QuoteRows + 'w>, String> {
        Ok(Box::new(Filled::<QuoteHit>::new(self, end, sheet, out)?))
    }
}

impl Template {
    /// Writes rows that are there already; `end` stands behind each.
    ///
    /// # Errors
    /// When such rows do not have what a placeholder names; inside, when the writer fails.
    pub fn all<R: Row>(
        &self,
        rows: &[R],
        end: u8,
        style: Style,
        out: &mut dyn Write,
    ) -> Result<io::Result<()>, String> {
        let mut filled = Filled::<R>::new(self, end, style.into(), out)?;
        Ok(rows.iter().try_for_each(|row| filled.write(row)))
    }
}

/// A template whose names are found.
struct Filled<'w, R: 'static> {
    parts: Vec<FilledPart<R>>,
    /// The query as typed, or what its batch calls it.
    query: String,
    end: u8,
    style: Style,
    out: &'w mut dyn Write,
}

enum FilledPart<R: 'static> {
    Text(String),
    Query,
    Value(Picked<R>),
}

impl<'w, R: Row> Filled<'w, R> {
    fn new(template: &Template, end: u8, sheet: Sheet<'_>, out: &'w mut dyn Write) -> Result<Filled<'w, R>, String> {
        let parts = template.parts.iter().map(|part| match part {
            Part::Text(text) => Ok(FilledPart::Text(text.clone())),
            Part::Name(name) if name == QUERY => Ok(FilledPart::Query),
            Part::Name(name) => pick(name).map(FilledPart::Value),
        });
        let (parts, query) = (parts.collect::<Result<_, _>>()?, sheet.title.to_owned());
        Ok(Filled { parts, query, end, style: sheet.style, out })
    }

    fn write(&mut self, row: &R) -> io::Result<()> {
        for part in &self.parts {
            match part {
                FilledPart::Text(text) => self.out.write_all(text.as_bytes())?,
                FilledPart::Query => self.out.write_all(plain((&*self.query).into(), self.style).as_bytes())?,
                FilledPart::Value(picked) => {
                    let value = plain(picked.value(row), self.style);
                    self.out.write_all(value.as_bytes())?;
                }
            }
        }
        self.out.write_all(&[self.end])
    }
}

impl HitRows for Filled<'_, Hit> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        query.id.clone_into(&mut self.query);
        Ok(())
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        hits.hits.iter().filter(|hit| hit.complete).try_for_each(|hit| self.write(hit))
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl QuoteRows for Filled<'_, QuoteHit> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        self.write(hit)
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a value on one line and, for a terminal, without anything it would obey.
pub fn plain(value: Cow<'_, str>, style: Style) -> Cow<'_, str> {
    if !value.contains(|letter: char| letter.is_control()) {
        return match (style.terminal, value) {
            (true, Cow::Borrowed(value)) => clean(value),
            (true, Cow::Owned(value)) => Cow::Owned(clean(&value).into_owned()),
            (false, value) => value,
        };
    }
    let line = one_line(&value);
    Cow::Owned(if style.terminal { clean(&line).into_owned() } else { line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::{hits, quote_hits};

    fn filled(typed: &str) -> Result<String, String> {
        let template = Template::parse(typed)?;
        let mut out = Vec::new();
        let mut rows = template.hits(b'\n', Sheet { title: "gaza", ..Sheet::default() }, &mut out)?;
        rows.part(&hits()).unwrap();
        rows.end().unwrap();
        drop(rows);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn values_stand_where_their_names_stood() {
        for (typed, expected) in [
            ("{date} {outlet}: {headline}", "2031-05 Harbour Times: Talks resume\n"),
            ("{id}\\t{place}\\n", "talks\tnews/talks.txt:7\n\n"),
            ("{{ {rank} }}\\\\", "{ 1 }\\\n"),
            ("[{ byline }]", "[]\n"),
            ("{query}: {id}", "gaza: talks\n"),
            ("停{lang}戦", "停戦\n"),
            ("", "\n"),
        ] {
            assert_eq!(filled(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn quotes_have_their_own_values() {
        let mut out = Vec::new();
        let template = Template::parse("{speaker}: {quote}").unwrap();
        let mut rows = template.quotes(0, Sheet::default(), &mut out).unwrap();
        quote_hits().iter().for_each(|hit| rows.row(hit).unwrap());
        drop(rows);
        assert_eq!(String::from_utf8(out).unwrap(), "Maria Lund: We are close, very close.\0: A ceasefire,\0");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (typed, expected) in [
            ("{headlin}", "there is no placeholder `{headlin}`; did you mean `{headline}`?\nthere are {rank} {score} "),
            ("{speaker}", "there is no placeholder `{speaker}`\nthere are "),
            ("{date", "`{date` is never closed"),
            ("date}", "`}` closes nothing"),
            ("{}", "`{}` names nothing"),
            ("a\\q", "`\\q` means nothing here"),
        ] {
            let told = filled(typed).unwrap_err();
            assert!(told.starts_with(expected), "{typed}: {told}");
        }
    }
}
