//! Names over a whole index: which are in it, who goes by them, and how often.
//!
//! In: nothing. Out: plain data. A canonical name is what annotation calls somebody within one article; an identity is
//! somebody over all of them, under one name or several, each with the reason why it counts as this one's. Deliberately
//! knows neither how names are counted nor how they are joined.

use std::fmt;

use crate::analyzer;
use crate::article::Date;
use crate::layers::{Role, Roles};

/// What follows a name and tells father from son.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];

/// Returns the folded words of a name; a leading "the" is none of them.
pub fn words(name: &str) -> Vec<String> {
    let mut words = analyzer::terms(name);
    for word in &mut words {
        if let Some(bare) = word.strip_suffix("'s") {
            word.truncate(bare.len());
        }
    }
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    words
}

/// Returns whether a folded word tells father from son.
pub fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word)
}

/// Writes the word under which a name is kept behind `out`: its last one, a surname with people, folded.
pub fn push_key(name: &str, out: &mut String) {
    if let Some(last) = plain_last(name) {
        let start = out.len();
        out.push_str(last);
        return out[start..].make_ascii_lowercase();
    }
    let (mut before, mut last) = (None, None);
    for word in analyzer::words(name) {
        before = last.replace(word);
    }
    let folded = |range: Option<std::ops::Range<usize>>| range.map(|range| analyzer::fold(&name[range]));
    let Some(mut word) = folded(last) else { return };
    if is_suffix(&word) {
        word = folded(before).unwrap_or(word);
    }
    out.push_str(word.strip_suffix("'s").unwrap_or(&word));
}

/// Returns the last word of a name, where it stands behind a space and folding only lowers it: as in most names.
fn plain_last(name: &str) -> Option<&str> {
    let last = match name.bytes().rposition(|byte| !byte.is_ascii_alphanumeric()) {
        Some(space) if name.as_bytes()[space] == b' ' => &name[space + 1..],
        Some(_) => return None,
        None => name,
    };
    let plain = (1..=analyzer::WORD_LIMIT).contains(&last.len());
    Some(last).filter(|last| plain && !SUFFIXES.iter().any(|suffix| suffix.eq_ignore_ascii_case(last)))
}

/// Returns the word under which a name is kept.
pub fn key(name: &str) -> String {
    let mut key = String::new();
    push_key(name, &mut key);
    key
}

/// How a speaker was known in an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// By a name that is a person's.
    Person,
    /// By other words: a body, a paper, a group.
    Words,
    /// By a description and no name: "senior administration official".
    Description,
    /// Not at all: a pronoun that could not be traced.
    Unknown,
}

/// A canonical name of an index, and how often it stands for somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The name as annotation gives it.
    pub text: String,
    /// In how many articles it is a person, an organisation, a place or something else, in the order of the kinds.
    pub articles: [u32; 4],
    /// How many quotes it speaks: as a person, in other words, by a description.
    pub quotes: [u32; 3],
}

impl Name {
    /// Returns how many articles name it; an article that takes it for two kinds counts twice.
    pub fn weight(&self) -> u32 {
        self.articles.iter().sum()
    }

    /// Returns whether most of what is known takes it for a person.
    pub fn is_person(&self) -> bool {
        let [person, others @ ..] = self.articles;
        let (named, said) = (person > others.iter().sum(), self.quotes[0] > self.quotes[1] + self.quotes[2]);
        if self.weight() > 0 { named } else { said }
    }
}

/// A short form that articles print for a long one: "NHF" for "Norwegian Harbour Federation".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The short form.
    pub short: String,
    /// The canonical name it stands for.
    pub long: String,
    /// In how many articles.
    pub articles: u32,
}

/// Why a name counts as somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is the name itself.
    Itself,
    /// The same words, but for capitals, accents, dots and "the".
    Spelling,
    /// With or without a middle name, and nobody else of that first and last name.
    Middle,
    /// An initial, and nobody else of that surname begins so.
    Initial,
    /// A short form of the first name ("Joe" for "Joseph"), and nobody else is called so.
    Nickname,
    /// A surname alone: so many of the articles that give it a first name, of so many, mean this one.
    Surname(u32, u32),
    /// So many articles print it for the long form, of so many that print it for any.
    ShortForm(u32, u32),
    /// The user's own file says so.
    User,
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Itself => out.write_str("the name itself"),
            Reason::Spelling => out.write_str("the same words in another spelling"),
            Reason::Middle => out.write_str("a middle name more or less; nobody else has that first and last name"),
            Reason::Initial => out.write_str("the initial of the only first name that fits"),
            Reason::Nickname => out.write_str("a short form of the only first name that fits"),
            Reason::Surname(own, all) => {
                write!(out, "the surname alone; {own} of {all} articles that give it a first name mean this one")
            }
            Reason::ShortForm(own, all) => {
                write!(out, "another form; it stands for this name in {own} of {all} articles that explain it")
            }
            Reason::User => out.write_str("your file says so"),
        }
    }
}

