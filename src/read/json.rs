//! JSON: one article, a list of articles, or several one after the other.
//!
//! The text of an article is its headline, its dek and its body joined by blank lines; a record with nothing but a
//! `text` is read like plain text, and offsets point into that value.

use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{ARTICLE_LIMIT, Each, Source, date, text};
use crate::article::{Article, Meta, Span};
use crate::problem::{Problem, Reason};

/// The largest file that is read as one JSON document, in bytes. JSON Lines have no such limit.
const FILE_LIMIT: usize = 256 << 20;

const HEADLINE: &[&str] = &["headline", "title"];
const DEK: &[&str] = &["dek", "subheadline", "standfirst", "subtitle"];
const BODY: &[&str] = &["body", "text", "content"];
const DATE: &[&str] =
    &["date", "published", "published_at", "date_published", "date_publish", "datePublished", "pubDate", "publishedAt"];
const URL: &[&str] = &["url", "link"];
const OUTLET: &[&str] = &["outlet", "source", "publisher"];
const BYLINE: &[&str] = &["byline", "author", "authors"];
const SECTION: &[&str] = &["section", "category"];
const LANG: &[&str] = &["lang", "language"];

/// Reads a `.json` file.
pub fn read(input: &mut dyn BufRead, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > FILE_LIMIT {
        let detail = format!("is over {} MB, the limit for one JSON document; JSON Lines have none", FILE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut number = 0;
    let mut give = |value: Value| {
        number += 1;
        each(article_from_value(value, source, Some(number), 1));
    };
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let parsed = match first {
        None => {
            each(Err(source.problem(None, Reason::Empty, "is empty")));
            return Ok(());
        }
        Some(b'[') => {
            let mut parser = serde_json::Deserializer::from_slice(bytes);
            Elements(&mut give).deserialize(&mut parser).and_then(|()| parser.end())
        }
        Some(_) => serde_json::Deserializer::from_slice(bytes).into_iter().try_for_each(|value| value.map(&mut give)),
    };
    if let Err(error) = parsed {
        each(Err(malformed(source, error.line() as u32, &error)));
    }
    Ok(())
}

/// The elements of a list, given one by one as they are parsed.
struct Elements<'a>(&'a mut dyn FnMut(Value));

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of articles")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element()? {
            (self.0)(value);
        }
        Ok(())
    }
}

/// Returns the article in one line of JSON.
///
/// # Errors
/// When the line is no JSON object, or holds no text.
pub fn article_from_line(line: &str, source: Source<'_>, number: u32, file_line: u32) -> Result<Article, Problem> {
    match serde_json::from_str(line) {
        Ok(value) => article_from_value(value, source, Some(number), file_line),
        Err(error) => Err(malformed(source, file_line, &error)),
    }
}

fn malformed(source: Source<'_>, line: u32, error: &serde_json::Error) -> Problem {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let column = error.column();
    source.problem(Some(line), Reason::Malformed, format!("is not valid JSON (column {column}: {words})"))
}

fn article_from_value(value: Value, source: Source<'_>, record: Option<u32>, line: u32) -> Result<Article, Problem> {
    let Value::Object(mut fields) = value else {
        return Err(source.problem(Some(line), Reason::Malformed, "is no JSON object"));
    };
    let headline = take(&mut fields, HEADLINE);
    let dek = take(&mut fields, DEK);
    let body = take(&mut fields, BODY);
    let meta = meta(&mut fields);
    let id = take(&mut fields, &["id", "_id"]);
    let plain = headline.is_none() && dek.is_none();
    let mut article = match body {
        Some(body) if plain => {
            text::article(body, source).map_err(|problem| Problem { line: Some(line), ..problem })?
        }
        body => joined(headline, dek, body),
    };
    if article.text.trim().is_empty() {
        return Err(source.problem(Some(line), Reason::NoText, "has no headline and no text"));
    }
    if article.text.len() > ARTICLE_LIMIT {
        let detail = format!("is over {} MB, the limit for one article", ARTICLE_LIMIT >> 20);
        return Err(source.problem(Some(line), Reason::TooLarge, detail));
    }
    article.id = id.unwrap_or_else(|| record.map_or(source.id.to_owned(), |record| format!("{}#{record}", source.id)));
    article.path = source.path.to_owned();
    article.record = record;
    article.line = line;
    article.meta = meta;
    Ok(article)
}

