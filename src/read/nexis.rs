//! Exports of LexisNexis: the classic one ("1 of 10 DOCUMENTS" above each article, labels in capitals) and the one of
//! Nexis Uni ("Body" above and "End of Document" below the text). Text, HTML, RTF and DOCX have the same lines.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::draft::Draft;
use super::export::{Line, paragraphs, put};
use super::{Head, date};
use crate::article::Meta;

/// Labels above the text, in lower case.
const ABOVE: &[&str] = &[
    "byline",
    "section",
    "length",
    "dateline",
    "highlight",
    "headline",
    "body",
    "series",
    "column",
    "autor",
    "rubrik",
    "länge",
    "auteur",
    "rubrique",
    "longueur",
    "author",
    "title",
    "source",
    "edition",
];
/// Labels below the text, in lower case.
const BELOW: &[&str] = &[
    "load-date",
    "update",
    "language",
    "sprache",
    "langue",
    "graphic",
    "grafik",
    "publication-type",
    "journal-code",
    "subject",
    "organization",
    "company",
    "ticker",
    "person",
    "city",
    "state",
    "country",
    "geographic",
    "industry",
    "notes",
    "document-type",
    "type",
    "correction",
    "correction-date",
    "url",
    "photo",
    "photos",
    "acc-no",
    "name",
    "distribution",
    "classification",
    "copyright",
    "disclaimer",
    "correction appended",
];

/// Returns whether a file is an export of LexisNexis, as text or HTML.
pub fn sniff(head: &Head<'_>) -> bool {
    let plain = head.extension.is_empty() || head.has_extension(&["txt", "text", "html", "htm", "asc"]);
    plain && SIGNS.iter().any(|sign| sign.find(head.bytes).is_some()) && (is_classic(head) || is_uni(head))
}

/// Every export holds one of them; nearly every other text is told by that.
static SIGNS: LazyLock<[Finder<'_>; 3]> = LazyLock::new(|| [" DO", "Body", "Client/Matter:"].map(Finder::new));

fn is_classic(head: &Head<'_>) -> bool {
    let marked = head.holds(b" DOCUMENTS") || head.holds(b" DOKUMENTEN") || head.holds(b"1 of 1 DOCUMENT");
    marked
        && head.bytes.split(|byte| b"\n<>".contains(byte)).any(|line| {
            let line = String::from_utf8_lossy(line);
            is_marker(line.trim())
        })
}

fn is_uni(head: &Head<'_>) -> bool {
    let body = || [&b"\nBody\n"[..], b"\nBody\r\n", b">Body<"].iter().any(|words| head.holds(words));
    (body() && head.holds(b"Length:") && head.holds(b" words"))
        || (head.holds(b"Job Number:") && head.holds(b"Client/Matter:"))
}

/// Returns whether a line stands above an article: `3 of 10 DOCUMENTS`.
fn is_marker(line: &str) -> bool {
    let parts: Vec<&str> = line.split_ascii_whitespace().collect();
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[..], [first, of, last, what]
        if number(first) && number(last) && ["of", "von", "de", "sur"].contains(&of)
            && ["DOCUMENT", "DOCUMENTS", "DOKUMENT", "DOKUMENTEN"].contains(&what))
}

/// Returns the articles; nothing where the lines are no export of LexisNexis.
pub fn drafts(lines: &[Line]) -> Option<Vec<Draft>> {
    let mut parts = lines.split(|line| is_marker(&line.text));
    let cover = parts.next().unwrap_or_default().len();
    if cover < lines.len() {
        return Some(parts.map(classic).collect());
    }
    let ends = |line: &&Line| line.text == "End of Document";
    if !lines.iter().any(|line| ends(&line)) || !lines.iter().any(|line| is_body(&line.text)) {
        return None;
    }
    let parts = lines.split(|line| ends(&line)).filter(|part| part.iter().any(|line| is_body(&line.text)));
    Some(parts.enumerate().map(|(place, part)| uni(part, place == 0)).collect())
}

fn is_body(line: &str) -> bool {
    line == "Body"
}

/// Returns a label in lower case and what follows it, where it is one of those.
fn label<'l>(line: &'l str, known: &[&str]) -> Option<(String, &'l str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let small = name.to_lowercase();
    known.contains(&small.as_str()).then_some((small, value.trim()))
}

