//! The word lists, compiled in: one look-up of a word's hash gives every class it belongs to.
//!
//! In: the files of `words/`, one word a line (`cues.txt`: one verb a line with its forms). Out: [`Class`], a set of
//! flags. The lists are our own; a test looks at every row. Multi-word entries do not exist: rules join words.

use crate::annotate::tokens::hash;

/// The word lists that hold a word: a set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class(pub u64);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident $bit:literal,)*) => {
        impl Class {
            $($(#[$doc])* pub const $name: Class = Class(1 << $bit);)*
        }
    };
}

classes! {
    /// To say, in any form.
    SAY 0,
    /// Verbs of saying.
    SPEECH 1,
    /// Verbs whose object is what was said: accuse, praise, blame.
    OBJECT_CUE 2,
    /// Verbs of belief and wish.
    MENTAL 3,
    /// A verb's third person or past.
    FINITE 4,
    /// A verb's base form.
    BASE 5,
    /// A verb's form in -ing.
    ING 6,
    /// A verb's past participle.
    PARTICIPLE 7,
    /// A verb form that is as often a noun: report, claim.
    NOUNISH 8,
    /// Forms of be, have and do.
    AUXILIARY 9,
    /// Will, would, can.
    MODAL 10,
    /// Not, never.
    NEGATION 11,
    /// Common adverbs.
    ADVERB 12,
    /// What stands before a name: President, Sen.
    TITLE 13,
    /// Titles of men.
    MALE_TITLE 14,
    /// Titles of women.
    FEMALE_TITLE 15,
    /// First names of men.
    MALE_NAME 16,
    /// First names of women.
    FEMALE_NAME 17,
    /// He, him, his, himself.
    HE 18,
    /// She, her, herself.
    SHE 19,
    /// They and other plurals.
    THEY 20,
    /// A pronoun that can be the subject of a verb.
    PRONOUN 21,
    /// Who, which.
    RELATIVE 22,
    /// Articles and demonstratives.
    DETERMINER 23,
    /// My, his, their.
    POSSESSOR 24,
    /// Prepositions.
    PREPOSITION 25,
    /// And, or, but.
    CONJUNCTION 26,
    /// Words that open a clause: that, because, when.
    SUBORDINATOR 27,
    /// Nouns for people: official, spokesman, mother.
    PERSON_NOUN 28,
    /// Nouns for bodies: ministry, campaign, court.
    GROUP_NOUN 29,
    /// Nouns for what is written or shown: report, letter, poll.
    DOCUMENT_NOUN 30,
    /// Nouns for men.
    MALE_NOUN 31,
    /// Nouns for women.
    FEMALE_NOUN 32,
    /// Names of months.
    MONTH 33,
    /// Names of days.
    WEEKDAY 34,
    /// Short forms whose stop ends no sentence.
    ABBREVIATION 35,
    /// Short forms printed small: vs., etc.
    SMALL_ABBREVIATION 36,
    /// Every word of a closed class: no name consists of these.
    FUNCTION 37,
    /// One, two, hundred.
    NUMBER_WORD 38,
    /// Countries, states, large cities.
    PLACE 39,
    /// Words for a people or a country's own: French, Israeli.
    DEMONYM 40,
    /// Words that end or open the name of a body: Party, University, Inc.
    BODY_WORD 41,
    /// Small words inside names: van, de, al.
    PARTICLE 42,
    /// What follows a name: Jr., III.
    SUFFIX 43,
    /// Today, week, morning.
    TIME 44,
    /// Common verbs that are no cues, in finite forms.
    VERB 45,
    /// Adjectives of rank and kind before a person: senior, former, top.
    RANK 46,
    /// Abstract heads that no one speaks with, though capitalised often: House, Senate.
    PLACE_WORD 47,
    /// Nouns of saying: claim, warning.
    SPEECH_NOUN 58,
    /// Verbs of saying whose content may stand behind "to" or "on": pointed to a delay.
    TAKES_ONTO 59,
    /// Verbs of saying whose content may be a clause without "that": said it was late.
    TAKES_CLAUSE 60,
    /// Verbs of saying whose content may be "to" with a verb: promised to go.
    TAKES_TO 61,
    /// Verbs of saying with a hearer before the content: told reporters that.
    TAKES_PERSON 62,
    /// Verbs of saying whose content may stand behind a preposition: called for calm.
    TAKES_PREPOSITION 63,
}

