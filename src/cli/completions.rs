//! `onrecord completions`: what a shell must read to complete our lines.

use std::io::Write;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use super::settings::Settings;
use super::{Outcome, complete};

const EXAMPLES: &str = "\
Examples:
  source <(onrecord completions bash)                              in ~/.bashrc
  source <(onrecord completions zsh)                               in ~/.zshrc, behind compinit
  onrecord completions fish | source                               in ~/.config/fish/config.fish
  onrecord completions powershell | Out-String | Invoke-Expression in $PROFILE

Fields, formats and classes of source are offered, and behind `outlet:` and `byline:` what the index holds.";

/// Print what makes a shell complete commands, fields and outlets
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell
    #[arg(value_parser = PossibleValuesParser::new(complete::shells().map(|shell| shell.name())))]
    shell: String,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let mut out = settings.stdout();
    for shell in complete::shells().filter(|shell| shell.is(&args.shell)) {
        out.write_all(&complete::script(shell)?)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
