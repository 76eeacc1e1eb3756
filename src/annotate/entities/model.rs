//! The trained model: weights of features, a table of what may follow what, and the best path through them.
//!
//! In: the hashed features of each token of a stretch. Out: one tag a token. The weights are compiled in
//! (`weights.bin`, whose first lines name the training sets and their licences) and rebuilt by `train_entities`.
//! Knows nothing of words.

use std::cmp::Reverse;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// How many tags have weights of their own: four kinds, each at four places of a name.
pub const TAGGED: usize = 16;
/// The tag of what is in no name; it weighs nothing.
pub const OUTSIDE: usize = TAGGED;
/// How many tags there are.
pub const TAGS: usize = TAGGED + 1;

/// Places of a token in a name: the tag is `kind * 4 + place`.
pub const FIRST: usize = 0;
/// Neither first nor last.
pub const INNER: usize = 1;
/// The last of several.
pub const LAST: usize = 2;
/// The only one.
pub const ONLY: usize = 3;

/// What the file of weights starts with.
pub const MAGIC: &[u8] = b"onrecord entity weights, format 2\n";

static WEIGHTS: &[u8] = include_bytes!("weights.bin");

static MODEL: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::parse(WEIGHTS).expect("the compiled-in weights are whole: a test reads them"));

/// Returns the model that is compiled in.
pub fn model() -> &'static Model<'static> {
    &MODEL
}

/// Returns whether one tag may stand behind another; the end and the start of a stretch count as outside.
pub fn may_follow(before: usize, tag: usize) -> bool {
    let open = before != OUTSIDE && matches!(before % 4, FIRST | INNER);
    let goes_on = tag != OUTSIDE && matches!(tag % 4, INNER | LAST);
    if open { goes_on && before / 4 == tag / 4 } else { !goes_on }
}

/// Returns whether a name can end with a tag.
pub fn closes(tag: usize) -> bool {
    tag == OUTSIDE || matches!(tag % 4, LAST | ONLY)
}

/// A score for each tag that has weights.
pub type Scores = [i16; TAGGED];

/// Weights, ready to use where they lie.
///
/// A feature's place is found without a search, by a perfect hash: half of the hash names a group of features, the
/// group's displacement and the other half the slot. The slot holds 16 bits to know the feature by, and the number of
/// a row of weights; features with the same weights share a row. All of this is for the processor's cache, which it
/// mostly waits for: that one unknown feature in 65,000 is taken for a known one costs less than wider slots.
pub struct Model<'m> {
    transitions: [[i32; TAGS]; TAGS],
    openings: [[i32; LANES]; CLOSED.len()],
    displacements: &'m [[u8; 2]],
    slots: &'m [[u8; 4]],
    /// The first one is of zeros.
    rows: &'m [[u8; TAGGED]],
}

impl<'m> Model<'m> {
    /// Reads a file of weights: see [`write()`].
    pub fn parse(bytes: &'m [u8]) -> Option<Model<'m>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let header = rest.windows(2).position(|pair| pair == b"\n\n")? + 2;
        let (sizes, rest) = rest[header..].split_first_chunk::<12>()?;
        let size = |at: usize| u32::from_le_bytes([sizes[at], sizes[at + 1], sizes[at + 2], sizes[at + 3]]) as usize;
        let (table, rest) = rest.split_at_checked(2 * TAGS * TAGS)?;
        let mut transitions = [[0; TAGS]; TAGS];
        for (at, weight) in table.as_chunks::<2>().0.iter().enumerate() {
            transitions[at / TAGS][at % TAGS] = i32::from(i16::from_le_bytes(*weight));
        }
        let (displacements, rest) = rest.split_at_checked(2 * size(0))?;
        let (slots, rows) = rest.split_at_checked(4 * size(4))?;
        let (displacements, slots, rows) = (displacements.as_chunks().0, slots.as_chunks().0, rows.as_chunks().0);
        let whole = !displacements.is_empty() && !slots.is_empty() && rows.len() == size(8) && !rows.is_empty();
        whole.then_some(Model { openings: openings(&transitions), transitions, displacements, slots, rows })
    }

