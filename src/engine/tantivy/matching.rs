//! From a clause to the documents of a segment that fulfil it.

use tantivy::columnar::Column;
use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Searcher, TERMINATED, Term};

use super::family::Family;
use super::fields::{ARTICLE, Handles, Tag};
use super::postings::WordPostings;
use super::terms::{self, Form};
use super::write::file_stem;
use crate::analyzer;
use crate::layers::QuoteKind;
use crate::plan::Clause;
use crate::schema::Field;

/// Documents in order, whatever condition they fulfil.
pub type Docs = Box<dyn DocSet>;

/// What kind of document a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Articles.
    Articles,
    /// Quotes.
    Quotes,
}

/// A segment and what is needed to look into it.
pub struct Segment<'a> {
    /// Tantivy's reader.
    pub reader: &'a SegmentReader,
    /// The handles of its fields.
    pub handles: &'a Handles,
    /// The documents asked for.
    pub target: Target,
}

impl Segment<'_> {
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
                return Ok(Box::new(AnyOf::new(docs)));
            }
            Clause::Not(clause) => return Ok(Box::new(Without::new(self.everything()?, self.docs(clause)?))),
            _ => {}
        }
        let mut found = self.leaf(clause)?;
        match (home(clause), self.target) {
            (None, _) | (Some(Target::Articles), Target::Articles) | (Some(Target::Quotes), Target::Quotes) => {
                Ok(found)
            }
            (Some(Target::Articles), Target::Quotes) => Ok(listed(Family::new(self.reader)?.quotes_of(&mut *found))),
            (Some(Target::Quotes), Target::Articles) => Ok(listed(Family::new(self.reader)?.articles_of(&mut *found))),
        }
    }

    /// Returns the documents, of the kind that the condition is about, that fulfil it.
    fn leaf(&self, clause: &Clause) -> tantivy::Result<Docs> {
        match clause {
            Clause::Word { field: Field::Path, word: words } | Clause::Phrase { field: Field::Path, words } => {
                self.path(words)
            }
            Clause::Word { field: Field::Id, word: id } | Clause::Phrase { field: Field::Id, words: id } => {
                let own = self.whole(Tag::Id, &[id.trim()])?;
                let by_file = self.in_files(|file| file_stem(file) == id.trim())?;
                Ok(Box::new(AnyOf::new(vec![own, by_file])))
            }
            Clause::Word { field: Field::Role, word: role } | Clause::Phrase { field: Field::Role, words: role } => {
                self.whole(Tag::Role, &[role.trim()])
            }
            Clause::Word { field, word } => self.phrase(*field, &Form::of(*field, word, false)),
            Clause::Phrase { field, words } => self.phrase(*field, &Form::of(*field, words, true)),
            Clause::Role(role) => self.whole(Tag::Role, &[role.name()]),
            Clause::Kind(kinds) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                self.whole(Tag::Kind, &names)
            }
            Clause::Date { from, to } => {
                let dates = self.reader.fast_fields().u64("date")?;
                let inside = u64::from(*from)..=u64::from(*to);
                let docs = self.all_of(Target::Articles)?;
                Ok(Box::new(Where::new(docs, move |doc, _| {
                    dates.first(doc).is_some_and(|date| inside.contains(&date))
                })))
            }
            Clause::All(_) | Clause::Any(_) | Clause::Not(_) => self.docs(clause),
        }
    }

    /// Returns the postings of one word of a field, all its forms together.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn word(&self, field: Field, form: &Form, positions: bool) -> tantivy::Result<WordPostings> {
        let Some(handle) = self.handles.terms_of(field) else { return Ok(WordPostings::new(Vec::new())) };
        let index = self.reader.inverted_index(handle)?;
        let wanted = if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let mut forms = Vec::new();
        for (_, info) in terms::find(&index, form)? {
            forms.push(index.read_postings_from_terminfo(&info, wanted)?);
        }
        Ok(WordPostings::new(forms))
    }

    fn phrase(&self, field: Field, forms: &[Form]) -> tantivy::Result<Docs> {
        match forms {
            [] => Ok(Box::new(Nothing)),
            forms if matches!(field, Field::Quote | Field::Speaker | Field::Entity) => {
                let words = forms.iter().map(|form| self.word(field, form, true)).collect::<tantivy::Result<_>>()?;
                let family = Family::new(self.reader)?;
                Ok(listed(match (field, self.target) {
                    (Field::Quote, _) => family.said(words).into_iter().map(|(quote, _)| quote).collect(),
                    (Field::Speaker, _) => family.spoken(words),
                    (_, Target::Articles) => family.named(words),
                    (_, Target::Quotes) => family.named_inside(words),
                }))
            }
            [form] if !matches!(field, Field::Headline | Field::Dek | Field::Body) => {
                Ok(Box::new(self.word(field, form, false)?))
            }
            forms => self.placed(field, forms),
        }
    }

    /// Returns the documents in which the words stand next to each other, in the part that the field names.
    fn placed(&self, field: Field, forms: &[Form]) -> tantivy::Result<Docs> {
        let mut words = Vec::with_capacity(forms.len());
        for form in forms {
            words.push(self.word(field, form, true)?);
        }
        let columns = self.reader.fast_fields();
        let column = |name: &str, wanted: bool| if wanted { columns.u64(name).map(Some) } else { Ok(None) };
        let from =
            column(if field == Field::Body { "body_at" } else { "dek_at" }, matches!(field, Field::Body | Field::Dek))?;
        let to = column(
            if field == Field::Dek { "body_at" } else { "dek_at" },
            matches!(field, Field::Headline | Field::Dek),
        )?;
        let mut buffers = vec![Vec::new(); words.len()];
        let docs = AllOf::new(words);
        Ok(Box::new(Where::new(docs, move |doc, words: &mut AllOf<WordPostings>| {
            let at = |column: &Option<Column<u64>>, otherwise: u32| {
                column.as_ref().map_or(otherwise, |column| column.first(doc).unwrap_or(0) as u32)
            };
            for (word, buffer) in words.parts.iter_mut().zip(&mut buffers) {
                word.positions(buffer);
            }
            let to = at(&to, u32::MAX);
            starts(&buffers, at(&from, 0)).next().is_some_and(|start| start < to)
        })))
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
    fn path(&self, words: &str) -> tantivy::Result<Docs> {
        let wanted = analyzer::terms(words);
        if wanted.is_empty() {
            return Ok(Box::new(Nothing));
        }
        self.in_files(|file| analyzer::terms(file).windows(wanted.len()).any(|place| place == wanted))
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
        if excluded.is_empty() { Ok(kept) } else { Ok(Box::new(Without::new(kept, Box::new(AnyOf::new(excluded))))) }
    }
}

