//! Counts who speaks, and who and what is named, over a whole index: names are joined to identities, and their quotes
//! or articles counted, each once.

use rustc_hash::FxHashSet;

use crate::engine::tantivy::{Asked, Counts, Table};
use crate::identify::Archive;
use crate::identities::{self, Identities, Suggestion};
use crate::identity::{self, Count, Identity, Proposal, Reason, Row};
use crate::layers::{EntityKind, QuoteKind, Role};
use crate::plan::Clause;
use crate::search::{Error, QuoteQuestion, article_plan, quote_plan};

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most quotes or articles first.
    #[default]
    Count,
    /// By name.
    Name,
    /// Who comes first, undated last.
    First,
    /// Who came last, undated last.
    Last,
    /// Who is named together most, against chance.
    Score,
}

/// What is asked, as typed.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A query: words of the articles, or for speakers inside the quotes, and conditions on fields.
    pub query: Option<String>,
    /// Words of a name, each in one of somebody's names.
    pub name: Option<String>,
    /// Classes of source, any of them.
    pub roles: Vec<Role>,
    /// Kinds of thing, any of them.
    pub kinds: Vec<EntityKind>,
    /// Kinds of quote, any of them; none means all.
    pub quotes: Vec<QuoteKind>,
    /// The first and the last day, as typed.
    pub since: Option<String>,
    /// See `since`.
    pub until: Option<String>,
    /// Whether sources that are described and not named are counted too.
    pub described: bool,
    /// Whom to be named with.
    pub with: Option<String>,
    /// Whether in one sentence and not only in one article.
    pub in_sentence: bool,
    /// The order.
    pub order: Order,
}

/// The identities that answer, in order.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whom the rows are named with, where that was asked and somebody is called so.
    pub with: Option<Row>,
}

/// The names of an index and whose they are.
struct Census {
    table: Table,
    identities: Identities,
}

impl Census {
    fn take(index: &Archive) -> Result<Census, Error> {
        let table = index.names(None)?;
        let identities = identities::join(&table.names, &table.shorts, index.users()?);
        Ok(Census { table, identities })
    }

    fn asked<'q>(&'q self, filter: Option<&'q Clause>, with: Option<(u32, bool)>) -> Asked<'q> {
        Asked { filter, of: &self.identities.of, identities: self.identities.all.len(), with }
    }

    /// Returns the number of the identity that a typed name is taken for.
    fn find(&self, index: &Archive, typed: &str) -> Result<Option<u32>, Error> {
        let Some(meant) = index.meant(typed)? else { return Ok(None) };
        let name = self.table.names.iter().position(|name| name.text == meant.variants[0].0);
        Ok(name.map(|name| self.identities.of[name]))
    }

    /// Returns the rows of those who count for something and fulfil the conditions.
    fn rows(&self, counts: &Counts, question: &Question, counted: impl Fn(&Count) -> u32) -> Vec<Row> {
        let wanted = question.name.as_deref().map(identity::words).unwrap_or_default();
        let mut rows = Vec::new();
        for (number, identity) in self.identities.all.iter().enumerate() {
            let count = &counts.identities[number];
            if counted(count) == 0 || !self.has_words(identity, &wanted) {
                continue;
            }
            let row = self.row(identity, count, counts, number);
            let roles = question.roles.is_empty() || row.roles.iter().any(|role| question.roles.contains(role));
            let kinds = question.kinds.is_empty() || row.kind.is_some_and(|kind| question.kinds.contains(&kind));
            if roles && kinds {
                rows.push(row);
            }
        }
        order(&mut rows, question.order, counted);
        rows
    }

    fn row(&self, identity: &Identity, count: &Count, counts: &Counts, number: usize) -> Row {
        let names = identity.variants.iter().map(|variant| {
            let text = self.table.names[variant.name as usize].text.clone();
            (text, counts.names[variant.name as usize], variant.reason.clone())
        });
        let variants = names.filter(|(text, times, _)| *text != identity.name && *times > 0).collect();
        let mut roles: Vec<Role> = count.classes().iter().collect();
        roles.sort_by_key(|role| std::cmp::Reverse(count.roles[*role as usize]));
        roles.extend(identity.offices.iter().map(|office| office.role).filter(|role| !count.classes().contains(*role)));
        Row {
            name: identity.name.clone(),
            variants,
            wikidata: identity.wikidata.clone(),
            kind: identity.kind.or_else(|| self.kind(identity)),
            roles,
            offices: identity.offices.clone(),
            count: count.clone(),
            together: counts.together.get(number).copied(),
        }
    }

    /// Returns what most articles take somebody or something for; headlines and datelines in capitals mislead, and count
    /// only where nothing else is there.
    fn kind(&self, identity: &Identity) -> Option<EntityKind> {
        let names = identity.variants.iter().map(|variant| &self.table.names[variant.name as usize]);
        let sum = |loud: bool| {
            let some = names.clone().filter(|name| loud || name.text.chars().any(char::is_lowercase));
            some.fold([0; 4], |sum: [u32; 4], name| std::array::from_fn(|kind| sum[kind] + name.articles[kind]))
        };
        let kinds = [sum(false), sum(true)].into_iter().find(|kinds| kinds.iter().any(|count| *count > 0))?;
        let most = (0..4).max_by_key(|kind| (kinds[*kind], 4 - kind))?;
        Some(EntityKind::ALL[most])
    }

    fn has_words(&self, identity: &Identity, wanted: &[String]) -> bool {
        let holds = |name: &str| {
            let own = identity::words(name);
            wanted.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
        };
        wanted.is_empty()
            || holds(&identity.name)
            || identity.variants.iter().any(|variant| holds(&self.table.names[variant.name as usize].text))
    }

