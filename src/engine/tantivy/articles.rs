//! Articles in order: those with all the words first, then those with some.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rustc_hash::FxHashSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentReader;
use tantivy::{DocAddress, DocId, DocSet, TERMINATED};

use super::matching::{Look, Segment, Target};
use super::scoring::{Scorer, SegmentScorer, Unit};
use super::sets::{AllOf, Docs};
use crate::plan::{Clause, Manner, Plan, Rows, Sort, Term};
use crate::schema::Field;
use crate::spelling::Form;

/// With more words than this, articles with all of them do not come before the others: a long question is a
/// description, and an article that answers it rarely has every word.
const TIER_WORDS: usize = 5;

/// An article in its place, before its record is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where Tantivy keeps it.
    pub address: DocAddress,
    /// Its score, 0 where the order is by date.
    pub score: f32,
    /// Whether it has all the bare words.
    pub complete: bool,
}

/// The articles of an answer, and how many there are.
#[derive(Debug, Default)]
pub struct Places {
    /// Articles with all the words.
    pub total: u64,
    /// Articles with only some, where they were needed.
    pub partial: Option<u64>,
    /// Whether the two stand among each other.
    pub mixed: bool,
    /// The asked rows.
    pub places: Vec<Place>,
}

/// Answers a plan with the asked rows.
///
/// # Errors
/// When the index cannot be read.
pub fn answer(look: Look<'_>, plan: &Plan, rows: Rows) -> tantivy::Result<Places> {
    let Rows { sort, offset, limit, partial: allowed } = rows;
    let wanted = offset.saturating_add(limit);
    let question = Question::new(look, plan)?;
    let some = allowed && sort == Sort::Best && question.words > 1;
    let mixed = some && question.words > TIER_WORDS;
    let mut best = Vec::new();
    let mut total = 0;
    let mut whole = Vec::new();
    for (ord, reader) in look.searcher.segment_readers().iter().enumerate() {
        let mut top = Top::new(ord, reader, sort, if mixed { 0 } else { wanted })?;
        let mut kept = FxHashSet::default();
        question.complete(ord, reader, &mut |doc, score| {
            if mixed || kept.len() <= wanted {
                kept.insert(doc);
            }
            top.offer(doc, score);
        })?;
        total += top.seen;
        whole.push(kept);
        best.extend(top.into_places(|_| true)?);
    }
    order(&mut best);
    let mut partial = None;
    if mixed || some && wanted as u64 > total {
        let room = if mixed { wanted } else { wanted - total as usize };
        let mut rest = Vec::new();
        let mut seen = 0;
        for (ord, reader) in look.searcher.segment_readers().iter().enumerate() {
            let mut top = Top::new(ord, reader, sort, room)?;
            question.some(ord, reader, &mut |doc, score| {
                if mixed || !whole[ord].contains(&doc) {
                    top.offer(doc, score);
                }
            })?;
            seen += top.seen;
            rest.extend(top.into_places(|doc| whole[ord].contains(&doc))?);
        }
        order(&mut rest);
        best.extend(rest);
        partial = Some(if mixed { seen - total } else { seen });
    }
    let places = best.into_iter().skip(offset).take(limit).map(|ranked| ranked.place).collect();
    Ok(Places { total, partial, mixed, places })
}

/// A plan made ready: what must hold, and what makes the score.
struct Question<'a> {
    look: Look<'a>,
    /// What must hold of every article.
    given: Option<Clause>,
    /// What must hold of an article with all the words.
    filter: Option<Clause>,
    scorer: Scorer,
    /// How many bare words rank.
    words: usize,
}

