//! Archives of the web: WARC (ISO 28500) and the older ARC, with an article for each page in them. Streamed: no more
//! than one page is held, however large the archive.
//!
//! Pages are responses, resources and conversions that are HTML or plain text and were found (a status of 2xx).
//! Requests, revisits, redirects, images and scripts are no articles and are passed over. The day of the crawl is
//! the date of an article only where neither the page nor its address gives one.

use std::io::{self, BufRead, Read};

use super::html::{self, PAGE_LIMIT};
use super::http::{self, Answer};
use super::{Each, Head, Input, Source, charset, date, text};
use crate::article::Article;
use crate::problem::{Problem, Reason};

/// The longest header of a record, in bytes.
const HEADER_LIMIT: usize = 1 << 20;
/// The most that a packed page may take, in bytes; longer records are told and passed over.
const BLOCK_LIMIT: u64 = PAGE_LIMIT as u64 + (1 << 20);
/// What records say is a page.
const PAGES: &[&str] = &["text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"];

/// Texts that sites keep for machines.
const NOTES: &[&str] = &["/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt", "/security.txt", "/llms.txt"];

/// Returns whether a file is a WARC.
pub fn is_warc(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"WARC/")
}

/// Returns whether a file is an ARC.
pub fn is_arc(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"filedesc://")
}

/// Reads the pages of a WARC.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut records = Records { input, line: 1, number: 0 };
    loop {
        let line = records.line;
        let Some(header) = records.header(source, each)? else { return Ok(()) };
        records.number += 1;
        let said = |name: &str| header.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let Some(length) = said("content-length").and_then(|length| length.parse::<u64>().ok()) else {
            let detail = format!("record {} has no length; searched for the next one", records.number);
            each(Err(source.problem(Some(line), Reason::Malformed, detail)));
            continue;
        };
        let url = said("warc-target-uri").map(|url| url.trim_start_matches('<').trim_end_matches('>'));
        let kind = said("content-type").unwrap_or_default();
        let record = Record { line, url, kind, day: said("warc-date"), number: records.number };
        let is_page = match said("warc-type").unwrap_or_default() {
            // A later segment is the middle of a page.
            "response" => said("warc-segment-number").is_none_or(|number| number == "1"),
            "resource" | "conversion" => PAGES.contains(&bare(kind)) || bare(kind) == "text/plain",
            _ => false,
        };
        if !records.block(length, is_page, &record, source, each)? {
            return Ok(());
        }
    }
}

/// Reads the pages of an ARC: a line of address, place, time, kind and length before each.
pub fn read_arc(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut records = Records { input, line: 1, number: 0 };
    loop {
        let line = records.line;
        let Some(head) = records.text_line(HEADER_LIMIT)? else { return Ok(()) };
        if head.is_empty() {
            continue;
        }
        let fields: Vec<&str> = head.split(' ').collect();
        let length = fields.last().and_then(|length| length.parse::<u64>().ok()).filter(|_| fields.len() >= 5);
        let (Some(length), [url, _, day, kind, ..]) = (length, &fields[..]) else {
            let detail = "is no line that starts a page; the rest was not read";
            each(Err(source.problem(Some(line), Reason::Malformed, detail)));
            return Ok(());
        };
        records.number += 1;
        let record = Record { line, url: Some(url), kind, day: Some(day), number: records.number };
        if !records.block(length, url.starts_with("http"), &record, source, each)? {
            return Ok(());
        }
    }
}

/// Returns a kind without what follows it: `text/html`.
fn bare(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

/// What is known of a record before its block.
struct Record<'a> {
    line: u32,
    number: u32,
    url: Option<&'a str>,
    kind: &'a str,
    /// When it was fetched: `2024-09-19T10:00:00Z`, in an ARC `20240919100000`.
    day: Option<&'a str>,
}

/// A stream of records, and how far it was read.
struct Records<'a> {
    input: &'a mut dyn Input,
    line: u32,
    number: u32,
}

