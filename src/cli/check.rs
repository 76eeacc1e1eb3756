//! `onrecord check`: whether the index is sound.

use std::io::Write;

use anyhow::{Result, bail};

use super::Outcome;
use super::settings::Settings;
use crate::engine::tantivy::check;
use crate::render::text::counted;
use crate::render::{json, text};

const EXAMPLES: &str = "\
Examples:
  onrecord check
  onrecord check --json";

/// Say whether the index is sound
///
/// Every file is compared with the checksum written with it, then every article and quote is read. Nothing is changed.
/// The exit code is 2 where something is wrong.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// One object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let found = check(&settings.index)?;
    let mut out = settings.stdout();
    if args.json {
        json::check(&found, &mut out)?;
    } else {
        text::check::write(&found, settings.style, &mut out)?;
    }
    out.flush()?;
    if !found.is_sound() {
        let (faults, index) = (counted(found.faults.len() as u64, "fault"), settings.index.display());
        bail!(
            "the index at `{index}` is damaged ({faults}); rebuild it with `onrecord index --rebuild --index {index}` \\
             and the same paths"
        );
    }
    Ok(Outcome::Done)
}
