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

/// The distances of packed starts, and whether a paragraph starts behind each.
struct Distances<I> {
    packed: I,
    number: u64,
    steps: u32,
}

fn unpack<I: Iterator<Item = u64>>(packed: I) -> Distances<I> {
    Distances { packed, number: 0, steps: 0 }
}

impl<I: Iterator<Item = u64>> Iterator for Distances<I> {
    type Item = (u32, bool);

    fn next(&mut self) -> Option<(u32, bool)> {
        let mut distance = 0;
        loop {
            // Steps of nothing fill up the last number, unless one ends a distance.
            if self.steps == 0 || self.number == 0 && distance == 0 {
                self.number = self.packed.next()?;
                self.steps = STEPS;
            }
            let step = self.number as u32 & ((1 << STEP_BITS) - 1);
            self.number >>= STEP_BITS;
            self.steps -= 1;
            let more = step & GOES_ON;
            distance += more;
            if more != GOES_ON && distance > 0 {
                return Some((distance, step > GOES_ON));
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
        self.found.clear();
        let mut start = 0;
        for end in ends(&self.borders, self.reach, headlines, doc) {
            self.found.push((start, end));
            start = end;
        }
        &self.found
    }

    /// Returns whether a run of each list, the one behind the other, stands in one stretch of an article and in one of
    /// the windows: what [`crate::places::near`] finds there lies in one. Looks no farther than it must.
    pub fn hold(&self, doc: DocId, lists: [&[Run]; 2], windows: &[Run]) -> bool {
        held(ends(&self.borders, self.reach, self.parts.headlines(doc), doc), lists, windows)
    }
}

/// Returns whether a run of each list stands in one stretch and one window, by where the stretches end.
fn held(mut ends: impl Iterator<Item = u32>, lists: [&[Run]; 2], windows: &[Run]) -> bool {
    let (mut stretch, mut window) = ((0, ends.next().unwrap_or(u32::MAX)), None);
    let mut at = [0; 2];
    // Where the first run of each list ends that lies in the stretch and the window.
    let mut first = [u32::MAX; 2];
    loop {
        let next = |list: usize| lists[list].get(at[list]).map_or(u32::MAX, |run| run.0);
        let list = usize::from(next(1) < next(0));
        let Some(run) = lists[list].get(at[list]) else { return false };
        at[list] += 1;
        let before = stretch;
        while run.0 >= stretch.1 {
            stretch = (stretch.1, ends.next().unwrap_or(u32::MAX));
        }
        let here = windows.iter().position(|window| window.0 <= run.0 && run.1 <= window.1);
        if stretch != before || here.is_some() && here != window {
            first = [u32::MAX; 2];
            window = here.or(window);
        }
        if here.is_none() || run.1 > stretch.1 {
            continue;
        }
        if first[1 - list] <= run.0 {
            return true;
        }
        first[list] = first[list].min(run.1);
    }
}

/// Returns where the stretches of an article end, the last one behind all words.
fn ends(borders: &Column<u64>, reach: Reach, headlines: u32, doc: DocId) -> impl Iterator<Item = u32> + '_ {
    let mut at = 0;
    let ends = unpack(borders.values_for_doc(doc)).filter_map(move |(distance, opens)| {
        at += distance;
        // Behind the headline stands its second printing.
        let place = if at >= headlines / 2 { at + headlines / 2 } else { at };
        (opens || reach == Reach::Sentence).then_some(place)
    });
    ends.chain([u32::MAX])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::places;

    fn check(starts: &[(u32, bool)], headlines: u32) {
        let mut packed = Vec::new();
        pack(starts, headlines, |number| packed.push(number));
        let mut found = vec![starts[0]];
        let mut at = 0;
        for (distance, opens) in unpack(packed.into_iter()) {
            at += distance;
            let twice = if at >= headlines / 2 { headlines / 2 } else { 0 };
            found.push((at + twice, opens));
        }
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

    proptest! {
        /// The short way says what the long one finds.
        #[test]
        fn what_is_held_is_near(
            one in prop::collection::btree_set((0..60_u32, 1..4_u32), 0..12),
            other in prop::collection::btree_set((0..60_u32, 1..4_u32), 0..12),
            borders in prop::collection::btree_set(1..60_u32, 0..8),
            windows in (0..20_u32, 20..40_u32, 40..60_u32),
        ) {
            let runs = |list: &BTreeSet<(u32, u32)>| -> Vec<Run> {
                list.iter().map(|(from, words)| (*from, from + words)).collect()
            };
            let (one, other) = (runs(&one), runs(&other));
            let windows = [(0, windows.0), (windows.1, windows.2), (windows.2, u32::MAX)];
            let ends: Vec<u32> = borders.iter().copied().chain([u32::MAX]).collect();
            let starts = [0].into_iter().chain(borders.iter().copied());
            let stretches: Vec<Run> = starts.zip(ends.iter().copied()).collect();
            let mut found = places::near(&[&one, &other], Reach::Sentence, &stretches);
            found.retain(|run| windows.iter().any(|window| window.0 <= run.0 && run.1 <= window.1));
            prop_assert_eq!(held(ends.into_iter(), [&one, &other], &windows), !found.is_empty());
        }
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
