//! The list of copies as a file: which story an article belongs to, found by its signature.
//!
//! In: the members of stories. Out: bytes, and a [`Table`] over them that looks one article up without reading the rest.
//! Articles are named by the first column of their signature, which no merge of an index changes: two with the same
//! text are always in one story. Bytes that make no table are an empty one.
//!
//! Layout, little-endian: `onrecord` and four bytes of version, eight bytes of stamp, four bytes with the number of
//! slots; then slots of a name (eight bytes) and a story (four, 0 where the slot is free). A name is in the slot that
//! its share of the range of names falls on, or the next free one. Whatever stands behind the slots is not the table's.

use super::{COLUMNS, MASK};

const HEAD: usize = 24;
const SLOT: usize = 12;
const MAGIC: &[u8; 12] = b"onrecord\x01\0\0\0";

/// An article in a story that has at least two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The first column of its signature.
    pub name: u64,
    /// The number of its story, from 1.
    pub story: u32,
}

/// Returns the bytes of a table. The stamp says what the members were taken from.
pub fn write(stamp: u64, mut members: Vec<Member>) -> Vec<u8> {
    members.sort_unstable();
    members.dedup_by_key(|member| member.name);
    // Three quarters full, and never quite: a search for a name that is not there must end.
    let slots = members.len() + members.len() / 3 + 1;
    let mut bytes = vec![0; HEAD + slots * SLOT];
    bytes[..12].copy_from_slice(MAGIC);
    bytes[12..20].copy_from_slice(&stamp.to_le_bytes());
    bytes[20..24].copy_from_slice(&(slots as u32).to_le_bytes());
    for Member { name, story } in members {
        let mut slot = first_slot(name, slots);
        while slot_at(&bytes, slot).is_some_and(|(_, story)| story != 0) {
            slot = (slot + 1) % slots;
        }
        let at = HEAD + slot * SLOT;
        bytes[at..at + 8].copy_from_slice(&name.to_le_bytes());
        bytes[at + 8..at + SLOT].copy_from_slice(&story.to_le_bytes());
    }
    bytes
}

/// A table over its bytes.
#[derive(Clone, Debug, Default)]
pub struct Table<B> {
    bytes: B,
    slots: usize,
}

impl<B: AsRef<[u8]>> Table<B> {
    /// Returns the table in some bytes.
    pub fn new(bytes: B) -> Table<B> {
        let found = bytes.as_ref();
        let slots = match found.first_chunk::<HEAD>() {
            Some(head) if head.starts_with(MAGIC) => number(&head[20..]) as usize,
            _ => 0,
        };
        let whole = slots.checked_mul(SLOT).is_some_and(|length| length + HEAD <= found.len());
        Table { slots: if whole { slots } else { 0 }, bytes }
    }

    /// Returns what the members were taken from; nothing where there is no table.
    pub fn stamp(&self) -> Option<u64> {
        let stamp = self.bytes.as_ref().get(12..20)?;
        (self.slots > 0).then(|| number(stamp))
    }

    /// Returns the bytes of the table alone.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.as_ref()[..HEAD + self.slots * SLOT].to_vec()
    }

    /// Returns the bytes behind the slots, which are no part of the table.
    pub fn rest(&self) -> &[u8] {
        if self.slots == 0 { &[] } else { &self.bytes.as_ref()[HEAD + self.slots * SLOT..] }
    }

    /// Returns whether no article is a copy.
    pub fn is_empty(&self) -> bool {
        self.slots <= 1
    }

    /// Returns the story of an article, by the first column of its signature; nothing where it has no copies.
    pub fn story(&self, name: u64) -> Option<u32> {
        if self.is_empty() {
            return None;
        }
        let bytes = self.bytes.as_ref();
        let mut slot = first_slot(name, self.slots);
        // A damaged table may be full.
        for _ in 0..self.slots {
            match slot_at(bytes, slot)? {
                (_, 0) => return None,
                (found, story) if found == name => return Some(story),
                _ => slot = (slot + 1) % self.slots,
            }
        }
        None
    }
}

fn first_slot(name: u64, slots: usize) -> usize {
    const { assert!(COLUMNS > 1, "the first column is sealed with the others, and so evenly spread") };
    ((u128::from(name & MASK) * slots as u128) / (u128::from(MASK) + 1)) as usize
}

fn slot_at(bytes: &[u8], slot: usize) -> Option<(u64, u32)> {
    let at = HEAD + slot * SLOT;
    let slot = bytes.get(at..at + SLOT)?;
    Some((number(&slot[..8]), number(&slot[8..]) as u32))
}

/// Returns the number that up to eight bytes are.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_written() {
        let members: Vec<Member> =
            (0..1000).map(|n: u64| Member { name: n.wrapping_mul(KEY) & MASK, story: (n / 3) as u32 + 1 }).collect();
        let table = Table::new(write(7, members.clone()));
        assert_eq!(table.stamp(), Some(7));
        for Member { name, story } in &members {
            assert_eq!(table.story(*name), Some(*story), "{name}");
        }
        assert_eq!(table.story(12_345), None);
        let more = [write(7, members.clone()), b"more".to_vec()].concat();
        assert_eq!((table.rest(), Table::new(&more[..]).rest()), (&b""[..], &b"more"[..]));
        assert_eq!(Table::new(more).story(members[0].name), Some(members[0].story));
    }

    const KEY: u64 = 0x9e37_79b9_7f4a_7c15;

    #[test]
    fn other_bytes_are_an_empty_table() {
        let whole = write(7, vec![Member { name: 5, story: 1 }, Member { name: 6, story: 1 }]);
        let mut other = whole.clone();
        other[3] = b'x';
        for bytes in [&whole[..whole.len() - 1], &whole[..20], b"", &other] {
            let table = Table::new(bytes);
            assert!(table.is_empty() && table.stamp().is_none() && table.story(5).is_none(), "{bytes:?}");
        }
        let none = Table::new(write(7, Vec::new()));
        assert!(none.is_empty() && none.stamp() == Some(7) && none.story(5).is_none());
    }
}
