//! The trained model: weights of features, a table of what may follow what, and the best path through them.
//!
//! In: the hashed features of each token of a stretch. Out: one tag a token. The weights are compiled in
//! (`weights.bin`, whose first lines name the training sets and their licences) and rebuilt by `train_entities`.
//! Knows nothing of words.

use std::sync::LazyLock;

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
pub const MAGIC: &[u8] = b"onrecord entity weights, format 1\n";

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

/// Weights, ready to use where they lie.
pub struct Model<'m> {
    transitions: [[i32; TAGS]; TAGS],
    keys: &'m [[u8; 4]],
    rows: &'m [[u8; TAGGED]],
}

impl<'m> Model<'m> {
    /// Reads a file of weights: see [`write()`].
    pub fn parse(bytes: &'m [u8]) -> Option<Model<'m>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let header = rest.windows(2).position(|pair| pair == b"\n\n")? + 2;
        let (size, rest) = rest[header..].split_first_chunk::<4>()?;
        let slots = u32::from_le_bytes(*size) as usize;
        let (table, rest) = rest.split_at_checked(2 * TAGS * TAGS)?;
        let mut transitions = [[0; TAGS]; TAGS];
        for (at, weight) in table.as_chunks::<2>().0.iter().enumerate() {
            transitions[at / TAGS][at % TAGS] = i32::from(i16::from_le_bytes(*weight));
        }
        let (keys, rows) = rest.split_at_checked(4 * slots)?;
        let (keys, rows) = (keys.as_chunks().0, rows.as_chunks().0);
        (slots > 0 && rows.len() == slots).then_some(Model { transitions, keys, rows })
    }

    /// Adds the weights of a feature to the scores of a token.
    #[inline]
    pub fn add(&self, feature: u64, scores: &mut [i16; TAGGED]) {
        let (mut slot, key) = place(feature, self.keys.len());
        loop {
            let found = u32::from_le_bytes(self.keys[slot]);
            if found == key {
                for (score, weight) in scores.iter_mut().zip(&self.rows[slot]) {
                    *score += i16::from(*weight as i8);
                }
                return;
            }
            if found == 0 {
                return;
            }
            slot = if slot + 1 == self.keys.len() { 0 } else { slot + 1 };
        }
    }
}

/// Returns where the search for a feature starts and the key that stands for it there.
fn place(feature: u64, slots: usize) -> (usize, u32) {
    ((((feature & 0xFFFF_FFFF) * slots as u64) >> 32) as usize, (feature >> 32) as u32 | 1)
}

/// Writes a file of weights: magic, a header of lines, an empty line, the number of slots, the transitions, then a
/// hash table as it is used: the keys of all slots, the rows of all slots.
pub fn write(header: &str, transitions: &[[i16; TAGS]; TAGS], features: &[(u64, [i8; TAGGED])]) -> Vec<u8> {
    let slots = features.len() * 4 / 3 + 1;
    let mut keys = vec![0_u32; slots];
    let mut rows = vec![[0_u8; TAGGED]; slots];
    for (feature, row) in features {
        let (mut slot, key) = place(*feature, slots);
        while keys[slot] != 0 && keys[slot] != key {
            slot = (slot + 1) % slots;
        }
        keys[slot] = key;
        rows[slot] = row.map(|weight| weight as u8);
    }
    let mut bytes = [MAGIC, header.trim_end().as_bytes(), b"\n\n"].concat();
    bytes.extend((slots as u32).to_le_bytes());
    bytes.extend(transitions.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
    bytes.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
    bytes.extend(rows.iter().flatten());
    bytes
}

/// Finds the best tags of stretches, one after the other, with buffers that are used again.
#[derive(Default)]
pub struct Decoder {
    scores: Vec<[i16; TAGGED]>,
    back: Vec<[u8; TAGS]>,
}

impl Decoder {
    /// Starts a stretch.
    pub fn start(&mut self) {
        self.scores.clear();
    }

    /// Takes the features of the next token.
    pub fn push(&mut self, model: &Model<'_>, features: &[u64]) {
        let mut scores = [0; TAGGED];
        for feature in features {
            model.add(*feature, &mut scores);
        }
        self.scores.push(scores);
    }

    /// Writes the best tags of the stretch.
    pub fn finish(&mut self, model: &Model<'_>, tags: &mut [u8]) {
        const NEVER: i32 = i32::MIN / 2;
        self.back.clear();
        let mut best = [NEVER; TAGS];
        best[OUTSIDE] = 0;
        for scores in &self.scores {
            let mut next = [NEVER; TAGS];
            let mut from = [OUTSIDE as u8; TAGS];
            for tag in 0..TAGS {
                let goes_on = tag != OUTSIDE && matches!(tag % 4, INNER | LAST);
                let (mut top, mut top_from) = (NEVER, OUTSIDE);
                let mut weigh = |before: usize| {
                    let sum = best[before] + model.transitions[before][tag];
                    if sum > top {
                        (top, top_from) = (sum, before);
                    }
                };
                if goes_on {
                    weigh(tag / 4 * 4 + FIRST);
                    weigh(tag / 4 * 4 + INNER);
                } else {
                    CLOSED.into_iter().for_each(weigh);
                }
                next[tag] = top + scores.get(tag).map_or(0, |score| i32::from(*score));
                from[tag] = top_from as u8;
            }
            best = next;
            self.back.push(from);
        }
        let last = CLOSED.into_iter().max_by_key(|tag| best[*tag]).unwrap_or(OUTSIDE);
        let mut tag = last as u8;
        for (at, from) in self.back.iter().enumerate().rev() {
            tags[at] = tag;
            tag = from[tag as usize];
        }
    }
}

/// The tags behind which a name can start.
const CLOSED: [usize; 9] = [OUTSIDE, 2, 3, 6, 7, 10, 11, 14, 15];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_were_committed() {
        let sum = WEIGHTS
            .iter()
            .fold(0xCBF2_9CE4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        assert_eq!(
            (WEIGHTS.len(), sum),
            (3_747_224, 7_420_704_957_057_199_392),
            "`train_entities` writes them; commit size and sum with them"
        );
        let header = String::from_utf8_lossy(&WEIGHTS[..1200]);
        for set in ["re3d", "wikigold", "gum", "uner_ewt", "crossner", "btc_news"] {
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
            let mut scores = [0; TAGGED];
            model.add(*feature, &mut scores);
            assert_eq!(scores, row.map(i16::from));
        }
        let mut scores = [0; TAGGED];
        model.add(12_345, &mut scores);
        assert_eq!(scores, [0; TAGGED]);
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
            decoder.push(&model, &[1 << 40]);
        }
        let mut tags = [0; 3];
        decoder.finish(&model, &mut tags);
        let ends = [OUTSIDE].into_iter().chain(tags.iter().map(|tag| *tag as usize)).collect::<Vec<_>>();
        assert!(ends.windows(2).all(|pair| may_follow(pair[0], pair[1])) && closes(ends[3]), "{tags:?}");
        assert_eq!(tags.iter().filter(|tag| **tag == 6).count(), 1, "{tags:?}");
    }
}
