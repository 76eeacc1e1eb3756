//! Postings of one word in one segment: the union of the postings of its forms, scored as a single term.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// So many forms, the commonest, are looked at one by one; a heap says which of the others stand at a document. Most words
/// have one or two common forms and many rare ones, which would cost a turn of the heap at every document.
const COMMON: usize = 4;

/// The documents of a segment that hold any of a word's forms, in order.
pub struct WordPostings {
    /// The commonest first.
    forms: Vec<SegmentPostings>,
    doc: DocId,
    /// The rarer forms behind the current document, the nearest first.
    behind: BinaryHeap<Reverse<(DocId, usize)>>,
    /// The rarer forms at the current document.
    here: Vec<usize>,
}

impl WordPostings {
    /// Returns the union of the postings of a word's forms.
    pub fn new(mut forms: Vec<SegmentPostings>) -> WordPostings {
        forms.sort_by_key(|form| Reverse(form.size_hint()));
        let behind = (COMMON..forms.len()).map(|form| Reverse((forms[form].doc(), form))).collect();
        let mut postings = WordPostings { forms, doc: TERMINATED, behind, here: Vec::new() };
        postings.settle();
        postings
    }

    fn common(&mut self) -> &mut [SegmentPostings] {
        let common = self.forms.len().min(COMMON);
        &mut self.forms[..common]
    }

    /// Returns how often the word stands in the current document, in whatever form.
    pub fn term_freq(&self) -> u32 {
        let common = self.forms.iter().take(COMMON).filter(|form| form.doc() == self.doc);
        let rare = self.here.iter().map(|form| &self.forms[*form]);
        common.chain(rare).map(Postings::term_freq).sum()
    }

    /// Writes the word's positions in the current document into `out`, sorted.
    pub fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let doc = self.doc;
        for form in self.common().iter_mut().filter(|form| form.doc() == doc) {
            form.append_positions_with_offset(0, out);
        }
        for form in &self.here {
            self.forms[*form].append_positions_with_offset(0, out);
        }
        if !out.is_sorted() {
            out.sort_unstable();
        }
    }

    /// Finds the document at which the first of the forms stands.
    fn settle(&mut self) {
        let common = self.forms.iter().take(COMMON).map(DocSet::doc).min().unwrap_or(TERMINATED);
        let rare = self.behind.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        self.doc = common.min(rare);
        if rare > self.doc || rare == TERMINATED {
            return;
        }
        while let Some(Reverse((_, form))) = self.behind.peek().filter(|Reverse((doc, _))| *doc == self.doc) {
            self.here.push(*form);
            self.behind.pop();
        }
    }

    /// Moves every form to a document or past it.
    fn move_to(&mut self, target: DocId) {
        for form in self.common().iter_mut().filter(|form| form.doc() < target) {
            form.seek(target);
        }
        for form in self.here.drain(..) {
            let at = self.forms[form].seek(target);
            self.behind.push(Reverse((at, form)));
        }
        while let Some(Reverse((_, form))) = self.behind.peek().filter(|Reverse((doc, _))| *doc < target).copied() {
            self.behind.pop();
            let at = self.forms[form].seek(target);
            self.behind.push(Reverse((at, form)));
        }
        self.settle();
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        let here = self.doc;
        if here == TERMINATED {
            return here;
        }
        if let [only] = &mut self.forms[..] {
            self.doc = only.advance();
            return self.doc;
        }
        for form in self.common().iter_mut().filter(|form| form.doc() == here) {
            form.advance();
        }
        for form in self.here.drain(..) {
            let at = self.forms[form].advance();
            self.behind.push(Reverse((at, form)));
        }
        self.settle();
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            match &mut self.forms[..] {
                [only] => self.doc = only.seek(target),
                _ => self.move_to(target),
            }
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
