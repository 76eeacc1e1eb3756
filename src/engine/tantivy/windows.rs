//! Common words, a window of documents at a time: term at a time inside a window, with accumulators.
//!
//! In: the postings of each word, block for block. Out: the documents of a range that hold all or any of the words, with
//! the term frequency of each. Where most blocks hold a document of the answer, decoding all of them costs less than
//! asking every form of a word where it stands for every document; where few do, see `sets`.

use std::ops::Range;

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

/// Documents of a window: the frequencies of a few words in it stay in the cache of the processor.
const WINDOW: usize = 8_192;

/// Numbers of 64 bits, one bit for each document of a window.
type Bits = [u64; WINDOW / 64];

/// Words that are looked up a window at a time.
pub struct Windows {
    words: Vec<Word>,
}

/// The postings of a word, whatever its forms, and what is in the window of them.
struct Word {
    forms: Vec<Form>,
    /// The next document of each form, side by side: most windows have nothing of most forms.
    next: Vec<DocId>,
    /// Which documents of the window hold the word.
    here: Box<Bits>,
    /// How often each of those does; what stands at the others is of another window.
    times: Box<[u32; WINDOW]>,
}

/// The postings of one form, and how many of its current block were taken.
struct Form {
    blocks: BlockSegmentPostings,
    taken: usize,
}

impl Windows {
    /// Returns the words with the postings of their forms.
    pub fn new(words: Vec<Vec<BlockSegmentPostings>>) -> Windows {
        Windows { words: words.into_iter().map(Word::new).collect() }
    }

    /// Gives every document of a range that holds all the words.
    pub fn all(&mut self, docs: Range<DocId>, each: &mut impl FnMut(DocId, &Here<'_>)) {
        let next = |words: &[Word]| words.iter().map(Word::next).max().unwrap_or(TERMINATED);
        self.run(docs, next, |all, word| *all &= word, u64::MAX, each);
    }

    /// Gives every document of a range that holds any of the words.
    pub fn any(&mut self, docs: Range<DocId>, each: &mut impl FnMut(DocId, &Here<'_>)) {
        let next = |words: &[Word]| words.iter().map(Word::next).min().unwrap_or(TERMINATED);
        self.run(docs, next, |any, word| *any |= word, 0, each);
    }

    /// Goes from window to window; no document before what `next` returns is of the answer.
    fn run(
        &mut self,
        docs: Range<DocId>,
        next: impl Fn(&[Word]) -> DocId,
        join: impl Fn(&mut u64, u64),
        start: u64,
        each: &mut impl FnMut(DocId, &Here<'_>),
    ) {
        self.words.iter_mut().for_each(|word| word.seek(docs.start));
        loop {
            let first = next(&self.words);
            if first >= docs.end {
                return;
            }
            let first = first - first % WINDOW as u32;
            let end = docs.end.min(first.saturating_add(WINDOW as u32));
            for word in &mut self.words {
                word.seek(first);
                word.take(end);
            }
            for block in 0..WINDOW / 64 {
                let mut bits = start;
                self.words.iter().for_each(|word| join(&mut bits, word.here[block]));
                while bits != 0 {
                    let at = block * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    each(first + at as u32, &Here { words: &self.words, at });
                }
            }
        }
    }
}

/// The words at a document.
pub struct Here<'a> {
    words: &'a [Word],
    at: usize,
}

impl Here<'_> {
    /// Returns how often a word, by its number, stands in the document; nothing where it does not.
    #[inline]
    pub fn times(&self, word: usize) -> Option<u32> {
        let word = &self.words[word];
        let held = word.here[self.at / 64] >> (self.at % 64) & 1 != 0;
        held.then(|| word.times[self.at])
    }

    /// Returns whether the document holds all the words.
    pub fn complete(&self) -> bool {
        (0..self.words.len()).all(|word| self.times(word).is_some())
    }
}

impl Word {
    fn new(forms: Vec<BlockSegmentPostings>) -> Word {
        let forms: Vec<Form> = forms.into_iter().map(|blocks| Form { blocks, taken: 0 }).collect();
        let next = forms.iter().map(Form::next).collect();
        Word { forms, next, here: Box::new([0; WINDOW / 64]), times: Box::new([0; WINDOW]) }
    }

    fn next(&self) -> DocId {
        self.next.iter().copied().min().unwrap_or(TERMINATED)
    }

    /// Moves every form to a document or past it.
    fn seek(&mut self, doc: DocId) {
        for (form, next) in self.forms.iter_mut().zip(&mut self.next).filter(|(_, next)| **next < doc) {
            *next = form.seek(doc);
        }
    }

    /// Takes what the window up to `end` has of the word.
    fn take(&mut self, end: DocId) {
        self.here.fill(0);
        for (form, next) in self.forms.iter_mut().zip(&mut self.next).filter(|(_, next)| **next < end) {
            *next = form.take(end, &mut self.here, &mut self.times);
        }
    }
}

impl Form {
    fn next(&self) -> DocId {
        self.blocks.docs().get(self.taken).copied().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, doc: DocId) -> DocId {
        self.taken = self.blocks.seek(doc);
        self.next()
    }

