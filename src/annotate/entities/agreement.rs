//! One article, one reading of a name: what the model found stretch by stretch is made to agree.
//!
//! In: the names found. Out: the same, corrected. Titles and the possessor before a person are cut off, so are an
//! article before a body and a weekday behind it; words of `never.txt` alone are no names; a surname alone is the person
//! whose full name the article gives; a name of one form has one kind where most places say so.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::annotate::lexicon::{Class, rows};
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};
use crate::layers::EntityKind;

use super::gazetteer::{self, COUNTRIES, GIVEN, PEOPLES, PLACES, SURNAMES};
use super::stretches::Stretches;
use super::{Found, KINDS};

const NEVER: &str = include_str!("never.txt");

/// The words that are no names when they stand alone.
static NO_NAMES: LazyLock<FxHashSet<u32>> = LazyLock::new(|| rows(NEVER).map(key).collect());

/// Makes the names of an article agree.
pub fn agree(reading: &Reading<'_>, stretches: &Stretches, found: &mut Vec<Found>) {
    for name in found.iter_mut().filter(|name| name.kind == EntityKind::Person) {
        name.tokens = person_alone(reading, &name.tokens);
    }
    for name in found.iter_mut() {
        name.tokens = trimmed(reading, name);
        if name.kind == EntityKind::Person && is_people(reading, &name.tokens) {
            name.kind = EntityKind::Misc;
        }
    }
    found.retain(|name| !name.tokens.is_empty() && !is_no_name(reading, &name.tokens));
    vote(reading, found);
    let surnames = surnames(reading, found);
    if surnames.is_empty() {
        return;
    }
    for name in found.iter_mut().filter(|name| name.tokens.len() == 1) {
        if surnames.contains_key(&reading.tokens[name.tokens.start].key) {
            name.kind = EntityKind::Person;
        }
    }
    add_surnames(reading, stretches, &surnames, found);
}

/// Returns a person's name without the titles and the possessor before it.
fn person_alone(reading: &Reading<'_>, tokens: &Range<usize>) -> Range<usize> {
    let mut start = tokens.start;
    if let Some(at) = tokens.clone().skip(1).rev().find(|at| reading.tokens[*at].looks(Shape::POSSESSIVE))
        && at + 1 < tokens.end
    {
        start = at + 1;
    }
    while start + 1 < tokens.end {
        let token = &reading.tokens[start];
        let given = token.is(Class::MALE_NAME.or(Class::FEMALE_NAME));
        if !token.is(Class::TITLE) || given {
            break;
        }
        start += 1;
    }
    start..tokens.end
}

/// Returns a name without the article before it and the weekday behind it. Works keep theirs, so does The Hague.
fn trimmed(reading: &Reading<'_>, name: &Found) -> Range<usize> {
    const THE: u32 = key("the");
    const KEPT: [u32; 5] = [key("hague"), key("gambia"), key("sheffield"), key("black"), key("bloody")];
    let mut tokens = name.tokens.clone();
    if name.kind == EntityKind::Misc || tokens.len() < 2 {
        return tokens;
    }
    if reading.tokens[tokens.start].word(THE) && !KEPT.contains(&reading.tokens[tokens.start + 1].key) {
        tokens.start += 1;
    }
    let [.., before, last] = &reading.tokens[tokens.clone()] else { return tokens };
    if last.is(Class::WEEKDAY) && !KEPT.contains(&before.key) {
        tokens.end -= 1;
    }
    tokens
}

/// Returns whether a name is one word that names nobody: "GMT", "CEO", "Monday", "R".
fn is_no_name(reading: &Reading<'_>, tokens: &Range<usize>) -> bool {
    let token = &reading.tokens[tokens.start];
    let never = || token.looks(Shape::LETTER) || token.is(Class::WEEKDAY) || NO_NAMES.contains(&token.key);
    tokens.len() == 1 && never()
}