impl Class {
    /// Returns both sets as one.
    pub const fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

/// A list of words and the classes that each of its words gets.
struct List {
    name: &'static str,
    text: &'static str,
    class: Class,
}

const CLOSED: Class = Class::FUNCTION;

/// Every list but `cues.txt`.
const LISTS: &[List] = &[
    List { name: "abbreviations", text: include_str!("words/abbreviations.txt"), class: Class::ABBREVIATION },
    List { name: "adverbs", text: include_str!("words/adverbs.txt"), class: Class::ADVERB },
    List { name: "auxiliaries", text: include_str!("words/auxiliaries.txt"), class: CLOSED.or(Class::AUXILIARY) },
    List { name: "bodies", text: include_str!("words/bodies.txt"), class: Class::BODY_WORD },
    List { name: "conjunctions", text: include_str!("words/conjunctions.txt"), class: CLOSED.or(Class::CONJUNCTION) },
    List { name: "demonyms", text: include_str!("words/demonyms.txt"), class: Class::DEMONYM },
    List { name: "determiners", text: include_str!("words/determiners.txt"), class: CLOSED.or(Class::DETERMINER) },
    List { name: "documents", text: include_str!("words/documents.txt"), class: Class::DOCUMENT_NOUN },
    List { name: "female_names", text: include_str!("words/female_names.txt"), class: Class::FEMALE_NAME },
    List {
        name: "female_nouns",
        text: include_str!("words/female_nouns.txt"),
        class: Class::FEMALE_NOUN.or(Class::PERSON_NOUN),
    },
    List {
        name: "female_titles",
        text: include_str!("words/female_titles.txt"),
        class: Class::FEMALE_TITLE.or(Class::TITLE),
    },
    List { name: "groups", text: include_str!("words/groups.txt"), class: Class::GROUP_NOUN },
    List { name: "he", text: include_str!("words/he.txt"), class: CLOSED.or(Class::HE) },
    List { name: "male_names", text: include_str!("words/male_names.txt"), class: Class::MALE_NAME },
    List {
        name: "male_nouns",
        text: include_str!("words/male_nouns.txt"),
        class: Class::MALE_NOUN.or(Class::PERSON_NOUN),
    },
    List {
        name: "male_titles",
        text: include_str!("words/male_titles.txt"),
        class: Class::MALE_TITLE.or(Class::TITLE),
    },
    List { name: "modals", text: include_str!("words/modals.txt"), class: CLOSED.or(Class::MODAL) },
    List { name: "months", text: include_str!("words/months.txt"), class: Class::MONTH },
    List { name: "negations", text: include_str!("words/negations.txt"), class: CLOSED.or(Class::NEGATION) },
    List { name: "numbers", text: include_str!("words/numbers.txt"), class: Class::NUMBER_WORD },
    List { name: "particles", text: include_str!("words/particles.txt"), class: Class::PARTICLE },
    List { name: "people", text: include_str!("words/people.txt"), class: Class::PERSON_NOUN },
    List { name: "places", text: include_str!("words/places.txt"), class: Class::PLACE },
    List { name: "possessors", text: include_str!("words/possessors.txt"), class: CLOSED.or(Class::POSSESSOR) },
    List { name: "prepositions", text: include_str!("words/prepositions.txt"), class: CLOSED.or(Class::PREPOSITION) },
    List { name: "pronouns", text: include_str!("words/pronouns.txt"), class: CLOSED.or(Class::PRONOUN) },
    List { name: "ranks", text: include_str!("words/ranks.txt"), class: Class::RANK },
    List { name: "relatives", text: include_str!("words/relatives.txt"), class: CLOSED.or(Class::RELATIVE) },
    List { name: "she", text: include_str!("words/she.txt"), class: CLOSED.or(Class::SHE) },
    List {
        name: "small_abbreviations",
        text: include_str!("words/small_abbreviations.txt"),
        class: Class::ABBREVIATION.or(Class::SMALL_ABBREVIATION),
    },
    List {
        name: "subordinators",
        text: include_str!("words/subordinators.txt"),
        class: CLOSED.or(Class::SUBORDINATOR),
    },
    List { name: "suffixes", text: include_str!("words/suffixes.txt"), class: Class::SUFFIX },
    List { name: "they", text: include_str!("words/they.txt"), class: CLOSED.or(Class::THEY) },
    List { name: "times", text: include_str!("words/times.txt"), class: Class::TIME },
    List { name: "titles", text: include_str!("words/titles.txt"), class: Class::TITLE },
    List { name: "verbs", text: include_str!("words/verbs.txt"), class: Class::VERB },
    List { name: "weekdays", text: include_str!("words/weekdays.txt"), class: Class::WEEKDAY },
];

const CUES: &str = include_str!("words/cues.txt");
const SPEECH_NOUNS: &str = include_str!("words/speech_nouns.txt");

/// Returns the classes of the word with that hash.
pub(in crate::annotate) fn look_up(hash: u64) -> Class {
    TABLE.look_up(hash)
}

/// Made when the program is: a short command has no time to read lists.
static TABLE: Table = Table::build();

/// A hash table from 64-bit hashes to classes; the hash stands for the word.
struct Table {
    slots: [(u64, Class); SLOTS],
    /// One bit for each hash, by other bits of it: small enough to stay in the cache, it tells most words of no list.
    listed: [u64; LISTED_WORDS],
}

/// Returns the word and the bit of [`Table::listed`] that stand for a hash.
const fn listed_bit(hash: u64) -> (usize, u64) {
    ((hash as usize >> 6) & (LISTED_WORDS - 1), 1 << (hash & 63))
}

const SLOT_BITS: u32 = 14;
const SLOTS: usize = 1 << SLOT_BITS;
const LISTED_WORDS: usize = 1 << 10;

impl Table {
    const fn build() -> Table {
        let mut table = Table { slots: [(0, Class(0)); SLOTS], listed: [0; LISTED_WORDS] };
        let mut number = 0;
        while number < LISTS.len() {
            assert!(!LISTS[number].name.is_empty(), "a list has a name");
            let mut rows = Rows::of(LISTS[number].text);
            while let Some(word) = rows.next() {
                table.add(word, LISTS[number].class);
            }
            number += 1;
        }
        let mut rows = Rows::of(CUES);
        while let Some(row) = rows.next() {
            let (forms, classes) = cue_forms(row);
            let mut number = 0;
            while number < forms.len() {
                table.add(forms[number], classes[number]);
                number += 1;
            }
        }
        let mut rows = Rows::of(SPEECH_NOUNS);
        while let Some(row) = rows.next() {
            // What stands behind the noun is looked at where the noun is met.
            table.add(first_word(row).0, Class::SPEECH_NOUN);
        }
        table
    }

