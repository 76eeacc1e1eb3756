//! Which terms a typed word stands for.
//!
//! In: a word as typed and how it is meant. Out: [`Form`]s, one for each word in it, that say of any term whether it
//! is one of theirs. Deliberately knows no dictionary and no text: an engine walks its dictionary with a form, and a
//! snippet holds it against the words of an article, so that both mean the same.

use regex_automata::dfa::dense::{BuildError, DFA};
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start::Config as StartConfig;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind};

use crate::analyzer;
use crate::analyzer::tongue::Tongue;
use crate::plan::{Manner, Term};
use crate::schema::{Analyzer, Field};

/// The most memory one pattern may take, in bytes: a query is typed by hand.
const PATTERN_LIMIT: usize = 1 << 20;

/// What one word stands for.
#[derive(Clone, Debug)]
pub enum Form {
    /// This folded spelling.
    Exact(String),
    /// This folded spelling, or its possessive.
    Name(String),
    /// Every term with this stem in a language.
    Stem(Tongue, String),
    /// Every term that a spelling lets through.
    Spelled(Spelling),
}

impl PartialEq for Form {
    fn eq(&self, other: &Form) -> bool {
        match (self, other) {
            (Form::Exact(one), Form::Exact(other)) => one == other,
            (Form::Name(one), Form::Name(other)) => one == other,
            (Form::Stem(tongue, one), Form::Stem(other_tongue, other)) => tongue == other_tongue && one == other,
            (Form::Spelled(one), Form::Spelled(other)) => one.typed == other.typed && one.manner == other.manner,
            _ => false,
        }
    }
}

impl Form {
    /// Returns what a typed word means in a field: one form for each term in it, in order.
    pub fn of(field: Field, term: &Term) -> Vec<Form> {
        let analyzer = field.analyzer();
        if matches!(analyzer, Analyzer::Whole | Analyzer::Day) {
            return vec![Form::Exact(term.typed.trim().to_owned())];
        }
        match term.manner {
            Manner::Usual | Manner::In(_) if analyzer == Analyzer::Names => {
                analyzer::terms(&term.typed).into_iter().map(Form::Name).collect()
            }
            Manner::Usual => stems(&term.typed, Tongue::English),
            Manner::In(tongue) => stems(&term.typed, tongue),
            Manner::Exact => analyzer::terms(&term.typed).into_iter().map(Form::Exact).collect(),
            Manner::Wild => wild_words(&term.typed).map(wild).collect(),
            Manner::Like => analyzer::terms(&term.typed).into_iter().map(like).collect(),
            Manner::Pattern => Spelling::pattern(&term.typed).ok().map(Form::Spelled).into_iter().collect(),
        }
    }

    /// Returns the forms of words that stand one after the other.
    pub fn all(field: Field, terms: &[Term]) -> Vec<Form> {
        terms.iter().flat_map(|term| Form::of(field, term)).collect()
    }

    /// Returns whether a term is one of the form's.
    pub fn is(&self, term: &str) -> bool {
        match self {
            Form::Exact(word) => word == term,
            Form::Name(word) => term.strip_prefix(word.as_str()).is_some_and(|rest| matches!(rest, "" | "'s")),
            Form::Stem(tongue, stem) => {
                let known = || term.starts_with(tongue.prefix(stem)) && tongue.stem(term) == *stem;
                known() || tongue.exceptions(stem).any(|other| other == term)
            }
            Form::Spelled(spelling) => spelling.is(term),
        }
    }
}

fn stems(typed: &str, tongue: Tongue) -> Vec<Form> {
    let words = analyzer::terms(typed).into_iter();
    words.map(|word| Form::Stem(tongue, tongue.stem(&word).into_owned())).collect()
}

/// Returns the words of what was typed with wildcards, which are letters here.
fn wild_words(typed: &str) -> impl Iterator<Item = &str> {
    let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '*' | '?' | '\'' | '\u{2019}');
    typed.split(move |letter: char| !inside(letter)).filter(|word| word.chars().any(char::is_alphanumeric))
}

