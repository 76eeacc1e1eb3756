//! `onrecord quotes`: every quote that answers, with who said it and where it stands.

use std::io::{self, Write};
use std::ops::ControlFlow;

use anyhow::Result;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;

use super::search::{Sort, limit, output};
use super::settings::Settings;
use super::{Outcome, ui};
use crate::identify::Archive;
use crate::layers::QuoteKind;
use crate::render::{OUTPUTS, OpenQuotes, Style};
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
    query: Vec<String>,
    /// Who said it: a name, a description or a class of source (official, expert, witness …); given
    /// several times, any of them
    #[arg(long, value_name = "WHO")]
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
    /// Show at most N quotes
    #[arg(short = 'n', long, value_name = "N", default_value = "all", value_parser = limit)]
    limit: usize,
    /// How to write the answer
    #[arg(long, value_name = "FORMAT", value_parser = formats(), default_value = "text")]
    format: String,
    /// The same as --format json: one object a line
    #[arg(long, conflicts_with_all = ["format", "csv"])]
    json: bool,
    /// The same as --format csv
    #[arg(long, conflicts_with = "format")]
    csv: bool,
    /// Show scores, with --sort best
    #[arg(long)]
    score: bool,
    /// Say whom the names were taken for
    #[arg(long)]
    explain: bool,
    /// Only count the quotes
    #[arg(short, long, conflicts_with_all = ["format", "json", "csv", "limit"])]
    count: bool,
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

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(OUTPUTS.iter().filter(|output| output.quotes.is_some()).map(|output| output.name))
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
    let total = if args.count {
        let total = verb::count_quotes(&index, &question)?;
        let mut out = ui::stdout();
        writeln!(out, "{total}")?;
        out.flush()?;
        total
    } else {
        let format = if args.json {
            "json"
        } else if args.csv {
            "csv"
        } else {
            &args.format
        };
        let open = output(format).quotes.unwrap_or(crate::render::text::quotes::open);
        let style = Style { scores: args.score, ..settings.style };
        write(&index, &question, open, style, args.limit)?
    };
    if args.explain {
        let plan = verb::quote_plan(&index, &question)?;
        verb::taken_for(plan.filter.as_ref()).iter().for_each(|line| settings.messages.note(line));
    }
    if total == 0 {
        tell_nothing(&question, settings);
    }
    Ok(Outcome::found(total))
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

/// Writes the quotes one by one and returns how many there are.
fn write(index: &Archive, question: &QuoteQuestion, open: OpenQuotes, style: Style, limit: usize) -> Result<u64> {
    let mut out = ui::stdout();
    let mut rows = open(style, &mut out)?;
    let mut written = 0;
    let mut trouble: io::Result<()> = Ok(());
    let total = verb::quotes(index, question, &mut |hit| {
        if written == limit {
            return ControlFlow::Break(());
        }
        written += 1;
        trouble = rows.row(&hit);
        if trouble.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    trouble?;
    rows.end(total)?;
    drop(rows);
    out.flush()?;
    Ok(total)
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
