//! Lists of names, compiled in: given names, surnames, places, countries, organisations and the rest.
//!
//! In: the files of `names/`, one name a line, several words allowed. Out: for each token of a stretch, which kinds of
//! listed names it begins, continues, ends or is. A hint for the model, never an answer. The lists are our
//! own, but for the cities of GeoNames.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::annotate::lexicon::rows;
use crate::annotate::tokens::tokenise;
use crate::article::Span;

/// A list of names; its place here is its place among the bits of a hint.
pub struct List {
    /// The name of the file.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
    /// More names of the kind, from elsewhere.
    pub more: &'static str,
}

/// Every list. No more than eight: a hint has four bits for each.
pub const LISTS: &[List] = &[
    List { name: "given", text: include_str!("names/given.txt"), more: "" },
    List { name: "surnames", text: include_str!("names/surnames.txt"), more: "" },
    List { name: "places", text: include_str!("names/places.txt"), more: include_str!("names/cities.txt") },
    List { name: "countries", text: include_str!("names/countries.txt"), more: "" },
    List { name: "organisations", text: include_str!("names/organisations.txt"), more: "" },
    List { name: "peoples", text: include_str!("names/peoples.txt"), more: "" },
    List { name: "others", text: include_str!("names/others.txt"), more: "" },
    List { name: "acronyms", text: include_str!("names/acronyms.txt"), more: "" },
];

/// The list of given names.
pub const GIVEN: usize = 0;
/// The list of surnames.
pub const SURNAMES: usize = 1;
/// The list of cities, regions, rivers.
pub const PLACES: usize = 2;
/// The list of countries.
pub const COUNTRIES: usize = 3;
/// The list of organisations.
pub const ORGANISATIONS: usize = 4;
/// The list of peoples.
pub const PEOPLES: usize = 5;

/// Returns the lists that hold the whole of a name of one word, as a set of bits.
pub fn single(hint: u32) -> u32 {
    lists_at(hint >> 3)
}

/// Returns the lowest of each list's four bits, one beside the other.
pub fn lists_at(hint: u32) -> u32 {
    let pairs = hint & 0x1111_1111;
    let pairs = (pairs | pairs >> 3) & 0x0303_0303;
    let fours = (pairs | pairs >> 6) & 0x000F_000F;
    (fours | fours >> 12) & 0xFF
}

/// Which lists hold the names whose tokens so far have a hash, and whether longer names start so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    lists: u8,
    goes_on: bool,
}

static TABLE: LazyLock<FxHashMap<u32, Entry>> = LazyLock::new(build);

fn build() -> FxHashMap<u32, Entry> {
    let mut table = FxHashMap::default();
    let mut tokens = Vec::new();
    for (number, list) in LISTS.iter().enumerate() {
        debug_assert!(!list.name.is_empty());
        for name in rows(list.text).chain(rows(list.more)) {
            tokens.clear();
            tokenise(name, Span::new(0, name.len()), &mut tokens);
            let mut hash = 0;
            for (at, token) in tokens.iter().enumerate() {
                hash = join(hash, token.key);
                let entry: &mut Entry = table.entry(hash).or_default();
                if at + 1 == tokens.len() {
                    entry.lists |= 1 << number;
                } else {
                    entry.goes_on = true;
                }
            }
        }
    }
    table
}

fn join(hash: u32, key: u32) -> u32 {
    (hash.rotate_left(11) ^ key).wrapping_mul(0x9E37_79B1)
}

/// Returns which lists hold the word of a key, and whether longer names start with it.
pub fn entry(key: u32) -> Entry {
    TABLE.get(&join(0, key)).copied().unwrap_or_default()
}

/// Writes a hint for each token of a stretch, of which the key and the [`entry()`] are given: bit `list * 4 + place`,
/// places as in the model's tags.
pub fn hints(tokens: impl Fn(usize) -> (u32, Entry), hints: &mut [u32]) {
    let table = &*TABLE;
    hints.fill(0);
    for start in 0..hints.len() {
        let (key, mut entry) = tokens(start);
        let mut hash = join(0, key);
        let mut at = start;
        let mut lists = 0;
        let mut longest = [0_usize; 8];
        loop {
            at += 1;
            lists |= entry.lists;
            let mut rest = entry.lists;
            while rest != 0 {
                longest[rest.trailing_zeros() as usize] = at;
                rest &= rest - 1;
            }
            if !entry.goes_on || at == hints.len() {
                break;
            }
            hash = join(hash, tokens(at).0);
            let Some(next) = table.get(&hash) else { break };
            entry = *next;
        }
        while lists != 0 {
            let list = lists.trailing_zeros() as usize;
            mark(&mut hints[start..longest[list]], list);
            lists &= lists - 1;
        }
    }
}

