//! A TREC run: `query Q0 document rank score onrecord`, one line a hit, as the scorers of ranking read it.
//!
//! In: hits and the query's id. Out: lines. Scorers order by the score and not by the rank, so scores fall
//! strictly: an article with all the words stays before one with some. Deliberately knows no query language.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use super::{BatchQuery, HitRows, Sheet};
use crate::hits::Hits;

/// The least step between the scores of two neighbours.
const STEP: f64 = 1e-5;

/// Starts the answer of a lone query, with `1` for its id.
pub fn hits<'w>(_: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Run::new("1", out)))
}

/// The answer of one query of a run. Of articles with the same id only the best is in it: a run lists a document
/// once.
pub struct Run<'w> {
    query: String,
    out: &'w mut dyn Write,
    seen: HashSet<String>,
    last_score: f64,
}

impl<'w> Run<'w> {
    /// Returns an answer without hits.
    pub fn new(query: &str, out: &'w mut dyn Write) -> Run<'w> {
        Run { query: one_word(query).into_owned(), out, seen: HashSet::new(), last_score: f64::INFINITY }
    }
}

impl HitRows for Run<'_> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        self.query = one_word(query.id).into_owned();
        self.seen.clear();
        self.last_score = f64::INFINITY;
        Ok(())
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        for hit in &hits.hits {
            let id = one_word(&hit.record.id).into_owned();
            if !self.seen.contains(&id) {
                self.last_score = f64::from(hit.score).min(self.last_score - STEP);
                let (query, rank, score) = (&self.query, self.seen.len() + 1, self.last_score);
                writeln!(self.out, "{query} Q0 {id} {rank} {score:.5} onrecord")?;
                self.seen.insert(id);
            }
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
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
