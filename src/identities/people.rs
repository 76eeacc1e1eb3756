//! When two names are one person's.
//!
//! Names of one surname are looked at together. Of those with the same first name the ones with and without a middle
//! name join where no two middle names contradict; then an initial joins the only first name it can stand for, a short
//! form of a first name ("Joe") the only long one, and a surname alone the person whom nine of ten articles mean by it.
//! Father and son are kept apart: "Jr." joins nobody without it. What is ambiguous stays on its own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Groups, Identities};
use crate::identity::{Name, Reason, is_suffix, words};

/// First names and their short forms; our own list.
const NICKNAMES: &str = include_str!("nicknames.txt");

/// A surname alone is taken for the one who has so many articles of it with a first name, and nine of ten.
const KNOWN_WELL: u32 = 10;

/// A name that so many times fewer articles have than another one contradicts nothing.
const SLIP: u32 = 20;

/// The rows of the list that hold a first name.
static ROWS: LazyLock<FxHashMap<&'static str, Vec<u32>>> = LazyLock::new(|| {
    let mut rows: FxHashMap<&'static str, Vec<u32>> = FxHashMap::default();
    for (number, row) in NICKNAMES.lines().filter(|line| !line.starts_with('#')).enumerate() {
        for name in row.split_whitespace() {
            rows.entry(name).or_default().push(number as u32);
        }
    }
    rows
});

/// The parts of a person's name, folded.
#[derive(Clone, Debug)]
pub struct Parts<'w> {
    /// The first name or its initial.
    pub first: &'w str,
    /// Everything between.
    pub middle: &'w [String],
    /// The surname.
    pub last: &'w str,
    /// What tells father and son apart.
    pub suffix: Option<&'w str>,
}

impl<'w> Parts<'w> {
    /// Returns the parts of a name of two words and more.
    pub fn of(words: &'w [String]) -> Option<Parts<'w>> {
        let suffix = words.last().filter(|word| words.len() > 2 && is_suffix(word)).map(String::as_str);
        match &words[..words.len() - usize::from(suffix.is_some())] {
            [first, middle @ .., last] => Some(Parts { first, middle, last, suffix }),
            _ => None,
        }
    }

    /// Returns whether what stands between first name and surname, and behind it, can be one person's.
    fn agrees(&self, other: &Parts<'_>) -> bool {
        self.suffix == other.suffix && middles_agree(self.middle, other.middle)
    }
}

/// Returns whether the shorter of two rows of middle names stands in the longer one, initials for names.
fn middles_agree(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| same_or_initial(word, other)))
}

fn same_or_initial(one: &str, other: &str) -> bool {
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    one == other || initial(one, other) || initial(other, one)
}

/// Returns whether one of two first names is a short form of the other, or both of a third.
pub fn same_nickname(one: &str, other: &str) -> bool {
    match (ROWS.get(one), ROWS.get(other)) {
        (Some(one), Some(other)) => one.iter().any(|row| other.contains(row)),
        _ => false,
    }
}

/// Returns the only person whom a typed name can mean when "Jr." is left out or put in.
pub fn nearest(names: &[Name], identities: &Identities, typed: &str) -> Option<u32> {
    let typed = words(typed);
    let wanted = Parts::of(&typed)?;
    let mut found = FxHashSet::default();
    for (name, identity) in names.iter().zip(&identities.of).filter(|(name, _)| name.is_person()) {
        let own = words(&name.text);
        let Some(parts) = Parts::of(&own) else { continue };
        let first = same_or_initial(parts.first, wanted.first) || same_nickname(parts.first, wanted.first);
        if parts.last == wanted.last && first && middles_agree(parts.middle, wanted.middle) && own != typed {
            found.insert(*identity);
        }
    }
    if found.len() == 1 { found.into_iter().next() } else { None }
}

/// Joins the names that are one person's.
pub fn join(groups: &mut Groups) {
    let mut by_last: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut alone: Vec<(u32, String)> = Vec::new();
    for (number, group) in groups.groups.iter().enumerate().filter(|(_, group)| group.is_person) {
        match &group.words[..] {
            [surname] => alone.push((number as u32, surname.clone())),
            words => {
                if let Some(parts) = Parts::of(words) {
                    by_last.entry(parts.last.to_owned()).or_default().push(number as u32);
                }
            }
        }
    }
    for block in by_last.values() {
        join_middles(groups, block);
        join_first_names(groups, block);
    }
    for (group, surname) in alone {
        if let Some(block) = by_last.get(&surname) {
            join_surname(groups, group, block);
        }
    }
}

