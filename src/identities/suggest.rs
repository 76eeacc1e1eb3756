//! What may be one identity and is not joined: for a person to decide.
//!
//! In: names and the identities made of them. Out: pairs, the surest first, each with its evidence. Nothing here joins
//! anything.

use rustc_hash::{FxHashMap, FxHashSet};

use super::people::{Parts, same_nickname};
use super::{Identities, is_loud, weight_of};
use crate::identity::{Name, words};

/// Words that say what kind of body a name is and may be left out.
const KINDS_OF_BODY: &[&str] = &[
    "inc",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "plc",
    "llc",
    "group",
    "holdings",
    "ag",
    "sa",
    "foundation",
    "association",
    "agency",
    "committee",
];

/// The share of the articles that a surname alone must mean one person in, of ten.
const MOSTLY: u32 = 6;

/// A name has slips where it is so many times as frequent as they are.
const SLIPS: u32 = 4;

/// Two identities that may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The number of the more frequent identity.
    pub keep: u32,
    /// The number of the other one.
    pub other: u32,
    /// What speaks for it.
    pub evidence: String,
    /// How many articles it would move.
    pub moved: u32,
}

/// An identity as it is compared.
struct Candidate {
    number: u32,
    words: Vec<String>,
    weight: u32,
    is_person: bool,
    /// Whether most of what is known takes it for an organisation.
    is_body: bool,
    /// Whether it is printed in capitals.
    is_short: bool,
}

/// Returns pairs of identities that may be one, those that would move most articles first.
pub fn suggestions(names: &[Name], identities: &Identities) -> Vec<Suggestion> {
    let mut candidates = Vec::new();
    for (number, identity) in identities.all.iter().enumerate() {
        let own = identity.variants.iter().map(|variant| &names[variant.name as usize]);
        let weight = own.clone().map(weight_of).sum();
        let people: u32 = own.clone().filter(|name| name.is_person()).map(weight_of).sum();
        let Some(main) = identity.variants.first().map(|variant| names[variant.name as usize].text.as_str()) else {
            continue;
        };
        let bodies: u32 = own.clone().map(|name| name.articles[1]).sum();
        let is_short = main.len() > 2 && main.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'.');
        let words = words(main);
        if !words.is_empty() && !is_loud(main) {
            candidates.push(Candidate {
                number: number as u32,
                words,
                weight,
                is_person: people * 2 > weight,
                is_body: bodies * 2 > weight,
                is_short,
            });
        }
    }
    let mut found = Vec::new();
    surnames(&candidates, &mut found);
    sons(&candidates, &mut found);
    misspelt(&candidates, &mut found);
    bodies(&candidates, &mut found);
    found.sort_by(|one, other| other.moved.cmp(&one.moved).then(one.other.cmp(&other.other)));
    let mut seen = FxHashSet::default();
    found.retain(|pair| seen.insert((pair.keep.min(pair.other), pair.keep.max(pair.other))));
    found
}

/// Returns the suggestion that two are one, under the more frequent name.
fn suggest(one: &Candidate, other: &Candidate, evidence: String) -> Suggestion {
    let (long, short) = if one.weight >= other.weight { (one, other) } else { (other, one) };
    shortened(long, short, evidence)
}

/// Returns the suggestion that a short form stands for a long one, however frequent it is.
fn shortened(long: &Candidate, short: &Candidate, evidence: String) -> Suggestion {
    Suggestion { keep: long.number, other: short.number, evidence, moved: short.weight }
}

/// A surname alone, mostly one person's.
fn surnames(candidates: &[Candidate], found: &mut Vec<Suggestion>) {
    let mut by_last: FxHashMap<&str, Vec<&Candidate>> = FxHashMap::default();
    for candidate in candidates.iter().filter(|candidate| candidate.is_person) {
        if let Some(parts) = Parts::of(&candidate.words) {
            by_last.entry(parts.last).or_default().push(candidate);
        }
    }
    for alone in candidates.iter().filter(|candidate| candidate.is_person && candidate.words.len() == 1) {
        let Some(block) = by_last.get(alone.words[0].as_str()) else { continue };
        let all: u32 = block.iter().map(|candidate| candidate.weight).sum();
        let leader = block.iter().max_by_key(|candidate| (candidate.weight, u32::MAX - candidate.number));
        if let Some(leader) = leader.filter(|leader| leader.weight > 2 && leader.weight * 10 >= all * MOSTLY) {
            let evidence = format!(
                "the surname alone; {} of {all} articles that give it a first name mean this one",
                leader.weight
            );
            found.push(shortened(leader, alone, evidence));
        }
    }
}

