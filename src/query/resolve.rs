//! A tree to a plan: known fields, settled dates, who is meant by `--by`.

use std::ops::Range;

use jiff::civil::Date;

use super::bare::{flattened, named, ranked};
use super::parse::parse;
use super::tree::{Node, Query};
use super::{Complaint, date, prose, sign, speaker};
use crate::analyzer;
use crate::analyzer::tongue::Tongue;
use crate::layers::{QuoteKind, Role};
use crate::plan::{Clause, Manner, Plan, QuotePlan, RankedWord, Reach, Term};
use crate::schema::{Analyzer, Field};

/// Turns a query into a plan for articles; `today` is what "3 weeks ago" counts from.
///
/// # Errors
/// Complaints about dates and classes of source that do not exist, and about parts that cannot be near each other.
pub fn resolve(query: &Query, today: Date) -> Result<Plan, Vec<Complaint>> {
    let mut resolver = Resolver { query, today, complaints: Vec::new() };
    let parts = flattened(&query.parts);
    let bare: Vec<&Term> = parts.iter().copied().filter_map(Node::bare).collect();
    let clauses = resolver.conditions(parts.into_iter().filter(|part| part.bare().is_none()), Field::Text);
    let words = ranked(&bare, Field::Text, !clauses.is_empty(), sign::is_shouted(&query.typed));
    let phrasing = prose::phrasing(&query.typed, &words);
    let plan = Plan { words, filter: all(clauses), phrasing };
    let tongue = plan.filter.as_ref().and_then(tongue);
    resolver.finish(match tongue {
        Some(tongue) => in_tongue(plan, tongue),
        None => plan,
    })
}

/// What was typed about quotes.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who said it: any of these.
    pub by: &'a [String],
    /// What it is about: all of these.
    pub about: &'a [String],
    /// What else must hold.
    pub query: Option<&'a Query>,
    /// The kinds wanted.
    pub kinds: &'a [QuoteKind],
}

/// Turns what was typed about quotes into a plan.
///
/// # Errors
/// Complaints about the query, dates and classes of source that do not exist.
pub fn resolve_quotes(asked: Asked<'_>, today: Date) -> Result<QuotePlan, Vec<Complaint>> {
    let Asked { by, about, query, kinds } = asked;
    let mut clauses = Vec::new();
    if !kinds.is_empty() && kinds.len() < QuoteKind::ALL.len() {
        clauses.push(Clause::Kind(kinds.to_vec()));
    }
    let mut speakers = Vec::new();
    for who in by {
        speakers.push(speaker::speaker(who).ok_or_else(|| vec![speaker::nobody(who)])?);
    }
    clauses.extend(any(speakers));
    let mut words = Vec::new();
    for typed in about {
        let (clause, ranked) = subject(typed, today).map_err(|complaints| in_flag("--about", complaints))?;
        clauses.push(clause);
        words.extend(ranked);
    }
    if let Some(query) = query {
        let mut resolver = Resolver { query, today, complaints: Vec::new() };
        let others = query.parts.iter().filter(|part| part.bare().is_none());
        clauses.extend(resolver.conditions(others, Field::Quote));
        let bare: Vec<&Term> = query.parts.iter().filter_map(Node::bare).collect();
        let bare = ranked(&bare, Field::Quote, !about.is_empty(), sign::is_shouted(&query.typed));
        clauses.extend(bare.iter().filter(|ranked| !ranked.stop).map(|ranked| ranked.clause.clone()));
        resolver.finish(())?;
        words.extend(bare);
    }
    Ok(QuotePlan { filter: all(clauses), words })
}

/// Returns complaints that say which flag they are about.
fn in_flag(flag: &str, complaints: Vec<Complaint>) -> Vec<Complaint> {
    let named =
        |complaint: Complaint| Complaint { message: format!("in `{flag}`: {}", complaint.message), ..complaint };
    complaints.into_iter().map(named).collect()
}

