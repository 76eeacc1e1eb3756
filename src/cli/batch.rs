//! `onrecord search --batch`: one query a line, each with its own answer or its own error.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::settings::Settings;
use super::ui;
use crate::identify::Archive;
use crate::render::HitRows;
use crate::render::trec::Run;
use crate::search::{self as verb, Page};

/// Answers every line of the file; a line that cannot be answered is told and the others are answered.
pub fn run(file: &Path, format: Option<&str>, index: &Archive, page: &Page, settings: &Settings) -> Result<Outcome> {
    if !matches!(format, None | Some("trec")) {
        bail!("`--batch` writes `--format trec` and nothing else");
    }
    let name = if file == Path::new("-") { "stdin".to_owned() } else { file.display().to_string() };
    let mut out = ui::stdout();
    let (mut found, mut failed) = (0, false);
    for (number, line) in open(file)?.split(b'\n').enumerate() {
        let line = line.with_context(|| name.clone())?;
        match answer(&line, index, page, &mut out)? {
            Ok(count) => found += count,
            Err(reason) => {
                failed = true;
                settings.messages.error(&format!("{name}:{}: {reason}", number + 1));
            }
        }
    }
    out.flush()?;
    Ok(if failed { Outcome::Failed } else { Outcome::found(found) })
}

/// Answers one line, or says why it cannot be; fails only where nothing more can be written or read.
fn answer(line: &[u8], index: &Archive, page: &Page, out: &mut dyn Write) -> Result<Result<u64, String>> {
    let Ok(line) = str::from_utf8(line) else {
        return Ok(Err("is not UTF-8".to_owned()));
    };
    let line = line.trim_start_matches('\u{FEFF}').trim_end();
    if line.is_empty() {
        return Ok(Ok(0));
    }
    let Some((id, query)) = line.split_once('\t') else {
        return Ok(Err("no tab between the id and the query".to_owned()));
    };
    match verb::articles(index, query, page) {
        Ok(hits) => {
            Run::new(id, out).part(&hits)?;
            Ok(Ok(hits.hits.len() as u64))
        }
        Err(error @ verb::Error::Query(_)) => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn open(file: &Path) -> Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    Ok(Box::new(BufReader::new(opened)))
}
