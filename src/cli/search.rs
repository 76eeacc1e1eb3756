//! `onrecord search`: ranked articles with the sentences that matched.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Error, Result};
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;

use super::listing::{Form, Listing, Shape};
use super::settings::Settings;
use super::{Outcome, batch, complete, index};
use crate::hits::{Hit, Hits};
use crate::identify::Archive;
use crate::plan;
use crate::render::paths::Paths;
use crate::render::{HitRows, Sheet, Style, text};
use crate::search::{self as verb, Explanation, Page};

/// Articles shown unless told otherwise.
const LIMIT: usize = 10;

/// Articles of a run unless told otherwise: as deep as rankings are scored.
const RUN_LIMIT: usize = 1000;

/// Articles read at a time.
const PART: usize = 1000;

/// Copies of a story that its row names at most, as the contract of JSON has it.
const COPIES_NAMED: usize = 20;

/// Copies of which a row of text may name the outlets: each takes a look at the whole article.
const COPIES_SEEN: usize = 5;

/// Characters of a snippet, as far as whole sentences allow.
const SNIPPET_WIDTH: usize = 240;

const EXAMPLES: &str = "\
Examples:
  onrecord search ceasefire gaza                   articles with both words first
  onrecord search '\"maritime boundary\" -gaza'      a phrase, and without a word
  onrecord search speaker:blinken date:2024-09     in one field, in one month
  onrecord search --corpus ~/news ceasefire        bring the index in step first
  onrecord search -n 50 --sort newest hezbollah    the newest fifty
  onrecord search -l0 ceasefire | xargs -0 less    only paths
  onrecord search -- -gaza                         a query that begins with a dash
  onrecord search -f queries.txt --csv             a file of queries, each with its own answer
`onrecord help query` explains the query language.";

/// Find articles: ranked, with the sentences that matched
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Words, "phrases", -excluded words, field:words
    #[arg(required_unless_present = "batch", add = ArgValueCompleter::new(complete::query))]
    query: Vec<String>,
    #[command(flatten)]
    pub listing: Listing,
    /// Order
    #[arg(long, value_name = "ORDER", default_value = "best")]
    sort: Sort,
    /// Snippets an article, at most
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=50))]
    snippets: u8,
    /// Show every sentence that matches, in the order of the text
    #[arg(long, conflicts_with = "snippets")]
    context: bool,
    /// Show scores
    #[arg(long, hide_short_help = true)]
    pub score: bool,
    /// Say what the score of each article is made of: on stderr, or in the field `factors` of json
    #[arg(long, conflicts_with_all = ["batch", "count", "files"])]
    explain_score: bool,
    /// Rank newer articles higher: those of the newest day count double, a month older ones half as much more
    #[arg(long)]
    fresh: bool,
    /// Say what the query means and how many articles each part of it finds
    #[arg(long, conflicts_with = "batch")]
    explain: bool,
    /// One row for all copies of a story, the earliest, where the best of them ranks (the default of text and json)
    #[arg(long, overrides_with = "no_fold", conflicts_with_all = ["files", "count", "batch"], hide_short_help = true)]
    fold: bool,
    /// One row for every article (always so with -l, -c, --batch and every other format)
    #[arg(long, overrides_with = "fold")]
    no_fold: bool,
    /// Bring the index in step with a folder first
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Answer every line of a file, a query or `id<TAB>query`, or of stdin with `-`
    #[arg(short = 'f', long, value_name = "FILE", conflicts_with = "query")]
    batch: Option<PathBuf>,
}

/// In which order answers come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Best match first
    Best,
    /// Newest first, undated last
    Newest,
    /// Oldest first, undated last
    Oldest,
}

impl From<Sort> for plan::Sort {
    fn from(sort: Sort) -> plan::Sort {
        match sort {
            Sort::Best => plan::Sort::Best,
            Sort::Newest => plan::Sort::Newest,
            Sort::Oldest => plan::Sort::Oldest,
        }
    }
}

