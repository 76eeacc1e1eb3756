//! Articles put in order, the copies of a story as one row where that is asked.
//!
//! In: articles with their scores. Out: the first rows of them, and how many articles and stories there are.
//! Deliberately knows no question.

use std::cmp::Ordering;
use std::collections::BTreeSet;

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
    /// All of them.
    pub all: Count,
    /// How many have all the words.
    pub whole: u64,
    /// How many of these are copies of others.
    pub whole_copies: u64,
    /// How many stand above, in a story of the tier before.
    above: u64,
    /// Those that have a story.
    pub told: Vec<Told>,
}

impl Tier {
    /// Returns what was found in ranges of documents.
    pub fn new(fold: bool, parts: Vec<Part>) -> Tier {
        let (mut whole, mut rest) = (Count::default(), Count::default());
        let (mut best, mut above, mut told) = (Vec::new(), 0, Vec::new());
        for part in parts {
            whole.add(part.whole);
            rest.add(part.rest);
            above += part.above;
            told.push(part.told);
            best.extend(part.ranked);
        }
        let (articles, whole_copies) = (whole.articles, whole.copies());
        whole.add(rest);
        Tier { fold, best, all: whole, whole: articles, whole_copies, above, told }
    }

    /// Returns how many articles there are.
    pub fn seen(&self) -> u64 {
        self.all.articles + self.above
    }

    /// Returns how many of the articles are copies of others.
    pub fn copies(&self) -> u64 {
        self.all.copies() + self.above
    }

    /// Returns how many rows there are.
    pub fn rows(&self) -> usize {
        (if self.fold { self.all.articles - self.all.copies() } else { self.seen() }) as usize
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

/// How many articles there are, and which stories they tell.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// How many articles there are.
    pub articles: u64,
    /// How many of them have a story.
    told: u64,
    /// The stories.
    pub stories: Marks,
}

impl Count {
    /// Returns how many are copies of others.
    pub fn copies(&self) -> u64 {
        self.told - self.stories.count
    }

    fn take_in(&mut self, story: Option<u32>) {
        self.articles += 1;
        if let Some(story) = story {
            self.told += 1;
            self.stories.insert(story);
        }
    }

    fn add(&mut self, other: Count) {
        self.articles += other.articles;
        self.told += other.told;
        self.stories.add(other.stories);
    }
}

/// Which stories were seen: one bit each, since an answer may hold most stories of an index.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    bits: Vec<u64>,
    /// How many there are.
    count: u64,
}

impl Marks {
    fn insert(&mut self, story: u32) {
        let (word, bit) = (story as usize / 64, 1 << (story % 64));
        if word >= self.bits.len() {
            self.bits.resize((word + 1).max(2 * self.bits.len()), 0);
        }
        self.count += u64::from(self.bits[word] & bit == 0);
        self.bits[word] |= bit;
    }

    /// Returns whether a story was seen.
    pub fn contains(&self, story: u32) -> bool {
        self.bits.get(story as usize / 64).is_some_and(|word| word & 1 << (story % 64) != 0)
    }

    fn add(&mut self, mut other: Marks) {
        if self.bits.len() < other.bits.len() {
            std::mem::swap(self, &mut other);
        }
        for (word, more) in self.bits.iter_mut().zip(other.bits) {
            self.count += u64::from((more & !*word).count_ones());
            *word |= more;
        }
    }
}

/// Articles of a segment that have a story.
pub struct Told {
    segment: u32,
    articles: Vec<(u32, DocId)>,
}

/// Puts the earliest article of its story in each place, and the others of the answer behind it: the first few by name.
/// `told` are those articles of the answer that have a story.
///
/// # Errors
/// When the index cannot be read.
pub fn fold(look: Look<'_>, told: &[Told], places: &mut [Place], named: usize) -> tantivy::Result<()> {
    let mut articles: FxHashMap<u32, Vec<DocAddress>> = FxHashMap::default();
    let mut wanted = Marks::default();
    for story in places.iter().filter_map(|place| place.story) {
        articles.insert(story, Vec::new());
        wanted.insert(story);
    }
    if articles.is_empty() {
        return Ok(());
    }
    for Told { segment, articles: told } in told {
        for (story, doc) in told.iter().filter(|(story, _)| wanted.contains(*story)) {
            articles.entry(*story).or_default().push(DocAddress::new(*segment, *doc));
        }
    }
    let mut columns = Vec::new();
    for reader in look.searcher.segment_readers() {
        columns.push((reader.fast_fields().u64("date")?, reader.fast_fields().str("key")?));
    }
    for place in places {
        let Some(articles) = place.story.and_then(|story| articles.remove(&story)) else { continue };
        let mut dated = Vec::with_capacity(articles.len());
        for address in articles {
            let (dates, keys) = &columns[address.segment_ord as usize];
            let key = keys.as_ref().and_then(|keys| keys.term_ords(address.doc_id).next()).unwrap_or(0);
            let date = dates.first(address.doc_id).map_or(u32::MAX, |date| date as u32);
            // In a segment keys are numbered in their order.
            dated.push((date, address.segment_ord, key, address));
        }
        dated.sort_unstable();
        for day in dated.chunk_by_mut(|one, other| one.0 == other.0).filter(|day| day[0].1 != day[day.len() - 1].1) {
            let mut spelt = Vec::with_capacity(day.len());
            for row in &*day {
                let mut key = String::new();
                if let Some(keys) = &columns[row.1 as usize].1 {
                    keys.ord_to_str(row.2, &mut key)?;
                }
                spelt.push((key, *row));
            }
            spelt.sort_unstable_by(|(one, row), (other, next)| one.cmp(other).then(row.3.cmp(&next.3)));
            day.iter_mut().zip(spelt).for_each(|(row, (_, sorted))| *row = sorted);
        }
        let mut addresses = dated.iter().map(|(.., address)| *address);
        place.address = addresses.next().unwrap_or(place.address);
        place.copies = dated.len() as u64 - 1;
        place.first_copies = addresses.take(named).collect();
        place.until = dated.iter().rev().map(|(date, ..)| *date).find(|date| *date != u32::MAX);
    }
    Ok(())
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
    whole: Count,
    rest: Count,
    above: u64,
    told: Told,
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
    keys: Option<StrColumn>,
    /// The dates, where the order needs them.
    dates: Option<Column<u64>>,
    /// The first documents, at most so many as the limit is; where copies are folded, one of each story.
    first: BTreeSet<Entry>,
    /// What the last of them is ordered by, once there are so many: what is below is no more of them.
    least: Option<i64>,
    /// Which of them is a story's, where copies are folded.
    of_story: FxHashMap<u32, Entry>,
    story_of: Option<SegmentStories<'a>>,
    /// Articles with all the words.
    whole: Count,
    /// The others.
    rest: Count,
    told: Told,
    /// Stories that have a row already.
    above: Option<&'a Marks>,
    /// How many articles were of one of them.
    stand_above: u64,
}