    /// Takes the documents before `end`, and returns the next one.
    fn take(&mut self, end: DocId, here: &mut Bits, times: &mut [u32; WINDOW]) -> DocId {
        loop {
            let (docs, freqs) = (&self.blocks.docs()[self.taken..], &self.blocks.freqs()[self.taken..]);
            // Behind the last block are the frequencies of the last one.
            debug_assert!(docs.len() <= freqs.len(), "a field of words keeps frequencies");
            let whole = docs.last().is_some_and(|last| *last < end);
            let count = if whole { docs.len() } else { docs.partition_point(|doc| *doc < end) };
            for (doc, freq) in docs[..count].iter().zip(freqs) {
                let at = *doc as usize % WINDOW;
                let (bits, bit) = (&mut here[at / 64], 1 << (at % 64));
                let before = if *bits & bit == 0 { 0 } else { times[at] };
                times[at] = before + freq;
                *bits |= bit;
            }
            self.taken += count;
            if !whole {
                return self.next();
            }
            self.blocks.advance();
            self.taken = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{Field, IndexRecordOption, STRING, Schema, TEXT};
    use tantivy::{DocSet, Index, Searcher, TantivyDocument, Term};

    use super::super::postings::WordPostings;
    use super::super::sets::AllOf;
    use super::*;

    /// Words of two forms, of one and of one that is nowhere.
    const WORDS: [&[&str]; 3] = [&["common", "commons"], &["rare"], &["nothing"]];

    /// Returns a few segments whose documents hold forms at random, some of them deleted.
    fn searcher() -> (Searcher, Field) {
        let mut builder = Schema::builder();
        let (text, key) = (builder.add_text_field("text", TEXT), builder.add_text_field("key", STRING));
        let index = Index::create_in_ram(builder.build());
        let mut writer = index.writer_with_num_threads(1, 15 << 20).unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        let mut random = 1_u64;
        let mut below = |limit: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % limit
        };
        for documents in [3, 3 * WINDOW + 7, 2 * WINDOW] {
            for document in 0..documents {
                // A stretch of the last segment has no word.
                let empty = documents == 2 * WINDOW && (100..WINDOW + 100).contains(&document);
                let mut words = String::new();
                for (form, one_in) in [("common ", 2), ("commons ", 9), ("rare ", 40)] {
                    if !empty && below(one_in) == 0 {
                        words.push_str(&form.repeat(1 + below(3) as usize));
                    }
                }
                let mut added = TantivyDocument::default();
                added.add_text(text, words);
                added.add_text(key, (below(5) == 0).to_string());
                writer.add_document(added).unwrap();
            }
            writer.commit().unwrap();
        }
        writer.delete_term(Term::from_field_text(key, "true"));
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), text)
    }

    type Found = Vec<(DocId, Vec<Option<u32>>)>;

    #[test]
    fn windows_give_what_sets_do() {
        let (searcher, field) = searcher();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field).unwrap();
            let (last, middle) = (segment.max_doc(), segment.max_doc() / 2);
            for words in [&WORDS[..1], &WORDS[1..2], &WORDS[..2], &WORDS[..], &[]] {
                let term = |form: &&str| Term::from_field_text(field, form);
                let option = IndexRecordOption::WithFreqs;
                let whole = || {
                    let forms = |forms: &&[&str]| {
                        let forms = forms.iter().filter_map(|form| index.read_postings(&term(form), option).unwrap());
                        WordPostings::new(forms.collect())
                    };
                    words.iter().map(forms).collect::<Vec<_>>()
                };
                let windows = || {
                    let forms = |forms: &&[&str]| {
                        let read = |form| index.read_block_postings(&term(form), option).unwrap();
                        forms.iter().filter_map(read).collect()
                    };
                    Windows::new(words.iter().map(forms).collect())
                };
                for range in [0..last, 0..middle, middle..last, 1..2, last..last] {
                    let mut expected: Found = Vec::new();
                    let mut sets = AllOf::new(whole());
                    sets.seek(range.start);
                    while sets.doc() < range.end {
                        let times = sets.parts.iter().map(|word| Some(word.term_freq())).collect();
                        expected.push((sets.doc(), times));
                        sets.advance();
                    }
                    let times = |here: &Here<'_>| (0..words.len()).map(|word| here.times(word)).collect();
                    let mut found: Found = Vec::new();
                    windows().all(range.clone(), &mut |doc, here| found.push((doc, times(here))));
                    assert_eq!(found, expected, "all of {words:?} in {range:?}");

                    let mut expected: Found = Vec::new();
                    let mut sets = whole();
                    for doc in range.clone() {
                        let at = |word: &mut WordPostings| if word.doc() < doc { word.seek(doc) } else { word.doc() };
                        let times = sets.iter_mut().map(|word| (at(word) == doc).then(|| word.term_freq()));
                        let times: Vec<Option<u32>> = times.collect();
                        if times.iter().any(Option::is_some) {
                            expected.push((doc, times));
                        }
                    }
                    let mut found: Found = Vec::new();
                    windows().any(range.clone(), &mut |doc, here| {
                        assert_eq!(here.complete(), times(here).iter().all(Option::is_some));
                        found.push((doc, times(here)));
                    });
                    assert_eq!(found, expected, "any of {words:?} in {range:?}");
                }
            }
        }
    }
}
