//! `onrecord show`: one article, its quotes and speakers marked.

use std::io::Write;

use anyhow::{Error, Result, bail};

use super::Outcome;
use super::listing::{Shape, Writing};
use super::settings::Settings;
use crate::render::text::counted;
use crate::render::{json, text};
use crate::search as verb;

const EXAMPLES: &str = "\
Examples:
  onrecord show corpus/talks.txt          by path, as `search` prints it
  onrecord show wire.jsonl#12             the twelfth record of a file
  onrecord show --json talks              by id, with every offset
  onrecord show --format '{body}' talks   only the text";

/// Show one article, its quotes and speakers marked
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Id, path or path#record
    id: String,
    #[command(flatten)]
    writing: Writing,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let index = verb::open(&settings.index, None)?;
    let records = verb::find(&index, &args.id)?;
    if records.len() > 1 {
        settings.messages.warn(&format!("`{}` is the id of {}", args.id, counted(records.len() as u64, "article")));
        settings.messages.hint("a path names one of them");
    }
    let mut out = settings.stdout();
    match args.writing.shape(b'\n') {
        Shape::Template { template, end } => {
            template.all(&records, end, settings.style, &mut out).map_err(Error::msg)??
        }
        Shape::Rows(output) if output.name == "text" => {
            for (number, record) in records.iter().enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                text::show::write(record, settings.style, &mut out)?;
            }
        }
        Shape::Rows(output) if output.name.starts_with("json") => {
            records.iter().try_for_each(|record| json::shown(record, &mut out))?;
        }
        Shape::Rows(output) => {
            bail!("`--format {}` has none for one article; there are text, json, jsonl and templates", output.name)
        }
        Shape::Paths { .. } => {}
    }
    out.flush()?;
    if records.is_empty() {
        settings.messages.note(&format!("no article `{}`", args.id));
    }
    Ok(Outcome::found(records.len() as u64))
}
