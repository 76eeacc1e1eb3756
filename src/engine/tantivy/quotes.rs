//! Every quote that answers a plan, in order, in memory that does not grow with their number.
//!
//! Each segment gives its matches in runs of bounded length, sorted; a run that is used up is followed by the next
//! one, found by going through the segment again. The runs are merged.

use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, DocSet};

use super::family::{Bond, Family};
use super::matching::{Look, Target};
use super::scoring::QuoteScorer;
use super::sets::AllOf;
use super::threads::{Task, each_range};
use crate::plan::{Clause, QuotePlan, Sort};
use crate::spelling::Form;

/// How many matches a run holds, of all segments together: 32 bytes each.
const RUN: usize = 1 << 20;

/// How many the first run of a segment holds: the first rows are wanted soon, and few want all.
const FIRST_RUN: usize = 1 << 10;

/// A quote in its place, before its record is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotePlace {
    /// Where Tantivy keeps its article.
    pub article: DocAddress,
    /// Its number in the article.
    pub ordinal: u32,
    /// Its score, 0 where nothing ranks.
    pub score: f32,
}

/// Returns how many quotes answer a plan.
///
/// # Errors
/// When the index cannot be read.
pub fn count(look: Look<'_>, plan: &QuotePlan) -> tantivy::Result<u64> {
    let counts = each_range(look.searcher, |task| {
        let mut count = 0;
        each_doc(task, look, plan, &mut |_| count += 1)?;
        Ok(count)
    })?;
    Ok(counts.into_iter().sum())
}

/// Gives every quote that answers a plan, in order, until `each` breaks off; returns how many there are.
///
/// # Errors
/// When the index cannot be read.
pub fn answer(
    look: Look<'_>,
    plan: &QuotePlan,
    sort: Sort,
    each: &mut dyn FnMut(QuotePlace) -> ControlFlow<()>,
) -> tantivy::Result<u64> {
    let mut forms: Vec<Form> = Vec::new();
    for ranked in plan.words.iter().filter(|ranked| !ranked.stop && sort == Sort::Best) {
        if let Clause::Words { field, terms } = &ranked.clause {
            forms.extend(Form::all(*field, terms));
        }
    }
    let scorer = QuoteScorer::new(look, &forms)?;
    let readers = look.searcher.segment_readers();
    let length = (RUN / readers.len().max(1)).max(1024);
    let mut runs = each_range(look.searcher, |task| {
        let task = Task { docs: task.docs.clone(), ..*task };
        let mut run = Run::new(task, sort, FIRST_RUN.min(length))?;
        run.fill(look, plan, &scorer)?;
        run.length = length;
        Ok(run)
    })?;
    let total = runs.iter().map(|run| run.seen).sum();
    loop {
        let mut first: Option<usize> = None;
        for ord in 0..runs.len() {
            if runs[ord].head.is_none() {
                continue;
            }
            first = Some(match first {
                Some(best) if !runs[ord].before(&runs[best]) => best,
                _ => ord,
            });
        }
        let Some(ord) = first else { return Ok(total) };
        let run = &mut runs[ord];
        if let Some(row) = run.head {
            let place = QuotePlace {
                article: DocAddress::new(run.task.ord as u32, row.article),
                ordinal: row.ordinal,
                score: row.score,
            };
            if each(place).is_break() {
                return Ok(total);
            }
        }
        run.next(look, plan, &scorer)?;
    }
}

/// Gives every living quote of a range that answers a plan.
fn each_doc(task: &Task<'_>, look: Look<'_>, plan: &QuotePlan, each: &mut dyn FnMut(DocId)) -> tantivy::Result<()> {
    let reader = task.reader;
    let segment = look.segment(reader, Target::Quotes).within(task.docs.clone());
    let mut docs = match &plan.filter {
        Some(filter) if is_of_quotes(filter) => segment.docs(filter)?,
        Some(filter) => Box::new(AllOf::new(vec![segment.everything()?, segment.docs(filter)?])),
        None => segment.everything()?,
    };
    if docs.doc() < task.docs.start {
        docs.seek(task.docs.start);
    }
    while docs.doc() < task.docs.end {
        if !reader.is_deleted(docs.doc()) {
            each(docs.doc());
        }
        docs.advance();
    }
    Ok(())
}

/// Returns whether a condition holds of quotes alone, and not of articles or files as well.
fn is_of_quotes(filter: &Clause) -> bool {
    match filter {
        Clause::Role(_) | Clause::Kind(_) => true,
        Clause::All(clauses) => clauses.iter().any(is_of_quotes),
        Clause::Any(clauses) => clauses.iter().all(is_of_quotes),
        _ => false,
    }
}

/// A quote of a segment and what it is ordered by; compares in the order of the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    /// The larger first; negated where the smaller comes first.
    value: i64,
    /// The number of the article's key in the segment.
    key: u64,
    ordinal: u32,
    article: DocId,
    score: f32,
}

impl Eq for Row {}

