//! `onrecord config`: what is settled for every run, and where it is settled.

use std::env;
use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::config::{Config, KEYS, Key, Origin};
use super::settings::Settings;
use crate::render::toml::quoted;

const EXAMPLES: &str = "\
Examples:
  onrecord config                          what holds, as a file of settings
  onrecord config --show-origin            and where each value comes from
  ONRECORD_PROFILE=work onrecord config    with what [profile.work] says

A flag stands above the environment (ONRECORD_INDEX, ONRECORD_PAGER), that above the project's file
(.onrecord/config.toml, here or in a folder above), that above yours ($XDG_CONFIG_HOME/onrecord/config.toml,
or the file that ONRECORD_CONFIG names).";

/// Say what is settled for every run, and where
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Say where each value comes from
    #[arg(long)]
    show_origin: bool,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let config = Config::read()?;
    let mut out = settings.stdout();
    let mut table = None;
    for (number, key) in KEYS.iter().enumerate() {
        if key.table != table {
            table = key.table;
            writeln!(out, "\n[{}]", table.unwrap_or_default())?;
        }
        let (value, origin) = match (variable(key), config.of(number)) {
            (Some((name, value)), _) => (Some(value), format!("environment {name}")),
            (None, Some((value, origin))) => (Some(value.to_owned()), told(origin)),
            (None, None) => (None, "default".to_owned()),
        };
        let line = match &value {
            Some(value) => format!("{} = {}", key.name, literal(value)),
            None => format!("# {} = {}", key.name, key.usual),
        };
        if args.show_origin {
            writeln!(out, "{line:<24}  # {origin}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Returns the variable of the environment that settles a key, and what it says.
fn variable(key: &Key) -> Option<(&'static str, String)> {
    let name = key.variable?;
    env::var(name).ok().map(|value| (name, value))
}

fn told(origin: &Origin) -> String {
    match origin {
        Origin::User(..) => format!("user {}", origin.place()),
        Origin::Project(..) => format!("project {}", origin.place()),
        Origin::Folder(_) => format!("project {}", origin.place()),
    }
}

/// Returns a value as TOML writes it.
fn literal(value: &str) -> String {
    if value.parse::<u64>().is_ok() { value.to_owned() } else { quoted(value) }
}
