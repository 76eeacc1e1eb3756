//! `onrecord extract`: what is found in articles, as JSON Lines, no index involved.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::article::Article;
use crate::extract as verb;
use crate::layers::{Evidence, Layers};
use crate::problem::Problem;
use crate::render::{json, text};

const EXAMPLES: &str = "\
Examples:
  onrecord extract corpus/talks.txt               one line for the article
  onrecord extract ~/news > annotations.jsonl     one line an article
  onrecord extract --explain corpus/talks.txt     why each quote has its speaker, to read
  onrecord extract - < articles.jsonl             lines {\"id\", \"text\"} or {\"id\", \"headline\", \"body\"}";

/// Write what is found in articles as JSON Lines, no index involved
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders, or `-` for JSON Lines on stdin
    #[arg(value_name = "PATH", default_value = "corpus")]
    paths: Vec<PathBuf>,
    /// Say for each quote why it has its speaker: rule, mention, cue, who else it could have been, roles
    #[arg(long)]
    explain: bool,
    /// One object a line, as without --explain
    #[arg(long)]
    json: bool,
    /// Which field of JSON and CSV records is what, where the guess is wrong (repeatable)
    #[arg(long, value_name = "PART=FIELD")]
    map: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let mut out = settings.stdout();
    let mut trouble: io::Result<()> = Ok(());
    let (mut articles, mut problems) = (0, 0);
    let mut each = |article: Article, layers: Layers, evidence: Vec<Evidence>| {
        articles += 1;
        trouble = match args.explain && !args.json {
            true => text::evidence::write(&article, &layers, &evidence, settings.style, &mut out),
            false => json::article(&article, &layers, &evidence, &mut out),
        };
        if trouble.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut problem = |problem: Problem| {
        problems += 1;
        settings.messages.warn(&problem.to_string());
    };
    if args.paths == [Path::new("-")] {
        verb::lines(io::stdin().lock(), args.explain, &mut each, &mut problem)?;
    } else {
        verb::files(&args.paths, &super::index::field_map(&args.map)?, args.explain, &mut each, &mut problem)?;
    }
    trouble?;
    out.flush()?;
    Ok(if problems > 0 { Outcome::Skipped } else { Outcome::found(articles) })
}