/// Returns the positions at or after `from` that start a run of one position of each list, one after the other.
pub fn starts(lists: &[Vec<u32>], from: u32) -> impl Iterator<Item = u32> {
    let (first, rest) = lists.split_first().map_or((&[][..], &[][..]), |(first, rest)| (&first[..], rest));
    let mut at = vec![0; rest.len()];
    let runs = move |start: u32| {
        rest.iter().zip(&mut at).zip(start + 1..).all(|((list, at), wanted)| {
            *at += list[*at..].iter().take_while(|position| **position < wanted).count();
            list.get(*at) == Some(&wanted)
        })
    };
    let mut runs = runs;
    first.iter().copied().filter(move |start| *start >= from && runs(*start))
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

/// Returns which documents a condition is about; nothing where both kinds have the field.
fn home(clause: &Clause) -> Option<Target> {
    match clause {
        Clause::Role(_) | Clause::Kind(_) => Some(Target::Quotes),
        Clause::Word { field, .. } | Clause::Phrase { field, .. } => match field {
            Field::Quote | Field::Speaker | Field::Role => Some(Target::Quotes),
            Field::Entity | Field::Path => None,
            _ => Some(Target::Articles),
        },
        _ => Some(Target::Articles),
    }
}

/// Documents from a sorted list.
struct Listed {
    docs: Vec<DocId>,
    at: usize,
}

fn listed(docs: Vec<DocId>) -> Docs {
    Box::new(Listed { docs, at: 0 })
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.docs.get(self.at..).map_or(0, |rest| rest.partition_point(|doc| *doc < target));
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}

/// No document.
pub struct Nothing;

impl DocSet for Nothing {
    fn advance(&mut self) -> DocId {
        TERMINATED
    }

    fn doc(&self) -> DocId {
        TERMINATED
    }

    fn size_hint(&self) -> u32 {
        0
    }
}

/// Documents that all the parts hold.
pub struct AllOf<D> {
    /// The parts, every one at the current document.
    pub parts: Vec<D>,
    doc: DocId,
    rarest: usize,
}

impl<D: DocSet> AllOf<D> {
    /// Returns what all of at least one part hold.
    pub fn new(parts: Vec<D>) -> AllOf<D> {
        let rarest = (0..parts.len()).min_by_key(|part| parts[*part].size_hint()).unwrap_or(0);
        let mut all = AllOf { parts, doc: 0, rarest };
        let start = all.parts.get(rarest).map_or(TERMINATED, DocSet::doc);
        all.meet(start);
        all
    }

    fn meet(&mut self, mut target: DocId) -> DocId {
        'again: while target != TERMINATED {
            for part in &mut self.parts {
                let doc = if part.doc() < target { part.seek(target) } else { part.doc() };
                if doc > target {
                    target = doc;
                    continue 'again;
                }
            }
            break;
        }
        self.doc = target;
        target
    }
}

