//! The fields of the index, one list, the same for every engine; and what of an article goes into each.
//!
//! In: an article and its layers. Out: [`Document`]s, the article first and one for each quote. Deliberately knows
//! no engine. Ranking runs over [`Field::Text`] alone: headline twice, dek and body in one field, because adding up
//! per-field BM25 scores ranks measurably worse.

mod positions;

use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use self::positions::Positions;
use crate::article::{Article, Date, Meta, Span};
use crate::copies::Signature;
use crate::identity::Known;
use crate::layers::{EntityKind, Layers, Quote, QuoteKind, Role, Speaker};

/// The version of the fields, the analyzer and the stored record together. An index of another one is refused.
pub const VERSION: u32 = 5;

/// A field of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Headline twice, dek, body: what articles are ranked by. The other three are parts of it.
    Text,
    /// The headline.
    Headline,
    /// The line under the headline.
    Dek,
    /// The paragraphs; kept as the later part of [`Field::Text`].
    Body,
    /// The first words of the body.
    Lead,
    /// The headline and the lead.
    Hlead,
    /// The words of a quote.
    Quote,
    /// Who speaks: names and descriptions.
    Speaker,
    /// The class of source.
    Role,
    /// Who and what is named.
    Entity,
    /// The newspaper, agency or site.
    Outlet,
    /// Who wrote it.
    Byline,
    /// The place and day line that opens the body.
    Dateline,
    /// The desk or page.
    Section,
    /// The language, as a code of two letters.
    Lang,
    /// Where the file lies.
    Path,
    /// The article's id.
    Id,
    /// The day of publication.
    Date,
}

/// How the words of a field become terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyzer {
    /// Folded words; a query word stands for every form with its stem.
    Stemmed,
    /// Folded words, as they are: names.
    Names,
    /// The whole value is one term.
    Whole,
    /// A day, `yyyymmdd`.
    Day,
}

/// A row of the list of fields.
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// What a user types before the colon.
    pub name: &'static str,
    /// How its words become terms.
    pub analyzer: Analyzer,
    /// One line of help.
    pub help: &'static str,
}

/// Every field that a query can name.
#[rustfmt::skip]
pub const FIELDS: &[FieldRow] = &[
    FieldRow { field: Field::Text,     name: "text",     analyzer: Analyzer::Stemmed, help: "headline, dek and body (the default)" },
    FieldRow { field: Field::Headline, name: "headline", analyzer: Analyzer::Stemmed, help: "words of the headline" },
    FieldRow { field: Field::Dek,      name: "dek",      analyzer: Analyzer::Stemmed, help: "words of the line under the headline" },
    FieldRow { field: Field::Body,     name: "body",     analyzer: Analyzer::Stemmed, help: "words of the paragraphs" },
    FieldRow { field: Field::Lead,     name: "lead",     analyzer: Analyzer::Stemmed, help: "the first 50 words of the paragraphs" },
    FieldRow { field: Field::Hlead,    name: "hlead",    analyzer: Analyzer::Stemmed, help: "the headline and the lead" },
    FieldRow { field: Field::Quote,    name: "quote",    analyzer: Analyzer::Stemmed, help: "words of a quote (in `quotes`)" },
    FieldRow { field: Field::Speaker,  name: "speaker",  analyzer: Analyzer::Names,   help: "who speaks, by name or description" },
    FieldRow { field: Field::Role,     name: "role",     analyzer: Analyzer::Whole,   help: "class of source: official, expert, witness" },
    FieldRow { field: Field::Entity,   name: "entity",   analyzer: Analyzer::Names,   help: "people, organisations and places named" },
    FieldRow { field: Field::Outlet,   name: "outlet",   analyzer: Analyzer::Names,   help: "newspaper, agency or site" },
    FieldRow { field: Field::Byline,   name: "byline",   analyzer: Analyzer::Names,   help: "who wrote it" },
    FieldRow { field: Field::Dateline, name: "dateline", analyzer: Analyzer::Names,   help: "the place and day line" },
    FieldRow { field: Field::Section,  name: "section",  analyzer: Analyzer::Names,   help: "desk or page" },
    FieldRow { field: Field::Lang,     name: "lang",     analyzer: Analyzer::Whole,   help: "language, as a code: de; words then take its forms" },
    FieldRow { field: Field::Path,     name: "path",     analyzer: Analyzer::Names,   help: "words of the file's path" },
    FieldRow { field: Field::Id,       name: "id",       analyzer: Analyzer::Whole,   help: "the article's id" },
    FieldRow { field: Field::Date,     name: "date",     analyzer: Analyzer::Day,     help: "day of publication: 2024-09-19, 2024-09, 2024-09-01..2024-09-19, none, future" },
];

