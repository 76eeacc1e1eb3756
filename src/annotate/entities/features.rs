//! What the model looks at: the features of each word of a stretch, as hashes.
//!
//! In: a stretch, its words, the evidence. Out: for each word a handful of 64-bit hashes, the same when the model is
//! trained and when it is used. A change here needs `train_entities`.

use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token};

use super::evidence::{Evidence, KINDS};
use super::gazetteer;
use super::stretches::{Stretch, Stretches, Word, kind_of};

/// The most features a word can have.
pub const MOST: usize = 80;

/// The templates that name the word itself, or so much of it that it can be guessed.
const LEXICAL: [u8; 8] = [2, 3, 8, 9, 11, 12, 14, 15];

/// The templates that tell of the lists of names.
const LISTED: [u8; 6] = [30, 31, 32, 33, 44, 45];

/// The features of one word.
pub struct Features {
    hashes: [u64; MOST],
    templates: [u8; MOST],
    count: usize,
}

impl Default for Features {
    fn default() -> Features {
        Features { hashes: [0; MOST], templates: [0; MOST], count: 0 }
    }
}

impl Features {
    /// Returns the hashes.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes[..self.count]
    }

    /// Returns for each feature whether it names the word itself, and whether it tells of the lists of names.
    pub fn groups(&self) -> impl Iterator<Item = (bool, bool)> {
        let templates = self.templates[..self.count].iter();
        templates.map(|template| (LEXICAL.contains(template), LISTED.contains(template)))
    }

    fn push(&mut self, template: u32, one: u32, other: u32) {
        if self.count < MOST {
            self.hashes[self.count] = mix(template, one, other);
            self.templates[self.count] = template as u8;
            self.count += 1;
        }
    }
}

fn mix(template: u32, one: u32, other: u32) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let both = u64::from(one) << 32 | u64::from(other);
    let sum = (both ^ u64::from(template).wrapping_mul(0xD6E8_FEB8_6659_FD93)).wrapping_mul(FACTOR);
    (sum ^ sum >> 32).wrapping_mul(FACTOR) ^ sum >> 29
}

/// What stands at a place of the sentence, inside the stretch or not.
#[derive(Clone, Copy, Default)]
struct Seen {
    key: u32,
    kind: u8,
    shape: u8,
    lists: u32,
}

/// The place in a sentence beyond its ends.
const EDGE: Seen = Seen { key: 1, kind: 32, shape: 0, lists: 0 };

/// A stretch as its features are made.
pub struct Context<'a> {
    reading: &'a Reading<'a>,
    stretch: &'a Stretch,
    words: &'a [Word],
    evidence: &'a Evidence,
}

