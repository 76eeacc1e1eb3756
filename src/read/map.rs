//! Which field of a record is what: guessed from the names that newsrooms use, or said by the user.

use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// A part of an article that a record can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Id,
    Headline,
    Dek,
    Body,
    Date,
    Byline,
    Dateline,
    Outlet,
    Section,
    Url,
    Lang,
}

/// The parts, their names for the user, and the fields they are looked for in, best first.
#[rustfmt::skip]
const PARTS: &[(Part, &str, &[&str])] = &[
    (Part::Id,       "id",       &["id", "_id", "guid", "uri", "doc_id", "article_id"]),
    (Part::Headline, "headline", &["headline", "title", "headlines", "head_line", "article_title", "name"]),
    (Part::Dek,      "dek",      &["dek", "subheadline", "standfirst", "subtitle", "subhead", "alternative_headline", "deck"]),
    (Part::Body,     "body",     &["body", "text", "content", "maintext", "article_body", "full_text", "fulltext", "body_text",
                                   "content_text", "body_xhtml", "body_html", "content_html", "html", "bodies", "article_text",
                                   "article", "story", "description_text", "description", "summary"]),
    (Part::Date,     "date",     &["date", "published", "published_at", "date_published", "date_publish", "pub_date", "pubdate",
                                   "publication_date", "publish_date", "first_published", "published_date", "datetime", "timestamp",
                                   "firstcreated", "versioncreated", "contentcreated", "created", "created_at", "date_time"]),
    (Part::Byline,   "byline",   &["byline", "by", "author", "authors", "creator", "writer"]),
    (Part::Dateline, "dateline", &["dateline", "located"]),
    (Part::Outlet,   "outlet",   &["outlet", "source", "publisher", "publication", "newspaper", "site_name", "source_domain",
                                   "copyrightholder", "source_name", "domain", "provider"]),
    (Part::Section,  "section",  &["section", "category", "article_section", "desk", "rubric"]),
    (Part::Url,      "url",      &["url", "link", "permalink", "canonical_url", "external_url", "address"]),
    (Part::Lang,     "lang",     &["lang", "language", "inlanguage"]),
];

/// What the user said about fields; what was not said is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(Vec<(Part, String)>);

/// Why a `--map` is no map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapError {
    /// It has no `=`.
    NoSign(String),
    /// There is no such part of an article.
    NoPart(String),
}

impl fmt::Display for MapError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MapError::NoSign(words) => write!(out, "`{words}` names no field: write `headline=title`"),
            MapError::NoPart(name) => {
                let names: Vec<&str> = PARTS.iter().map(|(_, name, _)| *name).collect();
                write!(out, "an article has no `{name}`: there are {}", names.join(", "))
            }
        }
    }
}

impl std::error::Error for MapError {}

impl FieldMap {
    /// Nothing said, everything guessed.
    pub const GUESSED: FieldMap = FieldMap(Vec::new());

    /// Adds what the user said: `headline=title`, or `body=article.text` for a field in a field.
    ///
    /// # Errors
    /// When the words are no such pair.
    pub fn say(&mut self, words: &str) -> Result<(), MapError> {
        let (name, field) = words.split_once('=').ok_or_else(|| MapError::NoSign(words.to_owned()))?;
        let part = PARTS.iter().find(|(_, known, _)| *known == name.trim());
        let (part, ..) = part.ok_or_else(|| MapError::NoPart(name.trim().to_owned()))?;
        self.0.retain(|(known, _)| known != part);
        self.0.push((*part, field.trim().to_owned()));
        Ok(())
    }

    /// Returns what the user said, as [`FieldMap::say`] takes it.
    pub fn words(&self) -> Vec<String> {
        let name = |part: Part| PARTS.iter().find(|(known, ..)| *known == part).map_or("", |(_, name, _)| name);
        self.0.iter().map(|(part, field)| format!("{}={field}", name(*part))).collect()
    }

    /// Returns the field that the user named for a part.
    pub fn said(&self, part: Part) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == part).map(|(_, field)| field.as_str())
    }

    /// Sorts the fields of a record into parts; the best field that holds something wins.
    pub fn sort(&self, mut fields: Map<String, Value>) -> Sorted {
        let mut sorted = Sorted::default();
        for (part, path) in &self.0 {
            if let Some(value) = dig(&mut fields, path) {
                sorted.0[*part as usize] = Some((0, path.clone(), value.take()));
            }
        }
        for (key, value) in fields {
            let Some((part, rank)) = known(&key) else { continue };
            let place = &mut sorted.0[part as usize];
            let better = place.as_ref().is_none_or(|(other, ..)| *other > rank);
            if better && self.said(part).is_none() && holds_something(&value) {
                *place = Some((rank, key, value));
            }
        }
        sorted
    }

    /// Returns which of the columns of a table holds a part.
    pub fn column(&self, part: Part, columns: &[String]) -> Option<usize> {
        if let Some(name) = self.said(part) {
            return columns.iter().position(|column| column == name);
        }
        let ranked = columns.iter().enumerate().filter_map(|(place, column)| match known(column) {
            Some((found, rank)) if found == part => Some((rank, place)),
            _ => None,
        });
        ranked.min().map(|(_, place)| place)
    }
}

