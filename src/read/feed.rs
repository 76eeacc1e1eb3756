//! Feeds: RSS 0.9 to 2.0, RDF, Atom, CDF. An article for each item, with the full text where the feed has it.
//!
//! JSON Feed is JSON like any other, see [`super::json`].

use std::io;

use mail_parser::decoders::base64::base64_decode;

use super::draft::Draft;
use super::xml::{self, Element};
use super::{Each, Head, Input, Source, date, markup};
use crate::article::Meta;
use crate::problem::Reason;

/// What else than an item's own elements stands in feeds.
const FOREIGN: &[&str] = &["media", "itunes", "thr", "geo", "feedburner"];

/// Returns whether a file is a feed.
pub fn sniff(head: &Head<'_>) -> bool {
    head.start.starts_with(b"<")
        && [&b"<rss"[..], b"<rdf:RDF", b"<RDF", b"<feed", b"<channel", b":feed "].iter().any(|root| head.holds(root))
        && !head.holds(b"<html")
}

/// Reads a feed.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(root) = xml::read(input, source, each)? else { return Ok(()) };
    let channel = root.find("channel").unwrap_or(&root);
    let outlet = own(channel, &["title"]).map(|title| plain(&title));
    let lang = own(channel, &["language"]).or_else(|| root.attribute("lang").map(str::to_owned));
    let mut items = root.all("item");
    items.extend(root.all("entry"));
    for (number, item) in (1..).zip(&items) {
        each(draft(item, number, outlet.clone(), lang.clone()).article(source));
    }
    if items.is_empty() {
        each(Err(source.problem(None, Reason::NoText, "is a feed without items")));
    }
    Ok(())
}

fn draft(item: &Element, number: u32, outlet: Option<String>, lang: Option<String>) -> Draft {
    let date_raw = own(item, &["pubdate", "published", "date", "issued", "created", "updated", "modified", "lastmod"]);
    let body = ["encoded", "content", "body", "description", "summary", "abstract"].iter().find_map(|name| {
        let element = child(item, name)?;
        Some(text(element)).filter(|words| !words.is_empty())
    });
    let author = child(item, "author").or_else(|| child(item, "creator"));
    let byline = author.and_then(|author| author.words_of("name").or_else(|| words(author)));
    Draft {
        id: own(item, &["guid", "id"]),
        record: Some(number),
        line: item.line,
        headline: own(item, &["title"]).map(|title| plain(&title)),
        dek: None,
        body: body.unwrap_or_default(),
        meta: Meta {
            byline,
            outlet,
            section: own(item, &["category", "subject"])
                .or_else(|| child(item, "category")?.attribute("term").map(str::to_owned)),
            url: link(item),
            lang: item.attribute("lang").map(str::to_owned).or(lang),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
            agency: None,
            dateline: None,
        },
    }
}

/// Returns the element of a name that is the item's own.
fn child<'e>(item: &'e Element, name: &str) -> Option<&'e Element> {
    item.elements().find(|element| element.name == name && !FOREIGN.contains(&element.prefix.as_str()))
}

fn words(element: &Element) -> Option<String> {
    Some(xml::squeezed(&element.words())).filter(|words| !words.is_empty())
}

/// Returns the words of the first of these elements that has some.
fn own(item: &Element, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let mut found =
            item.elements().filter(|element| element.name == *name && !FOREIGN.contains(&element.prefix.as_str()));
        found.find_map(words)
    })
}

/// Returns words without the HTML that many feeds put into titles.
fn plain(words: &str) -> String {
    let coded = words.contains("&#") || words.contains("&amp;") || words.contains("&quot;") || words.contains("&lt;");
    if coded || markup::is_markup(words) { xml::squeezed(&markup::text(words)) } else { words.to_owned() }
}

/// Returns the text of an element, in which HTML is either elements or words.
fn text(element: &Element) -> String {
    if element.elements().next().is_some() {
        return element.paragraphs();
    }
    let words = unpacked(element).unwrap_or_else(|| element.words());
    let coded = words.contains("&#") || words.contains("&amp;") || words.contains("&nbsp;");
    if coded || markup::is_markup(&words) { markup::text(&words) } else { words.trim().to_owned() }
}

/// Returns the words of an element that holds them in base64: Atom does so where the type is no kind of text.
fn unpacked(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or_default();
    let binary = kind.contains('/') && !kind.starts_with("text/") && !kind.ends_with("+xml") && !kind.ends_with("/xml");
    if !binary && element.attribute("mode") != Some("base64") {
        return None;
    }
    let bytes = base64_decode(element.words().trim().as_bytes())?;
    String::from_utf8(bytes).ok().filter(|words| !words.contains('\0'))
}

fn link(item: &Element) -> Option<String> {
    let links =
        || item.elements().filter(|element| element.name == "link" && !FOREIGN.contains(&element.prefix.as_str()));
    let address = |link: &Element| link.attribute("href").map(str::to_owned).or_else(|| words(link));
    let alternate = links().find(|link| link.attribute("rel").is_none_or(|rel| rel == "alternate"));
    alternate
        .and_then(address)
        .or_else(|| item.attribute("href").map(str::to_owned))
        .or_else(|| item.attribute("about").map(str::to_owned))
}