struct Resolver<'q> {
    query: &'q Query,
    today: Date,
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

    /// Turns parts side by side into conditions; `said(…)` and `by(…)` next to each other are about one quote.
    fn conditions<'n>(&mut self, parts: impl IntoIterator<Item = &'n Node>, field: Field) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mut quoted: Vec<Clause> = Vec::new();
        for part in parts {
            let one_quote = match part {
                Node::Said(node) => self.clause(node, Field::Quote),
                Node::By(who, span) => self.speaker(who, span),
                _ => None,
            };
            match (part, one_quote) {
                (Node::Said(_) | Node::By(..), clause) => quoted.extend(clause),
                (part, _) => {
                    clauses.extend(all(std::mem::take(&mut quoted)).map(|clause| Clause::OneQuote(Box::new(clause))));
                    clauses.extend(self.clause(part, field));
                }
            }
        }
        clauses.extend(all(quoted).map(|clause| Clause::OneQuote(Box::new(clause))));
        clauses
    }

    fn speaker(&mut self, who: &str, span: &Range<usize>) -> Option<Clause> {
        let speakers: Option<Vec<Clause>> = who.split(" OR ").map(speaker::speaker).collect();
        if speakers.is_none() {
            self.complain(
                span.clone(),
                "`by(…)` names nobody",
                "a name, a description or a class of source: `by(official)`",
            );
        }
        any(speakers.unwrap_or_default())
    }

    /// Turns a part into a condition; `field` is where its words are looked for.
    fn clause(&mut self, node: &Node, field: Field) -> Option<Clause> {
        match node {
            Node::Word(word, span) => self.leaf(field, word, span),
            Node::Phrase(words, slop, span) => self.phrase(field, words, *slop, span),
            Node::Field(field, node, _) => self.clause(node, *field),
            Node::Not(node) => self.clause(node, field).map(|clause| Clause::Not(Box::new(clause))),
            Node::Any(nodes) => any(nodes.iter().filter_map(|node| self.clause(node, field)).collect()),
            Node::All(nodes) | Node::Group(nodes) => {
                let parts = self.conditions(nodes, field);
                all(parts)
            }
            Node::Near(nodes, reach, span) => self.near(nodes, *reach, span, field),
            Node::AtLeast(times, node, span) => {
                let what = self.clause(node, field)?;
                let inside = matches!(field, Field::Quote | Field::Speaker | Field::Entity);
                if inside || !is_place(&what) {
                    let example = "as in `atleast3(gaza)`, `atleast2(\"prime minister\" OR premier)`";
                    self.complain(span.clone(), "only words, phrases and `OR` between them are counted", example);
                    return None;
                }
                Some(Clause::AtLeast { times: *times, what: Box::new(what) })
            }
            Node::Said(_) | Node::By(..) => all(self.conditions([node], field)),
            Node::Bound(from, typed, span) => self.day(typed, span).map(|day| match from {
                true => Clause::Date { from: day.0, to: 99_991_231 },
                false => Clause::Date { from: 10_101, to: day.1 },
            }),
        }
    }

    fn near(&mut self, nodes: &[Node], reach: Reach, span: &Range<usize>, field: Field) -> Option<Clause> {
        let parts: Vec<Clause> = nodes.iter().filter_map(|node| self.clause(node, field)).collect();
        if matches!(field, Field::Speaker | Field::Entity) || field.analyzer() == Analyzer::Whole {
            self.complain(span.clone(), format!("`{}:` takes names", field.name()), "leave out what is near");
            return None;
        }
        if parts.len() < nodes.len() {
            return None;
        }
        if !parts.iter().all(|part| is_place(part) && is_in(part, field)) {
            let example = "on both sides stands a word, a \"phrase\" or (one OR other); a field goes before all of it: \
                           `headline:(ceasefire w/5 gaza)`";
            self.complain(span.clone(), "only words and phrases can be near each other", example);
            return None;
        }
        Some(Clause::Near { field, parts, reach })
    }

    fn phrase(&mut self, field: Field, words: &str, slop: Option<u32>, span: &Range<usize>) -> Option<Clause> {
        if matches!(field.analyzer(), Analyzer::Whole | Analyzer::Day) {
            return self.leaf(field, &Term::exact(words), span);
        }
        let terms = sign::phrase_terms(words);
        match slop {
            _ if terms.is_empty() => None,
            Some(slop) if terms.len() > 1 => {
                let parts = terms.into_iter().map(|term| Clause::Words { field, terms: vec![term] }).collect();
                Some(Clause::Near { field, parts, reach: Reach::Within(slop) })
            }
            _ if terms.iter().all(|term| term.manner == Manner::Exact) => Some(Clause::phrase(field, words)),
            _ => Some(Clause::Words { field, terms }),
        }
    }

    fn day(&mut self, typed: &str, span: &Range<usize>) -> Option<(u32, u32)> {
        match date::interval(typed.trim(), self.today) {
            Ok(days) => Some(days),
            Err(wrong) => {
                let example = "an interval is typed 2024-09-01..2024-09-19, or 2024-09..";
                self.complain(span.clone(), format!("`{typed}`: {wrong}"), example);
                None
            }
        }
    }

    fn leaf(&mut self, field: Field, word: &Term, span: &Range<usize>) -> Option<Clause> {
        let typed = word.typed.as_str();
        match field {
            Field::Date if typed.trim().eq_ignore_ascii_case("none") => {
                Some(Clause::Not(Box::new(Clause::Date { from: 0, to: 99_991_231 })))
            }
            Field::Date if typed.trim().eq_ignore_ascii_case("future") => {
                self.day("tomorrow", span).map(|(tomorrow, _)| Clause::Date { from: tomorrow, to: 99_991_231 })
            }
            Field::Date => self.day(typed, span).map(|(from, to)| Clause::Date { from, to }),
            Field::Role => match speaker::class(typed) {
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
            field => Some(named(field, &[word])),
        }
    }
}

