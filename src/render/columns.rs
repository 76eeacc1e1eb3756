//! What can be said of a row in one value, by name: the columns of tables and the placeholders of templates.
//!
//! In: a ranked article, a quote, somebody who speaks or is named, a file that was left out. Out: values as text, empty where the source says nothing. One more value is one
//! more row of a list. Deliberately knows no output.

use std::borrow::Cow;

use super::place::{line_of, place, quoted_words};
use crate::hits::{Hit, QuoteHit};
use crate::identity::{Row as Identity, Together};
use crate::layers::Role;
use crate::likeness::nearest;
use crate::problem::Problem;
use crate::schema::Record;

/// A value that every `R` has.
pub struct Column<R> {
    /// What it is called, in a table's head and between the braces of a template.
    pub name: &'static str,
    /// What it is, in a few words.
    pub help: &'static str,
    value: for<'r> fn(&'r R) -> Cow<'r, str>,
}

/// What a source says of an article, and where it lies.
#[rustfmt::skip]
const ARTICLE: &[Column<Record>] = &[
    Column { name: "date",     help: "day of publication, as precise as the source", value: |record| date(record) },
    Column { name: "outlet",   help: "newspaper, agency or site", value: |record| given(&record.meta.outlet) },
    Column { name: "headline", help: "the headline", value: |record| record.headline_text().into() },
    Column { name: "title",    help: "the headline, or the id where there is none", value: |record| title(record).into() },
    Column { name: "dek",      help: "the line under the headline", value: |record| record.dek.map_or("", |dek| dek.of(&record.text)).into() },
    Column { name: "byline",   help: "who wrote it", value: |record| given(&record.meta.byline) },
    Column { name: "dateline", help: "the place and day line", value: |record| given(&record.meta.dateline) },
    Column { name: "section",  help: "desk or page", value: |record| given(&record.meta.section) },
    Column { name: "lang",     help: "language, as a code", value: |record| given(&record.meta.lang) },
    Column { name: "url",      help: "address on the web", value: |record| given(&record.meta.url) },
    Column { name: "id",       help: "the article's id", value: |record| record.id.as_str().into() },
    Column { name: "path",     help: "where the file lies", value: |record| record.path.as_str().into() },
    Column { name: "record",   help: "its number in a file that holds several", value: |record| record.record.map(|number| number.to_string()).unwrap_or_default().into() },
    Column { name: "body",     help: "the paragraphs, on one line", value: |record| record.body.of(&record.text).into() },
];

/// What only ranked articles have.
#[rustfmt::skip]
const HIT: &[Column<Hit>] = &[
    Column { name: "rank",    help: "its place in the answer", value: |hit| hit.rank.to_string().into() },
    Column { name: "score",   help: "how well it matches", value: |hit| hit.score.to_string().into() },
    Column { name: "line",    help: "the line of the file that matches", value: |hit| line_of(&hit.record, first_byte(hit)).to_string().into() },
    Column { name: "place",   help: "path:line, as editors jump to it", value: |hit| place(&hit.record, first_byte(hit)).into() },
    Column { name: "excerpt", help: "the sentences that matched", value: |hit| excerpts(hit).into() },
];

/// What only quotes have.
#[rustfmt::skip]
const QUOTE: &[Column<QuoteHit>] = &[
    Column { name: "quote",       help: "the words, without their marks", value: |hit| quoted_words(hit.quote(), &hit.record.text).into() },
    Column { name: "speaker",     help: "who said it, by name or description", value: |hit| hit.quote().speaker.as_ref().map_or("", |speaker| &speaker.name).into() },
    Column { name: "printed",     help: "how the speaker is called beside the quote", value: |hit| printed(hit).into() },
    Column { name: "description", help: "how the speaker is described", value: |hit| description(hit).into() },
    Column { name: "roles",       help: "classes of source", value: |hit| roles(hit).into() },
    Column { name: "kind",        help: "direct, mixed or indirect", value: |hit| hit.quote().kind.name().into() },
    Column { name: "rule",        help: "the rule that found the speaker", value: |hit| hit.quote().rule.as_ref().into() },
    Column { name: "score",       help: "how well it matches, with --sort best", value: |hit| hit.score.to_string().into() },
    Column { name: "line",        help: "the line of the file", value: |hit| line_of(&hit.record, hit.quote().span().start).to_string().into() },
    Column { name: "place",       help: "path:line, as editors jump to it", value: |hit| place(&hit.record, hit.quote().span().start).into() },
];