/// One of the names somebody goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The name's number in the list of names.
    pub name: u32,
    /// Why it counts as this one's.
    pub reason: Reason,
}

/// An office or part that somebody has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The class of source it makes.
    pub role: Role,
    /// What it is called.
    pub title: Option<String>,
    /// The first day, `yyyymmdd`.
    pub from: Option<u32>,
    /// The last day, `yyyymmdd`.
    pub to: Option<u32>,
}

/// Somebody or something over a whole index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name to call it by: the user's, or the most frequent one.
    pub name: String,
    /// The names it goes by, the most frequent first.
    pub variants: Vec<Variant>,
    /// Person, organisation, place or other, where the user says so.
    pub kind: Option<crate::layers::EntityKind>,
    /// The item in Wikidata, where the user says so.
    pub wikidata: Option<String>,
    /// Offices, where the user says so.
    pub offices: Vec<Office>,
}

/// How often somebody is named or speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Count {
    /// Articles, each once, whatever the names in it.
    pub articles: u32,
    /// Quotes of each kind: direct, mixed, indirect.
    pub quotes: [u32; 3],
    /// The classes of source somebody speaks as, and in how many quotes.
    pub roles: [u32; 16],
    /// The earliest and the latest date.
    pub dates: Option<(Date, Date)>,
}

impl Count {
    /// Returns every class somebody speaks as.
    pub fn classes(&self) -> Roles {
        let mut roles = Roles::default();
        Role::ALL.into_iter().zip(self.roles).filter(|(_, count)| *count > 0).for_each(|(role, _)| roles.insert(role));
        roles
    }

    /// Returns how many quotes there are, of all kinds.
    pub fn said(&self) -> u32 {
        self.quotes.iter().sum()
    }

    /// Takes in a date.
    pub fn date(&mut self, date: Date) {
        let (first, last) = self.dates.unwrap_or((date, date));
        self.dates = Some((first.min(date), last.max(date)));
    }
}

/// How often somebody is named together with somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Together {
    /// Articles or sentences that name both.
    pub both: u32,
    /// Those that name this one.
    pub this: u32,
    /// Those that name the other.
    pub other: u32,
    /// All of them.
    pub all: u32,
}

impl Together {
    /// Returns the log-likelihood ratio G² of the two being named together, negative where they are so less often than
    /// chance would have it (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence"): over 10.8
    /// chance does so in less than one case of a thousand.
    pub fn score(&self) -> f64 {
        let (both, this, other, all) =
            (f64::from(self.both), f64::from(self.this), f64::from(self.other), f64::from(self.all));
        let cell = |seen: f64, row: f64, column: f64| {
            if seen > 0.0 && row > 0.0 && column > 0.0 { seen * (seen * all / (row * column)).ln() } else { 0.0 }
        };
        let sum = cell(both, this, other)
            + cell(this - both, this, all - other)
            + cell(other - both, all - this, other)
            + cell(all - this - other + both, all - this, all - other);
        let score = 2.0 * sum.max(0.0);
        if both * all < this * other { -score } else { score }
    }
}

/// One line of an answer about identities.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Who.
    pub name: String,
    /// The other names, the most frequent first, with the articles or quotes that have them and why they count.
    pub variants: Vec<(String, u32, Reason)>,
    /// The item in Wikidata, where the user says so.
    pub wikidata: Option<String>,
    /// Person, organisation, place or other.
    pub kind: Option<crate::layers::EntityKind>,
    /// The classes of source: those it speaks as most often first, then those of the user's.
    pub roles: Vec<Role>,
    /// Offices, where the user says so.
    pub offices: Vec<Office>,
    /// How often.
    pub count: Count,
    /// How often together with whoever was asked for.
    pub together: Option<Together>,
}

/// Two identities that may be one, for a person to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The name to keep.
    pub name: String,
    /// Names of the other one.
    pub aliases: Vec<String>,
    /// What speaks for it.
    pub evidence: String,
    /// In how many articles each is named.
    pub articles: (u32, u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_under_their_last_word() {
        for (name, expected) in [
            ("Ines Calder", "calder"),
            ("Otto Vik Jr.", "vik"),
            ("Åsa Vik jr", "vik"),
            ("O'Brien-Calder", "calder"),
            ("U.N.", "un"),
            ("The Harbour Post", "post"),
            ("Åsa Örn’s", "orn"),
            ("III", "iii"),
            ("…", ""),
        ] {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn being_named_together_is_scored_against_chance() {
        let score = |both, this, other, all| Together { both, this, other, all }.score();
        assert!(score(10, 100, 100, 1000).abs() < 1e-9, "as chance would have it");
        // By hand: 2 (50 ln 5 + 50 ln(5/9) + 50 ln(5/9) + 850 ln(850/810)).
        assert!((score(50, 100, 100, 1000) - 125.3).abs() < 0.1, "{}", score(50, 100, 100, 1000));
        assert!(score(0, 100, 100, 1000) < -10.0);
        assert_eq!(score(0, 0, 0, 0), 0.0);
    }
}