    /// Returns whether somebody is named and not only described: mostly by a name, and one with a capital.
    fn is_named(&self, identity: &Identity) -> bool {
        let names = identity.variants.iter().map(|variant| &self.table.names[variant.name as usize]);
        let (mut named, mut described) = (0, 0);
        for name in names {
            let [person, words, description] = name.quotes;
            let capital = name.text.chars().any(char::is_uppercase);
            named += if capital { person + words } else { 0 };
            described += if capital { description } else { person + words + description };
        }
        named > described
    }
}

/// Puts rows in order.
fn order(rows: &mut [Row], order: Order, counted: impl Fn(&Count) -> u32) {
    rows.sort_by(|one, other| {
        let most = counted(&other.count).cmp(&counted(&one.count)).then(other.count.articles.cmp(&one.count.articles));
        let first = |row: &Row| row.count.dates.map_or((1, 0), |(first, _)| (0, first.number()));
        let last = |row: &Row| row.count.dates.map_or(0, |(_, last)| last.number());
        let score = |row: &Row| row.together.map_or(0.0, |together| together.score());
        let order = match order {
            Order::Count => most,
            Order::Name => identity::words(&one.name).cmp(&identity::words(&other.name)),
            Order::First => first(one).cmp(&first(other)).then(most),
            Order::Last => last(other).cmp(&last(one)).then(most),
            Order::Score => score(other).total_cmp(&score(one)).then(most),
        };
        order.then_with(|| one.name.cmp(&other.name))
    });
}

/// Returns a query with the days that were asked for.
fn query_of(question: &Question) -> Option<String> {
    let mut query = question.query.clone().unwrap_or_default();
    for (field, day) in [("since", &question.since), ("until", &question.until)] {
        if let Some(day) = day {
            query.push_str(&format!(" {field}:\"{}\"", day.replace('"', " ")));
        }
    }
    Some(query.trim().to_owned()).filter(|query| !query.is_empty())
}

/// Returns who speaks in the quotes that answer.
///
/// # Errors
/// When the query complains, or the index or the user's file of identities cannot be read.
pub fn speakers(index: &Archive, question: &Question) -> Result<Answer, Error> {
    let asked = QuoteQuestion { query: query_of(question), kinds: question.quotes.clone(), ..QuoteQuestion::default() };
    let plan = quote_plan(index, &asked)?;
    let census = Census::take(index)?;
    let counts = index.count_speakers(&census.table, &census.asked(plan.filter.as_ref(), None))?;
    let mut rows = census.rows(&counts, question, Count::said);
    if !question.described && !question.roles.iter().any(|role| matches!(role, Role::Unnamed | Role::Document)) {
        let named: FxHashSet<&str> = census
            .identities
            .all
            .iter()
            .filter(|identity| census.is_named(identity))
            .map(|identity| identity.name.as_str())
            .collect();
        rows.retain(|row| named.contains(row.name.as_str()));
    }
    Ok(Answer { rows, with: None })
}

/// Returns who and what is named in the articles that answer; with somebody, who and what is named together with them.
///
/// # Errors
/// When the query complains, or the index or the user's file of identities cannot be read.
pub fn entities(index: &Archive, question: &Question) -> Result<Answer, Error> {
    let filter = match query_of(question) {
        Some(query) => every_word(index, &query)?,
        None => None,
    };
    let census = Census::take(index)?;
    let with = match &question.with {
        None => None,
        Some(typed) => match census.find(index, typed)? {
            Some(with) => Some(with),
            None => return Ok(Answer::default()),
        },
    };
    let asked = census.asked(filter.as_ref(), with.map(|with| (with, question.in_sentence)));
    let counts = index.count_entities(&census.table, &asked)?;
    let mut rows = census.rows(&counts, question, |count| count.articles);
    let with = with.map(|with| {
        let with = with as usize;
        let row = census.row(&census.identities.all[with], &counts.identities[with], &counts, with);
        rows.retain(|row| row.together.is_some_and(|together| together.both > 0));
        rows.retain(|other| other.name != row.name);
        row
    });
    Ok(Answer { rows, with })
}

/// Returns the condition that an article has all the words of a query and fulfils the rest.
fn every_word(index: &Archive, query: &str) -> Result<Option<Clause>, Error> {
    let plan = article_plan(index, query)?;
    let words = plan.words.into_iter().filter(|ranked| !ranked.stop).map(|ranked| ranked.clause);
    let clauses: Vec<Clause> = words.chain(plan.filter).collect();
    Ok(if clauses.is_empty() { None } else { Some(Clause::All(clauses)) })
}

/// Returns identities that may be one, those that would move most articles first; joins none.
///
/// # Errors
/// When the index or the user's file of identities cannot be read.
pub fn proposals(index: &Archive) -> Result<Vec<Proposal>, Error> {
    let census = Census::take(index)?;
    let counts = index.count_entities(&census.table, &census.asked(None, None))?;
    let identity = |number: u32| &census.identities.all[number as usize];
    let articles = |number: u32| counts.identities[number as usize].articles;
    let proposal = |pair: Suggestion| {
        let variants = identity(pair.other).variants.iter();
        let aliases = variants.filter(|variant| variant.reason != Reason::Spelling);
        Proposal {
            name: identity(pair.keep).name.clone(),
            aliases: aliases.map(|variant| census.table.names[variant.name as usize].text.clone()).collect(),
            evidence: pair.evidence,
            articles: (articles(pair.keep), articles(pair.other)),
        }
    };
    Ok(identities::suggestions(&census.table.names, &census.identities).into_iter().map(proposal).collect())
}
