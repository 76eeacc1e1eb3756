//! A TREC run: `query Q0 document rank score onrecord`, one line a hit, as the scorers of ranking read it.
//!
//! In: hits and the query's id. Out: lines. Scorers order by the score and not by the rank, so scores fall
//! strictly: an article with all the words stays before one with some. Deliberately knows no query language.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use super::Style;
use crate::hits::Hits;

/// The least step between the scores of two neighbours.
const STEP: f64 = 1e-5;

/// Writes the hits of a lone query, with `1` for its id.
pub fn hits(hits: &Hits, _: Style, out: &mut dyn Write) -> io::Result<()> {
    run("1", hits, out)
}

/// Writes the hits of one query of a run. Of articles with the same id only the best is in it: a run lists a
/// document once.
pub fn run(query: &str, hits: &Hits, out: &mut dyn Write) -> io::Result<()> {
    let query = one_word(query);
    let mut seen = HashSet::new();
    let mut last = f64::INFINITY;
    for hit in &hits.hits {
        if seen.insert(hit.record.id.as_str()) {
            last = f64::from(hit.score).min(last - STEP);
            writeln!(out, "{query} Q0 {} {} {last:.5} onrecord", one_word(&hit.record.id), seen.len())?;
        }
    }
    Ok(())
}

/// Returns an id without white space, which would end its column.
fn one_word(id: &str) -> Cow<'_, str> {
    if id.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Cow::Owned(
            id.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect::<Vec<_>>().join("_"),
        );
    }
    Cow::Borrowed(id)
}
