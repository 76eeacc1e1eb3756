//! The scores of words, from sums of weights that came up before.
//!
//! News repeats its words. Most features of a word depend on few things, the word itself or what its neighbours look
//! like, and the sum of their weights is remembered by these things; see [`Part`]. The scores are the same as without.

use super::features::{Features, PARTS, Part, View};
use super::model::{Model, Scores, TAGGED};

/// How many sums are remembered: few enough to stay in the processor's cache.
const SUMS: usize = 1 << 13;

/// Sums of weights by the key of a part.
#[derive(Default)]
pub struct Memo {
    sums: Vec<(u64, Scores)>,
    features: Features,
    /// Where the model lies that they are from.
    model: usize,
}

impl Memo {
    /// Starts to score with a model: what is known from another one is forgotten.
    pub fn start(&mut self, model: &Model<'_>) {
        let place = std::ptr::from_ref(model).addr();
        if std::mem::replace(&mut self.model, place) != place {
            self.sums.clear();
            self.sums.resize(SUMS, (0, [0; TAGGED]));
        }
    }

    /// Returns the scores of a word.
    pub fn score(&mut self, view: &View<'_>, model: &Model<'_>) -> Scores {
        self.features.clear();
        view.write_pairs(&mut self.features);
        let mut scores = model.score(self.features.hashes());
        for part in PARTS {
            if let Some(key) = view.key(part) {
                let sum = self.sum(view, part, key, model);
                scores.iter_mut().zip(sum).for_each(|(score, part)| *score += part);
            }
        }
        scores
    }

    fn sum(&mut self, view: &View<'_>, part: Part, key: u64, model: &Model<'_>) -> Scores {
        let slot = &mut self.sums[(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 51) as usize % SUMS];
        if slot.0 != key {
            self.features.clear();
            view.write(part, &mut self.features);
            *slot = (key, model.score(self.features.hashes()));
        }
        slot.1
    }
}
