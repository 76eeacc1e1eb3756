//! Which classes of source a description puts a speaker in.
//!
//! The words are in `words/roles.txt`. What is former, or runs for the office, holds none now; who speaks for a
//! company, or presides over one, is an executive and no official; a spokesperson is official where the office is.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::lexicon::rows;
use crate::layers::{Role, Roles};

const LIST: &str = include_str!("words/roles.txt");

/// Words that make the bearer of a title one of a company or a club, unless the state stands beside them.
const PRIVATE: &[&str] = &[
    "corporation",
    "corp",
    "inc",
    "ltd",
    "bank",
    "group",
    "airline",
    "committee",
    "charity",
    "business",
    "network",
    "team",
    "hospital",
];
/// Words that make him that whatever stands beside them: "the Police Officers' Association".
const PRIVATE_ALWAYS: &[&str] = &[
    "company",
    "association",
    "union",
    "foundation",
    "federation",
    "league",
    "church",
    "campaign",
    "university",
    "college",
    "institute",
    "club",
    "society",
    "party",
    "super",
    "pac",
    "fund",
    "firm",
];
/// Words for a business: who presides over one is no politician.
const BUSINESS: &[&str] = &[
    "company",
    "corporation",
    "corp",
    "inc",
    "ltd",
    "bank",
    "group",
    "airline",
    "business",
    "network",
    "firm",
    "club",
    "team",
    "hospital",
    "chain",
    "maker",
    "manufacturer",
    "factory",
];
/// Words that make the bearer of a title, or a spokesperson, one of the state.
const STATE: &[&str] = &[
    "state",
    "government",
    "ministry",
    "department",
    "white",
    "house",
    "administration",
    "foreign",
    "defence",
    "defense",
    "interior",
    "city",
    "county",
    "federal",
    "national",
    "police",
    "military",
    "army",
    "embassy",
    "pentagon",
    "treasury",
    "justice",
    "health",
    "security",
    "minister",
    "governor",
    "mayor",
    "senate",
    "parliament",
    "u.n",
    "united",
    "nations",
    "court",
    "agency",
    "authority",
];

/// Words for who runs for the office he holds.
const SEATED: &[&str] = &["sen", "senator", "gov", "governor", "rep"];

/// What a word says of whom it describes, or of the words beside it.
#[derive(Clone, Copy, Default)]
struct Sense {
    roles: Roles,
    /// The number of each list that it is in, as a bit.
    lists: u8,
    /// Whether it may be the first of two words that stand together in the list.
    opens: bool,
}

const LISTS: [&[&str]; 6] = [PRIVATE, PRIVATE_ALWAYS, BUSINESS, STATE, SEATED, &["president"]];

static WORDS: LazyLock<FxHashMap<&'static str, Sense>> = LazyLock::new(|| {
    let mut words: FxHashMap<&'static str, Sense> = FxHashMap::default();
    for row in rows(LIST) {
        let mut parts = row.split_whitespace();
        let Some(word) = parts.next() else { continue };
        for role in parts.filter_map(Role::from_name) {
            words.entry(word).or_default().roles.insert(role);
        }
        if let Some((first, _)) = word.split_once('_') {
            words.entry(first).or_default().opens = true;
        }
    }
    for (number, list) in LISTS.iter().enumerate() {
        list.iter().for_each(|word| words.entry(word).or_default().lists |= 1 << number);
    }
    words
});

/// Returns the classes of a named person by everything the article calls them.
///
/// A former office is held no more, whatever courtesy says later ("former Secretary Calder", "Secretary Calder"); another
/// office beside it is ("Agriculture Secretary Calder, a former governor").
pub fn of_person<'d>(descriptions: impl Iterator<Item = &'d str>) -> Roles {
    let found: Vec<(String, Roles)> = descriptions.map(|words| (words.to_lowercase(), of_description(words))).collect();
    let held_before =
        |office: &str| found.iter().any(|(words, roles)| roles.contains(Role::Former) && words.contains(office));
    let is_former = found.iter().any(|(_, roles)| roles.contains(Role::Former));
    let mut roles = Roles::default();
    for (words, found) in &found {
        let mut found = *found;
        let mut offices = words
            .split_whitespace()
            .filter(|word| WORDS.get(word).is_some_and(|known| known.roles.contains(Role::Official)));
        if is_former && offices.all(held_before) {
            found.remove(Role::Official);
        }
        roles.0 |= found.0;
    }
    roles.remove(Role::Organisation);
    roles.remove(Role::Document);
    roles
}

/// Returns the classes that a description names.
pub fn of_description(description: &str) -> Roles {
    let lower = description.to_lowercase();
    let mut words = lower
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '.'))
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| !word.is_empty())
        .peekable();
    let (mut roles, mut lists) = (Roles::default(), 0);
    while let Some(word) = words.next() {
        let Some(known) = WORDS.get(word) else { continue };
        let next = words.peek().filter(|_| known.opens);
        let joined = next.and_then(|next| WORDS.get([word, next].join("_").as_str()));
        roles.0 |= joined.unwrap_or(known).roles.0;
        lists |= known.lists;
    }
    settle(lists, &mut roles);
    roles
}

/// Takes out what the words around contradict, by the lists that they are in.
fn settle(lists: u8, roles: &mut Roles) {
    let [private, always, business, state, seated, president] =
        std::array::from_fn(|number| lists & (1 << number) != 0);
    let private = always || private;
    if roles.contains(Role::Spokesperson) && state && !private {
        roles.insert(Role::Official);
    }
    if always || private && (!state || roles.contains(Role::Spokesperson)) {
        roles.remove(Role::Official);
    }
    if roles.contains(Role::Former) || roles.contains(Role::Candidate) && !seated {
        roles.remove(Role::Official);
    }
    if president && business && !state {
        roles.remove(Role::Politician);
        roles.insert(Role::Executive);
    }
    if roles.contains(Role::Executive) && !state {
        roles.remove(Role::Official);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(description: &str, expected: &[&str]) {
        let names: Vec<&str> = of_description(description).iter().map(Role::name).collect();
        assert_eq!(names, expected, "{description}");
    }

    #[test]
    fn every_row_names_classes_that_exist() {
        for row in rows(LIST) {
            let parts: Vec<&str> = row.split_whitespace().collect();
            assert!(parts.len() >= 2, "{row}");
            assert!(parts[1..].iter().all(|role| Role::from_name(role).is_some()), "{row}");
            assert_eq!(parts[0], parts[0].to_lowercase(), "{row}");
        }
    }

    #[test]
    fn tells_officials_from_others() {
        check("a senior administration official", &["official", "organisation"]);
        check("former Secretary of State", &["former"]);
        check("the president of the company", &["executive", "organisation"]);
        check("president of the Republic", &["official", "politician"]);
        check("a spokesman for the Ministry of Defence", &["official", "spokesperson", "organisation"]);
        check("a spokeswoman for the airline", &["spokesperson"]);
        check("the front-runner", &["politician", "candidate"]);
        check("Prime Minister", &["official", "politician"]);
        check("a resident", &["witness"]);
    }
}
