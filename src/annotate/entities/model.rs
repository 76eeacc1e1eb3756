//! The trained model: weights of features, a table of what may follow what, and the best path through them.
//!
//! In: the hashed features of each token of a stretch. Out: one tag a token. The weights are compiled in
//! (`weights.bin`, whose first lines name the training sets and their licences) and rebuilt by `train_entities`.
//! Knows nothing of words.

use std::cmp::Reverse;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// How many tags have weights of their own: four kinds, each at two places of a name. (With places of their own for the
/// last word and the only one, names are found no better, and everything takes twice the room.)
pub const TAGGED: usize = 8;
/// The tag of what is in no name; it weighs nothing.
pub const OUTSIDE: usize = TAGGED;
/// How many tags there are.
pub const TAGS: usize = TAGGED + 1;

/// Places of a token in a name: the tag is `kind * 2 + place`.
pub const FIRST: usize = 0;
/// Any behind the first.
pub const INNER: usize = 1;

/// What the file of weights starts with.
pub const MAGIC: &[u8] = b"onrecord entity weights, format 4\n";

static WEIGHTS: &[u8] = include_bytes!("weights.bin");

static MODEL: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::parse(WEIGHTS).expect("the compiled-in weights are whole: a test reads them"));

/// Returns the model that is compiled in.
pub fn model() -> &'static Model<'static> {
    &MODEL
}

/// Returns whether one tag may stand behind another; the start of a stretch counts as outside.
pub fn may_follow(before: usize, tag: usize) -> bool {
    !goes_on(tag) || before != OUTSIDE && before / 2 == tag / 2
}

/// Returns whether a tag goes on with the name of the one before.
pub fn goes_on(tag: usize) -> bool {
    tag != OUTSIDE && tag % 2 == INNER
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
    transitions: [[i16; TAGS]; TAGS],
    /// The weights of what starts a name or is in none, behind each tag: see [`openings()`].
    openings: [[i16; TAGGED]; TAGS],
    /// The weights of what goes on, behind the first tag of its kind and behind the inner one: see [`inside()`].
    inside: [[i16; TAGGED]; 2],
    /// A bit for each of so many hashes of features: where it is not set, there is none.
    filter: &'m [u8],
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
            transitions[at / TAGS][at % TAGS] = i16::from_le_bytes(*weight);
        }
        let (filter, rest) = rest.split_at_checked(FILTER / 8)?;
        let (displacements, rest) = rest.split_at_checked(2 * size(0))?;
        let (slots, rows) = rest.split_at_checked(4 * size(4))?;
        let (displacements, slots, rows) = (displacements.as_chunks().0, slots.as_chunks().0, rows.as_chunks().0);
        let whole = !displacements.is_empty() && !slots.is_empty() && rows.len() == size(8) && !rows.is_empty();
        whole.then_some(Model {
            openings: openings(&transitions),
            inside: inside(&transitions),
            transitions,
            filter,
            displacements,
            slots,
            rows,
        })
    }

    /// Returns the scores of a token with these features: the sums of their weights.
    #[cfg(test)]
    pub fn score(&self, features: &[u64]) -> Scores {
        let mut questions = Questions::default();
        questions.ask(features);
        self.answer(&mut questions)[0]
    }

    /// Returns the sum of weights for each question, and forgets the questions.
    ///
    /// First the slots of all features are found, then their rows, then these are added up, and nothing waits for what
    /// was found before: most of the time goes into waiting for memory, and so many waits run at once.
    pub fn answer<'q>(&self, questions: &'q mut Questions) -> &'q [Scores] {
        let Questions { features, slots, ends, answers } = questions;
        slots.clear();
        slots.extend(features.iter().map(|feature| self.slot_of(*feature) as u32));
        for (slot, feature) in slots.iter_mut().zip(features.iter()) {
            *slot = self.row_in(*slot as usize, *feature);
        }
        answers.clear();
        let mut start = 0;
        for end in ends.drain(..) {
            let mut scores = [0; TAGGED];
            slots[start..end as usize].iter().for_each(|row| self.add_row(*row, &mut scores));
            answers.push(scores);
            start = end as usize;
        }
        features.clear();
        answers
    }

    /// Returns a hash that may be, but for bits that the filter does not look at, a feature with weights.
    #[inline]
    pub fn may_know(&self, hash: u64) -> Option<u64> {
        let bit = bit_of(hash);
        (self.filter[bit / 8] >> (bit % 8) & 1 != 0).then_some(hash)
    }

    /// Adds the weights of a feature that hardly ever has any: see [`Model::may_know`].
    pub fn add_rare(&self, feature: u64, scores: &mut Scores) {
        self.add_row(self.row_in(self.slot_of(feature), feature), scores);
    }

    #[inline]
    fn add_row(&self, row: u32, scores: &mut Scores) {
        let row = &self.rows[row as usize];
        for tag in 0..TAGGED {
            scores[tag] += i16::from(row[tag] as i8);
        }
    }

    /// Returns the slot that a feature is in, if it is in any.
    #[inline]
    fn slot_of(&self, feature: u64) -> usize {
        let displacement = u16::from_le_bytes(self.displacements[group_of(feature, self.displacements.len())]);
        slot_of(feature, displacement, self.slots.len())
    }

    /// Returns the number of a feature's row by its slot, 0 where it has none.
    #[inline]
    fn row_in(&self, slot: usize, feature: u64) -> u32 {
        let slot = u32::from_le_bytes(self.slots[slot]);
        let here = slot as u16 == sign_of(feature);
        (slot >> 16) & u32::from(here).wrapping_neg()
    }
}

