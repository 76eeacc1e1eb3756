//! XML as a tree, forgiving: names that do not match close what they can, unknown entities stay as they are.
//!
//! Parsing is quick-xml's, which expands no entity that a file declares, so none can grow.

use std::io::{self, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Each, Input, Source, charset, html, markup};
use crate::problem::Reason;

/// The largest XML document, in bytes.
const FILE_LIMIT: usize = 64 << 20;

/// An element, or the words between two.
#[derive(Debug)]
pub enum Node {
    Element(Element),
    Words(String),
}

/// An element with what is in it.
#[derive(Debug, Default)]
pub struct Element {
    /// The name before the colon; empty where there is none.
    pub prefix: String,
    /// The name behind the colon, in lower case.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// The line on which it starts, from 1.
    pub line: u32,
}

impl Element {
    /// Returns the value of an attribute, whatever its prefix and case.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let known = |key: &str| key.rsplit(':').next().is_some_and(|key| key.eq_ignore_ascii_case(name));
        self.attributes.iter().find(|(key, _)| known(key)).map(|(_, value)| value.as_str())
    }

    /// Returns the elements directly below.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Words(_) => None,
        })
    }

    /// Returns the first element of a name directly below.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// Returns every element of a name below, those inside another one of them left out.
    pub fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        let mut open: Vec<&Element> = self.elements().rev().collect();
        while let Some(element) = open.pop() {
            if element.name == name {
                found.push(element);
            } else {
                open.extend(element.elements().rev());
            }
        }
        found
    }

    /// Returns the first element of a name below.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.all(name).into_iter().next()
    }

    /// Returns the words of the first element of a name below, in one line.
    pub fn words_of(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().map(|element| squeezed(&element.words())).find(|words| !words.is_empty())
    }

    /// Returns all words in it.
    pub fn words(&self) -> String {
        let mut out = String::new();
        let mut open: Vec<&Node> = self.children.iter().rev().collect();
        while let Some(node) = open.pop() {
            match node {
                Node::Words(words) => out.push_str(words),
                Node::Element(element) => open.extend(element.children.iter().rev()),
            }
        }
        out
    }

    /// Returns its paragraphs, as a page would show them, with blank lines between.
    pub fn paragraphs(&self) -> String {
        if self.elements().next().is_none() {
            let words = self.words();
            return if markup::is_markup(&words) { markup::text(&words) } else { dedented(&words) };
        }
        let mut page = String::new();
        self.write_page(&mut page, 0);
        markup::text(&page)
    }

    fn write_page(&self, out: &mut String, depth: usize) {
        for child in &self.children {
            match child {
                Node::Words(words) => out.push_str(&quick_xml::escape::escape(words.as_str())),
                Node::Element(element) if depth < markup::NESTING_LIMIT / 2 => {
                    let name = if element.name.contains('.') { "div" } else { element.name.as_str() };
                    if name == "br" {
                        out.push_str("<br>");
                        continue;
                    }
                    out.push_str(&format!("<{name}>"));
                    element.write_page(out, depth + 1);
                    out.push_str(&format!("</{name}>"));
                }
                Node::Element(_) => {}
            }
        }
    }
}

/// Returns words in one line.
pub fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns hard-wrapped words as paragraphs: an indented or an empty line starts one.
pub fn dedented(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut fresh = true;
    for line in words.lines() {
        let indented = line.starts_with("   ") || line.starts_with('\t');
        let line = line.trim();
        if line.is_empty() {
            fresh = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if fresh || indented { "\n\n" } else { " " });
        }
        out.push_str(line);
        fresh = false;
    }
    out
}

/// Reads a document; damage is told, and what stands before it is given. Nothing where there is no element.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<Option<Element>> {
    let mut bytes = Vec::new();
    input.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > FILE_LIMIT {
        let detail = format!("is over {} MB, the limit for one XML document", FILE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(None);
    }
    let declared = html::declared_charset(&bytes);
    let text = charset::decode(bytes, declared.as_deref()).text;
    let mut found = None;
    let trouble = parse(text.trim_start_matches('\u{feff}').trim_start(), &mut found);
    if let Err((line, detail)) = trouble {
        each(Err(source.problem(Some(line), Reason::Malformed, detail)));
    }
    Ok(found)
}