/// The fields of a record by the part they give, with their names.
#[derive(Debug, Default)]
pub struct Sorted([Option<(usize, String, Value)>; PARTS.len()]);

impl Sorted {
    /// Takes a part out.
    pub fn take(&mut self, part: Part) -> Option<Value> {
        self.0[part as usize].take().map(|(_, _, value)| value)
    }

    /// Returns which field gave which part: `headline=title, body=text`.
    pub fn words(&self) -> String {
        let pairs = PARTS.iter().filter_map(|(part, name, _)| {
            self.0[*part as usize].as_ref().map(|(_, field, _)| format!("{name}={field}"))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}

/// Returns every part with its name.
pub fn parts() -> impl Iterator<Item = (Part, &'static str)> {
    PARTS.iter().map(|(part, name, _)| (*part, *name))
}

fn dig<'v>(fields: &'v mut Map<String, Value>, path: &str) -> Option<&'v mut Value> {
    if fields.contains_key(path) {
        return fields.get_mut(path);
    }
    let (first, rest) = path.split_once('.')?;
    dig(fields.get_mut(first)?.as_object_mut()?, rest)
}

/// Returns which part a field of this name is, and how good a name for it; `datePublished` is `date_published`.
fn known(key: &str) -> Option<(Part, usize)> {
    static KNOWN: LazyLock<FxHashMap<String, (Part, usize)>> = LazyLock::new(|| {
        let names = PARTS.iter().flat_map(|(part, _, names)| {
            names.iter().enumerate().map(|(rank, name)| (name.replace('_', ""), (*part, rank + 1)))
        });
        names.collect()
    });
    let mut bare = String::with_capacity(key.len().min(32));
    bare.extend(key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).take(32));
    KNOWN.get(bare.as_str()).copied()
}

fn holds_something(value: &Value) -> bool {
    match value {
        Value::String(words) => !words.trim().is_empty(),
        Value::Number(_) => true,
        Value::Array(values) => values.iter().any(holds_something),
        Value::Object(fields) => !fields.is_empty(),
        Value::Null | Value::Bool(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_and_takes() {
        let mut map = FieldMap::default();
        map.say("headline=kop").expect("a pair");
        map.say("body = artikel.tekst").expect("a pair");
        let value =
            serde_json::json!({"kop": "Head", "artikel": {"tekst": "Body"}, "datePublished": "2024", "title": "No"});
        let Value::Object(fields) = value else { unreachable!() };
        let mut sorted = map.sort(fields);
        assert_eq!(sorted.words(), "headline=kop, body=artikel.tekst, date=datePublished");
        assert_eq!(sorted.take(Part::Headline), Some("Head".into()));
        assert_eq!(sorted.take(Part::Body), Some("Body".into()));
        assert_eq!(sorted.take(Part::Date), Some("2024".into()));
        assert_eq!(sorted.take(Part::Byline), None);
        let mut again = FieldMap::default();
        map.words().iter().for_each(|words| again.say(words).expect("a pair"));
        assert_eq!(again, map);
    }

    #[test]
    fn the_better_name_wins() {
        let value =
            serde_json::json!({"description": "Short", "maintext": "Long", "text": " ", "name": "N", "title": "T"});
        let Value::Object(fields) = value else { unreachable!() };
        assert_eq!(FieldMap::GUESSED.sort(fields).words(), "headline=title, body=maintext");
        let columns = ["url", "date", "title", "text"].map(str::to_owned);
        assert_eq!(FieldMap::GUESSED.column(Part::Body, &columns), Some(3));
    }

    #[test]
    fn says_what_is_wrong() {
        let mut map = FieldMap::default();
        for (words, message) in [
            ("title", "`title` names no field: write `headline=title`"),
            (
                "kop=title",
                "an article has no `kop`: there are id, headline, dek, body, date, byline, dateline, outlet, section, url, lang",
            ),
        ] {
            assert_eq!(map.say(words).expect_err("no pair").to_string(), message);
        }
    }
}