/// Runs the command. What was found decides the exit code, whether or not some files were skipped before.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    if let Some(folder) = &args.corpus
        && index::refresh(folder, settings)? == Outcome::Interrupted
    {
        return Ok(Outcome::Interrupted);
    }
    let index = verb::open(&settings.index, settings.identities.as_deref())?;
    let reader = Reader { index: &index, page: page(&args, settings) };
    if let Some(file) = &args.batch {
        return batch::run(file, &args, &reader, settings);
    }
    let query = args.query.join(" ");
    if args.explain {
        explain(&verb::explain(&index, &query)?, settings);
    } else {
        tell_spellings(&verb::spellings(&index, &query)?, settings);
    }
    let mut out = settings.stdout();
    let found = match args.listing.form(settings.messages.quiet)? {
        Form::Silent => verb::articles(&index, &query, &reader.page)?.total,
        Form::Count => {
            let Hits { total, copies, .. } = verb::articles(&index, &query, &reader.page)?;
            writeln!(out, "{total}")?;
            if copies > 0 {
                settings.messages.note(&text::stories(total, copies));
            }
            total
        }
        Form::List(shape) => {
            let started = Instant::now();
            let style = Style { scores: args.score, ..settings.style };
            let mut rows = rows(shape, Sheet { style, title: &query, batch: false }, &mut out)?;
            // Nothing is what text says on stderr; the other formats say it in their own way.
            let (mut answered, mut reckonings) = (false, Vec::new());
            let written = write(&reader, &query, !args.listing.is_text(), &mut *rows, &mut |hits| {
                if !std::mem::replace(&mut answered, true) {
                    let elapsed = started.elapsed().as_secs_f64() * 1000.0;
                    settings.messages.detail(&format!("answered in {elapsed:.1} ms"));
                }
                // JSON has a field for it.
                if !args.listing.output().name.starts_with("json") {
                    reckonings.extend(hits.hits.iter().flat_map(reckoned));
                }
            })?;
            rows.close()?;
            drop(rows);
            out.flush()?;
            reckonings.iter().for_each(|reckoning| settings.messages.note(reckoning));
            written
        }
    };
    out.flush()?;
    if found == 0 && !settings.messages.quiet {
        settings.messages.note("nothing found");
        if !args.explain {
            suggest(&verb::explain(&index, &query)?, settings);
        }
    }
    Ok(Outcome::found(found))
}

/// Says what a query means, a line a part with the number of articles that it finds alone.
fn explain(explanation: &Explanation, settings: &Settings) {
    let counts = explanation.parts.iter().map(|(_, count)| count.to_string());
    let counts: Vec<String> = counts.chain([explanation.total.to_string()]).collect();
    let width = counts.iter().map(String::len).max().unwrap_or(0);
    for ((words, _), count) in explanation.parts.iter().zip(&counts) {
        settings.messages.note(&format!("{count:>width$}  {words}"));
    }
    if explanation.parts.len() > 1 {
        settings.messages.note(&format!("{:>width$}  all of these", explanation.total));
    }
    tell_spellings(&explanation.spellings, settings);
    explanation.taken.iter().for_each(|line| settings.messages.note(line));
    suggest(explanation, settings);
}

/// Says for how many words of the index a spelling stands, and the first few.
fn tell_spellings(spellings: &[(String, Vec<String>)], settings: &Settings) {
    const SHOWN: usize = 8;
    for (typed, words) in spellings {
        let first = words.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if words.len() > SHOWN { ", …" } else { "" };
        let told = match words.len() {
            0 => format!("`{typed}` stands for no word of the index"),
            1 => format!("`{typed}` stands for 1 word: {first}"),
            count => format!("`{typed}` stands for {count} words: {first}{more}"),
        };
        settings.messages.note(&told);
    }
}

/// Says which part of a query that finds nothing to leave out, and what that would find.
fn suggest(explanation: &Explanation, settings: &Settings) {
    let best = explanation.without.iter().enumerate().max_by_key(|(number, count)| (**count, usize::MAX - number));
    if let Some((number, count)) = best.filter(|(_, count)| **count > 0) {
        let articles = if *count == 1 { "article" } else { "articles" };
        let words = &explanation.parts[number].0;
        settings.messages.hint(&format!("without {words}: {count} {articles}"));
    }
}

fn page(args: &Args, settings: &Settings) -> Page {
    let Listing { count, files, .. } = args.listing;
    let first = count || settings.messages.quiet;
    let is_run = args.listing.output().name == "trec";
    let usual = if is_run { RUN_LIMIT } else { LIMIT };
    Page {
        offset: args.listing.offset(),
        limit: if first { 1 } else { args.listing.limit(usual) },
        sort: args.sort.into(),
        // Counts, paths and exports mean the articles with all the words.
        partial: !args.listing.is_export(),
        fold: folds(args).then_some(if args.listing.is_text() { COPIES_SEEN } else { COPIES_NAMED }),
        snippets: if first || files || is_run { 0 } else { usize::from(args.snippets) },
        snippet_width: SNIPPET_WIDTH,
        context: args.context,
        fresh: args.fresh,
        reckoning: args.explain_score,
    }
}

/// Returns whether the copies of a story are one row: for people they are, exports mean every article.
fn folds(args: &Args) -> bool {
    let name = args.listing.output().name;
    let shown = !args.listing.is_export() && args.batch.is_none() && matches!(name, "text" | "json" | "jsonl");
    args.fold || shown && !args.no_fold
}