    /// Returns the scores of a token with these features: the sums of their weights.
    ///
    /// First the rows of all of them are found, then they are added up, and nothing branches on what is found: most of
    /// the time goes into waiting for memory, and so many waits run at once.
    #[inline]
    pub fn score(&self, features: &[u64]) -> Scores {
        let mut scores = [0; TAGGED];
        for features in features.chunks(AT_ONCE) {
            let mut rows = [0; AT_ONCE];
            for (row, feature) in rows.iter_mut().zip(features) {
                *row = self.row_of(*feature);
            }
            for row in &rows[..features.len()] {
                for (score, weight) in scores.iter_mut().zip(&self.rows[*row as usize]) {
                    *score += i16::from(*weight as i8);
                }
            }
        }
        scores
    }

    /// Returns the number of a feature's row, 0 where it has none.
    #[inline]
    fn row_of(&self, feature: u64) -> u32 {
        let displacement = u16::from_le_bytes(self.displacements[group_of(feature, self.displacements.len())]);
        let slot = u32::from_le_bytes(self.slots[slot_of(feature, displacement, self.slots.len())]);
        let here = slot as u16 == sign_of(feature);
        (slot >> 16) & u32::from(here).wrapping_neg()
    }
}

/// How many rows are found before they are added up.
const AT_ONCE: usize = 64;

/// Returns the part of a number's reach that a hash falls into.
fn part(hash: u32, of: usize) -> usize {
    ((u64::from(hash) * of as u64) >> 32) as usize
}

/// Returns the group of a feature.
fn group_of(feature: u64, groups: usize) -> usize {
    part(feature as u32, groups)
}

/// Returns the slot of a feature whose group has a displacement.
fn slot_of(feature: u64, displacement: u16, slots: usize) -> usize {
    let mixed = ((feature >> 32) as u32 ^ u32::from(displacement).wrapping_mul(0x9E37_79B1)).wrapping_mul(0x85EB_CA6B);
    part((mixed ^ mixed >> 15).wrapping_mul(0xC2B2_AE35), slots)
}

/// Returns what a feature is known by in its slot.
fn sign_of(feature: u64) -> u16 {
    feature as u16
}

