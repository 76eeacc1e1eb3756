//! Mail: a message (RFC 5322, MIME) or a box of them. A newsletter with several stories gives an article for each.
//!
//! A reader searches for the story, not for the mail that carried it: each story has its own headline, date and
//! address, and the outlet is who sent the newsletter. A message with one story, or none that can be told apart, is one
//! article with the subject as its headline. Messages are parsed by mail-parser; the splitting is ours,
//! see [`super::stories`].

use std::io::{self, BufRead, Read};

use dom_query::Document;
use mail_parser::{Message, MessageParser, PartType};

use super::draft::Draft;
use super::markup::{self, Block};
use super::stories::{self, Story};
use super::{Each, Head, Input, Source, date, main_text, page_meta};
use crate::article::Meta;
use crate::problem::Reason;

/// The largest message, in bytes: attachments count.
const MESSAGE_LIMIT: usize = 64 << 20;
/// Headers that open messages; a file that starts with enough of them is one.
const SENDER: &[&str] = &["from", "sender", "return-path"];
const TIME: &[&str] = &["date", "received", "message-id", "delivered-to"];
const MATTER: &[&str] = &["subject", "to", "mime-version", "content-type", "list-id"];

/// Returns whether a file is a message.
pub fn is_message(head: &Head<'_>) -> bool {
    let mut seen = [false; 3];
    for line in head.start.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else { break };
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            break;
        }
        for (seen, names) in seen.iter_mut().zip([SENDER, TIME, MATTER]) {
            *seen |= names.contains(&name.as_str());
        }
    }
    seen == [true; 3]
}

/// Returns whether a file is a box of messages.
pub fn is_box(head: &Head<'_>) -> bool {
    let mut lines = head.bytes.splitn(3, |byte| *byte == b'\n');
    let first = lines.next().is_some_and(is_separator);
    first && lines.next().is_some_and(|line| line.starts_with(b">From ") || is_header(line))
}

/// Returns whether a line starts a message in a box: `From ada@example.org Thu Sep 19 16:05:00 2024`.
fn is_separator(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let year = line.split(|byte| *byte == b' ').any(|part| part.len() == 4 && part.iter().all(u8::is_ascii_digit));
    line.starts_with(b"From ") && year && line.contains(&b':')
}

