//! EPUB, as newspapers and clipping programs make it: an article for each chapter in the order of reading. Covers and
//! tables of contents, which are little but links, are passed over. Unpacked by the zip crate, parsed by quick-xml.

use std::io;

use dom_query::Document;

use super::draft::Draft;
use super::xml::{self, Element};
use super::{Each, Head, Input, Source, charset, date, html, markup, page_meta, zip};
use crate::article::Meta;
use crate::problem::Reason;

/// The fewest bytes of words that are no links, in a chapter that is an article.
const PROSE: usize = 80;

/// Returns whether a file is an EPUB.
pub fn sniff(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"PK\x03\x04")
        && (head.has_extension(&["epub"]) || head.holds(b"mimetypeapplication/epub+zip"))
}

/// Reads the chapters.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    zip::open(input, source, each, &mut |archive, packed, each| {
        let wrong = |detail: String| source.problem(None, Reason::Malformed, detail);
        let container = zip::part(archive, packed, "META-INF/container.xml", source, each)?.unwrap_or_default();
        let container = xml::read(&mut &container[..], source, each)?;
        let path = container.and_then(|root| root.find("rootfile")?.attribute("full-path").map(str::to_owned));
        let Some(path) = path else {
            each(Err(wrong("is no EPUB: its `META-INF/container.xml` names no package".to_owned())));
            return Ok(());
        };
        let Some(bytes) = zip::part(archive, packed, &path, source, each)? else {
            each(Err(wrong(format!("is no whole EPUB: `{path}` is missing"))));
            return Ok(());
        };
        let Some(package) = xml::read(&mut &bytes[..], source, each)? else { return Ok(()) };
        let meta = meta(&package);
        let mut number = 0;
        for chapter in chapters(&package, &path) {
            let Some(bytes) = zip::part(archive, packed, &chapter, source, each)? else {
                each(Err(wrong(format!("is no whole EPUB: `{chapter}` is missing"))));
                continue;
            };
            match html::decode(bytes, None, source).map(|page| draft(page, &meta)) {
                Ok(Some(draft)) => {
                    number += 1;
                    each(Draft { record: Some(number), ..draft }.article(source));
                }
                Ok(None) => {}
                Err(problem) => each(Err(problem)),
            }
        }
        if number == 0 {
            each(Err(source.problem(None, Reason::NoText, "is an EPUB without text")));
        }
        Ok(())
    })
}

fn meta(package: &Element) -> Meta {
    let said = |name: &str| package.find("metadata").and_then(|metadata| metadata.words_of(name));
    let date_raw = said("date");
    // Clipping programs write the day behind the name: `The Harbour Post [Thu, 19 Sep 2024]`.
    let title = said("title").map(|title| title.split(" [").next().unwrap_or_default().trim().to_owned());
    Meta {
        outlet: title,
        lang: said("language"),
        date: date_raw.as_deref().and_then(date::parse),
        date_raw,
        ..Meta::default()
    }
}

/// Returns the names of the chapters, in the order of reading.
fn chapters(package: &Element, path: &str) -> Vec<String> {
    let items = package.find("manifest").map(|manifest| manifest.all("item")).unwrap_or_default();
    let order = package.find("spine").map(|spine| spine.all("itemref")).unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = order.into_iter().filter_map(|reference| {
        let id = reference.attribute("idref")?;
        let item = items.iter().find(|item| item.attribute("id") == Some(id))?;
        let is_page = item.attribute("media-type").is_none_or(|kind| kind.contains("html"));
        let is_index = item.attribute("properties").is_some_and(|words| words.split(' ').any(|word| word == "nav"));
        item.attribute("href").filter(|_| is_page && !is_index).map(|href| joined(folder, href))
    });
    named.collect()
}

/// Returns the name of a member by an address relative to a folder.
fn joined(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    unescaped(&parts.join("/"))
}

/// Returns a path with `%20` and the like resolved.
fn unescaped(path: &str) -> String {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| *byte == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(letter) => {
                out.push(letter);
                rest = &behind[2..];
            }
            None => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    charset::decode(out, None).text
}

/// Returns the article in a chapter; nothing where that is a cover or a list of links.
fn draft(page: String, said: &Meta) -> Option<Draft> {
    let document = Document::from(page);
    let own = page_meta::of(&document);
    let blocks =
        markup::blocks(&document.select("body").nodes().first().copied().unwrap_or_else(|| document.root()), &|_| {
            false
        });
    let prose: usize = blocks.iter().map(|block| block.text.len() - block.linked.min(block.text.len())).sum();
    if prose < PROSE {
        return None;
    }
    let heading = blocks.iter().find(|block| block.heading > 0).map(|block| block.text.replace('\n', " "));
    let headline = heading.or(own.headline);
    let body: Vec<String> = blocks
        .into_iter()
        .filter(|block| headline.as_deref() != Some(block.text.replace('\n', " ").as_str()))
        .map(|block| block.text)
        .collect();
    let day = own.date.as_deref().and_then(date::parse);
    let meta = Meta {
        byline: own.byline,
        date: day.or(said.date),
        date_raw: if day.is_some() { own.date } else { said.date_raw.clone() },
        ..said.clone()
    };
    Some(Draft { headline, body: body.join("\n\n"), meta, ..Draft::default() })
}