/// Starts the list that was asked for.
pub fn rows<'w>(shape: Shape<'_>, sheet: Sheet<'_>, out: &'w mut dyn Write) -> Result<Box<dyn HitRows + 'w>> {
    match shape {
        Shape::Paths { end } => Ok(Box::new(Paths::new(end, sheet.style, out))),
        Shape::Template { template, end } => template.hits(end, sheet, out).map_err(Error::msg),
        Shape::Rows(output) => Ok((output.hits)(sheet, out)?),
    }
}

/// What answers, and how much of an answer is wanted.
pub struct Reader<'i> {
    /// The index.
    pub index: &'i Archive,
    /// The rows.
    pub page: Page,
}

/// Writes an answer part by part and returns how many articles there are in it; an empty one only where `empty` says
/// so. Shows each part to `seen` first.
pub fn write(
    reader: &Reader<'_>,
    query: &str,
    empty: bool,
    rows: &mut dyn HitRows,
    seen: &mut dyn FnMut(&Hits),
) -> Result<u64> {
    let mut written = 0;
    let mut trouble: io::Result<()> = Ok(());
    verb::article_parts(reader.index, query, &reader.page, PART, &mut |hits| {
        written += hits.hits.len() as u64;
        seen(&hits);
        if written > 0 || empty {
            trouble = rows.part(&hits);
        }
        if trouble.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    trouble?;
    if written > 0 || empty {
        rows.end()?;
    }
    Ok(written)
}

/// Returns what the score of an article is made of, line by line.
fn reckoned(hit: &Hit) -> Vec<String> {
    const LEARNED: usize = 5;
    let Some(reckoning) = &hit.reckoning else { return Vec::new() };
    let counted = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let recency = match reckoning.recency {
        1.0 => String::new(),
        recency => format!(", {recency:.2} times the sum for its date"),
    };
    let mut told = vec![format!("{}  score {:.2}{recency}", hit.rank, hit.score)];
    for factor in &reckoning.typed {
        let (times, articles) = (u64::from(factor.times), factor.articles);
        let (times, articles) = (counted(times, "time", "times"), counted(articles, "article", "articles"));
        told.push(format!("   {:>6.2}  `{}`: {times} here, in about {articles}", factor.score, factor.word));
    }
    if !reckoning.learned.is_empty() {
        let sum: f32 = reckoning.learned.iter().map(|factor| factor.score).sum();
        let words: Vec<&str> = reckoning.learned.iter().take(LEARNED).map(|factor| factor.word.as_str()).collect();
        told.push(format!("   {sum:>6.2}  stems that the two best articles share: {}, …", words.join(", ")));
    }
    let (words, average) = reckoning.words;
    told.push(format!("   about {words} words, those of the headline counted twice; {average:.0} on average"));
    told
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn parsed(line: &str) -> Result<Args, clap::Error> {
        let words = std::iter::once("search").chain(line.split(' ').filter(|word| !word.is_empty()));
        Line::try_parse_from(words).map(|line| line.args)
    }

    fn args(line: &str) -> Args {
        parsed(line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    fn page_of(args: &Args) -> Page {
        page(args, &Settings::default())
    }

    #[test]
    fn words_are_one_query() {
        assert_eq!(args("ceasefire gaza -n 3").query, ["ceasefire", "gaza"]);
        assert_eq!(args("-n 3 -- -gaza").query, ["-gaza"]);
    }

    #[test]
    fn pages_fit_what_is_asked() {
        assert_eq!(page_of(&args("gaza")).limit, LIMIT);
        assert_eq!(page_of(&args("gaza -n 50")).limit, 50);
        assert_eq!(page_of(&args("gaza --limit all")).limit, usize::MAX);
        assert_eq!(page_of(&args("--batch queries.tsv --format trec")).limit, RUN_LIMIT);
        assert_eq!(page_of(&args("gaza -l")).limit, usize::MAX);
        assert_eq!(page_of(&args("gaza")).snippets, 2);
        assert_eq!(page_of(&args("gaza -l")).snippets, 0);
        assert_eq!(page_of(&args("gaza --sort newest")).sort, plan::Sort::Newest);
    }

    #[test]
    fn senseless_lines_are_refused() {
        for line in [
            "",
            "gaza --batch queries.tsv",
            "gaza -c --json",
            "gaza -l -c",
            "gaza -n some",
            "gaza -n 0",
            "gaza --snippets 51",
            "gaza --format pdf",
        ] {
            assert!(parsed(line).is_err(), "`search {line}` is accepted");
        }
    }
}
