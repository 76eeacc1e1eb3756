//! Which articles are copies of one story: how alike two texts are, from a few bytes of each.
//!
//! In: the words of a body. Out: a [`Signature`], and [`stories`] of many of them. Deliberately knows no article and
//! no index: what an article is a copy of depends on the set of articles and on their order in time alone, never on
//! who was indexed first.
//!
//! A signature is a one-permutation MinHash of the words of five letters and more, each alone, twice, and once with the
//! word before it: alone they bear words changed here and there, the pairs know the order. A smaller one is of the first
//! words, where two pages with one notice below differ, and another of the numbers, each with the word before it: two
//! market reports share their frame and not their numbers, two copies share both.

pub mod changes;
mod table;

use std::ops::Range;
use std::thread;

use rustc_hash::FxHashMap;

use crate::analyzer;

pub use self::table::{Member, Table, write};

/// Values of the words, of so many bits: more small ones tell more than fewer large ones.
const WORDS: usize = 160;
const WORD_BITS: usize = 3;
/// Values of the first words, and how many these are.
const LEAD: usize = VALUES;
const LEAD_WORDS: u32 = 25;
/// Values of the numbers; 0 stands for nothing.
const FIGURES: usize = 9;
const FIGURE_BITS: usize = 6;
/// Numbers that a signature is kept as, of so many bits each.
pub const COLUMNS: usize = WORDS / VALUES + 2;
const COLUMN_BITS: usize = 60;
/// Values of the words in one of these numbers.
const VALUES: usize = COLUMN_BITS / WORD_BITS;
/// The lowest bit of each value.
const LOWEST_BITS: u64 = 0o1111_1111_1111_1111_1111;
const MASK: u64 = (1 << COLUMN_BITS) - 1;

/// Bodies of fewer words have no signature: a brief shares too much with its like.
const LEAST_WORDS: u32 = 30;
/// Words of fewer bytes do not count by themselves.
const LONG_WORD: usize = 5;
/// How alike two texts must be whose first words are alike, and two whose first words are not.
const ALIKE: f32 = 0.44;
const ALIKE_BELOW: f32 = 0.54;
/// The same for texts of [`LEAST_WORDS`] words: in a short one a notice below it weighs more.
const ALIKE_SHORT: f32 = 0.47;
const ALIKE_SHORT_BELOW: f32 = 0.66;
/// First words that are so alike are alike.
const ALIKE_LEAD: f32 = 0.30;
/// The part of the values that two texts without a word in common have the same.
const CHANCE: f32 = 1.0 / (1 << WORD_BITS) as f32;
/// Fewer values that are the same make no copy, however long the texts are.
const LEAST_SAME: f32 = (ALIKE * (1.0 - CHANCE) + CHANCE) * WORDS as f32;
/// Texts of so many words are long.
const LONG_TEXT: f32 = 200.0;
/// Where both have so many numbers, texts that share fewer than this part of the fewer ones are no copies.
const LEAST_FIGURES: u32 = 3;
const ALIKE_FIGURES: f32 = 0.25;

/// Articles that have the same values in the first of these places, and in all places so far behind them, are compared:
/// in so many that few of all the articles meet by chance.
const MEETING: [usize; 7] = [0, 1, 4, 13, 32, 52, 59];
const LEAST_PLACES: usize = 3;
/// How many articles before it an article is compared with at one meeting, so that no page that everybody has costs more.
const MEETING_LIMIT: usize = 200;
/// Places apart at which meetings start.
const MEETING_STEP: usize = 2;

const KEYS: [u64; 4] = [0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3];

/// How many other bins an empty one looks into.
const BORROWS: u64 = 10_000;

/// What an empty bin holds.
const NOTHING: u32 = u32::MAX;
const FIGURE_LIMIT: u32 = (1 << FIGURE_BITS) - 1;

/// What a text is compared by.
///
/// Kept packed: an index of many articles holds all of them in memory for a moment. The last number is the figures',
/// and below them how many words there are, in quarters of a doubling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature([u64; COLUMNS]);

/// Takes the words of a body one by one.
#[derive(Clone, Debug)]
pub struct Signer {
    words: [u32; WORDS],
    lead: [u32; LEAD],
    figures: [u32; FIGURES],
    before: u64,
    count: u32,
    folded: String,
}

impl Default for Signer {
    fn default() -> Signer {
        let (words, lead, figures) = ([NOTHING; WORDS], [NOTHING; LEAD], [NOTHING; FIGURES]);
        Signer { words, lead, figures, before: 0, count: 0, folded: String::new() }
    }
}

