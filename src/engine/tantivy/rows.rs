//! Articles put in order, the copies of a story as one row where that is asked.
//!
//! In: articles with their scores. Out: the first rows of them, and how many articles and stories there are.
//! Deliberately knows no question.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, hash_map};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentReader;
use tantivy::{DocAddress, DocId};

use super::articles::{Place, recency};
use super::matching::Look;
use super::stories::SegmentStories;
use super::threads::Task;
use crate::plan::Sort;

/// Articles of an answer that rank among each other.
pub struct Tier {
    fold: bool,
    best: Vec<Ranked>,
    /// How many articles there are.
    pub seen: u64,
    /// How many of them stand above, in a story of the tier before.
    above: u64,
    /// How many have no copy in the index.
    alone: usize,
    /// The others, by story.
    pub stories: FxHashMap<u32, Vec<DocAddress>>,
}

impl Tier {
    /// Returns a tier without articles.
    pub fn new(fold: bool) -> Tier {
        Tier { fold, best: Vec::new(), seen: 0, above: 0, alone: 0, stories: FxHashMap::default() }
    }

    /// Adds what was found in a range of documents.
    pub fn add(&mut self, part: Part) {
        self.seen += part.seen;
        self.alone += part.alone;
        self.above += part.seen - (part.alone + part.told.len()) as u64;
        for (story, address) in part.told {
            self.stories.entry(story).or_default().push(address);
        }
        self.best.extend(part.ranked);
    }

    /// Returns how many of the articles are copies of others.
    pub fn copies(&self) -> u64 {
        self.above + self.stories.values().map(|articles| articles.len() as u64 - 1).sum::<u64>()
    }

    /// Returns how many rows there are.
    pub fn rows(&self) -> usize {
        if self.fold { self.alone + self.stories.len() } else { self.seen as usize }
    }

    /// Takes out the articles, in order.
    pub fn ranked(&mut self) -> Vec<Ranked> {
        let mut ranked = std::mem::take(&mut self.best);
        order(&mut ranked);
        ranked
    }

    /// Keeps the first article of each story, where copies are folded.
    pub fn fold(&self, ranked: &mut Vec<Ranked>) {
        if self.fold {
            let mut seen = FxHashSet::default();
            ranked.retain(|ranked| ranked.place.story.is_none_or(|story| seen.insert(story)));
        }
    }
}

/// The articles of an answer in each story, and what they are ordered by.
pub struct Folding<'a> {
    articles: &'a mut FxHashMap<u32, Vec<DocAddress>>,
    columns: Vec<(Column<u64>, Option<StrColumn>)>,
}

impl<'a> Folding<'a> {
    /// Returns what folds the articles of an answer, given by their story.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(look: Look<'_>, articles: &'a mut FxHashMap<u32, Vec<DocAddress>>) -> tantivy::Result<Folding<'a>> {
        let mut columns = Vec::new();
        for reader in look.searcher.segment_readers() {
            columns.push((reader.fast_fields().u64("date")?, reader.fast_fields().str("key")?));
        }
        Ok(Folding { articles, columns })
    }

    /// Puts the earliest article of its story in each place, and the others behind it: the first few by name.
    pub fn fold(&mut self, places: &mut [Place], named: usize) -> tantivy::Result<()> {
        for place in places {
            let Some(articles) = place.story.and_then(|story| self.articles.remove(&story)) else { continue };
            let mut dated = Vec::with_capacity(articles.len());
            for address in articles {
                let (dates, keys) = &self.columns[address.segment_ord as usize];
                let mut key = String::new();
                if let Some(keys) = keys {
                    keys.ord_to_str(keys.term_ords(address.doc_id).next().unwrap_or(0), &mut key)?;
                }
                dated.push((dates.first(address.doc_id).map_or(u32::MAX, |date| date as u32), key, address));
            }
            dated.sort_unstable();
            let mut addresses = dated.iter().map(|(.., address)| *address);
            place.address = addresses.next().unwrap_or(place.address);
            place.copies = dated.len() as u64 - 1;
            place.first_copies = addresses.take(named).collect();
            place.until = dated.iter().rev().map(|(date, ..)| *date).find(|date| *date != u32::MAX);
        }
        Ok(())
    }
}

/// A place and what it is ordered by: the larger value first, then the key.
pub struct Ranked {
    /// The larger first.
    pub value: i64,
    key: String,
    /// The place.
    pub place: Place,
}

/// Puts places in order.
pub fn order(ranked: &mut [Ranked]) {
    ranked.sort_by(|one, other| other.value.cmp(&one.value).then_with(|| one.key.cmp(&other.key)));
}

/// What was found in a range of documents.
pub struct Part {
    seen: u64,
    /// Articles without a copy in the index.
    alone: usize,
    /// The others, with their story.
    told: Vec<(u32, DocAddress)>,
    ranked: Vec<Ranked>,
}