impl Field {
    /// Returns the field's row in the list.
    pub fn row(self) -> &'static FieldRow {
        FIELDS.iter().find(|row| row.field == self).expect("the list has a row for every field")
    }

    /// Returns what a user types before the colon.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns how the field's words become terms.
    pub fn analyzer(self) -> Analyzer {
        self.row().analyzer
    }

    /// Returns the field of that name, whatever its case.
    pub fn from_name(name: &str) -> Option<Field> {
        FIELDS.iter().find(|row| row.name.eq_ignore_ascii_case(name)).map(|row| row.field)
    }
}

/// What kind of thing a document stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// An article.
    Article,
    /// One quote of the article before it.
    Quote,
}

/// One document of the index: an article or a quote, as values of fields. What an article says of itself is not
/// repeated on its quotes, nor what its quotes say on it: engines know who belongs to whom.
pub struct Document<'a> {
    /// Article or quote.
    pub kind: DocumentKind,
    /// Stretches of the article's text to index, and which of `cut` are the words of each; a field may come several
    /// times and its values do not run together.
    pub parts: Vec<(Field, Span, Range<u32>)>,
    /// Where the words of the parts stand in their part: they were gone through anyway.
    pub cut: Vec<Span>,
    /// Other words to index, likewise.
    pub words: Vec<(Field, &'a str)>,
    /// The canonical speaker of a quote and how the article knows him.
    pub speaker: Option<(Known, &'a str)>,
    /// The canonical names in an article, each once for each kind, in the order in which they first stand there.
    pub names: Vec<(EntityKind, &'a str)>,
    /// Other forms that an article prints for one of its names, and that name.
    pub shorts: Vec<(&'a str, &'a str)>,
    /// Direct, mixed or indirect; nothing for articles.
    pub quote_kind: Option<QuoteKind>,
    /// Where the segments of a quote stand in the text field of its article: first position and number of words.
    pub said: Vec<(u32, u32)>,
    /// Where a quote's speaker is mentioned, named and described, likewise.
    pub spoken: Vec<(u32, u32)>,
    /// Where an article names people, organisations and places.
    pub named: Vec<Named>,
    /// Where the sentences of an article start in its text field, in order: the position of the first word, and whether
    /// a paragraph starts with it. The headline's are those of its first printing.
    pub sentences: Vec<(u32, bool)>,
    /// The day of publication.
    pub date: Option<Date>,
    /// Where the parts of an article start in the text field.
    pub at: PartsAt,
    /// What an article's copies are known by.
    pub signature: Option<Signature>,
    /// The quote's number within its article, from 0.
    pub ordinal: u32,
}

/// A place where an article names somebody or something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The position of the first word in the text field.
    pub first: u32,
    /// How many words.
    pub words: u32,
    /// Which of [`Document::names`].
    pub number: u32,
    /// Whether it is the first name in its sentence.
    pub opens: bool,
}

/// Returns an article as a document, and each of its quotes as one behind it, in text order.
pub fn documents<'a>(article: &'a Article, layers: &'a Layers) -> Vec<Document<'a>> {
    let mut positions = Positions::of(article);
    let cut = std::mem::take(&mut positions.cut);
    let mut documents = Vec::with_capacity(layers.quotes.len() + 1);
    documents.push(Document { cut, ..article_document(article, layers, &positions) });
    for (ordinal, quote) in layers.quotes.iter().enumerate() {
        documents.push(quote_document(article, quote, &positions, ordinal as u32));
    }
    documents
}

fn article_document<'a>(article: &'a Article, layers: &'a Layers, positions: &Positions) -> Document<'a> {
    let headline = article.headline.into_iter().flat_map(|headline| [headline; 2]);
    let parts = headline.chain(article.dek).chain([article.body]);
    let parts = parts.map(|part| (Field::Text, part, positions.words_of(part))).collect();
    let meta = &article.meta;
    let said = [
        (Field::Outlet, &meta.outlet),
        (Field::Byline, &meta.byline),
        (Field::Dateline, &meta.dateline),
        (Field::Section, &meta.section),
        (Field::Lang, &meta.lang),
    ];
    let words = said.into_iter().filter_map(|(field, value)| Some((field, value.as_deref()?))).collect();
    let (names, named) = named(layers, positions);
    Document {
        kind: DocumentKind::Article,
        parts,
        cut: Vec::new(),
        words,
        speaker: None,
        names,
        shorts: shorts(article, layers),
        quote_kind: None,
        said: Vec::new(),
        spoken: Vec::new(),
        named,
        sentences: sentences(layers, positions),
        date: meta.date,
        at: positions.at,
        signature: positions.signature,
        ordinal: 0,
    }
}

fn quote_document<'a>(article: &Article, quote: &'a Quote, positions: &Positions, ordinal: u32) -> Document<'a> {
    let speaker = quote.speaker.as_ref();
    let roles = speaker.into_iter().flat_map(|speaker| speaker.roles.iter());
    let mut spoken: Vec<(u32, u32)> = speaker
        .into_iter()
        .flat_map(|speaker| spoken_spans(speaker, &article.text))
        .map(|span| positions.within(span))
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    Document {
        kind: DocumentKind::Quote,
        parts: Vec::new(),
        cut: Vec::new(),
        words: roles.map(|role| (Field::Role, role.name())).collect(),
        speaker: speaker.map(|speaker| (known(speaker), speaker.name.as_str())),
        names: Vec::new(),
        shorts: Vec::new(),
        quote_kind: Some(quote.kind),
        said: quote.spans.iter().map(|span| positions.within(*span)).collect(),
        spoken,
        named: Vec::new(),
        sentences: Vec::new(),
        date: None,
        at: PartsAt::default(),
        signature: None,
        ordinal,
    }
}