impl Signer {
    /// Adds the next word of a text.
    pub fn add(&mut self, text: &str, word: Range<usize>) {
        let (mut hash, is_ascii) = hash_of(text.as_bytes(), word.clone());
        if !is_ascii {
            analyzer::fold_into(&text[word.clone()], &mut self.folded);
            hash = hash_of(self.folded.as_bytes(), 0..self.folded.len()).0;
        }
        let pair = mixed(self.before ^ hash.rotate_left(23), KEYS[1]);
        if word.len() >= LONG_WORD {
            for feature in [pair, mixed(hash, KEYS[2]), mixed(hash, KEYS[3])] {
                put(&mut self.words, feature);
                if self.count < LEAD_WORDS {
                    put(&mut self.lead, feature);
                }
            }
        }
        if text.as_bytes().get(word.start).is_some_and(u8::is_ascii_digit) {
            put(&mut self.figures, mixed(pair, KEYS[2]));
        }
        self.before = hash;
        self.count += 1;
    }

    /// Returns the signature of the words so far; nothing where they are too few.
    pub fn finish(&self) -> Option<Signature> {
        if self.count < LEAST_WORDS || self.words.iter().all(|least| *least == NOTHING) {
            return None;
        }
        let figure = |least: u32| if least == NOTHING { 0 } else { u64::from(least % FIGURE_LIMIT) + 1 };
        let length = (f64::from(self.count).log2() * 4.0).round().min(f64::from(FIGURE_LIMIT)) as u64;
        let mut columns = [0; COLUMNS];
        for bin in 0..WORDS {
            columns[bin / VALUES] |= value(&self.words, bin) << (bin % VALUES * WORD_BITS);
        }
        for bin in 0..LEAD {
            columns[COLUMNS - 2] |= value(&self.lead, bin) << (bin * WORD_BITS);
        }
        let figures = self.figures.iter().rev();
        columns[COLUMNS - 1] =
            figures.fold(0, |sum, least| sum << FIGURE_BITS | figure(*least)) << FIGURE_BITS | length;
        Some(Signature(columns))
    }
}

/// Returns the value of a bin; an empty one borrows from another that is the same for every text.
fn value(bins: &[u32], bin: usize) -> u64 {
    let mut from = bin;
    for tries in 1..BORROWS {
        if bins[from] != NOTHING {
            break;
        }
        from = bin_of(mixed(bin as u64 | tries << 8, KEYS[1]), bins.len());
    }
    mixed(u64::from(bins[from]), KEYS[2]) % (1 << WORD_BITS)
}

/// The bit of each byte that capitals lack.
const LOWER: u64 = 0x2020_2020_2020_2020;
/// The bit of each byte that ASCII lacks.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Returns a hash of a word of a text that is the same in capitals, and whether the word is ASCII.
fn hash_of(text: &[u8], word: Range<usize>) -> (u64, bool) {
    let (mut hash, mut seen) = (KEYS[0] ^ word.len() as u64, 0);
    let mut rest = &text[word.clone()];
    while let Some((eight, more)) = rest.split_first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        hash = mixed(hash ^ (eight | LOWER), KEYS[1]);
        seen |= eight;
        rest = more;
    }
    let shift = 64 - 8 * rest.len() as u32;
    // The first byte is the highest; what stands behind the word is shifted out.
    let tail = match text[word.end - rest.len()..].first_chunk() {
        Some(eight) => (u64::from_be_bytes(*eight) | LOWER).checked_shr(shift).unwrap_or(0),
        None => rest.iter().fold(0, |tail, byte| tail << 8 | u64::from(byte | 0x20)),
    };
    (mixed(hash ^ tail, KEYS[0]), (seen | tail) & HIGH == 0)
}

fn mixed(value: u64, key: u64) -> u64 {
    let product = u128::from(value ^ key) * u128::from(KEYS[0] ^ key.rotate_left(32));
    (product >> 64) as u64 ^ product as u64
}

/// Lets a hash into the one bin it falls in; the least of each stays.
fn put<const N: usize>(bins: &mut [u32; N], hash: u64) {
    let least = &mut bins[bin_of(hash, N)];
    *least = (*least).min(hash as u32);
}

fn bin_of(hash: u64, bins: usize) -> usize {
    (((hash >> 32) * bins as u64) >> 32) as usize
}

impl Signature {
    /// Returns the numbers that it is kept as. The first one alone tells it from every other.
    pub fn columns(&self) -> [u64; COLUMNS] {
        let mut columns = self.0;
        columns[0] ^= seal(&columns);
        columns
    }

