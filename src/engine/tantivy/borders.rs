//! Where the sentences and paragraphs of an article are, as positions of words in its text field.
//!
//! An article keeps where its sentences start as a column: the distance from one start to the next in six bits, a
//! seventh that says whether a paragraph starts there, nine distances a number. That is about a byte a sentence, less
//! than one in a hundred of the text, and an article's are read in a few steps.

use tantivy::DocId;
use tantivy::columnar::Column;
use tantivy::index::SegmentReader;

use super::spans::Parts;
use crate::places::Run;
use crate::plan::Reach;
use crate::schema::Field;

/// Bits of a distance; one that has them all set goes on in the next.
const DISTANCE_BITS: u32 = 6;
const GOES_ON: u32 = (1 << DISTANCE_BITS) - 1;
/// Bits of a distance and of the sign for a paragraph.
const STEP_BITS: u32 = DISTANCE_BITS + 1;
/// Distances in one number.
const STEPS: u32 = u64::BITS / STEP_BITS;

/// Gives the starts of sentences as numbers to keep; the second printing of the headline is left out of the distances.
/// `headlines` is how many positions both printings take.
pub fn pack(starts: &[(u32, bool)], headlines: u32, mut each: impl FnMut(u64)) {
    let (mut packed, mut steps) = (0, 0);
    let mut add = |distance: u32, opens: bool| {
        packed |= u64::from(distance | u32::from(opens) << DISTANCE_BITS) << (steps * STEP_BITS);
        steps += 1;
        if steps == STEPS {
            each(packed);
            (packed, steps) = (0, 0);
        }
    };
    let mut before = 0;
    for (start, opens) in starts {
        let start = if *start >= headlines { start - headlines / 2 } else { *start };
        let mut distance = start.saturating_sub(before);
        while distance >= GOES_ON {
            add(GOES_ON, false);
            distance -= GOES_ON;
        }
        // The first one starts where the text does, and needs no step.
        if start > before {
            add(distance, *opens);
        }
        before = start;
    }
    if steps > 0 {
        each(packed);
    }
}

/// Gives the distances of packed starts, and whether a paragraph starts behind each.
fn unpack(packed: impl Iterator<Item = u64>, mut each: impl FnMut(u32, bool)) {
    let mut distance = 0;
    for packed in packed {
        for step in 0..STEPS {
            let step = (packed >> (step * STEP_BITS)) as u32 & ((1 << STEP_BITS) - 1);
            let more = step & GOES_ON;
            distance += more;
            // A step of nothing fills up the last number, unless it ends a distance.
            if more != GOES_ON && distance > 0 {
                each(distance, step > GOES_ON);
                distance = 0;
            }
        }
    }
}

/// Finds the sentences or paragraphs of a segment's articles.
pub struct Stretches {
    borders: Column<u64>,
    parts: Parts,
    reach: Reach,
    found: Vec<Run>,
}

impl Stretches {
    /// Reads the borders of a segment: of paragraphs or else of sentences.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader, reach: Reach) -> tantivy::Result<Stretches> {
        let borders = reader.fast_fields().u64("borders")?;
        Ok(Stretches { borders, parts: Parts::new(reader, Field::Text)?, reach, found: Vec::new() })
    }

    /// Returns the stretches of an article, in order; the headline's are those of its first printing.
    pub fn of(&mut self, doc: DocId) -> &[Run] {
        let headlines = self.parts.headlines(doc);
        let whole = self.reach == Reach::Paragraph;
        let found = &mut self.found;
        found.clear();
        // Behind the headline stands its second printing.
        let place = |at: u32| if at >= headlines / 2 { at + headlines / 2 } else { at };
        let (mut at, mut start) = (0, 0);
        unpack(self.borders.values_for_doc(doc), |distance, opens| {
            at += distance;
            if opens || !whole {
                found.push((start, place(at)));
                start = place(at);
            }
        });
        found.push((start, u32::MAX));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(starts: &[(u32, bool)], headlines: u32) {
        let mut packed = Vec::new();
        pack(starts, headlines, |number| packed.push(number));
        let mut found = vec![starts[0]];
        let mut at = 0;
        unpack(packed.into_iter(), |distance, opens| {
            at += distance;
            let twice = if at >= headlines / 2 { headlines / 2 } else { 0 };
            found.push((at + twice, opens));
        });
        assert_eq!(found, starts);
    }

    #[test]
    fn starts_pack() {
        check(&[(0, true)], 0);
        check(&[(0, true), (1, false), (64, true), (126, false), (127, false), (5_000, true), (5_001, false)], 0);
        check(&[(0, true), (7, false), (24, true), (24 + 63, false), (24 + 126, true), (24 + 189, false)], 24);
        let many: Vec<(u32, bool)> = (0..400).map(|number| (number * 21, number % 3 == 0)).collect();
        check(&many, 0);
    }

    /// What most articles need: sentences of twenty words take a byte each.
    #[test]
    fn starts_take_little_room() {
        let starts: Vec<(u32, bool)> = (0..181).map(|number| (number * 20, false)).collect();
        let mut numbers = 0;
        pack(&starts, 0, |_| numbers += 1);
        assert_eq!(numbers, 20);
    }
}
