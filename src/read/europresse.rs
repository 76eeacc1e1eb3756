//! Exports of Europresse as HTML: the older one, a table an article, and the newer one, an `article` element each.

use std::io;

use dom_query::{Document, NodeRef, Selection};

use super::draft::Draft;
use super::export;
use super::{Each, Head, Input, Source, date, html, markup, xml};
use crate::article::Meta;
use crate::problem::Reason;

const NAME: &str = ".DocPublicationName, .rdp__DocPublicationName";
const HEADER: &str = ".DocHeader, .rdp__DocHeader";
const TITLE: &str = ".TitreArticleVisu, .titreArticleVisu, .rdp__articletitle, .titreArticle";
/// What stands behind the text of an article.
const ENDS: &[&str] = &["©", "Numéro de document", "Document number", "news·", "Ce certificat", "Tous droits réservés"];

/// Returns whether a file is an export of Europresse.
pub fn sniff(head: &Head<'_>) -> bool {
    let names = [&b"DocPublicationName"[..], b"europresse", b"cedrom-sni"];
    head.start.starts_with(b"<")
        && !head.has_extension(&["xml", "rss", "atom"])
        && names.iter().any(|name| head.holds(name))
}

/// Reads the articles of an export.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let Some(bytes) = html::read_page(input, source, each)? else { return Ok(()) };
    let page = match html::decode(bytes, None, source) {
        Ok(page) => page,
        Err(problem) => {
            each(Err(problem));
            return Ok(());
        }
    };
    let document = Document::from(page);
    let articles = document.select("article");
    let drafts: Vec<Draft> = if articles.exists() {
        articles.nodes().iter().filter_map(draft).collect()
    } else {
        let titles = document.select(TITLE);
        let cells = titles
            .nodes()
            .iter()
            .filter_map(|title| title.ancestors_it(None).find(|above| above.has_name("td") || above.has_name("body")));
        cells.filter_map(|cell| draft(&cell)).collect()
    };
    if drafts.is_empty() {
        each(Err(source.problem(None, Reason::NoText, "is an export without articles")));
    }
    export::give(drafts, source, each);
    Ok(())
}

/// Returns the article in an element.
fn draft(element: &NodeRef<'_>) -> Option<Draft> {
    let place = Selection::from(*element);
    let first = |selector: &str| {
        let found = place.select(selector);
        Some(xml::squeezed(&found.nodes().first()?.text())).filter(|words| !words.is_empty())
    };
    let headline = first(TITLE)?;
    let outlet = first(NAME).map(|name| name.split(", no.").next().unwrap_or_default().trim().to_owned());
    let headers: Vec<String> = place.select(HEADER).nodes().iter().map(|node| xml::squeezed(&node.text())).collect();
    let header = headers.join(" ");
    let date_raw = headers.iter().find(|words| date::parse(words).is_some_and(|date| date.day > 0)).cloned();
    let date = date_raw.as_deref().and_then(date::parse);
    let before_day = header.split([',', ' ']).next().filter(|_| headers.len() > 1 || header.contains(','));
    let section = before_day.map(|word| word.trim_end_matches(',').to_owned());
    let is_section =
        |word: &String| !word.is_empty() && !is_weekday(word) && !word.starts_with(|c: char| c.is_ascii_digit());
    let (dek, byline, body) = text_of(element, &headline);
    let byline = first(".sm-margin-bottomNews, .docAuthors").or(byline);
    let meta = Meta { byline, outlet, section: section.filter(is_section), date, date_raw, ..Meta::default() };
    Some(Draft { headline: Some(headline), dek, body, meta, ..Draft::default() })
}

fn is_weekday(word: &str) -> bool {
    const DAYS: &[&str] = &["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    DAYS.contains(&word.to_lowercase().as_str())
        || date::parse(&format!("{word} 1 2000")).is_some_and(|date| date.day > 0)
}

/// Returns what stands above the headline, who signs below it, and the text.
fn text_of(element: &NodeRef<'_>, headline: &str) -> (Option<String>, Option<String>, String) {
    let whole = Selection::from(*element).select(".docOcurrContainer, .DocText");
    if let Some(text) = whole.nodes().first() {
        return (None, None, markup::paragraphs(text).join("\n\n"));
    }
    let is_around = |node: &NodeRef<'_>| {
        let classes = node.attr_or("class", "");
        node.has_name("table") || classes.contains("DocPublicationName") || classes.contains("DocHeader")
    };
    let blocks = markup::blocks(element, &is_around);
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        lines.extend(block.text.lines().map(|line| (number, line.trim().to_owned())));
    }
    let at = lines.iter().position(|(_, line)| line == headline).map_or(0, |at| at + 1);
    let above = lines[..at.saturating_sub(1)].iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join(" ");
    let mut rest = &lines[at..];
    let end = rest.iter().position(|(_, line)| ENDS.iter().any(|start| line.starts_with(start)));
    rest = &rest[..end.unwrap_or(rest.len())];
    let mut byline = None;
    if let [(_, first), _, ..] = rest
        && first.chars().count() < 60
        && first.split(' ').count() <= 6
        && !first.ends_with(['.', '!', '?', ':', '…', '»', '"'])
    {
        byline = Some(first.clone());
        rest = &rest[1..];
    }
    let mut body = String::new();
    let mut before = None;
    for (number, line) in rest {
        if !body.is_empty() {
            body.push_str(if before == Some(number) { "\n" } else { "\n\n" });
        }
        body.push_str(line);
        before = Some(number);
    }
    (Some(above).filter(|words| !words.is_empty()), byline, body)
}