/// Returns where sentences start; one without a word starts with the next.
fn sentences(layers: &Layers, positions: &Positions) -> Vec<(u32, bool)> {
    let mut paragraphs = layers.paragraphs.iter().map(|paragraph| paragraph.start).peekable();
    let mut starts: Vec<(u32, bool)> = Vec::with_capacity(layers.sentences.len());
    for sentence in &layers.sentences {
        let mut opens = false;
        while paragraphs.next_if(|start| *start <= sentence.start).is_some() {
            opens = true;
        }
        let start = positions.at(sentence.start);
        match starts.last_mut().filter(|last| last.0 == start) {
            Some(last) => last.1 |= opens,
            None => starts.push((start, opens)),
        }
    }
    starts
}

/// Returns how an article knows a speaker.
fn known(speaker: &Speaker) -> Known {
    match speaker {
        Speaker { resolved: false, .. } => Known::Unknown,
        Speaker { roles, .. } if roles.contains(Role::Unnamed) => Known::Description,
        Speaker { printed: [Some(_), _], .. } => Known::Person,
        _ => Known::Words,
    }
}

/// Returns the different names in an article, and where each stands.
fn named<'a>(layers: &'a Layers, positions: &Positions) -> (Vec<(EntityKind, &'a str)>, Vec<Named>) {
    let mut names = Vec::with_capacity(layers.entities.len());
    let mut numbers = FxHashMap::with_capacity_and_hasher(layers.entities.len(), FxBuildHasher);
    let mut sentence = None;
    let mut next = 0;
    let named = layers.entities.iter().map(|entity| {
        let name = (entity.kind, entity.name.as_str());
        let number = *numbers.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() as u32 - 1
        });
        while layers.sentences.get(next).is_some_and(|span| span.end <= entity.span.start) {
            next += 1;
        }
        let opens = sentence.replace(next) != Some(next);
        let (first, words) = positions.within(entity.span);
        Named { first, words, number, opens }
    });
    let named = named.collect();
    (names, named)
}

