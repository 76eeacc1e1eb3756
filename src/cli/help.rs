//! `onrecord help`: the query language, what `--format` takes, or a command.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Command;

use super::Outcome;
use super::settings::Settings;
use crate::hits::{Hit, QuoteHit};
use crate::query::HELP;
use crate::render::OUTPUTS;
use crate::render::columns::{Row, columns};

const EXAMPLES: &str = "\
Examples:
  onrecord help query       the query language
  onrecord help format      what --format takes: outputs, and placeholders of templates
  onrecord help quotes      the same as onrecord quotes --help";

/// Explain the query language, formats, or a command
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// `query`, `format` or the name of a command
    topic: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, mut program: Command, settings: &Settings) -> Result<Outcome> {
    program.build();
    let text = match args.topic.as_deref() {
        None => program.render_long_help().to_string(),
        Some("query") => HELP.to_owned(),
        Some("format" | "formats") => formats(),
        Some(topic) => match program.find_subcommand_mut(topic) {
            Some(command) => command.render_long_help().to_string(),
            None => {
                bail!("no help on `{topic}`; there are `query`, `format` and every command that `onrecord help` lists")
            }
        },
    };
    let mut out = settings.stdout();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Returns what `--format` takes: every output, and every placeholder.
fn formats() -> String {
    let mut text = String::from("What --format takes\n\n");
    for output in OUTPUTS {
        text.push_str(&format!("  {:<13} {}\n", output.name, output.help));
    }
    text.push_str(
        "\nor a template, one line a row: '{date} {outlet}: {headline}'. \\t and \\n are a tab and a line end,\n\
         {{ and }} are braces; with -0 each row ends with a NUL. Tables and templates hold all that answers.\n\n\
         Placeholders of search\n\n",
    );
    text.push_str(&placeholders::<Hit>());
    text.push_str("\nPlaceholders of quotes\n\n");
    text.push_str(&placeholders::<QuoteHit>());
    text
}

fn placeholders<R: Row>() -> String {
    let query = [("query", "what was asked, or what a batch calls it")];
    let columns = columns::<R>().chain(query);
    columns.map(|(name, help)| format!("  {:<13} {help}\n", format!("{{{name}}}"))).collect()
}
