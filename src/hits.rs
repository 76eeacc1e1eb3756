//! What an engine answers: articles in order, or quotes one by one.
//!
//! In: nothing. Out: plain data. Deliberately knows no engine and no output format.

use std::rc::Rc;

use serde::Deserialize;

use crate::article::{Date, Meta, Span};
use crate::copies::changes::Changes;
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
    /// How many of `total` are copies of others among them: so many fewer stories there are than articles.
    pub copies: u64,
    /// The same for `partial`; copies of articles in `total` are among them.
    pub partial_copies: u64,
    /// Whether the copies of a story are one row.
    pub folded: bool,
    /// The asked rows.
    pub hits: Vec<Hit>,
}

impl Hits {
    /// Returns how many rows there are, as far as they were counted, asked or not.
    pub fn rows(&self) -> u64 {
        let articles = self.total + self.partial.unwrap_or(0);
        if self.folded { articles - self.copies - self.partial_copies } else { articles }
    }
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
    /// The other articles of the answer that are copies of it, where copies are folded.
    pub copies: Copies,
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

/// The copies of an article in an answer, which come after it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies {
    /// How many there are.
    pub count: u64,
    /// The day of the last one, where it has one.
    pub until: Option<Date>,
    /// The first few, earliest first.
    pub first: Vec<Copy>,
}

/// The first fields of a [`Record`], in its order: what is read where neither quotes nor text are wanted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Head {
    /// See [`Record::id`].
    pub id: String,
    /// See [`Record::path`].
    pub path: String,
    /// See [`Record::record`].
    pub record: Option<u32>,
    /// See [`Record::line`].
    pub line: u32,
    /// See [`Record::headline`].
    pub headline: Option<Span>,
    /// See [`Record::dek`].
    pub dek: Option<Span>,
    /// See [`Record::body`].
    pub body: Span,
    /// See [`Record::meta`].
    pub meta: Meta,
}

#[cfg(test)]
impl Head {
    /// Returns the first fields of a record.
    pub fn of(record: Record) -> Head {
        let Record { id, path, record, line, headline, dek, body, meta, .. } = record;
        Head { id, path, record, line, headline, dek, body, meta }
    }
}

/// A copy, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// See [`Record::id`].
    pub id: String,
    /// See [`Record::path`].
    pub path: String,
    /// See [`Record::record`].
    pub record: Option<u32>,
    /// The newspaper, agency or site.
    pub outlet: Option<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// The news agency that it credits.
    pub agency: Option<String>,
}

impl Copy {
    /// Returns what is said of an article that is a copy.
    pub fn of(head: Head) -> Copy {
        let Head { id, path, record, meta, .. } = head;
        Copy { id, path, record, outlet: meta.outlet, date: meta.date, agency: meta.agency }
    }
}

/// An article and its copies, all beside the earliest.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The articles, earliest first; at least one.
    pub articles: Vec<Told>,
    /// Which of them was asked for.
    pub asked: usize,
}

/// One of the articles of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The article.
    pub record: Record,
    /// How its body differs from the earliest one's; not at all for that itself.
    pub changes: Changes,
    /// Quotes that it has from somebody else than the earliest one.
    pub attributed: Vec<Attributed>,
}

/// A quote that two articles give to different speakers.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    /// The quote as it stands here.
    pub quote: Quote,
    /// Who said it in the earliest article, as a name; nobody where it does not say.
    pub before: Option<String>,
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
    /// Articles that are copies of an earlier one: there are so many stories fewer.
    pub copies: u64,
    /// Quotes of each kind, in the order of [`crate::layers::QuoteKind::ALL`].
    pub quotes: [u64; 3],
    /// Quotes nobody could be named or described for.
    pub quotes_without_speaker: u64,
    /// Different canonical speaker names.
    pub speakers: u64,
    /// Articles without a date.
    pub undated: u64,
    /// Articles of a day that has not come yet.
    pub future: u64,
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

/// Whether an index is sound, and what was looked at to say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Soundness {
    /// Where it lies.
    pub index: String,
    /// Files of the index whose checksum was made anew.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Segments read from end to end.
    pub segments: u64,
    /// Articles read.
    pub articles: u64,
    /// Quotes found at their articles.
    pub quotes: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Files of a run that was killed; the next run clears them away.
    pub leftovers: Vec<String>,
    /// Files of articles that a killed run left half read; the next run reads them again.
    pub half_read: Vec<String>,
    /// Whether the list of copies is of another commit; the next run makes it anew.
    pub stale_copies: bool,
}

impl Soundness {
    /// Returns whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Something wrong in an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file of the index, or the article.
    pub place: String,
    /// What is wrong with it.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_from_a_whole_record() {
        let record = Record {
            id: "one".to_owned(),
            path: "a/b.txt".to_owned(),
            record: Some(3),
            line: 7,
            headline: Some(Span::new(0, 4)),
            dek: None,
            body: Span::new(5, 9),
            meta: Meta { outlet: Some("The Times".to_owned()), lang: Some("en".to_owned()), ..Meta::default() },
            quotes: Vec::new(),
            text: "Rain fell".to_owned(),
        };
        let bytes = postcard::to_allocvec(&record).unwrap();
        assert_eq!(postcard::from_bytes::<Head>(&bytes).unwrap(), Head::of(record));
    }
}