/// Returns an article whose text is its parts, joined by blank lines.
fn joined(headline: Option<String>, dek: Option<String>, body: Option<String>) -> Article {
    let mut text = String::new();
    let mut add = |part: Option<String>| {
        let part = part?;
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&part);
        Some(Span::new(start, text.len()))
    };
    let headline = add(headline);
    let dek = add(dek);
    let body = add(body);
    let end = text.len();
    Article { headline, dek, body: body.unwrap_or(Span::new(end, end)), text, ..Article::default() }
}

fn meta(fields: &mut Map<String, Value>) -> Meta {
    let date_raw = take(fields, DATE);
    Meta {
        byline: take(fields, BYLINE),
        dateline: take(fields, &["dateline"]),
        outlet: take(fields, OUTLET),
        section: take(fields, SECTION),
        url: take(fields, URL),
        lang: take(fields, LANG),
        date: date_raw.as_deref().and_then(date::parse),
        date_raw,
    }
}

/// Takes the first of the named fields that holds words.
fn take(fields: &mut Map<String, Value>, names: &[&str]) -> Option<String> {
    for name in names {
        let Some(value) = fields.get_mut(*name) else { continue };
        if let Some(words) = words(value.take()) {
            return Some(words);
        }
    }
    None
}

/// Returns the words in a value: a string, a number, the `name` of an object, or a list of these.
fn words(value: Value) -> Option<String> {
    let words = match value {
        Value::String(words) => words,
        Value::Number(number) => number.to_string(),
        Value::Object(mut fields) => words(fields.get_mut("name")?.take())?,
        Value::Array(values) => values.into_iter().filter_map(words).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) => return None,
    };
    if words.trim().is_empty() { None } else { Some(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &str) -> Vec<Result<Article, String>> {
        let mut found = Vec::new();
        let source = Source { path: "wire.json", id: "wire", size: 0 };
        read(&mut bytes.as_bytes(), source, &mut |article| found.push(article.map_err(|problem| problem.to_string())))
            .expect("no disk");
        found
    }

    #[test]
    fn reads_one_a_list_and_several() {
        for (bytes, ids) in [
            (r#"{"title": "Head", "text": "Body."}"#, vec!["wire#1"]),
            (r#"[{"headline": "A", "id": "x"}, {"headline": "B"}]"#, vec!["x", "wire#2"]),
            ("{\"headline\": \"A\"}\n{\"headline\": \"B\", \"id\": 7}\n", vec!["wire#1", "7"]),
        ] {
            let found: Vec<String> = parse(bytes).into_iter().map(|article| article.expect("an article").id).collect();
            assert_eq!(found, ids, "{bytes}");
        }
    }

    #[test]
    fn keeps_the_parts_and_what_the_source_says() {
        let found = parse(
            r#"{"headline": "Head", "dek": "Dek", "body": "One.\n\nTwo.", "published": "2024-09-19T08:00:00Z",
                "source": {"name": "The Harbour Post"}, "authors": ["Ada Finch", "Lee Oduya"], "url": "https://example.org/a"}"#,
        );
        let article = found[0].as_ref().expect("an article");
        assert_eq!(article.text, "Head\n\nDek\n\nOne.\n\nTwo.");
        assert_eq!(article.headline_text(), "Head");
        assert_eq!(article.dek.map(|span| span.of(&article.text)), Some("Dek"));
        assert_eq!(article.body.of(&article.text), "One.\n\nTwo.");
        assert_eq!(article.meta.outlet.as_deref(), Some("The Harbour Post"));
        assert_eq!(article.meta.byline.as_deref(), Some("Ada Finch, Lee Oduya"));
        assert_eq!(article.meta.date.map(|date| date.number()), Some(20_240_919));
    }

    #[test]
    fn a_text_alone_is_read_like_plain_text() {
        let found = parse(r#"{"id": "a", "text": "Head\n\nBody here."}"#);
        let article = found[0].as_ref().expect("an article");
        assert_eq!((article.headline_text(), article.body.of(&article.text)), ("Head", "Body here."));
    }

    #[test]
    fn says_what_is_wrong() {
        for (bytes, message) in [
            ("", "wire.json: is empty"),
            ("[1]", "wire.json:1: is no JSON object"),
            ("{\"headline\": \"A\",\n }", "wire.json:2: is not valid JSON (column 2: trailing comma)"),
            ("{\"url\": \"x\"}", "wire.json:1: has no headline and no text"),
        ] {
            assert_eq!(parse(bytes).pop().expect("an answer").expect_err("a problem"), message, "{bytes}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse(&deep)[0].as_ref().expect_err("a problem").contains("recursion limit"));
    }
}