impl<'a> Context<'a> {
    /// Returns the view of a stretch.
    pub fn new(
        reading: &'a Reading<'a>,
        stretches: &'a Stretches,
        stretch: &'a Stretch,
        evidence: &'a Evidence,
    ) -> Context<'a> {
        Context { reading, stretch, words: stretches.words_of(stretch), evidence }
    }

    fn seen(&self, at: isize) -> Seen {
        if let Some(word) = usize::try_from(at).ok().and_then(|at| self.words.get(at)) {
            return Seen { key: word.key, kind: word.kind, shape: word.shape, lists: lists_of(word.hint) };
        }
        let at = self.stretch.tokens.start as isize + at;
        let sentence = &self.stretch.sentence;
        match usize::try_from(at).ok().filter(|at| sentence.contains(at)) {
            Some(at) => {
                let token = &self.reading.tokens[at];
                Seen { key: token.key, kind: kind_of(token), shape: outer_shape(token), lists: 0 }
            }
            None => EDGE,
        }
    }

    /// Writes the features of a word of the stretch.
    pub fn features(&self, at: usize, out: &mut Features) {
        out.count = 0;
        let word = &self.words[at];
        let place = at as isize;
        let [second, before, after, third] = [-2, -1, 1, 2].map(|step| self.seen(place + step));
        let casing = self.stretch.casing as u32;
        let start = u32::from(self.stretch.tokens.start + at == self.stretch.sentence.start);
        let look = u32::from(word.shape) << 3 | casing << 1 | start;
        let lists = lists_of(word.hint);
        let own = u32::from(word.shape);
        out.push(1, look, 0);
        out.push(2, word.key, 0);
        out.push(3, word.key, own);
        out.push(4, before.key, 0);
        out.push(5, after.key, 0);
        out.push(6, second.key, 1);
        out.push(7, third.key, 1);
        out.push(8, before.key, word.key);
        out.push(9, word.key, after.key);
        out.push(10, before.key, after.key);
        for (number, part) in word.starts.iter().chain(&word.ends).enumerate() {
            out.push(11 + number as u32, *part, 0);
        }
        let shapes = u32::from(before.shape) << 8 | u32::from(after.shape);
        out.push(20, look, shapes);
        out.push(21, word.pattern, 0);
        let kinds = u32::from(before.kind) << 8 | u32::from(after.kind);
        out.push(22, u32::from(word.kind), own);
        out.push(23, u32::from(before.kind), own);
        out.push(24, u32::from(after.kind), own);
        out.push(25, kinds, own);
        out.push(26, u32::from(second.kind) << 8 | u32::from(before.kind), own);
        self.list_features(word.hint, [before.lists, lists, after.lists], look, out);
        self.run_features(at, out);
        self.evidence_features(at, look, out);
    }

    fn list_features(&self, hint: u32, [before, lists, after]: [u32; 3], look: u32, out: &mut Features) {
        out.push(30, lists, look);
        out.push(31, lists, before);
        out.push(32, lists, after);
        let mut rest = hint;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            out.push(33, bit, 0);
            rest &= rest - 1;
        }
    }

    /// The words at the ends of the run of capitals, and those beside it.
    fn run_features(&self, at: usize, out: &mut Features) {
        let joined = |at: usize| self.words[at].capital;
        if !joined(at) {
            return;
        }
        let first = (0..at).rev().take_while(|at| joined(*at)).last().unwrap_or(at);
        let last = (at + 1..self.words.len()).take_while(|at| joined(*at)).last().unwrap_or(at);
        let place = ((at - first).min(3) << 4 | (last - at).min(3)) as u32;
        let own = u32::from(self.words[at].shape);
        out.push(40, place, own);
        let behind = self.seen(last as isize + 1);
        let ahead = self.seen(first as isize - 1);
        if last > first {
            out.push(41, self.words[first].key, place);
            out.push(42, self.words[last].key, place);
            out.push(43, u32::from(self.words[last].kind), place);
            out.push(44, lists_of(self.words[first].hint), place);
            out.push(45, lists_of(self.words[last].hint), place);
            out.push(46, ahead.key, place);
            out.push(47, behind.key, place);
        }
        out.push(48, u32::from(ahead.kind) << 8 | u32::from(behind.kind), place);
    }

    fn evidence_features(&self, at: usize, look: u32, out: &mut Features) {
        if !self.words[at].capital {
            return;
        }
        let seen = self.evidence.elsewhere(self.stretch.first + at, self.words[at].key);
        out.push(50, u32::from(seen), look);
        for kind in (0..KINDS).filter(|kind| seen >> kind & 1 != 0) {
            out.push(51, kind as u32, look & 7);
        }
    }
}

/// Returns which lists a word has a part in, whatever the part.
fn lists_of(hint: u32) -> u32 {
    gazetteer::lists_at(hint | hint >> 1 | hint >> 2 | hint >> 3)
}

fn outer_shape(token: &Token) -> u8 {
    match () {
        () if token.looks(Shape::CAPITALISED) => 20,
        () if token.looks(Shape::WORD) => 5,
        () if token.looks(Shape::NUMBER) => 2,
        () if token.looks(Shape::MARK) => 21,
        () if token.is(Class::FUNCTION) => 22,
        () => 3,
    }
}