fn wild(word: &str) -> Form {
    if !word.contains(['*', '?']) {
        return Form::Exact(analyzer::fold(word));
    }
    let mut pattern = String::from("(?s)");
    let mut piece = String::new();
    for letter in word.chars().chain(['\0']) {
        if !matches!(letter, '*' | '?' | '\0') {
            piece.push(letter);
            continue;
        }
        pattern.push_str(&escape(&analyzer::fold(&piece)));
        piece.clear();
        match letter {
            '*' => pattern.push_str("(?-u:.)*"),
            '?' => pattern.push('.'),
            _ => {}
        }
    }
    let typed = word.to_owned();
    match compile(&pattern) {
        Ok(dfa) => Form::Spelled(Spelling { typed, manner: Manner::Wild, machine: Machine::Dfa(Box::new(dfa)) }),
        // Too many wildcards for one word: it stands for nothing, and the query room has complained before.
        Err(_) => Form::Exact(String::new()),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Returns the form of a word and of those that differ by few letters: none for the shortest, two for the long.
fn like(word: String) -> Form {
    let edits = match word.chars().count() {
        0..=2 => return Form::Exact(word),
        3..=5 => 1,
        _ => 2,
    };
    Form::Spelled(Spelling { manner: Manner::Like, machine: Machine::Near { word: word.clone(), edits }, typed: word })
}

/// A test on the spelling of a term, taken byte by byte so that a sorted dictionary can be walked with it.
#[derive(Clone, Debug)]
pub struct Spelling {
    typed: String,
    manner: Manner,
    machine: Machine,
}

#[derive(Clone, Debug)]
enum Machine {
    Dfa(Box<DFA<Vec<u32>>>),
    Near { word: String, edits: u8 },
}

/// How far a term has been read.
#[derive(Clone, Debug)]
pub enum State {
    /// The state of an automaton.
    Dfa(StateID),
    /// The last row of the table of edit distances, cut at one more than is allowed.
    Row(Vec<u8>),
}

impl Spelling {
    /// Returns the test of a regular expression on whole terms.
    ///
    /// # Errors
    /// When it is none, or would take too much memory; in the words of the crate that reads it.
    pub fn pattern(typed: &str) -> Result<Spelling, String> {
        let dfa = compile(typed).map_err(|error| {
            // The crate's messages end with the line that says why.
            let message = std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), |cause| cause.source().unwrap_or(cause).to_string());
            message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        })?;
        Ok(Spelling { typed: typed.to_owned(), manner: Manner::Pattern, machine: Machine::Dfa(Box::new(dfa)) })
    }

    /// Returns what was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Returns the state before the first byte.
    pub fn start(&self) -> State {
        match &self.machine {
            Machine::Dfa(dfa) => {
                let start = dfa.start_state(&StartConfig::new().anchored(Anchored::Yes));
                State::Dfa(start.unwrap_or(StateID::ZERO))
            }
            Machine::Near { word, edits } => State::Row((0..=word.len()).map(|at| at.min(cap(*edits)) as u8).collect()),
        }
    }

    /// Returns the state behind one more byte.
    pub fn step(&self, state: &State, byte: u8) -> State {
        match (&self.machine, state) {
            (Machine::Dfa(dfa), State::Dfa(at)) => State::Dfa(dfa.next_state(*at, byte)),
            (Machine::Near { word, edits }, State::Row(row)) => {
                State::Row(next_row(word.as_bytes(), row, byte, *edits))
            }
            (_, state) => state.clone(),
        }
    }

    /// Returns whether a term that ends here is one of the spelling's.
    pub fn accepts(&self, state: &State) -> bool {
        match (&self.machine, state) {
            (Machine::Dfa(dfa), State::Dfa(at)) => dfa.is_match_state(dfa.next_eoi_state(*at)),
            (Machine::Near { edits, .. }, State::Row(row)) => row.last().is_some_and(|last| last <= edits),
            _ => false,
        }
    }

    /// Returns whether any longer term can still be one of the spelling's.
    pub fn can_accept(&self, state: &State) -> bool {
        match (&self.machine, state) {
            (Machine::Dfa(dfa), State::Dfa(at)) => !dfa.is_dead_state(*at) && !dfa.is_quit_state(*at),
            (Machine::Near { edits, .. }, State::Row(row)) => row.iter().any(|distance| distance <= edits),
            _ => false,
        }
    }

    fn is(&self, term: &str) -> bool {
        let mut state = self.start();
        for byte in term.bytes() {
            state = self.step(&state, byte);
            if !self.can_accept(&state) {
                return false;
            }
        }
        self.accepts(&state)
    }
}

