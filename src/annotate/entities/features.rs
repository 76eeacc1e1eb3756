//! What the model looks at: the features of each word of a stretch, as hashes.
//!
//! In: a stretch, its words, the evidence. Out: for each word a handful of 64-bit hashes, the same when the model is
//! trained and when it is used. A change here needs `train_entities`.

use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token};

use super::clusters::{self, Groups};
use super::evidence::{Evidence, KINDS};
use super::gazetteer;
use super::stretches::{Stretch, Stretches, Word, kind_of};

/// The most features a word can have.
pub const MOST: usize = 94;

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

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// Puts them in the order of their templates.
    fn sort(&mut self) {
        let (templates, hashes) = (&self.templates[..self.count], &self.hashes[..self.count]);
        let mut sorted: Vec<(u8, u64)> = templates.iter().copied().zip(hashes.iter().copied()).collect();
        sorted.sort_by_key(|(template, _)| *template);
        for (at, (template, hash)) in sorted.into_iter().enumerate() {
            (self.templates[at], self.hashes[at]) = (template, hash);
        }
    }

    /// Writes a feature of a group; a word that is in none has none.
    fn push_group(&mut self, template: u32, group: u32, other: u32) {
        if group != 0 {
            self.push(template, group, other);
        }
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
        let view = self.view(at);
        out.clear();
        PARTS.iter().for_each(|part| view.write(*part, out));
        view.write_pairs(out);
        out.sort();
    }

    /// Returns what the features of a word depend on.
    pub fn view(&self, at: usize) -> View<'_> {
        let word = &self.words[at];
        let place = at as isize;
        let start = u32::from(self.stretch.tokens.start + at == self.stretch.sentence.start);
        let evidence = word.capital.then(|| self.evidence.elsewhere(self.stretch.first + at, word.key));
        View {
            word,
            around: [-2, -1, 1, 2].map(|step| self.seen(place + step)),
            beside: [-1, 1].map(|step| self.groups(place + step)),
            lists: lists_of(word.hint),
            own: u32::from(word.shape),
            look: u32::from(word.shape) << 3 | (self.stretch.casing as u32) << 1 | start,
            run: word.capital.then(|| self.run(at)),
            evidence: evidence.map(u32::from),
        }
    }

    /// Returns the run of capitals around a word.
    fn run(&self, at: usize) -> Run<'_> {
        let joined = |at: &usize| self.words[*at].capital;
        let first = (0..at).rev().take_while(joined).last().unwrap_or(at);
        let last = (at + 1..self.words.len()).take_while(joined).last().unwrap_or(at);
        Run {
            place: ((at - first).min(3) << 4 | (last - at).min(3)) as u32,
            ends: (last > first).then(|| [&self.words[first], &self.words[last]]),
            ahead: self.seen(first as isize - 1),
            behind: self.seen(last as isize + 1),
            groups: [first as isize, last as isize, first as isize - 1, last as isize + 1]
                .map(|at| self.groups(at).some),
        }
    }

    /// Returns the groups of a word of the stretch, or of one beside it.
    fn groups(&self, at: isize) -> Groups {
        if let Some(word) = usize::try_from(at).ok().and_then(|at| self.words.get(at)) {
            return word.groups;
        }
        let at = self.stretch.tokens.start as isize + at;
        let token = usize::try_from(at).ok().filter(|at| self.stretch.sentence.contains(at));
        let token = token.map(|at| &self.reading.tokens[at]).filter(|token| token.looks(Shape::WORD));
        token.map_or(Groups::default(), |token| clusters::groups(token.key))
    }
}

/// Features that depend on the same few things: what they add up to is found once for each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// On the word alone.
    Word,
    /// On what the word and its neighbours look like.
    Shapes,
    /// On the lists that hold them.
    Lists,
    /// On what the run of capitals looks like.
    Run,
    /// On what was seen elsewhere.
    Evidence,
}

/// Every part.
pub const PARTS: [Part; 5] = [Part::Word, Part::Shapes, Part::Lists, Part::Run, Part::Evidence];

/// What the features of a word depend on.
pub struct View<'a> {
    word: &'a Word,
    /// The two words before it and the two behind it.
    around: [Seen; 4],
    /// The groups of the word before it and of the one behind it.
    beside: [Groups; 2],
    lists: u32,
    own: u32,
    look: u32,
    run: Option<Run<'a>>,
    evidence: Option<u32>,
}

/// The run of capitals around a word.
struct Run<'a> {
    /// Where the word stands in it.
    place: u32,
    /// The first word and the last one, where there are several.
    ends: Option<[&'a Word; 2]>,
    ahead: Seen,
    behind: Seen,
    /// The groups of its first and last word, and of those ahead and behind.
    groups: [u32; 4],
}

