//! What is asked, the same for every engine: known fields, settled dates, words as typed.
//!
//! In: nothing. Out: plain data. Deliberately knows neither how it was typed nor how it is answered. A plan never
//! holds an empty list of conditions; the field names the analyzer that turns a word into terms.

use crate::analyzer::tongue::Tongue;
use crate::layers::{QuoteKind, Role};
use crate::schema::{Analyzer, Field};

/// A word as typed, and how it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word as typed, without the sign that says how it is meant.
    pub typed: String,
    /// How it is meant.
    pub manner: Manner,
}

/// How a typed word is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As its field has it: every form with its stem, or a name and its possessive.
    Usual,
    /// The same, with the stems of a language.
    In(Tongue),
    /// In exactly this spelling, case and accents aside.
    Exact,
    /// With `*` for any letters and `?` for one.
    Wild,
    /// In this spelling or one that differs by a letter or two.
    Like,
    /// As a regular expression for the whole word.
    Pattern,
}

impl Term {
    /// Returns a word that is meant as its field has it.
    pub fn usual(typed: &str) -> Term {
        Term { typed: typed.to_owned(), manner: Manner::Usual }
    }

    /// Returns a word that is meant in exactly this spelling.
    pub fn exact(typed: &str) -> Term {
        Term { typed: typed.to_owned(), manner: Manner::Exact }
    }
}

/// A condition on one article or one quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// Words of a field, one after the other. A word that is several terms ("Iranian-backed") is so many words.
    Words {
        /// Where to look.
        field: Field,
        /// At least one word.
        terms: Vec<Term>,
    },
    /// Words or phrases of a field near each other: every part is [`Clause::Words`], or an [`Clause::Any`] or a
    /// `Near` of such.
    Near {
        /// Where to look.
        field: Field,
        /// At least two parts.
        parts: Vec<Clause>,
        /// How near.
        reach: Reach,
    },
    /// What stands in a field at least so many times, of the kinds a `Near` has for parts.
    AtLeast {
        /// How often, at least 1.
        times: u32,
        /// What is counted.
        what: Box<Clause>,
    },
    /// One and the same quote fulfils all of this.
    OneQuote(Box<Clause>),
    /// A day from `from` to `to`, both `yyyymmdd` and inclusive.
    Date {
        /// First day.
        from: u32,
        /// Last day.
        to: u32,
    },
    /// The speaker of a quote, or one of an article's, has this class.
    Role(Role),
    /// Somebody who goes by one of these canonical names speaks, or is named.
    Called {
        /// [`Field::Speaker`] or [`Field::Entity`].
        field: Field,
        /// The name as typed.
        typed: String,
        /// Who is meant.
        who: String,
        /// At least one name, as annotation gives it.
        names: Vec<String>,
        /// Why each of the names but the first counts as theirs, in words.
        why: Vec<String>,
    },
    /// The quote is of one of these kinds.
    Kind(Vec<QuoteKind>),
    /// Every one of at least one condition.
    All(Vec<Clause>),
    /// At least one of at least one condition.
    Any(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
}

