//! From a clause to the documents of a segment that fulfil it.

use std::ops::Range;

use serde::de::DeserializeOwned;
use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, DocId, DocSet, Searcher, TERMINATED, TantivyError, Term};

use super::borders::Stretches;
use super::family::{Bond, Family};
use super::fields::{ARTICLE, Handles, Tag};
use super::files::file_stem;
use super::kept;
use super::names;
use super::postings::WordPostings;
use super::sets::{AllOf, Docs, Nothing, Where, any_of, listed, without};
use super::spans::{Parts, Spans};
use super::stories::Stories;
use super::terms;
use crate::analyzer;
use crate::article::Date;
use crate::hits::Head;
use crate::layers::QuoteKind;
use crate::plan::{self, Clause, Reach};
use crate::schema::{Field, Record};
use crate::spelling::Form;

/// What kind of document a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Articles.
    Articles,
    /// Quotes.
    Quotes,
}

/// Which of the places of a word count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Those in the part of an article that a field names; the headline is indexed twice and counts twice.
    AsIndexed,
    /// The same, the headline counting once.
    Once,
    /// All: whoever asks leaves out what lies in another part, or reaches from one into the next. A run of near words
    /// lies in a part if its first and its last word do, so that the words need no look of their own.
    Anywhere,
}

/// An index and what is needed to look into it.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Tantivy's searcher.
    pub searcher: &'a Searcher,
    /// What is kept of the documents of each segment.
    pub stores: &'a [StoreReader],
    /// The handles of its fields.
    pub handles: &'a Handles,
    /// Which articles are copies of one story.
    pub stories: &'a Stories,
}

impl<'a> Look<'a> {
    /// Returns a segment of the index, asked for documents of a kind.
    pub fn segment(self, reader: &'a SegmentReader, target: Target) -> Segment<'a> {
        Segment { reader, handles: self.handles, target, docs: (0, reader.max_doc()) }
    }

    /// Returns how many articles there are, deleted ones included until their segment is merged.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn articles(self) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&self.handles.tag(Tag::Kind, ARTICLE))
    }

    /// Returns what is kept of an article.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn record(self, address: DocAddress) -> tantivy::Result<Record> {
        self.kept(address)
    }

    /// Returns what is kept of an article without its quotes and its text.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn head(self, address: DocAddress) -> tantivy::Result<Head> {
        self.kept(address)
    }

    fn kept<T: DeserializeOwned>(self, address: DocAddress) -> tantivy::Result<T> {
        let document = self.stores[address.segment_ord as usize].get_document_bytes(address.doc_id)?;
        let kept = kept::read(&document);
        let kept = kept.ok_or_else(|| TantivyError::InternalError("an article has no record".to_owned()))?;
        let damaged = |error| TantivyError::InternalError(format!("the record of an article: {error}"));
        postcard::from_bytes(kept).map_err(damaged)
    }
}

/// A segment and what is needed to look into it.
pub struct Segment<'a> {
    /// Tantivy's reader.
    pub reader: &'a SegmentReader,
    /// The handles of its fields.
    pub handles: &'a Handles,
    /// The documents asked for.
    pub target: Target,
    /// The first of the documents that are looked at, and the one behind the last.
    docs: (DocId, DocId),
}

