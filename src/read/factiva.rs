//! Exports of Factiva as text, HTML or RTF: with its two-letter labels (HD, BY, PD, SN, LP, TD …), or as it displays an
//! article: headline, byline, words, day, source, code, language, copyright, text. A line `Document …` ends each.
//!
//! The XML of Factiva is read in [`super::news_xml`].

use super::draft::Draft;
use super::export::{Line, paragraphs, without_by};
use super::{Head, date, language};
use crate::article::Meta;

/// Labels that Factiva puts before a field.
const LABELS: &[&str] = &[
    "SE", "HD", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "LA", "CY", "LP", "TD", "BY", "CT", "RF", "CO", "IN",
    "NS", "RE", "PUB", "AN", "IPD", "IPC", "VOL", "ART", "CLM",
];
const WORDS: &[&str] = &["words", "word", "wörter", "mots", "palabras", "parole", "palavras", "woorden"];

/// Returns whether a file is an export of Factiva, as text or HTML.
pub fn sniff(head: &Head<'_>) -> bool {
    let plain = head.extension.is_empty() || head.has_extension(&["txt", "text", "html", "htm"]);
    if !plain {
        return false;
    }
    let page = head.start.starts_with(b"<");
    let styled =
        || [&b"enArticle"[..], b"articleParagraph", b"enHeadline", b"factiva"].iter().any(|words| head.holds(words));
    if page {
        return styled() && (head.holds(b"words") || head.holds(b"article"));
    }
    let mut starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', head.bytes).map(|at| at + 1));
    starts.any(|start| may_count(&head.bytes[start..])) && COUNTED.iter().any(|words| head.holds(words)) && {
        let text = String::from_utf8_lossy(head.bytes);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.windows(2).any(|pair| {
            let [count, day] = [bare(pair[0], "WC"), bare(pair[1], "PD")];
            counts_words(count) && day.len() < 30 && date::parse(day).is_some_and(|date| date.day > 0)
        })
    }
}

/// Returns whether a number may stand at the start of these lines, behind its label or white space: a cheap look that
/// tells nearly every other text.
fn may_count(lines: &[u8]) -> bool {
    match lines.trim_ascii_start() {
        [b'0'..=b'9', ..] | [b'W', b'C', ..] => true,
        // Dashes and quotation marks; other letters may be white space.
        [0xe2, 0x80, 0x90..=0x9f, ..] => false,
        [first, ..] => !first.is_ascii_graphic(),
        [] => false,
    }
}

/// How a line that counts the words of an article ends.
const COUNTED: &[&[u8]] =
    &[b" words\n", b" words\r", b" mots\n", b" mots\r", b" palabras", b" parole", b" palavras", b" W\xc3\xb6rter"];

/// Returns a line without its label.
fn bare<'l>(line: &'l str, label: &str) -> &'l str {
    line.strip_prefix(label).map_or(line, str::trim_start)
}

