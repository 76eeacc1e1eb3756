//! The command line: arguments become settings, settings call a verb, and its answer is rendered to stdout.
//!
//! In: the process's arguments and surroundings. Out: bytes on stdout, everything else on stderr, an exit code.
//! Only this room parses arguments, prints, or chooses exit codes; it searches and indexes nothing itself.

mod batch;
mod check;
mod complete;
mod completions;
mod config;
mod configured;
mod copies;
mod entities;
mod extract;
mod first;
mod help;
mod index;
mod interrupt;
mod listing;
mod log;
mod man;
mod optimize;
mod output;
mod pager;
mod quotes;
mod schema;
mod search;
mod settings;
mod show;
mod speakers;
mod stats;
mod ui;
mod watched;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::config::Config;
use self::output::Output;
use self::settings::{Common, Settings, Surroundings};

/// What stands below every help text.
const EXIT_CODES: &str = "\
Exit codes: 0 found or done, 1 nothing found, 2 error, 3 indexed but some files were skipped,
75 the index is being written by another run, 130 interrupted";

/// What the whole program's help shows.
const EXAMPLES: &str = "\
Examples:
  onrecord index ~/news                       bring the index in step with a folder
  onrecord search ceasefire gaza              ranked articles with the sentences that matched
  onrecord search --corpus ~/news ceasefire   both at once
  onrecord quotes --by official               every quote by an official, named or not
  onrecord speakers                           who speaks most, under all their names
  onrecord help query                         the query language";

/// Search the news you keep. Find who said what.
#[derive(Parser)]
#[command(name = "onrecord", version, disable_help_subcommand = true, args_override_self = true, max_term_width = 100)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Index(index::Args),
    Search(search::Args),
    Quotes(quotes::Args),
    Speakers(Box<speakers::Args>),
    Entities(Box<entities::Args>),
    First(first::Args),
    Show(show::Args),
    Copies(copies::Args),
    Extract(extract::Args),
    Log(log::Args),
    Stats(stats::Args),
    Check(check::Args),
    Optimize(optimize::Args),
    Config(configured::Args),
    Completions(completions::Args),
    Man(man::Args),
    Schema(schema::Args),
    Help(help::Args),
}

/// How a command ended; its number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Outcome {
    /// Something was found, or the work is done.
    Done = 0,
    /// Nothing was found.
    Nothing = 1,
    /// An error, which was told.
    Failed = 2,
    /// Indexing finished and some files were skipped.
    Skipped = 3,
    /// Another run is writing the index.
    Locked = 75,
    /// The user stopped it.
    Interrupted = 130,
}

impl Outcome {
    /// Returns the outcome of a search with so many results.
    fn found(count: u64) -> Outcome {
        if count > 0 { Outcome::Done } else { Outcome::Nothing }
    }
}

/// Runs the command that the process was called with.
pub fn run() -> ExitCode {
    complete::answer(program);
    let here = Surroundings::look();
    let args = match parse() {
        Ok(args) => args,
        Err(outcome) => return ExitCode::from(outcome as u8),
    };
    let file = args.common.output.clone();
    let mut settings = Settings::new(args.common, &here);
    ui::tell_panics(settings.messages);
    let told = |error: io::Error| ui::tell(&error.into(), &settings.messages);
    settings.output = match file.map(|file| Output::create(&file)).transpose() {
        Ok(output) => output,
        Err(error) => return ExitCode::from(told(error) as u8),
    };
    let work = || dispatch(args.command, &settings).unwrap_or_else(|error| ui::tell(&error, &settings.messages));
    // Settings and arguments are not used after a panic, so they cannot be seen half changed.
    let mut outcome = panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Outcome::Failed);
    if let Some(Err(error)) = settings.output.take().map(|output| output.finish(outcome)) {
        outcome = ui::tell(&error.into(), &settings.messages);
    }
    ExitCode::from(outcome as u8)
}

/// Returns what was typed, the files of settings filling in what was not; tells what is wrong with either.
fn parse() -> Result<Args, Outcome> {
    let program = Config::read().and_then(|config| config.apply(program()));
    let program = program.map_err(|error| ui::tell(&error, &settings::Messages::default()))?;
    program.try_get_matches().and_then(|matches| Args::from_arg_matches(&matches)).map_err(|error| {
        // There is nobody to tell when even stderr is closed.
        if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            let _ = io::stderr().write_all(b"onrecord: ");
        }
        let _ = error.print();
        if error.use_stderr() { Outcome::Failed } else { Outcome::Done }
    })
}

/// Returns the program's arguments. What `-h` shows fits a screen; examples and exit codes stand in `--help`.
fn program() -> clap::Command {
    let mut program = Args::command();
    let names: Vec<String> = program.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        program = program.mut_subcommand(name, |command| {
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            command
                .after_help("`--help` says more, with examples.")
                .after_long_help(format!("{examples}\n\n{EXIT_CODES}"))
        });
    }
    program
}

fn dispatch(command: Command, settings: &Settings) -> Result<Outcome> {
    match command {
        Command::Index(args) => index::run(args, settings),
        Command::Search(args) => search::run(args, settings),
        Command::First(args) => first::run(&args, settings),
        Command::Quotes(args) => quotes::run(args, settings),
        Command::Speakers(args) => speakers::run(*args, settings),
        Command::Entities(args) => entities::run(*args, settings),
        Command::Show(args) => show::run(&args, settings),
        Command::Copies(args) => copies::run(&args, settings),
        Command::Extract(args) => extract::run(&args, settings),
        Command::Log(args) => log::run(&args, settings),
        Command::Stats(args) => stats::run(&args, settings),
        Command::Check(args) => check::run(&args, settings),
        Command::Optimize(args) => optimize::run(&args, settings),
        Command::Completions(args) => completions::run(&args, settings),
        Command::Man(args) => man::run(&args, program(), settings),
        Command::Config(args) => configured::run(&args, settings),
        Command::Schema(args) => schema::run(&args, settings),
        Command::Help(args) => help::run(&args, program(), settings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        for command in Args::command().get_subcommands() {
            let shown = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(shown.contains("onrecord "), "`{}` shows no example", command.get_name());
        }
    }
}
