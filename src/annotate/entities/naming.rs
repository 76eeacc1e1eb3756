//! The name under which an article's entity goes: "Blinken" is "Antony Blinken" where the article says so.
//!
//! In: the names found. Out: for each the fullest form: of a person the longest name with the same surname, or the
//! same given name for a given name alone; of a short form of letters the body whose initials they are; of a
//! well-known other form what `aliases.txt` says; of several of a people the people ("Israelis" are "Israeli", "Danes"
//! "Danish": `peoples.txt`). Knows nothing of other articles.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::annotate::lexicon::{Class, rows};
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key, tokenise};
use crate::article::Span;
use crate::layers::{Entity, EntityKind};

use super::gazetteer::{LISTS, PEOPLES};
use super::stretches::name_within;
use super::{Found, span_of};

const ALIASES: &str = include_str!("aliases.txt");

const MEMBERS: &str = include_str!("peoples.txt");

/// The names of `aliases.txt` by the hash of each of their other forms.
static BY_FORM: LazyLock<FxHashMap<u32, &'static str>> = LazyLock::new(|| by_form(ALIASES));

/// The peoples by the hash of what their members are called.
static BY_MEMBERS: LazyLock<FxHashMap<u32, &'static str>> = LazyLock::new(|| {
    let mut peoples = by_form(MEMBERS);
    let known: FxHashMap<u32, &'static str> =
        rows(LISTS[PEOPLES].text).map(|people| (hash_of(people), people)).collect();
    for (members, people) in rows(LISTS[PEOPLES].text).filter_map(|row| Some((row, row.strip_suffix('s')?))) {
        if let Some(people) = known.get(&hash_of(people)) {
            peoples.entry(hash_of(members)).or_insert(*people);
        }
    }
    peoples
});