/// How near words must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The later one at most so many words behind the earlier one, in any order: neighbours are 1 apart.
    Within(u32),
    /// The same, in the order typed.
    Before(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

impl Clause {
    /// Returns the condition that a word stands in a field.
    pub fn word(field: Field, typed: &str) -> Clause {
        Clause::Words { field, terms: vec![Term::usual(typed)] }
    }

    /// Gives every word in the condition.
    pub fn each_term<'c>(&'c self, each: &mut dyn FnMut(&'c Term)) {
        match self {
            Clause::Words { terms, .. } => terms.iter().for_each(each),
            Clause::Near { parts: clauses, .. } | Clause::All(clauses) | Clause::Any(clauses) => {
                clauses.iter().for_each(|clause| clause.each_term(each));
            }
            Clause::AtLeast { what: clause, .. } | Clause::OneQuote(clause) | Clause::Not(clause) => {
                clause.each_term(each);
            }
            Clause::Date { .. } | Clause::Role(_) | Clause::Kind(_) | Clause::Called { .. } => {}
        }
    }

    /// Gives every condition on who goes by a name, but not what is excluded.
    pub fn each_called<'c>(&'c self, each: &mut dyn FnMut(&'c Clause)) {
        match self {
            Clause::Called { .. } => each(self),
            Clause::All(clauses) | Clause::Any(clauses) => clauses.iter().for_each(|clause| clause.each_called(each)),
            Clause::OneQuote(clause) => clause.each_called(each),
            _ => {}
        }
    }

    /// Returns the condition with its words in the forms of a language.
    pub fn in_tongue(self, tongue: Tongue) -> Clause {
        let each = |clauses: Vec<Clause>| clauses.into_iter().map(|clause| clause.in_tongue(tongue)).collect();
        match self {
            Clause::Words { field, terms } if field.analyzer() == Analyzer::Stemmed => {
                let manner = |manner| if manner == Manner::Usual { Manner::In(tongue) } else { manner };
                let terms = terms.into_iter().map(|term| Term { manner: manner(term.manner), ..term });
                Clause::Words { field, terms: terms.collect() }
            }
            Clause::Near { field, parts, reach } => Clause::Near { field, parts: each(parts), reach },
            Clause::AtLeast { times, what } => Clause::AtLeast { times, what: Box::new(what.in_tongue(tongue)) },
            Clause::OneQuote(clause) => Clause::OneQuote(Box::new(clause.in_tongue(tongue))),
            Clause::All(clauses) => Clause::All(each(clauses)),
            Clause::Any(clauses) => Clause::Any(each(clauses)),
            Clause::Not(clause) => Clause::Not(Box::new(clause.in_tongue(tongue))),
            clause => clause,
        }
    }

    /// Returns the condition that words stand in a field next to each other, in exactly this spelling.
    pub fn phrase(field: Field, typed: &str) -> Clause {
        Clause::Words { field, terms: vec![Term::exact(typed)] }
    }
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The order.
    pub sort: Sort,
    /// How many rows to pass over.
    pub offset: usize,
    /// How many rows to give at most.
    pub limit: usize,
    /// Whether articles with only some of the words may fill up the rows, behind those with all.
    pub partial: bool,
    /// Whether newer articles rank higher among equals: the newest of the index count double, older ones ever less so.
    pub fresh: bool,
    /// Whether each row says what its score is made of.
    pub reckoning: bool,
    /// Whether the copies of a story are one row, and how many of them the row names at most.
    pub fold: Option<usize>,
}

/// A question for articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Bare words: articles with all of them come first, then those with some; they alone make the score.
    pub words: Vec<RankedWord>,
    /// What must hold of every article, whichever words it has. With no bare words these make the score.
    pub filter: Option<Clause>,
    /// How the bare words are put.
    pub phrasing: Phrasing,
}

/// How bare words are put, which says what of them an article must have to rank first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phrasing {
    /// As words to look for: an article with all of them comes first, unless they are many.
    #[default]
    Words,
    /// As a sentence or a headline: the best match comes first.
    Sentence,
    /// As a question: likewise, and an article that answers it is not like the question.
    Question,
}

/// A bare word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankedWord {
    /// What counts as the word: [`Clause::Words`], or an [`Clause::Any`] of such where it has several names.
    pub clause: Clause,
    /// A function word ("the") beside words that say more: it neither ranks nor is required.
    pub stop: bool,
}

impl RankedWord {
    /// Returns a bare word of a field, as typed.
    pub fn new(field: Field, typed: &str) -> RankedWord {
        RankedWord { clause: Clause::word(field, typed), stop: false }
    }
}

/// A question for quotes: every one that fulfils the condition, never a top few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuotePlan {
    /// What must hold of every quote; nothing means every quote.
    pub filter: Option<Clause>,
    /// Words that rank under [`Sort::Best`]: they are also in `filter`.
    pub words: Vec<RankedWord>,
}
