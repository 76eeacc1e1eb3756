//! JSON: one article, a list of articles, or several one after the other; ninjs and news-please records among them.
//!
//! The text of an article is its headline, its dek and its body joined by blank lines; a record with nothing but a
//! `text` is read like plain text, and offsets point into that value. Which field is what is guessed, see [`super::map`].

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;

use super::draft::{Draft, too_large};
use super::map::{Part, Sorted};
use super::{ARTICLE_LIMIT, Each, Head, Input, Source, date, markup, text};
use crate::article::{Article, Meta};
use crate::problem::{Problem, Reason};

/// The largest file that is read as one JSON document, in bytes. JSON Lines have no such limit.
const FILE_LIMIT: usize = 256 << 20;
/// Objects around an article or a list of articles.
const WRAPPERS: &[&str] =
    &["articles", "items", "results", "data", "hits", "docs", "documents", "stories", "response", "_source", "article"];
/// How deep wrappers are looked into.
const WRAPPED: u8 = 3;
/// What a record says it is when it is no text.
const NO_TEXTS: &[&str] = &["picture", "photo", "image", "video", "audio", "graphic", "event", "planning"];

/// Returns whether a file is JSON, whatever its name.
pub fn sniff(head: &Head<'_>) -> bool {
    let inner = head.start.strip_prefix(b"[").map_or(head.start, <[u8]>::trim_ascii_start);
    let inner = inner.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.starts_with(b"\"")) && !head.has_extension(&["jsonl", "ndjson"])
}

/// Reads a `.json` file.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > FILE_LIMIT {
        let detail = format!("is over {} MB, the limit for one JSON document; JSON Lines have none", FILE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let each = RefCell::new(each);
    let mut number = 0;
    let mut give = |value: Value| {
        unwrap(value, 0, &mut number, &mut |value, number| {
            (each.borrow_mut())(article_from_value(value, source, Some(number), 1));
        })
    };
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let parsed = match first {
        None => {
            (each.borrow_mut())(Err(source.problem(None, Reason::Empty, "is empty")));
            return Ok(());
        }
        Some(b'[') => {
            let mut parser = serde_json::Deserializer::from_slice(bytes);
            Elements(&mut give).deserialize(&mut parser).and_then(|()| parser.end())
        }
        Some(_) => {
            let mut values = serde_json::Deserializer::from_slice(bytes).into_iter();
            match values.next() {
                Some(Ok(value))
                    if bytes[values.byte_offset()..].trim_ascii().is_empty() && wrapper(&value).is_none() =>
                {
                    (each.borrow_mut())(article_from_value(value, source, None, 1));
                    Ok(())
                }
                first => first.into_iter().chain(values).try_for_each(|value| value.map(&mut give)),
            }
        }
    };
    if let Err(error) = parsed {
        (each.borrow_mut())(Err(malformed(source, error.line() as u32, &error)));
    }
    Ok(())
}

/// Gives the records in a value: itself, or the ones in a list that it only wraps.
fn unwrap(value: Value, depth: u8, number: &mut u32, give: &mut dyn FnMut(Value, u32)) {
    let inner = wrapper(&value).filter(|_| depth < WRAPPED);
    let Some(inner) = inner else {
        *number += 1;
        return give(value, *number);
    };
    let Value::Object(mut fields) = value else { return };
    match fields.remove(inner) {
        Some(Value::Array(values)) => values.into_iter().for_each(|value| unwrap(value, depth + 1, number, give)),
        Some(value) => unwrap(value, depth + 1, number, give),
        None => {}
    }
}

