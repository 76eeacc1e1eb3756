//! JSON Lines: one article a line. A broken line is reported and the rest goes in.

use std::io::{self, BufRead, Read};

use super::{ARTICLE_LIMIT, Each, Head, Input, Source, json};
use crate::problem::Reason;

/// Returns whether each of the first lines is an object of its own.
pub fn sniff(head: &Head<'_>) -> bool {
    if !head.starts_with("{\"") || head.has_extension(&["json"]) {
        return false;
    }
    let mut lines = head.start.split(|byte| *byte == b'\n');
    lines.next().is_some_and(|line| line.trim_ascii_end().ends_with(b"}"))
}

/// Reads a file of JSON Lines.
pub fn read_file(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    read(input, source, each)
}

/// Reads JSON Lines from anywhere.
pub fn read(mut input: &mut (impl BufRead + ?Sized), source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    let mut records = 0;
    while let Some(complete) = next_line(&mut input, &mut line)? {
        number += 1;
        if !complete {
            let detail = format!("is a line of over {} MB, the limit for one article", ARTICLE_LIMIT >> 20);
            each(Err(source.problem(Some(number), Reason::TooLarge, detail)));
            continue;
        }
        let bytes = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        match std::str::from_utf8(bytes) {
            Ok(words) if words.trim().is_empty() => {}
            Ok(words) => {
                records += 1;
                each(json::article_from_line(words, source, records, number));
            }
            Err(error) => {
                records += 1;
                let detail = format!("is not UTF-8 (byte {} of the line)", error.valid_up_to());
                each(Err(source.problem(Some(number), Reason::InvalidUtf8, detail)));
            }
        }
    }
    if number == 0 {
        each(Err(source.problem(None, Reason::Empty, "is empty")));
    }
    Ok(())
}

/// Reads the next line without its end; says whether all of it fitted the limit. Nothing at the end of the file.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let limit = ARTICLE_LIMIT as u64 + 1;
    if Read::take(&mut *input, limit).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    let ended = line.last() == Some(&b'\n');
    if ended || (line.len() as u64) < limit {
        line.truncate(line.len() - usize::from(ended));
        return Ok(Some(true));
    }
    line.clear();
    skip_line(input)?;
    Ok(Some(false))
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (used, found) = match memchr::memchr(b'\n', buffer) {
            Some(place) => (place + 1, true),
            None => (buffer.len(), false),
        };
        input.consume(used);
        if found {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_reported_and_the_rest_goes_in() {
        let mut bytes =
            b"\xef\xbb\xbf{\"headline\": \"One\"}\n\n{\"headline\": \n{\"headline\": \"Two \xff\"}\n".to_vec();
        bytes.extend(vec![b'x'; ARTICLE_LIMIT + 5]);
        bytes.extend(b"\n{\"headline\": \"Last\"}");
        let mut found = Vec::new();
        let source = Source::new("wire.jsonl", "wire", 0);
        read(&mut &bytes[..], source, &mut |article| {
            found.push(
                article.map(|article| (article.id, article.line, article.text)).map_err(|problem| problem.to_string()),
            );
        })
        .expect("no disk");
        let expected = [
            Ok(("wire#1".to_owned(), 1, "One".to_owned())),
            Err("wire.jsonl:3: is not valid JSON (column 13: EOF while parsing a value)".to_owned()),
            Err("wire.jsonl:4: is not UTF-8 (byte 18 of the line)".to_owned()),
            Err("wire.jsonl:5: is a line of over 32 MB, the limit for one article".to_owned()),
            Ok(("wire#4".to_owned(), 6, "Last".to_owned())),
        ];
        assert_eq!(found, expected);
    }
}