fn cap(edits: u8) -> usize {
    usize::from(edits) + 1
}

/// Returns the next row of the table of edit distances (Levenshtein), over bytes.
fn next_row(word: &[u8], row: &[u8], byte: u8, edits: u8) -> Vec<u8> {
    let cap = edits + 1;
    let mut next = Vec::with_capacity(row.len());
    next.push((row[0] + 1).min(cap));
    for (at, letter) in word.iter().enumerate() {
        let changed = row[at] + u8::from(*letter != byte);
        next.push(changed.min(row[at + 1] + 1).min(next[at] + 1).min(cap));
    }
    next
}

/// Terms are folded, so a pattern takes no account of case.
fn compile(pattern: &str) -> Result<DFA<Vec<u32>>, Box<BuildError>> {
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::All)
        .dfa_size_limit(Some(PATTERN_LIMIT))
        .determinize_size_limit(Some(PATTERN_LIMIT));
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(false).case_insensitive(true))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(PATTERN_LIMIT)))
        .build(pattern)
        .map_err(Box::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, manner: Manner, yes: &[&str], no: &[&str]) {
        let forms = Form::of(Field::Text, &Term { typed: typed.to_owned(), manner });
        let [form] = &forms[..] else { panic!("{typed} is {forms:?}") };
        for term in yes {
            assert!(form.is(term), "{typed} is not {term}");
        }
        for term in no {
            assert!(!form.is(term), "{typed} is {term}");
        }
    }

    #[test]
    fn forms_say_which_terms_are_theirs() {
        check("Talks", Manner::Usual, &["talk", "talks", "talking", "talked", "talk's"], &["tall", "talker"]);
        check("dying", Manner::Usual, &["die", "dying", "died"], &["dyed"]);
        check("Talks", Manner::Exact, &["talks"], &["talk", "talks's"]);
        check("cease*", Manner::Wild, &["cease", "ceasefire", "ceasefire's"], &["ceas", "decease"]);
        check("wom?n", Manner::Wild, &["woman", "women", "womün"], &["womn", "wommen", "woman's"]);
        check("*fire", Manner::Wild, &["fire", "ceasefire"], &["fires"]);
        check("N?ñez", Manner::Wild, &["nunez"], &["nez"]);
        check("netanyaho", Manner::Like, &["netanyahu", "netanyaho", "netanyahou"], &["netany", "nathan"]);
        check("gaza", Manner::Like, &["gaza", "gaze", "gazza", "aza"], &["gazelle", "giza's"]);
        check("un", Manner::Like, &["un"], &["us", "uns"]);
        check("cea.*e", Manner::Pattern, &["cease", "ceasefire"], &["ceasefires", "a cease"]);
        check("a|bc", Manner::Pattern, &["a", "bc"], &["ab", "abc"]);
        check("G[aá]za", Manner::Pattern, &["gaza"], &["giza"]);
        check("gaza.?", Manner::Pattern, &["gaza", "gazan"], &["gazans"]);
    }

    #[test]
    fn words_with_wildcards_split_as_words_do() {
        let forms = Form::of(Field::Text, &Term { typed: "Iranian-back*".to_owned(), manner: Manner::Wild });
        assert_eq!(forms.len(), 2);
        assert!(forms[0].is("iranian") && forms[1].is("backed"));
    }

    #[test]
    fn patterns_that_are_none_say_why() {
        for (typed, reason) in
            [("(a", "unclosed group"), ("[a", "unclosed character class"), ("a{9999999}", "exceeded limit")]
        {
            let message = Spelling::pattern(typed).expect_err("a complaint");
            assert!(message.contains(reason), "{typed}: {message}");
        }
    }
}