/// Returns the names of a list by the hash of each of their other forms.
fn by_form(list: &'static str) -> FxHashMap<u32, &'static str> {
    let mut by_form = FxHashMap::default();
    for (name, forms) in rows(list).filter_map(|row| row.split_once(" = ")) {
        by_form.extend(forms.split(", ").chain([name]).map(|form| (hash_of(form), name)));
    }
    by_form
}

fn hash_of(form: &str) -> u32 {
    let mut tokens = Vec::new();
    tokenise(form, Span::new(0, form.len()), &mut tokens);
    form_hash(&tokens)
}

fn form_hash(tokens: &[Token]) -> u32 {
    tokens.iter().fold(0, |sum, token| join(sum, token.key))
}

/// Returns the hash of a name's form: of "R-Va." that of "Va".
fn form_of(reading: &Reading<'_>, name: &Found) -> u32 {
    let key_of = |at: usize| {
        let (token, part) = (&reading.tokens[at], name_within(reading, at));
        let whole = part.len() == token.span().range().len();
        if whole { token.key } else { key(reading.word(at)[part].trim_end_matches('.')) }
    };
    name.tokens.clone().fold(0, |sum, at| join(sum, key_of(at)))
}

fn join(sum: u32, key: u32) -> u32 {
    (sum.rotate_left(9) ^ key).wrapping_mul(0x9E37_79B1)
}

/// Returns the entities that the names found are.
pub fn named(reading: &Reading<'_>, found: &[Found]) -> Vec<Entity> {
    let forms = Forms::gather(reading, found);
    let entity = |name: &Found| {
        let span = span_of(reading, &name.tokens);
        let full = forms.full(reading, name);
        Entity { span, kind: name.kind, name: full.map_or_else(|| span.of(reading.text).to_owned(), str::to_owned) }
    };
    found.iter().map(entity).collect()
}

/// The forms of an article's names, each by what can stand for it.
struct Forms<'t> {
    /// People by surname and by given name, the fullest form that comes first.
    people: FxHashMap<(u32, bool), (usize, &'t str)>,
    /// Bodies by the hash of their initials.
    bodies: FxHashMap<u32, &'t str>,
    /// Names that are printed in small letters somewhere, by their form.
    small: FxHashMap<u32, &'t str>,
}

impl<'t> Forms<'t> {
    fn gather(reading: &Reading<'t>, found: &[Found]) -> Forms<'t> {
        let (mut people, mut bodies, mut small) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        people.reserve(found.len());
        bodies.reserve(found.len() / 2);
        small.reserve(found.len());
        let mut forms = Forms { people, bodies, small };
        for name in found {
            let tokens = &reading.tokens[name.tokens.clone()];
            let text = span_of(reading, &name.tokens).of(reading.text);
            let capitals = tokens.iter().all(|token| token.looks(Shape::CAPITALS) || !token.looks(Shape::WORD));
            if !capitals {
                forms.small.entry(form_of(reading, name)).or_insert(text);
            }
            let [first, .., last] = tokens else { continue };
            // A form in capitals is taken only where there is no other.
            let words = if capitals { 1 } else { tokens.len() };
            if name.kind == EntityKind::Person {
                let last = tokens.iter().rfind(|token| !token.is(Class::SUFFIX)).unwrap_or(last);
                for by in [(last.key, false), (first.key, true)] {
                    let known = forms.people.entry(by).or_insert((words, text));
                    if words > known.0 && (!by.1 || known.1.starts_with(text)) {
                        *known = (words, text);
                    }
                }
            } else {
                forms.bodies.entry(initials(reading, tokens)).or_insert(text);
            }
        }
        forms
    }

    /// Returns the fullest form of a name, or nothing where it is its own.
    fn full(&self, reading: &Reading<'t>, name: &Found) -> Option<&'t str> {
        let tokens = &reading.tokens[name.tokens.clone()];
        let hash = form_of(reading, name);
        if name.kind == EntityKind::Person {
            let full = match tokens {
                [only] => self.people.get(&(only.key, false)).or_else(|| self.people.get(&(only.key, true))),
                _ => None,
            };
            return full.map(|(_, text)| *text).or_else(|| self.small.get(&hash).copied());
        }
        if let [only] = tokens
            && only.looks(Shape::CAPITALS)
            && let Some(body) = self.bodies.get(&letters(reading.word(name.tokens.start)))
        {
            return Some(body);
        }
        let known = if name.kind == EntityKind::Misc { &*BY_MEMBERS } else { &*BY_FORM };
        if let Some(known) = known.get(&hash) {
            return Some(known);
        }
        self.small.get(&hash).copied()
    }
}

/// Returns a hash of the capital letters of a short form.
fn letters(word: &str) -> u32 {
    word.chars().filter(|letter| letter.is_uppercase()).fold(0, add_letter)
}

/// Returns a hash of the first letters of the capitalised words of a name.
fn initials(reading: &Reading<'_>, tokens: &[Token]) -> u32 {
    let capitalised = tokens.iter().filter(|token| token.looks(Shape::CAPITALISED));
    capitalised.filter_map(|token| token.span().of(reading.text).chars().next()).fold(0, add_letter)
}

fn add_letter(sum: u32, letter: char) -> u32 {
    (sum.rotate_left(9) ^ letter as u32).wrapping_mul(0x9E37_79B1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::annotate::Annotator;
    use crate::article::Article;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let article = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
        let layers = Annotator::new().annotate(&article);
        let found: Vec<(&str, &str)> =
            layers.entities.iter().map(|entity| (entity.span.of(text), entity.name.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_alias_stands_for_one_name() {
        let mut forms = BTreeSet::new();
        for row in rows(ALIASES).chain(rows(MEMBERS)) {
            let (name, others) = row.split_once(" = ").expect("an equals sign");
            for form in others.split(", ").chain([name]) {
                assert!(!form.trim().is_empty() && form == form.trim(), "{row}");
                assert!(forms.insert(form), "`{form}` stands twice: {row}");
            }
        }
    }

    #[test]
    fn a_surname_alone_is_the_person() {
        check(
            "CALDER LEAVES OSLO\nMayor Ines Calder left Oslo on Monday. Calder will return in May.",
            &[
                ("CALDER", "Ines Calder"),
                ("OSLO", "Oslo"),
                ("Ines Calder", "Ines Calder"),
                ("Oslo", "Oslo"),
                ("Calder", "Ines Calder"),
            ],
        );
    }

    #[test]
    fn members_go_by_their_people() {
        check(
            "Two Israelis and a Palestinian met the Danes.",
            &[("Israelis", "Israeli"), ("Palestinian", "Palestinian"), ("Danes", "Danish")],
        );
    }

    #[test]
    fn a_state_goes_by_its_name() {
        check(
            "Sen. Rhys Calder, R-Va., met Rep. Ana Oduya of Vermont.",
            &[("Rhys Calder", "Rhys Calder"), ("Va", "Virginia"), ("Ana Oduya", "Ana Oduya"), ("Vermont", "Vermont")],
        );
    }

    #[test]
    fn short_forms_are_bodies() {
        check("The U.N. sent help to Kenya.", &[("U.N.", "United Nations"), ("Kenya", "Kenya")]);
        check(
            "The Norwegian Harbour Federation met in Bergen. The NHF wants more pilots.",
            &[
                ("Norwegian Harbour Federation", "Norwegian Harbour Federation"),
                ("Bergen", "Bergen"),
                ("NHF", "Norwegian Harbour Federation"),
            ],
        );
    }
}
