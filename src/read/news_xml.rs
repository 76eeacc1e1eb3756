//! The XML of agencies and databases: NITF, NewsML-G2, NewsML 1, Factiva.

use std::io;

use super::draft::Draft;
use super::xml::{self, Element};
use super::{Each, Head, Input, Source, date};
use crate::article::Meta;
use crate::problem::Reason;

/// Returns whether a file is NITF.
pub fn is_nitf(head: &Head<'_>) -> bool {
    is_xml(head) && head.holds(b"<nitf")
}

/// Returns whether a file is NewsML-G2.
pub fn is_newsml_g2(head: &Head<'_>) -> bool {
    is_xml(head)
        && [&b"<newsItem"[..], b"<newsMessage", b"<packageItem", b"<conceptItem"].iter().any(|root| head.holds(root))
}

/// Returns whether a file is NewsML 1.
pub fn is_newsml_1(head: &Head<'_>) -> bool {
    is_xml(head) && head.holds(b"<NewsML")
}

/// Returns whether a file is an export of Factiva.
pub fn is_factiva(head: &Head<'_>) -> bool {
    is_xml(head) && (head.holds(b"<PPSResponse") || head.holds(b"<ppsArticle"))
}

fn is_xml(head: &Head<'_>) -> bool {
    head.start.starts_with(b"<")
}

/// Reads NITF.
pub fn read_nitf(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(root) = xml::read(input, source, each)? else { return Ok(()) };
    let items = if root.name == "nitf" { vec![&root] } else { root.all("nitf") };
    let many = items.len() > 1;
    for (number, item) in (1..).zip(items) {
        let record = many.then_some(number);
        each(Draft { record, line: item.line, ..nitf(item) }.article(source));
    }
    Ok(())
}

fn nitf(item: &Element) -> Draft {
    let said = |element: &str, attribute: &str| item.find(element)?.attribute(attribute).map(str::to_owned);
    let date_raw = said("date.issue", "norm")
        .or_else(|| said("story.date", "norm"))
        .or_else(|| said("pubdata", "date.publication"))
        .or_else(|| item.words_of("story.date"));
    let headline = item.words_of("hl1").or_else(|| item.words_of("hedline"));
    Draft {
        id: said("doc-id", "id-string"),
        headline: headline.or_else(|| item.child("head")?.words_of("title")),
        dek: item.words_of("hl2"),
        body: item.find("body.content").map(Element::paragraphs).unwrap_or_default(),
        meta: Meta {
            byline: item.words_of("byline").map(without_by),
            agency: None,
            dateline: item.words_of("dateline"),
            outlet: said("pubdata", "name").or_else(|| item.words_of("distributor")),
            section: said("pubdata", "position.section"),
            url: said("pubdata", "ex-ref"),
            lang: item.attribute("lang").map(str::to_owned),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
        },
        ..Draft::default()
    }
}

fn without_by(words: String) -> String {
    words.strip_prefix("By ").or_else(|| words.strip_prefix("by ")).map(str::to_owned).unwrap_or(words)
}

/// Reads NewsML-G2: an item, or a message of several.
pub fn read_newsml_g2(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(root) = xml::read(input, source, each)? else { return Ok(()) };
    let items = if root.name == "newsitem" { vec![&root] } else { root.all("newsitem") };
    if items.is_empty() {
        let detail = format!("is a `{}`, which lists items and holds no text", root.name);
        each(Err(source.problem(None, Reason::NoText, detail)));
    }
    let many = items.len() > 1;
    for (number, item) in (1..).zip(items) {
        let draft = Draft { record: many.then_some(number), line: item.line, ..newsml_g2(item) };
        if draft.body.is_empty() {
            let detail = "is an item without text of its own";
            each(Err(source.problem(Some(item.line), Reason::NoText, detail)));
        } else {
            each(draft.article(source));
        }
    }
    Ok(())
}