impl Records<'_> {
    /// Returns the next line without its end; nothing at the end of the file. A line over the limit is cut there.
    fn text_line(&mut self, limit: usize) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if Read::take(&mut *self.input, limit as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.line += u32::from(line.ends_with(b"\n"));
        Ok(Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()))
    }

    /// Returns the fields of the next record, their names in lower case; what lies before it is told once.
    fn header(&mut self, source: Source<'_>, each: Each<'_>) -> io::Result<Option<Vec<(String, String)>>> {
        let mut lost = false;
        loop {
            let at = self.line;
            let Some(line) = self.text_line(HEADER_LIMIT)? else { return Ok(None) };
            if line.starts_with("WARC/") {
                break;
            }
            if !line.is_empty() && !lost {
                let detail = "is no start of a WARC record; searched for the next one";
                each(Err(source.problem(Some(at), Reason::Malformed, detail)));
                lost = true;
            }
        }
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut size = 0;
        while let Some(line) = self.text_line(HEADER_LIMIT)?.filter(|line| !line.is_empty()) {
            size += line.len();
            match line.split_once(':') {
                Some((name, value)) if !line.starts_with([' ', '\t']) && size < HEADER_LIMIT => {
                    fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                _ => {}
            }
        }
        Ok(Some(fields))
    }

    /// Reads or passes over the block of a record, and gives its article. Returns whether the file goes on.
    fn block(
        &mut self,
        length: u64,
        is_page: bool,
        record: &Record<'_>,
        source: Source<'_>,
        each: Each<'_>,
    ) -> io::Result<bool> {
        let held = is_page && length <= BLOCK_LIMIT;
        let mut block = Vec::new();
        let mut taken = 0;
        // In pieces, so that a length that lies about its block asks for no memory.
        while taken < length {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                let detail = format!("ends in the middle of record {}; what came before was read", record.number);
                each(Err(source.problem(Some(record.line), Reason::Malformed, detail)));
                return Ok(false);
            }
            let size = buffer.len().min(usize::try_from(length - taken).unwrap_or(usize::MAX));
            self.line += memchr::memchr_iter(b'\n', &buffer[..size]).count() as u32;
            if held {
                block.extend_from_slice(&buffer[..size]);
            }
            self.input.consume(size);
            taken += size as u64;
        }
        if is_page && !held {
            let detail = format!("{}is over {} MB, the limit for one page", named(record), PAGE_LIMIT >> 20);
            each(Err(source.problem(Some(record.line), Reason::TooLarge, detail)));
        } else if held && let Some(found) = article(block, record, source) {
            each(found);
        }
        Ok(true)
    }
}

/// Returns which record a problem is about: ``record 3, `https://…`, ``.
fn named(record: &Record<'_>) -> String {
    let url = record.url.map(|url| format!(", `{url}`,")).unwrap_or_default();
    format!("record {}{url} ", record.number)
}

/// Returns the article on a page; nothing for what is no page.
fn article(block: Vec<u8>, record: &Record<'_>, source: Source<'_>) -> Option<Result<Article, Problem>> {
    let wrong = |reason, detail: String| source.problem(Some(record.line), reason, named(record) + &detail);
    let answer = match http::parse(&block) {
        Ok(Some(answer)) => answer,
        Ok(None) if bare(record.kind).starts_with("application/http") => return None,
        Ok(None) => {
            let (kind, charset) = http::kind_and_charset(record.kind);
            Answer { status: 200, kind, charset, body: block }
        }
        Err(detail) => return Some(Err(wrong(Reason::Malformed, detail))),
    };
    let is_note = record.url.is_some_and(|url| NOTES.iter().any(|name| url.ends_with(name)));
    if !(200..300).contains(&answer.status) || answer.body.is_empty() || is_note {
        return None;
    }
    if answer.body.len() > PAGE_LIMIT {
        return Some(Err(wrong(Reason::TooLarge, format!("is over {} MB, the limit for one page", PAGE_LIMIT >> 20))));
    }
    let unsaid = answer.kind.is_empty() && Head::new(&answer.body, "").starts_with("<!doctype html");
    let declared = answer.charset.as_deref();
    let found = if PAGES.contains(&answer.kind.as_str()) || unsaid {
        html::article(answer.body, declared, record.url, source).map_err(|problem| match problem.reason {
            Reason::NoText => Problem { reason: Reason::BarePage, ..problem },
            _ => problem,
        })
    } else if answer.kind == "text/plain" {
        text::article(charset::decode(answer.body, declared).text, source)
    } else {
        return None;
    };
    Some(found.map(|found| dated(found, record, source)).map_err(|problem| wrong(problem.reason, problem.detail)))
}

/// Returns an article with what its record says.
fn dated(mut article: Article, record: &Record<'_>, source: Source<'_>) -> Article {
    article.id = format!("{}#{}", source.id, record.number);
    (article.record, article.line) = (Some(record.number), record.line);
    let meta = &mut article.meta;
    meta.url = meta.url.take().or_else(|| record.url.map(str::to_owned));
    if meta.date.is_none() && meta.date_raw.is_none() {
        let day = record.day.unwrap_or_default();
        meta.date = date::parse(day).or_else(|| date::parse(day.get(..8)?));
        meta.date_raw = record.day.map(str::to_owned);
    }
    article
}