/// What those have who speak or are named, in the order of tables.
#[rustfmt::skip]
pub const NAMED: &[Column<Identity>] = &[
    Column { name: "name",     help: "the name", value: |row| row.name.as_str().into() },
    Column { name: "type",     help: "PER, ORG, LOC or MISC", value: |row| row.kind.map_or("", |kind| kind.name()).into() },
    Column { name: "quotes",   help: "how many quotes are theirs", value: |row| row.count.said().to_string().into() },
    Column { name: "direct",   help: "how many of them stand in quotation marks", value: |row| row.count.quotes[0].to_string().into() },
    Column { name: "mixed",    help: "how many partly do", value: |row| row.count.quotes[1].to_string().into() },
    Column { name: "indirect", help: "how many do not", value: |row| row.count.quotes[2].to_string().into() },
    Column { name: "articles", help: "in how many articles", value: |row| row.count.articles.to_string().into() },
    Column { name: "first",    help: "day of the first of them", value: |row| row.count.dates.map(|dates| dates.0.to_string()).unwrap_or_default().into() },
    Column { name: "last",     help: "day of the last", value: |row| row.count.dates.map(|dates| dates.1.to_string()).unwrap_or_default().into() },
    Column { name: "roles",    help: "classes of source", value: |row| classes(row.roles.iter().copied()).into() },
    Column { name: "variants", help: "their other names", value: |row| variants(row).into() },
    Column { name: "wikidata", help: "item of Wikidata, from your file of identities", value: |row| given(&row.wikidata) },
    Column { name: "both",     help: "in how many articles or sentences with --with", value: |row| together(row, |together| together.both.to_string()) },
    Column { name: "score",    help: "how far above chance that is", value: |row| together(row, |together| format!("{:.2}", together.score())) },
    Column { name: "with",     help: "in how many the other one is named", value: |row| together(row, |together| together.other.to_string()) },
];

/// What is known of what was left out of an index, in the order of tables.
#[rustfmt::skip]
pub const SKIPPED: &[Column<Problem>] = &[
    Column { name: "path",   help: "the file", value: |problem| problem.path.as_str().into() },
    Column { name: "line",   help: "its line or record", value: |problem| problem.line.map(|line| line.to_string()).unwrap_or_default().into() },
    Column { name: "reason", help: "why, in a word", value: |problem| problem.reason.name().into() },
    Column { name: "detail", help: "why, in words", value: |problem| problem.detail.as_str().into() },
];

/// What has columns: a row of an answer, which may stand in an article.
pub trait Row: Sized + 'static {
    /// The values of its own.
    const COLUMNS: &'static [Column<Self>];
    /// Those of the article that it stands in.
    const ARTICLE: &'static [Column<Record>] = &[];

    /// Returns the article.
    fn record(&self) -> Option<&Record> {
        None
    }
}

impl Row for Hit {
    const COLUMNS: &'static [Column<Hit>] = HIT;
    const ARTICLE: &'static [Column<Record>] = ARTICLE;

    fn record(&self) -> Option<&Record> {
        Some(&self.record)
    }
}

impl Row for QuoteHit {
    const COLUMNS: &'static [Column<QuoteHit>] = QUOTE;
    const ARTICLE: &'static [Column<Record>] = ARTICLE;

