//! A tree to a plan: known fields, settled dates, who is meant by `--by`.

use std::ops::Range;

use super::parse::{Node, Query, parse};
use super::{Complaint, countries, date};
use crate::analyzer;
use crate::layers::{QuoteKind, Role};
use crate::plan::{Clause, Plan, QuotePlan, RankedWord, Term};
use crate::schema::{Analyzer, Field};

/// Function words that say nothing beside other words. The list is our own, of the kind search engines use.
const STOP: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "may", "most", "no", "not", "of", "on", "or", "our", "she", "should", "some", "such", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what", "when",
    "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you",
];

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

/// Turns a query into a plan for articles.
///
/// # Errors
/// Complaints about dates and classes of source that do not exist.
pub fn resolve(query: &Query) -> Result<Plan, Vec<Complaint>> {
    let mut resolver = Resolver { query, complaints: Vec::new() };
    let parts = flattened(&query.parts);
    let bare: Vec<&str> = parts.iter().copied().filter_map(Node::bare).collect();
    let others = parts.iter().filter(|part| part.bare().is_none());
    let clauses: Vec<Clause> = others.filter_map(|part| resolver.clause(part, Field::Text)).collect();
    let words = ranked(&bare, Field::Text, !clauses.is_empty());
    resolver.finish(Plan { words, filter: all(clauses) })
}

/// Turns what was typed about quotes into a plan: `by` any of these, `about` and `query` all of these.
///
/// # Errors
/// Complaints about the query, dates and classes of source that do not exist.
pub fn resolve_quotes(
    by: &[String],
    about: &[String],
    query: Option<&Query>,
    kinds: &[QuoteKind],
) -> Result<QuotePlan, Vec<Complaint>> {
    let mut clauses = Vec::new();
    if !kinds.is_empty() && kinds.len() < QuoteKind::ALL.len() {
        clauses.push(Clause::Kind(kinds.to_vec()));
    }
    let mut speakers = Vec::new();
    for who in by {
        speakers.push(speaker(who).ok_or_else(|| vec![nobody(who)])?);
    }
    clauses.extend(any(speakers));
    let mut words = Vec::new();
    for typed in about {
        let (clause, ranked) = subject(typed)?;
        clauses.push(clause);
        words.extend(ranked);
    }
    if let Some(query) = query {
        let mut resolver = Resolver { query, complaints: Vec::new() };
        let others = query.parts.iter().filter(|part| part.bare().is_none());
        clauses.extend(others.filter_map(|part| resolver.clause(part, Field::Quote)));
        let bare: Vec<&str> = query.parts.iter().filter_map(Node::bare).collect();
        let bare = ranked(&bare, Field::Quote, !about.is_empty());
        clauses.extend(bare.iter().filter(|ranked| !ranked.stop).map(|ranked| ranked.clause.clone()));
        resolver.finish(())?;
        words.extend(bare);
    }
    Ok(QuotePlan { filter: all(clauses), words })
}

struct Resolver<'q> {
    query: &'q Query,
    complaints: Vec<Complaint>,
}

impl Resolver<'_> {
    fn finish<T>(self, value: T) -> Result<T, Vec<Complaint>> {
        if self.complaints.is_empty() { Ok(value) } else { Err(self.complaints) }
    }

    fn complain(&mut self, span: Range<usize>, message: impl Into<String>, suggestion: impl Into<String>) {
        let (query, suggestion) = (self.query.typed.clone(), Some(suggestion.into()));
        self.complaints.push(Complaint { query, span, message: message.into(), suggestion });
    }

    /// Turns a part into a condition; `field` is where its words are looked for.
    fn clause(&mut self, node: &Node, field: Field) -> Option<Clause> {
        match node {
            Node::Word(word, span) => self.leaf(field, word, span, false),
            Node::Phrase(words, span) => self.leaf(field, words, span, true),
            Node::Field(field, node, _) => self.clause(node, *field),
            Node::Not(node) => self.clause(node, field).map(|clause| Clause::Not(Box::new(clause))),
            Node::Any(nodes) => any(nodes.iter().filter_map(|node| self.clause(node, field)).collect()),
            Node::All(nodes) | Node::Group(nodes) => {
                all(nodes.iter().filter_map(|node| self.clause(node, field)).collect())
            }
        }
    }

    fn leaf(&mut self, field: Field, typed: &str, span: &Range<usize>, exact: bool) -> Option<Clause> {
        match field {
            Field::Date => match date::interval(typed.trim()) {
                Ok((from, to)) => Some(Clause::Date { from, to }),
                Err(wrong) => {
                    let example = "an interval is typed 2024-09-01..2024-09-19, or 2024-09..";
                    self.complain(span.clone(), format!("`{typed}`: {wrong}"), example);
                    None
                }
            },
            Field::Role => match class(typed) {
                Some(role) => Some(Clause::Role(role)),
                None => {
                    let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                    self.complain(
                        span.clone(),
                        format!("there is no class of source `{typed}`"),
                        format!("the classes are {}", names.join(", ")),
                    );
                    None
                }
            },
            field if field.analyzer() != Analyzer::Whole && analyzer::words(typed).next().is_none() => None,
            field if exact => Some(Clause::phrase(field, typed)),
            field => Some(named(field, &[typed])),
        }
    }
}