/// Returns whether a paragraph stands below the text.
fn ends_text(words: &str, shouted: bool) -> bool {
    let start: String = words.chars().take(10).flat_map(char::to_lowercase).collect();
    let rights = (start.starts_with("copyright ") || start.starts_with("© ")) && words.len() < 200;
    let named = label(words, BELOW).is_some_and(|(name, _)| !shouted || words.starts_with(&name.to_uppercase()));
    rights || named || words == "Classification" || words == "Graphic" || words == "Notes"
}

/// Reads an article of the classic export.
fn classic(lines: &[Line]) -> Draft {
    let parts = paragraphs(lines);
    let line = parts.first().map_or(1, |part| part.number);
    let is_day = |part: &Line| label(&part.text, ABOVE).is_none() && full_date(&part.text);
    let day = parts.iter().take(6).position(is_day);
    // The owner's rights may stand right above the name of the newspaper.
    let above = lines.iter().take(24).position(is_day);
    let mut names = lines[..above.unwrap_or(lines.len())].iter();
    let is_name = |line: &&Line| !line.text.is_empty() && !ends_text(&line.text, true);
    let outlet = if above.is_some() { names.rfind(is_name) } else { names.find(is_name) };
    let mut meta = Meta { outlet: outlet.map(|line| line.text.clone()), ..Meta::default() };
    if let Some(day) = day {
        say_date(&mut meta, &parts[day].text);
    }
    let rest = &parts[day.map_or(parts.len().min(1), |day| day + 1)..];
    let labelled = rest.iter().position(|part| label(&part.text, ABOVE).is_some());
    let mut headline: Vec<&str> = Vec::new();
    let mut dek = None;
    let above = labelled.unwrap_or(rest.len().min(1));
    headline.extend(rest[..above].first().map(|part| part.text.as_str()));
    if above > 1 {
        dek = Some(rest[1..above].iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" "));
    }
    let mut body = Vec::new();
    let mut at = above;
    while let Some((name, value)) = rest.get(at).and_then(|part| label(&part.text, ABOVE)) {
        at += 1;
        match name.as_str() {
            "headline" | "title" => headline = vec![value],
            "highlight" => dek = Some(value.to_owned()),
            "body" if !value.is_empty() => body.push(value.to_owned()),
            _ => {
                put(&mut meta, &name, value);
            }
        }
    }
    let end = rest[at..].iter().position(|part| ends_text(&part.text, true)).map_or(rest.len(), |length| at + length);
    body.extend(rest[at..end].iter().map(|part| part.text.clone()));
    for part in &rest[end..] {
        if let Some((name, value)) = label(&part.text, BELOW) {
            put(&mut meta, &name, value);
        }
    }
    let headline = Some(headline.join(" ")).filter(|words| !words.is_empty());
    Draft { line, headline, dek, body: body.join("\n\n"), meta, ..Draft::default() }
}

fn full_date(words: &str) -> bool {
    words.len() < 120
        && words.bytes().any(|byte| byte.is_ascii_digit())
        && date::parse(words).is_some_and(|date| date.day > 0)
}

fn say_date(meta: &mut Meta, raw: &str) {
    meta.date = date::parse(raw);
    meta.date_raw = Some(raw.to_owned());
}

