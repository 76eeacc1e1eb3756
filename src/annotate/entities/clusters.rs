//! Which words keep the same company: groups of words found in much text, compiled in.
//!
//! In: a word's key. Out: its group among a few, some and many. A hint for the model, which so knows something of
//! words that its articles never name. The groups are `clusters.bin`, whose first lines name their source and its
//! licence; `cluster_words` makes them.

use std::sync::LazyLock;

use crate::annotate::tokens::key;

/// How many groups there are, in order: a few, some, many.
pub const SIZES: [usize; 3] = [64, 256, 1024];

/// What the file starts with.
const MAGIC: &[u8] = b"onrecord word clusters, format 1
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

/// The table: a word's key and its groups, at the first free slot from where its key points.
struct Clusters<'c> {
    slots: &'c [[u8; 8]],
}

/// Returns the groups of a word.
#[inline]
pub fn groups(key: u32) -> Groups {
    CLUSTERS.groups(key)
}

impl<'c> Clusters<'c> {
    fn parse(bytes: &'c [u8]) -> Option<Clusters<'c>> {
        let (slots, rest) = bytes.strip_prefix(MAGIC)?.as_chunks();
        (slots.len().is_power_of_two() && rest.is_empty()).then_some(Clusters { slots })
    }

    #[inline]
    fn groups(&self, key: u32) -> Groups {
        let last = self.slots.len() - 1;
        let mut at = place(key, self.slots.len());
        loop {
            let slot = u64::from_le_bytes(self.slots[at]);
            let packed = (slot >> 32) as u32;
            if packed == 0 {
                return Groups::default();
            }
            if slot as u32 == key {
                return Groups {
                    few: (packed & 0x7F) as u8,
                    some: (packed >> 7 & 0x1FF) as u16,
                    many: (packed >> 16) as u16,
                };
            }
            at = (at + 1) & last;
        }
    }
}

fn place(key: u32, slots: usize) -> usize {
    key.wrapping_mul(0x9E37_79B1) as usize >> 8 & (slots - 1)
}

/// Writes the file of words with their groups; of words with one key the first counts.
pub fn write(words: &[(&str, [u16; SIZES.len()])]) -> Vec<u8> {
    let mut slots = vec![0_u64; (words.len() * 3 / 2).next_power_of_two()];
    for (word, [few, some, many]) in words {
        let key = key(word);
        let mut at = place(key, slots.len());
        while slots[at] != 0 && slots[at] as u32 != key {
            at = (at + 1) % slots.len();
        }
        if slots[at] == 0 {
            let packed = u64::from(few + 1) | u64::from(some + 1) << 7 | u64::from(many + 1) << 16;
            slots[at] = packed << 32 | u64::from(key);
        }
    }
    [MAGIC.to_vec(), slots.into_iter().flat_map(u64::to_le_bytes).collect()].concat()
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
