//! `onrecord man`: the manual, made from the same words as `--help`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Command;
use clap_mangen::Man;

use super::Outcome;
use super::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  onrecord man | man -l -               read the manual
  onrecord man search | man -l -        of one command
  onrecord man --dir ~/.local/share/man/man1";

/// Print the manual, or write its pages into a folder
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A command; the whole program without one
    #[arg(conflicts_with = "dir")]
    command: Option<String>,
    /// Write every page into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, mut program: Command, settings: &Settings) -> Result<Outcome> {
    program.build();
    if let Some(folder) = &args.dir {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let commands = program.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
        for command in commands.chain([program.clone()]) {
            Man::new(command).generate_to(folder).with_context(|| folder.display().to_string())?;
        }
        return Ok(Outcome::Done);
    }
    let command = match &args.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command.clone(),
            None => bail!("no manual of `{name}`; `onrecord help` lists the commands"),
        },
    };
    let mut out = settings.stdout();
    Man::new(command).render(&mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}
