//! `onrecord show`: one article, its quotes and speakers marked.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::render::text::counted;
use crate::render::{json, text};
use crate::search as verb;

const EXAMPLES: &str = "\
Examples:
  onrecord show corpus/talks.txt          by path, as `search` prints it
  onrecord show wire.jsonl#12             the twelfth record of a file
  onrecord show --json talks              by id, with every offset";

/// Show one article, its quotes and speakers marked
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Id, path or path#record
    id: String,
    /// One object a line
    #[arg(long)]
    json: bool,
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
    for (number, record) in records.iter().enumerate() {
        if args.json {
            json::shown(record, &mut out)?;
        } else {
            if number > 0 {
                writeln!(out)?;
            }
            text::show::write(record, settings.style, &mut out)?;
        }
    }
    out.flush()?;
    if records.is_empty() {
        settings.messages.note(&format!("no article `{}`", args.id));
    }
    Ok(Outcome::found(records.len() as u64))
}