impl View<'_> {
    /// Returns a number that is the same only where the features of a part are; nothing where it has none.
    pub fn key(&self, part: Part) -> Option<u64> {
        let [second, before, after, _] = &self.around;
        let pack = |values: [u32; 7]| values.iter().fold(0, |key, value| key << 8 | u64::from(*value));
        let kind = |seen: &Seen| u32::from(seen.kind);
        let key = match part {
            Part::Word => self.word.mark,
            Part::Shapes => {
                let shapes = [u32::from(before.shape), u32::from(after.shape)];
                pack([0, self.look, shapes[0], shapes[1], kind(second), kind(before), kind(after)])
            }
            Part::Lists => pack([0, 0, 0, 0, self.look, before.lists, after.lists]) << 32 | u64::from(self.word.hint),
            Part::Run => {
                let run = self.run.as_ref()?;
                let ends =
                    run.ends.map(|[first, last]| [u32::from(last.kind) + 1, lists_of(first.hint), lists_of(last.hint)]);
                let [last, listed, others] = ends.unwrap_or_default();
                pack([run.place, self.own, last, listed, others, kind(&run.ahead), kind(&run.behind)])
            }
            Part::Evidence => u64::from(self.evidence?) << 32 | u64::from(self.look),
        };
        // Of a word the key is a hash; the others have room for the number of the part.
        Some(if part == Part::Word { key } else { key | (part as u64) << 60 })
    }

    /// Writes the features of a part.
    pub fn write(&self, part: Part, out: &mut Features) {
        match part {
            Part::Word => self.write_word(out),
            Part::Shapes => self.write_shapes(out),
            Part::Lists => self.write_lists(out),
            Part::Run => self.write_run(out),
            Part::Evidence => self.write_evidence(out),
        }
    }

    /// Writes the features that are in no part: those of neighbours as words, and of words side by side.
    pub fn write_pairs(&self, out: &mut Features) {
        let word = self.word;
        let [second, before, after, third] = &self.around;
        out.push(4, before.key, 0);
        out.push(5, after.key, 0);
        out.push(6, second.key, 1);
        out.push(7, third.key, 1);
        out.push(8, before.key, word.key);
        out.push(9, word.key, after.key);
        out.push(10, before.key, after.key);
        self.write_groups(out);
        if let Some(Run { place, ends: Some([first, last]), ahead, behind, .. }) = &self.run {
            out.push(41, first.key, *place);
            out.push(42, last.key, *place);
            out.push(46, ahead.key, *place);
            out.push(47, behind.key, *place);
        }
    }

    fn write_word(&self, out: &mut Features) {
        let word = self.word;
        out.push(2, word.key, 0);
        out.push(3, word.key, self.own);
        for (number, part) in word.starts.iter().chain(&word.ends).enumerate() {
            out.push(11 + number as u32, *part, 0);
        }
        out.push(21, word.pattern, 0);
        out.push(22, u32::from(word.kind), self.own);
        let Groups { few, some, many } = word.groups;
        out.push_group(60, few, self.own);
        out.push_group(61, some, self.own);
        out.push_group(62, many, 0);
    }

    /// Writes the features of the words that keep the same company as those beside the word and around its run.
    fn write_groups(&self, out: &mut Features) {
        let [before, after] = self.beside;
        out.push_group(63, before.some, 0);
        out.push_group(65, after.some, 0);
        out.push_group(67, self.word.groups.few, before.few);
        out.push_group(68, self.word.groups.few, after.few);
        let Some(Run { place, groups, .. }) = &self.run else { return };
        for (template, group) in (69..).zip(groups) {
            out.push_group(template, *group, *place);
        }
    }

    fn write_shapes(&self, out: &mut Features) {
        let [second, before, after, _] = &self.around;
        out.push(1, self.look, 0);
        out.push(20, self.look, u32::from(before.shape) << 8 | u32::from(after.shape));
        out.push(23, u32::from(before.kind), self.own);
        out.push(24, u32::from(after.kind), self.own);
        out.push(25, u32::from(before.kind) << 8 | u32::from(after.kind), self.own);
        out.push(26, u32::from(second.kind) << 8 | u32::from(before.kind), self.own);
    }

    fn write_lists(&self, out: &mut Features) {
        let [_, before, after, _] = &self.around;
        out.push(30, self.lists, self.look);
        out.push(31, self.lists, before.lists);
        out.push(32, self.lists, after.lists);
        let mut rest = self.word.hint;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            out.push(33, bit, 0);
            rest &= rest - 1;
        }
    }

    fn write_run(&self, out: &mut Features) {
        let Some(Run { place, ends, ahead, behind, .. }) = &self.run else { return };
        out.push(40, *place, self.own);
        if let Some([first, last]) = ends {
            out.push(43, u32::from(last.kind), *place);
            out.push(44, lists_of(first.hint), *place);
            out.push(45, lists_of(last.hint), *place);
        }
        out.push(48, u32::from(ahead.kind) << 8 | u32::from(behind.kind), *place);
    }

    fn write_evidence(&self, out: &mut Features) {
        let Some(seen) = self.evidence else { return };
        out.push(50, seen, self.look);
        for kind in (0..KINDS as u32).filter(|kind| seen >> kind & 1 != 0) {
            out.push(51, kind, self.look & 7);
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
