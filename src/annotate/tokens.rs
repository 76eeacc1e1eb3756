//! Text → tokens: words, numbers, punctuation and quotation marks, each with what the word lists say about it.
//!
//! In: a text and the stretch to read. Out: [`Token`]s in text order. One pass over the bytes; every word is looked
//! up once, by a hash of its lower-cased bytes, and nothing is copied. Knows nothing of sentences or quotes.
//!
//! What counts as one token: a word with inner apostrophes, hyphens and ampersands ("don't", "Jean-Pierre", "AT&T"),
//! an abbreviation with its full stop ("U.S.", "Sen.", "J."), a number with its separators ("1,250.5"), a possessive
//! ("'s"), a quotation mark (`''` and ` `` ` are one), any other sign.

use crate::annotate::lexicon::{self, Class};
use crate::article::Span;

/// A word, number or sign: where it stands, what it looks like and which word lists hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// For words [`key`] of the word without its abbreviation stop, whatever its case; for signs the code point.
    pub key: u32,
    /// What it looks like.
    pub shape: Shape,
    /// The word lists that hold it.
    pub class: Class,
}

impl Token {
    /// Returns where the token stands.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// Returns whether the token has one of the shapes.
    pub fn looks(&self, shape: Shape) -> bool {
        self.shape.0 & shape.0 != 0
    }

    /// Returns whether the token is a word with a capital where names have one.
    pub fn has_capital(&self) -> bool {
        self.looks(Shape::CAPITALISED.or(Shape::INNER_CAPITAL))
    }

    /// Returns whether one of the word lists holds the token.
    pub fn is(&self, class: Class) -> bool {
        self.class.0 & class.0 != 0
    }

    /// Returns whether the token is that sign.
    pub fn sign(&self, sign: char) -> bool {
        self.key == sign as u32 && !self.looks(Shape::WORD)
    }

    /// Returns whether the token is that word, whatever its case; make the key with [`key`].
    pub fn word(&self, key: u32) -> bool {
        self.key == key && self.looks(Shape::WORD)
    }
}

/// What a token looks like: a set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(pub u16);

impl Shape {
    /// Letters, possibly with digits.
    pub const WORD: Shape = Shape(1);
    /// Starts with a digit.
    pub const NUMBER: Shape = Shape(1 << 1);
    /// A sign that is neither word nor number.
    pub const SIGN: Shape = Shape(1 << 2);
    /// Starts with an upper-case letter.
    pub const CAPITALISED: Shape = Shape(1 << 3);
    /// Two letters or more, all of them upper case.
    pub const CAPITALS: Shape = Shape(1 << 4);
    /// An abbreviation with its full stop.
    pub const STOPPED: Shape = Shape(1 << 5);
    /// A possessive "'s".
    pub const POSSESSIVE: Shape = Shape(1 << 6);
    /// A double quotation mark of any style.
    pub const MARK: Shape = Shape(1 << 7);
    /// A single quotation mark or free apostrophe.
    pub const SINGLE_MARK: Shape = Shape(1 << 8);
    /// No white space before it.
    pub const GLUED: Shape = Shape(1 << 9);
    /// The first token of a line.
    pub const LINE_START: Shape = Shape(1 << 10);
    /// A word with an inner hyphen.
    pub const HYPHENATED: Shape = Shape(1 << 12);
    /// A word with a capital behind its first letter, not all of them.
    pub const INNER_CAPITAL: Shape = Shape(1 << 11);
    /// One single letter.
    pub const LETTER: Shape = Shape(1 << 13);

    /// Returns both sets as one.
    pub const fn or(self, other: Shape) -> Shape {
        Shape(self.0 | other.0)
    }
}

/// Returns the key of a word: a hash of its bytes, the same for upper and lower case of Latin letters.
pub const fn key(word: &str) -> u32 {
    (hash(word.as_bytes()) >> 32) as u32
}

/// Returns a 64-bit hash of a word that ignores the case of Latin letters.
pub(in crate::annotate) const fn hash(bytes: &[u8]) -> u64 {
    let mut sum = bytes.len() as u64;
    let mut at = 0;
    while at < bytes.len() {
        let mut chunk = 0_u64;
        let mut shift = 0;
        while shift < 64 && at < bytes.len() {
            chunk |= ((bytes[at] | 0x20) as u64) << shift;
            shift += 8;
            at += 1;
        }
        sum = mix(sum, chunk);
    }
    finish(sum)
}

