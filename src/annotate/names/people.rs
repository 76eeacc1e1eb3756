//! From names to people: which names are one person, man or woman, and what the article calls them.

use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Gender, Kind, Mention, Names, Person};
use crate::annotate::lexicon::Class;
use crate::annotate::marks::{self, Run};
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

/// Titles by which a person is addressed long after the office.
const KEPT_UP: [u32; 3] = [key("secretary"), key("president"), key("ambassador")];

/// So many descriptions of a person are kept.
const DESCRIPTIONS: usize = 8;

/// Finds people among names: first the full forms, then the short ones.
pub struct Finder<'r> {
    /// What stands between marks: titles in there are what others call somebody.
    runs: &'r [Run],
    /// The words of all names that tell people apart, by their tokens, and where those of each name end.
    words: Vec<usize>,
    ends: Vec<usize>,
    by_last: FxHashMap<u32, Vec<usize>>,
    by_first: FxHashMap<u32, Vec<usize>>,
}

impl<'r> Finder<'r> {
    /// Returns a finder for an article with these names and these runs between marks.
    pub fn new(reading: &Reading<'_>, mentions: &[Mention], runs: &'r [Run]) -> Finder<'r> {
        let mut words = Vec::with_capacity(2 * mentions.len());
        let mut end = |mention: &Mention| {
            push_words(reading, &mention.tokens, &mut words);
            words.len()
        };
        let ends = mentions.iter().map(&mut end).collect();
        let people = || FxHashMap::with_capacity_and_hasher(mentions.len() / 2, FxBuildHasher);
        Finder { runs, words, ends, by_last: people(), by_first: people() }
    }

    fn words_of(&self, mention: usize) -> &[usize] {
        let start = mention.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[start..self.ends[mention]]
    }

    /// Makes a person of a name of two words or more, or finds the one it is; in a headline only of a known first name.
    pub fn full_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize, in_title: bool) {
        let mention = names.mentions[at].clone();
        let words = self.words_of(at);
        let kind = other_kind(reading, &mention, words);
        if kind != Kind::Unknown || words.len() < 2 || words.len() > 5 {
            names.mentions[at].kind = kind;
            return;
        }
        let (first, last) = (reading.tokens[words[0]], reading.tokens[words[words.len() - 1]]);
        let same = self.by_last.get(&last.key).into_iter().flatten().copied().find(|person| {
            let known = name_words(reading, &names.people[*person].full);
            // "Abu Laban" is "Osman Abu Laban".
            let key = |at: &usize| reading.tokens[*at].key;
            let tail = known.iter().rev().map(key).zip(words.iter().rev().map(key)).all(|(one, other)| one == other);
            same_first(reading, words[0], known[0]) || tail
        });
        let titled = !mention.title.is_empty();
        let gender = gender_of(reading, &mention, &first);
        let sure = titled || first.is(Class::MALE_NAME.or(Class::FEMALE_NAME));
        if same.is_none() && in_title && (!sure || words.len() > 3) {
            return;
        }
        let person = match same {
            Some(person) => {
                let known = &mut names.people[person];
                if words.len() > name_words(reading, &known.full).len() {
                    known.full = mention.tokens.clone();
                }
                known.gender = known.gender.or(gender);
                known.sure |= sure;
                person
            }
            None => {
                let full = mention.tokens.clone();
                names.people.push(Person { full, gender, descriptions: Vec::new(), times: 0, courtesy: 0, sure });
                names.people.len() - 1
            }
        };
        self.add_description(reading, names, person, &mention);
        if same.is_none() {
            add(&mut self.by_last, last.key, person);
            add(&mut self.by_first, first.key, person);
        }
        names.mentions[at].kind = Kind::Person(person);
    }

    /// Finds the person that a single name is, or makes one of a title with a name.
    pub fn short_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize, in_title: bool) {
        let mention = names.mentions[at].clone();
        // A person by now has a full form.
        if matches!(mention.kind, Kind::Body | Kind::Person(_)) {
            return;
        }
        let [word] = *self.words_of(at) else { return };
        let token = reading.tokens[word];
        // A surname can be a first name of the other sex: only the title tells.
        let gender = title_gender(reading, &mention);
        let courtesy = courtesy_of(reading, &mention);
        let fits = |person: &usize| match (gender, names.people[*person].gender) {
            (Some(here), Some(known)) => here == known,
            _ => true,
        };
        let fitting = |people: &FxHashMap<u32, Vec<usize>>| -> Vec<usize> {
            people.get(&token.key).into_iter().flatten().copied().filter(fits).collect()
        };
        let mut candidates = fitting(&self.by_last);
        if candidates.is_empty() {
            candidates = fitting(&self.by_first);
        }
        let nearest = match candidates[..] {
            [only] => Some(only),
            [] => None,
            _ => likeliest(names, at, &candidates, courtesy),
        };
        let person = match nearest {
            Some(person) => {
                names.people[person].gender = names.people[person].gender.or(gender);
                person
            }
            None if !mention.title.is_empty() && mention.kind == Kind::Unknown && !in_title => {
                let full = mention.tokens.clone();
                names.people.push(Person { full, gender, descriptions: Vec::new(), times: 0, courtesy: 0, sure: true });
                add(&mut self.by_last, token.key, names.people.len() - 1);
                names.people.len() - 1
            }
            None => return,
        };
        names.mentions[at].kind = Kind::Person(person);
        if courtesy != 0 {
            names.people[person].courtesy = courtesy;
        }
        self.add_description(reading, names, person, &mention);
    }

    /// Counts a mention of a person and notes what it calls them.
    fn add_description(&self, reading: &Reading<'_>, names: &mut Names, person: usize, mention: &Mention) {
        let known = &mut names.people[person];
        known.times += 1;
        // Speech keeps up the titles of offices that somebody held once.
        let spoken = marks::holding(self.runs, mention.tokens.start);
        let kept_up =
            |words: &Range<usize>| words.clone().any(|at| KEPT_UP.iter().any(|word| reading.tokens[at].word(*word)));
        let courtesy = |words: &Range<usize>| {
            words.clone().all(|at| reading.tokens[at].is(Class::MALE_TITLE.or(Class::FEMALE_TITLE)))
        };
        for words in describe(reading, mention).into_iter().flatten() {
            if known.descriptions.len() < DESCRIPTIONS && !courtesy(&words) && !(spoken && kept_up(&words)) {
                known.descriptions.push(words);
            }
        }
    }
}

