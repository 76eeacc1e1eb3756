//! `onrecord optimize`: makes the index as small as it gets.

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::index as verb;
use crate::render::text::{counted, sized};

const EXAMPLES: &str = "\
Examples:
  onrecord optimize
  onrecord --index ~/news.index optimize";

/// Make the index as small as it gets
///
/// Its segments become one, and what was replaced or deleted leaves the disk. Until the end the disk holds both, so as
/// much room as the index takes must be free. Searches go on meanwhile.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, settings: &Settings) -> Result<Outcome> {
    let verb::Optimized { segments, bytes, elapsed } = verb::optimize(&settings.index)?;
    settings.messages.note(&format!(
        "{}, {} before; {}, {} before; {:.1} s",
        counted(segments.1, "segment"),
        segments.0,
        sized(bytes.1),
        sized(bytes.0),
        elapsed.as_secs_f64(),
    ));
    Ok(Outcome::Done)
}
