//! The newswire SGML of Reuters-21578: many stories a file, no root, control characters written as `&#3;`.
//!
//! It is no XML and no crate reads it; a story is found by its tags and read by itself, so a file of any size streams.

use std::io;

use super::draft::{Draft, too_large};
use super::{ARTICLE_LIMIT, Each, Head, Input, Source, charset, date, xml};
use crate::article::Meta;

/// Returns whether a file is such a file.
pub fn sniff(head: &Head<'_>) -> bool {
    head.starts_with("<!DOCTYPE lewis") || head.starts_with("<REUTERS")
}

/// Reads the stories of a file.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut story: Vec<u8> = Vec::new();
    let (mut line, mut started, mut number) = (0, 0, 0);
    let mut inside = false;
    loop {
        let before = story.len();
        if input.read_until(b'\n', &mut story)? == 0 {
            break;
        }
        line += 1;
        if story[before..].starts_with(b"<REUTERS") {
            story.drain(..before);
            (inside, started) = (true, line);
        } else if !inside {
            story.clear();
        }
        let ended = inside && memchr::memmem::find(&story[before.min(story.len())..], b"</REUTERS>").is_some();
        if inside && story.len() > ARTICLE_LIMIT {
            each(Err(too_large(source, Some(started))));
            (inside, number) = (false, number + 1);
        } else if ended {
            number += 1;
            let text = charset::decode(std::mem::take(&mut story), None).text;
            each(draft(&text, number, started).article(source));
            inside = false;
        }
    }
    if inside {
        let detail = "ends in the middle of a story; the ones before it were read";
        each(Err(source.problem(Some(started), crate::problem::Reason::Malformed, detail)));
    }
    Ok(())
}

fn draft(story: &str, number: u32, line: u32) -> Draft {
    let text = between(story, "<TEXT", "</TEXT>").unwrap_or_default();
    let text = text.split_once('>').map_or("", |(_, text)| text);
    let date_raw = between(story, "<DATE>", "</DATE>").map(clean).map(|words| words.trim().to_owned());
    let title = between(text, "<TITLE>", "</TITLE>").map(|words| xml::squeezed(&clean(words)));
    let body = between(text, "<BODY>", "</BODY>").map(clean);
    let mut headline = title;
    let body = body.unwrap_or_else(|| {
        // A brief has words behind its title at most; a story that was not processed has no tags at all.
        let bare = clean(text.rsplit_once("</TITLE>").map_or(text, |(_, rest)| rest));
        if headline.is_some() {
            return bare;
        }
        let (first, rest) = bare.trim_start().split_once('\n').unwrap_or((bare.trim(), ""));
        headline = Some(xml::squeezed(first));
        rest.to_owned()
    });
    let body = xml::dedented(&body);
    let body = body.strip_suffix("Reuter").or_else(|| body.strip_suffix("REUTER")).unwrap_or(&body).trim_end();
    let section = between(story, "<TOPICS>", "</TOPICS>")
        .map(|topics| topics.replace("</D>", " ").replace("<D>", "").split_whitespace().collect::<Vec<_>>().join(", "));
    let dateline = between(text, "<DATELINE>", "</DATELINE>").map(clean);
    let byline = between(text, "<AUTHOR>", "</AUTHOR>").map(|words| xml::squeezed(&clean(words)));
    Draft {
        id: between(story, "NEWID=\"", "\"").map(str::to_owned),
        record: Some(number),
        line,
        headline,
        dek: None,
        body: body.to_owned(),
        meta: Meta {
            byline: byline.map(|words| {
                words.trim_start_matches("By ").trim_start_matches("by ").trim_end_matches([',', ' ']).to_owned()
            }),
            dateline: dateline.map(|words| words.trim().trim_end_matches('-').trim().to_owned()),
            outlet: Some("Reuters".to_owned()),
            section: section.filter(|words| !words.is_empty()),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
            ..Meta::default()
        },
    }
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let from = text.find(start)? + start.len();
    let length = text[from..].find(end)?;
    Some(&text[from..from + length])
}

/// Returns words with their entities resolved and without control characters.
fn clean(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end < 8).map(|end| &rest[1..end]);
        let resolved = entity.and_then(|entity| match entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            _ => entity.strip_prefix('#').and_then(|number| number.parse().ok()).and_then(char::from_u32),
        });
        match (entity, resolved) {
            (Some(entity), Some(letter)) => {
                out.extend(Some(letter).filter(|letter| !letter.is_control()));
                rest = &rest[entity.len() + 2..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
