//! Canonical names to identities: which of the names of an index are one person, one body, one place.
//!
//! In: the names of an index with their counts, and what the user's own file says. Out: [`Identity`]s, every name in
//! exactly one, each with its reason. Names that are written alike are one identity, whatever they stand for in an
//! article; further ones join only for a reason that is kept (see `people`, and short forms below). The user's word goes
//! first. Deliberately touches no disk and knows no index.
//! - `file`: the user's file, text to data.
//! - `people`: when two names are one person's.
//! - `suggest`: what may be one and is not joined.

mod file;
mod people;
mod suggest;

use rustc_hash::FxHashMap;

pub use self::file::{Entry, UserFile, Wrong, parse};
pub use self::people::nearest;
pub use self::suggest::{Suggestion, suggestions};
use crate::identity::{Identity, Name, Reason, Short, Variant, words};

/// A short form that is so many times as frequent as the long one is what to call it by.
const RARE: u32 = 10;

/// The identities of an index.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// Everybody and everything, in the order of their first name in the list.
    pub all: Vec<Identity>,
    /// The number of the identity that each name goes to.
    pub of: Vec<u32>,
}

/// Names that are written alike, and whose they are so far.
#[derive(Debug)]
struct Group {
    words: Vec<String>,
    names: Vec<u32>,
    /// How many articles name it, or where none does how many quotes it speaks.
    weight: u32,
    is_person: bool,
    /// The group it was joined to, itself where it was not.
    parent: u32,
    reason: Reason,
    /// The number of the user's entry it belongs to.
    entry: Option<u32>,
}

/// The groups of names and who was joined with whom.
struct Groups {
    groups: Vec<Group>,
    by_words: FxHashMap<String, u32>,
    /// Groups that the user keeps apart.
    apart: Vec<(u32, u32)>,
}

/// Joins names to identities.
pub fn join(names: &[Name], shorts: &[Short], file: &UserFile) -> Identities {
    let mut groups = Groups::new(names);
    groups.take_users(file);
    people::join(&mut groups);
    groups.join_shorts(shorts);
    groups.finish(names, file)
}

fn joined(words: &[String]) -> String {
    words.join(" ")
}