impl<'a> Segment<'a> {
    /// Returns the same for a range of documents. Sets still hold documents outside of it, but not all of them.
    pub fn within(self, docs: Range<DocId>) -> Segment<'a> {
        Segment { docs: (docs.start, docs.end), ..self }
    }

    fn family(&self, bonds: &[Bond]) -> tantivy::Result<Family> {
        Ok(Family::new(self.reader, bonds)?.within(self.docs.0..self.docs.1))
    }

    /// Returns every document of the kind asked for, deleted ones included.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn everything(&self) -> tantivy::Result<Docs> {
        self.all_of(self.target)
    }

    fn all_of(&self, target: Target) -> tantivy::Result<Docs> {
        match target {
            Target::Articles => self.whole(Tag::Kind, &[ARTICLE]),
            Target::Quotes => self.whole(Tag::Kind, &QuoteKind::ALL.map(QuoteKind::name)),
        }
    }

    /// Returns the documents of the kind asked for that fulfil a clause, deleted ones included. What a clause says of
    /// an article holds of its quotes; what it says of a quote holds of an article that has such a quote.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn docs(&self, clause: &Clause) -> tantivy::Result<Docs> {
        match clause {
            Clause::All(clauses) => return self.all(clauses),
            Clause::Any(clauses) => {
                let docs = clauses.iter().map(|clause| self.docs(clause)).collect::<tantivy::Result<Vec<_>>>()?;
                return Ok(any_of(docs));
            }
            Clause::Not(clause) => return Ok(without(self.everything()?, self.docs(clause)?)),
            _ => {}
        }
        let mut found = self.leaf(clause)?;
        match (home(clause), self.target) {
            (None, _) | (Some(Target::Articles), Target::Articles) | (Some(Target::Quotes), Target::Quotes) => {
                Ok(found)
            }
            (Some(Target::Articles), Target::Quotes) => Ok(listed(self.family(&[])?.quotes_of(&mut *found))),
            (Some(Target::Quotes), Target::Articles) => Ok(listed(self.family(&[])?.articles_of(&mut *found))),
        }
    }

    /// Returns the documents, of the kind that the condition is about, that fulfil it.
    fn leaf(&self, clause: &Clause) -> tantivy::Result<Docs> {
        match clause {
            Clause::Words { field: Field::Path, terms } => self.path(&Form::all(Field::Path, terms)),
            Clause::Words { field: Field::Id, terms } => {
                let id = typed(terms);
                let own = self.whole(Tag::Id, &[&id])?;
                let by_file = self.in_files(|file| file_stem(file) == id)?;
                Ok(any_of(vec![own, by_file]))
            }
            Clause::Words { field: Field::Lang, terms } => self.whole(Tag::Lang, &[&typed(terms).to_lowercase()]),
            Clause::Words { field: Field::Role, terms } => self.whole(Tag::Role, &[&typed(terms)]),
            Clause::Words { field, .. } | Clause::Near { field, .. } if is_inside(*field) => {
                let whole = matches!(clause, Clause::Words { .. });
                self.inside(*field, self.spans(clause)?, whole)
            }
            Clause::Words { .. } | Clause::Near { .. } | Clause::AtLeast { .. } => Ok(Box::new(self.spans(clause)?)),
            Clause::OneQuote(clause) => Segment { target: Target::Quotes, ..*self }.docs(clause),
            Clause::Role(role) => self.whole(Tag::Role, &[role.name()]),
            Clause::Called { field, names, .. } => self.called(*field, names),
            Clause::Kind(kinds) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                self.whole(Tag::Kind, &names)
            }
            Clause::Date { from, to } => {
                let dates = self.reader.fast_fields().u64("date")?;
                let (from, to) = (*from, *to);
                let docs = self.all_of(Target::Articles)?;
                // A month without a day is dated inside an interval that holds all of it.
                let inside = move |number: u64| {
                    let (first, last) = Date::from_number(number as u32).interval();
                    from <= first && last <= to
                };
                Ok(Box::new(Where::new(docs, move |doc, _| dates.first(doc).is_some_and(inside))))
            }
            Clause::All(_) | Clause::Any(_) | Clause::Not(_) => self.docs(clause),
        }
    }

    /// Returns where words, phrases and words near each other stand.
    ///
    /// # Errors
    /// When the segment cannot be read, or the clause is of another kind.
    pub fn spans(&self, clause: &Clause) -> tantivy::Result<Spans> {
        self.spans_in(clause, Counting::AsIndexed)
    }

    fn spans_in(&self, clause: &Clause, counting: Counting) -> tantivy::Result<Spans> {
        match clause {
            Clause::Words { field, terms } => self.phrase(*field, &Form::all(*field, terms), counting),
            Clause::Any(clauses) => {
                let spans = clauses.iter().map(|clause| self.spans_in(clause, counting));
                Ok(Spans::any(spans.collect::<tantivy::Result<_>>()?))
            }
            Clause::Near { field, parts, reach } => {
                let spans = parts.iter().map(|part| self.spans_in(part, Counting::Anywhere));
                let spans = spans.collect::<tantivy::Result<_>>()?;
                let counting = if counting == Counting::Anywhere { counting } else { Counting::Once };
                let stretches = match reach {
                    Reach::Within(_) | Reach::Before(_) => None,
                    Reach::Sentence | Reach::Paragraph => Some(Stretches::new(self.reader, *reach)?),
                };
                Ok(Spans::near(spans, *reach, stretches, self.parts(*field, counting)?))
            }
            Clause::AtLeast { times, what } => {
                let inner = self.spans_in(what, Counting::Once)?;
                Ok(Spans::at_least(inner, *times, None))
            }
            _ => Err(TantivyError::InvalidArgument("a condition without a place".to_owned())),
        }
    }

    /// Returns where the words of these forms stand one after the other.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn phrase(&self, field: Field, forms: &[Form], counting: Counting) -> tantivy::Result<Spans> {
        let parts = self.parts(field, counting)?;
        let positions = forms.len() > 1 || parts.is_some() || is_inside(field) || counting != Counting::AsIndexed;
        let words = forms.iter().map(|form| self.word(field, form, positions)).collect::<tantivy::Result<_>>()?;
        Ok(Spans::words(words, parts))
    }

    /// Returns the parts of an article that a field names, where it names some or they must not be counted twice.
    fn parts(&self, field: Field, counting: Counting) -> tantivy::Result<Option<Parts>> {
        let part = matches!(field, Field::Headline | Field::Dek | Field::Body | Field::Lead | Field::Hlead);
        let wanted = match counting {
            Counting::AsIndexed => part,
            Counting::Once => part || matches!(field, Field::Text | Field::Quote),
            Counting::Anywhere => false,
        };
        if wanted { Parts::new(self.reader, field).map(Some) } else { Ok(None) }
    }

    /// Returns the postings of one word of a field, all its forms together.
    fn word(&self, field: Field, form: &Form, positions: bool) -> tantivy::Result<WordPostings> {
        let Some(handle) = self.handles.terms_of(field) else { return Ok(WordPostings::new(Vec::new())) };
        let index = self.reader.inverted_index(handle)?;
        let wanted = if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let mut forms = Vec::new();
        for (_, info) in terms::find(&index, form)? {
            forms.push(index.read_postings_from_terminfo(&info, wanted)?);
        }
        Ok(WordPostings::new(forms))
    }

    /// Returns the documents in which something stands inside a quote, a speaker or a name.
    fn inside(&self, field: Field, spans: Spans, whole: bool) -> tantivy::Result<Docs> {
        let family = self.family(match field {
            Field::Quote => &[Bond::Said],
            Field::Speaker => &[Bond::Spoken],
            _ => &[Bond::Named, Bond::Said],
        })?;
        Ok(listed(match (field, self.target) {
            (Field::Quote, _) => family.said(spans, whole).into_iter().map(|(quote, _)| quote).collect(),
            (Field::Speaker, _) => family.spoken(spans),
            (_, Target::Articles) => family.named(spans),
            (_, Target::Quotes) => family.named_inside(spans),
        }))
    }

    /// Returns the documents in which somebody of these names speaks, or is named.
    fn called(&self, field: Field, names: &[String]) -> tantivy::Result<Docs> {
        let column =
            if field == Field::Speaker { names::speakers(self.reader)? } else { names::entities(self.reader)? };
        let Some(column) = column else { return Ok(Box::new(Nothing)) };
        let ords = names::ords_of(&column, names)?;
        let family = self.family(&[Bond::Named, Bond::Said])?;
        let docs = names::docs_with(family.docs(), &column, &ords);
        if field == Field::Speaker || self.target == Target::Articles {
            return Ok(listed(docs));
        }
        let mut quotes = Vec::new();
        for article in docs {
            let values = column.term_ords(article).zip(0..);
            let numbers: Vec<u32> = values.filter(|(ord, _)| ords.contains(ord)).map(|(_, number)| number).collect();
            quotes.extend(family.quotes_naming(article, &numbers));
        }
        Ok(listed(quotes))
    }

    fn whole(&self, tag: Tag, values: &[&str]) -> tantivy::Result<Docs> {
        let index = self.reader.inverted_index(self.handles.tags)?;
        let mut forms = Vec::new();
        for value in values {
            forms.extend(index.read_postings(&self.handles.tag(tag, value), IndexRecordOption::Basic)?);
        }
        Ok(Box::new(WordPostings::new(forms)))
    }

    /// Returns the documents from files whose path holds the words one after the other.
    fn path(&self, wanted: &[Form]) -> tantivy::Result<Docs> {
        if wanted.is_empty() {
            return Ok(Box::new(Nothing));
        }
        self.in_files(|file| holds(file, wanted))
    }

    /// Returns the documents from the files that a test on their path lets through.
    fn in_files(&self, test: impl Fn(&str) -> bool) -> tantivy::Result<Docs> {
        let index = self.reader.inverted_index(self.handles.tags)?;
        let mut docs = Vec::new();
        tagged(&index, Tag::File, &mut |file, info| {
            if test(file) {
                let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                while postings.doc() != TERMINATED {
                    docs.push(postings.doc());
                    postings.advance();
                }
            }
            Ok(())
        })?;
        docs.sort_unstable();
        Ok(listed(docs))
    }

    fn all(&self, clauses: &[Clause]) -> tantivy::Result<Docs> {
        let mut required = Vec::new();
        let mut excluded = Vec::new();
        for clause in clauses {
            match clause {
                Clause::Not(inner) => excluded.push(self.docs(inner)?),
                clause => required.push(self.docs(clause)?),
            }
        }
        if required.is_empty() {
            required.push(self.everything()?);
        }
        let kept: Docs = Box::new(AllOf::new(required));
        if excluded.is_empty() { Ok(kept) } else { Ok(without(kept, any_of(excluded))) }
    }
}

