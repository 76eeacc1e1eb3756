//! Where names can be: stretches of capitalised words with the small words that may join them.
//!
//! In: a reading. Out: [`Stretches`]: every stretch with what its words look like. Nothing outside of them is ever
//! weighed, so that text in small letters costs a glance. Also says how a sentence is cased, for in headlines a
//! capital means nothing.

use std::ops::Range;

use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, hash, key};

use super::gazetteer::{self, Entry};

/// How many tokens may stand between two capitalised words of one stretch.
const BRIDGE: usize = 3;

/// How a sentence is cased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    /// Capitals mean something.
    Plain,
    /// Nearly every word is capitalised.
    Title,
    /// Nearly every letter is a capital.
    Capitals,
}

/// A word or sign of a stretch and what it looks like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// The token's key; of "London-based" that of "London".
    pub key: u32,
    /// What it looks like: one of a few kinds.
    pub shape: u8,
    /// A hash of its runs of capitals, small letters, digits and signs.
    pub pattern: u32,
    /// A hash of its first three letters.
    pub start: u32,
    /// Hashes of its last two and three letters.
    pub ends: [u32; 2],
    /// Which listed names it is a part of: see [`gazetteer::hints`].
    pub hint: u32,
    /// What the word lists say of it: one of a few kinds.
    pub kind: u8,
    /// Whether it is capitalised.
    pub capital: bool,
    /// Whether it is a word and no number or sign.
    pub is_word: bool,
    /// The lists that hold it, and whether longer names start with it.
    pub entry: Entry,
    /// A hash of all of this but the lists: of the word as printed.
    pub mark: u64,
}

/// A stretch of tokens in which names can be.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The sentence it is in.
    pub sentence: Range<usize>,
    /// How that sentence is cased.
    pub casing: Casing,
    /// The number of its first word in [`Stretches::words`].
    pub first: usize,
}

/// The stretches of an article, in order.
#[derive(Default)]
pub struct Stretches {
    /// The stretches.
    pub all: Vec<Stretch>,
    /// The words of all stretches, one behind the other.
    pub words: Vec<Word>,
    hints: Vec<u32>,
    /// What words looked like that came up before, by their mark.
    looks: Vec<Word>,
}

/// How many looks are remembered.
const LOOKS: usize = 1 << 13;

impl Stretches {
    /// Finds the stretches of an article.
    pub fn find(&mut self, reading: &Reading<'_>) {
        self.all.clear();
        self.words.clear();
        self.looks.resize(LOOKS, Word::default());
        let mut capitals = reading.capitals();
        for sentence in &reading.sentences {
            let mut next = sentence.start;
            let mut casing = None;
            while let Some(start) = capitals.first_in(next..sentence.end) {
                if !can_be_name(reading, start, sentence.end) {
                    next = start + 1;
                    continue;
                }
                next = stretch_end(reading, start, sentence.end);
                let casing = *casing.get_or_insert_with(|| casing_of(reading, sentence));
                self.push(reading, Stretch { tokens: start..next, sentence: sentence.clone(), casing, first: 0 });
            }
        }
    }

    fn push(&mut self, reading: &Reading<'_>, mut stretch: Stretch) {
        stretch.first = self.words.len();
        for at in stretch.tokens.clone() {
            let mark = mark(&reading.tokens[at], reading.word(at));
            let look = &mut self.looks[mark as usize % LOOKS];
            if look.mark != mark {
                *look = look_at(reading, at, mark);
            }
            self.words.push(*look);
        }
        let words = &mut self.words[stretch.first..];
        self.hints.resize(words.len(), 0);
        gazetteer::hints(|at| (words[at].key, words[at].entry), &mut self.hints);
        for (word, hint) in words.iter_mut().zip(&self.hints) {
            word.hint = *hint;
        }
        self.all.push(stretch);
    }

