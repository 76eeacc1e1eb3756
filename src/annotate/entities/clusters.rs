//! Which words keep the same company: groups of words found in much text, compiled in.
//!
//! In: a word's key. Out: its group among a few, some and many. A hint for the model, which so knows something of
//! words that its articles never name. The groups are `clusters.bin`, whose first lines name their source and its
//! licence; `cluster_words` makes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::annotate::tokens::key;

/// How many groups there are, in order: a few, some, many.
pub const SIZES: [usize; 3] = [64, 256, 1024];

/// What the file starts with.
const MAGIC: &[u8] = b"onrecord word clusters, format 2
Which words keep the same company, from the vectors of glove.6B.50d.txt by J. Pennington, R. Socher, C. D. Manning:
Open Data Commons Public Domain Dedication and License 1.0.

";

static FILE: &[u8] = include_bytes!("clusters.bin");

static CLUSTERS: LazyLock<Clusters<'static>> =
    LazyLock::new(|| Clusters::parse(FILE).expect("the compiled-in groups are whole: a test reads them"));

/// The groups of a word, plus one; zeros where it is in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Among a few.
    pub few: u8,
    /// Among some.
    pub some: u16,
    /// Among many.
    pub many: u16,
}

impl Groups {
    fn pack(self) -> u32 {
        u32::from(self.few) | u32::from(self.some) << 7 | u32::from(self.many) << 16
    }

    fn unpack(packed: u32) -> Groups {
        Groups { few: packed as u8 & 0x7F, some: (packed >> 7 & 0x1FF) as u16, many: (packed >> 16) as u16 }
    }
}

/// The table: each word at the first free slot from where its key points. A slot has 16 bits to know the word by, which
/// one unknown word in 30,000 has as well, and the number of its groups: words share theirs, and what is small stays in
/// the processor's cache.
struct Clusters<'c> {
    slots: &'c [[u8; 4]],
    /// The groups by their number, the first of which are none.
    groups: &'c [[u8; 4]],
}

/// Returns the groups of a word.
#[inline]
pub fn groups(key: u32) -> Groups {
    CLUSTERS.groups(key)
}

impl<'c> Clusters<'c> {
    fn parse(bytes: &'c [u8]) -> Option<Clusters<'c>> {
        let (size, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
        let (slots, rest) = rest.split_at_checked(4 * u32::from_le_bytes(*size) as usize)?;
        let ((slots, _), (groups, rest)) = (slots.as_chunks(), rest.as_chunks());
        (slots.len().is_power_of_two() && !groups.is_empty() && rest.is_empty()).then_some(Clusters { slots, groups })
    }

    #[inline]
    fn groups(&self, key: u32) -> Groups {
        let last = self.slots.len() - 1;
        let (mut at, sign) = place(key, self.slots.len());
        loop {
            let slot = u32::from_le_bytes(self.slots[at]);
            if slot as u16 == sign || slot == 0 {
                return Groups::unpack(u32::from_le_bytes(self.groups[(slot >> 16) as usize]));
            }
            at = (at + 1) & last;
        }
    }
}

/// Returns the slot that a key points to, and what its word is known by there.
fn place(key: u32, slots: usize) -> (usize, u16) {
    let hash = u64::from(key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (((hash >> 32) as usize) & (slots - 1), (hash >> 16) as u16)
}

/// Writes the file of words with their groups; of words with one key the first counts.
pub fn write(words: &[(&str, [u16; SIZES.len()])]) -> Vec<u8> {
    let mut by_key: BTreeMap<u32, Groups> = BTreeMap::new();
    for (word, [few, some, many]) in words {
        let groups = Groups { few: *few as u8 + 1, some: some + 1, many: many + 1 };
        by_key.entry(key(word)).or_insert(groups);
    }
    let different: BTreeSet<u32> = by_key.values().map(|groups| groups.pack()).collect();
    assert!(different.len() < usize::from(u16::MAX), "a slot has 16 bits for the number of its groups");
    let numbers: BTreeMap<u32, u32> = different.iter().copied().zip(1..).collect();
    let mut slots = vec![0_u32; (by_key.len() * 3 / 2).next_power_of_two()];
    for (key, groups) in by_key {
        let (mut at, sign) = place(key, slots.len());
        while slots[at] != 0 {
            at = (at + 1) % slots.len();
        }
        slots[at] = numbers[&groups.pack()] << 16 | u32::from(sign);
    }
    let file = [slots.len() as u32].into_iter().chain(slots).chain([0]).chain(different);
    [MAGIC.to_vec(), file.flat_map(u32::to_le_bytes).collect()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_keep_the_same_company_are_together() {
        let few = |word: &str| groups(key(word)).few;
        assert_ne!(few("Berlin"), 0);
        for (one, other) in [("smith", "Johnson"), ("hamas", "Hezbollah"), ("toyota", "HONDA"), ("paris", "Berlin")] {
            assert_eq!(few(one), few(other), "{one} {other}");
        }
        assert_ne!(few("paris"), few("minister"));
        assert_eq!(groups(key("qwxzzv")), Groups::default());
    }

    #[test]
    fn what_is_written_is_read() {
        let file = write(&[("one", [0, 255, 3]), ("two", [63, 0, 1023]), ("One", [1, 1, 1])]);
        let read = Clusters::parse(&file).expect("a file of groups");
        assert_eq!(read.groups(key("one")), Groups { few: 1, some: 256, many: 4 });
        assert_eq!(read.groups(key("two")), Groups { few: 64, some: 1, many: 1024 });
        assert_eq!(read.groups(key("three")), Groups::default());
        assert!(Clusters::parse(&file[..file.len() - 1]).is_none());
    }
}
