//! The last line of an answer.

use serde::Serialize;

use super::rows::V;
use crate::hits::Hits;

/// The last line of an answer.
#[derive(Serialize)]
pub struct Summary {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stories: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_stories: Option<u64>,
    rows: u64,
}

impl Summary {
    /// Returns the last line of an answer of articles of which as many rows were written.
    pub fn of_articles(counts: &Hits, rows: u64) -> Summary {
        let Hits { total, copies, partial, partial_copies, .. } = *counts;
        let partial_stories = partial.map(|partial| partial - partial_copies);
        Summary { v: V, kind: "summary", total, stories: Some(total - copies), partial, partial_stories, rows }
    }

    /// Returns the last line of a list of copies.
    pub fn of_copies(total: u64) -> Summary {
        Summary { v: V, kind: "summary", total, stories: Some(1), partial: None, partial_stories: None, rows: total }
    }

    /// Returns the last line of any other answer, of which as many rows were written.
    pub fn of_rows(total: u64, rows: u64) -> Summary {
        Summary { v: V, kind: "summary", total, stories: None, partial: None, partial_stories: None, rows }
    }
}
