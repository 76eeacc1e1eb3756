//! Answers questions: typed words through the query room to the engine, and excerpts for what comes back.

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::analyzer;
use crate::annotate;
use crate::article::Span;
use crate::copies::changes::changes;
use crate::engine;
use crate::hits::{Attributed, Hit, Hits, QuoteHit, Stats, Story, Told};
use crate::identify::Archive;
use crate::layers::{Quote, QuoteKind};
use crate::plan::{Clause, Manner, Plan, QuotePlan, Reach, Rows, Sort, Term};
use crate::query::{self, Asked, Complaint};
use crate::schema::{Field, Record};
use crate::snippet::{self, Matcher, Reading};
use crate::walk;

/// Of so many parts it is said what a query finds without each: of more it would take as many searches as they are, and no
/// one of them alone would help.
const LEFT_OUT: usize = 16;

/// Which rows of an answer are wanted, and with how many snippets.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many articles to pass over.
    pub offset: usize,
    /// How many articles to give at most.
    pub limit: usize,
    /// The order.
    pub sort: Sort,
    /// Whether articles with only some of the words may fill up the page.
    pub partial: bool,
    /// Whether the copies of a story are one row, and how many of them the row names at most.
    pub fold: Option<usize>,
    /// How many snippets an article has at most.
    pub snippets: usize,
    /// Whether every sentence that matches is shown instead, in the order of the text.
    pub context: bool,
    /// How long a snippet may be, in characters, as far as whole sentences allow.
    pub snippet_width: usize,
    /// Whether newer articles rank higher.
    pub fresh: bool,
    /// Whether each article says what its score is made of.
    pub reckoning: bool,
}

/// A question for quotes, as typed.
#[derive(Clone, Debug, Default)]
pub struct QuoteQuestion {
    /// Names, descriptions or classes of source; any of them.
    pub by: Vec<String>,
    /// Words inside the quote.
    pub about: Vec<String>,
    /// A query: words inside the quote, and conditions on fields.
    pub query: Option<String>,
    /// The kinds wanted.
    pub kinds: Vec<QuoteKind>,
    /// The order.
    pub sort: Sort,
}

/// Why a question has no answer.
#[derive(Debug)]
pub enum Error {
    /// The query does not say what it means.
    Query(Vec<Complaint>),
    /// The index cannot answer.
    Engine(engine::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Engine(error) => error.fmt(out),
            Error::Query(complaints) => {
                for (number, complaint) in complaints.iter().enumerate() {
                    if number > 0 {
                        writeln!(out)?;
                    }
                    complaint.fmt(out)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Error {
        Error::Engine(error)
    }
}

impl From<Vec<Complaint>> for Error {
    fn from(complaints: Vec<Complaint>) -> Error {
        Error::Query(complaints)
    }
}

/// Opens the index in a folder, with the user's file of identities where one is named.
///
/// # Errors
/// When there is none, or it has another format.
pub fn open(path: &Path, identities: Option<&Path>) -> Result<Archive, Error> {
    Ok(Archive::open(path, identities)?)
}

/// Answers a query with ranked articles, their matches marked.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn articles(index: &Archive, query: &str, page: &Page) -> Result<Hits, Error> {
    let mut hits = Hits::default();
    article_parts(index, query, page, usize::MAX, &mut |part| {
        hits = part;
        ControlFlow::Break(())
    })?;
    Ok(hits)
}

/// Answers a query with ranked articles, so many at a time, until `each` breaks off; ranks them once. An answer without
/// an article is one empty part.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn article_parts(
    index: &Archive,
    query: &str,
    page: &Page,
    length: usize,
    each: &mut dyn FnMut(Hits) -> ControlFlow<()>,
) -> Result<(), Error> {
    let plan = article_plan(index, query)?;
    let Page { offset, limit, sort, partial, fold, fresh, reckoning, .. } = *page;
    let matcher = Matcher::new(&plan);
    let base = walk::here();
    let rows = Rows { sort, offset, limit, partial, fresh, reckoning, fold };
    index.articles(&plan, rows, length, &mut |mut hits| {
        for hit in &mut hits.hits {
            shorten(&mut hit.record.path, &base);
            hit.copies.first.iter_mut().for_each(|copy| shorten(&mut copy.path, &base));
            if page.snippets > 0 {
                show_why(hit, &matcher, page);
            }
        }
        each(hits)
    })?;
    Ok(())
}

/// What a query means, and what each part of it finds.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// The parts in plain English, and how many articles fulfil each alone.
    pub parts: Vec<(String, u64)>,
    /// How many articles fulfil all of them.
    pub total: u64,
    /// For each part, how many articles fulfil all the others; empty where some article fulfils all, or parts are many.
    pub without: Vec<u64>,
    /// Words that stand for others by their spelling, and the words of the index they stand for.
    pub spellings: Vec<(String, Vec<String>)>,
    /// Whom names were taken for, and why.
    pub taken: Vec<String>,
}

