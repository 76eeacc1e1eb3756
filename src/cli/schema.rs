//! `onrecord schema`: the contract of the JSON that the other commands write.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::render::json::SCHEMA;

const EXAMPLES: &str = "\
Examples:
  onrecord schema > onrecord.schema.json";

/// Print the JSON Schema of what `--json` writes
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, settings: &Settings) -> Result<Outcome> {
    let mut out = settings.stdout();
    out.write_all(SCHEMA.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Done)
}
