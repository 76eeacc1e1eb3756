//! `onrecord copies`: the other places where an article was printed, and what each changed.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::settings::Settings;
use crate::render::text::counted;
use crate::render::{json, text};
use crate::search as verb;

const EXAMPLES: &str = "\
Examples:
  onrecord copies corpus/talks.txt            every copy of an article, the earliest first
  onrecord copies --diff wire.jsonl#12        and what each outlet cut, added and worded otherwise
  onrecord copies --diff --json talks         the same, one object a line
In a diff, `-` is a sentence that was cut, `+` one that was added, `~` one in other words: [-theirs-] {+its own+}.";

/// List the copies of an article, and what each outlet changed
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Id, path or path#record
    id: String,
    /// Show what each cut, added, worded and attributed otherwise than the earliest
    #[arg(long)]
    diff: bool,
    /// One object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let index = verb::open(&settings.index, None)?;
    let stories = verb::copies(&index, &args.id)?;
    if stories.len() > 1 {
        settings.messages.warn(&format!("`{}` is the id of {}", args.id, counted(stories.len() as u64, "article")));
        settings.messages.hint("a path names one of them");
    }
    let mut out = settings.stdout();
    for (number, story) in stories.iter().enumerate() {
        if args.json {
            json::story(story, args.diff, &mut out)?;
        } else {
            if number > 0 {
                writeln!(out)?;
            }
            text::copies::write(story, args.diff, settings.style, &mut out)?;
        }
    }
    out.flush()?;
    if stories.is_empty() {
        settings.messages.note(&format!("no article `{}`", args.id));
    }
    Ok(Outcome::found(stories.len() as u64))
}
