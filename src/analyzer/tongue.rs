//! Languages whose words have stems: Snowball's stemmers, by way of frostem.
//!
//! Words in the index are folded and unstemmed, so a language is a matter of the question: the same word can be asked
//! for in the forms of any of them. Stemmers that take letters from the front of words (Arabic, Indonesian) are
//! missing, because the dictionary is searched by how a word begins.

use std::borrow::Cow;
use std::sync::OnceLock;

use frostem::{Algorithm, Stemmer};

/// A language whose words have stems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// What words are taken for where nothing else is said.
    #[default]
    English,
    Danish,
    Dutch,
    Finnish,
    French,
    German,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Turkish,
}

/// The languages with their ISO 639-1 codes, in the order of [`Tongue`].
const ROWS: [(Tongue, &[&str], Algorithm); 15] = [
    (Tongue::English, &["en"], Algorithm::English),
    (Tongue::Danish, &["da"], Algorithm::Danish),
    (Tongue::Dutch, &["nl"], Algorithm::DutchPorter),
    (Tongue::Finnish, &["fi"], Algorithm::Finnish),
    (Tongue::French, &["fr"], Algorithm::French),
    (Tongue::German, &["de"], Algorithm::German),
    (Tongue::Hungarian, &["hu"], Algorithm::Hungarian),
    (Tongue::Italian, &["it"], Algorithm::Italian),
    (Tongue::Norwegian, &["nb", "no", "nn"], Algorithm::Norwegian),
    (Tongue::Portuguese, &["pt"], Algorithm::Portuguese),
    (Tongue::Romanian, &["ro"], Algorithm::Romanian),
    (Tongue::Russian, &["ru"], Algorithm::Russian),
    (Tongue::Spanish, &["es"], Algorithm::Spanish),
    (Tongue::Swedish, &["sv"], Algorithm::Swedish),
    (Tongue::Turkish, &["tr"], Algorithm::Turkish),
];

/// Letters at the end of a stem that its words need not have: `journal` stands for "journaux".
const REPLACED: usize = 3;

impl Tongue {
    /// Returns the language of an ISO 639-1 code, where its words can be stemmed.
    pub fn of_code(code: &str) -> Option<Tongue> {
        let small = code.to_ascii_lowercase();
        ROWS.iter().find(|(_, codes, _)| codes.contains(&small.as_str())).map(|(tongue, ..)| *tongue)
    }

    /// Returns the stem of a folded word.
    pub fn stem(self, term: &str) -> Cow<'_, str> {
        static STEMMERS: [OnceLock<Stemmer>; ROWS.len()] = [const { OnceLock::new() }; ROWS.len()];
        if self == Tongue::English {
            return super::stem(term);
        }
        if term.len() > 64 || !term.chars().all(char::is_alphabetic) {
            return Cow::Borrowed(term);
        }
        let (_, _, algorithm) = ROWS[self as usize];
        STEMMERS[self as usize].get_or_init(|| Stemmer::new(algorithm)).stem(term)
    }

    /// Returns the words with a stem that begin otherwise than [`Tongue::prefix`] says.
    pub fn exceptions(self, stem: &str) -> impl Iterator<Item = &'static str> {
        super::stem_prefix(stem).1.filter(move |_| self == Tongue::English)
    }

    /// Returns what every word with a stem begins with, exceptions left aside.
    pub fn prefix(self, stem: &str) -> &str {
        if self == Tongue::English {
            return super::stem_prefix(stem).0;
        }
        let kept = stem.char_indices().rev().nth(REPLACED - 1).map_or(0, |(at, _)| at);
        let first = stem.chars().next().map_or(0, char::len_utf8);
        &stem[..kept.max(first)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order() {
        for (place, (tongue, codes, _)) in ROWS.iter().enumerate() {
            assert_eq!(*tongue as usize, place);
            assert!(codes.iter().all(|code| code.len() == 2 && Tongue::of_code(code) == Some(*tongue)));
        }
        assert_eq!(Tongue::of_code("ar"), None);
    }

    #[test]
    fn forms_share_a_stem_and_begin_with_its_prefix() {
        for (code, forms) in [
            ("de", &["wahl", "wahlen"][..]),
            ("de", &["regierung", "regierungen"]),
            ("de", &["haus", "hauser", "hause", "hauses"]),
            ("fr", &["journal", "journaux"]),
            ("fr", &["election", "elections"]),
            ("fr", &["heureux", "heureuse"]),
            ("es", &["eleccion", "elecciones"]),
            ("es", &["presupuesto", "presupuestos"]),
            ("it", &["governo", "governi"]),
            ("pt", &["governo", "governos"]),
            ("nl", &["verkiezing", "verkiezingen"]),
            ("nl", &["maan", "manen"]),
            ("ru", &["выборы", "выборов", "выборам"]),
            ("sv", &["regering", "regeringen"]),
            ("tr", &["okul", "okullar"]),
        ] {
            let tongue = Tongue::of_code(code).expect("a language");
            let stem = tongue.stem(forms[0]);
            for form in forms {
                assert_eq!(tongue.stem(form), stem, "{code} {form}");
                assert!(form.starts_with(tongue.prefix(&stem)), "{code} {form} {stem}");
            }
        }
    }
}