/// Which sums of weights are asked for, with buffers that are used again.
#[derive(Default)]
pub struct Questions {
    /// The features of each question, one behind the other.
    features: Vec<u64>,
    /// The slot, and then the row, of each of them.
    slots: Vec<u32>,
    /// Where the features of each question end.
    ends: Vec<u32>,
    answers: Vec<Scores>,
}

impl Questions {
    /// Asks for the sum of the weights of some features; returns the number of the question.
    #[inline]
    pub fn ask(&mut self, features: &[u64]) -> u32 {
        self.features.extend_from_slice(features);
        self.ends.push(self.features.len() as u32);
        self.ends.len() as u32 - 1
    }
}

/// How many bits the filter has: some four for each feature.
const FILTER: usize = 1 << 20;

/// Returns the bit of the filter that is a feature's: by its twenty bits from the twentieth on.
fn bit_of(feature: u64) -> usize {
    (feature >> 20) as usize % FILTER
}

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
/// transitions, the filter, the displacements of the groups, the slots with sign and row, the rows. The order of the
/// features does not matter.
pub fn write(header: &str, transitions: &[[i16; TAGS]; TAGS], features: &[(u64, [i8; TAGGED])]) -> Vec<u8> {
    let rows = rows_of(features);
    let numbers: FxHashMap<[i8; TAGGED], u16> = rows.iter().copied().zip(0..).collect();
    let (displacements, slots) = places_of(features);
    let mut bytes = [MAGIC, header.trim_end().as_bytes(), b"\n\n"].concat();
    for size in [displacements.len(), slots.len(), rows.len()] {
        bytes.extend((size as u32).to_le_bytes());
    }
    bytes.extend(transitions.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
    let mut filter = vec![0; FILTER / 8];
    features.iter().map(|(feature, _)| bit_of(*feature)).for_each(|bit| filter[bit / 8] |= 1 << (bit % 8));
    bytes.extend(filter);
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
    /// The best sums of paths to each tag of the token before, as seen from the one to no name, whose sum is 0.
    best: Vec<[i16; TAGGED]>,
}

impl Decoder {
    /// Writes the best tags of a stretch of which the scores are given.
    pub fn decode(&mut self, model: &Model<'_>, scores: &[Scores], tags: &mut Vec<u8>) {
        tags.clear();
        if let [scores] = scores {
            return tags.push(model.best_alone(scores) as u8);
        }
        let mut best = [NEVER; TAGGED];
        self.best.clear();
        for scores in scores {
            self.best.push(best);
            best = model.step(&best, scores);
        }
        let mut tag = IN_ORDER.into_iter().max_by_key(|tag| sum_of(&best, *tag)).unwrap_or(OUTSIDE);
        tags.resize(scores.len(), OUTSIDE as u8);
        for (at, best) in self.best.iter().enumerate().rev() {
            tags[at] = tag as u8;
            tag = model.best_before(best, tag);
        }
    }
}

/// What no path leads to: less than any sum, for all are seen from the one of no name, and sums do not run over.
const NEVER: i16 = i16::MIN / 4 * 3;

/// All tags in the order in which they are looked at.
const IN_ORDER: [usize; TAGS] = [OUTSIDE, 0, 1, 2, 3, 4, 5, 6, 7];

/// Returns the best sum of a path to a tag.
fn sum_of(best: &[i16; TAGGED], tag: usize) -> i16 {
    best.get(tag).copied().unwrap_or(0)
}

/// The lane of [`OUTSIDE`] among the tags that can follow any: that of a tag that cannot.
const OUTSIDE_LANE: usize = INNER;

/// Returns the weights of each tag that can stand behind any, [`NEVER`] for the others; a row for each tag before, in
/// order.
fn openings(transitions: &[[i16; TAGS]; TAGS]) -> [[i16; TAGGED]; TAGS] {
    IN_ORDER.map(|before| {
        let mut row = [NEVER; TAGGED];
        for tag in (0..TAGGED).filter(|tag| !goes_on(*tag)) {
            row[tag] = transitions[before][tag];
        }
        row[OUTSIDE_LANE] = transitions[before][OUTSIDE];
        row
    })
}

/// Returns the weights of each tag that goes on, [`NEVER`] for the others: behind the first tag of its kind, and behind
/// the inner one.
fn inside(transitions: &[[i16; TAGS]; TAGS]) -> [[i16; TAGGED]; 2] {
    [FIRST, INNER].map(|before| {
        let mut row = [NEVER; TAGGED];
        for tag in (0..TAGGED).filter(|tag| goes_on(*tag)) {
            row[tag] = transitions[tag / 2 * 2 + before][tag];
        }
        row
    })
}

impl Model<'_> {
    /// Returns the best tag of a stretch of one token, as a longer way round would.
    fn best_alone(&self, scores: &Scores) -> usize {
        let sum = |tag: usize| self.transitions[OUTSIDE][tag].saturating_add(sum_of(scores, tag));
        IN_ORDER.into_iter().filter(|tag| !goes_on(*tag)).max_by_key(|tag| sum(*tag)).unwrap_or(OUTSIDE)
    }

    /// Returns the best sums of paths to each tag of the next token, as seen from the one to no name.
    fn step(&self, best: &[i16; TAGGED], scores: &Scores) -> [i16; TAGGED] {
        let [outside, others @ ..] = &self.openings;
        let mut tops = *outside;
        for (weights, before) in others.iter().zip(best) {
            for lane in 0..TAGGED {
                tops[lane] = tops[lane].max(before.saturating_add(weights[lane]));
            }
        }
        let outside = tops[OUTSIDE_LANE];
        tops[OUTSIDE_LANE] = NEVER;
        let mut next = [0; TAGGED];
        for tag in 0..TAGGED {
            let first = best[tag / 2 * 2 + FIRST].saturating_add(self.inside[FIRST][tag]);
            let inner = best[tag / 2 * 2 + INNER].saturating_add(self.inside[INNER][tag]);
            next[tag] = tops[tag].max(first).max(inner).saturating_add(scores[tag]).saturating_sub(outside);
        }
        next
    }

    /// Returns the tag before another one on the best path, the first of equals.
    fn best_before(&self, best: &[i16; TAGGED], tag: usize) -> usize {
        let inside = [tag / 2 * 2 + FIRST, tag / 2 * 2 + INNER];
        let candidates: &[usize] = if goes_on(tag) { &inside } else { &IN_ORDER };
        let mut top = (NEVER.into(), OUTSIDE);
        for before in candidates {
            let sum = i32::from(sum_of(best, *before)) + i32::from(self.transitions[*before][tag]);
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
        let rare = |features: &[u64]| {
            let mut scores = [0; TAGGED];
            let known = features.iter().filter_map(|feature| model.may_know(*feature));
            known.for_each(|feature| model.add_rare(feature, &mut scores));
            scores
        };
        for (feature, row) in &rows {
            assert_eq!(model.score(&[*feature]), row.map(i16::from));
            assert_eq!(rare(&[*feature]), row.map(i16::from));
        }
        for features in [vec![rows[0].0, 12_345, rows[4].0], (1..10_000).map(|number| number << 17 | 7).collect()] {
            assert_eq!(model.score(&features), rare(&features));
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
        let bytes = write("notice", &[[0; TAGS]; TAGS], &[(1 << 40, [0, 50, 0, 90, 50, 0, 0, 0])]);
        let model = Model::parse(&bytes).expect("a file of weights");
        let mut tags = Vec::new();
        decoder.decode(&model, &[model.score(&[1 << 40]); 3], &mut tags);
        // The second tag of the second kind weighs most, and needs a first one before it.
        assert_eq!(tags, [2, 3, 3]);
    }

    /// The best tags are those of the best path among all there are, for stretches of one token as well.
    #[test]
    fn the_best_path_is_found() {
        let mut chance = crate::annotate::entities::train::Chance::new(0x0123_4567_89AB_CDEF);
        let mut weight = |most: u64| (chance.draw() % (2 * most + 1)) as i16 - most as i16;
        for length in [1, 1, 1, 2, 2, 3, 3] {
            let transitions = [[0; TAGS]; TAGS].map(|row| row.map(|_| weight(60)));
            let model = Model {
                openings: openings(&transitions),
                inside: inside(&transitions),
                transitions,
                filter: &[],
                displacements: &[],
                slots: &[],
                rows: &[],
            };
            let scores: Vec<Scores> = (0..length).map(|_| [0; TAGGED].map(|_: i16| weight(900))).collect();
            let sum = |path: &[usize]| {
                let score = |at: usize| scores[at].get(path[at]).map_or(0, |score| i32::from(*score));
                let before = |at: usize| at.checked_sub(1).map_or(OUTSIDE, |before| path[before]);
                (0..length).map(|at| score(at) + i32::from(model.transitions[before(at)][path[at]])).sum::<i32>()
            };
            let mut paths: Vec<Vec<usize>> = vec![Vec::new()];
            for _ in 0..length {
                let longer = |path: &Vec<usize>| {
                    let last = path.last().copied().unwrap_or(OUTSIDE);
                    let next = (0..TAGS).filter(move |tag| may_follow(last, *tag));
                    next.map(|tag| [&path[..], &[tag]].concat()).collect::<Vec<_>>()
                };
                paths = paths.iter().flat_map(longer).collect();
            }
            let best = paths.iter().map(|path| sum(path)).max().expect("a path");
            let mut tags = Vec::new();
            Decoder::default().decode(&model, &scores, &mut tags);
            let found: Vec<usize> = tags.iter().map(|tag| usize::from(*tag)).collect();
            assert_eq!(sum(&found), best, "{found:?}");
            assert!(paths.contains(&found), "{found:?}");
        }
    }
}
