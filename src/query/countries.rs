//! The names of a country: "Britain", "British" and "U.K." in a query mean the same place.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::analyzer;

/// The list; its first lines say where it is from.
const LIST: &str = include_str!("words/countries.txt");

/// The most words of a name.
pub const LONGEST: usize = 4;

/// Returns how many of the first words are the name of a country, and all the names of that country; a name that holds
/// another one is left out.
pub fn names(words: &[&str]) -> Option<(usize, &'static [&'static str])> {
    let stems: Vec<String> = words.iter().take(LONGEST).map(|word| stems(word)).collect();
    (1..=stems.len()).rev().find_map(|count| {
        let names = table().get(stems[..count].join(" ").as_str())?;
        Some((count, names.as_slice()))
    })
}

/// Returns the stems of a name's words, with spaces between.
fn stems(name: &str) -> String {
    let terms = analyzer::terms(name);
    terms.iter().map(|term| analyzer::stem(term).into_owned()).collect::<Vec<_>>().join(" ")
}

/// The names of each country, by the stems of each of them.
fn table() -> &'static HashMap<String, Vec<&'static str>> {
    static TABLE: OnceLock<HashMap<String, Vec<&'static str>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for row in rows() {
            let keys: Vec<String> = row.iter().map(|name| stems(name)).collect();
            let holds_another =
                |key: &str| keys.iter().any(|other| other != key && key.split(' ').any(|word| word == other));
            let named = row.iter().zip(&keys).filter(|(_, key)| !holds_another(key));
            let names: Vec<&'static str> = named.map(|(name, _)| *name).collect();
            for key in keys {
                table.insert(key, names.clone());
            }
        }
        table
    })
}

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_sound() {
        let mut seen = HashMap::new();
        for row in rows() {
            assert!(row.len() >= 2, "{row:?} has one name");
            for name in &row {
                assert!(!name.is_empty() && name.chars().next().is_some_and(char::is_uppercase), "{row:?}");
                assert!(stems(name).split(' ').count() <= LONGEST, "{name}");
                let before = seen.insert(stems(name), row[0]);
                assert!(
                    before.is_none_or(|before| before == row[0]),
                    "{name} is {} and {}",
                    row[0],
                    before.unwrap_or("")
                );
            }
        }
        assert!(seen.len() > 300, "{} names", seen.len());
        assert!(rows().map(|row| row[0]).is_sorted_by(|one, other| one.to_lowercase() < other.to_lowercase()));
        assert!(LIST.starts_with("# Written for onrecord. MIT OR Apache-2.0."));
    }

    #[test]
    fn finds_the_other_names() {
        let british: &[&str] = &["Britain", "British", "Briton", "U.K.", "United Kingdom"];
        assert_eq!(names(&["British", "troops"]), Some((1, british)));
        assert_eq!(names(&["u.k."]), Some((1, british)));
        assert_eq!(names(&["united", "kingdom", "talks"]), Some((2, british)));
        assert_eq!(names(&["Soviet", "Union"]), Some((2, &["Soviet", "U.S.S.R."][..])));
        assert_eq!(names(&["New", "Zealand's", "dairy"]).map(|(count, _)| count), Some(2));
        assert_eq!(names(&["united", "front"]), None);
        assert_eq!(names(&["us"]), None);
    }
}