/// Returns [`hash`] of `text[start..end]`, eight bytes at a time where the text has them.
fn hash_within(text: &[u8], start: usize, end: usize) -> u64 {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let length = end - start;
    let Some(first) = text.get(start..).and_then(<[u8]>::first_chunk).filter(|_| length <= 8) else {
        return hash(&text[start..end]);
    };
    let chunk = (u64::from_le_bytes(*first) | LOWER) & (u64::MAX >> (64 - 8 * length));
    finish(mix(length as u64, chunk))
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

const fn mix(sum: u64, chunk: u64) -> u64 {
    (sum.rotate_left(23) ^ chunk).wrapping_mul(FACTOR)
}

const fn finish(sum: u64) -> u64 {
    let folded = sum ^ (sum >> 29);
    folded.wrapping_mul(FACTOR)
}

/// Returns where the run of lower-case Latin letters that starts at `at` ends, eight bytes at a time.
fn lower_end(bytes: &[u8], mut at: usize) -> usize {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        let low = eight & !HIGH_BITS;
        let from = |first: u8| low + ONES * (0x80 - u64::from(first));
        let others = !(from(b'a') & !from(b'z' + 1) & !eight) & HIGH_BITS;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len())
}

/// Appends the tokens of `text[within]` to `tokens`.
pub fn tokenise(text: &str, within: Span, tokens: &mut Vec<Token>) {
    let range = within.range();
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: range.start, end: range.end };
    tokens.reserve(range.len() / 5);
    let mut flags = Shape::LINE_START;
    while scanner.at < scanner.end {
        let byte = scanner.bytes[scanner.at];
        match KINDS[byte as usize] {
            Kind::Space => {
                flags.0 &= !Shape::GLUED.0;
                scanner.at += 1;
            }
            Kind::Break => {
                flags = Shape::LINE_START;
                scanner.at += 1;
            }
            Kind::Letter | Kind::Digit => {
                tokens.push(scanner.word(flags));
                flags = Shape::GLUED;
                if scanner.at < scanner.end && scanner.bytes[scanner.at] == b' ' {
                    flags = Shape::default();
                    scanner.at += 1;
                }
            }
            Kind::Sign => {
                tokens.push(scanner.sign(flags));
                flags = Shape::GLUED;
            }
            Kind::High => {
                let sign = scanner.char_at(scanner.at);
                if sign.is_alphanumeric() {
                    tokens.push(scanner.word(flags));
                    flags = Shape::GLUED;
                } else if is_space(sign) {
                    scanner.at += sign.len_utf8();
                    if matches!(sign, '\u{2028}' | '\u{2029}' | '\u{85}') {
                        flags = Shape::LINE_START;
                    } else {
                        flags.0 &= !Shape::GLUED.0;
                    }
                } else {
                    tokens.push(scanner.sign(flags));
                    flags = Shape::GLUED;
                }
            }
        }
    }
}

/// What a byte can start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Break,
    Letter,
    Digit,
    Sign,
    High,
}

const KINDS: [Kind; 256] = kinds();

const fn kinds() -> [Kind; 256] {
    let mut kinds = [Kind::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'\n' | b'\r' => Kind::Break,
            0..=b' ' | 0x7f => Kind::Space,
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            0x80.. => Kind::High,
            _ => Kind::Sign,
        };
        byte += 1;
    }
    kinds
}

/// The bytes that belong to no word, whatever stands around them.
const BORDERS: [bool; 256] = {
    let mut borders = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        borders[byte] = matches!(KINDS[byte], Kind::Space | Kind::Break | Kind::Sign)
            && !matches!(byte as u8, b'\'' | b'-' | b'&' | b'.');
        byte += 1;
    }
    borders
};

