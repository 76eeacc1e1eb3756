//! `onrecord first`: where something appears for the first time.

use std::io::Write;

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;

use super::listing::Writing;
use super::search::rows;
use super::settings::Settings;
use super::{Outcome, complete};
use crate::plan::Sort;
use crate::render::Sheet;
use crate::render::text::counted;
use crate::search::{self as verb, Page};

/// Characters of a snippet, as far as whole sentences allow.
const SNIPPET_WIDTH: usize = 240;

const EXAMPLES: &str = "\
Examples:
  onrecord first '\"maritime boundary\"'      the earliest article with the phrase
  onrecord first said(ceasefire)            where the word was first said in a quote
`onrecord help query` explains the query language.";

/// Find where something appears first: the earliest dated article that has all of it
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Words, \"phrases\", field:words
    #[arg(required = true, add = ArgValueCompleter::new(complete::query))]
    query: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

/// Runs the command.
pub fn run(args: &Args, settings: &Settings) -> Result<Outcome> {
    let index = verb::open(&settings.index, settings.identities.as_deref())?;
    let query = args.query.join(" ");
    let page = Page {
        offset: 0,
        limit: 1,
        sort: Sort::Oldest,
        partial: false,
        fold: None,
        snippets: 2,
        snippet_width: SNIPPET_WIDTH,
        context: false,
        fresh: false,
        reckoning: false,
    };
    let hits = verb::articles(&index, &query, &page)?;
    let Some(first) = hits.hits.first() else {
        settings.messages.note("nothing found");
        return Ok(Outcome::Nothing);
    };
    let mut out = settings.stdout();
    let sheet = Sheet { style: settings.style, title: &query, ..Sheet::default() };
    let mut rows = rows(args.writing.shape(b'\n'), sheet, &mut out)?;
    rows.part(&hits)?;
    // Text counts at its end, and there is only one.
    if args.writing.output().name != "text" {
        rows.end()?;
    }
    rows.close()?;
    drop(rows);
    out.flush()?;
    if first.record.meta.date.is_none() {
        settings.messages.note("none of them has a date, so the first is only the first by its path");
    } else {
        let undated = verb::articles(&index, &format!("({query}) date:none"), &page).map_or(0, |hits| hits.total);
        if undated > 0 {
            settings.messages.note(&format!("{} without a date may be earlier", counted(undated, "article")));
        }
    }
    Ok(Outcome::Done)
}
