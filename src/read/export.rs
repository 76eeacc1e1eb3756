//! What exports of news databases share: a file of lines that holds many articles, as text, HTML, RTF or DOCX.

use std::io;

use dom_query::Document;

use super::draft::Draft;
use super::{Each, Input, Source, charset, factiva, html, language, markup, nexis};
use crate::article::Meta;
use crate::problem::Reason;

/// A line of an export, without the white space around it; empty between paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// A few spaces stand before it, as before the first line of a paragraph.
    pub indented: bool,
    /// Its number in the file, from 1; 1 throughout where the file has no lines.
    pub number: u32,
}

/// Returns the lines of a text file.
pub fn lines_of(text: &str) -> Vec<Line> {
    let text = text.trim_start_matches('\u{feff}');
    let line = |(line, number): (&str, u32)| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        Line { text: line.trim().to_owned(), indented: (2..=8).contains(&spaces), number }
    };
    text.lines().zip(1..).map(line).collect()
}

/// Returns paragraphs as lines with an empty one between them; a paragraph may have line breaks of its own.
pub fn lines_between(paragraphs: impl IntoIterator<Item = String>) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        let own = |line: &str| Line { text: line.trim().to_owned(), number: 1, ..Line::default() };
        lines.extend(paragraph.lines().map(own));
        lines.push(own(""));
    }
    lines
}

/// Returns the paragraphs in lines, with the number of the line on which each starts. Lines without an empty one between
/// them are one paragraph that was wrapped, unless one is indented or longer than any program wraps.
pub fn paragraphs(lines: &[Line]) -> Vec<Line> {
    const WRAPPED: usize = 120;
    let mut found: Vec<Line> = Vec::new();
    for group in lines.split(|line| line.text.is_empty()) {
        let wrapped = group.iter().all(|line| line.text.chars().count() <= WRAPPED);
        for (place, line) in group.iter().enumerate() {
            match found.last_mut().filter(|_| place > 0 && wrapped && !line.indented) {
                Some(last) => {
                    last.text.push(' ');
                    last.text.push_str(&line.text);
                }
                None => found.push(line.clone()),
            }
        }
    }
    found
}

/// Returns the articles of an export of Nexis or Factiva; nothing where the lines are no such export.
pub fn drafts(lines: &[Line]) -> Option<Vec<Draft>> {
    nexis::drafts(lines).or_else(|| factiva::drafts(lines))
}

/// Reads an export that is text or HTML.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(bytes) = html::read_page(input, source, each)? else { return Ok(()) };
    let is_page = bytes.trim_ascii_start().starts_with(b"<");
    let lines = if is_page {
        let page = match html::decode(bytes, None, source) {
            Ok(page) => page,
            Err(problem) => {
                each(Err(problem));
                return Ok(());
            }
        };
        let blocks = markup::blocks(&Document::from(page).root(), &|_| false);
        lines_between(blocks.into_iter().map(|block| block.text))
    } else {
        lines_of(&charset::decode(bytes, None).text)
    };
    match drafts(&lines) {
        Some(drafts) => give(drafts, source, each),
        None => each(Err(source.problem(None, Reason::NoText, "is an export without articles"))),
    }
    Ok(())
}

/// Gives articles with their numbers.
pub fn give(drafts: Vec<Draft>, source: Source<'_>, each: Each<'_>) {
    for (number, draft) in (1..).zip(drafts) {
        each(Draft { record: Some(number), ..draft }.article(source));
    }
}

/// Returns a byline without the word before it.
pub fn without_by(words: &str) -> String {
    let words = words.trim();
    let start = words.get(..3).filter(|start| start.eq_ignore_ascii_case("by "));
    start.map_or(words, |_| &words[3..]).trim_end_matches([';', ',']).trim().to_owned()
}

/// Puts what a label says of an article where it belongs; returns whether the label is known.
pub fn put(meta: &mut Meta, label: &str, value: &str) -> bool {
    let value = value.trim();
    let part = match label {
        "byline" | "autor" | "auteur" | "author" => &mut meta.byline,
        "section" | "rubrik" | "rubrique" => &mut meta.section,
        "dateline" => &mut meta.dateline,
        "url" => &mut meta.url,
        "language" | "sprache" | "langue" => &mut meta.lang,
        _ => return false,
    };
    if !value.is_empty() && part.is_none() {
        let value = match label {
            "byline" | "autor" | "auteur" | "author" => without_by(value),
            "language" | "sprache" | "langue" => language::code(value).unwrap_or_else(|| value.to_owned()),
            _ => value.to_owned(),
        };
        *part = Some(value);
    }
    true
}