/// Returns whether a line ends an article: `Document HARP000020240919ek9j0000c`.
fn ends_article(line: &str) -> bool {
    let line = line.strip_prefix("AN").map_or(line, str::trim_start);
    let mut parts = line.split_ascii_whitespace();
    let named = parts.next().is_some_and(|word| ["Document", "Dokument", "Documento"].contains(&word));
    let number = parts.next().unwrap_or_default();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    named
        && parts.next().is_none()
        && number.len() >= 20
        && digits >= 8
        && number.starts_with(|letter: char| letter.is_ascii_uppercase())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether a line says how long an article is: `1,204 words`.
fn counts_words(line: &str) -> bool {
    let Some((number, word)) = line.split_once([' ', '\u{a0}']) else { return false };
    let counted = number.starts_with(|letter: char| letter.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || b",.".contains(&byte));
    counted && WORDS.contains(&word.trim().to_lowercase().as_str())
}

/// Returns the articles; nothing where the lines are no export of Factiva.
pub fn drafts(lines: &[Line]) -> Option<Vec<Draft>> {
    let mut drafts = Vec::new();
    let mut start = 0;
    for (at, line) in lines.iter().enumerate() {
        if !ends_article(&line.text) {
            continue;
        }
        let article = &lines[start..at];
        start = at + 1;
        let id = line.text.split_ascii_whitespace().last().map(str::to_owned);
        let labelled = article.iter().any(|line| label(&line.text).is_some_and(|(name, _)| name == "HD"));
        let counted = article.iter().any(|line| counts_words(&line.text));
        if labelled || counted {
            let draft = if labelled { with_labels(article) } else { displayed(article) };
            drafts.push(Draft { id, ..draft });
        }
    }
    Some(drafts).filter(|drafts| !drafts.is_empty())
}

/// Returns the label that opens a line, and what follows it.
fn label(line: &str) -> Option<(&str, &str)> {
    let name = line.split([' ', '\t', '\u{a0}']).next()?;
    let rest = &line[name.len()..];
    let set_off =
        rest.is_empty() || rest.starts_with('\t') || rest.starts_with("  ") || rest.starts_with('\u{a0}') || {
            // In RTF one space follows; a word in capitals that opens a sentence is no label.
            rest.starts_with(' ') && !rest.trim_start().starts_with(char::is_lowercase)
        };
    (set_off && LABELS.contains(&name)).then(|| (name, rest.trim()))
}

fn with_labels(lines: &[Line]) -> Draft {
    let mut fields: Vec<(&str, Vec<Line>)> = Vec::new();
    for line in lines {
        match label(&line.text) {
            Some((name, rest)) => {
                fields.push((name, vec![Line { text: rest.to_owned(), ..line.clone() }]));
            }
            None => {
                if let Some((_, open)) = fields.last_mut() {
                    open.push(line.clone());
                }
            }
        }
    }
    let paragraphs_of = |name: &str| -> Vec<String> {
        let lines = fields.iter().filter(|(known, _)| *known == name).flat_map(|(_, lines)| lines.iter().cloned());
        paragraphs(&lines.collect::<Vec<_>>()).into_iter().map(|line| line.text).collect()
    };
    let said = |name: &str| Some(paragraphs_of(name).join(" ")).filter(|words| !words.is_empty());
    let body = [paragraphs_of("LP"), paragraphs_of("TD")].concat();
    let date_raw = said("PD");
    let line = fields.iter().find(|(name, _)| *name == "HD").and_then(|(_, lines)| lines.first());
    Draft {
        line: line.map_or(1, |line| line.number),
        headline: said("HD"),
        body: body.join("\n\n"),
        meta: Meta {
            byline: said("BY").map(|words| without_by(&words)),
            outlet: said("SN"),
            section: said("SE").or_else(|| said("ED")),
            lang: said("LA").map(|words| language::code(&words).unwrap_or(words)),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
            ..Meta::default()
        },
        ..Draft::default()
    }
}

fn displayed(lines: &[Line]) -> Draft {
    let count = lines.iter().position(|line| counts_words(&line.text)).unwrap_or(0);
    let mut above: Vec<&Line> = lines[..count].iter().filter(|line| !line.text.is_empty()).collect();
    let mut meta = Meta::default();
    let signed = |line: &&Line| {
        let start: String = line.text.chars().take(4).flat_map(char::to_lowercase).collect();
        ["by ", "von ", "par ", "por ", "di "].iter().any(|word| start.starts_with(word)) && line.text.len() < 120
    };
    if above.len() > 1 && above.last().is_some_and(signed) {
        meta.byline = above.pop().map(|line| without_by(&line.text));
    }
    // What stands before an empty line above the headline is the name of a section, or the end of a page.
    let headline: Vec<&str> = above.iter().map(|line| line.text.as_str()).collect();
    let mut at = count + 1;
    let mut head = lines[at.min(lines.len())..].iter().filter(|line| !line.text.is_empty()).take(9);
    let day = head.next().map(|line| line.text.clone());
    meta.date = day.as_deref().and_then(date::parse);
    meta.date_raw = day;
    let is_time = |line: &&Line| line.text.len() < 9 && line.text.contains(':');
    meta.outlet = head.find(|line| !is_time(line)).map(|line| line.text.clone());
    let mut end = 0;
    for (place, line) in lines.iter().enumerate().skip(at).take(24) {
        let small = line.text.to_lowercase();
        if language::is_name(&small) {
            meta.lang = language::code(&small);
            end = end.max(place + 1);
        } else if ["©", "(c)", "copyright"].iter().any(|word| small.starts_with(word)) && line.text.len() < 250 {
            end = place + 1;
            break;
        }
    }
    at = at.max(end);
    let body = paragraphs(&lines[at.min(lines.len())..]).into_iter().map(|line| line.text).collect::<Vec<_>>();
    Draft {
        line: above.first().map_or(1, |line| line.number),
        headline: Some(headline.join(" ")).filter(|words| !words.is_empty()),
        body: body.join("\n\n"),
        meta,
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::export::lines_of;

    #[test]
    fn reads_both_kinds() {
        let shown = "Night Ferry Stays\n\nBy Ada Finch\n1,204 words\n19 September 2024\n09:30\nThe Harbour Post\nHARP\n3\n\
            English\n(c) 2024 The Post\n\nThe boat\nsails.\n\nIt is old.\n\nDocument HARP000020240919ek9j0000c\n\n";
        let labelled = "HD  Night Ferry\n    Stays\nBY  By Ada Finch\nWC  1,204 words\nPD  19 September 2024\nSN  The Harbour Post\n\
            LA  English\nLP \nThe boat\nsails.\n\nTD \nIt is old.\n\nAN  Document HARP000020240919ek9j0000c\n";
        for text in [shown, labelled] {
            let found = drafts(&lines_of(text)).expect("an export");
            assert_eq!(found.len(), 1, "{text}");
            let Draft { id, headline, body, meta, .. } = &found[0];
            assert_eq!(headline.as_deref(), Some("Night Ferry Stays"));
            assert_eq!(body, "The boat sails.\n\nIt is old.");
            assert_eq!(id.as_deref(), Some("HARP000020240919ek9j0000c"));
            assert_eq!(meta.byline.as_deref(), Some("Ada Finch"));
            assert_eq!(meta.outlet.as_deref(), Some("The Harbour Post"));
            assert_eq!(meta.lang.as_deref(), Some("en"));
            assert_eq!(meta.date.map(|date| date.number()), Some(20_240_919));
        }
        assert_eq!(drafts(&lines_of(&shown.repeat(3))).expect("an export").len(), 3);
        for text in [shown, labelled] {
            let long = text.replacen("sails.", &"sails. ".repeat(2_000), 1);
            let start = &long.as_bytes()[..8_000];
            assert!(sniff(&Head::new(start, "a.txt")), "{text}");
        }
        assert!(!sniff(&Head::new(b"Ferry\n\nIt has\n40 words\nand no more.", "a.txt")));
        assert!(drafts(&lines_of("A Document HARP000020240919ek9j0000c\n")).is_none());
    }
}
