//! `onrecord search`: ranked articles with the sentences that matched.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;

use super::settings::Settings;
use super::{Outcome, batch, index, ui};
use crate::hits::{Hit, Hits};
use crate::identify::Archive;
use crate::plan;
use crate::render::paths::Paths;
use crate::render::{HitRows, OUTPUTS, Output, Style, text};
use crate::search::{self as verb, Explanation, Page};

/// Articles shown unless told otherwise.
const LIMIT: usize = 10;

/// Articles a query of a batch unless told otherwise: as deep as rankings are scored.
const BATCH_LIMIT: usize = 1000;

/// Articles read at a time.
const PART: usize = 1000;

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
  onrecord search --batch queries.tsv --format trec > run
`onrecord help query` explains the query language.";

/// Find articles: ranked, with the sentences that matched
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Words, "phrases", -excluded words, field:words
    #[arg(required_unless_present = "batch")]
    query: Vec<String>,
    /// Show at most N articles, or `all` [default: 10; paths and csv: all; --batch: 1000]
    #[arg(short = 'n', long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,
    /// Leave out the first N
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Order
    #[arg(long, value_name = "ORDER", default_value = "best")]
    sort: Sort,
    /// How to write the answer
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(OUTPUTS.iter().map(|output| output.name)))]
    format: Option<String>,
    /// The same as --format json: one object a line
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Snippets an article, at most
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=50))]
    snippets: u8,
    /// Show every sentence that matches, in the order of the text
    #[arg(long, conflicts_with = "snippets")]
    context: bool,
    /// Show scores
    #[arg(long)]
    score: bool,
    /// Say what the score of each article is made of
    #[arg(long, conflicts_with_all = ["batch", "count", "files"])]
    explain_score: bool,
    /// Rank newer articles higher: those of the newest day count double, a month older ones half as much more
    #[arg(long)]
    fresh: bool,
    /// Say what the query means and how many articles each part of it finds
    #[arg(long, conflicts_with = "batch")]
    explain: bool,
    /// Only count the articles with all the words
    #[arg(short, long, conflicts_with_all = ["files", "format", "json"])]
    count: bool,
    /// Only the paths of the articles with all the words
    #[arg(short = 'l', long, conflicts_with_all = ["format", "json"])]
    files: bool,
    /// End paths with a NUL instead of a line end
    #[arg(short = '0', long = "print0", requires = "files")]
    print0: bool,
    /// One row for all copies of a story, the earliest, where the best of them ranks (the default of text and json)
    #[arg(long, overrides_with = "no_fold", conflicts_with_all = ["files", "count", "batch"])]
    fold: bool,
    /// One row for every article (always so with -l, -c, csv, trec and --batch)
    #[arg(long, overrides_with = "fold")]
    no_fold: bool,
    /// Bring the index in step with a folder first
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Answer every line `id<TAB>query` of a file, or of stdin with `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "count", "files", "json", "offset", "score"])]
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

/// Reads how many rows are wanted: a number, or `all`.
pub fn limit(typed: &str) -> Result<usize, String> {
    match typed {
        "all" => Ok(usize::MAX),
        _ => typed.parse().ok().filter(|number| *number > 0).ok_or("wanted a number from 1, or `all`".to_owned()),
    }
}

/// Returns the output of that name.
pub fn output(name: &str) -> &'static Output {
    OUTPUTS.iter().find(|output| output.name == name).unwrap_or(&OUTPUTS[0])
}

/// Runs the command. What was found decides the exit code, whether or not some files were skipped before.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    if let Some(folder) = &args.corpus
        && index::refresh(folder, settings)? == Outcome::Interrupted
    {
        return Ok(Outcome::Interrupted);
    }
    let index = verb::open(&settings.index, settings.identities.as_deref())?;
    let page = page(&args);
    if let Some(file) = &args.batch {
        return batch::run(file, args.format.as_deref(), &index, &page, settings);
    }
    let query = args.query.join(" ");
    if args.explain {
        explain(&verb::explain(&index, &query)?, settings);
    } else {
        tell_spellings(&verb::spellings(&index, &query)?, settings);
    }
    let mut out = ui::stdout();
    let found = if args.count {
        let Hits { total, copies, .. } = verb::articles(&index, &query, &page)?;
        writeln!(out, "{total}")?;
        if copies > 0 {
            settings.messages.note(&text::stories(total, copies));
        }
        total
    } else {
        write(&args, &index, &query, &page, settings, &mut out)?
    };
    out.flush()?;
    if found == 0 {
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

fn page(args: &Args) -> Page {
    let exports = args.files || args.format.as_deref() == Some("csv");
    let usual = match (&args.batch, exports) {
        (Some(_), _) => BATCH_LIMIT,
        (None, true) => usize::MAX,
        (None, false) => LIMIT,
    };
    Page {
        offset: args.offset,
        limit: if args.count { 1 } else { args.limit.unwrap_or(usual) },
        sort: args.sort.into(),
        // Counts, paths and exports mean the articles with all the words.
        partial: !(args.count || exports),
        fold: folds(args),
        snippets: if args.count || args.files || args.batch.is_some() { 0 } else { usize::from(args.snippets) },
        snippet_width: SNIPPET_WIDTH,
        context: args.context,
        fresh: args.fresh,
        reckoning: args.explain_score,
    }
}

/// Returns whether the copies of a story are one row: for people they are, exports mean every article.
fn folds(args: &Args) -> bool {
    let for_people = !args.files && !args.count && args.batch.is_none() && matches!(format(args), "text" | "json");
    args.fold || for_people && !args.no_fold
}

fn format(args: &Args) -> &str {
    if args.json { "json" } else { args.format.as_deref().unwrap_or("text") }
}

/// Starts the list that was asked for.
fn rows<'w>(args: &Args, settings: &Settings, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    let style = Style { scores: args.score, ..settings.style };
    if args.files {
        return Ok(Box::new(Paths::new(if args.print0 { 0 } else { b'\n' }, style, out)));
    }
    (output(format(args)).hits)(style, out)
}

/// Writes an answer part by part and returns how many articles there are in it.
fn write(
    args: &Args,
    index: &Archive,
    query: &str,
    page: &Page,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<u64> {
    let started = Instant::now();
    let mut rows = rows(args, settings, out)?;
    let mut written = 0;
    let mut trouble: io::Result<()> = Ok(());
    let mut reckonings = Vec::new();
    // Nothing is what text says on stderr; the other formats say it in their own way.
    let is_text = format(args) == "text";
    verb::article_parts(index, query, page, PART, &mut |hits| {
        if written == 0 {
            settings.messages.detail(&format!("answered in {:.1} ms", started.elapsed().as_secs_f64() * 1000.0));
        }
        written += hits.hits.len() as u64;
        reckonings.extend(hits.hits.iter().flat_map(reckoned));
        if written > 0 || !is_text {
            trouble = rows.part(&hits);
        }
        if trouble.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    trouble?;
    if written > 0 || !is_text {
        rows.end()?;
    }
    drop(rows);
    out.flush()?;
    reckonings.iter().for_each(|reckoning| settings.messages.note(reckoning));
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

    #[test]
    fn words_are_one_query() {
        assert_eq!(args("ceasefire gaza -n 3").query, ["ceasefire", "gaza"]);
        assert_eq!(args("-n 3 -- -gaza").query, ["-gaza"]);
    }

    #[test]
    fn pages_fit_what_is_asked() {
        assert_eq!(page(&args("gaza")).limit, LIMIT);
        assert_eq!(page(&args("gaza -n 50")).limit, 50);
        assert_eq!(page(&args("gaza --limit all")).limit, usize::MAX);
        assert_eq!(page(&args("--batch queries.tsv")).limit, BATCH_LIMIT);
        assert_eq!(page(&args("gaza -l")).limit, usize::MAX);
        assert_eq!(page(&args("gaza")).snippets, 2);
        assert_eq!(page(&args("gaza -l")).snippets, 0);
        assert_eq!(page(&args("gaza --sort newest")).sort, plan::Sort::Newest);
    }

    #[test]
    fn senseless_lines_are_refused() {
        for line in [
            "",
            "gaza --batch queries.tsv",
            "gaza --json --format csv",
            "gaza -c --json",
            "gaza -0",
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
