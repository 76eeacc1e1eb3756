//! The different texts of a column, numbered while a segment grows.
//!
//! In: bytes. Out: for each its number, from 0 in the order in which they first came, and at the end all of them sorted.
//! A text is found with two looks at memory that is nowhere near: at a slot, and at what was kept of the text.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::slots::Slots;

/// How many slots there are at first.
const SLOTS: usize = 1 << 8;
/// What stands before the bytes of a text: its number and its length.
const HEAD: usize = 8;

/// The texts so far.
pub struct Texts {
    /// The places where texts are kept, by their hash.
    slots: Slots,
    /// The texts, one behind the other, each with its head; nothing starts with the first byte.
    kept: Vec<u8>,
    count: u32,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { slots: Slots::new(SLOTS), kept: vec![0], count: 0 }
    }
}

impl Texts {
    /// Returns how many bytes of memory they take, with what it takes to sort them.
    pub fn memory(&self) -> usize {
        self.slots.memory() + self.kept.capacity() + 32 * self.count as usize
    }

    /// Returns where the text that has this hash is most likely kept, 0 for nowhere.
    ///
    /// Whoever looks several texts up asks this for all of them, and for the numbers there, before he asks for the number
    /// of one: so memory is waited for once.
    #[inline]
    pub fn likely_place(&self, hash: u32) -> usize {
        self.slots.first(hash) as usize
    }

    /// Returns the number of the text that is kept at a place.
    #[inline]
    pub fn number_at(&self, place: usize) -> u32 {
        self.kept.get(place..).and_then(<[u8]>::first_chunk).map_or(0, |number| u32::from_le_bytes(*number))
    }

    fn text_at(&self, place: usize) -> &[u8] {
        let length = self.number_at(place + HEAD / 2) as usize;
        &self.kept[place + HEAD..place + HEAD + length]
    }

    /// Returns the number of a text with its hash.
    pub fn number(&mut self, text: &[u8], hash: u32) -> u32 {
        match self.slots.find(hash, |place| self.text_at(place as usize) == text) {
            Ok(place) => self.number_at(place as usize),
            Err(slot) => self.insert(slot, text, hash),
        }
    }

    #[cold]
    fn insert(&mut self, slot: usize, text: &[u8], hash: u32) -> u32 {
        let place = u32::try_from(self.kept.len()).expect("a segment is written long before it has 4 GB of texts");
        let number = self.count;
        self.kept.extend(number.to_le_bytes());
        self.kept.extend((text.len() as u32).to_le_bytes());
        self.kept.extend_from_slice(text);
        self.slots.fill(slot, hash, place);
        self.count += 1;
        if self.slots.are_few_for(self.count as usize) {
            let taken: Vec<u64> = self.slots.taken().collect();
            self.slots.grow(taken.into_iter());
        }
        number
    }

    /// Returns all texts in the order of their bytes, each with its number.
    pub fn sorted(&self) -> Vec<(u32, &[u8])> {
        // Most are told apart by their first bytes, without a look at the others.
        let mut sorted: Vec<(u64, u32)> = Vec::with_capacity(self.count as usize);
        let mut place = 1;
        while place < self.kept.len() {
            let text = self.text_at(place);
            let mut first = [0; 8];
            let length = text.len().min(first.len());
            first[..length].copy_from_slice(&text[..length]);
            sorted.push((u64::from_be_bytes(first), place as u32));
            place += HEAD + text.len();
        }
        let text = |place: u32| self.text_at(place as usize);
        sorted.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| text(one.1).cmp(text(other.1))));
        sorted.into_iter().map(|(_, place)| (self.number_at(place as usize), text(place))).collect()
    }
}

/// Returns what a text is looked up by.
pub fn hash(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
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
                assert_eq!(texts.number(name.as_bytes(), hash(name.as_bytes())), number, "{name}");
            }
        }
        let likely = |name: &&String| texts.number_at(texts.likely_place(hash(name.as_bytes())));
        let right = shuffled.iter().zip(0..).filter(|(name, number)| likely(name) == *number).count();
        assert!(right * 2 > shuffled.len(), "{right} of {}", shuffled.len());
        let sorted = texts.sorted();
        assert!(sorted.iter().map(|(_, text)| *text).eq(names.iter().map(|name| name.as_bytes())));
        assert!(sorted.iter().all(|(number, text)| shuffled[*number as usize].as_bytes() == *text));
    }
}
