//! A plan in plain English.

use crate::layers::QuoteKind;
use crate::plan::{Clause, Manner, Plan, Reach, Term};
use crate::schema::Field;

/// Returns what is asked, one line a part; each with the condition that it sets, where it sets one.
pub fn describe(plan: &Plan) -> Vec<(String, Clause)> {
    let ranked = plan.words.iter().filter(|ranked| !ranked.stop).map(|ranked| &ranked.clause);
    let conditions: &[Clause] = match &plan.filter {
        Some(Clause::All(clauses)) => clauses,
        Some(clause) => std::slice::from_ref(clause),
        None => &[],
    };
    ranked.chain(conditions).map(|clause| (describe_clause(clause), clause.clone())).collect()
}

/// Returns what a condition says.
pub fn describe_clause(clause: &Clause) -> String {
    match clause {
        Clause::Words { field, terms } => format!("{}{}", words(*field, terms), place(*field)),
        Clause::Near { field, parts, reach } => {
            let parts: Vec<String> = parts.iter().map(bare).collect();
            let how = match reach {
                Reach::Within(words) => format!("at most {} apart", counted(*words)),
                Reach::Before(words) => format!("in this order, at most {} apart", counted(*words)),
                Reach::Sentence => "in one sentence".to_owned(),
                Reach::Paragraph => "in one paragraph".to_owned(),
            };
            format!("{} {how}{}", parts.join(" and "), place(*field))
        }
        Clause::AtLeast { times: 1, what } => describe_clause(what),
        Clause::AtLeast { times: 2, what } => format!("{}, at least twice", describe_clause(what)),
        Clause::AtLeast { times, what } => format!("{}, at least {times} times", describe_clause(what)),
        Clause::OneQuote(clause) => format!("in one and the same quote: {}", describe_clause(clause)),
        Clause::Date { from: 0, to: 99_991_231 } => "dated".to_owned(),
        Clause::Date { from, to } if from == to => format!("published on {}", day(*from)),
        Clause::Date { from, to: 99_991_231 } => format!("published on {} or later", day(*from)),
        Clause::Date { from: 10_101, to } => format!("published on {} or earlier", day(*to)),
        Clause::Date { from, to } => format!("published from {} to {}", day(*from), day(*to)),
        Clause::Role(role) => format!("a speaker of the class {}", role.name()),
        Clause::Called { field, who, names, .. } => {
            let others: Vec<&str> = names.iter().filter(|name| *name != who).map(String::as_str).collect();
            let also = if others.is_empty() { String::new() } else { format!(", also {}", others.join(", ")) };
            format!("{who}{also}{}", place(*field))
        }
        Clause::Kind(kinds) => {
            let names: Vec<&str> = kinds.iter().map(|kind| QuoteKind::name(*kind)).collect();
            format!("a {} quote", names.join(" or "))
        }
        Clause::All(clauses) => join(clauses, " and "),
        Clause::Any(clauses) => join(clauses, " or "),
        Clause::Not(clause) => format!("not {}", one(clause)),
    }
}

/// Returns a word as it was typed, with the sign that says how it is meant.
pub fn shown(term: &Term) -> String {
    match term.manner {
        // A word that would be an operator as it stands; sentences have them.
        Manner::Usual if matches!(term.typed.as_str(), "AND" | "OR" | "NOT" | "NEAR") => term.typed.to_lowercase(),
        Manner::Usual | Manner::In(_) | Manner::Wild => term.typed.clone(),
        Manner::Exact => format!("={}", term.typed),
        Manner::Like => format!("{}~", term.typed),
        Manner::Pattern => format!("/{}/", term.typed),
    }
}

fn join(clauses: &[Clause], between: &str) -> String {
    clauses.iter().map(one).collect::<Vec<_>>().join(between)
}

/// Returns a condition as a part of another: in parentheses where it has parts of its own.
fn one(clause: &Clause) -> String {
    match clause {
        Clause::All(_) | Clause::Any(_) | Clause::Near { .. } => format!("({})", describe_clause(clause)),
        clause => describe_clause(clause),
    }
}

/// Returns a part of a nearness, whose field is said once for all.
fn bare(clause: &Clause) -> String {
    match clause {
        Clause::Words { field, terms } => words(*field, terms),
        Clause::Any(clauses) => format!("({})", clauses.iter().map(bare).collect::<Vec<_>>().join(" or ")),
        clause => format!("({})", describe_clause(clause)),
    }
}

fn words(field: Field, terms: &[Term]) -> String {
    if let [term] = terms {
        return match term.manner {
            Manner::Usual if field.analyzer() == crate::schema::Analyzer::Stemmed => {
                format!("`{}` in any of its forms", term.typed)
            }
            Manner::In(tongue) if field.analyzer() == crate::schema::Analyzer::Stemmed => {
                format!("`{}` in any of its {tongue:?} forms", term.typed)
            }
            Manner::Usual | Manner::In(_) => format!("`{}`", term.typed),
            Manner::Exact => format!("\"{}\" exactly", term.typed),
            Manner::Wild => format!("words like `{}`", term.typed),
            Manner::Like => format!("words spelt almost like `{}`", term.typed),
            Manner::Pattern => format!("words that match /{}/", term.typed),
        };
    }
    let typed: Vec<&str> = terms.iter().map(|term| term.typed.as_str()).collect();
    format!("the phrase \"{}\"", typed.join(" "))
}

fn place(field: Field) -> &'static str {
    match field {
        Field::Text => "",
        Field::Headline => " in the headline",
        Field::Dek => " in the line under the headline",
        Field::Body => " in the body",
        Field::Lead => " in the first words of the body",
        Field::Hlead => " in the headline or the first words of the body",
        Field::Quote => " inside a quote",
        Field::Speaker => " as a speaker",
        Field::Role => " as a class of source",
        Field::Entity => " as a name",
        Field::Outlet => " as the outlet",
        Field::Byline => " in the byline",
        Field::Dateline => " in the dateline",
        Field::Section => " as the section",
        Field::Lang => " as the language",
        Field::Path => " in the path",
        Field::Id => " as the id",
        Field::Date => " as the date",
    }
}

fn counted(words: u32) -> String {
    if words == 1 { "1 word".to_owned() } else { format!("{words} words") }
}

fn day(number: u32) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}