/// Returns which of several people with one surname a mention is: the one named last, unless another is named over
/// six times as often. "Mr." goes to whom it went before.
fn likeliest(names: &Names, at: usize, candidates: &[usize], courtesy: u32) -> Option<usize> {
    let called = |title: u32| -> Vec<usize> {
        candidates.iter().copied().filter(|person| names.people[*person].courtesy == title).collect()
    };
    // "Mrs. Thorne" is not who was "Ms. Thorne".
    let by_title = Some(called(courtesy)).filter(|known| !known.is_empty() || courtesy == 0);
    let known = if courtesy == 0 { Vec::new() } else { by_title.unwrap_or_else(|| called(0)) };
    let candidates = if known.is_empty() { candidates } else { &known };
    let last = names.mentions[..at].iter().rev().take(200).find_map(|mention| match mention.kind {
        Kind::Person(person) if candidates.contains(&person) => Some(person),
        _ => None,
    });
    let often = candidates.iter().copied().max_by_key(|person| (names.people[*person].times, usize::MAX - person))?;
    let last = last.unwrap_or(often);
    let times = |person: usize| names.people[person].times;
    Some(if times(often) > 6 * times(last) { often } else { last })
}

/// Adds a person to those of a key; most keys have one.
fn add(people: &mut FxHashMap<u32, Vec<usize>>, key: u32, person: usize) {
    people.entry(key).and_modify(|people| people.push(person)).or_insert_with(|| vec![person]);
}