/// The same name with and without "Jr.".
fn sons(candidates: &[Candidate], found: &mut Vec<Suggestion>) {
    let mut by_last: FxHashMap<&str, Vec<(&Candidate, Parts<'_>)>> = FxHashMap::default();
    for candidate in candidates.iter().filter(|candidate| candidate.is_person) {
        if let Some(parts) = Parts::of(&candidate.words) {
            by_last.entry(parts.last).or_default().push((candidate, parts));
        }
    }
    for block in by_last.values() {
        for (son, parts) in block.iter().filter(|(_, parts)| parts.suffix.is_some()) {
            let same = |other: &&(&Candidate, Parts<'_>)| {
                let first = other.1.first == parts.first || same_nickname(other.1.first, parts.first);
                other.1.suffix.is_none() && first
            };
            let mut same = block.iter().filter(same);
            if let (Some((other, _)), None) = (same.next(), same.next()) {
                let suffix = parts.suffix.unwrap_or_default();
                let evidence =
                    format!("the same name without “{suffix}”; father and son are kept apart until you join");
                found.push(suggest(other, son, evidence));
            }
        }
    }
}

/// Names of several words that differ by one letter.
fn misspelt(candidates: &[Candidate], found: &mut Vec<Suggestion>) {
    let mut near: FxHashMap<String, Vec<&Candidate>> = FxHashMap::default();
    let long = |candidate: &&Candidate| {
        let letters: usize = candidate.words.iter().map(String::len).sum();
        candidate.words.len() > 1
            && letters > 8
            && !candidate.words.iter().any(|word| word.bytes().any(|b| b.is_ascii_digit()))
    };
    // Only a name that is well known has slips: all others would take ten times the memory.
    for known in candidates.iter().filter(long).filter(|candidate| candidate.weight >= SLIPS) {
        each_without_a_letter(&known.words.join(" "), &mut |form| near.entry(form).or_default().push(known));
    }
    let mut seen = FxHashSet::default();
    for slip in candidates.iter().filter(long) {
        each_without_a_letter(&slip.words.join(" "), &mut |form| {
            for known in near.get(&form).into_iter().flatten() {
                let fits = slip.weight * SLIPS <= known.weight && slip.is_person == known.is_person;
                if fits && one_letter(&slip.words, &known.words) && seen.insert((known.number, slip.number)) {
                    found.push(suggest(known, slip, "the same but for one letter".to_owned()));
                }
            }
        });
    }
}

/// Gives a name, and what is left of it without each of its letters.
fn each_without_a_letter(name: &str, each: &mut dyn FnMut(String)) {
    for (at, letter) in name.char_indices() {
        each([&name[..at], &name[at + letter.len_utf8()..]].concat());
    }
    each(name.to_owned());
}

/// Returns whether names differ by one letter, in a word of five and more, that is no ending in s.
fn one_letter(one: &[String], other: &[String]) -> bool {
    let differ: Vec<(&String, &String)> = one.iter().zip(other).filter(|(one, other)| one != other).collect();
    let [(one_word, other_word)] = differ[..] else { return false };
    let plural = |short: &str, long: &str| long.strip_suffix('s') == Some(short);
    one.len() == other.len()
        && one_word.len().min(other_word.len()) > 4
        && !plural(one_word, other_word)
        && !plural(other_word, one_word)
}

/// Bodies whose names differ by what kind of body they are, and initials nobody explains.
fn bodies(candidates: &[Candidate], found: &mut Vec<Suggestion>) {
    let mut by_core: FxHashMap<String, Vec<&Candidate>> = FxHashMap::default();
    let mut by_initials: FxHashMap<String, Vec<&Candidate>> = FxHashMap::default();
    for candidate in candidates.iter().filter(|candidate| candidate.is_body) {
        let kept = candidate.words.iter().filter(|word| !KINDS_OF_BODY.contains(&word.as_str()));
        let core: Vec<&str> = kept.map(String::as_str).collect();
        if !core.is_empty() {
            by_core.entry(core.join(" ")).or_default().push(candidate);
        }
        if candidate.words.len() > 2 {
            let big =
                candidate.words.iter().filter(|word| !matches!(word.as_str(), "of" | "the" | "for" | "and" | "in"));
            let initials: String = big.filter_map(|word| word.chars().next()).collect();
            by_initials.entry(initials).or_default().push(candidate);
        }
    }
    for list in by_core.values().filter(|list| list.len() == 2) {
        found.push(suggest(list[0], list[1], "the same but for the word for its kind of body".to_owned()));
    }
    for short in candidates.iter().filter(|candidate| candidate.is_body && candidate.is_short) {
        if let Some([long]) = by_initials.get(&short.words[0]).map(Vec::as_slice) {
            found.push(shortened(long, short, "its initials; no article prints both".to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UserFile, join};
    use super::*;

    #[track_caller]
    fn check(names: &[(&str, [u32; 2])], expected: &[&str]) {
        let name = |(text, [person, body]): &(&str, [u32; 2])| Name {
            text: (*text).to_owned(),
            articles: [*person, *body, 0, 0],
            quotes: [0; 3],
        };
        let names: Vec<Name> = names.iter().map(name).collect();
        let identities = join(&names, &[], &UserFile::default());
        let line = |pair: &Suggestion| {
            let name = |number: u32| identities.all[number as usize].name.as_str();
            format!("{} = {}: {}", name(pair.keep), name(pair.other), pair.evidence)
        };
        let found: Vec<String> = suggestions(&names, &identities).iter().map(line).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn proposes_with_evidence() {
        check(
            &[("Calder", [5, 0]), ("Ines Calder", [7, 0]), ("Ivo Calder", [2, 0])],
            &["Ines Calder = Calder: the surname alone; 7 of 9 articles that give it a first name mean this one"],
        );
        check(
            &[("Ines Calder", [8, 0]), ("Ines Colder", [1, 0])],
            &["Ines Calder = Ines Colder: the same but for one letter"],
        );
        check(&[("Ines Calder", [8, 0]), ("Ines Colder", [8, 0])], &[]);
        check(
            &[("Otto Vik", [8, 0]), ("Otto Vik Jr.", [1, 0])],
            &["Otto Vik = Otto Vik Jr.: the same name without “jr”; father and son are kept apart until you join"],
        );
        check(
            &[("Hallow Shipping", [0, 8]), ("Hallow Shipping Corp.", [0, 1])],
            &["Hallow Shipping = Hallow Shipping Corp.: the same but for the word for its kind of body"],
        );
        check(
            &[("Hallow", [0, 8]), ("Hallow Corp.", [0, 1])],
            &["Hallow = Hallow Corp.: the same but for the word for its kind of body"],
        );
        check(
            &[("NHF", [0, 8]), ("Norwegian Harbour Federation", [0, 1])],
            &["Norwegian Harbour Federation = NHF: its initials; no article prints both"],
        );
    }
}