/// Joins names of one first name and surname, with and without middle names.
fn join_middles(groups: &mut Groups, block: &[u32]) {
    let mut by_first: BTreeMap<(String, Option<String>), Vec<u32>> = BTreeMap::new();
    for group in block {
        if let Some(parts) = Parts::of(&groups.groups[*group as usize].words) {
            let key = (parts.first.to_owned(), parts.suffix.map(str::to_owned));
            by_first.entry(key).or_default().push(*group);
        }
    }
    for same in by_first.values().filter(|same| same.len() > 1) {
        let agree = |one: &u32, other: &u32| {
            let parts = |group: u32| Parts::of(&groups.groups[group as usize].words);
            matches!((parts(*one), parts(*other)), (Some(one), Some(other)) if one.agrees(&other))
        };
        // A name joins only where it agrees with every one that agrees with it: "Ann Vik" is nobody's beside
        // "Ann B. Vik" and "Ann C. Vik". One that hardly stands anywhere is a slip and contradicts nobody.
        let weight = |group: &u32| groups.groups[*group as usize].weight;
        let mut pairs = Vec::new();
        for (at, one) in same.iter().enumerate() {
            for other in &same[at + 1..] {
                let slip = |third: &u32| weight(third) * SLIP < weight(one).max(weight(other));
                let third = |third: &u32| agree(third, one) == agree(third, other) || slip(third);
                if agree(one, other) && same.iter().all(third) {
                    pairs.push((*one, *other));
                }
            }
        }
        for (one, other) in pairs {
            let heavier = groups.groups[one as usize].weight >= groups.groups[other as usize].weight;
            let (group, to) = if heavier { (other, one) } else { (one, other) };
            groups.join(group, to, Reason::Middle);
        }
    }
}

/// Joins initials and short forms of first names with the only first name that they can stand for.
fn join_first_names(groups: &mut Groups, block: &[u32]) {
    for by_nickname in [false, true] {
        let mut wanted = Vec::new();
        for group in block {
            let Some(own) = Parts::of(&groups.groups[*group as usize].words) else { continue };
            let fits = |other: &u32| {
                let Some(parts) = Parts::of(&groups.groups[*other as usize].words) else { return false };
                let related = match by_nickname {
                    true => own.first != parts.first && same_nickname(own.first, parts.first),
                    false => own.first.chars().count() == 1 && same_or_initial(own.first, parts.first),
                };
                related && own.agrees(&parts) && (by_nickname || parts.first.chars().count() > 1)
            };
            let fitting: Vec<u32> = block.iter().copied().filter(fits).collect();
            let roots: FxHashSet<u32> = fitting.iter().map(|other| groups.root(*other)).collect();
            if roots.len() == 1 {
                wanted.push((*group, fitting[0]));
            }
        }
        // Both sides of a nickname must have no other choice.
        for (group, other) in &wanted {
            let root = groups.root(*other);
            let own = groups.root(*group);
            let rivals = wanted.iter().filter(|(_, to)| groups.root(*to) == root).map(|(from, _)| groups.root(*from));
            if !by_nickname || rivals.collect::<FxHashSet<u32>>().iter().all(|rival| *rival == own || *rival == root) {
                let reason = if by_nickname { Reason::Nickname } else { Reason::Initial };
                let heavier = groups.groups[root as usize].weight >= groups.groups[own as usize].weight;
                let (from, to) = if heavier || !by_nickname { (*group, *other) } else { (*other, *group) };
                groups.join(from, to, reason);
            }
        }
    }
}

