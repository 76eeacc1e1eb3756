//! An article in the making: the parts that a record gives, put together, with what can be read off them.

use super::{ARTICLE_LIMIT, Source, dateline};
use crate::article::{Article, Meta, Span};
use crate::problem::{Problem, Reason};

/// The parts of an article, as a record gives them.
#[derive(Debug, Default)]
pub struct Draft {
    /// The source's own id.
    pub id: Option<String>,
    /// The record's number inside a file that holds several, from 1.
    pub record: Option<u32>,
    /// The line of the file on which the record starts.
    pub line: u32,
    pub headline: Option<String>,
    pub dek: Option<String>,
    pub body: String,
    pub meta: Meta,
}

impl Draft {
    /// Returns the article: headline, dek and body, joined by blank lines.
    ///
    /// # Errors
    /// When there is no text, or too much.
    pub fn article(self, source: Source<'_>) -> Result<Article, Problem> {
        let line = self.line.max(1);
        let mut text = String::with_capacity(self.body.len() + 256);
        let mut add = |part: &str| {
            if part.trim().is_empty() {
                return None;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let start = text.len();
            text.push_str(part);
            Some(Span::new(start, text.len()))
        };
        let headline = self.headline.as_deref().and_then(&mut add);
        let dek = self.dek.as_deref().and_then(&mut add);
        let body = add(&self.body);
        if text.is_empty() {
            return Err(source.problem(Some(line), Reason::NoText, "has no headline and no text"));
        }
        if text.len() > ARTICLE_LIMIT {
            return Err(too_large(source, Some(line)));
        }
        let end = text.len();
        let id = self.id.filter(|id| !id.trim().is_empty());
        let number = self.record.map(|record| format!("{}#{record}", source.id));
        let mut article = Article {
            id: id.or(number).unwrap_or_else(|| source.id.to_owned()),
            path: source.path.to_owned(),
            record: self.record,
            line,
            headline,
            dek,
            body: body.unwrap_or(Span::new(end, end)),
            text,
            meta: self.meta,
        };
        dateline::complete(&mut article);
        Ok(article)
    }
}

/// Returns the problem of an article over the limit.
pub fn too_large(source: Source<'_>, line: Option<u32>) -> Problem {
    let detail = format!("is over {} MB, the limit for one article", ARTICLE_LIMIT >> 20);
    source.problem(line, Reason::TooLarge, detail)
}

/// Returns the first bytes of a text, cut between letters.
pub fn start_of(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
