//! The different words of a field, numbered while a segment grows.
//!
//! In: folded words. Out: for each its number, from 1 in the order in which they first came, and at the end all of them
//! sorted. Nearly every word has fifteen bytes at most and is one number here (see [`analyzer::fold_packed`]): to find
//! it takes a look at a slot and one at a word, and the words that come often came early and lie together. What this
//! costs is mostly waiting for memory.

use std::cmp::Ordering;

use super::slots::Slots;
use crate::analyzer::{self, PACKED_LIMIT};

/// What stands in the highest byte of a longer word; below it, where its bytes start and how many they are.
const LONG: u128 = 0xFF << 120;

/// The number that stands for no word: an empty one has it, and there is none.
pub const NOTHING: u128 = 0;

/// How many slots there are at first.
const SLOTS: usize = 1 << 12;

/// The words so far.
pub struct Vocabulary {
    /// The numbers of words by their hash.
    slots: Slots,
    /// The words by number, the first one of which nobody has.
    words: Vec<u128>,
    /// The bytes of longer words.
    long: Vec<u8>,
    /// What was found in the first slots of words.
    looks: Vec<u32>,
}

impl Default for Vocabulary {
    fn default() -> Vocabulary {
        Vocabulary { slots: Slots::new(SLOTS), words: vec![NOTHING], long: Vec::new(), looks: Vec::new() }
    }
}

impl Vocabulary {
    /// Returns how many bytes of memory they take.
    pub fn memory(&self) -> usize {
        self.slots.memory() + 16 * self.words.capacity() + self.long.capacity()
    }

    /// Adds the numbers of packed words, 0 for [`NOTHING`].
    pub fn all_packed(&mut self, words: &[u128], out: &mut Vec<u32>) {
        // The slots of all words are read before any of them decides what comes next.
        let mut looks = std::mem::take(&mut self.looks);
        looks.clear();
        looks.extend(words.iter().map(|word| self.slots.first(hash(*word))));
        out.extend(words.iter().zip(&looks).map(|(word, number)| match *number {
            _ if *word == NOTHING => 0,
            number if self.words[number as usize] == *word => number,
            _ => self.packed(*word),
        }));
        self.looks = looks;
    }

    /// Returns the number of a packed word.
    fn packed(&mut self, word: u128) -> u32 {
        let hash = hash(word);
        match self.find(hash, |found, _| found == word) {
            Ok(number) => number,
            Err(slot) => self.insert(slot, hash, word),
        }
    }

    /// Returns the number of a word.
    pub fn number(&mut self, word: &[u8]) -> u32 {
        if let Some(packed) = analyzer::pack(word) {
            return self.packed(packed);
        }
        let hash = long_hash(word);
        match self.find(hash, |found, long| found >= LONG && long_word(found, long) == word) {
            Ok(number) => number,
            Err(slot) => {
                let kept = LONG | (word.len() as u128) << 64 | self.long.len() as u128;
                self.long.extend_from_slice(word);
                self.insert(slot, hash, kept)
            }
        }
    }

    /// Returns whether a word is one of these.
    pub fn knows(&self, word: &[u8]) -> bool {
        let found = match analyzer::pack(word) {
            Some(packed) => self.find(hash(packed), |found, _| found == packed),
            None => self.find(long_hash(word), |found, long| found >= LONG && long_word(found, long) == word),
        };
        found.is_ok()
    }

    /// Returns the number of the word that is meant, or the slot in which it belongs.
    #[inline]
    fn find(&self, hash: u32, is_meant: impl Fn(u128, &[u8]) -> bool) -> Result<u32, usize> {
        self.slots.find(hash, |number| is_meant(self.words[number as usize], &self.long))
    }

    #[cold]
    fn insert(&mut self, slot: usize, hash: u32, word: u128) -> u32 {
        let number = self.words.len() as u32;
        self.words.push(word);
        self.slots.fill(slot, hash, number);
        if self.slots.are_few_for(self.words.len()) {
            // Words that come often came early: they get the slot that they are looked for in first.
            let mut taken = vec![0; self.words.len()];
            self.slots.taken().for_each(|found| taken[found as u32 as usize] = found);
            self.slots.grow(taken.into_iter().skip(1));
        }
        number
    }

