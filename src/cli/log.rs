//! `onrecord log`: what is not in the index, and why.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::listing::Table;
use super::settings::Settings;
use crate::engine::tantivy::Index;
use crate::problem::Problem;
use crate::render::{Output, WriteSkipped};
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
    #[command(flatten)]
    table: Table,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let base = walk::here();
    let mut skipped = Index::open(&settings.index)?.skipped()?;
    for problem in &mut skipped {
        *problem = seen_from(&base, problem);
    }
    let mut out = settings.stdout();
    let rows = args.table.wanted(&skipped, usize::MAX);
    if args.table.is_count() {
        writeln!(out, "{}", skipped.len())?;
    } else {
        let of = |output: &'static Output| output.skipped;
        let write = |write: WriteSkipped, out: &mut dyn Write| write(rows, settings.style, out);
        args.table.writing().write(rows, settings.style, "what was skipped", of, write, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::found(skipped.len() as u64))
}

fn seen_from(base: &str, problem: &Problem) -> Problem {
    let path = walk::relative(&problem.path, base).to_owned();
    let detail = problem.detail.replace(&format!(" {base}/"), " ");
    Problem { path, detail, ..problem.clone() }
}