/// Reads an article of Nexis Uni; the first one stands behind a list of all.
fn uni(lines: &[Line], first: bool) -> Draft {
    let body = lines.iter().position(|line| is_body(&line.text)).unwrap_or(lines.len());
    let labelled = |line: &Line| label(&line.text, ABOVE).is_some();
    // The list of the first page has labels too, so the ones of the article are those next to its text.
    let day = (0..body).rev().find(|at| !labelled(&lines[*at]) && full_date(&lines[*at].text));
    let above = day.map_or(&lines[..body], |day| &lines[..day]);
    let mut names = above.iter().rev().filter(|line| !line.text.is_empty() && !ends_text(&line.text, false));
    let mut meta = Meta { outlet: names.next().map(|line| line.text.clone()), ..Meta::default() };
    if let Some(day) = day {
        say_date(&mut meta, &lines[day].text);
    }
    let mut title: Vec<&Line> = if first { names.take(1).collect() } else { names.collect() };
    title.reverse();
    let line = title.first().or(lines.first().as_ref()).map_or(1, |line| line.number);
    let headline = title.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut dek = None;
    for part in &lines[day.map_or(0, |day| day + 1)..body] {
        match label(&part.text, ABOVE) {
            Some((name, value)) if name == "highlight" => dek = Some(value.to_owned()),
            Some((name, value)) => {
                put(&mut meta, &name, value);
            }
            None => {}
        }
    }
    let text = paragraphs(lines.get(body + 1..).unwrap_or_default());
    let end = text.iter().position(|part| ends_text(&part.text, false)).unwrap_or(text.len());
    for part in &text[end..] {
        if let Some((name, value)) = label(&part.text, BELOW) {
            put(&mut meta, &name, value);
        }
    }
    let body = text[..end].iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n");
    Draft { line, headline: Some(headline).filter(|words| !words.is_empty()), dek, body, meta, ..Draft::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::export::lines_of;

    fn check(text: &str, expected: &[[Option<&str>; 6]]) {
        let found = drafts(&lines_of(text)).expect("an export");
        let rows: Vec<[Option<&str>; 6]> = found
            .iter()
            .map(|draft| {
                let meta = &draft.meta;
                [
                    draft.headline.as_deref(),
                    meta.outlet.as_deref(),
                    meta.date_raw.as_deref(),
                    meta.byline.as_deref(),
                    meta.section.as_deref(),
                    Some(draft.body.as_str()),
                ]
            })
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn reads_the_classic_export() {
        check(
            "Terms: (ferry)\n\n          1 of 2 DOCUMENTS\n\n\n       Copyright 2024 The Post Company\n\n     The Harbour Post\n\n\
             September 19, 2024 Thursday\nLate Edition\n\nNight Ferry\nStays\n\nBYLINE: By Ada Finch\n\nSECTION: Town; Pg. 3\n\n\
             LENGTH: 12 words\n\nThe boat\nsails.\n\nNOTE: it is old.\n\nLOAD-DATE: September 20, 2024\n\nLANGUAGE: ENGLISH\n\n\
             2 of 2 DOCUMENTS\n\nThe Harbour Post\n\nSeptember 20, 2024\n\nHEADLINE: Bells\n\nBODY:\nA bell rang.\n",
            &[
                [
                    Some("Night Ferry Stays"),
                    Some("The Harbour Post"),
                    Some("September 19, 2024 Thursday Late Edition"),
                    Some("Ada Finch"),
                    Some("Town; Pg. 3"),
                    Some("The boat sails.\n\nNOTE: it is old."),
                ],
                [Some("Bells"), Some("The Harbour Post"), Some("September 20, 2024"), None, None, Some("A bell rang.")],
            ],
        );
    }

    #[test]
    fn reads_the_old_export() {
        check(
            "          1 of 1 DOCUMENT\n\n     Copyright 1991 The Post Company\n         The Harbour Post\n\n\
             December 19, 1991, Thursday, Late Edition - Final\n\nSECTION: Section B; Page 1\n\nLENGTH: 12 words\n\n\
             HEADLINE: Ferry Runs\n\nBYLINE:  By ADA FINCH\n\nBODY:\n   The ferry ran\nin a fog.\n   It was late.\n\n\
             GRAPHIC: Photo: The ferry\n",
            &[[
                Some("Ferry Runs"),
                Some("The Harbour Post"),
                Some("December 19, 1991, Thursday, Late Edition - Final"),
                Some("ADA FINCH"),
                Some("Section B; Page 1"),
                Some("The ferry ran in a fog.\n\nIt was late."),
            ]],
        );
    }

    #[test]
    fn reads_the_export_of_nexis_uni() {
        check(
            "Job Number: 1\nDocuments (2)\n1. Night Ferry Stays\nClient/Matter: -None-\nSource: The Harbour Post\n\n\
             Night Ferry Stays\nThe Harbour Post\nSeptember 19, 2024 Thursday 9:20 AM GMT\n\nCopyright 2024 The Post\n\n\
             Section: TOWN; Version:2\nLength: 12 words\nByline: Ada Finch\nBody\n\nThe boat sails.\n\nCopyright laws hold it.\n\n\
             Load-Date: September 20, 2024\n\nEnd of Document\n\nBells\nof the Town\nThe Harbour Post\nSeptember 20, 2024\n\
             Length: 3 words\nBody\nA bell rang.\nEnd of Document\n",
            &[
                [
                    Some("Night Ferry Stays"),
                    Some("The Harbour Post"),
                    Some("September 19, 2024 Thursday 9:20 AM GMT"),
                    Some("Ada Finch"),
                    Some("TOWN; Version:2"),
                    Some("The boat sails."),
                ],
                [
                    Some("Bells of the Town"),
                    Some("The Harbour Post"),
                    Some("September 20, 2024"),
                    None,
                    None,
                    Some("A bell rang."),
                ],
            ],
        );
        assert!(drafts(&lines_of("Body\n\nof water")).is_none());
    }
}