    const fn add(&mut self, word: &[u8], class: Class) {
        let hash = hash(word);
        let mut slot = (hash >> (64 - SLOT_BITS)) as usize;
        while self.slots[slot].0 != 0 && self.slots[slot].0 != hash {
            slot = (slot + 1) & (SLOTS - 1);
        }
        self.slots[slot] = (hash, self.slots[slot].1.or(class));
        let (word, bit) = listed_bit(hash);
        self.listed[word] |= bit;
    }

    fn look_up(&self, hash: u64) -> Class {
        let (word, bit) = listed_bit(hash);
        if self.listed[word] & bit == 0 {
            return Class::default();
        }
        let mut slot = (hash >> (64 - SLOT_BITS)) as usize;
        loop {
            let (found, class) = self.slots[slot];
            if found == hash {
                return class;
            }
            if found == 0 {
                return Class::default();
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }
}

/// Returns the rows of a list: every line after the first, which names source and licence.
pub(in crate::annotate) fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().skip(1).map(str::trim).filter(|line| !line.is_empty())
}

/// The same rows, while the program is made.
struct Rows {
    rest: &'static [u8],
}

impl Rows {
    const fn of(text: &'static str) -> Rows {
        Rows { rest: line(text.as_bytes()).1 }
    }

    const fn next(&mut self) -> Option<&'static [u8]> {
        while !self.rest.is_empty() {
            let (row, rest) = line(self.rest);
            self.rest = rest;
            let row = row.trim_ascii();
            if !row.is_empty() {
                return Some(row);
            }
        }
        None
    }
}

/// Returns what stands before the first line break, and behind it.
const fn line(text: &[u8]) -> (&[u8], &[u8]) {
    cut(text, b'\n')
}

/// Returns the first word of a row, and the others.
const fn first_word(row: &[u8]) -> (&[u8], &[u8]) {
    cut(row.trim_ascii(), b' ')
}

const fn cut(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    let mut length = 0;
    while length < text.len() && text[length] != at {
        length += 1;
    }
    let (before, rest) = text.split_at(length);
    (before, if rest.is_empty() { rest } else { rest.split_at(1).1 })
}

const fn is(word: &[u8], other: &str) -> bool {
    let other = other.as_bytes();
    let mut at = 0;
    while at < word.len() && at < other.len() && word[at] == other[at] {
        at += 1;
    }
    at == word.len() && at == other.len()
}

/// Returns the forms of a verb of `cues.txt`, and the classes of each.
///
/// A row is `kind base third past participle ing` with marks behind: `noun` where base and third are as often nouns,
/// and what the verb takes: `clause` one without "that", `to` an infinitive, `person` a hearer, `preposition` "for",
/// "of" and the like before what is said, `onto` "on" or "to" before it.
const fn cue_forms(row: &'static [u8]) -> ([&'static [u8]; 5], [Class; 5]) {
    let (kind, mut rest) = first_word(row);
    let mut forms: [&[u8]; 5] = [&[]; 5];
    let mut number = 0;
    while number < forms.len() {
        (forms[number], rest) = first_word(rest);
        assert!(!forms[number].is_empty(), "a row of `cues.txt` has too few forms");
        number += 1;
    }
    let (mut class, mut noun) = (class_of_kind(kind), Class(0));
    while !rest.is_empty() {
        let (mark, others) = first_word(rest);
        rest = others;
        if is(mark, "noun") {
            noun = Class::NOUNISH;
        } else {
            class = class.or(class_of_mark(mark));
        }
    }
    let classes = [
        class.or(Class::BASE).or(noun),
        class.or(Class::FINITE).or(noun),
        class.or(Class::FINITE),
        class.or(Class::PARTICIPLE),
        class.or(Class::ING),
    ];
    (forms, classes)
}

