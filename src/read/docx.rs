//! Word documents (DOCX, ISO 29500): the paragraphs of the main part. An export of a news database gives its articles,
//! anything else one article. Unpacked by the zip crate, parsed by quick-xml.

use std::io;

use super::draft::Draft;
use super::export;
use super::xml::{self, Element, Node};
use super::{Each, Head, Input, Source, dateline, zip};
use crate::article::Meta;
use crate::problem::Reason;

/// Returns whether a file is a Word document.
pub fn sniff(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"PK\x03\x04")
        && (head.has_extension(&["docx", "docm", "dotx"]) || (head.holds(b"word/") && head.holds(b"_rels/")))
}

/// Reads a document.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    zip::open(input, source, each, &mut |archive, packed, each| {
        let Some(main) = zip::part(archive, packed, "word/document.xml", source, each)? else {
            each(Err(source.problem(None, Reason::Malformed, "is no Word document: it has no `word/document.xml`")));
            return Ok(());
        };
        let about = zip::part(archive, packed, "docProps/core.xml", source, each)?.unwrap_or_default();
        let Some(main) = xml::read(&mut &main[..], source, each)? else { return Ok(()) };
        let about = xml::read(&mut &about[..], source, &mut |_| ())?;
        let paragraphs = paragraphs(&main);
        let lines = export::lines_between(paragraphs.iter().map(|paragraph| paragraph.text.clone()));
        match export::drafts(&lines) {
            Some(drafts) => export::give(drafts, source, each),
            None => {
                let made = about.as_ref().and_then(|about| about.words_of("created"));
                let lang = about.as_ref().and_then(|about| about.words_of("language"));
                each(one(paragraphs, lang).article(source).map(|article| dateline::with_top(article, made)));
            }
        }
        Ok(())
    })
}

/// A paragraph and the name of its style.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    style: String,
}

/// Returns the paragraphs of a document that hold words, those in tables and boxes included.
fn paragraphs(root: &Element) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let mut open: Vec<&Element> = vec![root];
    while let Some(element) = open.pop() {
        if element.name == "p" && element.prefix != "a" {
            let style = element.child("ppr").and_then(|style| style.child("pstyle"));
            let style = style.and_then(|style| style.attribute("val")).unwrap_or_default().to_lowercase();
            let text = words(element);
            if !text.trim().is_empty() {
                found.push(Paragraph { text: text.trim().to_owned(), style });
            }
        } else if !IGNORED.contains(&element.name.as_str()) {
            open.extend(element.elements().rev());
        }
    }
    found
}

/// What is no text: what was deleted, what only old programs see, boxes beside the text.
const IGNORED: &[&str] = &["del", "movefrom", "fallback", "txbxcontent", "sdtpr", "rpr", "ppr", "instrtext", "deltext"];

/// Returns the words of a paragraph.
fn words(paragraph: &Element) -> String {
    let mut out = String::new();
    let mut open: Vec<&Element> = paragraph.elements().rev().collect();
    while let Some(element) = open.pop() {
        match element.name.as_str() {
            "t" => {
                for child in &element.children {
                    if let Node::Words(words) = child {
                        out.push_str(words);
                    }
                }
            }
            "tab" => out.push('\t'),
            "br" if element.attribute("type").is_none_or(|kind| kind == "textWrapping") => out.push('\n'),
            "cr" => out.push('\n'),
            "nobreakhyphen" => out.push('\u{2011}'),
            name if IGNORED.contains(&name) => {}
            _ => open.extend(element.elements().rev()),
        }
    }
    out
}

/// Returns the article that is the whole document: its title, or its first paragraph, is the headline.
fn one(mut paragraphs: Vec<Paragraph>, lang: Option<String>) -> Draft {
    let is_title = |paragraph: &Paragraph| ["title", "titel", "titre", "heading1"].contains(&paragraph.style.as_str());
    let titled = paragraphs.iter().take(8).position(is_title);
    let first = (!paragraphs.is_empty()).then(|| paragraphs.remove(titled.unwrap_or(0)));
    let headline = first.map(|paragraph| paragraph.text.replace('\n', " "));
    let under = paragraphs.iter().take(3).position(|paragraph| paragraph.style == "subtitle");
    let dek = under.map(|place| paragraphs.remove(place).text);
    let body = paragraphs.into_iter().map(|paragraph| paragraph.text).collect::<Vec<_>>().join("\n\n");
    Draft { headline, dek, body, meta: Meta { lang, ..Meta::default() }, ..Draft::default() }
}