/// Returns the condition that what was typed after `--about` sets: its words stand in the quote, or it is named there.
fn subject(typed: &str) -> Result<(Clause, Vec<RankedWord>), Vec<Complaint>> {
    let parsed = parse(typed);
    let Some(query) = parsed.query.filter(|_| parsed.complaints.is_empty()) else { return Err(parsed.complaints) };
    let mut resolver = Resolver { query: &query, complaints: Vec::new() };
    let words = query.parts.iter().filter_map(|part| resolver.clause(part, Field::Quote)).collect();
    let said = all(words);
    resolver.finish(())?;
    let named = Clause::phrase(Field::Entity, typed);
    // Only bare words rank: nothing that is excluded, and no operator.
    let bare: Vec<&str> = query.parts.iter().filter_map(Node::bare).collect();
    let ranked = ranked(&bare, Field::Quote, false);
    let plain = query.parts.iter().all(|part| matches!(part, Node::Word(..) | Node::Phrase(..)));
    let clause = match said {
        Some(said) if plain => Clause::Any(vec![said, named]),
        Some(said) => said,
        None => named,
    };
    Ok((clause, ranked))
}

/// Returns the complaint about a `--by` without a word in it: it must not mean everybody.
fn nobody(who: &str) -> Complaint {
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
fn speaker(who: &str) -> Option<Clause> {
    let typed = who.trim();
    let bare = typed.trim_matches(['"', '\u{201C}', '\u{201D}']);
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
    let described = bare.len() < typed.len() || !bare.chars().any(char::is_uppercase) || class(last).is_some();
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

/// Returns the class of source that a word names, in the singular or the plural.
fn class(typed: &str) -> Option<Role> {
    let word = singular(&typed.trim().to_lowercase());
    let named = CLASSES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
    named.or_else(|| Role::from_name(&word))
}

/// Returns the singular of an English noun for a kind of person, as far as the classes need it.
fn singular(word: &str) -> String {
    match word {
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

/// Returns the parts of a query, those of a group that holds nothing but words among them: `(a b) c` is `a b c`.
fn flattened(parts: &[Node]) -> Vec<&Node> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Node::Group(inner) if inner.iter().all(|node| node.bare().is_some()) => flat.extend(inner),
            part => flat.push(part),
        }
    }
    flat
}

/// Returns bare words as they rank: the names of a country are one word, and function words count for nothing where
/// others are there.
fn ranked(bare: &[&str], field: Field, others: bool) -> Vec<RankedWord> {
    let mut words = Vec::with_capacity(bare.len());
    let mut rest = bare;
    while let Some(word) = rest.first() {
        let count = countries::names(rest).map_or(1, |(count, _)| count);
        words.push(RankedWord { clause: named(field, &rest[..count]), stop: count == 1 && is_stop(word) });
        rest = &rest[count..];
    }
    if !others && words.iter().all(|word| word.stop) {
        words.iter_mut().for_each(|word| word.stop = false);
    }
    words
}

/// Returns the condition that words stand in a field; where they name a country, under any of its names.
fn named(field: Field, words: &[&str]) -> Clause {
    let typed = words.join(" ");
    let found =
        countries::names(words).filter(|(count, _)| *count == words.len() && field.analyzer() == Analyzer::Stemmed);
    match found {
        Some((_, names)) => Clause::Any(names.iter().map(|name| Clause::word(field, name)).collect()),
        None => Clause::Words { field, terms: vec![Term::usual(&typed)] },
    }
}

/// Returns whether a word says nothing beside other words.
pub fn is_stop(word: &str) -> bool {
    STOP.contains(&analyzer::fold(word.trim_matches(|letter: char| !letter.is_alphanumeric())).as_str())
}

fn all(mut clauses: Vec<Clause>) -> Option<Clause> {
    if clauses.len() > 1 { Some(Clause::All(clauses)) } else { clauses.pop() }
}

fn any(mut clauses: Vec<Clause>) -> Option<Clause> {
    if clauses.len() > 1 { Some(Clause::Any(clauses)) } else { clauses.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Manner;

    fn plan(typed: &str) -> String {
        let query = parse(typed).query.expect("a query");
        match resolve(&query) {
            Ok(plan) => {
                let words: Vec<String> = plan
                    .words
                    .iter()
                    .map(|word| match &word.clause {
                        Clause::Words { terms, .. } if word.stop => format!("({})", terms[0].typed),
                        Clause::Words { terms, .. } => terms[0].typed.clone(),
                        clause => print(clause),
                    })
                    .collect();
                format!("{} | {}", words.join(" "), plan.filter.as_ref().map(print).unwrap_or_default())
            }
            Err(complaints) => complaints[0].message.clone(),
        }
    }

    fn print(clause: &Clause) -> String {
        let list = |clauses: &[Clause]| clauses.iter().map(print).collect::<Vec<_>>().join(" ");
        match clause {
            Clause::Words { field, terms } => {
                let sign = |term: &Term| match term.manner {
                    Manner::Exact => format!("\"{}\"", term.typed),
                    Manner::Usual => term.typed.clone(),
                    manner => format!("{manner:?}({})", term.typed),
                };
                format!("{}={}", field.name(), terms.iter().map(sign).collect::<Vec<_>>().join(" "))
            }
            Clause::Near { parts, reach, .. } => format!("near {reach:?}({})", list(parts)),
            Clause::AtLeast { times, what } => format!("{times}x({})", print(what)),
            Clause::OneQuote(clause) => format!("one quote({})", print(clause)),
            Clause::Date { from, to } => format!("{from}..{to}"),
            Clause::Role(role) => format!("role {}", role.name()),
            Clause::Kind(kinds) => format!("{kinds:?}"),
            Clause::All(clauses) => format!("all({})", list(clauses)),
            Clause::Any(clauses) => format!("any({})", list(clauses)),
            Clause::Not(clause) => format!("not({})", print(clause)),
        }
    }

    #[test]
    fn articles() {
        for (typed, expected) in [
            ("ceasefire gaza", "ceasefire gaza | "),
            ("the ceasefire in Gaza", "(the) ceasefire (in) Gaza | "),
            ("to be or not to be", "to be or not to be | "),
            ("the outlet:post", "(the) | outlet=post"),
            ("gaza \"ceasefire talks\"", "gaza | text=\"ceasefire talks\""),
            ("gaza -hamas", "gaza | not(text=hamas)"),
            ("a1 b1 OR c1", "a1 | any(text=b1 text=c1)"),
            ("a1 AND b1", " | all(text=a1 text=b1)"),
            ("headline:(gaza rafah)", " | all(headline=gaza headline=rafah)"),
            ("gaza date:2024-09 outlet:post", "gaza | all(20240901..20240931 outlet=post)"),
            ("role:officials", " | role official"),
            ("speaker:\"senior official\"", " | speaker=\"senior official\""),
            ("role:wizard", "there is no class of source `wizard`"),
            ("date:soon", "`soon`: no date; days are typed 2024-09-19, months 2024-09, years 2024"),
        ] {
            assert_eq!(plan(typed), expected, "{typed}");
        }
    }

    #[test]
    fn quotes() {
        let ask = |by: &[&str], about: &[&str], query: &str| {
            let own = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            let query = if query.is_empty() { None } else { parse(query).query };
            let plan = resolve_quotes(&own(by), &own(about), query.as_ref(), &QuoteKind::ALL).expect("a plan");
            plan.filter.as_ref().map(print).unwrap_or_default()
        };
        for (by, about, query, expected) in [
            (&[][..], &[][..], "", ""),
            (&["official"], &[], "", "role official"),
            (&["Officials"], &[], "", "role official"),
            (&["police"], &[], "", "any(role law-enforcement speaker=\"police\")"),
            (&["senior administration official"], &[], "", "speaker=\"senior administration official\""),
            (
                &["senior administration officials"],
                &[],
                "",
                "any(speaker=\"senior administration officials\" speaker=\"senior administration official\")",
            ),
            (&["Ines Calder"], &[], "", "all(speaker=ines speaker=calder)"),
            (&["Calder"], &[], "", "speaker=calder"),
            (&["calder"], &[], "", "speaker=\"calder\""),
            (&["\"Ines Calder\""], &[], "", "speaker=\"Ines Calder\""),
            (&["Calder", "Vance"], &[], "", "any(speaker=calder speaker=vance)"),
            (&[], &["Rafah"], "", "any(quote=Rafah entity=\"Rafah\")"),
            (&["official"], &[], "ceasefire the outlet:post", "all(role official outlet=post quote=ceasefire)"),
            (&[], &[], "\"ceasefire talks\" -gaza", "all(quote=\"ceasefire talks\" not(quote=gaza))"),
        ] {
            assert_eq!(ask(by, about, query), expected, "{by:?} {about:?} {query}");
        }
    }

    #[test]
    fn a_by_without_a_word_is_not_everybody() {
        for who in ["", " ", "?!"] {
            let wrong = resolve_quotes(&[who.to_owned()], &[], None, &QuoteKind::ALL).expect_err("a complaint");
            assert_eq!(wrong[0].message, "`--by` names nobody", "{who:?}");
        }
    }

    #[test]
    fn what_about_excludes_does_not_rank() {
        let plan = resolve_quotes(&[], &["gaza -hamas".to_owned()], None, &QuoteKind::ALL).expect("a plan");
        let words: Vec<String> = plan.words.iter().map(|ranked| print(&ranked.clause)).collect();
        assert_eq!(words, ["quote=gaza"]);
    }

    #[test]
    fn every_stop_word_is_folded() {
        for word in STOP {
            assert_eq!(analyzer::fold(word), *word);
        }
        assert!(STOP.is_sorted());
    }
}