fn is_header(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

/// Reads a file that is one message.
pub fn read_message(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(MESSAGE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        each(Err(source.problem(None, Reason::Empty, "is empty")));
        return Ok(());
    }
    give(&bytes, &mut Place { line: 1, number: 0, boxed: false }, source, each);
    Ok(())
}

/// Reads a box, message by message.
pub fn read_box(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut place = Place { line: 1, number: 0, boxed: true };
    let (mut message, mut line) = (Vec::new(), Vec::new());
    let (mut at, mut blank, mut open) = (0_u32, true, false);
    loop {
        line.clear();
        // A line over the limit is part of a message over the limit, so its pieces need no putting together.
        let size = Read::take(&mut *input, MESSAGE_LIMIT as u64).read_until(b'\n', &mut line)?;
        at += 1;
        let starts = blank && is_separator(&line);
        if (size == 0 || starts) && open {
            give(&message, &mut place, source, each);
            message.clear();
        }
        if size == 0 {
            return Ok(());
        }
        blank = line.trim_ascii().is_empty();
        if starts {
            (open, place.line) = (true, at);
        } else if message.len() <= MESSAGE_LIMIT {
            // A line of the text that looks like a separator was written with a `>` before it.
            let quotes = line.iter().take_while(|byte| **byte == b'>').count();
            let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
            message.extend_from_slice(&line[usize::from(quoted)..]);
        }
    }
}

/// Where a message stands.
struct Place {
    line: u32,
    /// How many articles came before.
    number: u32,
    /// Whether the file may hold more messages.
    boxed: bool,
}

/// Gives the articles in a message.
fn give(bytes: &[u8], place: &mut Place, source: Source<'_>, each: Each<'_>) {
    let line = Some(place.line);
    if bytes.len() > MESSAGE_LIMIT {
        let detail = format!("is over {} MB, the limit for one message", MESSAGE_LIMIT >> 20);
        place.number += 1;
        return each(Err(source.problem(line, Reason::TooLarge, detail)));
    }
    let Some(message) = MessageParser::default().parse(bytes) else {
        place.number += 1;
        return each(Err(source.problem(line, Reason::Malformed, "is no message: it has no headers")));
    };
    let drafts = drafts(&message);
    let many = place.boxed || drafts.len() > 1;
    for draft in drafts {
        place.number += 1;
        let record = many.then_some(place.number);
        each(Draft { record, line: place.line, ..draft }.article(source));
    }
}

/// Returns the articles in a message, at least one.
fn drafts(message: &Message<'_>) -> Vec<Draft> {
    let subject = message.subject().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
    let subject = subject.filter(|words| !words.is_empty());
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) if !markup::is_too_deep(html.as_bytes()) => Some(html.as_ref()),
        _ => None,
    });
    let plain = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(words) if !words.trim().is_empty() => Some(words.as_ref()),
        _ => None,
    });
    let meta = meta(message);
    let told = |found: Vec<Story>| {
        let found = found.into_iter().map(|story| {
            let date = story.date_raw.as_deref().and_then(date::parse);
            let headline = stories::as_cased(story.headline, subject.as_deref());
            let meta = Meta {
                date: date.or(meta.date),
                date_raw: story.date_raw.or_else(|| meta.date_raw.clone()),
                url: story.url,
                section: story.section,
                ..meta.clone()
            };
            Draft { headline: Some(headline), body: story.paragraphs.join("\n\n"), meta, ..Draft::default() }
        });
        found.collect::<Vec<_>>()
    };
    let blocks = html.map(|html| markup::blocks(&Document::from(html).root(), &|_| false)).unwrap_or_default();
    let from_page = stories::split(&blocks);
    if from_page.len() > 1 {
        return told(from_page);
    }
    let lines = plain.map(stories::blocks_of_text).unwrap_or_default();
    let from_text = stories::split(&lines);
    if from_text.len() > 1 {
        return told(from_text);
    }
    vec![Draft { headline: subject, body: one_body(html, blocks, lines), meta, ..Draft::default() }]
}

/// Returns the text of a message that is one article: of its page, unless that shows less than its plain text.
fn one_body(html: Option<&str>, blocks: Vec<Block>, lines: Vec<Block>) -> String {
    let joined = |blocks: Vec<Block>| {
        let blocks = blocks.into_iter().filter(|block| !stories::is_footer(&block.text));
        blocks.map(|block| block.text).collect::<Vec<_>>().join("\n\n")
    };
    let plain = joined(lines);
    let page = html.map(|html| {
        let document = Document::from(html);
        let said = page_meta::of(&document);
        main_text::of(document, &said).join("\n\n")
    });
    let page = page.filter(|page| !page.is_empty()).unwrap_or_else(|| joined(blocks));
    if page.len() * 2 > plain.len() { page } else { plain }
}

fn meta(message: &Message<'_>) -> Meta {
    let sender = message.from().and_then(|from| from.first());
    let name = sender.and_then(|sender| sender.name().or(sender.address()));
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    // Who writes to a list is an outlet, who writes a letter is a person.
    let listed = ["List-Id", "List-Unsubscribe", "List-Post", "Precedence"];
    let listed = listed.iter().any(|header| message.header_raw(*header).is_some());
    let date_raw = message.header_raw("Date").map(|raw| raw.split_whitespace().collect::<Vec<_>>().join(" "));
    let (byline, outlet) = if listed { (None, name) } else { (name, None) };
    let lang = message.header_raw("Content-Language").map(|raw| raw.trim().to_owned());
    Meta { byline, outlet, date: date_raw.as_deref().and_then(date::parse), date_raw, lang, ..Meta::default() }
}
