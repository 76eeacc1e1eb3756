//! Where something is looked up by its hash while a segment grows.
//!
//! In: a hash, and whether what has a number is meant. Out: that number, or the slot in which a new one belongs. What the
//! numbers stand for is for whoever asks to know; none is 0.

/// Half of each slot is a hash, and behind it is the number; 0 where a slot is free. The hash leads here, or to a slot
/// before.
pub struct Slots(Vec<u64>);

/// A free slot. Not all zeros: memory that nobody wrote to is one page of zeros that all share, and whoever first looks at
/// it and then writes to it pays twice.
const FREE: u64 = u64::MAX << 32;

/// Returns the number in a slot.
fn number_in(slot: u64) -> u32 {
    slot as u32
}

impl Slots {
    /// Returns so many free slots, a power of two.
    pub fn new(slots: usize) -> Slots {
        Slots(vec![FREE; slots])
    }

    /// Returns how many bytes of memory they take.
    pub fn memory(&self) -> usize {
        8 * self.0.len()
    }

    /// Returns the number in the slot that a hash leads to, 0 for none: most likely the one that is looked for.
    #[inline]
    pub fn first(&self, hash: u32) -> u32 {
        number_in(self.0[hash as usize & (self.0.len() - 1)])
    }

    /// Returns the number that is meant among those with a hash, or the slot in which it belongs.
    #[inline]
    pub fn find(&self, hash: u32, is_meant: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.0.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.0[slot];
            if number_in(found) == 0 {
                return Err(slot);
            }
            if (found >> 32) as u32 == hash && is_meant(number_in(found)) {
                return Ok(number_in(found));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Puts a number into the slot in which it belongs.
    pub fn fill(&mut self, slot: usize, hash: u32, number: u32) {
        self.0[slot] = u64::from(hash) << 32 | u64::from(number);
    }

    /// Returns whether so many numbers take more than half of the slots.
    pub fn are_few_for(&self, numbers: usize) -> bool {
        numbers * 2 > self.0.len()
    }

    /// Returns what is in the slots, the number in the lower half.
    pub fn taken(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied().filter(|found| number_in(*found) != 0)
    }

    /// Makes twice as many of them, and puts into them what was taken; the first ones get the slots that they are looked
    /// for in first.
    pub fn grow(&mut self, taken: impl Iterator<Item = u64>) {
        let mask = self.0.len() * 2 - 1;
        let mut slots = vec![FREE; mask + 1];
        for found in taken {
            let mut slot = (found >> 32) as usize & mask;
            while number_in(slots[slot]) != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = found;
        }
        self.0 = slots;
    }
}