/// Returns the tokens of a name that tell people apart: no suffix, no particle, no sign.
fn name_words(reading: &Reading<'_>, tokens: &Range<usize>) -> Vec<usize> {
    let mut words = Vec::new();
    push_words(reading, tokens, &mut words);
    words
}

/// Writes the same tokens behind `words`.
fn push_words(reading: &Reading<'_>, tokens: &Range<usize>, words: &mut Vec<usize>) {
    let before = words.len();
    words.extend(tokens.clone().filter(|at| {
        let token = &reading.tokens[*at];
        token.looks(Shape::WORD)
            && !(token.is(Class::SUFFIX) && *at > tokens.start)
            && (!token.is(Class::PARTICLE) || token.looks(Shape::CAPITALISED))
    }));
    if words.len() == before {
        words.extend(tokens.clone().take(1));
    }
}

/// Returns whether two first names can be one: equal, an initial of the other, or one the start of the other.
fn same_first(reading: &Reading<'_>, one: usize, other: usize) -> bool {
    let (one, other) = (reading.word(one), reading.word(other));
    let (one, other) = (one.trim_end_matches('.').to_lowercase(), other.trim_end_matches('.').to_lowercase());
    one == other
        || one.len() > 2 && other.starts_with(&one)
        || other.len() > 2 && one.starts_with(&other)
        || one.chars().count() == 1 && other.starts_with(&one)
        || other.chars().count() == 1 && one.starts_with(&other)
}

/// Returns the key of the title that courtesy puts before a name ("Mr."), or 0.
fn courtesy_of(reading: &Reading<'_>, mention: &Mention) -> u32 {
    let last = mention.title.end.checked_sub(1).filter(|_| !mention.title.is_empty());
    let token = last.map(|last| &reading.tokens[last]);
    token.filter(|token| token.is(Class::MALE_TITLE.or(Class::FEMALE_TITLE))).map_or(0, |token| token.key)
}

fn title_gender(reading: &Reading<'_>, mention: &Mention) -> Option<Gender> {
    let mut classes = Class::default();
    for at in mention.title.clone() {
        classes = classes.or(reading.tokens[at].class);
    }
    let has = |class: Class| classes.0 & class.0 != 0;
    if has(Class::FEMALE_TITLE.or(Class::FEMALE_NOUN)) {
        return Some(Gender::Female);
    }
    has(Class::MALE_TITLE.or(Class::MALE_NOUN)).then_some(Gender::Male)
}

fn gender_of(reading: &Reading<'_>, mention: &Mention, first: &Token) -> Option<Gender> {
    title_gender(reading, mention).or(match (first.is(Class::MALE_NAME), first.is(Class::FEMALE_NAME)) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        _ => None,
    })
}

/// Returns what a name is if it is no person.
fn other_kind(reading: &Reading<'_>, mention: &Mention, words: &[usize]) -> Kind {
    let tokens = &reading.tokens;
    let all = |class: Class| words.iter().all(|at| tokens[*at].is(class));
    let first_name = tokens[words[0]].is(Class::MALE_NAME.or(Class::FEMALE_NAME));
    if words.iter().any(|at| tokens[*at].is(Class::BODY_WORD)) && !(first_name && words.len() == 2)
        || mention.tokens.clone().any(|at| tokens[at].sign('&'))
    {
        return Kind::Body;
    }
    if all(Class::PLACE) && mention.title.is_empty() {
        return Kind::Place;
    }
    if tokens[words[words.len() - 1]].is(Class::PLACE_WORD) && !first_name && mention.title.is_empty() {
        return Kind::Place;
    }
    if all(Class::DEMONYM) {
        return Kind::People;
    }
    if words.len() == 1 && tokens[words[0]].looks(Shape::CAPITALS) && mention.title.is_empty() {
        return Kind::Body;
    }
    Kind::Unknown
}