impl Ord for Row {
    fn cmp(&self, other: &Row) -> std::cmp::Ordering {
        other.value.cmp(&self.value).then(self.key.cmp(&other.key)).then(self.ordinal.cmp(&other.ordinal))
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Row) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The next matches of a range, sorted.
struct Run<'a> {
    task: Task<'a>,
    sort: Sort,
    length: usize,
    keys: Option<StrColumn>,
    dates: Column<u64>,
    family: Family,
    /// How many matches the range has.
    seen: u64,
    /// Sorted from last to first.
    rows: Vec<Row>,
    head: Option<Row>,
    /// The key of the head, as a string.
    key: String,
    /// The last row given out, where the range holds more behind it.
    more_after: Option<Row>,
}

impl<'a> Run<'a> {
    fn new(task: Task<'a>, sort: Sort, length: usize) -> tantivy::Result<Run<'a>> {
        let columns = task.reader.fast_fields();
        // Their lengths count for nothing where they do not rank.
        let bonds: &[Bond] = if sort == Sort::Best { &[Bond::Said] } else { &[] };
        let (keys, dates, family) = (columns.str("key")?, columns.u64("date")?, Family::new(task.reader, bonds)?);
        let (rows, head, key, more_after) = (Vec::new(), None, String::new(), None);
        Ok(Run { task, sort, length, keys, dates, family, seen: 0, rows, head, key, more_after })
    }

    /// Finds the first rows of the range behind the last one given out.
    fn fill(&mut self, look: Look<'_>, plan: &QuotePlan, scorer: &QuoteScorer) -> tantivy::Result<()> {
        let after = self.more_after.take();
        let mut heap: BinaryHeap<Row> = BinaryHeap::new();
        let mut dropped = false;
        let (mut failed, mut seen) = (None, 0);
        // Quotes of one article follow each other.
        let mut dated: Option<(DocId, Option<u64>)> = None;
        each_doc(&self.task, look, plan, &mut |doc| {
            seen += 1;
            let score = scorer.score(self.task.ord, &self.family, doc);
            let Some(article) = self.family.article(doc) else {
                failed = Some(doc);
                return;
            };
            let date = match dated {
                Some((of, date)) if of == article => date,
                _ if self.sort == Sort::Best => None,
                _ => self.dates.first(article),
            };
            dated = Some((article, date));
            let value = self.value(date, score);
            if heap.len() == self.length && heap.peek().is_some_and(|last| value < last.value) {
                dropped = true;
                return;
            }
            let Some(row) = self.row(doc, article, value, score) else {
                failed = Some(doc);
                return;
            };
            if after.is_some_and(|after| row <= after) {
                return;
            }
            if heap.len() < self.length {
                heap.push(row);
                return;
            }
            dropped = true;
            if heap.peek().is_some_and(|last| row < *last) {
                heap.pop();
                heap.push(row);
            }
        })?;
        if let Some(doc) = failed {
            let detail = format!("quote {doc} of segment {} stands without its article", self.task.reader.segment_id());
            return Err(tantivy::TantivyError::InternalError(detail));
        }
        self.seen = seen;
        self.rows = heap.into_sorted_vec();
        self.more_after = if dropped { self.rows.last().copied() } else { None };
        self.rows.reverse();
        self.take_head()
    }

    /// Returns what the quotes of an article of a date are ordered by.
    fn value(&self, date: Option<u64>, score: f32) -> i64 {
        let date = date.map(|date| date as i64);
        match self.sort {
            Sort::Best => i64::from(score.to_bits()),
            Sort::Newest => date.unwrap_or(0),
            Sort::Oldest => date.map_or(i64::MIN, |date| -date),
        }
    }

    fn row(&self, doc: DocId, article: DocId, value: i64, score: f32) -> Option<Row> {
        let ordinal = self.family.ordinal(doc)?;
        let key = self.keys.as_ref()?.term_ords(article).next()?;
        Some(Row { value, key, ordinal, article, score })
    }

    fn next(&mut self, look: Look<'_>, plan: &QuotePlan, scorer: &QuoteScorer) -> tantivy::Result<()> {
        if self.rows.is_empty() && self.more_after.is_some() { self.fill(look, plan, scorer) } else { self.take_head() }
    }

    fn take_head(&mut self) -> tantivy::Result<()> {
        let before = self.head.map(|row| row.key);
        self.head = self.rows.pop();
        if let (Some(row), Some(keys)) = (self.head, &self.keys)
            && before != Some(row.key)
        {
            self.key.clear();
            keys.ord_to_str(row.key, &mut self.key)?;
        }
        Ok(())
    }

    /// Returns whether this run's head comes before the other's.
    fn before(&self, other: &Run<'_>) -> bool {
        let (Some(here), Some(there)) = (self.head, other.head) else { return self.head.is_some() };
        let order = there.value.cmp(&here.value).then_with(|| self.key.cmp(&other.key));
        order.then(here.ordinal.cmp(&there.ordinal)).is_lt()
    }
}