/// Returns whether a condition is a place in the text: words, or some of several.
fn is_place(clause: &Clause) -> bool {
    match clause {
        Clause::Words { .. } | Clause::Near { .. } => true,
        Clause::Any(clauses) => clauses.iter().all(is_place),
        _ => false,
    }
}

/// Returns whether all of a place is in one field.
fn is_in(clause: &Clause, wanted: Field) -> bool {
    match clause {
        Clause::Words { field, .. } | Clause::Near { field, .. } => *field == wanted,
        Clause::Any(clauses) => clauses.iter().all(|clause| is_in(clause, wanted)),
        _ => false,
    }
}

/// Returns the condition that what was typed after `--about` sets: its words stand in the quote, or it is named there.
fn subject(typed: &str, today: Date) -> Result<(Clause, Vec<RankedWord>), Vec<Complaint>> {
    let parsed = parse(typed);
    let Some(query) = parsed.query.filter(|_| parsed.complaints.is_empty()) else { return Err(parsed.complaints) };
    let mut resolver = Resolver { query: &query, today, complaints: Vec::new() };
    let others = query.parts.iter().filter(|part| part.bare().is_none());
    let mut conditions = resolver.conditions(others, Field::Quote);
    // Only bare words rank: nothing that is excluded, and no operator.
    let bare: Vec<&Term> = query.parts.iter().filter_map(Node::bare).collect();
    let ranked = ranked(&bare, Field::Quote, !conditions.is_empty(), sign::is_shouted(typed));
    conditions.extend(ranked.iter().filter(|ranked| !ranked.stop).map(|ranked| ranked.clause.clone()));
    resolver.finish(())?;
    let named = Clause::phrase(Field::Entity, typed);
    let plain = query.parts.iter().all(|part| matches!(part, Node::Word(..) | Node::Phrase(_, None, _)));
    let clause = match all(conditions) {
        Some(said) if plain => Clause::Any(vec![said, named]),
        Some(said) => said,
        None => named,
    };
    Ok((clause, ranked))
}

/// Returns the language that a condition asks for, other than English: its words have the stems of that one.
fn tongue(filter: &Clause) -> Option<Tongue> {
    match filter {
        Clause::Words { field: Field::Lang, terms } => {
            Tongue::of_code(&terms.first()?.typed).filter(|tongue| *tongue != Tongue::English)
        }
        Clause::All(clauses) => clauses.iter().find_map(tongue),
        _ => None,
    }
}