/// Says what a query means and counts what its parts find.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn explain(index: &Archive, query: &str) -> Result<Explanation, Error> {
    let plan = article_plan(index, query)?;
    let parts = query::describe(&plan);
    let clauses: Vec<Clause> = parts.iter().map(|(_, clause)| clause.clone()).collect();
    let mut explanation = Explanation {
        spellings: spellings_of(index, &plan)?,
        taken: taken_for(plan.filter.as_ref()),
        ..Explanation::default()
    };
    for (words, clause) in parts {
        explanation.parts.push((words, index.count(&clause)?));
    }
    explanation.total = index.count(&Clause::All(clauses.clone()))?;
    if explanation.total == 0 && (2..=LEFT_OUT).contains(&clauses.len()) {
        for left_out in 0..clauses.len() {
            let others = clauses.iter().enumerate().filter(|(number, _)| *number != left_out);
            let others = others.map(|(_, clause)| clause.clone()).collect();
            explanation.without.push(index.count(&Clause::All(others))?);
        }
    }
    Ok(explanation)
}

/// Returns what the words of a query that stand for others by their spelling stand for.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn spellings(index: &Archive, query: &str) -> Result<Vec<(String, Vec<String>)>, Error> {
    spellings_of(index, &article_plan(index, query)?)
}

fn spellings_of(index: &Archive, plan: &Plan) -> Result<Vec<(String, Vec<String>)>, Error> {
    let mut terms: Vec<&Term> = Vec::new();
    let ranked = plan.words.iter().map(|ranked| &ranked.clause);
    ranked.chain(&plan.filter).for_each(|clause| clause.each_term(&mut |term| terms.push(term)));
    let expanding =
        terms.into_iter().filter(|term| !matches!(term.manner, Manner::Usual | Manner::In(_) | Manner::Exact));
    expanding.map(|term| Ok((query::shown(term), index.spellings(term)?))).collect()
}

/// Fills in what shows why an article matched.
fn show_why(hit: &mut Hit, matcher: &Matcher, page: &Page) {
    let record = &hit.record;
    let text = record.text.as_str();
    let parts = [(Field::Headline, record.headline), (Field::Dek, record.dek), (Field::Body, Some(record.body))];
    let parts: Vec<(Field, Span)> = parts.into_iter().filter_map(|(field, part)| Some((field, part?))).collect();
    let in_body = annotate::sentences(text, record.body);
    let (mut sentences, mut paragraphs) = (Vec::new(), Vec::new());
    if matcher.needs(Reach::Sentence) {
        let others = parts.iter().filter(|(field, _)| *field != Field::Body);
        sentences.extend(others.flat_map(|(_, part)| annotate::sentences(text, *part)));
        sentences.extend(&in_body);
    }
    if matcher.needs(Reach::Paragraph) {
        paragraphs.extend(parts.iter().flat_map(|(_, part)| annotate::paragraphs(text, *part)));
    }
    let said = record.quotes.iter().flat_map(|quote| quote.spans.iter().copied()).collect();
    let found = matcher.find(&Reading { text, parts, said, sentences, paragraphs });
    for part in [record.headline, record.dek].into_iter().flatten() {
        hit.marks.extend(Matcher::marks(&found, part));
    }
    let (how_many, width) = (page.snippets, page.snippet_width);
    if page.context {
        hit.excerpts = snippet::context(text, &in_body, &found);
    }
    if hit.excerpts.is_empty() {
        hit.excerpts = snippet::excerpts(matcher, text, &in_body, &found, how_many, width);
    }
}

/// Gives every quote that answers, in order, until `each` breaks off; returns how many there are.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn quotes(
    index: &Archive,
    question: &QuoteQuestion,
    each: &mut dyn FnMut(QuoteHit) -> ControlFlow<()>,
) -> Result<u64, Error> {
    let plan = quote_plan(index, question)?;
    let matcher = Matcher::for_quotes(&plan);
    let base = walk::here();
    let mut last: Option<(Rc<Record>, Rc<Record>)> = None;
    let total = index.quotes(&plan, question.sort, &mut |mut hit| {
        let shown = match &last {
            Some((from, shown)) if Rc::ptr_eq(from, &hit.record) => Rc::clone(shown),
            _ => {
                let mut record = (*hit.record).clone();
                shorten(&mut record.path, &base);
                Rc::new(record)
            }
        };
        last = Some((Rc::clone(&hit.record), Rc::clone(&shown)));
        hit.record = shown;
        let parts = hit.quote().spans.iter().map(|span| (Field::Quote, *span)).collect();
        let found = matcher.find(&Reading { text: &hit.record.text, parts, ..Reading::default() });
        hit.marks = hit.quote().spans.iter().flat_map(|span| Matcher::marks(&found, *span)).collect();
        each(hit)
    })?;
    Ok(total)
}

/// Returns how many quotes answer.
///
/// # Errors
/// When the query complains, or the index cannot be read.
pub fn count_quotes(index: &Archive, question: &QuoteQuestion) -> Result<u64, Error> {
    Ok(index.count_quotes(&quote_plan(index, question)?)?)
}