/// Returns the words that say what a named person is: the title, an appositive in commas behind the name or before it.
fn describe(reading: &Reading<'_>, mention: &Mention) -> [Option<Range<usize>>; 2] {
    let title = Some(mention.title.clone()).filter(|title| !title.is_empty());
    let title = title.or_else(|| appositive_before(reading, mention));
    [title, appositive_behind(reading, mention)]
}

/// Returns the words in commas behind a name, or behind "is": "Ines Calder, the mayor of Calder Bay,".
fn appositive_behind(reading: &Reading<'_>, mention: &Mention) -> Option<Range<usize>> {
    let behind = mention.tokens.end;
    let token = reading.get(behind)?;
    let copula = [key("is"), key("was"), key("became")].iter().any(|word| token.word(*word));
    if !token.sign(',') && !copula {
        return None;
    }
    let mut start = behind + 1;
    if token.sign(',')
        && [key("who"), key("now")].iter().any(|word| reading.get(start).is_some_and(|next| next.word(*word)))
    {
        // "Calder, who is the mayor of"
        start += 2;
    }
    let limit = reading.sentence(behind).end.min(start + 20);
    let stops = |at: usize| {
        let token = &reading.tokens[at];
        token.sign(',')
            || token.sign('.')
            || token.sign(';')
            || token.is(Class::RELATIVE)
            || token.is(Class::SUBORDINATOR)
    };
    let close = (start..limit).find(|at| stops(*at)).unwrap_or(limit);
    if close <= start {
        return None;
    }
    let words = start..close;
    let noun = words.clone().any(|at| reading.tokens[at].is(Class::PERSON_NOUN.or(Class::TITLE)));
    let first = &reading.tokens[start];
    let opens = first.is(Class::DETERMINER
        .or(Class::RANK)
        .or(Class::TITLE)
        .or(Class::PERSON_NOUN)
        .or(Class::POSSESSOR)
        .or(Class::DEMONYM))
        || !copula && first.looks(Shape::CAPITALISED);
    let verb = words
        .clone()
        .any(|at| reading.tokens[at].is(Class::FINITE.or(Class::AUXILIARY)) && !reading.tokens[at].is(Class::NOUNISH));
    (noun && opens && !verb && !first.is(Class::CONJUNCTION)).then_some(words)
}

/// Returns the words before a comma before a name: "The mayor of Calder Bay, Ines Calder, said".
fn appositive_before(reading: &Reading<'_>, mention: &Mention) -> Option<Range<usize>> {
    let comma = mention.tokens.start.checked_sub(1)?;
    let sentence = reading.sentence(comma).start;
    if !reading.tokens[comma].sign(',') || sentence >= comma {
        return None;
    }
    let closed = reading.get(mention.tokens.end).is_none_or(|token| token.sign(',') || token.sign('.'));
    let from = sentence.max(comma.saturating_sub(12));
    let opens = |at: &usize| {
        let token = &reading.tokens[*at];
        token.is(Class::DETERMINER.or(Class::POSSESSOR)) || token.looks(Shape::POSSESSIVE)
    };
    let signs = (from..comma).rev().find(|at| reading.tokens[*at].sign(',')).map_or(from, |at| at + 1);
    // "The company and the secretary of state for the elderly, Ines Calder,": the article before the noun.
    let noun = (signs..comma).find(|at| reading.tokens[*at].is(Class::PERSON_NOUN.or(Class::TITLE)))?;
    let start = (signs..noun).rev().find(opens)?;
    let words = start + usize::from(reading.tokens[start].looks(Shape::POSSESSIVE))..comma;
    let verb = words.clone().any(|at| reading.tokens[at].is(Class::FINITE.or(Class::AUXILIARY)));
    (closed && !verb).then_some(words)
}
