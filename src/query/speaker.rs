//! Who is meant by `--by` and `by(…)`: a class of source, a description, or a name in any form.

use super::Complaint;
use crate::analyzer;
use crate::layers::Role;
use crate::plan::Clause;
use crate::schema::Field;

/// Words for a class of source, in the singular.
const CLASSES: &[(&str, Role)] = &[
    ("official", Role::Official),
    ("spokesperson", Role::Spokesperson),
    ("spokesman", Role::Spokesperson),
    ("spokeswoman", Role::Spokesperson),
    ("politician", Role::Politician),
    ("candidate", Role::Candidate),
    ("executive", Role::Executive),
    ("expert", Role::Expert),
    ("law-enforcement", Role::LawEnforcement),
    ("police", Role::LawEnforcement),
    ("military", Role::Military),
    ("soldier", Role::Military),
    ("former official", Role::Former),
    ("witness", Role::Witness),
    ("activist", Role::Activist),
    ("journalist", Role::Journalist),
    ("reporter", Role::Journalist),
    ("celebrity", Role::Celebrity),
    ("document", Role::Document),
    ("organisation", Role::Organisation),
    ("organization", Role::Organisation),
    ("unnamed", Role::Unnamed),
];

/// Returns the complaint about a `--by` without a word in it: it must not mean everybody.
pub fn nobody(who: &str) -> Complaint {
    Complaint {
        query: who.to_owned(),
        span: 0..who.len(),
        message: "`--by` names nobody".to_owned(),
        suggestion: Some("a name, a description or a class of source, as in `--by official`".to_owned()),
    }
}

/// Returns the condition that `--by` sets: a class of source, a description, or a name in any form.
///
/// A class in any number ("officials") asks for the class. Words in quotation marks, in lower case, or ending in a word
/// for a class are a description and stand side by side. Other words are a name, whose middle may be left out.
pub fn speaker(who: &str) -> Option<Clause> {
    let typed = who.trim();
    let bare = without_article(typed.trim_matches(['"', '\u{201C}', '\u{201D}']));
    let words = analyzer::terms(bare);
    let last = words.last()?;
    let phrase = |words: String| Clause::phrase(Field::Speaker, &words);
    if let Some(role) = class(bare) {
        // "official" is what the word means, not what it says: a company official is none.
        let said = phrase(singular(bare.to_lowercase().trim()));
        return Some(if role == Role::Official {
            Clause::Role(role)
        } else {
            Clause::Any(vec![Clause::Role(role), said])
        });
    }
    let described =
        typed.starts_with(['"', '\u{201C}']) || !bare.chars().any(char::is_uppercase) || class(last).is_some();
    if described {
        let mut one = words.clone();
        one.pop();
        one.push(singular(last));
        return any(if one == words {
            vec![phrase(bare.to_owned())]
        } else {
            vec![phrase(bare.to_owned()), phrase(one.join(" "))]
        });
    }
    all(words.into_iter().map(|word| Clause::word(Field::Speaker, &word)).collect())
}

/// Returns a description without the article before it: "the official" is described as "official".
fn without_article(words: &str) -> &str {
    let words = words.trim();
    let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let article = ["a", "an", "the"].iter().any(|article| first.eq_ignore_ascii_case(article));
    if article && !rest.trim().is_empty() { rest.trim_start() } else { words }
}

/// Returns the class of source that a word names, in the singular or the plural.
pub fn class(typed: &str) -> Option<Role> {
    let word = singular(&typed.trim().to_lowercase());
    let named = CLASSES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
    named.or_else(|| Role::from_name(&word))
}

/// Returns the singular of an English noun for a kind of person, as far as the classes need it.
fn singular(word: &str) -> String {
    match word {
        "former officials" => "former official".to_owned(),
        "witnesses" => "witness".to_owned(),
        "celebrities" => "celebrity".to_owned(),
        "spokespeople" => "spokesperson".to_owned(),
        "spokesmen" => "spokesman".to_owned(),
        "spokeswomen" => "spokeswoman".to_owned(),
        word => match word.strip_suffix('s') {
            Some(one) if !one.ends_with('s') && one.len() > 2 => one.to_owned(),
            _ => word.to_owned(),
        },
    }
}

fn any(mut clauses: Vec<Clause>) -> Option<Clause> {
    if clauses.len() > 1 { Some(Clause::Any(clauses)) } else { clauses.pop() }
}

fn all(mut clauses: Vec<Clause>) -> Option<Clause> {
    if clauses.len() > 1 { Some(Clause::All(clauses)) } else { clauses.pop() }
}