/// Returns the articles with an id, a path or a `path#record`, as seen from the current folder.
///
/// # Errors
/// When the index cannot be read.
pub fn find(index: &Archive, id: &str) -> Result<Vec<Record>, Error> {
    let base = walk::here();
    let mut records = find_whole(index, id, &base)?;
    for record in &mut records {
        shorten(&mut record.path, &base);
    }
    Ok(records)
}

/// Returns the same articles with their whole paths.
fn find_whole(index: &Archive, id: &str, base: &str) -> Result<Vec<Record>, Error> {
    let records = index.find(id)?;
    if !records.is_empty() || base.is_empty() {
        return Ok(records);
    }
    Ok(index.find(&format!("{base}/{}", id.trim_start_matches("./")))?)
}

/// Returns the articles with an id, a path or a `path#record`, each with its copies, the earliest of them first.
///
/// # Errors
/// When the index cannot be read.
pub fn copies(index: &Archive, id: &str) -> Result<Vec<Story>, Error> {
    let base = walk::here();
    let mut stories = Vec::new();
    for article in find_whole(index, id, &base)? {
        let records = index.copies(&article)?;
        let asked = records.iter().position(|record| record.key() == article.key()).unwrap_or(0);
        let mut articles: Vec<Told> = Vec::with_capacity(records.len());
        for mut record in records {
            shorten(&mut record.path, &base);
            let earliest = articles.first().map_or(&record, |told| &told.record);
            let changes = changes(&sentences(earliest), &sentences(&record));
            let attributed = attributed(earliest, &record);
            articles.push(Told { changes, attributed, record });
        }
        stories.push(Story { articles, asked });
    }
    Ok(stories)
}

fn sentences(record: &Record) -> Vec<&str> {
    annotate::sentences(&record.text, record.body).into_iter().map(|span| span.of(&record.text)).collect()
}

/// Returns the quotes of an article that an earlier one gives to somebody else.
fn attributed(earlier: &Record, later: &Record) -> Vec<Attributed> {
    let words = |record: &Record, quote: &Quote| -> Vec<String> {
        quote.spans.iter().flat_map(|span| analyzer::terms(span.of(&record.text))).collect()
    };
    let name = |quote: &Quote| quote.speaker.as_ref().map(|speaker| speaker.name.clone());
    let mut known: HashMap<Vec<String>, Option<String>> = HashMap::new();
    for quote in &earlier.quotes {
        known.entry(words(earlier, quote)).or_insert_with(|| name(quote));
    }
    let mut found = Vec::new();
    for quote in &later.quotes {
        let Some(before) = known.get(&words(later, quote)) else { continue };
        let folded = |name: &Option<String>| name.as_deref().map(analyzer::terms);
        if folded(before) != folded(&name(quote)) {
            found.push(Attributed { quote: quote.clone(), before: before.clone() });
        }
    }
    found
}

/// Returns what the index holds.
///
/// # Errors
/// When the index cannot be read.
pub fn stats(index: &Archive) -> Result<Stats, Error> {
    let mut stats = index.stats()?;
    if let Some(future) = query::resolve(&parse("date:future")?, today())?.filter {
        stats.future = index.count(&future)?;
    }
    Ok(stats)
}

fn parse(query: &str) -> Result<query::Query, Error> {
    let parsed = query::parse(query);
    match parsed.query {
        Some(query) if parsed.complaints.is_empty() => Ok(query),
        _ => Err(Error::Query(parsed.complaints)),
    }
}

/// Returns what a query asks of articles, names for everybody they are taken for.
///
/// # Errors
/// When the query complains, or the index or the user's file of identities cannot be read.
pub fn article_plan(index: &Archive, query: &str) -> Result<Plan, Error> {
    let plan = query::resolve(&parse(query)?, today())?;
    Ok(Plan { filter: plan.filter.map(|clause| index.widen(clause)).transpose()?, ..plan })
}

/// Returns what is asked of quotes, likewise.
///
/// # Errors
/// When the query complains, or the index or the user's file of identities cannot be read.
pub fn quote_plan(index: &Archive, question: &QuoteQuestion) -> Result<QuotePlan, Error> {
    let query = question.query.as_deref().map(parse).transpose()?;
    let QuoteQuestion { by, about, kinds, .. } = question;
    let QuotePlan { filter, words } =
        query::resolve_quotes(Asked { by, about, query: query.as_ref(), kinds }, today())?;
    Ok(QuotePlan { filter: filter.map(|clause| index.widen(clause)).transpose()?, words })
}

/// Returns whom the names in a condition were taken for, and why.
pub fn taken_for(clause: Option<&Clause>) -> Vec<String> {
    let mut lines = Vec::new();
    clause.into_iter().for_each(|clause| {
        clause.each_called(&mut |clause| {
            if let Clause::Called { typed, who, why, .. } = clause {
                lines.push(format!("`{typed}` is taken for {who}"));
                lines.extend(why.iter().map(|why| format!("  also {why}")));
            }
        });
    });
    lines.dedup();
    lines
}

/// Returns today's date, in universal time.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Makes a path relative to the current folder where it lies below.
fn shorten(path: &mut String, base: &str) {
    let shown = walk::relative(path, base);
    if shown.len() < path.len() {
        *path = shown.to_owned();
    }
}