/// The first few documents of a segment.
pub struct Top<'a> {
    ord: usize,
    reader: &'a SegmentReader,
    sort: Sort,
    /// The newest day, where recency counts.
    newest: Option<i64>,
    limit: usize,
    fold: bool,
    seen: u64,
    keys: Option<StrColumn>,
    dates: Column<u64>,
    heap: BinaryHeap<Entry>,
    stories: Option<SegmentStories<'a>>,
    /// Articles without a copy in the index.
    alone: usize,
    /// The others, with their story.
    told: Vec<(u32, DocId)>,
    /// The best article of each story, where copies are folded.
    best: FxHashMap<u32, Entry>,
    /// Stories that have a row already.
    pub above: Option<&'a FxHashMap<u32, Vec<DocAddress>>>,
}

/// An entry of the heap; the greatest is the one to drop first.
#[derive(PartialEq)]
struct Entry {
    value: i64,
    key: u64,
    doc: DocId,
    score: f32,
    story: Option<u32>,
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
    /// Returns an empty list.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(
        look: Look<'a>,
        task: &Task<'a>,
        sort: Sort,
        newest: Option<i64>,
        limit: usize,
    ) -> tantivy::Result<Top<'a>> {
        let Task { ord, reader, .. } = *task;
        let stories = if look.stories.is_empty() { None } else { Some(look.stories.of(reader)?) };
        Ok(Top {
            ord,
            reader,
            sort,
            newest,
            limit,
            fold: false,
            seen: 0,
            keys: reader.fast_fields().str("key")?,
            dates: reader.fast_fields().u64("date")?,
            heap: BinaryHeap::new(),
            stories,
            alone: 0,
            told: Vec::new(),
            best: FxHashMap::default(),
            above: None,
        })
    }

    /// Returns the same with one article a story, or not.
    pub fn folded(self, fold: bool) -> Top<'a> {
        Top { fold, ..self }
    }

    /// Returns how many rows the articles so far are, at least.
    pub fn rows(&self) -> usize {
        if self.fold { self.alone + self.best.len() } else { self.seen as usize }
    }

    /// Takes in an article.
    pub fn offer(&mut self, doc: DocId, score: f32) {
        let score = self.newest.map_or(score, |newest| score * recency(self.dates.first(doc), newest));
        debug_assert!(!self.reader.is_deleted(doc));
        self.seen += 1;
        let story = self.stories.as_ref().and_then(|stories| stories.story(doc));
        match story {
            None => self.alone += 1,
            Some(story) if self.above.is_some_and(|above| above.contains_key(&story)) => return,
            Some(story) => self.told.push((story, doc)),
        }
        if self.limit == 0 {
            return;
        }
        let date = |dates: &Column<u64>| dates.first(doc).map(|date| date as i64);
        let value = match self.sort {
            Sort::Best => i64::from(score.to_bits()),
            Sort::Newest => date(&self.dates).unwrap_or(0),
            Sort::Oldest => date(&self.dates).map_or(i64::MIN, |date| -date),
        };
        let key = |keys: &Option<StrColumn>| keys.as_ref().and_then(|keys| keys.term_ords(doc).next()).unwrap_or(0);
        if let Some(story) = story.filter(|_| self.fold) {
            let entry = Entry { value, key: key(&self.keys), doc, score, story: Some(story) };
            match self.best.entry(story) {
                hash_map::Entry::Vacant(place) => drop(place.insert(entry)),
                // The greater one is the one to drop.
                hash_map::Entry::Occupied(mut best) if entry < *best.get() => drop(best.insert(entry)),
                hash_map::Entry::Occupied(_) => {}
            }
            return;
        }
        if self.heap.len() < self.limit || self.heap.peek().is_some_and(|last| value >= last.value) {
            self.keep(Entry { value, key: key(&self.keys), doc, score, story });
        }
    }

    fn keep(&mut self, entry: Entry) {
        self.heap.push(entry);
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    /// Returns what was found; `complete` says of a row whether it has all the words.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn finish(self, complete: impl Fn(DocId) -> bool) -> tantivy::Result<Part> {
        let (seen, alone, ord) = (self.seen, self.alone, self.ord as u32);
        let told = self.told.iter().map(|(story, doc)| (*story, DocAddress::new(ord, *doc))).collect();
        Ok(Part { seen, alone, told, ranked: self.into_places(complete)? })
    }

    fn into_places(mut self, complete: impl Fn(DocId) -> bool) -> tantivy::Result<Vec<Ranked>> {
        for (_, entry) in std::mem::take(&mut self.best) {
            self.keep(entry);
        }
        let mut places = Vec::with_capacity(self.heap.len());
        for entry in self.heap {
            let mut key = String::new();
            if let Some(keys) = &self.keys {
                keys.ord_to_str(entry.key, &mut key)?;
            }
            let score = if self.sort == Sort::Best { entry.score } else { 0.0 };
            let address = DocAddress::new(self.ord as u32, entry.doc);
            let (complete, story, first_copies) = (complete(entry.doc), entry.story, Vec::new());
            let (copies, until, reckoning) = (0, None, None);
            let place = Place { address, score, complete, reckoning, story, copies, until, first_copies };
            places.push(Ranked { value: entry.value, key, place });
        }
        Ok(places)
    }
}
