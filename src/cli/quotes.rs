//! `onrecord quotes`: every quote that answers, with who said it and where it stands.

use std::io::{self, Write};
use std::ops::ControlFlow;

use anyhow::{Error, Result, bail};
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;

use super::listing::{Form, Listing, Shape};
use super::search::Sort;
use super::settings::Settings;
use super::{Outcome, complete};
use crate::identify::Archive;
use crate::layers::QuoteKind;
use crate::render::paths::Paths;
use crate::render::{QuoteRows, Sheet, Style};
use crate::search::{self as verb, QuoteQuestion};

const EXAMPLES: &str = "\
Examples:
  onrecord quotes --by official                         officials, named or not
  onrecord quotes --by \"senior administration official\"
  onrecord quotes --by Blinken --about ceasefire        one speaker on one subject
  onrecord quotes --kind all hostages                   reported speech too
  onrecord quotes --by official --csv > quotes.csv      all of them, for a spreadsheet
`onrecord help query` explains the query language.";

/// List every quote by a person or a kind of source, oldest first
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Words inside the quote, and field:words
    #[arg(add = ArgValueCompleter::new(complete::query))]
    query: Vec<String>,
    /// Who said it: a name, a description or a class of source (official, expert, witness …); given
    /// several times, any of them
    #[arg(long, value_name = "WHO", add = ArgValueCompleter::new(complete::sources))]
    by: Vec<String>,
    /// Words inside the quote
    #[arg(long, value_name = "WORDS")]
    about: Vec<String>,
    /// How much of it stands in quotation marks
    #[arg(long, value_name = "KIND", value_delimiter = ',', default_value = "direct")]
    kind: Vec<Kind>,
    /// Order
    #[arg(long, value_name = "ORDER", default_value = "oldest")]
    sort: Sort,
    #[command(flatten)]
    listing: Listing,
    /// Show scores, with --sort best
    #[arg(long, hide_short_help = true)]
    score: bool,
    /// Say whom the names were taken for
    #[arg(long)]
    explain: bool,
}

/// How much of a quote stands in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// All of it
    Direct,
    /// A part
    Mixed,
    /// Nothing: reported speech
    Indirect,
    /// Whatever it is
    All,
}

/// Runs the command.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    let index = verb::open(&settings.index, settings.identities.as_deref())?;
    let question = QuoteQuestion {
        by: args.by,
        about: args.about,
        query: Some(args.query.join(" ")).filter(|query| !query.is_empty()),
        kinds: kinds(&args.kind),
        sort: args.sort.into(),
    };
    let mut out = settings.stdout();
    let found = match args.listing.form(settings.messages.quiet)? {
        Form::Silent => verb::count_quotes(&index, &question)?,
        Form::Count => {
            let total = verb::count_quotes(&index, &question)?;
            writeln!(out, "{total}")?;
            total
        }
        Form::List(shape) => {
            let style = Style { scores: args.score, ..settings.style };
            let title = title(&question);
            let mut rows = rows(shape, Sheet { style, title: &title, batch: false }, &mut out)?;
            write(&index, &question, &args.listing, &mut *rows)?
        }
    };
    out.flush()?;
    if args.explain {
        let plan = verb::quote_plan(&index, &question)?;
        verb::taken_for(plan.filter.as_ref()).iter().for_each(|line| settings.messages.note(line));
    }
    if found == 0 {
        tell_nothing(&question, settings);
    }
    Ok(Outcome::found(found))
}

/// Returns the kinds that were asked for.
pub fn kinds(asked: &[Kind]) -> Vec<QuoteKind> {
    let names = |kind: QuoteKind| match kind {
        QuoteKind::Direct => Kind::Direct,
        QuoteKind::Mixed => Kind::Mixed,
        QuoteKind::Indirect => Kind::Indirect,
    };
    let all = asked.contains(&Kind::All);
    QuoteKind::ALL.into_iter().filter(|kind| all || asked.contains(&names(*kind))).collect()
}

/// Returns what was asked, in words.
fn title(question: &QuoteQuestion) -> String {
    let mut title = "Quotes".to_owned();
    let parts = [(" by ", question.by.join(" or ")), (" about ", question.about.join(" "))];
    let query = question.query.clone().unwrap_or_default();
    for (link, words) in parts.into_iter().chain([(": ", query)]).filter(|(_, words)| !words.is_empty()) {
        title.push_str(link);
        title.push_str(&words);
    }
    title
}

/// Starts the list that was asked for.
fn rows<'w>(shape: Shape<'_>, sheet: Sheet<'_>, out: &'w mut dyn Write) -> Result<Box<dyn QuoteRows + 'w>> {
    let output = match shape {
        Shape::Paths { end } => return Ok(Box::new(Paths::new(end, sheet.style, out))),
        Shape::Template { template, end } => return template.quotes(end, sheet, out).map_err(Error::msg),
        Shape::Rows(output) => output,
    };
    let Some(open) = output.quotes else {
        bail!("`--format {}` holds ranked articles; there is none for quotes", output.name);
    };
    Ok(open(sheet, out)?)
}

/// Writes the quotes one by one and returns how many it wrote.
fn write(index: &Archive, question: &QuoteQuestion, listing: &Listing, rows: &mut dyn QuoteRows) -> Result<u64> {
    let last = listing.offset().saturating_add(listing.limit(usize::MAX));
    let (mut seen, mut written) = (0, 0);
    let mut trouble: io::Result<()> = Ok(());
    let total = verb::quotes(index, question, &mut |hit| {
        if seen == last {
            return ControlFlow::Break(());
        }
        seen += 1;
        if seen > listing.offset() {
            written += 1;
            trouble = rows.row(&hit);
        }
        if trouble.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    trouble?;
    rows.end(total)?;
    Ok(written)
}

fn tell_nothing(question: &QuoteQuestion, settings: &Settings) {
    settings.messages.note("no quotes found");
    if question.kinds.len() < QuoteKind::ALL.len() {
        settings.messages.hint("`--kind all` looks in reported speech too");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_kinds() {
        assert_eq!(kinds(&[Kind::Direct, Kind::Mixed]), [QuoteKind::Direct, QuoteKind::Mixed]);
        assert_eq!(kinds(&[Kind::All, Kind::Direct]), QuoteKind::ALL);
    }
}
