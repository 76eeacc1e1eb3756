//! Lessons of our own writing: invented news with its names in brackets, and copies of it under other names.
//!
//! In: `lessons.txt`. Out: labelled articles. `[PER Ines Calder]` is a name as it stands; `[P Ines Calder]`, `[O …]` and
//! `[L …]` get other names in the copies: people's from the lists of given names and surnames, or from halves of
//! two surnames, for most people are in no list; organisations' and places' from theirs. Who is named twice keeps
//! one name.

use crate::annotate::lexicon::rows;
use crate::article::Span;
use crate::layers::EntityKind;

use super::gazetteer::{COUNTRIES, GIVEN, LISTS, ORGANISATIONS, PLACES, SURNAMES};
use super::train::{Chance, Labelled};

const LESSONS: &str = include_str!("lessons.txt");

/// Returns every lesson as it stands and a number of copies of it under other names.
pub fn lessons(copies: usize) -> Vec<Labelled> {
    let mut chance = Chance::new(0x0DDB_1A5E_5BAD_5EED);
    let mut found = Vec::new();
    for row in rows(LESSONS) {
        let pieces = pieces(row);
        found.push(labelled(&pieces));
        for _ in 0..copies {
            let mut renamed = pieces.clone();
            rename(&mut renamed, &mut chance);
            found.push(labelled(&renamed));
        }
    }
    found
}

/// A stretch of a lesson: words, and the mark before them where they are a name.
#[derive(Clone)]
struct Piece {
    mark: &'static str,
    words: String,
}

fn pieces(row: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in row.split('[') {
        let Some((name, rest)) = part.split_once(']') else {
            pieces.push(Piece { mark: "", words: part.to_owned() });
            continue;
        };
        let (mark, words) = name.split_once(' ').unwrap_or(("", name));
        pieces.push(Piece { mark, words: words.to_owned() });
        pieces.push(Piece { mark: "", words: rest.to_owned() });
    }
    pieces
}

fn labelled(pieces: &[Piece]) -> Labelled {
    let mut text = String::new();
    let mut names = Vec::new();
    for piece in pieces {
        let start = text.len();
        text += &piece.words;
        let kind = match piece.mark {
            "P" | "PER" => EntityKind::Person,
            "O" | "ORG" => EntityKind::Organisation,
            "L" | "LOC" => EntityKind::Location,
            "MISC" => EntityKind::Misc,
            _ => continue,
        };
        names.push((Span::new(start, text.len()), kind));
    }
    Labelled { text, names, misc: true }
}

/// Gives the names that may change other names, the same for the same person.
fn rename(pieces: &mut [Piece], chance: &mut Chance) {
    let mut people: Vec<(String, String)> = Vec::new();
    for piece in pieces {
        match piece.mark {
            "P" => {
                let words: Vec<String> =
                    piece.words.split(' ').map(|word| other_word(word, &mut people, chance)).collect();
                piece.words = words.join(" ");
            }
            "O" if chance.happens(0.6) => piece.words = any_row(ORGANISATIONS, chance),
            "L" if chance.happens(0.8) => {
                let list = if chance.happens(0.3) { COUNTRIES } else { PLACES };
                piece.words = if chance.happens(0.2) { invented(list, chance) } else { any_row(list, chance) };
            }
            _ => {}
        }
    }
}

/// Returns what a word of a person's name becomes; the first word seen of a person is a given name.
fn other_word(word: &str, people: &mut Vec<(String, String)>, chance: &mut Chance) -> String {
    if let Some((_, known)) = people.iter().find(|(old, _)| old == word) {
        return known.clone();
    }
    let given = rows_of(GIVEN).any(|row| row == word);
    let new = match () {
        () if word.contains(char::is_lowercase) && word.starts_with(char::is_lowercase) => word.to_owned(),
        () if given && chance.happens(0.8) => any_row(GIVEN, chance),
        () if chance.happens(0.5) => invented(if given { GIVEN } else { SURNAMES }, chance),
        () => any_row(if given { GIVEN } else { SURNAMES }, chance),
    };
    people.push((word.to_owned(), new.clone()));
    new
}

fn rows_of(list: usize) -> impl Iterator<Item = &'static str> {
    rows(LISTS[list].text)
}

fn any_row(list: usize, chance: &mut Chance) -> String {
    let count = rows_of(list).count();
    rows_of(list).nth((chance.draw() % count as u64) as usize).unwrap_or_default().to_owned()
}

/// Returns a name made of the start of one of a list and the end of another.
fn invented(list: usize, chance: &mut Chance) -> String {
    let half = |word: &str| word.char_indices().map(|(at, _)| at).nth(word.chars().count() / 2).unwrap_or(0);
    let (one, other) = (any_row(list, chance), any_row(list, chance));
    let (one, other) = (one.split(' ').next().unwrap_or_default(), other.split(' ').next_back().unwrap_or_default());
    let ending = other[half(other)..].to_lowercase();
    format!("{}{ending}", &one[..half(one).max(one.chars().next().map_or(0, char::len_utf8))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_is_marked_in_full() {
        assert_eq!(LESSONS.lines().next(), LESSONS.lines().find(|line| line.contains("MIT OR Apache-2.0")));
        for row in rows(LESSONS) {
            assert_eq!(row.matches('[').count(), row.matches(']').count(), "{row}");
            for piece in pieces(row) {
                assert!(
                    ["", "P", "O", "L", "PER", "ORG", "LOC", "MISC"].contains(&piece.mark),
                    "{row}: {}",
                    piece.mark
                );
                assert!(piece.mark.is_empty() || !piece.words.trim().is_empty(), "{row}");
            }
            assert!(!labelled(&pieces(row)).names.is_empty(), "{row}");
        }
    }

    #[test]
    fn a_person_keeps_one_name_through_a_copy() {
        let mut pieces = pieces("[P Ines Calder] spoke. [P Calder] left [LOC Oslo].");
        let mut chance = Chance::new(7);
        rename(&mut pieces, &mut chance);
        let Labelled { text, names, .. } = labelled(&pieces);
        let full = names[0].0.of(&text);
        assert!(full != "Ines Calder" && full.ends_with(&format!(" {}", names[1].0.of(&text))), "{text}");
        assert_eq!(names[2].0.of(&text), "Oslo");
    }

    #[test]
    fn copies_are_the_same_on_every_run() {
        let texts = |lessons: Vec<Labelled>| lessons.into_iter().map(|lesson| lesson.text).collect::<Vec<_>>();
        assert_eq!(texts(lessons(2)), texts(lessons(2)));
    }
}
