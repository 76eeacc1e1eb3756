//! Cuts text into words and folds them, the same way for an article and for a query.
//!
//! In: text. Out: byte ranges of words, their folded forms, and the stem of a folded form. Deliberately knows no
//! field and no index. A word is a run of letters, digits and combining marks with apostrophes inside
//! ("O'Brien", "Israel's"); a number keeps its inner points and commas ("1,000.5"); an acronym its dots ("U.N.");
//! in scripts written without spaces every character is a word of its own, and words are phrases.
//! Folding lowers the case and drops accents, dots of acronyms and commas of numbers; curly apostrophes turn straight.

pub mod tongue;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

/// Folded words longer than this many bytes are cut, in text and query alike.
pub const WORD_LIMIT: usize = 120;

/// Returns the words of a text as byte ranges, in order.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// The words of a text; see [`words`].
#[derive(Clone, Debug)]
pub struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            let class = CLASSES[usize::from(*bytes.get(start)?)];
            if matches!(class, Class::Joint | Class::Other) {
                self.at += 1;
                continue;
            }
            if class != Class::Wide {
                // Most words are plain, and what stands behind them joins nothing to them.
                let end = plain_end(bytes, start);
                let behind = |at: usize| bytes.get(at).map_or(Class::Other, |byte| CLASSES[usize::from(*byte)]);
                let ends = match behind(end) {
                    Class::Joint => matches!(behind(end + 1), Class::Joint | Class::Other),
                    class => class == Class::Other,
                };
                if ends {
                    // Behind the sign, too, where there is one: it starts no word.
                    self.at = end + 1;
                    return Some(start..end);
                }
                return Some(self.take_word());
            }
            let letter = char_at(self.text, self.at);
            if is_unspaced(letter) {
                return Some(self.take_unspaced(letter));
            }
            if letter.is_alphanumeric() {
                return Some(self.take_word());
            }
            self.at += letter.len_utf8();
        }
    }
}

/// What a byte can be in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// An apostrophe, a point or a comma: inside a word, or between two.
    Joint,
    /// A part of a character that is not ASCII.
    Wide,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'.' | b',' => Class::Joint,
            0x80.. => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

impl Words<'_> {
    /// Takes the word that starts at the current place.
    fn take_word(&mut self) -> Range<usize> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if bytes.get(start + 1) == Some(&b'.')
            && let Some(end) = acronym_end(self.text, start)
        {
            self.at = end;
            return start..end;
        }
        let mut at = start;
        loop {
            at = plain_end(bytes, at);
            let Some(next) = bytes.get(at) else { break };
            match CLASSES[usize::from(*next)] {
                Class::Joint if joins(self.text, at, 1) => at += 1,
                Class::Wide => {
                    let letter = char_at(self.text, at);
                    let length = letter.len_utf8();
                    let inside = (letter.is_alphanumeric() && !is_unspaced(letter)) || is_mark(letter);
                    if !(inside || is_apostrophe(letter) && joins(self.text, at, length)) {
                        break;
                    }
                    at += length;
                }
                _ => break,
            }
        }
        self.at = at;
        start..at
    }

    /// Takes one character of a script without spaces, with its combining marks.
    fn take_unspaced(&mut self, first: char) -> Range<usize> {
        let start = self.at;
        self.at += first.len_utf8();
        while let Some(mark) = self.text[self.at..].chars().next().filter(|next| is_mark(*next)) {
            self.at += mark.len_utf8();
        }
        start..self.at
    }
}

/// Returns where the run of ASCII letters and digits that starts at `at` ends.
///
/// Looks at eight bytes at a time: a loop over bytes ends where the processor does not expect it, once a word.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let plain = plain_bytes(u64::from_le_bytes(*eight));
        if plain != HIGH_BITS {
            return at + (plain ^ HIGH_BITS).trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let plain = |byte: &u8| matches!(CLASSES[usize::from(*byte)], Class::Letter | Class::Digit);
    at + rest.iter().position(|byte| !plain(byte)).unwrap_or(rest.len())
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Returns the high bit of each byte that is an ASCII letter or digit.
const fn plain_bytes(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const fn from(bytes: u64, first: u8) -> u64 {
        bytes + ONES * (0x80 - first as u64)
    }
    // Bytes without their high bit: an addition never carries into the next one.
    let low = bytes & !HIGH_BITS;
    let lower = low | (ONES * 0x20);
    let letter = from(lower, b'a') & !from(lower, b'z' + 1);
    let digit = from(low, b'0') & !from(low, b'9' + 1);
    (letter | digit) & !bytes & HIGH_BITS
}

/// Returns whether the apostrophe, point or comma of `length` bytes at `at` stands inside a word.
fn joins(text: &str, at: usize, length: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(after) = bytes.get(at + length) else { return false };
    if matches!(bytes[at], b'.' | b',') {
        return after.is_ascii_digit() && at > 0 && bytes[at - 1].is_ascii_digit();
    }
    if after.is_ascii() {
        return after.is_ascii_alphabetic();
    }
    let after = char_at(text, at + length);
    after.is_alphabetic() && !is_unspaced(after)
}

/// Returns where the acronym with dots that starts here ends ("U.S." but not "a. Then").
fn acronym_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let pair = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && bytes.get(at + 1) == Some(&b'.');
    if !pair(start) || !pair(start + 2) {
        return None;
    }
    let mut at = start;
    while pair(at) {
        at += 2;
    }
    // "U.S.A" and "e.g.the": a longer word behind the last dot is not part of the acronym.
    let lone = bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
        && !bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || !next.is_ascii());
    Some(if lone { at + 1 } else { at })
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\0')
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '\u{02BC}' | '\u{FF07}' | '\u{2032}')
}

