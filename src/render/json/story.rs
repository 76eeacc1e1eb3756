//! The objects of `copies`: the articles of a story, and what each changed.

use serde::Serialize;

use super::rows::{About, V};
use crate::copies::changes::{Change, Whose};
use crate::hits::{Attributed as Ascribed, Copy as Copied, Story, Told};
use crate::render::place::quoted_words;

/// A copy of an article, without its text.
#[derive(Serialize)]
pub struct Copy<'a> {
    id: &'a str,
    path: &'a str,
    record: Option<u32>,
    outlet: Option<&'a str>,
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
}

/// `copies`: one article of a story, beside the earliest.
#[derive(Serialize)]
pub struct ToldRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    rank: usize,
    asked: bool,
    id: &'a str,
    path: &'a str,
    record: Option<u32>,
    headline: Option<&'a str>,
    #[serde(flatten)]
    about: About<'a>,
    shared: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reworded: Option<Vec<Reworded>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributed: Option<Vec<Attributed<'a>>>,
}

/// A sentence in the words of the earliest article and in others.
#[derive(Serialize)]
struct Reworded {
    before: String,
    text: String,
}

/// A quote that the earliest article gives to somebody else.
#[derive(Serialize)]
struct Attributed<'a> {
    text: String,
    before: Option<&'a str>,
    speaker: Option<&'a str>,
}

impl<'a> ToldRow<'a> {
    /// Returns the line of an article, with what it changed if that is wanted.
    pub fn new(story: &'a Story, number: usize, with_changes: bool) -> ToldRow<'a> {
        let Told { record, changes, attributed } = &story.articles[number];
        let mut row = ToldRow {
            v: V,
            kind: "copy",
            rank: number + 1,
            asked: number == story.asked,
            id: &record.id,
            path: &record.path,
            record: record.record,
            headline: record.headline.map(|span| span.of(&record.text)),
            about: About::new(&record.meta),
            shared: (changes.shared * 1000.0).round() / 1000.0,
            cut: None,
            added: None,
            reworded: None,
            attributed: None,
        };
        if with_changes {
            let changes = &changes.changes;
            row.cut = Some(
                changes
                    .iter()
                    .filter_map(|change| if let Change::Cut(text) = change { Some(&text[..]) } else { None })
                    .collect(),
            );
            row.added = Some(
                changes
                    .iter()
                    .filter_map(|change| if let Change::Added(text) = change { Some(&text[..]) } else { None })
                    .collect(),
            );
            row.reworded = Some(changes.iter().filter_map(Reworded::new).collect());
            row.attributed = Some(attributed.iter().map(|quote| Attributed::new(quote, &record.text)).collect());
        }
        row
    }
}

impl Reworded {
    fn new(change: &Change) -> Option<Reworded> {
        let Change::Reworded(pieces) = change else { return None };
        let without = |other| {
            let kept = pieces.iter().filter(|piece| piece.of != other);
            kept.map(|piece| &piece.words[..]).collect::<Vec<_>>().join(" ")
        };
        Some(Reworded { before: without(Whose::Second), text: without(Whose::First) })
    }
}

impl<'a> Attributed<'a> {
    fn new(attributed: &'a Ascribed, text: &str) -> Attributed<'a> {
        let speaker = attributed.quote.speaker.as_ref().map(|speaker| &speaker.name[..]);
        Attributed { text: quoted_words(&attributed.quote, text), before: attributed.before.as_deref(), speaker }
    }
}

impl<'a> Copy<'a> {
    /// Returns what is said of a copy.
    pub fn new(copy: &'a Copied) -> Copy<'a> {
        let Copied { id, path, record, outlet, date, agency } = copy;
        let date = date.map(|date| date.to_string());
        Copy { id, path, record: *record, outlet: outlet.as_deref(), date, agency: agency.as_deref() }
    }
}
