//! The scores of words, from sums of weights that came up before.
//!
//! News repeats its words. Most features of a word depend on few things, the word itself, a neighbour or what these look
//! like, and the sum of their weights is remembered by these things; see [`Part`] and [`Role`]. The scores are the same
//! as without.

use super::context::{Context, Name, REACH, Seen, View};
use super::features::{Features, PARTS, Part, ROLES, Role, key, pairs};
use super::model::{Model, Scores, TAGGED};
use super::stretches::Word;

/// How many sums of words are remembered, and how many of other parts: few enough to stay in the processor's cache.
const WORDS: usize = 1 << 14;
const SUMS: usize = 1 << 13;

/// Of how many words it is remembered what they add to the scores around them.
const NEIGHBOURS: usize = 1 << 11;

/// What a word adds to the scores of those around it.
#[derive(Clone, Copy)]
struct Neighbour {
    /// Which word it is; nobody where `known` is 0.
    name: Name,
    /// The roles whose sums are known, as bits; the highest one says that the word is.
    known: u8,
    /// The sums of each role.
    roles: [Scores; ROLES],
}

/// Each role, and how far off the word is that sees it so.
const VIEWS: [(Role, isize); ROLES] = [(Role::Before, 1), (Role::After, -1), (Role::Second, 2), (Role::Third, -2)];

const NOBODY: Neighbour = Neighbour { name: Name { key: 0, word: false }, known: 0, roles: [[0; TAGGED]; ROLES] };
/// Marks a neighbour that is one.
const SOMEBODY: u8 = 1 << ROLES;

/// Sums of weights.
#[derive(Default)]
pub struct Memo {
    /// By the word.
    words: Vec<(u64, Scores)>,
    /// By the key of another part.
    sums: Vec<(u64, Scores)>,
    neighbours: Vec<Neighbour>,
    /// The scores of a stretch.
    scores: Vec<Scores>,
    features: Features,
    /// Where the model lies that they are from.
    model: usize,
}

impl Memo {
    /// Starts to score with a model: what is known from another one is forgotten.
    pub fn start(&mut self, model: &Model<'_>) {
        let place = std::ptr::from_ref(model).addr();
        if std::mem::replace(&mut self.model, place) == place {
            return;
        }
        for (sums, size) in [(&mut self.words, WORDS), (&mut self.sums, SUMS)] {
            sums.clear();
            sums.resize(size, (0, [0; TAGGED]));
        }
        self.neighbours.clear();
        self.neighbours.resize(NEIGHBOURS, NOBODY);
    }

    /// Returns the scores of the words of a stretch.
    pub fn score(&mut self, context: &Context, words: &[Word], model: &Model<'_>) -> &[Scores] {
        self.scores.clear();
        self.scores.resize(words.len(), [0; TAGGED]);
        for (at, seen) in context.places().iter().enumerate() {
            self.add_neighbour(at, seen, model);
        }
        for (at, view) in context.views(words).enumerate() {
            let mut scores = self.scores[at];
            self.add_word(view, model, &mut scores);
            self.scores[at] = scores;
        }
        &self.scores
    }

    /// Adds to the scores of a stretch what stands at a place, counted from [`REACH`] places before it on.
    fn add_neighbour(&mut self, place: usize, seen: &Seen, model: &Model<'_>) {
        let name = seen.name;
        let neighbour = &mut self.neighbours[slot_of(name.key.into(), NEIGHBOURS)];
        if neighbour.name != name || neighbour.known == 0 {
            (neighbour.name, neighbour.known) = (name, SOMEBODY);
        }
        for (role, step) in VIEWS {
            let seen_from = place.wrapping_add_signed(step).wrapping_sub(REACH);
            if let Some(scores) = self.scores.get_mut(seen_from) {
                add(scores, neighbour.role(role, seen, model, &mut self.features));
            }
        }
    }

    /// Adds what is known of a word to its scores.
    fn add_word(&mut self, view: View<'_>, model: &Model<'_>, scores: &mut Scores) {
        for part in PARTS {
            if let Some(key) = key(view, part) {
                add(scores, self.sum(view, part, key, model));
            }
        }
        model.add_rare(pairs(view.beside(-1).name, view.beside(0).name, view.beside(1).name), scores);
    }

    /// Returns the sum of a part that has a key.
    #[inline]
    fn sum(&mut self, view: View<'_>, part: Part, key: u64, model: &Model<'_>) -> &Scores {
        let slot = match part {
            Part::Word => &mut self.words[slot_of(key, WORDS)],
            _ => &mut self.sums[slot_of(key, SUMS)],
        };
        if slot.0 != key {
            self.features.clear();
            self.features.write_part(view, part);
            *slot = (key, model.score(self.features.hashes()));
        }
        &slot.1
    }
}

impl Neighbour {
    /// Returns the sum of a role.
    #[inline]
    fn role(&mut self, role: Role, seen: &Seen, model: &Model<'_>, features: &mut Features) -> &Scores {
        let (number, bit) = (role as usize, 1 << role as usize);
        if self.known & bit == 0 {
            features.clear();
            features.write_role(role, seen);
            self.roles[number] = model.score(features.hashes());
            self.known |= bit;
        }
        &self.roles[number]
    }
}

/// Returns the slot of a key, of so many.
#[inline]
fn slot_of(key: u64, slots: usize) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - slots.trailing_zeros())) as usize
}

#[inline]
fn add(scores: &mut Scores, more: &Scores) {
    for tag in 0..TAGGED {
        scores[tag] += more[tag];
    }
}
