//! Deletes of what came from a file: they reach the segments that Tantivy had when they were asked for, and no other.
//!
//! Tantivy's own deletes count for documents added before them, and it knows the order only of documents that were added
//! one by one. A segment that grew elsewhere (see `growing`) holds what was added behind the delete, too.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, Term};

/// In which order segments and deletes came.
#[derive(Clone, Debug, Default)]
pub struct Order {
    next: Arc<AtomicU64>,
    /// The segments that grew here, by their number. What Tantivy merges is a new one, and of those it had.
    grown: Arc<RwLock<FxHashMap<SegmentId, u64>>>,
}

impl Order {
    /// Takes word of a segment that Tantivy gets next.
    pub fn add(&self, segment: SegmentId) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.grown.write().unwrap_or_else(PoisonError::into_inner).insert(segment, number);
    }

    /// Returns the delete of all documents with a term that Tantivy has now.
    pub fn removal(&self, term: Term) -> Removal {
        Removal { term, number: self.next.fetch_add(1, Ordering::Relaxed), order: self.clone() }
    }

    fn had(&self, segment: SegmentId, at: u64) -> bool {
        let grown = self.grown.read().unwrap_or_else(PoisonError::into_inner);
        grown.get(&segment).is_none_or(|number| *number < at)
    }
}

/// A delete, as Tantivy's query for what it deletes.
#[derive(Clone, Debug)]
pub struct Removal {
    term: Term,
    number: u64,
    order: Order,
}

struct RemovalWeight {
    with_term: Box<dyn Weight>,
    number: u64,
    order: Order,
}

impl Query for Removal {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let with_term = TermQuery::new(self.term.clone(), IndexRecordOption::Basic).weight(scoring)?;
        Ok(Box::new(RemovalWeight { with_term, number: self.number, order: self.order.clone() }))
    }
}

impl Weight for RemovalWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.order.had(reader.segment_id(), self.number) {
            self.with_term.scorer(reader, boost)
        } else {
            Ok(Box::new(EmptyScorer))
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.with_term.explain(reader, doc)
    }
}
