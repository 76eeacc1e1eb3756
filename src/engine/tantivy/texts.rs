//! The different texts of a column, numbered while a segment grows.
//!
//! In: bytes. Out: for each its number, from 0 in the order in which they first came, and at the end all of them sorted.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// How many slots there are at first.
const SLOTS: usize = 1 << 8;

/// The texts so far.
pub struct Texts {
    /// A text's hash, and behind it its number from 1; 0 where a slot is free. The hash leads here, or to a slot before.
    slots: Vec<u64>,
    /// The texts, one behind the other.
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { slots: vec![0; SLOTS], bytes: Vec::new(), ends: Vec::new() }
    }
}

impl Texts {
    /// Returns how many bytes of memory they take.
    pub fn memory(&self) -> usize {
        8 * (self.slots.len() + self.ends.capacity()) + self.bytes.capacity()
    }

    /// Returns the text of a number.
    pub fn bytes(&self, number: u32) -> &[u8] {
        &self.bytes[self.start(number)..self.ends[number as usize]]
    }

    fn start(&self, number: u32) -> usize {
        number.checked_sub(1).map_or(0, |before| self.ends[before as usize])
    }

    /// Returns the hash of a text, and a byte from where it probably stands: whoever looks several texts up looks for all
    /// of them first, and waits for memory once.
    pub fn look(&self, text: &[u8]) -> (u32, u8) {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        let hash = hasher.finish();
        let hash = (hash >> 32) as u32 ^ hash as u32;
        let found = self.slots[hash as usize & (self.slots.len() - 1)] as u32;
        let place = found.checked_sub(1).map_or(0, |number| self.start(number));
        (hash, self.bytes.get(place).copied().unwrap_or_default())
    }

    /// Returns the number of a text that has this hash.
    pub fn number(&mut self, text: &[u8], hash: u32) -> u32 {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return self.insert(slot, text, hash);
            }
            let number = (found as u32).wrapping_sub(1);
            if (found >> 32) as u32 == hash && self.bytes(number) == text {
                return number;
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, slot: usize, text: &[u8], hash: u32) -> u32 {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        let count = self.ends.len() as u32;
        self.slots[slot] = u64::from(hash) << 32 | u64::from(count);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        count - 1
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for found in self.slots.iter().filter(|found| **found != 0) {
            let mut slot = (found >> 32) as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = *found;
        }
        self.slots = slots;
    }

    /// Returns the numbers of all texts in the order of their bytes.
    pub fn sorted(&self) -> Vec<u32> {
        // Most are told apart by their first bytes, without a look at the others.
        let first = |text: &[u8]| {
            let mut first = [0; 16];
            let length = text.len().min(first.len());
            first[..length].copy_from_slice(&text[..length]);
            u128::from_be_bytes(first)
        };
        let count = self.ends.len() as u32;
        let mut sorted: Vec<(u128, u32)> = (0..count).map(|number| (first(self.bytes(number)), number)).collect();
        let rest = |(_, number): &(u128, u32)| self.bytes(*number);
        sorted.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| rest(one).cmp(rest(other))));
        sorted.into_iter().map(|(_, number)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_one_number_and_its_place_in_the_order() {
        let mut names: Vec<String> =
            (0..5_000).map(|number: u32| format!("{:x}", number.wrapping_mul(0x9E37_79B1))).collect();
        names.extend((0..40).map(|length| "a".repeat(length)));
        names.extend((0..300).map(|number| format!("a folder with a long name/{number}")));
        names.extend(["a\0".to_owned(), "a\0\0".to_owned()]);
        names.sort_unstable();
        names.dedup();
        let shuffled: Vec<&String> = (0..names.len()).map(|at| &names[at * 7_919 % names.len()]).collect();
        let mut texts = Texts::default();
        for _ in 0..2 {
            for (number, name) in (0..).zip(&shuffled) {
                let (hash, _) = texts.look(name.as_bytes());
                assert_eq!(texts.number(name.as_bytes(), hash), number, "{name}");
            }
        }
        let sorted = texts.sorted();
        assert!(sorted.iter().map(|number| texts.bytes(*number)).eq(names.iter().map(|name| name.as_bytes())));
    }
}
