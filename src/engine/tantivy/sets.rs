//! Sets of documents made of others: all of, any of, one without another, those that pass a test.

use tantivy::{DocId, DocSet, TERMINATED};

/// Documents in order, whatever condition they fulfil.
pub type Docs = Box<dyn DocSet>;

/// Documents from a sorted list.
pub struct Listed {
    docs: Vec<DocId>,
    at: usize,
}

/// Returns the documents of a sorted list.
pub fn listed(docs: Vec<DocId>) -> Docs {
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

/// So many parts are looked at one by one; more are put together in groups, and only those at a document are moved.
const GROUP: usize = 8;

/// Returns what any of the parts holds.
pub fn any_of(mut parts: Vec<Docs>) -> Docs {
    while parts.len() > GROUP {
        let mut groups: Vec<Docs> = Vec::with_capacity(parts.len() / GROUP + 1);
        let mut parts_left = parts.into_iter().peekable();
        while parts_left.peek().is_some() {
            groups.push(Box::new(AnyOf::new(parts_left.by_ref().take(GROUP).collect())));
        }
        parts = groups;
    }
    Box::new(AnyOf::new(parts))
}

/// Documents that any of the parts holds.
struct AnyOf {
    parts: Vec<Docs>,
    doc: DocId,
}

impl AnyOf {
    fn new(parts: Vec<Docs>) -> AnyOf {
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

/// Returns the documents of the first that the second does not hold.
pub fn without(docs: Docs, mut excluded: Docs) -> Docs {
    Box::new(Where::new(docs, move |doc, _| {
        let barrier = if excluded.doc() < doc { excluded.seek(doc) } else { excluded.doc() };
        barrier != doc
    }))
}

/// Documents that pass a test.
pub struct Where<D, F> {
    docs: D,
    test: F,
}

impl<D: DocSet, F: FnMut(DocId, &mut D) -> bool + Send> Where<D, F> {
    /// Returns the documents that pass the test, which may look into the set at its current document.
    pub fn new(docs: D, test: F) -> Where<D, F> {
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
