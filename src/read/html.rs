//! Web pages: the headline, date, byline, outlet and section that a page says of itself, and its main text.
//!
//! Pages are parsed as browsers do (html5ever, by way of dom_query), the main text is found as Firefox's reader view
//! finds it (dom_smoothie), and [`main_text`] takes out what that leaves of menus, captions and teasers.

use std::io::{self, Read};

use dom_query::Document;

use super::draft::Draft;
use super::{Each, Head, Input, Source, charset, date, language, main_text, markup, page_meta};
use crate::article::{Article, Meta};
use crate::problem::{Problem, Reason};

/// The largest page, in bytes.
pub const PAGE_LIMIT: usize = 16 << 20;

/// Returns whether a file is a web page.
pub fn sniff(head: &Head<'_>) -> bool {
    if !head.start.starts_with(b"<") || head.has_extension(&["xml", "rss", "atom"]) {
        return false;
    }
    let opens = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.starts_with(tag));
    opens || (head.starts_with("<!--") && head.holds(b"<html"))
}

/// Reads a page.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    if let Some(bytes) = read_page(input, source, each)? {
        each(article(bytes, None, None, source));
    }
    Ok(())
}

/// Reads the bytes of a page; too many are told.
pub fn read_page(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    input.take(PAGE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > PAGE_LIMIT {
        let detail = format!("is over {} MB, the limit for one page", PAGE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(None);
    }
    Ok(Some(bytes))
}

/// Returns the text of a page, by its own declaration of a charset, and by its envelope's before that.
///
/// # Errors
/// When its elements lie in one another deeper than any page's.
pub fn decode(bytes: Vec<u8>, declared: Option<&str>, source: Source<'_>) -> Result<String, Problem> {
    let own = declared_charset(&bytes);
    let page = charset::decode(bytes, declared.or(own.as_deref())).text;
    if markup::is_too_deep(page.as_bytes()) {
        let detail = format!("nests elements over {} deep, which no page does; not read", markup::NESTING_LIMIT);
        return Err(source.problem(None, Reason::Malformed, detail));
    }
    Ok(page)
}

/// Returns the article on a page; `declared` is the charset and `url` the address that its envelope names.
///
/// # Errors
/// When there is none.
pub fn article(
    bytes: Vec<u8>,
    declared: Option<&str>,
    url: Option<&str>,
    source: Source<'_>,
) -> Result<Article, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(source.problem(None, Reason::Empty, "is empty"));
    }
    let page = decode(bytes, declared, source)?;
    let document = Document::from(page);
    let said = page_meta::of(&document);
    let body = main_text::of(document, &said);
    let url = url.map(str::to_owned).or(said.url);
    let body = body.join("\n\n");
    // What a page says of its language is often said of its template.
    let lang = said.lang.map(|lang| language::against(&lang, &body).map(str::to_owned).unwrap_or(lang));
    let meta = Meta {
        byline: said.byline,
        agency: None,
        dateline: None,
        outlet: said.outlet,
        section: said.section,
        lang,
        date: said.date.as_deref().and_then(date::parse).or_else(|| url.as_deref().and_then(date::in_path)),
        date_raw: said.date,
        url,
    };
    if body.is_empty() {
        return Err(source.problem(None, Reason::NoText, "is a page without an article"));
    }
    Draft { headline: said.headline, body, meta, ..Draft::default() }.article(source)
}

/// Returns the charset that a page names in its first bytes: `<meta charset=…>`, `<?xml encoding=…?>`.
pub fn declared_charset(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let at = start.find("charset=").map(|at| at + 8).or_else(|| start.find("encoding=").map(|at| at + 9))?;
    let label = start[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_:".contains(letter))?;
    Some(label[..end].to_owned()).filter(|label| !label.is_empty())
}