fn in_tongue(plan: Plan, tongue: Tongue) -> Plan {
    let word = |word: RankedWord| RankedWord { clause: word.clause.in_tongue(tongue), ..word };
    Plan {
        words: plan.words.into_iter().map(word).collect(),
        filter: plan.filter.map(|filter| filter.in_tongue(tongue)),
        ..plan
    }
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

    fn today() -> Date {
        Date::constant(2024, 9, 19)
    }

    fn plan(typed: &str) -> String {
        let query = parse(typed).query.expect("a query");
        match resolve(&query, today()) {
            Ok(plan) => {
                let words: Vec<String> = plan
                    .words
                    .iter()
                    .map(|word| match &word.clause {
                        Clause::Words { terms, .. } if word.stop => format!("({})", terms[0].typed),
                        Clause::Words { terms, .. } if terms[0].manner == Manner::Usual => terms[0].typed.clone(),
                        Clause::Words { terms, .. } if terms[0].manner == Manner::Exact => {
                            format!("\"{}\"", terms[0].typed)
                        }
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
            Clause::Called { names, .. } => names.join("|"),
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
            ("WHO gaza", "WHO gaza | "),
            ("who gaza", "(who) gaza | "),
            ("WHO WON GAZA ELECTION", "(WHO) WON GAZA ELECTION | "),
            ("(gaza rafah) doha", "gaza rafah doha | "),
            ("Soviet Union grain", "any(text=Soviet text=U.S.S.R.) grain | "),
            (
                "headline:british",
                " | any(headline=Britain headline=British headline=Briton headline=U.K. headline=United Kingdom)",
            ),
            ("=british", "\"british\" | "),
            ("gaza w/5 truce", " | near Within(5)(text=gaza text=truce)"),
            ("gaza w/5 (truce OR \"a fire\")", " | near Within(5)(text=gaza any(text=truce text=\"a fire\"))"),
            ("gaza w/5 (truce fire)", "only words and phrases can be near each other"),
            ("headline:gaza w/5 truce", "only words and phrases can be near each other"),
            ("headline:(gaza w/s truce)", " | near Sentence(headline=gaza headline=truce)"),
            ("\"gaza truce\"~4", " | near Within(4)(text=\"gaza\" text=\"truce\")"),
            ("\"cease* talks\"", " | text=Wild(cease*) \"talks\""),
            ("atleast3(gaza OR rafah)", " | 3x(any(text=gaza text=rafah))"),
            ("atleast3(-gaza)", "only words, phrases and `OR` between them are counted"),
            ("said(gaza truce) by(official)", " | one quote(all(all(quote=gaza quote=truce) role official))"),
            (
                "said(gaza) date:2024 by(official)",
                " | all(one quote(quote=gaza) 20240101..20241231 one quote(role official))",
            ),
            ("since:\"3 weeks ago\"", " | 20240829..99991231"),
            ("until:2024-02", " | 10101..20240231"),
            ("date:none", " | not(0..99991231)"),
            ("date:future", " | 20240920..99991231"),
            ("wahlen lang:de", "text=In(German)(wahlen) | lang=de"),
            ("wahlen lang:en", "wahlen | lang=en"),
            ("role:wizard", "there is no class of source `wizard`"),
            ("date:soon", "`soon`: no date; days are typed 2024-09-19, months 2024-09, years 2024, or \"3 weeks ago\""),
        ] {
            assert_eq!(plan(typed), expected, "{typed}");
        }
    }

    #[test]
    fn quotes() {
        let ask = |by: &[&str], about: &[&str], query: &str| {
            let own = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            let query = if query.is_empty() { None } else { parse(query).query };
            let plan = resolve_quotes(
                Asked { by: &own(by), about: &own(about), query: query.as_ref(), kinds: &QuoteKind::ALL },
                today(),
            )
            .expect("a plan");
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

    fn ask_by(who: &str) -> Result<QuotePlan, Vec<Complaint>> {
        resolve_quotes(Asked { by: &[who.to_owned()], about: &[], query: None, kinds: &QuoteKind::ALL }, today())
    }

    fn ask_about(what: &str) -> Result<QuotePlan, Vec<Complaint>> {
        resolve_quotes(Asked { by: &[], about: &[what.to_owned()], query: None, kinds: &QuoteKind::ALL }, today())
    }

    #[test]
    fn about_asks_for_what_says_something_and_complains_by_name() {
        let plan = ask_about("the ceasefire in Doha").expect("a plan");
        let expected = "any(all(quote=ceasefire quote=Doha) entity=\"the ceasefire in Doha\")";
        assert_eq!(plan.filter.as_ref().map(print).as_deref(), Some(expected));
        let wrong = ask_about("gaza OR").expect_err("a complaint");
        assert_eq!(wrong[0].message, "in `--about`: `OR` has nothing behind it");
    }

    #[test]
    fn who_is_meant() {
        for (who, expected) in [
            ("the official", "role official"),
            ("former officials", "any(role former speaker=\"former official\")"),
            ("a senior official", "speaker=\"senior official\""),
            ("The Hague", "speaker=hague"),
        ] {
            let plan = ask_by(who).expect("a plan");
            assert_eq!(plan.filter.as_ref().map(print).as_deref(), Some(expected), "{who}");
        }
    }

    #[test]
    fn a_by_without_a_word_is_not_everybody() {
        for who in ["", " ", "?!"] {
            let wrong = ask_by(who).expect_err("a complaint");
            assert_eq!(wrong[0].message, "`--by` names nobody", "{who:?}");
        }
    }

    #[test]
    fn what_about_excludes_does_not_rank() {
        let plan = ask_about("gaza -hamas").expect("a plan");
        let words: Vec<String> = plan.words.iter().map(|ranked| print(&ranked.clause)).collect();
        assert_eq!(words, ["quote=gaza"]);
    }
}
