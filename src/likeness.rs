//! Which known name a mistyped one is meant to be.
//!
//! In: a name as typed and the names there are. Out: the one it is like, where one is. Deliberately knows no list.

/// More changes than this make another name of it.
const MOST: usize = 2;

/// Returns the name that a typed one is like, whatever its case.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    let near = names.into_iter().map(|name| (distance(&typed, name), name)).min();
    near.filter(|(distance, name)| *distance <= MOST && *distance < name.len()).map(|(_, name)| name)
}

/// Returns how many letters must be changed, added or left out to turn one word into the other (Levenshtein).
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, with) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *with);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = ["headline", "date", "url", "id"];
        for (typed, expected) in [
            ("headlin", Some("headline")),
            ("Dtae", Some("date")),
            ("ulr", Some("url")),
            ("colour", None),
            ("xy", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), expected, "{typed}");
        }
    }
}
