//! What the model looks at: the features of each word of a stretch, as hashes.
//!
//! In: the view of a word. Out: a handful of 64-bit hashes, the same when the model is trained and when it is used. A
//! change here needs `train_entities`.

use super::clusters::Groups;
use super::context::{Name, Seen, View};

/// The most features a word can have.
pub const MOST: usize = 75;

/// The templates that name the word itself, or so much of it that it can be guessed.
const LEXICAL: [u8; 6] = [2, 3, 8, 9, 11, 14];

/// The templates that tell of the lists of names.
const LISTED: [u8; 4] = [30, 31, 32, 33];

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
        self.push_hash(template, mix(template, one, other));
    }

    fn push_hash(&mut self, template: u32, hash: u64) {
        if self.count < MOST {
            self.hashes[self.count] = hash;
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

/// Features that depend on the same few things: what they add up to is found once for each of these. The fewer things,
/// the more often the same come up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// On the word alone.
    Word,
    /// On what the word looks like, and whether it is alone in its run of capitals.
    Look,
    /// On what the word lists say of its neighbours, and whether it is alone.
    Beside,
    /// On the lists of names that hold it and its neighbours.
    Lists,
    /// On where it stands in a run of several words, and what is last in it.
    Run,
    /// On the one before it.
    Before,
    /// On the one behind it.
    After,
}

/// Every part.
pub const PARTS: [Part; 7] = [Part::Word, Part::Look, Part::Beside, Part::Lists, Part::Run, Part::Before, Part::After];

/// The bit that no [`key()`] has.
pub const SPARE: u64 = 1 << 59;

/// Returns a number that is the same only where the features of a part are; nothing where it has none.
#[inline]
pub fn key(view: View<'_>, part: Part) -> Option<u64> {
    let pack = |values: [u32; 4]| values.iter().fold(0, |key, value| key << 8 | u64::from(*value));
    let kind = |seen: &Seen| u32::from(seen.kind);
    let alone = u32::from(view.is_alone());
    let name = |step: isize| {
        let name = view.beside(step).name;
        u64::from(name.word) << 32 | u64::from(name.key)
    };
    let key = match part {
        Part::Word => view.word.mark & !SPARE,
        Part::Look => pack([0, 0, alone, view.look()]),
        Part::Beside => pack([alone, view.shape(), kind(view.beside(-1)), kind(view.beside(1))]),
        Part::Lists => {
            let around = [view.beside(-1).lists, view.beside(1).lists];
            pack([0, view.look(), around[0], around[1]]) << 32 | u64::from(view.word.hint)
        }
        Part::Run => {
            let run = view.run()?;
            pack([0, run.place, view.shape(), kind(run.last)])
        }
        Part::Before => name(-1),
        Part::After => name(1),
    };
    // Of a word the key is a hash; the others have room for the number of the part.
    Some(if part == Part::Word { key } else { key | (part as u64) << 60 })
}

/// Returns the feature of the second of two words side by side.
#[inline]
pub fn pair(before: Name, after: Name) -> u64 {
    mix(8, before.key, after.key)
}

/// Turns the feature of the second word of a pair into that of the first one. The model's filter does not look at the
/// bits in which they differ.
pub const OF_FIRST: u64 = 0x00D6_E8FE << 40 | 0x5_A5A5;

impl Features {
    /// Writes all features of a word.
    pub fn write(&mut self, view: View<'_>) {
        self.clear();
        PARTS.iter().for_each(|part| self.write_part(view, *part));
        let [before, word, after] = [-1, 0, 1].map(|step| view.beside(step).name);
        self.push_hash(8, pair(before, word));
        self.push_hash(9, pair(word, after) ^ OF_FIRST);
        self.sort();
    }

    /// Writes the features of a part.
    pub fn write_part(&mut self, view: View<'_>, part: Part) {
        match part {
            Part::Word => self.write_word(view),
            Part::Look => self.write_look(view),
            Part::Beside => self.write_beside(view),
            Part::Lists => self.write_lists(view),
            Part::Run => self.write_run(view),
            Part::Before => self.write_neighbour(4, 63, view.beside(-1)),
            Part::After => self.write_neighbour(5, 65, view.beside(1)),
        }
    }

    fn write_neighbour(&mut self, own: u32, group: u32, seen: &Seen) {
        self.push(own, seen.name.key, 0);
        self.push_group(group, seen.name.groups().some.into(), 0);
    }

    fn write_word(&mut self, view: View<'_>) {
        let (word, own) = (view.word, view.shape());
        self.push(2, word.key, 0);
        self.push(3, word.key, own);
        for (template, part) in [(11, word.start), (13, word.ends[0]), (14, word.ends[1])] {
            self.push(template, part, 0);
        }
        self.push(21, word.pattern, 0);
        self.push(22, u32::from(word.kind), own);
        let Groups { few, some, many } = view.beside(0).name.groups();
        self.push_group(60, few.into(), own);
        self.push_group(61, some.into(), own);
        self.push_group(62, many.into(), 0);
    }

    fn write_look(&mut self, view: View<'_>) {
        self.push(1, view.look(), 0);
        if view.is_alone() {
            self.push(40, 0, view.shape());
        }
    }

    fn write_beside(&mut self, view: View<'_>) {
        let [before, after] = [-1, 1].map(|step| u32::from(view.beside(step).kind));
        self.push(23, before, view.shape());
        self.push(24, after, view.shape());
        self.push(25, before << 8 | after, view.shape());
    }

    fn write_lists(&mut self, view: View<'_>) {
        self.push(30, view.lists(), view.look());
        self.push(31, view.lists(), view.beside(-1).lists);
        self.push(32, view.lists(), view.beside(1).lists);
        let mut rest = view.word.hint;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            self.push(33, bit, 0);
            rest &= rest - 1;
        }
    }

    fn write_run(&mut self, view: View<'_>) {
        let Some(run) = view.run() else { return };
        self.push(40, run.place, view.shape());
        self.push(43, u32::from(run.last.kind), run.place);
    }
}