    /// Returns the first of the numbers that it is kept as: a name for everything with this signature.
    pub fn name(&self) -> u64 {
        self.columns()[0]
    }

    /// Returns the signature that was kept as these numbers.
    pub fn from_columns(mut columns: [u64; COLUMNS]) -> Signature {
        columns[0] ^= seal(&columns);
        Signature(columns)
    }

    /// Returns the value that starts in a column at a bit.
    fn word(&self, (column, bit): (usize, usize)) -> u32 {
        (self.0[column] >> bit) as u32 & ((1 << WORD_BITS) - 1)
    }

    fn figure(&self, at: usize) -> u32 {
        (self.0[COLUMNS - 1] >> ((at + 1) * FIGURE_BITS)) as u32 & FIGURE_LIMIT
    }

    fn length(&self) -> u32 {
        self.0[COLUMNS - 1] as u32 & FIGURE_LIMIT
    }

    /// Returns whether two texts are so alike that they are copies.
    pub fn is_copy_of(&self, other: &Signature) -> bool {
        let same = self.same_words(other);
        // Most pairs that meet have little in common: they must cost nothing more.
        if (same as f32) < LEAST_SAME {
            return false;
        }
        let words = 2_f32.powf(self.length().min(other.length()) as f32 / 4.0);
        let short = ((LONG_TEXT - words) / (LONG_TEXT - LEAST_WORDS as f32)).clamp(0.0, 1.0);
        let lead = alike(LEAD as u32 - different(self.0[COLUMNS - 2], other.0[COLUMNS - 2]), LEAD);
        let below = (1.0 - lead / ALIKE_LEAD).clamp(0.0, 1.0);
        let between = |from: f32, to: f32, part: f32| from + (to - from) * part;
        let least = between(between(ALIKE, ALIKE_BELOW, below), between(ALIKE_SHORT, ALIKE_SHORT_BELOW, below), short);
        alike(same, WORDS) >= least && self.shares_figures_with(other)
    }

    fn same_words(&self, other: &Signature) -> u32 {
        let pairs = self.0.iter().zip(&other.0).take(WORDS / VALUES);
        WORDS as u32 - pairs.map(|(one, other)| different(*one, *other)).sum::<u32>()
    }

    /// Returns whether two texts have numbers in common, or too few to tell.
    fn shares_figures_with(&self, other: &Signature) -> bool {
        let count = |of: &Signature| (0..FIGURES).filter(|at| of.figure(*at) != 0).count() as u32;
        let fewer = count(self).min(count(other));
        let same = (0..FIGURES).filter(|at| self.figure(*at) == other.figure(*at) && self.figure(*at) != 0).count();
        fewer < LEAST_FIGURES || same as f32 >= ALIKE_FIGURES * fewer as f32
    }
}

/// Returns how many of the values in two columns differ.
fn different(one: u64, other: u64) -> u32 {
    let bits = one ^ other;
    ((bits | bits >> 1 | bits >> 2) & LOWEST_BITS).count_ones()
}

/// Returns the part of what two texts have together that both have, from how many of their values are the same.
fn alike(same: u32, values: usize) -> f32 {
    (same as f32 / values as f32 - CHANCE) / (1.0 - CHANCE)
}

/// Returns what stands on the first column, from all the others.
fn seal(columns: &[u64; COLUMNS]) -> u64 {
    columns[1..].iter().fold(KEYS[0], |hash, column| mixed(hash ^ column, KEYS[1])) & MASK
}

/// Finds the stories in articles that come earliest first: returns for each the number of the article it is a copy of,
/// its own where it is none: of those before it that are no copies themselves, the one it is most like. So unlike texts
/// never meet in a story by way of others between them.
pub fn stories(articles: &[Signature]) -> Vec<u32> {
    // Texts that are the same to the letter would meet everywhere.
    let mut twins: FxHashMap<u64, u32> = FxHashMap::default();
    let mut story: Vec<u32> =
        articles.iter().zip(0..).map(|(article, number)| *twins.entry(article.name()).or_insert(number)).collect();
    drop(twins);
    let kin = kin(articles, &story);
    let different = (0..articles.len() as u32).filter(|number| story[*number as usize] == *number);
    let mut members: Vec<(u32, u32)> = different.map(|number| (kin[number as usize], number)).collect();
    drop(kin);
    members.sort_unstable();
    for family in members.chunk_by(|one, other| one.0 == other.0).filter(|family| family.len() > 1) {
        let mut firsts: Vec<u32> = Vec::new();
        for (_, number) in family {
            let article = &articles[*number as usize];
            let of = |first: &u32| &articles[*first as usize];
            let alike = firsts.iter().rev().filter(|first| article.is_copy_of(of(first)));
            match alike.max_by_key(|first| article.same_words(of(first))) {
                Some(first) => story[*number as usize] = *first,
                None => firsts.push(*number),
            }
        }
    }
    // A twin comes behind the first with its text, whose story is settled.
    for number in 0..story.len() {
        story[number] = story[story[number] as usize];
    }
    story
}