/// A document among the first; the greatest is the one to drop first.
#[derive(Clone, Copy, PartialEq)]
struct Entry {
    value: i64,
    key: u64,
    doc: DocId,
    score: f32,
    story: Option<u32>,
    complete: bool,
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
        let dated = sort != Sort::Best || newest.is_some();
        let story_of = if look.stories.is_empty() { None } else { Some(look.stories.of(reader)?) };
        Ok(Top {
            ord,
            reader,
            sort,
            newest,
            limit,
            fold: false,
            keys: reader.fast_fields().str("key")?,
            dates: dated.then(|| reader.fast_fields().u64("date")).transpose()?,
            first: BTreeSet::new(),
            least: None,
            of_story: FxHashMap::default(),
            story_of,
            whole: Count::default(),
            rest: Count::default(),
            told: Told { segment: ord as u32, articles: Vec::new() },
            above: None,
            stand_above: 0,
        })
    }

    /// Returns the same with one article a story, or not; stories that have a row `above` get none.
    pub fn folded(self, fold: bool, above: Option<&'a Marks>) -> Top<'a> {
        Top { fold, above, ..self }
    }

    /// Takes in an article; `complete` says whether it has all the words.
    pub fn offer(&mut self, doc: DocId, score: f32, complete: bool) {
        let date = || self.dates.as_ref().and_then(|dates| dates.first(doc));
        let score = self.newest.map_or(score, |newest| score * recency(date(), newest));
        debug_assert!(!self.reader.is_deleted(doc));
        let story = self.story_of.as_ref().and_then(|stories| stories.story(doc));
        if let Some(story) = story {
            if self.above.is_some_and(|above| above.contains(story)) {
                self.stand_above += 1;
                return;
            }
            if self.limit > 0 {
                self.told.articles.push((story, doc));
            }
        }
        if complete {
            self.whole.take_in(story);
        } else {
            self.rest.take_in(story);
        }
        let value = match self.sort {
            Sort::Best => i64::from(score.to_bits()),
            Sort::Newest => date().map_or(0, |date| date as i64),
            Sort::Oldest => date().map_or(i64::MIN, |date| -(date as i64)),
        };
        if self.limit > 0 && self.least.is_none_or(|least| value >= least) {
            let key = self.keys.as_ref().and_then(|keys| keys.term_ords(doc).next()).unwrap_or(0);
            self.keep(Entry { value, key, doc, score, story, complete });
        }
    }

    fn keep(&mut self, entry: Entry) {
        if let Some(story) = entry.story.filter(|_| self.fold) {
            let of_story = self.of_story.entry(story).or_insert(entry);
            if *of_story < entry {
                return;
            }
            self.first.remove(of_story);
            *of_story = entry;
        }
        self.first.insert(entry);
        if self.first.len() > self.limit
            && let Some(Entry { story: Some(story), .. }) = self.first.pop_last()
        {
            self.of_story.remove(&story);
        }
        if self.first.len() == self.limit {
            self.least = self.first.last().map(|last| last.value);
        }
    }

    /// Returns what was found.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn finish(self) -> tantivy::Result<Part> {
        let mut ranked = Vec::with_capacity(self.first.len());
        for entry in self.first {
            let mut key = String::new();
            if let Some(keys) = &self.keys {
                keys.ord_to_str(entry.key, &mut key)?;
            }
            let score = if self.sort == Sort::Best { entry.score } else { 0.0 };
            let address = DocAddress::new(self.ord as u32, entry.doc);
            let (complete, story, first_copies) = (entry.complete, entry.story, Vec::new());
            let (copies, until, reckoning) = (0, None, None);
            let place = Place { address, score, complete, reckoning, story, copies, until, first_copies };
            ranked.push(Ranked { value: entry.value, key, place });
        }
        Ok(Part { whole: self.whole, rest: self.rest, above: self.stand_above, told: self.told, ranked })
    }
}