const fn class_of_kind(kind: &[u8]) -> Class {
    match () {
        () if is(kind, "say") => Class::SAY.or(Class::SPEECH),
        () if is(kind, "object") => Class::OBJECT_CUE,
        () if is(kind, "mental") => Class::MENTAL,
        () if is(kind, "both") => Class::SPEECH.or(Class::OBJECT_CUE),
        () => Class::SPEECH,
    }
}

const fn class_of_mark(mark: &[u8]) -> Class {
    match () {
        () if is(mark, "clause") => Class::TAKES_CLAUSE,
        () if is(mark, "onto") => Class::TAKES_ONTO,
        () if is(mark, "to") => Class::TAKES_TO,
        () if is(mark, "person") => Class::TAKES_PERSON,
        () if is(mark, "preposition") => Class::TAKES_PREPOSITION,
        () => Class(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_every_list_is_found() {
        let mut words = 0;
        for list in LISTS {
            assert!(!list.text.contains('\t'), "{}", list.name);
            for word in rows(list.text) {
                let class = look_up(hash(word.as_bytes()));
                assert_eq!(class.0 & list.class.0, list.class.0, "`{word}` of {}", list.name);
                words += 1;
            }
        }
        assert!(words > 2_000, "{words} words");
        let class = |word: &str| look_up(hash(word.as_bytes())).0;
        assert_eq!(class("anticipated") & Class::MENTAL.0, Class::MENTAL.0);
        assert_eq!(class("accusation") & Class::SPEECH_NOUN.0, Class::SPEECH_NOUN.0);
        assert_eq!(class("harbour"), 0);
    }
}
