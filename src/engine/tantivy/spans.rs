//! Where in a document words, phrases and words near each other stand.
//!
//! In: postings with positions. Out: a set of documents, each with the runs of positions that fulfil what was asked.
//! A document is in the set only if at least one run is.

use tantivy::columnar::Column;
use tantivy::index::SegmentReader;
use tantivy::{DocId, DocSet, TERMINATED};

use super::borders::Stretches;
use super::postings::WordPostings;
use super::sets::AllOf;
use crate::places::{self, Run};
use crate::plan::Reach;
use crate::schema::Field;

/// Words of the body that are its lead.
pub const LEAD_WORDS: u32 = 50;

/// The documents in which something stands, and where.
pub struct Spans {
    node: Node,
    /// The parts of a document that count; nothing where all do.
    parts: Option<Parts>,
    times: usize,
    /// The runs in the current document; empty where they are not settled yet.
    found: Vec<Run>,
}

enum Node {
    Word(WordPostings, Vec<u32>),
    Phrase(AllOf<WordPostings>, Vec<Vec<u32>>),
    Any(Vec<Spans>, DocId),
    Near(AllOf<Spans>, Reach, Option<Box<Stretches>>),
}

impl Spans {
    /// Returns where words stand one after the other.
    pub fn words(mut words: Vec<WordPostings>, parts: Option<Parts>) -> Spans {
        let node = match (words.len(), words.pop()) {
            (1, Some(word)) => Node::Word(word, Vec::new()),
            (_, last) => {
                words.extend(last);
                let buffers = vec![Vec::new(); words.len()];
                Node::Phrase(AllOf::new(words), buffers)
            }
        };
        Spans::new(node, parts)
    }

    /// Returns where any of the parts stands.
    pub fn any(mut spans: Vec<Spans>) -> Spans {
        if spans.len() == 1
            && let Some(only) = spans.pop()
        {
            return only;
        }
        let doc = spans.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        Spans::new(Node::Any(spans, doc), None)
    }

    /// Returns where all of the parts stand near each other.
    pub fn near(spans: Vec<Spans>, reach: Reach, stretches: Option<Stretches>, parts: Option<Parts>) -> Spans {
        Spans::new(Node::Near(AllOf::new(spans), reach, stretches.map(Box::new)), parts)
    }

    /// Returns the documents that have so many runs of this.
    pub fn at_least(spans: Spans, times: u32, parts: Option<Parts>) -> Spans {
        let mut spans = Spans::new(Node::Any(vec![spans], 0), parts);
        spans.times = times as usize;
        if let Node::Any(inner, doc) = &mut spans.node {
            *doc = inner.first().map_or(TERMINATED, DocSet::doc);
        }
        spans.settle();
        spans
    }

    fn new(node: Node, parts: Option<Parts>) -> Spans {
        let mut spans = Spans { node, parts, times: 1, found: Vec::new() };
        spans.settle();
        spans
    }

    /// Returns how many runs the current document has; for a lone word without a look at positions.
    pub fn term_freq(&self) -> u32 {
        match &self.node {
            Node::Word(word, _) if self.parts.is_none() => word.term_freq(),
            Node::Any(spans, doc) if self.parts.is_none() && self.times == 1 => {
                spans.iter().filter(|part| part.doc() == *doc).map(Spans::term_freq).sum()
            }
            _ => self.found.len() as u32,
        }
    }

    /// Returns the runs in the current document, in order.
    pub fn runs(&mut self) -> &[Run] {
        if self.found.is_empty() {
            self.find();
        }
        &self.found
    }

    fn find(&mut self) {
        let doc = self.node.doc();
        self.found.clear();
        match &mut self.node {
            Node::Word(word, positions) => {
                word.positions(positions);
                self.found.extend(positions.iter().map(|position| (*position, *position + 1)));
            }
            Node::Phrase(words, buffers) => {
                for (word, buffer) in words.parts.iter_mut().zip(buffers.iter_mut()) {
                    word.positions(buffer);
                }
                let length = buffers.len() as u32;
                self.found.extend(starts(buffers).map(|start| (start, start + length)));
            }
            Node::Any(spans, _) => {
                let here = spans.iter_mut().filter(|part| part.doc() == doc);
                self.found = places::any(here.map(|part| part.runs().to_vec()).collect());
            }
            Node::Near(spans, reach, stretches) => {
                let lists: Vec<&[Run]> = spans.parts.iter_mut().map(Spans::runs).collect();
                let stretches = stretches.as_mut().map_or(&[][..], |stretches| stretches.of(doc));
                self.found = places::near(&lists, *reach, stretches);
            }
        }
        if let Some(parts) = &self.parts {
            let windows = parts.of(doc);
            self.found.retain(|run| windows.iter().any(|window| window.0 <= run.0 && run.1 <= window.1));
        }
    }

    /// Returns whether the current document has a run, where that is known without finding all.
    fn holds(&mut self) -> Option<bool> {
        let Node::Near(spans, _, Some(stretches)) = &mut self.node else { return None };
        let doc = spans.doc();
        let [one, other] = &mut spans.parts[..] else { return None };
        let windows = self.parts.as_ref().map_or([(0, u32::MAX); 3], |parts| parts.of(doc));
        (self.times == 1).then(|| stretches.hold(doc, [one.runs(), other.runs()], &windows))
    }

