//! Postings of one word in one segment: the union of the postings of its forms, scored as a single term.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// The documents of a segment that hold any of a word's forms, in order.
pub struct WordPostings {
    forms: Vec<SegmentPostings>,
    doc: DocId,
}

impl WordPostings {
    /// Returns the union of the postings of a word's forms.
    pub fn new(forms: Vec<SegmentPostings>) -> WordPostings {
        let mut postings = WordPostings { forms, doc: TERMINATED };
        postings.settle();
        postings
    }

    /// Returns how often the word stands in the current document, in whatever form.
    pub fn term_freq(&self) -> u32 {
        self.forms.iter().filter(|form| form.doc() == self.doc).map(Postings::term_freq).sum()
    }

    /// Writes the word's positions in the current document into `out`, sorted.
    pub fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let mut here = 0;
        for form in self.forms.iter_mut().filter(|form| form.doc() == self.doc) {
            form.append_positions_with_offset(0, out);
            here += 1;
        }
        if here > 1 {
            out.sort_unstable();
        }
    }

    fn settle(&mut self) {
        self.doc = self.forms.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        let here = self.doc;
        if here != TERMINATED {
            for form in self.forms.iter_mut().filter(|form| form.doc() == here) {
                form.advance();
            }
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for form in self.forms.iter_mut().filter(|form| form.doc() < target) {
                form.seek(target);
            }
            self.settle();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.forms.iter().map(DocSet::size_hint).sum()
    }
}