/// Marks a name of a list.
fn mark(hints: &mut [u32], list: usize) {
    let last = hints.len() - 1;
    for (at, hint) in hints.iter_mut().enumerate() {
        let place = match at {
            0 if last == 0 => 3,
            0 => 0,
            at if at == last => 2,
            _ => 1,
        };
        *hint |= 1 << (list * 4 + place);
    }
}

/// Returns the lists that hold the word of a key, as a set of bits.
pub fn lists_of_word(key: u32) -> u8 {
    entry(key).lists
}

/// Returns the lists that hold a name, as a set of bits.
#[cfg(test)]
pub fn holds(name: &str) -> u8 {
    let mut tokens = Vec::new();
    tokenise(name, Span::new(0, name.len()), &mut tokens);
    let hash = tokens.iter().fold(0, |hash, token| join(hash, token.key));
    TABLE.get(&hash).map_or(0, |entry| entry.lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints_of(text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        tokenise(text, Span::new(0, text.len()), &mut tokens);
        let mut found = vec![0; tokens.len()];
        hints(|at| (tokens[at].key, entry(tokens[at].key)), &mut found);
        found
    }

    #[test]
    fn every_row_is_a_name_and_stands_in_its_place() {
        for list in LISTS {
            let head = list.text.lines().next().expect("a first line");
            assert_eq!(head, "# Written for onrecord. MIT OR Apache-2.0.", "{}", list.name);
            let source = list.more.lines().next().unwrap_or("# GeoNames, www.geonames.org, CC BY 4.0, none.");
            assert!(source.starts_with("# GeoNames, www.geonames.org, CC BY 4.0, "), "{}", list.name);
        }
        for (list, text) in LISTS.iter().flat_map(|list| [(list, list.text), (list, list.more)]) {
            let mut before = String::new();
            for row in rows(text) {
                assert!(row.contains(char::is_uppercase), "{}: `{row}` has no capital", list.name);
                assert!(row.len() > 1 && row.len() < 80 && !row.contains("  "), "{}: `{row}`", list.name);
                let folded = row.to_lowercase();
                assert!(folded > before, "{}: `{row}` comes behind `{before}`", list.name);
                before = folded;
            }
        }
    }

    /// Each row: a state of the United Nations, or of the United States, its people, its capital.
    const WORLD: &str = include_str!("names/world.txt");

    #[test]
    fn states_peoples_and_capitals_are_listed() {
        let mut states = 0;
        for row in rows(WORLD) {
            let [state, people, capital] =
                row.split(" | ").collect::<Vec<_>>().try_into().expect("a state, its people and its capital");
            let place = 1 << COUNTRIES | 1 << PLACES;
            assert!(holds(state) & place != 0, "`{state}`");
            assert!(people == "-" || holds(people) & 1 << PEOPLES != 0, "`{people}` of `{state}`");
            assert!(holds(capital) & place != 0, "`{capital}` of `{state}`");
            states += 1;
        }
        assert_eq!(states, 195 + 50, "193 members, Palestine, Taiwan; 50 states");
    }

    #[test]
    fn a_name_of_several_words_is_hinted_at_over_all_of_them() {
        let bit = |list: usize, place: usize| 1 << (list * 4 + place);
        let found = hints_of("Salt Lake City");
        assert_eq!(
            found.iter().map(|hint| hint & 0xF << (PLACES * 4)).collect::<Vec<_>>(),
            [bit(PLACES, 0), bit(PLACES, 1), bit(PLACES, 2)]
        );
        assert_eq!(hints_of("Norway")[0] & 0xF << (COUNTRIES * 4), bit(COUNTRIES, 3));
        assert_eq!(single(hints_of("Norway")[0]) >> COUNTRIES & 1, 1);
        assert_eq!(hints_of("harbour"), [0]);
    }
}