impl Groups {
    fn new(names: &[Name]) -> Groups {
        let mut groups = Groups { groups: Vec::new(), by_words: FxHashMap::default(), apart: Vec::new() };
        let mut people: Vec<[u32; 2]> = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let words = words(&name.text);
            let key = if words.is_empty() { name.text.clone() } else { joined(&words) };
            let next = groups.groups.len() as u32;
            let at = *groups.by_words.entry(key).or_insert(next);
            if at == next {
                let reason = Reason::Itself;
                let (names, weight, is_person, entry) = (Vec::new(), 0, false, None);
                groups.groups.push(Group { words, names, weight, is_person, parent: at, reason, entry });
                people.push([0, 0]);
            }
            let group = &mut groups.groups[at as usize];
            let weight = weight_of(name);
            group.names.push(number as u32);
            group.weight += weight;
            people[at as usize][usize::from(name.is_person())] += weight.max(1);
        }
        for (group, [others, person]) in groups.groups.iter_mut().zip(people) {
            group.is_person = person > others;
        }
        groups
    }

    /// Returns the group that a group was joined to.
    fn root(&self, mut group: u32) -> u32 {
        while self.groups[group as usize].parent != group {
            group = self.groups[group as usize].parent;
        }
        group
    }

    /// Joins a group, and what was joined to it, to another one; unless the user keeps them apart.
    fn join(&mut self, group: u32, to: u32, reason: Reason) -> bool {
        let (one, other) = (self.root(group), self.root(to));
        if one == other {
            return false;
        }
        let apart = self.apart.iter().map(|(one, other)| (self.root(*one), self.root(*other)));
        let kept_apart = apart.into_iter().any(|pair| pair == (one, other) || pair == (other, one));
        let entries = (self.groups[one as usize].entry, self.groups[other as usize].entry);
        if kept_apart || matches!(entries, (Some(one), Some(other)) if one != other) {
            return false;
        }
        let weight = self.groups[one as usize].weight;
        let child = &mut self.groups[one as usize];
        (child.parent, child.reason) = (other, reason);
        let entry = child.entry;
        let parent = &mut self.groups[other as usize];
        parent.weight += weight;
        parent.entry = parent.entry.or(entry);
        true
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.by_words.get(&joined(&words(name))).copied()
    }

    /// Joins what the user joins and notes what the user keeps apart.
    fn take_users(&mut self, file: &UserFile) {
        for (number, entry) in file.entries.iter().enumerate() {
            let own: Vec<u32> = entry.forms().filter_map(|form| self.find(form)).collect();
            for group in &own {
                self.groups[*group as usize].entry = Some(number as u32);
                self.join(*group, own[0], Reason::User);
            }
            let others: Vec<u32> = entry.apart.iter().filter_map(|form| self.find(form)).collect();
            self.apart.extend(own.iter().take(1).flat_map(|own| others.iter().map(|other| (*own, *other))));
        }
    }

    /// Joins a short form to the name for which nine of ten articles print it.
    fn join_shorts(&mut self, shorts: &[Short]) {
        let mut longs: FxHashMap<u32, FxHashMap<u32, u32>> = FxHashMap::default();
        for pair in shorts {
            if let (Some(short), Some(long)) = (self.find(&pair.short), self.find(&pair.long)) {
                *longs.entry(short).or_default().entry(long).or_default() += pair.articles;
            }
        }
        let mut longs: Vec<(u32, FxHashMap<u32, u32>)> = longs.into_iter().collect();
        longs.sort_unstable_by_key(|(short, _)| *short);
        for (short, longs) in longs {
            let all: u32 = longs.values().sum();
            let most = longs.into_iter().max_by_key(|(long, articles)| (*articles, u32::MAX - long));
            if let Some((long, articles)) = most.filter(|(_, articles)| *articles > 0 && articles * 10 >= all * 9)
                && !self.groups[short as usize].is_person
            {
                self.join(short, long, Reason::ShortForm(articles, all));
            }
        }
    }

    fn finish(self, names: &[Name], file: &UserFile) -> Identities {
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut found = Identities { all: Vec::new(), of: vec![0; names.len()] };
        let mut members: Vec<Vec<u32>> = Vec::new();
        for group in 0..self.groups.len() as u32 {
            let root = self.root(group);
            let number = *numbers.entry(root).or_insert_with(|| {
                members.push(Vec::new());
                members.len() as u32 - 1
            });
            members[number as usize].push(group);
            for name in &self.groups[group as usize].names {
                found.of[*name as usize] = number;
            }
        }
        found.all = members.iter().map(|groups| self.identity(groups, names, file)).collect();
        found
    }

    /// Returns the identity that some groups are.
    fn identity(&self, members: &[u32], names: &[Name], file: &UserFile) -> Identity {
        let mut variants: Vec<(u32, &Reason)> = Vec::new();
        for group in members {
            let group = &self.groups[*group as usize];
            variants.extend(group.names.iter().map(|name| (*name, &group.reason)));
        }
        let shortened = |reason: &Reason| matches!(reason, Reason::Surname(..) | Reason::ShortForm(..));
        let long = variants.iter().filter(|(_, reason)| !shortened(reason));
        let long: u32 = long.map(|(name, _)| weight_of(&names[*name as usize])).max().unwrap_or(0);
        let rank = |(name, reason): &(u32, &Reason)| {
            let name_of = &names[*name as usize];
            // A long form that hardly anybody prints is not what to call it by.
            let shortened = shortened(reason) && weight_of(name_of) < RARE * long;
            (!shortened, !is_shouted(name_of), weight_of(name_of), std::cmp::Reverse(name_of.text.as_str()))
        };
        variants.sort_by_key(|variant| std::cmp::Reverse(rank(variant)));
        let entry = members.iter().find_map(|group| self.groups[*group as usize].entry);
        let entry = entry.and_then(|entry| file.entries.get(entry as usize));
        let main = variants[0].0;
        let main_words = words(&names[main as usize].text);
        // The group that others were joined to has no reason of its own: the main name's holds both ways.
        let main_reason = variants[0].1.clone();
        let variants = variants.into_iter().map(|(name, reason)| {
            let alike = words(&names[name as usize].text) == main_words;
            let reason = match reason {
                _ if name == main => Reason::Itself,
                _ if alike => Reason::Spelling,
                Reason::Itself if main_reason == Reason::Itself => Reason::Spelling,
                Reason::Itself => main_reason.clone(),
                reason => reason.clone(),
            };
            Variant { name, reason }
        });
        let variants = variants.collect();
        match entry {
            None => Identity { name: names[main as usize].text.clone(), variants, ..Identity::default() },
            Some(entry) => Identity {
                name: entry.name.clone(),
                variants,
                kind: entry.kind,
                wikidata: entry.wikidata.clone(),
                offices: entry.offices.clone(),
            },
        }
    }
}

/// Returns how much a name counts when names are compared.
fn weight_of(name: &Name) -> u32 {
    match name.weight() {
        0 => name.quotes.iter().sum(),
        weight => weight,
    }
}

/// Returns whether a name is in capitals because a headline or a dateline has it so: short forms of bodies are anyway.
fn is_shouted(name: &Name) -> bool {
    let is_body = name.articles[1] * 2 > name.weight();
    let small = name.text.chars().any(char::is_lowercase);
    is_loud(&name.text) || !is_body && !small && name.text.chars().filter(|letter| letter.is_alphabetic()).count() > 1
}