fn newsml_g2(item: &Element) -> Draft {
    let content = item.find("contentset");
    let inner = content.and_then(|content| content.find("nitf")).map(nitf).unwrap_or_default();
    let body = if inner.body.is_empty() { content.map(inline_text).unwrap_or_default() } else { inner.body };
    let about = item.child("contentmeta");
    let said = |name: &str| about.and_then(|about| about.words_of(name));
    let managed = |name: &str| item.child("itemmeta").and_then(|meta| meta.words_of(name));
    let date_raw = said("contentcreated").or_else(|| managed("firstcreated")).or_else(|| managed("versioncreated"));
    let provider = item.child("itemmeta").and_then(|meta| meta.find("provider"));
    let language = about.and_then(|about| about.find("language")).and_then(|language| language.attribute("tag"));
    let outlet = provider.and_then(|provider| {
        provider
            .words_of("name")
            .or_else(|| provider.attribute("literal").or(provider.attribute("qcode")).map(str::to_owned))
    });
    Draft {
        id: item.attribute("guid").map(str::to_owned),
        headline: said("headline").or(inner.headline).or_else(|| managed("title")),
        dek: inner.dek,
        body,
        meta: Meta {
            byline: said("by")
                .or(inner.meta.byline)
                .or_else(|| about?.find("creator")?.words_of("name"))
                .map(without_by),
            agency: None,
            dateline: said("dateline").or(inner.meta.dateline),
            outlet,
            section: said("genre"),
            url: None,
            lang: language.or(item.attribute("lang")).map(str::to_owned),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
        },
        ..Draft::default()
    }
}

/// Returns the text of content that is XHTML, or plain.
fn inline_text(content: &Element) -> String {
    let inline = content.find("inlinexml").or_else(|| content.find("inlinedata"));
    let Some(inline) = inline else { return String::new() };
    inline.find("body").unwrap_or(inline).paragraphs()
}

/// Reads NewsML 1.
pub fn read_newsml_1(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(root) = xml::read(input, source, each)? else { return Ok(()) };
    let items = root.all("newsitem");
    let many = items.len() > 1;
    for (number, item) in (1..).zip(items) {
        each(Draft { record: many.then_some(number), line: item.line, ..newsml_1(item) }.article(source));
    }
    Ok(())
}

fn newsml_1(item: &Element) -> Draft {
    let contents = item.all("datacontent");
    let inner = contents.iter().find_map(|content| content.find("nitf")).map(nitf).unwrap_or_default();
    let texts = contents.iter().map(|content| content.find("body").unwrap_or(content).paragraphs());
    // The same story may come as page, as text and in parts: the longest is all of it.
    let longest = texts.max_by_key(String::len).unwrap_or_default();
    let named = |name: &str| item.find(name)?.attribute("formalname").map(str::to_owned);
    let date_raw = item
        .words_of("firstcreated")
        .or_else(|| item.words_of("thisrevisioncreated"))
        .or_else(|| item.words_of("dateid"));
    let provider = item
        .find("provider")
        .and_then(|provider| provider.find("party"))
        .and_then(|party| party.attribute("formalname"));
    Draft {
        id: item.words_of("publicidentifier").or_else(|| item.words_of("newsitemid")),
        headline: item.words_of("headline").or(inner.headline),
        dek: item.words_of("subheadline").or(inner.dek),
        body: if inner.body.is_empty() { longest } else { inner.body },
        meta: Meta {
            byline: item.words_of("byline").or(inner.meta.byline).map(without_by),
            agency: None,
            dateline: item.words_of("dateline").or(inner.meta.dateline),
            outlet: provider.map(str::to_owned).or_else(|| item.words_of("providerid")),
            section: None,
            url: None,
            lang: named("language"),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
        },
        ..Draft::default()
    }
}

/// Reads an export of Factiva.
pub fn read_factiva(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(root) = xml::read(input, source, each)? else { return Ok(()) };
    for (number, item) in (1..).zip(root.all("article")) {
        each(factiva(item, number).article(source));
    }
    Ok(())
}

fn factiva(item: &Element, number: u32) -> Draft {
    let parts = ["leadparagraph", "tailparagraphs"].iter().filter_map(|name| item.child(name));
    let parts: Vec<String> = parts
        .map(|part| match part.all("paragraph") {
            paragraphs if paragraphs.is_empty() => xml::dedented(&part.words()),
            paragraphs => paragraphs.iter().map(|one| xml::squeezed(&one.words())).collect::<Vec<_>>().join("\n\n"),
        })
        .collect();
    let date_raw = item.child("publicationdate").map(|date| xml::squeezed(&date.words()));
    Draft {
        id: item.words_of("accessionno"),
        record: Some(number),
        line: item.line,
        headline: item.words_of("headline"),
        dek: None,
        body: parts.join("\n\n"),
        meta: Meta {
            byline: item.words_of("byline").map(without_by),
            agency: None,
            dateline: None,
            outlet: item.words_of("sourcename"),
            section: item.words_of("sectionname"),
            url: None,
            lang: item.words_of("baselanguage"),
            date: date_raw.as_deref().and_then(date::parse),
            date_raw,
        },
    }
}
