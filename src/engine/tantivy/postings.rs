//! Postings of one word in one segment: the union of the postings of its forms, scored as a single term.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// With more forms than this a heap says which stand at the current document.
const FEW: usize = 8;

/// The documents of a segment that hold any of a word's forms, in order.
pub struct WordPostings {
    forms: Vec<SegmentPostings>,
    doc: DocId,
    /// Where there are many forms: those behind the current document, the nearest first.
    behind: BinaryHeap<Reverse<(DocId, usize)>>,
    /// Where there are many forms: those at the current document.
    here: Vec<usize>,
}

impl WordPostings {
    /// Returns the union of the postings of a word's forms.
    pub fn new(forms: Vec<SegmentPostings>) -> WordPostings {
        let mut postings = WordPostings { forms, doc: TERMINATED, behind: BinaryHeap::new(), here: Vec::new() };
        if postings.forms.len() > FEW {
            postings.behind =
                (0..postings.forms.len()).map(|form| Reverse((postings.forms[form].doc(), form))).collect();
        }
        postings.settle();
        postings
    }

    /// Returns the numbers of the forms that may stand at the current document.
    fn candidates(&self) -> impl Iterator<Item = usize> + '_ {
        let few = if self.forms.len() > FEW { 0 } else { self.forms.len() };
        (0..few).chain(self.here.iter().copied())
    }

    /// Returns how often the word stands in the current document, in whatever form.
    pub fn term_freq(&self) -> u32 {
        let forms = self.candidates().map(|form| &self.forms[form]);
        forms.filter(|form| form.doc() == self.doc).map(Postings::term_freq).sum()
    }

    /// Writes the word's positions in the current document into `out`, sorted.
    pub fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let mut here = 0;
        let few = if self.forms.len() > FEW { 0 } else { self.forms.len() };
        for form in (0..few).chain(self.here.iter().copied()) {
            let form = &mut self.forms[form];
            if form.doc() == self.doc {
                form.append_positions_with_offset(0, out);
                here += 1;
            }
        }
        if here > 1 {
            out.sort_unstable();
        }
    }

    fn settle(&mut self) {
        if self.forms.len() <= FEW {
            self.doc = self.forms.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
            return;
        }
        self.doc = self.behind.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        self.here.clear();
        while let Some(Reverse((_, form))) = self.behind.peek().filter(|Reverse((doc, _))| *doc == self.doc) {
            self.here.push(*form);
            self.behind.pop();
        }
    }

    /// Moves many forms to a document or past it.
    fn move_many(&mut self, target: DocId) {
        for form in self.here.drain(..) {
            let at = self.forms[form].seek(target);
            self.behind.push(Reverse((at, form)));
        }
        while let Some(Reverse((_, form))) = self.behind.peek().filter(|Reverse((doc, _))| *doc < target).copied() {
            self.behind.pop();
            let at = self.forms[form].seek(target);
            self.behind.push(Reverse((at, form)));
        }
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        let here = self.doc;
        if here == TERMINATED {
            return here;
        }
        if self.forms.len() > FEW {
            self.move_many(here + 1);
        } else {
            for form in self.forms.iter_mut().filter(|form| form.doc() == here) {
                form.advance();
            }
        }
        self.settle();
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            if self.forms.len() > FEW {
                self.move_many(target);
            } else {
                for form in self.forms.iter_mut().filter(|form| form.doc() < target) {
                    form.seek(target);
                }
            }
            self.settle();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.forms.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}