    fn record(&self) -> Option<&Record> {
        Some(&self.record)
    }
}

impl Row for Record {
    const COLUMNS: &'static [Column<Record>] = ARTICLE;
}

impl Row for Identity {
    const COLUMNS: &'static [Column<Identity>] = NAMED;
}

impl Row for Problem {
    const COLUMNS: &'static [Column<Problem>] = SKIPPED;
}

/// One value of a row, found by its name.
pub enum Picked<R: 'static> {
    /// One that such rows have.
    Own(&'static Column<R>),
    /// One that every article has.
    Article(&'static Column<Record>),
}

impl<R: Row> Picked<R> {
    /// Returns the value's text.
    pub fn value<'r>(&self, row: &'r R) -> Cow<'r, str> {
        match self {
            Picked::Own(column) => (column.value)(row),
            Picked::Article(column) => row.record().map_or(Cow::Borrowed(""), column.value),
        }
    }
}

/// Finds a value by its name.
///
/// # Errors
/// When there is none: what is meant, or all there are.
pub fn pick<R: Row>(name: &str) -> Result<Picked<R>, String> {
    let own = R::COLUMNS.iter().find(|column| column.name == name).map(Picked::Own);
    let found = own.or_else(|| R::ARTICLE.iter().find(|column| column.name == name).map(Picked::Article));
    found.ok_or_else(|| {
        let known: Vec<&str> = columns::<R>().map(|(name, _)| name).collect();
        let meant = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{{{near}}}`?"));
        let all = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" ");
        format!("there is no placeholder `{{{name}}}`{}\nthere are {all}", meant.unwrap_or_default())
    })
}

/// Returns every value of such rows: its name and what it is.
pub fn columns<R: Row>() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = R::COLUMNS.iter().map(|column| (column.name, column.help));
    own.chain(R::ARTICLE.iter().map(|column| (column.name, column.help)))
}

fn date(record: &Record) -> Cow<'_, str> {
    record.meta.date.map(|date| date.to_string()).unwrap_or_default().into()
}

fn title(record: &Record) -> &str {
    record.headline.map_or(&record.id, |headline| headline.of(&record.text))
}

fn given(value: &Option<String>) -> Cow<'_, str> {
    value.as_deref().unwrap_or_default().into()
}

fn first_byte(hit: &Hit) -> u32 {
    hit.excerpts.first().map_or(0, |excerpt| excerpt.span.start)
}

fn excerpts(hit: &Hit) -> String {
    let excerpts: Vec<&str> = hit.excerpts.iter().map(|excerpt| excerpt.span.of(&hit.record.text)).collect();
    excerpts.join(" … ")
}

fn printed(hit: &QuoteHit) -> &str {
    hit.quote().speaker.as_ref().map_or("", |speaker| speaker.span.of(&hit.record.text))
}

fn description(hit: &QuoteHit) -> &str {
    hit.quote().speaker.as_ref().and_then(|speaker| speaker.description.as_deref()).unwrap_or_default()
}

fn roles(hit: &QuoteHit) -> String {
    classes(hit.quote().speaker.iter().flat_map(|speaker| speaker.roles.iter()))
}

fn classes(roles: impl Iterator<Item = Role>) -> String {
    roles.map(Role::name).collect::<Vec<_>>().join(" ")
}

fn variants(row: &Identity) -> String {
    row.variants.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>().join("; ")
}

fn together(row: &Identity, value: impl Fn(Together) -> String) -> Cow<'_, str> {
    row.together.map(value).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn check_names<R: Row>() {
        let mut seen = HashSet::new();
        for (name, help) in columns::<R>() {
            assert!(seen.insert(name), "`{name}` twice");
            assert!(!help.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
        }
    }

    #[test]
    fn every_name_stands_for_one_value() {
        check_names::<Hit>();
        check_names::<QuoteHit>();
        check_names::<Record>();
        check_names::<Identity>();
        check_names::<Problem>();
    }
}