impl<'a> Question<'a> {
    fn new(look: Look<'a>, plan: &Plan) -> tantivy::Result<Question<'a>> {
        let mut units = Vec::new();
        let mut clauses: Vec<Clause> = plan.filter.iter().cloned().collect();
        for ranked in plan.words.iter().filter(|ranked| !ranked.stop) {
            let found = units_of(&ranked.clause);
            if found.len() > 1 {
                clauses.push(ranked.clause.clone());
            }
            add_units(found, &mut units);
        }
        let words = units.len();
        if words == 0
            && let Some(filter) = &plan.filter
        {
            scoring_units(filter, &mut units);
        }
        let scorer = Scorer::new(look, Field::Text, &units)?;
        let filter = if clauses.is_empty() { None } else { Some(Clause::All(clauses)) };
        Ok(Question { look, given: plan.filter.clone(), filter, scorer, words })
    }

    fn segment<'r>(&'r self, reader: &'r SegmentReader) -> Segment<'r> {
        self.look.segment(reader, Target::Articles)
    }

    /// Gives every article of a segment that fulfils the filter and has all the bare words.
    fn complete(&self, ord: usize, reader: &SegmentReader, each: &mut dyn FnMut(DocId, f32)) -> tantivy::Result<()> {
        let segment = self.segment(reader);
        let mut scorer = self.scorer.segment(ord, reader)?;
        let mut docs: Vec<Docs> = Vec::new();
        if let Some(filter) = &self.filter {
            docs.push(segment.docs(filter)?);
        }
        if self.words == 0 {
            docs.push(segment.everything()?);
            let mut docs = AllOf::new(docs);
            while docs.doc() != TERMINATED {
                let doc = docs.doc();
                if !reader.is_deleted(doc) {
                    each(doc, scorer.seek_score(doc));
                }
                docs.advance();
            }
            return Ok(());
        }
        let SegmentScorer { words, mut rates } = scorer;
        let mut all = AllOf::new(words);
        let mut filter = docs.pop();
        let mut doc = all.doc();
        while doc != TERMINATED {
            if let Some(filter) = &mut filter {
                let allowed = if filter.doc() < doc { filter.seek(doc) } else { filter.doc() };
                if allowed > doc {
                    doc = all.seek(allowed);
                    continue;
                }
            }
            if !reader.is_deleted(doc) {
                each(doc, rates.score(&all.parts, doc));
            }
            doc = all.advance();
        }
        Ok(())
    }

    /// Gives every article of a segment that fulfils the plan's filter and has at least one of the bare words.
    fn some(&self, ord: usize, reader: &SegmentReader, each: &mut dyn FnMut(DocId, f32)) -> tantivy::Result<()> {
        let segment = self.segment(reader);
        let mut scorer = self.scorer.segment(ord, reader)?;
        let mut filter = match &self.given {
            Some(clause) => Some(segment.docs(clause)?),
            None => None,
        };
        while let Some(doc) = scorer.words.iter().map(DocSet::doc).min().filter(|doc| *doc != TERMINATED) {
            let allowed = match &mut filter {
                Some(filter) if filter.doc() < doc => filter.seek(doc),
                Some(filter) => filter.doc(),
                None => doc,
            };
            if allowed == TERMINATED {
                break;
            }
            if allowed > doc {
                scorer.seek_score(allowed);
                continue;
            }
            if !reader.is_deleted(doc) {
                each(doc, scorer.rates.score(&scorer.words, doc));
            }
            for word in scorer.words.iter_mut().filter(|word| word.doc() == doc) {
                word.advance();
            }
        }
        Ok(())
    }
}

/// Returns what a bare word scores by: one unit for each term in it, or a single one where it has several names.
fn units_of(clause: &Clause) -> Vec<Unit> {
    let unit = |alternatives| Unit { alternatives, first: None };
    match clause {
        Clause::Words { terms, .. } => terms.iter().flat_map(term_units).collect(),
        Clause::Any(clauses) => {
            let alternatives = clauses.iter().filter_map(|clause| match clause {
                Clause::Words { terms, .. } => Some(Form::all(Field::Text, terms)).filter(|forms| !forms.is_empty()),
                _ => None,
            });
            vec![unit(alternatives.collect())]
        }
        _ => Vec::new(),
    }
}

fn term_units(term: &Term) -> Vec<Unit> {
    let forms = Form::of(Field::Text, term);
    let first = Form::of(Field::Text, &Term::exact(&term.typed)).pop();
    let first = first.filter(|_| term.manner == Manner::Like && forms.len() == 1);
    forms.into_iter().map(|form| Unit { alternatives: vec![vec![form]], first: first.clone() }).collect()
}

fn add_units(found: Vec<Unit>, units: &mut Vec<Unit>) {
    for unit in found {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
}

/// Collects the words of a filter that say what an article is about; nothing under a Not.
fn scoring_units(clause: &Clause, units: &mut Vec<Unit>) {
    let text = |field: &Field| {
        matches!(field, Field::Text | Field::Headline | Field::Dek | Field::Body | Field::Lead | Field::Hlead)
    };
    match clause {
        Clause::Words { field, .. } if text(field) => add_units(units_of(clause), units),
        Clause::AtLeast { what, .. } => scoring_units(what, units),
        Clause::All(clauses) | Clause::Any(clauses) | Clause::Near { parts: clauses, .. } => {
            for clause in clauses {
                scoring_units(clause, units);
            }
        }
        _ => {}
    }
}

/// A place and what it is ordered by: the larger value first, then the key.
struct Ranked {
    value: i64,
    key: String,
    place: Place,
}

fn order(ranked: &mut [Ranked]) {
    ranked.sort_by(|one, other| other.value.cmp(&one.value).then_with(|| one.key.cmp(&other.key)));
}

/// The first few documents of a segment.
struct Top<'a> {
    ord: usize,
    reader: &'a SegmentReader,
    sort: Sort,
    limit: usize,
    seen: u64,
    keys: Option<StrColumn>,
    dates: Column<u64>,
    heap: BinaryHeap<Entry>,
}

/// An entry of the heap; the greatest is the one to drop first.
#[derive(PartialEq)]
struct Entry {
    value: i64,
    key: u64,
    doc: DocId,
    score: f32,
}

impl Eq for Entry {}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        other.value.cmp(&self.value).then(self.key.cmp(&other.key)).then(self.doc.cmp(&other.doc))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Top<'a> {
    fn new(ord: usize, reader: &'a SegmentReader, sort: Sort, limit: usize) -> tantivy::Result<Top<'a>> {
        let keys = reader.fast_fields().str("key")?;
        let dates = reader.fast_fields().u64("date")?;
        Ok(Top { ord, reader, sort, limit, seen: 0, keys, dates, heap: BinaryHeap::new() })
    }

    fn offer(&mut self, doc: DocId, score: f32) {
        debug_assert!(!self.reader.is_deleted(doc));
        self.seen += 1;
        if self.limit == 0 {
            return;
        }
        let date = |dates: &Column<u64>| dates.first(doc).map(|date| date as i64);
        let value = match self.sort {
            Sort::Best => i64::from(score.to_bits()),
            Sort::Newest => date(&self.dates).unwrap_or(0),
            Sort::Oldest => date(&self.dates).map_or(i64::MIN, |date| -date),
        };
        let full = self.heap.len() == self.limit;
        if full && self.heap.peek().is_some_and(|last| value < last.value) {
            return;
        }
        let key = self.keys.as_ref().and_then(|keys| keys.term_ords(doc).next()).unwrap_or(0);
        self.heap.push(Entry { value, key, doc, score });
        if full {
            self.heap.pop();
        }
    }

    fn into_places(self, complete: impl Fn(DocId) -> bool) -> tantivy::Result<Vec<Ranked>> {
        let mut places = Vec::with_capacity(self.heap.len());
        for entry in self.heap {
            let mut key = String::new();
            if let Some(keys) = &self.keys {
                keys.ord_to_str(entry.key, &mut key)?;
            }
            let score = if self.sort == Sort::Best { entry.score } else { 0.0 };
            let address = DocAddress::new(self.ord as u32, entry.doc);
            let place = Place { address, score, complete: complete(entry.doc) };
            places.push(Ranked { value: entry.value, key, place });
        }
        Ok(places)
    }
}