/// Returns for each article that is the first of its twins the least number of those that a chain of copies leads to.
/// Two threads hold the meetings: chains are the same in whatever order their links are found.
fn kin(articles: &[Signature], twins: &[u32]) -> Vec<u32> {
    let meetings: Vec<usize> = (0..WORDS).step_by(MEETING_STEP).collect();
    let (own, others) = meetings.split_at(meetings.len() / 2);
    let mut found = Vec::new();
    let mut kin = thread::scope(|scope| {
        scope.spawn(|| found = kin_met(articles, twins, others));
        kin_met(articles, twins, own)
    });
    for (number, other) in (0..).zip(found) {
        unite(&mut kin, number, other, || true);
    }
    (0..articles.len() as u32).map(|number| root(&mut kin, number)).collect()
}

/// Returns the same for the meetings that start at some places, by way of others.
fn kin_met(articles: &[Signature], twins: &[u32], meetings: &[usize]) -> Vec<u32> {
    let mut kin: Vec<u32> = (0..articles.len() as u32).collect();
    let mut meeting = Meeting::default();
    let enough = articles.len().max(1).ilog(1 << WORD_BITS) as usize + 1;
    let places = enough.clamp(LEAST_PLACES, MEETING.len());
    for first in meetings {
        let at = MEETING.map(|place| (place + first) % WORDS);
        meeting.gather(articles, twins, &at[..places]);
        for group in meeting.groups() {
            for (place, number) in group.iter().enumerate() {
                for other in &group[place.saturating_sub(MEETING_LIMIT)..place] {
                    let are_copies = || articles[*number as usize].is_copy_of(&articles[*other as usize]);
                    unite(&mut kin, *number, *other, are_copies);
                }
            }
        }
    }
    kin
}

/// Makes kin of two articles that are not yet and fit.
fn unite(kin: &mut [u32], number: u32, other: u32, fit: impl FnOnce() -> bool) {
    let (one, two) = (root(kin, number), root(kin, other));
    if one != two && fit() {
        kin[one.max(two) as usize] = one.min(two);
    }
}

fn root(kin: &mut [u32], mut number: u32) -> u32 {
    while kin[number as usize] != number {
        kin[number as usize] = kin[kin[number as usize] as usize];
        number = kin[number as usize];
    }
    number
}

/// Articles sorted by some of their values.
#[derive(Default)]
struct Meeting {
    keys: Vec<u32>,
    numbers: Vec<u32>,
    /// Where the articles with each key end.
    ends: Vec<u32>,
}

impl Meeting {
    /// Sorts the articles that are the first of their twins, by counting.
    fn gather(&mut self, articles: &[Signature], twins: &[u32], at: &[usize]) {
        let places: Vec<(usize, usize)> = at.iter().map(|at| (at / VALUES, at % VALUES * WORD_BITS)).collect();
        let key = |article: &Signature| places.iter().fold(0, |key, place| key << WORD_BITS | article.word(*place));
        self.keys.clear();
        self.keys.extend(articles.iter().map(key));
        self.ends.clear();
        self.ends.resize(1 << (WORD_BITS * at.len()), 0);
        let counts = |(number, twin): &(u32, &u32)| number == *twin;
        for (number, _) in (0..).zip(twins).filter(counts) {
            self.ends[self.keys[number as usize] as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            (*end, sum) = (sum, sum + *end);
        }
        self.numbers.clear();
        self.numbers.resize(sum as usize, 0);
        for (number, _) in (0..).zip(twins).filter(counts) {
            let end = &mut self.ends[self.keys[number as usize] as usize];
            self.numbers[*end as usize] = number;
            *end += 1;
        }
    }

    /// Returns the articles that have one key, at least two, in their order.
    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let groups = starts.zip(&self.ends).map(|(start, end)| &self.numbers[*start as usize..*end as usize]);
        groups.filter(|group| group.len() > 1)
    }
}

#[cfg(test)]
mod tests;