/// Parses a document into `root`, as far as it goes.
fn parse(text: &str, root: &mut Option<Element>) -> Result<(), (u32, String)> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut result = Ok(());
    loop {
        let at = (reader.buffer_position() as usize).min(text.len());
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..at]).count() as u32;
        counted = at;
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                result = Err((line, format!("is not well-formed XML ({error}); what came before was read")));
                break;
            }
        };
        match event {
            Event::Start(start) if open.len() >= markup::NESTING_LIMIT => {
                let name = start.name().0.to_owned();
                result =
                    Err((line, format!("nests `{name}` over {} deep; the rest was not read", markup::NESTING_LIMIT)));
                break;
            }
            Event::Start(start) => open.push(element(&start, line)),
            Event::Empty(start) => close(element(&start, line), &mut open, root),
            Event::End(end) => {
                let name = end.local_name().as_ref().to_ascii_lowercase();
                if let Some(place) = open.iter().rposition(|element| element.name == name) {
                    while open.len() > place {
                        let Some(element) = open.pop() else { break };
                        close(element, &mut open, root);
                    }
                }
            }
            Event::Text(words) => add_words(&words, &mut open),
            Event::CData(words) => add_words(&words, &mut open),
            Event::GeneralRef(entity) => add_words(&resolved(&entity), &mut open),
            Event::DocType(words) if words.contains("<!ENTITY") => {
                result = Err((line, "declares entities of its own, which are not expanded".to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if result.is_ok() && !open.is_empty() {
        result = Err((line, format!("ends inside of `{}`; what came before was read", open[open.len() - 1].name)));
    }
    while let Some(element) = open.pop() {
        close(element, &mut open, root);
    }
    result
}

fn element(start: &BytesStart<'_>, line: u32) -> Element {
    let name = start.name().0;
    let (prefix, name) = name.split_once(':').unwrap_or(("", name));
    let mut found = start.html_attributes();
    let attributes = found.with_checks(false).flatten().map(|attribute| {
        let value = quick_xml::escape::unescape_with(&attribute.value, quick_xml::escape::resolve_html5_entity);
        (attribute.key.0.to_owned(), value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned()))
    });
    Element {
        prefix: prefix.to_owned(),
        name: name.to_ascii_lowercase(),
        attributes: attributes.collect(),
        children: Vec::new(),
        line,
    }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Element(element)),
        None => {
            root.get_or_insert(element);
        }
    }
}

fn add_words(words: &str, open: &mut [Element]) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Words(before)) => before.push_str(words),
        _ => parent.children.push(Node::Words(words.to_owned())),
    }
}

/// Returns what an entity stands for; one that nobody knows stays as it is.
fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = entity.resolve_char_ref() {
        return letter.to_string();
    }
    quick_xml::escape::resolve_html5_entity(entity).map_or_else(|| format!("&{};", &**entity), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_tree() {
        let mut root = None;
        parse("<?xml version='1.0'?>\n<a x='1 &amp; 2'>\n<b:C>d&nbsp;&#228;<![CDATA[<e>]]></b:C><f/></a>", &mut root)
            .expect("sound");
        let root = root.expect("a root");
        assert_eq!((root.name.as_str(), root.attribute("x"), root.line), ("a", Some("1 & 2"), 2));
        let child = root.child("c").expect("a child");
        assert_eq!((child.prefix.as_str(), child.words().as_str(), child.line), ("b", "d\u{a0}ä<e>", 3));
    }

    #[test]
    fn damage_is_told_and_the_rest_is_read() {
        let mut root = None;
        assert_eq!(parse("<a>\n<b>c</b>\n<d", &mut root).expect_err("damage").0, 3,);
        assert_eq!(root.expect("a root").words_of("b").as_deref(), Some("c"));
        let mut root = None;
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a>&y;</a>";
        assert_eq!(
            parse(bomb, &mut root).expect_err("a bomb").1,
            "declares entities of its own, which are not expanded"
        );
        assert_eq!(root.expect("a root").words(), "&y;");
    }

    #[test]
    fn joins_wrapped_lines() {
        assert_eq!(dedented("One\ntwo.\n    Three\nfour.\n\nFive\n"), "One two.\n\nThree four.\n\nFive");
    }
}