    /// Returns the numbers of all words in the order of their bytes.
    pub fn sorted(&self) -> Vec<u32> {
        let mut sorted: Vec<(u128, u32)> =
            (1_u32..).zip(&self.words[1..]).map(|(n, word)| (self.key(*word), n)).collect();
        sorted.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| self.compare(one.1, other.1)));
        sorted.into_iter().map(|(_, number)| number).collect()
    }

    /// Returns what a word is sorted by: its first bytes, the first one highest, and how many they are.
    fn key(&self, word: u128) -> u128 {
        if word < LONG {
            return word.swap_bytes();
        }
        let first = analyzer::pack(&long_word(word, &self.long)[..PACKED_LIMIT]);
        first.unwrap_or_default().swap_bytes() | 0xFF
    }

    /// Compares two words that have the same key: equal short ones never meet.
    fn compare(&self, one: u32, other: u32) -> Ordering {
        let [one, other] = [one, other].map(|number| self.words[number as usize]);
        if one < LONG { Ordering::Equal } else { long_word(one, &self.long).cmp(long_word(other, &self.long)) }
    }

    /// Returns the bytes of a word; `short` is room for those of a short one.
    pub fn bytes<'w>(&'w self, number: u32, short: &'w mut [u8; 16]) -> &'w [u8] {
        let word = self.words[number as usize];
        if word >= LONG {
            return long_word(word, &self.long);
        }
        *short = word.to_le_bytes();
        &short[..usize::from(short[PACKED_LIMIT])]
    }
}

fn long_word(word: u128, long: &[u8]) -> &[u8] {
    let (start, length) = (word as u64 as usize, (word >> 64) as u32 as usize);
    &long[start..start + length]
}

fn hash(word: u128) -> u32 {
    const KEYS: [u64; 2] = [0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB];
    let product = u128::from(word as u64 ^ KEYS[0]) * u128::from((word >> 64) as u64 ^ KEYS[1]);
    ((product >> 64) as u64 ^ product as u64) as u32
}

fn long_hash(word: &[u8]) -> u32 {
    let parts = word.chunks(PACKED_LIMIT).filter_map(analyzer::pack);
    parts.fold(0, |sum, part| (sum.rotate_left(11) ^ hash(part)).wrapping_mul(0x9E37_79B1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_one_number_and_its_place_in_the_order() {
        let mut words: Vec<String> =
            (0..20_000).map(|number: u32| format!("{:x}", number.wrapping_mul(0x9E37_79B1))).collect();
        words.extend((0..200).map(|length| "a".repeat(length)));
        words.extend((0..300).map(|number| format!("internationalisation{number}")));
        words.extend(
            ["fifteen letters", "fifteen letters0", "fifteen letters and more", "a\0", "zürich"].map(str::to_owned),
        );
        words.sort_unstable();
        words.dedup();
        let mut vocabulary = Vocabulary::default();
        let shuffled: Vec<&String> = (0..words.len()).map(|at| &words[at * 7_919 % words.len()]).collect();
        for (number, word) in (1..).zip(&shuffled) {
            assert!(!vocabulary.knows(word.as_bytes()), "{word}");
            assert_eq!(vocabulary.number(word.as_bytes()), number, "{word}");
            assert!(vocabulary.knows(word.as_bytes()), "{word}");
        }
        for (number, word) in (1..).zip(&shuffled) {
            assert_eq!(vocabulary.number(word.as_bytes()), number, "{word}");
        }
        let sorted = vocabulary.sorted();
        assert_eq!(sorted.len(), words.len());
        for (number, word) in sorted.into_iter().zip(&words) {
            assert_eq!(vocabulary.bytes(number, &mut [0; 16]), word.as_bytes());
        }
    }
}
