//! What a score is made of.

use serde::Serialize;

use crate::hits::{Factor, Reckoning};

/// `search --explain-score`: the score is the sum of both lists, times `recency`.
#[derive(Serialize)]
pub struct Factors<'a> {
    words: Vec<Word<'a>>,
    learned: Vec<Word<'a>>,
    length: u32,
    average_length: f32,
    recency: f32,
}

/// What a word adds.
#[derive(Serialize)]
struct Word<'a> {
    word: &'a str,
    times: u32,
    articles: u64,
    score: f32,
}

impl<'a> Factors<'a> {
    /// Returns what a score is made of.
    pub fn new(reckoning: &'a Reckoning) -> Factors<'a> {
        let Reckoning { typed, learned, words: (length, average), recency } = reckoning;
        let word = |factor: &'a Factor| Word {
            word: &factor.word,
            times: factor.times,
            articles: factor.articles,
            score: factor.score,
        };
        Factors {
            words: typed.iter().map(word).collect(),
            learned: learned.iter().map(word).collect(),
            length: *length,
            average_length: *average,
            recency: *recency,
        }
    }
}