/// Returns whether the character only separates: white space and what has no width.
fn is_space(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns whether the character belongs to the word before it: marks that combine, joiners, soft hyphens.
fn continues(sign: char) -> bool {
    sign.is_alphanumeric()
        || matches!(sign, '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5C7}'
            | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{1AB0}'..='\u{1AFF}'
            | '\u{200C}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// A place in the text and what can be read from there.
struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    end: usize,
}

impl Scanner<'_> {
    /// Returns the character that starts at a byte, or a space past the end.
    fn char_at(&self, at: usize) -> char {
        if at >= self.end {
            return ' ';
        }
        let byte = self.bytes[at];
        if byte < 0x80 { byte as char } else { self.text[at..].chars().next().unwrap_or(' ') }
    }

    /// Returns whether a letter or digit starts at a byte.
    fn alphanumeric_at(&self, at: usize) -> bool {
        match self.bytes.get(at).filter(|_| at < self.end) {
            Some(byte) if *byte < 0x80 => byte.is_ascii_alphanumeric(),
            Some(_) => self.char_at(at).is_alphanumeric(),
            None => false,
        }
    }

    /// Reads one sign.
    fn sign(&mut self, flags: Shape) -> Token {
        let start = self.at;
        let sign = self.char_at(start);
        let doubled =
            matches!(sign, '\'' | '`') && self.bytes.get(start + 1) == Some(&(sign as u8)) && start + 1 < self.end;
        let mut shape = flags.or(Shape::SIGN);
        let mut key = sign as u32;
        let mut end = start + sign.len_utf8();
        match sign {
            '\'' | '`' if doubled => {
                shape = shape.or(Shape::MARK);
                end += 1;
                key = if sign == '`' { '“' as u32 } else { '"' as u32 };
            }
            '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => shape = shape.or(Shape::MARK),
            '\'' | '’' if self.possessive_at(end) => {
                shape = shape.or(Shape::POSSESSIVE);
                end += 1;
            }
            '\'' | '’' | '‘' | '`' | '‚' | '‹' | '›' => shape = shape.or(Shape::SINGLE_MARK),
            '.' => {
                while end < self.end && self.bytes[end] == b'.' {
                    end += 1;
                    key = '…' as u32;
                }
            }
            '-' => {
                while end < self.end && self.bytes[end] == b'-' {
                    end += 1;
                    key = '—' as u32;
                }
            }
            _ => {}
        }
        self.at = end;
        self.token(start, key, shape, Class::default())
    }

    /// Returns whether a lone "s" follows that glued to a word would be a possessive.
    fn possessive_at(&self, at: usize) -> bool {
        let letter = matches!(self.bytes.get(at), Some(b's' | b'S')) && at < self.end;
        letter && !self.alphanumeric_at(at + 1) && self.at > 0 && {
            let before = self.text[..self.at].chars().next_back().unwrap_or(' ');
            before.is_alphanumeric() || before == '.'
        }
    }

    /// Reads one word or number.
    fn word(&mut self, flags: Shape) -> Token {
        let start = self.at;
        let mut shape = flags;
        // Most words are small letters, perhaps behind a capital, and all of them are read at once.
        let capital = u32::from(self.bytes[start].is_ascii_uppercase());
        let mut at = lower_end(self.bytes, start + capital as usize).min(self.end);
        if at > start && (at == self.end || BORDERS[self.bytes[at] as usize]) {
            return self.plain_word(at, capital == 1, flags);
        }
        let (mut letters, mut uppers, mut stops, mut curly) = ((at - start) as u32, capital, 0_u32, false);
        while at < self.end {
            let byte = self.bytes[at];
            match byte {
                b'a'..=b'z' => letters += 1,
                b'A'..=b'Z' => {
                    letters += 1;
                    uppers += 1;
                }
                b'0'..=b'9' => {}
                0x80.. => {
                    let sign = self.char_at(at);
                    if continues(sign) {
                        letters += 1;
                        uppers += u32::from(sign.is_uppercase());
                    } else if matches!(sign, '’' | '\u{2011}') && self.joins(at, at + 3) {
                        curly |= sign == '’';
                    } else {
                        break;
                    }
                    at += sign.len_utf8() - 1;
                }
                b'\'' | b'-' | b'&' if self.joins(at, at + 1) => {
                    if byte == b'-' {
                        shape = shape.or(Shape::HYPHENATED);
                    }
                }
                b'.' | b',' | b':' if self.splits_number(start, at) => {}
                b'.' if self.dotted(at, letters) => stops += 1,
                _ => break,
            }
            at += 1;
        }
        let digit = self.bytes[start].is_ascii_digit();
        shape = shape.or(if digit && letters == 0 { Shape::NUMBER } else { Shape::WORD });
        if digit && letters > 0 {
            shape = shape.or(Shape::NUMBER);
        }
        if letters == 1 && at - start <= 4 {
            shape = shape.or(Shape::LETTER);
        }
        if uppers == letters && uppers > 1 {
            shape = shape.or(Shape::CAPITALS);
        }
        if uppers > 0 {
            let first = self.starts_upper(start);
            shape = shape.or(if first { Shape::CAPITALISED } else { Shape::INNER_CAPITAL });
            if first && uppers > 1 && uppers < letters {
                shape = shape.or(Shape::INNER_CAPITAL);
            }
        }
        let sum = if curly { hash_straight(&self.bytes[start..at]) } else { hash_within(self.bytes, start, at) };
        let class = lexicon::look_up(sum);
        if self.bytes.get(at) == Some(&b'.') && at < self.end && self.abbreviates(at, shape, class, stops) {
            shape = shape.or(Shape::STOPPED);
            at += 1;
        }
        self.at = at;
        self.token(start, (sum >> 32) as u32, shape, class)
    }

    /// Reads a word of small letters, perhaps behind a capital, up to its end.
    fn plain_word(&mut self, end: usize, capital: bool, flags: Shape) -> Token {
        let start = std::mem::replace(&mut self.at, end);
        let letter = if end - start == 1 { Shape::LETTER } else { Shape::default() };
        let capital = if capital { Shape::CAPITALISED } else { Shape::default() };
        let sum = hash_within(self.bytes, start, end);
        let shape = flags.or(Shape::WORD).or(letter).or(capital);
        self.token(start, (sum >> 32) as u32, shape, lexicon::look_up(sum))
    }

    fn starts_upper(&self, start: usize) -> bool {
        let byte = self.bytes[start];
        if byte < 0x80 { byte.is_ascii_uppercase() } else { self.char_at(start).is_uppercase() }
    }

    /// Returns whether an apostrophe, hyphen or ampersand joins two parts of a word; a possessive does not.
    fn joins(&self, at: usize, after: usize) -> bool {
        if !self.alphanumeric_at(after) {
            return false;
        }
        let apostrophe = self.bytes[at] != b'-' && self.bytes[at] != b'&' && self.char_at(at) != '\u{2011}';
        let possessive = matches!(self.bytes[after], b's' | b'S') && !self.alphanumeric_at(after + 1);
        !(apostrophe && possessive)
    }

    /// Returns whether a stop, comma or colon stands between two digits of a number.
    fn splits_number(&self, start: usize, at: usize) -> bool {
        at > start && self.bytes[at - 1].is_ascii_digit() && at + 1 < self.end && self.bytes[at + 1].is_ascii_digit()
    }

    /// Returns whether the stop is inside an abbreviation or an address: "U.S", "a.m", "news.example".
    fn dotted(&self, at: usize, letters: u32) -> bool {
        let Some(next) = self.bytes.get(at + 1).filter(|_| at + 1 < self.end) else { return false };
        if !next.is_ascii_alphabetic() || letters == 0 {
            return false;
        }
        let alone = |at: usize| !self.alphanumeric_at(at);
        let single_before = at < 2 || !self.bytes[at - 2].is_ascii_alphanumeric();
        let single_after = alone(at + 2);
        single_before && single_after || next.is_ascii_lowercase() && self.bytes[at - 1].is_ascii_alphanumeric()
    }

    /// Returns whether the stop after a word belongs to the word.
    fn abbreviates(&self, stop: usize, shape: Shape, class: Class, stops: u32) -> bool {
        let capitalised = shape.0 & Shape::CAPITALISED.0 != 0;
        let letter = shape.0 & Shape::LETTER.0 != 0;
        let dotted = stops > 0 && stop >= 2 && self.bytes[stop - 2] == b'.';
        dotted
            || letter && capitalised
            || class.0 & Class::ABBREVIATION.0 != 0 && (capitalised || class.0 & Class::SMALL_ABBREVIATION.0 != 0)
    }

    fn token(&self, start: usize, key: u32, shape: Shape, class: Class) -> Token {
        let span = Span { start: start as u32, end: self.at as u32 };
        Token { start: span.start, end: span.end.max(span.start), key, shape, class }
    }
}

/// Returns the hash of a word with its curly apostrophes straightened.
fn hash_straight(bytes: &[u8]) -> u64 {
    let mut buffer = [0_u8; 64];
    let (mut length, mut at) = (0, 0);
    while at < bytes.len() && length < buffer.len() {
        if bytes[at..].starts_with("’".as_bytes()) {
            buffer[length] = b'\'';
            at += 3;
        } else {
            buffer[length] = bytes[at];
            at += 1;
        }
        length += 1;
    }
    hash(&buffer[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_a_time_are_the_same_as_one() {
        let text = "The OFFICIAL'S plan, in Zürich: ceasefire-talks over 1,250 hostages.";
        for start in 0..text.len() {
            for end in start + 1..=text.len() {
                assert_eq!(
                    hash_within(text.as_bytes(), start, end),
                    hash(&text.as_bytes()[start..end]),
                    "{start}..{end}"
                );
            }
            let rest = &text.as_bytes()[start..];
            let small = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            assert_eq!(lower_end(text.as_bytes(), start), start + small, "{start}");
        }
    }
}