    /// Returns the words of a stretch.
    pub fn words_of(&self, stretch: &Stretch) -> &[Word] {
        &self.words[stretch.first..stretch.first + stretch.tokens.len()]
    }
}

/// Returns whether a token with a capital may be a word of a name that does not need its neighbours.
fn can_be_name(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    let token = &reading.tokens[at];
    let next = reading.tokens.get(at + 1).filter(|_| at + 1 < end);
    let alone = !next.is_some_and(Token::has_capital);
    let acronym = token.looks(Shape::CAPITALS) && !token.is(Class::PRONOUN);
    !alone || acronym || !token.is(Class::FUNCTION)
}

/// Returns where the stretch that starts here ends.
fn stretch_end(reading: &Reading<'_>, start: usize, limit: usize) -> usize {
    let mut end = start + 1;
    let mut at = end;
    while at < limit && at - end <= BRIDGE {
        let token = &reading.tokens[at];
        if token.has_capital() || token.looks(Shape::NUMBER) && at == end || token.looks(Shape::POSSESSIVE) && at == end
        {
            end = at + 1;
        } else if !bridges(token) {
            break;
        }
        at += 1;
    }
    end
}

/// Returns whether a token may stand inside a name.
fn bridges(token: &Token) -> bool {
    if token.looks(Shape::WORD) {
        return token.is(Class::PARTICLE.or(Class::PREPOSITION).or(Class::DETERMINER).or(Class::CONJUNCTION));
    }
    token.looks(Shape::NUMBER.or(Shape::SINGLE_MARK)) || "&-–./,’'+".chars().any(|sign| token.sign(sign))
}

/// Returns how a sentence is cased.
fn casing_of(reading: &Reading<'_>, sentence: &Range<usize>) -> Casing {
    let (mut small, mut capitalised, mut capitals) = (0, 0, 0);
    for token in &reading.tokens[sentence.clone()] {
        if !token.looks(Shape::WORD) || token.looks(Shape::LETTER) {
            continue;
        }
        if token.looks(Shape::CAPITALS) {
            capitals += 1;
        } else if token.looks(Shape::CAPITALISED) {
            capitalised += 1;
        } else if !token.is(Class::FUNCTION) {
            small += 1;
        }
    }
    if capitals >= 2 && capitals > 2 * (small + capitalised) {
        Casing::Capitals
    } else if capitalised + capitals >= 3 && small * 6 <= capitalised + capitals {
        Casing::Title
    } else {
        Casing::Plain
    }
}

/// Returns a hash of a token as printed, and of what decides how it looks beside that.
fn mark(token: &Token, word: &str) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let beside = Shape::GLUED.or(Shape::LINE_START).0;
    let mut mark = u64::from(token.shape.0 & !beside) << 32 | word.len() as u64;
    let mut add = |part: u64| {
        let product = u128::from(mark ^ part) * u128::from(FACTOR);
        mark = (product >> 64) as u64 ^ product as u64;
    };
    add(token.class.0);
    let (eights, rest) = word.as_bytes().as_chunks();
    eights.iter().for_each(|eight| add(u64::from_le_bytes(*eight)));
    add(rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    mark
}

/// Returns what a token looks like.
fn look_at(reading: &Reading<'_>, at: usize, mark: u64) -> Word {
    let token = &reading.tokens[at];
    let whole = reading.word(at);
    let name = &whole[name_within(reading, at)];
    let bytes = name.as_bytes();
    let folded = if name.len() < whole.len() { key(name) } else { token.key };
    let end = |length: usize| hash_part(&bytes[bytes.len().saturating_sub(length)..]);
    Word {
        key: folded,
        shape: shape_of(token, name.len() < whole.len()),
        pattern: pattern(bytes),
        start: hash_part(&bytes[..bytes.len().min(3)]),
        ends: [end(2), end(3)],
        hint: 0,
        kind: kind_of(token),
        capital: token.has_capital(),
        is_word: token.looks(Shape::WORD),
        entry: gazetteer::entry(folded),
        mark,
    }
}

