//! What an engine answers: articles in order, or quotes one by one.
//!
//! In: nothing. Out: plain data. Deliberately knows no engine and no output format.

use std::rc::Rc;

use crate::article::{Date, Span};
use crate::layers::Quote;
use crate::schema::Record;

/// The articles that answer a plan, best first, and how many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// How many articles have all the words and fulfil every condition: what counts and exports mean.
    pub total: u64,
    /// How many more have only some of the words; counted only where the asked rows reach them.
    pub partial: Option<u64>,
    /// Whether articles with only some of the words may stand above some with all: so long questions are ranked.
    pub mixed: bool,
    /// The asked rows.
    pub hits: Vec<Hit>,
}

/// One article of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place in the answer, from 1.
    pub rank: usize,
    /// Its BM25 score, or 0 where the order is by date.
    pub score: f32,
    /// Whether it has all the bare words.
    pub complete: bool,
    /// What the score is made of, where that was asked.
    pub reckoning: Option<Reckoning>,
    /// The article.
    pub record: Record,
    /// The matches in headline and dek; engines leave this empty, the search fills it.
    pub marks: Vec<Span>,
    /// The sentences that show why it matched, best first; engines leave this empty, the search fills it.
    pub excerpts: Vec<Excerpt>,
}

/// What a score is made of: the sum of the words' shares, times what recency adds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reckoning {
    /// The words of the question that the article has, as typed.
    pub typed: Vec<Factor>,
    /// Stems learned from the best articles, most worth first.
    pub learned: Vec<Factor>,
    /// How many words the article has, the headline's twice, and how many articles have on average.
    pub words: (u32, f32),
    /// What recency multiplies with; 1 where it does not count.
    pub recency: f32,
}

/// What a word adds to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The word.
    pub word: String,
    /// How often it stands in the article, in whatever form.
    pub times: u32,
    /// In how many articles it stands, about.
    pub articles: u64,
    /// Its share of the score.
    pub score: f32,
}

/// One quote of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteHit {
    /// The article it stands in, shared by its quotes.
    pub record: Rc<Record>,
    /// Its number in [`Record::quotes`].
    pub ordinal: usize,
    /// Its BM25 score, or 0 where nothing ranks.
    pub score: f32,
    /// The matches inside the quote; engines leave this empty, the search fills it.
    pub marks: Vec<Span>,
}

impl QuoteHit {
    /// Returns the quote itself.
    pub fn quote(&self) -> &Quote {
        &self.record.quotes[self.ordinal]
    }
}

/// A few whole sentences of an article that show why it matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// What is shown, a stretch of the article's text.
    pub span: Span,
    /// The matches inside it, in order, not overlapping.
    pub marks: Vec<Span>,
    /// Whether text of the same paragraph was left out before it.
    pub cut_before: bool,
    /// Whether text of the same paragraph was left out after it.
    pub cut_after: bool,
}

/// What an index holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Where it lies.
    pub index: String,
    /// Files it was made from, those without an article included.
    pub files: u64,
    /// Articles in it.
    pub articles: u64,
    /// Quotes of each kind, in the order of [`crate::layers::QuoteKind::ALL`].
    pub quotes: [u64; 3],
    /// Quotes nobody could be named or described for.
    pub quotes_without_speaker: u64,
    /// Different canonical speaker names.
    pub speakers: u64,
    /// Articles without a date.
    pub undated: u64,
    /// The earliest and the latest date.
    pub dates: Option<(Date, Date)>,
    /// Bytes of article text.
    pub text_bytes: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Segments the index is made of.
    pub segments: u64,
    /// The version of its format.
    pub version: u32,
}
