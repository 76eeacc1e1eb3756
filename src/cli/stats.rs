//! `onrecord stats`: what is in the index.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::render::{json, text};
use crate::search as verb;

const EXAMPLES: &str = "\
Examples:
  onrecord stats
  onrecord stats --json";

/// Say what is in the index
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// One object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let stats = verb::stats(&verb::open(&settings.index, None)?)?;
    let mut out = settings.stdout();
    if args.json {
        json::stats(&stats, &mut out)?;
    } else {
        text::stats::write(&stats, settings.style, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