/// Returns whether a character only modifies the one before it.
fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter) || matches!(letter, '\u{00AD}' | '\u{200C}' | '\u{200D}')
}

/// Returns whether a character belongs to a script that writes no spaces between words.
fn is_unspaced(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D | 0x20000..=0x3FFFF)
        && letter.is_alphanumeric()
}

/// Writes the folded form of a word into `out`, replacing what it held.
pub fn fold_into(word: &str, out: &mut String) {
    out.clear();
    let bytes = word.as_bytes();
    if !bytes.iter().any(|byte| !byte.is_ascii() || matches!(byte, b',' | b'.')) {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else if word.is_ascii() {
        let drops_dots = !bytes[0].is_ascii_digit();
        for &byte in bytes {
            match byte {
                b',' => {}
                b'.' if drops_dots => {}
                _ => out.push(byte.to_ascii_lowercase() as char),
            }
        }
    } else {
        fold_unicode(word, out);
    }
    if out.len() > WORD_LIMIT {
        let mut cut = WORD_LIMIT;
        while !out.is_char_boundary(cut) {
            cut -= 1;
        }
        out.truncate(cut);
    }
}

/// A folded word has so many bytes at most to be packed.
pub const PACKED_LIMIT: usize = 15;

/// Returns a word of few bytes as one number: its bytes, the first one lowest, and their count in the highest.
pub fn pack(word: &[u8]) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes[..PACKED_LIMIT].get_mut(..word.len())?.copy_from_slice(word);
    bytes[PACKED_LIMIT] = word.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

/// Returns the folded form of a word of a text, packed, where that takes no more than lowering its case.
pub fn fold_packed(text: &[u8], word: Range<usize>) -> Option<u128> {
    const ONES: u128 = u128::MAX / 0xFF;
    const HIGH: u128 = ONES * 0x80;
    let length = word.len();
    if length == 0 || length > PACKED_LIMIT {
        return None;
    }
    let packed = match text.get(word.start..).and_then(<[u8]>::first_chunk) {
        Some(sixteen) => u128::from_le_bytes(*sixteen) & (u128::MAX >> (128 - 8 * length)),
        None => pack(&text[word])? & (u128::MAX >> 8),
    };
    // Commas and points differ in one bit; what is left of them is zero, and borrows when one is taken away.
    let joints = (packed ^ (ONES * u128::from(b','))) & (ONES * u128::from(!(b',' ^ b'.')));
    if (packed | joints.wrapping_sub(ONES) & !joints) & HIGH != 0 {
        return None;
    }
    let from = |first: u8| packed + ONES * u128::from(0x80 - first);
    let capitals = from(b'A') & !from(b'Z' + 1) & HIGH;
    Some(packed | capitals >> 2 | (length as u128) << 120)
}

fn fold_unicode(word: &str, out: &mut String) {
    let is_accent = |letter: char| matches!(u32::from(letter), 0x0300..=0x036F | 0x00AD | 0x200C | 0x200D);
    let letters = word.nfkd().filter(|letter| !is_accent(*letter)).nfc().flat_map(char::to_lowercase);
    for letter in letters.filter(|letter| !is_accent(*letter)) {
        match letter {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            letter if is_apostrophe(letter) => out.push('\''),
            letter => out.push(letter),
        }
    }
}

/// Returns the folded form of a word.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    if !word.is_empty() {
        fold_into(word, &mut out);
    }
    out
}

/// Returns the folded words of a text, in order.
pub fn terms(text: &str) -> Vec<String> {
    words(text).map(|range| fold(&text[range])).collect()
}

/// Returns the stem of a folded English word (Snowball's English stemmer, "Porter2"); a possessive 's falls first.
pub fn stem(term: &str) -> Cow<'_, str> {
    static STEMMER: OnceLock<Stemmer> = OnceLock::new();
    let stemmer = STEMMER.get_or_init(|| Stemmer::new(Algorithm::English));
    let bare = term.strip_suffix("'s").unwrap_or(term);
    if bare.len() > 64 || !bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'\'') {
        return Cow::Borrowed(bare);
    }
    stemmer.stem(bare)
}

