//! From names to people: which names are one person, man or woman, and what the article calls them.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Gender, Kind, Mention, Names, Person};
use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token};

/// Finds people among names: first the full forms, then the short ones.
#[derive(Default)]
pub struct Finder {
    by_last: FxHashMap<u32, Vec<usize>>,
    by_first: FxHashMap<u32, Vec<usize>>,
}

impl Finder {
    /// Makes a person of a name of two words or more, or finds the one it is.
    pub fn full_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize) {
        let mention = names.mentions[at].clone();
        let words = name_words(reading, &mention.tokens);
        let kind = other_kind(reading, &mention, &words);
        if kind != Kind::Unknown || words.len() < 2 || words.len() > 5 {
            names.mentions[at].kind = kind;
            return;
        }
        let (first, last) = (reading.tokens[words[0]], reading.tokens[words[words.len() - 1]]);
        let same = self.by_last.get(&last.key).into_iter().flatten().copied().find(|person| {
            let known = name_words(reading, &names.people[*person].full);
            same_first(reading, words[0], known[0])
        });
        let titled = !mention.title.is_empty();
        let gender = gender_of(reading, &mention, &first);
        let sure = titled || first.is(Class::MALE_NAME.or(Class::FEMALE_NAME));
        let description = describe(reading, &mention);
        let person = match same {
            Some(person) => {
                let known = &mut names.people[person];
                if words.len() > name_words(reading, &known.full).len() {
                    known.full = mention.tokens.clone();
                }
                known.gender = known.gender.or(gender);
                known.description = known.description.clone().or(description);
                known.sure |= sure;
                person
            }
            None => {
                names.people.push(Person { full: mention.tokens.clone(), gender, description, sure });
                names.people.len() - 1
            }
        };
        if same.is_none() {
            self.by_last.entry(last.key).or_default().push(person);
            self.by_first.entry(first.key).or_default().push(person);
        }
        names.mentions[at].kind = Kind::Person(person);
    }

    /// Finds the person that a single name is, or makes one of a title with a name.
    pub fn short_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize) {
        let mention = names.mentions[at].clone();
        let words = name_words(reading, &mention.tokens);
        let [word] = words[..] else { return };
        if mention.kind == Kind::Body {
            return;
        }
        let token = reading.tokens[word];
        let gender = gender_of(reading, &mention, &token);
        let fits = |person: &usize| match (gender.filter(|_| !mention.title.is_empty()), names.people[*person].gender) {
            (Some(here), Some(known)) => here == known,
            _ => true,
        };
        let by_last = self.by_last.get(&token.key).into_iter().flatten().copied().filter(fits).collect::<Vec<_>>();
        let by_first = self.by_first.get(&token.key).into_iter().flatten().copied().filter(fits).collect::<Vec<_>>();
        let candidates = if by_last.is_empty() { by_first } else { by_last };
        let nearest = match candidates[..] {
            [only] => Some(only),
            [] => None,
            _ => last_named(names, at, &candidates).or(candidates.first().copied()),
        };
        let described = describe(reading, &mention);
        if let Some(person) = nearest {
            let known = &mut names.people[person];
            known.gender = known.gender.or(gender);
            known.description = known.description.clone().or(described);
            names.mentions[at].kind = Kind::Person(person);
        } else if !mention.title.is_empty() && mention.kind == Kind::Unknown {
            names.people.push(Person { full: mention.tokens.clone(), gender, description: described, sure: true });
            let person = names.people.len() - 1;
            self.by_last.entry(token.key).or_default().push(person);
            names.mentions[at].kind = Kind::Person(person);
        }
    }
}

/// Returns which of several people was named last before a mention.
fn last_named(names: &Names, at: usize, candidates: &[usize]) -> Option<usize> {
    names.mentions[..at].iter().rev().take(200).find_map(|mention| match mention.kind {
        Kind::Person(person) if candidates.contains(&person) => Some(person),
        _ => None,
    })
}

/// Returns the tokens of a name that tell people apart: no suffix, no particle, no sign.
pub fn name_words(reading: &Reading<'_>, tokens: &Range<usize>) -> Vec<usize> {
    let words: Vec<usize> = tokens
        .clone()
        .filter(|at| {
            let token = &reading.tokens[*at];
            token.looks(Shape::WORD)
                && !(token.is(Class::SUFFIX) && *at > tokens.start)
                && (!token.is(Class::PARTICLE) || token.looks(Shape::CAPITALISED))
        })
        .collect();
    if words.is_empty() { tokens.clone().take(1).collect() } else { words }
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

fn gender_of(reading: &Reading<'_>, mention: &Mention, first: &Token) -> Option<Gender> {
    let mut classes = Class::default();
    for at in mention.title.clone() {
        classes = classes.or(reading.tokens[at].class);
    }
    let has = |class: Class| classes.0 & class.0 != 0;
    if has(Class::FEMALE_TITLE.or(Class::FEMALE_NOUN)) {
        return Some(Gender::Female);
    }
    if has(Class::MALE_TITLE.or(Class::MALE_NOUN)) {
        return Some(Gender::Male);
    }
    match (first.is(Class::MALE_NAME), first.is(Class::FEMALE_NAME)) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        _ => None,
    }
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
    if all(Class::DEMONYM) {
        return Kind::People;
    }
    if words.len() == 1 && tokens[words[0]].looks(Shape::CAPITALS) && mention.title.is_empty() {
        return Kind::Body;
    }
    Kind::Unknown
}

/// Returns the words that say what a named person is: the title, or an appositive in commas.
fn describe(reading: &Reading<'_>, mention: &Mention) -> Option<Range<usize>> {
    let behind = mention.tokens.end;
    if reading.get(behind).is_some_and(|token| token.sign(',')) {
        let limit = reading.sentence(behind).end.min(behind + 20);
        let close = (behind + 1..limit).find(|at| reading.tokens[*at].sign(',') || reading.tokens[*at].sign('.'));
        if let Some(close) = close.filter(|close| *close > behind + 1) {
            let words = behind + 1..close;
            let noun = words.clone().any(|at| reading.tokens[at].is(Class::PERSON_NOUN.or(Class::TITLE)));
            let first = &reading.tokens[behind + 1];
            let opens = first.is(Class::DETERMINER
                .or(Class::RANK)
                .or(Class::TITLE)
                .or(Class::PERSON_NOUN)
                .or(Class::POSSESSOR)
                .or(Class::DEMONYM))
                || first.looks(Shape::CAPITALISED);
            let verb = words.clone().any(|at| {
                reading.tokens[at].is(Class::FINITE.or(Class::AUXILIARY)) && !reading.tokens[at].is(Class::NOUNISH)
            });
            if noun && opens && !verb && !first.is(Class::CONJUNCTION) {
                return Some(words);
            }
        }
    }
    Some(mention.title.clone()).filter(|title| !title.is_empty())
}
