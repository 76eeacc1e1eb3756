//! `onrecord search --batch`: one query a line, each with its own answer or its own error.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Error, Result};

use super::Outcome;
use super::listing::Form;
use super::search::{Args, Reader, rows, write};
use super::settings::Settings;
use crate::engine::Error as EngineError;
use crate::render::{BatchQuery, HitRows, Sheet, Style};
use crate::search as verb;

/// The longest line: a query is typed by hand.
const LONGEST: u64 = 1 << 20;

/// Answers every line of the file; a line that cannot be answered is told and the others are answered.
pub fn run(file: &Path, args: &Args, reader: &Reader<'_>, settings: &Settings) -> Result<Outcome> {
    let name = if file == Path::new("-") { "stdin".to_owned() } else { file.display().to_string() };
    let mut lines = open(file)?;
    let form = args.listing.form(settings.messages.quiet)?;
    let mut out = settings.stdout();
    let (mut found, mut failed) = (0, false);
    let mut counts = Counts::default();
    let style = Style { scores: args.score, ..settings.style };
    let mut list = match form {
        Form::Silent | Form::Count => None,
        Form::List(shape) => Some(rows(shape, Sheet { style, title: &name, batch: true }, &mut out)?),
    };
    for number in 1.. {
        let Some(line) = next_line(&mut *lines).with_context(|| name.clone())? else { break };
        let answered = match query_of(&line, number) {
            Ok(None) => continue,
            Ok(Some(query)) => answer(&query, reader, list.as_deref_mut(), &mut counts),
            Err(reason) => Err(Error::msg(reason)),
        };
        match answered {
            Ok(count) => found += count,
            Err(error) => {
                let reason = of_this_query(error)?;
                failed = true;
                settings.messages.error(&format!("{name}:{number}: {reason}"));
            }
        }
    }
    if let Some(rows) = &mut list {
        rows.close()?;
    }
    drop(list);
    if matches!(form, Form::Count) {
        out.write_all(counts.written.as_bytes())?;
    }
    out.flush()?;
    Ok(if failed { Outcome::Failed } else { Outcome::found(found) })
}

/// What `-c` writes: a line `id<TAB>number` a query.
#[derive(Default)]
struct Counts {
    written: String,
}

/// Answers one query and returns how many articles there are in the answer.
fn answer(
    query: &Line,
    reader: &Reader<'_>,
    rows: Option<&mut (dyn HitRows + '_)>,
    counts: &mut Counts,
) -> Result<u64> {
    let Some(rows) = rows else {
        let total = verb::articles(reader.index, &query.words, &reader.page)?.total;
        counts.written.push_str(&format!("{}\t{total}\n", query.id));
        return Ok(total);
    };
    let (id, words) = (query.id.as_str(), query.words.as_str());
    // A query that complains has no answer to begin.
    verb::spellings(reader.index, words)?;
    rows.begin(&BatchQuery { id, words })?;
    write(reader, words, true, rows, &mut |_| ())
}

/// Returns what is wrong with one query.
///
/// # Errors
/// When nothing more can be read or written.
fn of_this_query(error: Error) -> Result<String> {
    match error.downcast_ref() {
        Some(verb::Error::Query(_) | verb::Error::Engine(EngineError::Refused(_) | EngineError::Unsupported(_))) => {
            Ok(error.to_string())
        }
        Some(_) => Err(error),
        None if error.downcast_ref::<io::Error>().is_some() => Err(error),
        None => Ok(error.to_string()),
    }
}

/// One query of the file.
struct Line {
    id: String,
    words: String,
}

/// Returns the query of a line, `id<TAB>query` or the query alone, whose id is the line's number; nothing for an empty
/// one.
fn query_of(line: &[u8], number: u64) -> Result<Option<Line>, &'static str> {
    if line.len() as u64 > LONGEST {
        return Err("is longer than a query may be");
    }
    let Ok(line) = str::from_utf8(line) else {
        return Err("is not UTF-8");
    };
    let line = line.trim_start_matches('\u{FEFF}').trim_end();
    if line.is_empty() {
        return Ok(None);
    }
    let numbered = number.to_string();
    let (id, words) = line.split_once('\t').unwrap_or((&numbered, line));
    Ok(Some(Line { id: id.trim().to_owned(), words: words.to_owned() }))
}

/// Returns the next line, of one that is too long only the start; nothing at the end of the file.
fn next_line(lines: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = io::Read::take(&mut *lines, LONGEST + 1).read_until(b'\n', &mut line)?;
    if read as u64 > LONGEST && !line.ends_with(b"\n") {
        lines.skip_until(b'\n')?;
    }
    Ok((read > 0).then_some(line))
}

fn open(file: &Path) -> Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    Ok(Box::new(BufReader::new(opened)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_queries() {
        let check = |line: &[u8], expected: Result<Option<(&str, &str)>, &str>| {
            let read = query_of(line, 7);
            let read = read.as_ref().map(|line| line.as_ref().map(|line| (line.id.as_str(), line.words.as_str())));
            assert_eq!(read.map_err(|reason| *reason), expected, "{line:?}");
        };
        check(b"a1\tceasefire gaza\r\n", Ok(Some(("a1", "ceasefire gaza"))));
        check(b"\xEF\xBB\xBFceasefire gaza\n", Ok(Some(("7", "ceasefire gaza"))));
        check(b"  \n", Ok(None));
        check(b"\xFF\n", Err("is not UTF-8"));
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let long = [b"a".repeat(LONGEST as usize + 500), b"\nnext".to_vec()].concat();
        let mut lines: &[u8] = &long;
        assert!(next_line(&mut lines).unwrap().is_some_and(|line| query_of(&line, 1).is_err()));
        assert_eq!(next_line(&mut lines).unwrap().as_deref(), Some(&b"next"[..]));
        assert_eq!(next_line(&mut lines).unwrap(), None);
    }
}
