//! `onrecord help`: the query language, or a command.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Command;

use super::{Outcome, ui};
use crate::query::HELP;

const EXAMPLES: &str = "\
Examples:
  onrecord help query       the query language
  onrecord help quotes      the same as onrecord quotes --help";

/// Explain the query language or a command
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// `query` or the name of a command
    topic: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, mut program: Command) -> Result<Outcome> {
    program.build();
    let text = match args.topic.as_deref() {
        None => program.render_long_help().to_string(),
        Some("query") => HELP.to_owned(),
        Some(topic) => match program.find_subcommand_mut(topic) {
            Some(command) => command.render_long_help().to_string(),
            None => bail!("no help on `{topic}`; there is `query` and every command that `onrecord help` lists"),
        },
    };
    let mut out = ui::stdout();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