/// Gives every value of a tag in a segment, sorted, with where its postings are.
///
/// # Errors
/// When the segment cannot be read, or `each` fails.
pub fn tagged(
    index: &InvertedIndexReader,
    tag: Tag,
    each: &mut dyn FnMut(&str, &TermInfo) -> tantivy::Result<()>,
) -> tantivy::Result<()> {
    let mut stream = index.terms().range().ge(tag.prefix()).into_stream()?;
    while stream.advance() {
        let Some(value) = stream.key().strip_prefix(tag.prefix().as_bytes()) else { break };
        if let Ok(value) = std::str::from_utf8(value) {
            each(value, stream.value())?;
        }
    }
    Ok(())
}

/// Returns the terms of the files whose path a test lets through, in any segment.
///
/// # Errors
/// When the index cannot be read.
pub fn files(searcher: &Searcher, handles: &Handles, test: impl Fn(&str) -> bool) -> tantivy::Result<Vec<Term>> {
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(handles.tags)?;
        tagged(&index, Tag::File, &mut |file, _| {
            if test(file) {
                found.push(handles.tag(Tag::File, file));
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// Returns whether a field is a stretch inside an article's text that has documents or columns of its own.
fn is_inside(field: Field) -> bool {
    matches!(field, Field::Quote | Field::Speaker | Field::Entity)
}

/// Returns whether words stand in a text one after the other.
fn holds(text: &str, wanted: &[Form]) -> bool {
    let words = analyzer::terms(text);
    let here = |place: &[String]| place.iter().zip(wanted).all(|(word, form)| form.is(word));
    !wanted.is_empty() && words.windows(wanted.len()).any(here)
}

/// Returns a value that is one term, as typed.
fn typed(terms: &[plan::Term]) -> String {
    terms.iter().map(|term| term.typed.trim()).collect::<Vec<_>>().join(" ")
}

/// Returns which documents a condition is about; nothing where both kinds have the field.
fn home(clause: &Clause) -> Option<Target> {
    match clause {
        Clause::Role(_) | Clause::Kind(_) | Clause::OneQuote(_) => Some(Target::Quotes),
        Clause::Called { field, .. } => Some(Target::Quotes).filter(|_| *field == Field::Speaker),
        Clause::AtLeast { what, .. } => match &**what {
            Clause::Any(clauses) => clauses.first().and_then(home),
            what => home(what),
        },
        Clause::Words { field, .. } | Clause::Near { field, .. } => match field {
            Field::Quote | Field::Speaker | Field::Role => Some(Target::Quotes),
            Field::Entity | Field::Path => None,
            _ => Some(Target::Articles),
        },
        _ => Some(Target::Articles),
    }
}