/// Returns whether a name of several letters is all in capitals, as headlines have it.
fn is_loud(name: &str) -> bool {
    name.chars().filter(|letter| letter.is_alphabetic()).count() > 4 && !name.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a name that so many articles take for a person, an organisation, a place.
    fn name(text: &str, [person, body, place]: [u32; 3]) -> Name {
        Name { text: text.to_owned(), articles: [person, body, place, 0], quotes: [0; 3] }
    }

    /// Checks which names go together: each line is one identity, its main name first.
    #[track_caller]
    fn check(names: &[(&str, [u32; 3])], shorts: &[(&str, &str, u32)], file: &str, expected: &[&str]) {
        let names: Vec<Name> = names.iter().map(|(text, articles)| name(text, *articles)).collect();
        let short = |(short, long, articles): &(&str, &str, u32)| Short {
            short: (*short).to_owned(),
            long: (*long).to_owned(),
            articles: *articles,
        };
        let shorts: Vec<Short> = shorts.iter().map(short).collect();
        let file = parse(file).expect("a sound file");
        let found = join(&names, &shorts, &file);
        let line = |identity: &Identity| {
            let variants = identity.variants.iter().map(|variant| names[variant.name as usize].text.as_str());
            format!("{}: {}", identity.name, variants.collect::<Vec<_>>().join(" | "))
        };
        assert_eq!(found.all.iter().map(line).collect::<Vec<_>>(), expected);
        for (name, identity) in found.of.iter().enumerate() {
            let variants = &found.all[*identity as usize].variants;
            assert!(variants.iter().any(|variant| variant.name as usize == name), "{}", names[name].text);
        }
    }

    #[test]
    fn names_that_are_written_alike_are_one() {
        check(
            &[
                ("Harbour Post", [0, 5, 0]),
                ("The Harbour Post", [0, 7, 0]),
                ("BERGEN", [0, 0, 9]),
                ("Bergen", [0, 0, 4]),
                ("Åsa Örn", [2, 0, 0]),
                ("Asa Orn", [1, 0, 0]),
            ],
            &[],
            "",
            &[
                "The Harbour Post: The Harbour Post | Harbour Post",
                "Bergen: Bergen | BERGEN",
                "Åsa Örn: Åsa Örn | Asa Orn",
            ],
        );
    }

    #[test]
    fn a_short_form_is_what_articles_print_it_for() {
        let names = [
            ("NHF", [0, 3, 0]),
            ("Norwegian Harbour Federation", [0, 12, 0]),
            ("National Health Fund", [0, 2, 0]),
            ("DMA", [0, 4, 0]),
            ("Danish Maritime Academy", [0, 5, 0]),
            ("Digital Market Authority", [0, 5, 0]),
        ];
        let shorts = [
            ("NHF", "Norwegian Harbour Federation", 11),
            ("NHF", "National Health Fund", 1),
            ("DMA", "Danish Maritime Academy", 3),
            ("DMA", "Digital Market Authority", 3),
        ];
        check(
            &names,
            &shorts,
            "",
            &[
                "Norwegian Harbour Federation: Norwegian Harbour Federation | NHF",
                "National Health Fund: National Health Fund",
                "DMA: DMA",
                "Danish Maritime Academy: Danish Maritime Academy",
                "Digital Market Authority: Digital Market Authority",
            ],
        );
    }

    #[test]
    fn a_long_form_that_nobody_prints_is_no_name_to_go_by() {
        let names = [("Grand Harbour Party", [0, 2, 0]), ("GHP", [0, 30, 0])];
        check(&names, &[("GHP", "Grand Harbour Party", 2)], "", &["GHP: GHP | Grand Harbour Party"]);
    }

    #[test]
    fn the_user_has_the_last_word() {
        check(
            &[
                ("Ines Calder", [20, 0, 0]),
                ("Ines B. Calder", [4, 0, 0]),
                ("The Harbour Queen", [3, 0, 0]),
                ("Calder", [9, 0, 0]),
                ("Otto Vik", [2, 0, 0]),
            ],
            &[],
            "[[identity]]\nname = \"Ines Calder (mayor)\"\naliases = [\"Ines Calder\", \"the harbour queen\"]\n\
             apart = [\"Ines B. Calder\", \"Calder\"]\nwikidata = \"Q1\"\n",
            &[
                "Ines Calder (mayor): Ines Calder | The Harbour Queen",
                "Ines B. Calder: Ines B. Calder",
                "Calder: Calder",
                "Otto Vik: Otto Vik",
            ],
        );
    }
}