/// Words whose stem does not share its first letters with them, by stem (from the exceptions of Snowball's English).
const SPLIT_STEMS: &[(&str, &str)] = &[("die", "dying"), ("lie", "lying"), ("tie", "tying"), ("sky", "skies")];

/// Returns the prefix that every word with this stem begins with, and the exceptions that do not.
///
/// English stems replace at most the last letter of what they keep: `happi` stands for "happy" (y became i), `possibl`
/// for "possibility" (bili became bl) and `live` for "living" (an e came back).
pub fn stem_prefix(stem: &str) -> (&str, impl Iterator<Item = &'static str>) {
    let replaced = ["bl", "i", "e"].iter().any(|end| stem.ends_with(end)) && stem.len() > 1;
    let kept = if replaced { stem.len() - 1 } else { stem.len() };
    let exceptions = SPLIT_STEMS.iter().filter(move |(of, _)| *of == stem).map(|(_, word)| *word);
    (&stem[..kept], exceptions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(terms(text), expected, "{text:?}");
    }

    #[test]
    fn cuts_words() {
        check("", &[]);
        check("The official's plan.", &["the", "official's", "plan"]);
        check("O’Brien said: ‘No’", &["o'brien", "said", "no"]);
        check("Iranian-backed forces", &["iranian", "backed", "forces"]);
        check("the U.S. and U.N., a.m. too", &["the", "us", "and", "un", "am", "too"]);
        check("U.S.A and e.g.this", &["usa", "and", "eg", "this"]);
        check("a. Then b.", &["a", "then", "b"]);
        check("1,000.5 of 3.", &["1000.5", "of", "3"]);
        check("workers' rights", &["workers", "rights"]);
        check("''Wire copy''", &["wire", "copy"]);
    }

    #[test]
    fn eight_bytes_at_a_time_are_the_same_as_one() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut eight = *b"aaaaaaaa";
                eight[place] = byte;
                let end = if byte.is_ascii_alphanumeric() { 8 } else { place };
                assert_eq!(plain_end(&eight, 0), end, "byte {byte} at {place}");
                assert_eq!(plain_end(&eight[..=place], 0), end.min(place + 1), "byte {byte} at the end, {place}");
            }
        }
    }

    #[test]
    fn packed_words_are_the_folded_ones() {
        let text = "The UN's \u{c9}lys\u{e9}e AZaz09@[`{ 1,000.5 U.S. internationalis internationalisation Zz end";
        let mut folded = String::new();
        for (number, word) in words(text).enumerate() {
            fold_into(&text[word.clone()], &mut folded);
            match fold_packed(text.as_bytes(), word.clone()) {
                Some(packed) => assert_eq!(Some(packed), pack(folded.as_bytes()), "{folded}"),
                None => assert!([2, 4, 5, 7].contains(&number), "{number} {folded}"),
            }
        }
        for byte in 0..0x80_u8 {
            let word = [b'q', byte, b'Q'];
            let word = std::str::from_utf8(&word).expect("three letters");
            fold_into(word, &mut folded);
            let packed = fold_packed(word.as_bytes(), 0..3);
            assert_eq!(packed.is_none(), matches!(byte, b',' | b'.'), "{word:?}");
            assert!(packed.is_none() || packed == pack(folded.as_bytes()), "{word:?}");
        }
        assert_eq!((pack(&[b'a'; 15]).is_some(), pack(&[b'a'; 16]), pack(b"")), (true, None, Some(0)));
    }

    #[test]
    fn folds_accents_and_scripts() {
        check("São Núñez Łódź Straße Ærø", &["sao", "nunez", "lodz", "strasse", "aero"]);
        check("e\u{301}te\u{301}", &["ete"]);
        check("停戦 ceasefire", &["停", "戦", "ceasefire"]);
        check("ＡＢＣ", &["abc"]);
        check("한국", &["한국"]);
    }

    #[test]
    fn stems() {
        for (word, expected) in [
            ("talks", "talk"),
            ("israel's", "israel"),
            ("families", "famili"),
            ("was", "was"),
            ("1000.5", "1000.5"),
            ("停", "停"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }

    /// The dictionary is searched by the prefix of a stem: a word outside it would never be found.
    #[test]
    fn every_word_is_found_by_the_prefix_of_its_stem() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let mut seen = 0;
        for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            for term in terms(&text) {
                check_prefix(&term);
                seen += 1;
            }
        }
        for word in
            ["possibility", "notably", "dying", "skies", "happily", "relational", "generously", "only", "hopping"]
        {
            check_prefix(word);
        }
        assert!(seen > 5_000, "the corpus holds {seen} words");
    }

    fn check_prefix(word: &str) {
        let stem = stem(word);
        let (prefix, mut exceptions) = stem_prefix(&stem);
        assert!(word.starts_with(prefix) || exceptions.any(|other| other == word), "{word} has the stem {stem}");
    }
}