/// Writes a file of weights: magic, a header of lines, an empty line, the numbers of groups, slots and rows, the
/// transitions, the displacements of the groups, the slots with sign and row, the rows. The order of the features does
/// not matter.
pub fn write(header: &str, transitions: &[[i16; TAGS]; TAGS], features: &[(u64, [i8; TAGGED])]) -> Vec<u8> {
    let rows = rows_of(features);
    let numbers: FxHashMap<[i8; TAGGED], u16> = rows.iter().copied().zip(0..).collect();
    let (displacements, slots) = places_of(features);
    let mut bytes = [MAGIC, header.trim_end().as_bytes(), b"\n\n"].concat();
    for size in [displacements.len(), slots.len(), rows.len()] {
        bytes.extend((size as u32).to_le_bytes());
    }
    bytes.extend(transitions.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
    bytes.extend(displacements.iter().flat_map(|displacement| displacement.to_le_bytes()));
    for feature in slots {
        let [sign, row] = feature.map_or([0; 2], |at| [sign_of(features[at].0), numbers[&features[at].1]]);
        bytes.extend(sign.to_le_bytes().into_iter().chain(row.to_le_bytes()));
    }
    bytes.extend(rows.iter().flatten().map(|weight| *weight as u8));
    bytes
}

/// Returns the different rows of weights, zeros first, then those that most features share and those that say most:
/// what is often needed lies together.
fn rows_of(features: &[(u64, [i8; TAGGED])]) -> Vec<[i8; TAGGED]> {
    let mut shared: FxHashMap<[i8; TAGGED], usize> = FxHashMap::default();
    for (_, row) in features {
        *shared.entry(*row).or_default() += 1;
    }
    shared.remove(&[0; TAGGED]);
    assert!(shared.len() < usize::from(u16::MAX), "a slot has 16 bits for the number of a row");
    let mut rows: Vec<([i8; TAGGED], usize)> = shared.into_iter().collect();
    let says = |row: &[i8; TAGGED]| row.iter().filter(|weight| **weight != 0).count();
    rows.sort_unstable_by_key(|(row, shared)| (Reverse(*shared), Reverse(says(row)), *row));
    [[0; TAGGED]].into_iter().chain(rows.into_iter().map(|(row, _)| row)).collect()
}

/// Returns a displacement for each group of features, and the feature in each slot that they lead to.
fn places_of(features: &[(u64, [i8; TAGGED])]) -> (Vec<u16>, Vec<Option<usize>>) {
    let mut groups = vec![Vec::new(); features.len() / 3 + 1];
    let mut order: Vec<usize> = (0..features.len()).collect();
    order.sort_unstable_by_key(|at| features[*at].0);
    for at in order {
        let group = group_of(features[at].0, groups.len());
        groups[group].push(at);
    }
    // The large ones choose first.
    let mut by_size: Vec<usize> = (0..groups.len()).collect();
    by_size.sort_by_key(|group| Reverse(groups[*group].len()));
    let mut slots = features.len() * 8 / 7 + 1;
    loop {
        let mut displacements = vec![0; groups.len()];
        let mut taken = vec![None; slots];
        let placed = by_size.iter().all(|group| {
            let members = &groups[*group];
            let place = |displacement: u16| members.iter().map(move |at| slot_of(features[*at].0, displacement, slots));
            let fits = |displacement: &u16| {
                let mut places: Vec<usize> = place(*displacement).collect();
                places.sort_unstable();
                places.iter().all(|slot| taken[*slot].is_none()) && places.windows(2).all(|pair| pair[0] != pair[1])
            };
            let Some(displacement) = (0..u16::MAX).find(fits) else { return false };
            displacements[*group] = displacement;
            let places: Vec<usize> = place(displacement).collect();
            places.into_iter().zip(members).for_each(|(slot, at)| taken[slot] = Some(*at));
            true
        });
        if placed {
            return (displacements, taken);
        }
        slots += slots / 32 + 1;
    }
}

/// Finds the best tags of stretches, one after the other, with buffers that are used again.
#[derive(Default)]
pub struct Decoder {
    scores: Vec<Scores>,
    /// The best sums of paths to each tag of the token before.
    best: Vec<[i32; TAGS]>,
}

impl Decoder {
    /// Starts a stretch.
    pub fn start(&mut self) {
        self.scores.clear();
    }

    /// Takes the scores of the next token.
    pub fn push(&mut self, scores: Scores) {
        self.scores.push(scores);
    }

    /// Writes the best tags of the stretch.
    pub fn finish(&mut self, model: &Model<'_>, tags: &mut [u8]) {
        let mut best = [NEVER; TAGS];
        best[OUTSIDE] = 0;
        self.best.clear();
        for scores in &self.scores {
            self.best.push(best);
            best = model.step(&best, scores);
        }
        let last = CLOSED.into_iter().max_by_key(|tag| best[*tag]).unwrap_or(OUTSIDE);
        let mut tag = last;
        for (at, best) in self.best.iter().enumerate().rev() {
            tags[at] = tag as u8;
            tag = model.best_before(best, tag);
        }
    }
}

/// What no path leads to.
const NEVER: i32 = i32::MIN / 2;

/// The tags behind which a name can start.
const CLOSED: [usize; 9] = [OUTSIDE, 2, 3, 6, 7, 10, 11, 14, 15];

/// The tags with which a name can start, and the one of what is in none.
const OPENING: [usize; 9] = [OUTSIDE, 0, 3, 4, 7, 8, 11, 12, 15];

/// The opening tags, and so many more that the processor can take them four at a time.
const LANES: usize = 12;

/// Returns the weights of each opening tag behind each closed one.
fn openings(transitions: &[[i32; TAGS]; TAGS]) -> [[i32; LANES]; CLOSED.len()] {
    let mut openings = [[0; LANES]; CLOSED.len()];
    for (row, before) in openings.iter_mut().zip(CLOSED) {
        for (weight, tag) in row.iter_mut().zip(OPENING) {
            *weight = transitions[before][tag];
        }
    }
    openings
}

impl Model<'_> {
    /// Returns the best sums of paths to each tag of the next token.
    fn step(&self, best: &[i32; TAGS], scores: &Scores) -> [i32; TAGS] {
        let mut tops = [NEVER; LANES];
        for (weights, before) in self.openings.iter().zip(CLOSED) {
            for (top, weight) in tops.iter_mut().zip(weights) {
                *top = (*top).max(best[before] + *weight);
            }
        }
        let mut next = [NEVER; TAGS];
        for (tag, top) in OPENING.into_iter().zip(tops) {
            next[tag] = top + scores.get(tag).map_or(0, |score| i32::from(*score));
        }
        for first in (0..TAGGED).step_by(4) {
            for tag in [first + INNER, first + LAST] {
                let [begun, inside] = [first, first + INNER].map(|before| best[before] + self.transitions[before][tag]);
                next[tag] = begun.max(inside).max(NEVER) + i32::from(scores[tag]);
            }
        }
        next
    }

    /// Returns the tag before another one on the best path, the first of equals.
    fn best_before(&self, best: &[i32; TAGS], tag: usize) -> usize {
        let goes_on = tag != OUTSIDE && matches!(tag % 4, INNER | LAST);
        let inside = [tag / 4 * 4 + FIRST, tag / 4 * 4 + INNER];
        let candidates: &[usize] = if goes_on { &inside } else { &CLOSED };
        let mut top = (NEVER, OUTSIDE);
        for before in candidates {
            let sum = best[*before] + self.transitions[*before][tag];
            if sum > top.0 {
                top = (sum, *before);
            }
        }
        top.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::entities::train;

    #[test]
    fn the_weights_are_those_that_training_gives() {
        let header = String::from_utf8_lossy(&WEIGHTS[..1600]);
        let fingerprint = format!("\nfingerprint: {:016x}\n", train::fingerprint());
        assert!(header.contains(&fingerprint), "run `train_entities`: {fingerprint}{header}");
        for set in ["re3d", "wikigold", "gum", "uner_ewt", "crossner", "btc_news", "gmb_voa"] {
            assert!(header.contains(&format!("\n{set}: ")), "{header}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let rows: Vec<(u64, [i8; TAGGED])> =
            (1..100_u64).map(|number| (number.wrapping_mul(0x9E37_79B9_7F4A_7C15), [number as i8; TAGGED])).collect();
        let bytes = write("notice", &[[3; TAGS]; TAGS], &rows);
        let model = Model::parse(&bytes).expect("a file of weights");
        for (feature, row) in &rows {
            assert_eq!(model.score(&[*feature]), row.map(i16::from));
        }
        assert_eq!(model.score(&[rows[0].0, 12_345, rows[4].0]), [6; TAGGED]);
        let mut turned = rows.clone();
        turned.reverse();
        assert_eq!(write("notice", &[[3; TAGS]; TAGS], &turned), bytes);
        assert!(Model::parse(&bytes[..bytes.len() - 1]).is_none() && Model::parse(b"").is_none());
    }

    #[test]
    fn a_path_never_breaks_a_name() {
        let mut decoder = Decoder::default();
        let bytes =
            write("notice", &[[0; TAGS]; TAGS], &[(1 << 40, [0, 50, 0, 0, 0, 0, 90, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);
        let model = Model::parse(&bytes).expect("a file of weights");
        decoder.start();
        for _ in 0..3 {
            decoder.push(model.score(&[1 << 40]));
        }
        let mut tags = [0; 3];
        decoder.finish(&model, &mut tags);
        let ends = [OUTSIDE].into_iter().chain(tags.iter().map(|tag| *tag as usize)).collect::<Vec<_>>();
        assert!(ends.windows(2).all(|pair| may_follow(pair[0], pair[1])) && closes(ends[3]), "{tags:?}");
        assert_eq!(tags.iter().filter(|tag| **tag == 6).count(), 1, "{tags:?}");
    }
}