/// Returns which bytes of a token can belong to a name: of "London-based" the first six, of "R-Texas" the last five.
pub fn name_within(reading: &Reading<'_>, at: usize) -> Range<usize> {
    let token = &reading.tokens[at];
    if !token.looks(Shape::HYPHENATED) || !token.looks(Shape::CAPITALISED) {
        return 0..token.span().range().len();
    }
    let word = reading.word(at);
    if let [b'R' | b'D' | b'I', b'-', b'A'..=b'Z', _, ..] = word.as_bytes()
        && word != "D-Day"
    {
        return 2..word.len();
    }
    let small = |rest: &str| rest.chars().next().is_some_and(char::is_lowercase) && !rest.contains(char::is_uppercase);
    0..word.match_indices('-').map(|(at, _)| at).find(|at| small(&word[at + 1..])).unwrap_or(word.len())
}

fn hash_part(bytes: &[u8]) -> u32 {
    (hash(bytes) >> 32) as u32
}

fn shape_of(token: &Token, tailed: bool) -> u8 {
    if token.looks(Shape::POSSESSIVE) {
        return 1;
    }
    if !token.looks(Shape::WORD) {
        return if token.looks(Shape::NUMBER) { 2 } else { 3 };
    }
    let small = !token.looks(Shape::CAPITALISED);
    match () {
        () if small && token.looks(Shape::INNER_CAPITAL) => 4,
        () if small => 5,
        () if token.looks(Shape::LETTER) => 6 + u8::from(token.looks(Shape::STOPPED)),
        () if tailed => 8,
        () if token.looks(Shape::CAPITALS) => 9 + u8::from(token.looks(Shape::STOPPED)),
        () if token.looks(Shape::HYPHENATED) => 11,
        () if token.looks(Shape::STOPPED) => 12,
        () if token.looks(Shape::INNER_CAPITAL) => 13,
        () => 14,
    }
}

/// Returns a hash of the runs of capitals, small letters, digits and signs of a word.
fn pattern(bytes: &[u8]) -> u32 {
    let mut sum = 0_u32;
    let mut last = 0;
    for byte in bytes {
        let kind = match byte {
            b'A'..=b'Z' => 1,
            b'a'..=b'z' => 2,
            b'0'..=b'9' => 3,
            0x80.. => 4,
            sign => u32::from(*sign),
        };
        if kind != last || kind == 3 {
            sum = (sum.rotate_left(7) ^ kind).wrapping_mul(0x9E37_79B1);
            last = kind;
        }
    }
    sum
}

/// Returns what the word lists say of a token: the first of these that holds it.
pub fn kind_of(token: &Token) -> u8 {
    const KINDS: [Class; 18] = [
        Class::TITLE,
        Class::SAY,
        Class::WEEKDAY,
        Class::MONTH,
        Class::BODY_WORD,
        Class::PLACE,
        Class::DEMONYM,
        Class::MALE_NAME.or(Class::FEMALE_NAME),
        Class::PRONOUN.or(Class::POSSESSOR),
        Class::PREPOSITION,
        Class::DETERMINER,
        Class::PERSON_NOUN,
        Class::GROUP_NOUN,
        Class::SPEECH,
        Class::AUXILIARY.or(Class::MODAL),
        Class::VERB,
        Class::RANK,
        Class::FUNCTION,
    ];
    const ANY: Class = {
        let (mut any, mut at) = (Class(0), 0);
        while at < KINDS.len() {
            any = any.or(KINDS[at]);
            at += 1;
        }
        any
    };
    if !token.looks(Shape::WORD) {
        return if token.looks(Shape::NUMBER) { 31 } else { 30 };
    }
    if !token.is(ANY) {
        return 0;
    }
    KINDS.iter().position(|class| token.is(*class)).map_or(0, |at| at as u8 + 1)
}
