//! The names of a country: "Britain", "British" and "U.K." in a query mean the same place.

use crate::analyzer;

/// The list; its first lines say where it is from.
const LIST: &str = include_str!("words/countries.txt");

/// The most words of a name.
pub const LONGEST: usize = 4;

/// Returns how many of the first words are the name of a country, and all the names of that country; a name that holds
/// another one is left out.
pub fn names(words: &[&str]) -> Option<(usize, Vec<&'static str>)> {
    let stems: Vec<String> = words.iter().take(LONGEST).map(|word| stems_of(word)).collect();
    let mut typed = stems.first()?.bytes();
    let first = [typed.next()?, typed.next().unwrap_or_default()];
    // Stems cost time, and most names begin with other letters.
    let may_be_meant = |name: &&str| match name.as_bytes() {
        [one, two, ..] if one.is_ascii_alphabetic() && two.is_ascii_alphabetic() => {
            [one, two].map(u8::to_ascii_lowercase) == first
        }
        _ => true,
    };
    let mut known: Vec<(String, &'static str)> = Vec::new();
    for line in lines() {
        known.extend(names_of(line).filter(may_be_meant).map(|name| (stems_of(name), line)));
    }
    (1..=stems.len()).rev().find_map(|count| {
        let typed = stems[..count].join(" ");
        let (_, line) = known.iter().find(|(name, _)| *name == typed)?;
        Some((count, without_longer(&names_of(line).collect::<Vec<_>>())))
    })
}

/// Returns the names of a country that hold no other one of them.
fn without_longer(row: &[&'static str]) -> Vec<&'static str> {
    let keys: Vec<String> = row.iter().map(|name| stems_of(name)).collect();
    let holds_another = |key: &str| keys.iter().any(|other| other != key && key.split(' ').any(|word| word == other));
    row.iter().zip(&keys).filter(|(_, key)| !holds_another(key)).map(|(name, _)| *name).collect()
}

/// Returns the stems of a name's words, with spaces between.
fn stems_of(name: &str) -> String {
    let terms = analyzer::terms(name);
    terms.iter().map(|term| analyzer::stem(term).into_owned()).collect::<Vec<_>>().join(" ")
}

fn lines() -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn names_of(line: &str) -> impl Iterator<Item = &str> {
    line.split('|').map(str::trim)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn rows() -> impl Iterator<Item = Vec<&'static str>> {
        lines().map(|line| names_of(line).collect())
    }

    #[test]
    fn every_name_is_found() {
        for row in rows() {
            for name in &row {
                let words: Vec<&str> = name.split(' ').collect();
                let found = names(&words);
                assert_eq!(found, Some((words.len(), without_longer(&row))), "{name}");
            }
        }
    }

    #[test]
    fn every_row_is_sound() {
        let mut seen = HashMap::new();
        for row in rows() {
            assert!(row.len() >= 2, "{row:?} has one name");
            for name in &row {
                assert!(!name.is_empty() && name.chars().next().is_some_and(char::is_uppercase), "{row:?}");
                assert!(stems_of(name).split(' ').count() <= LONGEST, "{name}");
                let before = seen.insert(stems_of(name), row[0]);
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
        let british = vec!["Britain", "British", "Briton", "U.K.", "United Kingdom"];
        assert_eq!(names(&["British", "troops"]), Some((1, british.clone())));
        assert_eq!(names(&["u.k."]), Some((1, british.clone())));
        assert_eq!(names(&["united", "kingdom", "talks"]), Some((2, british)));
        assert_eq!(names(&["Soviet", "Union"]), Some((2, vec!["Soviet", "U.S.S.R."])));
        assert_eq!(names(&["New", "Zealand's", "dairy"]).map(|(count, _)| count), Some(2));
        assert_eq!(names(&["united", "front"]), None);
        assert_eq!(names(&["us"]), None);
    }
}
