//! What an index holds, as `stats --json` writes it.

use serde::Serialize;

use super::rows::V;
use crate::hits::Stats;
use crate::layers::QuoteKind;

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
    undated: u64,
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
            undated: stats.undated,
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