    /// Goes on to the next document that has enough runs, unless this one has.
    fn settle(&mut self) {
        self.found.clear();
        let sure = self.parts.is_none() && self.times == 1 && matches!(self.node, Node::Word(..) | Node::Any(..));
        while !sure && self.node.doc() != TERMINATED {
            if let Some(holds) = self.holds() {
                if holds {
                    return;
                }
                self.node.advance();
                continue;
            }
            self.find();
            if self.found.len() >= self.times {
                return;
            }
            self.node.advance();
        }
    }
}

impl DocSet for Spans {
    fn advance(&mut self) -> DocId {
        self.node.advance();
        self.settle();
        self.node.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.node.doc() < target {
            self.node.seek(target);
            self.settle();
        }
        self.node.doc()
    }

    fn doc(&self) -> DocId {
        self.node.doc()
    }

    fn size_hint(&self) -> u32 {
        self.node.size_hint()
    }
}

impl DocSet for Node {
    fn advance(&mut self) -> DocId {
        match self {
            Node::Word(word, _) => word.advance(),
            Node::Phrase(words, _) => words.advance(),
            Node::Near(spans, ..) => spans.advance(),
            Node::Any(spans, doc) => {
                for part in spans.iter_mut().filter(|part| part.doc() == *doc && *doc != TERMINATED) {
                    part.advance();
                }
                *doc = spans.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
                *doc
            }
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Node::Word(word, _) => word.seek(target),
            Node::Phrase(words, _) => words.seek(target),
            Node::Near(spans, ..) => spans.seek(target),
            Node::Any(spans, doc) => {
                for part in spans.iter_mut().filter(|part| part.doc() < target) {
                    part.seek(target);
                }
                *doc = spans.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
                *doc
            }
        }
    }

    fn doc(&self) -> DocId {
        match self {
            Node::Word(word, _) => word.doc(),
            Node::Phrase(words, _) => words.doc(),
            Node::Near(spans, ..) => spans.doc(),
            Node::Any(_, doc) => *doc,
        }
    }

    fn size_hint(&self) -> u32 {
        match self {
            Node::Word(word, _) => word.size_hint(),
            Node::Phrase(words, _) => words.size_hint(),
            Node::Near(spans, ..) => spans.size_hint(),
            Node::Any(spans, _) => spans.iter().map(DocSet::size_hint).fold(0, u32::saturating_add),
        }
    }
}

/// Which positions of an article's text field belong to the part that a field names. The headline stands there twice
/// and counts once.
#[derive(Clone)]
pub struct Parts {
    field: Field,
    dek_at: Column<u64>,
    body_at: Column<u64>,
}

impl Parts {
    /// Reads where the parts of a segment's articles are.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader, field: Field) -> tantivy::Result<Parts> {
        let columns = reader.fast_fields();
        Ok(Parts { field, dek_at: columns.u64("dek_at")?, body_at: columns.u64("body_at")? })
    }

    /// Returns how many positions the two printings of the headline take.
    pub fn headlines(&self, doc: DocId) -> u32 {
        self.dek_at.first(doc).unwrap_or(0) as u32
    }

    /// Returns the stretches of positions of the part in an article, those that do not count as empty ones.
    pub fn of(&self, doc: DocId) -> [Run; 3] {
        const NONE: Run = (u32::MAX, 0);
        let at = |column: &Column<u64>| column.first(doc).unwrap_or(0) as u32;
        let (dek, body) = (at(&self.dek_at), at(&self.body_at));
        let (headline, dek, lead) = ((0, dek / 2), (dek, body), (body, body.saturating_add(LEAD_WORDS)));
        match self.field {
            Field::Headline => [headline, NONE, NONE],
            Field::Dek => [dek, NONE, NONE],
            Field::Body => [(body, u32::MAX), NONE, NONE],
            Field::Lead => [lead, NONE, NONE],
            Field::Hlead => [headline, lead, NONE],
            _ => [headline, dek, (body, u32::MAX)],
        }
    }
}

/// Returns the positions that start a run of one position of each list, one after the other.
fn starts(lists: &[Vec<u32>]) -> impl Iterator<Item = u32> {
    let (first, rest) = lists.split_first().map_or((&[][..], &[][..]), |(first, rest)| (&first[..], rest));
    let mut at = vec![0; rest.len()];
    first.iter().copied().filter(move |start| {
        rest.iter().zip(&mut at).zip(start + 1..).all(|((list, at), wanted)| {
            *at += list[*at..].iter().take_while(|position| **position < wanted).count();
            list.get(*at) == Some(&wanted)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::starts;

    fn check(lists: &[&[u32]], expected: &[u32]) {
        let lists: Vec<Vec<u32>> = lists.iter().map(|list| list.to_vec()).collect();
        assert_eq!(starts(&lists).collect::<Vec<_>>(), expected, "{lists:?}");
    }

    #[test]
    fn finds_words_next_to_each_other() {
        check(&[&[1, 5], &[6]], &[5]);
        check(&[&[1, 5], &[3, 7]], &[]);
        check(&[&[1, 4, 9], &[2, 5, 10], &[7, 11]], &[9]);
        check(&[&[1, 4], &[2, 5], &[9]], &[]);
        check(&[&[3, 4]], &[3, 4]);
        check(&[], &[]);
    }
}
