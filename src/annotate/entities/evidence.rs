//! What the rest of an article tells about a word: that it stands after a title elsewhere, or in small letters.
//!
//! In: the stretches of an article. Out: for each capitalised word of them, a set of things seen where the same word
//! stands elsewhere. A word's own place never speaks for itself.

use rustc_hash::FxHashMap;

use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, key};

use super::gazetteer;
use super::stretches::{Casing, Stretch, Stretches};

/// How many kinds of evidence there are.
pub const KINDS: usize = 10;

const INSIDE: usize = 0;
const AFTER_TITLE: usize = 1;
const AFTER_GIVEN: usize = 2;
const BEFORE_SPEECH: usize = 3;
const AFTER_PLACE_WORD: usize = 4;
const IN_BODY: usize = 5;
const AFTER_THE: usize = 6;
const AFTER_CAPITAL: usize = 7;
const BEFORE_CAPITAL: usize = 8;
const SMALL: usize = 9;

/// What was seen of one word, as sets of bits.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// At one of its places or at several.
    once: u16,
    /// At several.
    twice: u16,
}

/// What was seen of the words of an article.
#[derive(Default)]
pub struct Evidence {
    /// The number of each capitalised word by its key.
    numbers: FxHashMap<u32, u32>,
    /// What was seen of each of them.
    seen: Vec<Seen>,
    /// What the place of each word of the stretches tells, and the number of the word, where it is capitalised.
    places: Vec<(u16, u32)>,
    filter: Vec<u64>,
}

impl Evidence {
    /// Looks at every stretch of an article, and for their words in small letters.
    pub fn gather(&mut self, reading: &Reading<'_>, stretches: &Stretches) {
        self.numbers.clear();
        self.seen.clear();
        self.places.clear();
        self.filter.clear();
        self.filter.resize(64, 0);
        for stretch in &stretches.all {
            for at in 0..stretch.tokens.len() {
                let word = &stretches.words_of(stretch)[at];
                if !word.capital {
                    self.places.push((0, 0));
                    continue;
                }
                let own = evidence_at(reading, stretches, stretch, at);
                let next = self.seen.len() as u32;
                let number = *self.numbers.entry(word.key).or_insert(next);
                if number == next {
                    self.seen.push(Seen::default());
                }
                self.places.push((own, number));
                let seen = &mut self.seen[number as usize];
                seen.twice |= seen.once & own;
                seen.once |= own;
                self.filter[(word.key >> 6 & 63) as usize] |= 1 << (word.key & 63);
            }
        }
        for token in &reading.tokens {
            if self.filter[(token.key >> 6 & 63) as usize] >> (token.key & 63) & 1 != 0
                && token.looks(Shape::WORD)
                && !token.looks(Shape::CAPITALISED.or(Shape::INNER_CAPITAL))
                && let Some(number) = self.numbers.get(&token.key)
            {
                self.seen[*number as usize].once |= 1 << SMALL;
            }
        }
    }

    /// Returns whether a word stands in small letters somewhere.
    pub fn seen_small(&self, key: u32) -> bool {
        self.numbers.get(&key).is_some_and(|number| self.seen[*number as usize].once >> SMALL & 1 != 0)
    }

    /// Returns what was seen elsewhere of a capitalised word, the one of that place among those of all stretches, as a
    /// set of bits.
    pub fn elsewhere(&self, place: usize) -> u16 {
        let (own, number) = self.places[place];
        let Seen { once, twice } = self.seen[number as usize];
        own & twice | !own & once
    }
}

/// Returns what the place of a word tells about it.
fn evidence_at(reading: &Reading<'_>, stretches: &Stretches, stretch: &Stretch, at: usize) -> u16 {
    let words = stretches.words_of(stretch);
    let token = stretch.tokens.start + at;
    let before = (token > stretch.sentence.start).then(|| &reading.tokens[token - 1]);
    let after = reading.tokens.get(token + 1).filter(|_| token + 1 < stretch.sentence.end);
    let mut seen = 0_u16;
    let mut see = |kind: usize, here: bool| seen |= u16::from(here) << kind;
    let plain = stretch.casing == Casing::Plain;
    see(INSIDE, plain && before.is_some_and(|before| before.looks(Shape::WORD) || before.sign(',')));
    see(AFTER_TITLE, before.is_some_and(|before| before.is(Class::TITLE)));
    let given = |hint: u32| gazetteer::single(hint) & (1 << gazetteer::GIVEN) != 0;
    see(AFTER_GIVEN, at > 0 && given(words[at - 1].hint) && !given(words[at].hint));
    see(BEFORE_SPEECH, after.is_some_and(|after| after.is(Class::SPEECH) && !after.looks(Shape::CAPITALISED)));
    const PLACE_WORDS: [u32; 6] = [key("in"), key("near"), key("at"), key("outside"), key("across"), key("from")];
    see(AFTER_PLACE_WORD, before.is_some_and(|before| PLACE_WORDS.contains(&before.key)));
    const THE: u32 = key("the");
    see(AFTER_THE, before.is_some_and(|before| before.word(THE)));
    let capital = |at: usize| words.get(at).is_some_and(|word| word.capital);
    see(AFTER_CAPITAL, plain && at > 0 && capital(at - 1));
    see(BEFORE_CAPITAL, plain && capital(at + 1));
    let body = (at + 1..words.len()).take_while(|at| capital(*at)).last();
    see(IN_BODY, plain && body.is_some_and(|at| reading.tokens[stretch.tokens.start + at].is(Class::BODY_WORD)));
    seen
}
