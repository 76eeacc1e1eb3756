//! What is asked, the same for every engine: known fields, settled dates, words as typed.
//!
//! In: nothing. Out: plain data. Deliberately knows neither how it was typed nor how it is answered. A plan never
//! holds an empty list of conditions; the field names the analyzer that turns a word into terms.

use crate::layers::{QuoteKind, Role};
use crate::schema::Field;

/// A condition on one article or one quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A word of a field, as typed. More than one term in it ("Iranian-backed") is a phrase.
    Word {
        /// Where to look.
        field: Field,
        /// The word as typed.
        word: String,
    },
    /// Words that stand next to each other, in exactly this spelling (case and accents aside).
    Phrase {
        /// Where to look.
        field: Field,
        /// The words as typed, without the marks.
        words: String,
    },
    /// A day from `from` to `to`, both `yyyymmdd` and inclusive.
    Date {
        /// First day.
        from: u32,
        /// Last day.
        to: u32,
    },
    /// The speaker of a quote, or one of an article's, has this class.
    Role(Role),
    /// The quote is of one of these kinds.
    Kind(Vec<QuoteKind>),
    /// Every one of at least one condition.
    All(Vec<Clause>),
    /// At least one of at least one condition.
    Any(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
}

/// The order of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best match first.
    #[default]
    Best,
    /// Newest first, undated last.
    Newest,
    /// Oldest first, undated last.
    Oldest,
}

/// Which rows of an answer are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The order.
    pub sort: Sort,
    /// How many rows to pass over.
    pub offset: usize,
    /// How many rows to give at most.
    pub limit: usize,
    /// Whether articles with only some of the words may fill up the rows, behind those with all.
    pub partial: bool,
}

/// A question for articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Bare words: articles with all of them come first, then those with some; they alone make the score.
    pub words: Vec<RankedWord>,
    /// What must hold of every article, whichever words it has. With no bare words these make the score.
    pub filter: Option<Clause>,
}

/// A bare word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankedWord {
    /// The word as typed.
    pub word: String,
    /// A function word ("the") beside words that say more: it neither ranks nor is required.
    pub stop: bool,
}

/// A question for quotes: every one that fulfils the condition, never a top few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuotePlan {
    /// What must hold of every quote; nothing means every quote.
    pub filter: Option<Clause>,
    /// Words that rank under [`Sort::Best`]: they are also in `filter`.
    pub words: Vec<RankedWord>,
}