/// Joins a surname alone with the person who is meant by it.
fn join_surname(groups: &mut Groups, group: u32, block: &[u32]) {
    let roots: FxHashSet<u32> = block.iter().map(|group| groups.root(*group)).collect();
    let weight = |root: &u32| groups.groups[*root as usize].weight;
    let all: u32 = roots.iter().map(weight).sum();
    let Some(leader) = roots.iter().copied().max_by_key(|root| (weight(root), u32::MAX - root)) else { return };
    let most = weight(&leader);
    if most >= KNOWN_WELL && most * 10 >= all * 9 {
        groups.join(group, leader, Reason::Surname(most, all));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UserFile, join};
    use super::*;

    /// Checks who is one person: names with how many articles have them; each expected line is one person.
    #[track_caller]
    fn check(names: &[(&str, u32)], expected: &[&str]) {
        let name = |(text, articles): &(&str, u32)| Name {
            text: (*text).to_owned(),
            articles: [*articles, 0, 0, 0],
            quotes: [0; 3],
        };
        let names: Vec<Name> = names.iter().map(name).collect();
        let found = join(&names, &[], &UserFile::default());
        let line = |identity: &crate::identity::Identity| {
            let variants = identity.variants.iter();
            variants.map(|variant| names[variant.name as usize].text.as_str()).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(found.all.iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_nickname_is_folded_and_stands_once_in_its_row() {
        let mut heads = FxHashSet::default();
        for row in NICKNAMES.lines().filter(|line| !line.starts_with('#')) {
            let names: Vec<&str> = row.split_whitespace().collect();
            assert!(names.len() > 1, "{row}");
            assert!(heads.insert(names[0]), "`{}` has two rows", names[0]);
            let different: FxHashSet<&str> = names.iter().copied().collect();
            assert_eq!(different.len(), names.len(), "{row}");
            assert!(names.iter().all(|name| *name == crate::analyzer::fold(name) && name.len() > 1), "{row}");
        }
        assert!(NICKNAMES.starts_with("# Written for onrecord. MIT OR Apache-2.0."));
        let heads: Vec<&str> =
            NICKNAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|row| row.split(' ').next()).collect();
        assert!(heads.is_sorted());
    }

    #[test]
    fn a_middle_name_may_be_left_out() {
        check(&[("Ines Calder", 3), ("Ines M. Calder", 9)], &["Ines M. Calder | Ines Calder"]);
        check(&[("Ines M. Calder", 3), ("Ines Maria Calder", 9)], &["Ines Maria Calder | Ines M. Calder"]);
        check(&[("Ines M. Calder", 3), ("Ines B. Calder", 9)], &["Ines M. Calder", "Ines B. Calder"]);
        check(
            &[("Ines Calder", 30), ("Ines M. Calder", 3), ("Ines B. Calder", 9), ("Ines Bea Calder", 2)],
            &["Ines Calder", "Ines M. Calder", "Ines B. Calder | Ines Bea Calder"],
        );
    }

    #[test]
    fn father_and_son_are_two() {
        check(&[("Otto Vik", 3), ("Otto Vik Jr.", 9)], &["Otto Vik", "Otto Vik Jr."]);
        check(&[("Otto B. Vik Jr.", 3), ("Otto Vik Jr.", 9)], &["Otto Vik Jr. | Otto B. Vik Jr."]);
    }

    #[test]
    fn an_initial_is_the_only_one_who_begins_so() {
        check(&[("I. Calder", 3), ("Ines Calder", 9), ("Otto Calder", 4)], &["Ines Calder | I. Calder", "Otto Calder"]);
        check(&[("I. Calder", 3), ("Ines Calder", 9), ("Ivo Calder", 4)], &["I. Calder", "Ines Calder", "Ivo Calder"]);
    }

    #[test]
    fn a_short_first_name_is_the_only_one_it_stands_for() {
        check(&[("Joe Vik", 3), ("Joseph R. Vik", 9)], &["Joseph R. Vik | Joe Vik"]);
        check(&[("Ted Vik", 3), ("Edward Vik", 9), ("Theodore Vik", 2)], &["Ted Vik", "Edward Vik", "Theodore Vik"]);
        check(&[("Joe B. Vik", 3), ("Joseph R. Vik", 9)], &["Joe B. Vik", "Joseph R. Vik"]);
    }

    #[test]
    fn a_surname_alone_is_whom_nearly_everybody_means() {
        check(&[("Calder", 50), ("Ines Calder", 19), ("Ivo Calder", 2)], &["Ines Calder | Calder", "Ivo Calder"]);
        check(&[("Calder", 50), ("Ines Calder", 19), ("Ivo Calder", 5)], &["Calder", "Ines Calder", "Ivo Calder"]);
        check(&[("Calder", 50), ("Ines Calder", 9)], &["Calder", "Ines Calder"]);
    }
}
