//! Objects of the contract that stand for no article: what an index holds, and whose answer follows.

use serde::Serialize;

use super::rows::V;
use crate::hits::{Soundness, Stats};
use crate::layers::QuoteKind;
use crate::render::BatchQuery;

/// The first line of an answer in a batch.
#[derive(Serialize)]
pub struct QueryRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    query: &'a str,
}

impl<'a> QueryRow<'a> {
    /// Returns the line of one query.
    pub fn new(query: &BatchQuery<'a>) -> QueryRow<'a> {
        QueryRow { v: V, kind: "query", id: query.id, query: query.words }
    }
}

/// `stats`: what an index holds.
#[derive(Serialize)]
pub struct StatsRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    index: &'a str,
    format: u32,
    files: u64,
    articles: u64,
    stories: u64,
    undated: u64,
    future: u64,
    first_date: Option<String>,
    last_date: Option<String>,
    quotes: u64,
    direct: u64,
    mixed: u64,
    indirect: u64,
    quotes_without_speaker: u64,
    speakers: u64,
    text_bytes: u64,
    index_bytes: u64,
    segments: u64,
}

impl<'a> StatsRow<'a> {
    /// Returns the line of `stats`.
    pub fn new(stats: &'a Stats) -> StatsRow<'a> {
        let of_kind = |kind: QuoteKind| stats.quotes[kind as usize];
        StatsRow {
            v: V,
            kind: "stats",
            index: &stats.index,
            format: stats.version,
            files: stats.files,
            articles: stats.articles,
            stories: stats.articles - stats.copies,
            undated: stats.undated,
            future: stats.future,
            first_date: stats.dates.map(|(first, _)| first.to_string()),
            last_date: stats.dates.map(|(_, last)| last.to_string()),
            quotes: stats.quotes.iter().sum(),
            direct: of_kind(QuoteKind::Direct),
            mixed: of_kind(QuoteKind::Mixed),
            indirect: of_kind(QuoteKind::Indirect),
            quotes_without_speaker: stats.quotes_without_speaker,
            speakers: stats.speakers,
            text_bytes: stats.text_bytes,
            index_bytes: stats.index_bytes,
            segments: stats.segments,
        }
    }
}

/// `check`: whether an index is sound.
#[derive(Serialize)]
pub struct CheckRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    index: &'a str,
    sound: bool,
    files: u64,
    bytes: u64,
    segments: u64,
    articles: u64,
    quotes: u64,
    faults: Vec<FaultRow<'a>>,
    leftovers: &'a [String],
    half_read: &'a [String],
    stale_copies: bool,
}

#[derive(Serialize)]
struct FaultRow<'a> {
    place: &'a str,
    detail: &'a str,
}

impl<'a> CheckRow<'a> {
    /// Returns the line of `check`.
    pub fn new(check: &'a Soundness) -> CheckRow<'a> {
        let faults = check.faults.iter().map(|fault| FaultRow { place: &fault.place, detail: &fault.detail });
        CheckRow {
            v: V,
            kind: "check",
            index: &check.index,
            sound: check.is_sound(),
            files: check.files,
            bytes: check.bytes,
            segments: check.segments,
            articles: check.articles,
            quotes: check.quotes,
            faults: faults.collect(),
            leftovers: &check.leftovers,
            half_read: &check.half_read,
            stale_copies: check.stale_copies,
        }
    }
}