impl<D: DocSet> DocSet for AllOf<D> {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        let target = self.parts[self.rarest].advance();
        self.meet(target)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.meet(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().map(DocSet::size_hint).min().unwrap_or(0)
    }
}

/// Documents that any of the parts holds.
pub struct AnyOf {
    parts: Vec<Docs>,
    doc: DocId,
}

impl AnyOf {
    /// Returns what any of the parts holds.
    pub fn new(parts: Vec<Docs>) -> AnyOf {
        let doc = parts.iter().map(|part| part.doc()).min().unwrap_or(TERMINATED);
        AnyOf { parts, doc }
    }

    fn settle(&mut self) -> DocId {
        self.doc = self.parts.iter().map(|part| part.doc()).min().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for AnyOf {
    fn advance(&mut self) -> DocId {
        let here = self.doc;
        if here == TERMINATED {
            return TERMINATED;
        }
        for part in self.parts.iter_mut().filter(|part| part.doc() == here) {
            part.advance();
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        for part in self.parts.iter_mut().filter(|part| part.doc() < target) {
            part.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().map(|part| part.size_hint()).fold(0, u32::saturating_add)
    }
}

/// Documents of the first that the second does not hold.
pub struct Without {
    docs: Docs,
    excluded: Docs,
}

impl Without {
    /// Returns `docs` less `excluded`.
    pub fn new(docs: Docs, excluded: Docs) -> Without {
        let mut without = Without { docs, excluded };
        without.pass();
        without
    }

    fn pass(&mut self) -> DocId {
        loop {
            let doc = self.docs.doc();
            if doc == TERMINATED {
                return doc;
            }
            let barrier = if self.excluded.doc() < doc { self.excluded.seek(doc) } else { self.excluded.doc() };
            if barrier != doc {
                return doc;
            }
            self.docs.advance();
        }
    }
}

impl DocSet for Without {
    fn advance(&mut self) -> DocId {
        self.docs.advance();
        self.pass()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.docs.doc() < target {
            self.docs.seek(target);
        }
        self.pass()
    }

    fn doc(&self) -> DocId {
        self.docs.doc()
    }

    fn size_hint(&self) -> u32 {
        self.docs.size_hint()
    }
}

/// Documents that pass a test.
struct Where<D, F> {
    docs: D,
    test: F,
}

impl<D: DocSet, F: FnMut(DocId, &mut D) -> bool + Send> Where<D, F> {
    fn new(docs: D, test: F) -> Where<D, F> {
        let mut kept = Where { docs, test };
        kept.pass();
        kept
    }

    fn pass(&mut self) -> DocId {
        let mut doc = self.docs.doc();
        while doc != TERMINATED && !(self.test)(doc, &mut self.docs) {
            doc = self.docs.advance();
        }
        doc
    }
}

impl<D: DocSet, F: FnMut(DocId, &mut D) -> bool + Send> DocSet for Where<D, F> {
    fn advance(&mut self) -> DocId {
        self.docs.advance();
        self.pass()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.docs.doc() < target {
            self.docs.seek(target);
            self.pass();
        }
        self.docs.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.doc()
    }

    fn size_hint(&self) -> u32 {
        self.docs.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::starts;

    fn check(lists: &[&[u32]], from: u32, expected: bool) {
        let lists: Vec<Vec<u32>> = lists.iter().map(|list| list.to_vec()).collect();
        assert_eq!(starts(&lists, from).next().is_some(), expected, "{lists:?} from {from}");
    }

    #[test]
    fn finds_words_next_to_each_other() {
        check(&[&[1, 5], &[6]], 0, true);
        check(&[&[1, 5], &[3, 7]], 0, false);
        check(&[&[1, 5], &[2]], 2, false);
        check(&[&[1, 4, 9], &[2, 5, 10], &[7, 11]], 0, true);
        check(&[&[1, 4], &[2, 5], &[9]], 0, false);
        check(&[&[3]], 4, false);
        check(&[&[3, 4]], 4, true);
        check(&[], 0, false);
    }
}