/// Returns the field of an object that only wraps articles.
fn wrapper(value: &Value) -> Option<&'static str> {
    let fields = value.as_object()?;
    let wraps = |name: &&&str| match fields.get(**name) {
        Some(Value::Array(values)) => values.first().is_some_and(Value::is_object),
        Some(Value::Object(_)) => !fields.contains_key("headline") && !fields.contains_key("title"),
        _ => false,
    };
    WRAPPERS.iter().find(wraps).copied()
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
    let Value::Object(fields) = value else {
        return Err(source.problem(Some(line), Reason::Malformed, "is no JSON object"));
    };
    if let Some(kind) = fields.get("type").and_then(Value::as_str).filter(|kind| NO_TEXTS.contains(kind)) {
        return Err(source.problem(Some(line), Reason::NoText, format!("is of type `{kind}`, no article")));
    }
    let mut parts = source.options.map.sort(fields);
    if record.is_none_or(|number| number == 1) {
        (source.options.recognised)(source.path, &parts.words());
    }
    let headline = parts.take(Part::Headline).and_then(main_of).and_then(words);
    let dek = parts.take(Part::Dek).and_then(words);
    let body = parts.take(Part::Body).and_then(main_of).and_then(words);
    let meta = meta(&mut parts);
    let id = parts.take(Part::Id).and_then(words);
    if body.as_ref().is_some_and(|body| body.len() > ARTICLE_LIMIT) {
        return Err(too_large(source, Some(line)));
    }
    let plain = headline.is_none() && dek.is_none();
    match body {
        Some(body) if plain && !markup::is_markup(&body) => {
            let mut article = text::article(body, source).map_err(|problem| Problem { line: Some(line), ..problem })?;
            let number = record.map(|record| format!("{}#{record}", source.id));
            article.id = id.or(number).unwrap_or_else(|| source.id.to_owned());
            (article.record, article.line, article.meta) = (record, line, merged(meta, article.meta));
            Ok(article)
        }
        body => {
            let body = body.unwrap_or_default();
            let body = if markup::is_markup(&body) { markup::text(&body) } else { body };
            let headline = headline.map(|words| if markup::is_markup(&words) { markup::text(&words) } else { words });
            Draft { id, record, line, headline, dek, body, meta }.article(source)
        }
    }
}

/// Returns what the record says, and what was read off the text where it says nothing.
fn merged(said: Meta, read: Meta) -> Meta {
    Meta {
        byline: said.byline.or(read.byline),
        dateline: said.dateline.or(read.dateline),
        agency: said.agency.or(read.agency),
        lang: said.lang.or(read.lang),
        date: said.date.or(read.date.filter(|_| said.date_raw.is_none())),
        date_raw: said.date_raw.or(read.date_raw),
        ..said
    }
}

fn meta(parts: &mut Sorted) -> Meta {
    let date_raw = parts.take(Part::Date).and_then(words);
    let mut said = |part| parts.take(part).and_then(words);
    Meta {
        byline: said(Part::Byline),
        agency: None,
        dateline: said(Part::Dateline),
        outlet: said(Part::Outlet),
        section: said(Part::Section),
        url: said(Part::Url),
        lang: said(Part::Lang),
        date: date_raw.as_deref().and_then(date::parse),
        date_raw,
    }
}

/// Returns the best of several versions of one thing, as ninjs lists headlines and bodies: the main one, and plain
/// text before marked-up text.
fn main_of(value: Value) -> Option<Value> {
    let Value::Array(versions) = value else { return Some(value) };
    if !versions.iter().any(|version| version.get("value").is_some()) {
        return Some(Value::Array(versions));
    }
    let said = |version: &Value, names: &[&str]| -> String {
        let found = names.iter().find_map(|name| version.get(*name)?.as_str());
        found.unwrap_or_default().to_ascii_lowercase()
    };
    let rank = |version: &&Value| {
        let kind = said(version, &["contenttype", "contentType"]);
        let role = said(version, &["role"]);
        let plain = kind.is_empty() || kind.contains("plain");
        (role != "main", !plain, role == "caption" || role == "summary")
    };
    versions.iter().min_by_key(rank).and_then(|version| version.get("value").cloned())
}

/// Returns the words in a value: a string, a number, the `name` of an object, or a list of these.
fn words(value: Value) -> Option<String> {
    let words = match value {
        Value::String(words) => words,
        Value::Number(number) => number.to_string(),
        Value::Object(mut fields) => {
            let key = ["name", "value", "$date", "title", "full"].into_iter().find(|key| fields.contains_key(*key))?;
            words(fields.get_mut(key)?.take())?
        }
        Value::Array(values) => {
            let values: Vec<String> = values.into_iter().filter_map(words).collect();
            let long = values.iter().any(|value| value.len() > 120);
            values.join(if long { "\n\n" } else { ", " })
        }
        Value::Null | Value::Bool(_) => return None,
    };
    if words.trim().is_empty() { None } else { Some(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &str) -> Vec<Result<Article, String>> {
        let mut found = Vec::new();
        let source = Source::new("wire.json", "wire", 0);
        read(&mut bytes.as_bytes(), source, &mut |article| found.push(article.map_err(|problem| problem.to_string())))
            .expect("no disk");
        found
    }

    #[test]
    fn reads_one_a_list_and_several() {
        for (bytes, ids) in [
            (r#"{"title": "Head", "text": "Body."}"#, vec!["wire"]),
            (r#"{"articles": [{"title": "Head", "text": "Body."}]}"#, vec!["wire#1"]),
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
