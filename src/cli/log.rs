//! `onrecord log`: what is not in the index, and why.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::engine::tantivy::Index;
use crate::problem::Problem;
use crate::render::{csv, json, text};
use crate::walk;

const EXAMPLES: &str = "\
Examples:
  onrecord log --skipped               every file, record and folder that was left out, and why
  onrecord log --skipped --csv > skipped.csv";

/// Say what was left out of the index, and why
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// List what was skipped (what `log` lists in any case)
    #[arg(long)]
    skipped: bool,
    /// One object a line
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// One row a line, for a spreadsheet
    #[arg(long)]
    csv: bool,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let base = walk::here();
    let mut skipped = Index::open(&settings.index)?.skipped()?;
    for problem in &mut skipped {
        *problem = seen_from(&base, problem);
    }
    let mut out = settings.stdout();
    if args.json {
        skipped.iter().try_for_each(|problem| json::skipped(problem, &mut out))?;
    } else if args.csv {
        csv::skipped(&skipped, settings.style, &mut out)?;
    } else {
        text::skipped(&skipped, settings.style, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::found(skipped.len() as u64))
}

fn seen_from(base: &str, problem: &Problem) -> Problem {
    let path = walk::relative(&problem.path, base).to_owned();
    let detail = problem.detail.replace(&format!(" {base}/"), " ");
    Problem { path, detail, ..problem.clone() }
}