/// Returns the other forms that an article prints for names of its that are no people's, each once: "U.N.", "State
/// Department".
fn shorts<'a>(article: &'a Article, layers: &'a Layers) -> Vec<(&'a str, &'a str)> {
    let mut seen = FxHashSet::default();
    let pairs = layers.entities.iter().filter(|entity| entity.kind != EntityKind::Person);
    let pairs = pairs.map(|entity| (entity.span.of(&article.text), entity.name.as_str()));
    let is_other = |(short, long): &(&str, &str)| !short.eq_ignore_ascii_case(long);
    pairs.filter(is_other).filter(|pair| seen.insert(*pair)).collect()
}

/// Returns where a speaker is mentioned, named and described; one word that was resolved says nothing more.
fn spoken_spans(speaker: &Speaker, text: &str) -> impl Iterator<Item = Span> {
    let says_more = !speaker.resolved || speaker.printed[0].is_none() || speaker.span.of(text).contains(' ');
    [Some(speaker.span).filter(|_| says_more), speaker.printed[0], speaker.printed[1]].into_iter().flatten()
}

/// Where the parts of an article start in the text field, as positions of words: the headline stands there twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartsAt {
    /// The position of the dek's first word: twice what the headline takes.
    pub dek: u32,
    /// The position of the body's first word.
    pub body: u32,
}

/// What is kept of an article beside its terms; enough to show it, and to rebuild an index without the originals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// See [`Article::id`].
    pub id: String,
    /// See [`Article::path`].
    pub path: String,
    /// See [`Article::record`].
    pub record: Option<u32>,
    /// See [`Article::line`].
    pub line: u32,
    /// See [`Article::headline`].
    pub headline: Option<Span>,
    /// See [`Article::dek`].
    pub dek: Option<Span>,
    /// See [`Article::body`].
    pub body: Span,
    /// See [`Article::meta`].
    pub meta: Meta,
    /// The quotes found, in text order.
    pub quotes: Vec<Quote>,
    /// See [`Article::text`].
    pub text: String,
}

impl Record {
    /// Returns what is kept of an article.
    pub fn new(article: Article, quotes: Vec<Quote>) -> Record {
        let Article { id, path, record, line, text, headline, dek, body, meta } = article;
        Record { id, path, record, line, headline, dek, body, meta, quotes, text }
    }

    /// Returns the unique key of the article: its path, and `#number` inside a file that holds several.
    pub fn key(&self) -> String {
        match self.record {
            Some(number) => format!("{}#{number}", self.path),
            None => self.path.clone(),
        }
    }

    /// Returns the words of the headline, or nothing.
    pub fn headline_text(&self) -> &str {
        self.headline.map_or("", |span| span.of(&self.text))
    }

    /// Returns the article and its quotes.
    pub fn into_article(self) -> (Article, Vec<Quote>) {
        let Record { id, path, record, line, headline, dek, body, meta, quotes, text } = self;
        (Article { id, path, record, line, text, headline, dek, body, meta }, quotes)
    }
}