/// Returns whether a name is one word that a people goes by and no person: "Americans", "Muslims".
fn is_people(reading: &Reading<'_>, tokens: &Range<usize>) -> bool {
    let lists = || gazetteer::lists_of_word(reading.tokens[tokens.start].key);
    tokens.len() == 1 && lists() & (1 << PEOPLES | 1 << GIVEN | 1 << SURNAMES) == 1 << PEOPLES
}

/// Gives every name of one form the kind that most of its places have.
fn vote(reading: &Reading<'_>, found: &mut [Found]) {
    let form = |name: &Found| {
        name.tokens
            .clone()
            .fold(0_u32, |sum, at| (sum.rotate_left(9) ^ reading.tokens[at].key).wrapping_mul(0x9E37_79B1))
    };
    let mut votes: FxHashMap<u32, [u32; 4]> = FxHashMap::default();
    votes.reserve(found.len());
    for name in found.iter() {
        let kind = KINDS.iter().position(|kind| *kind == name.kind).unwrap_or(0);
        votes.entry(form(name)).or_default()[kind] += 1;
    }
    for name in found {
        let Some(votes) = votes.get(&form(name)) else { continue };
        let own = KINDS.iter().position(|kind| *kind == name.kind).unwrap_or(0);
        if let Some(most) = (0..4).max_by_key(|kind| votes[*kind]).filter(|most| votes[*most] >= 2 * votes[own]) {
            name.kind = KINDS[most];
        }
    }
}

/// Returns the surnames of the people who are named in full.
fn surnames(reading: &Reading<'_>, found: &[Found]) -> FxHashMap<u32, ()> {
    let people = found.iter().filter(|name| name.kind == EntityKind::Person && name.tokens.len() > 1);
    let last = people.filter_map(|name| {
        let last = &reading.tokens[name.tokens.end - 1];
        let fit = last.has_capital() && last.end - last.start > 2;
        (fit && !last.is(Class::SUFFIX)).then_some((last.key, ()))
    });
    last.collect()
}

/// Adds the places where one of the surnames stands alone and nothing was found, but of no word that the article prints
/// in small letters as well.
fn add_surnames(reading: &Reading<'_>, stretches: &Stretches, surnames: &FxHashMap<u32, ()>, found: &mut Vec<Found>) {
    let mut added = Vec::new();
    let mut next = 0;
    for stretch in &stretches.all {
        for (at, word) in stretches.words_of(stretch).iter().enumerate() {
            let token = stretch.tokens.start + at;
            while found.get(next).is_some_and(|name| name.tokens.end <= token) {
                next += 1;
            }
            let taken = found.get(next).is_some_and(|name| name.tokens.contains(&token));
            let place = gazetteer::single(word.hint) & (1 << PLACES | 1 << COUNTRIES) != 0;
            if word.capital && !taken && !place && surnames.contains_key(&word.key) {
                added.push((word.key, Found { tokens: token..token + 1, kind: EntityKind::Person }));
            }
        }
    }
    if added.is_empty() {
        return;
    }
    let keys: FxHashSet<u32> = added.iter().map(|(key, _)| *key).collect();
    let is_small = |token: &&Token| keys.contains(&token.key) && token.looks(Shape::WORD) && !token.has_capital();
    let small: FxHashSet<u32> = reading.tokens.iter().filter(is_small).map(|token| token.key).collect();
    found.extend(added.into_iter().filter(|(key, _)| !small.contains(key)).map(|(_, name)| name));
    found.sort_by_key(|name| name.tokens.start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_no_name_stands_once_and_alone() {
        let mut before = String::new();
        for row in rows(NEVER) {
            assert!(row > before.as_str() && !row.contains(' ') && row.len() > 1, "`{row}` behind `{before}`");
            assert!(gazetteer::holds(row) == 0, "`{row}` is in a list of names");
            before = row.to_owned();
        }
    }
}
