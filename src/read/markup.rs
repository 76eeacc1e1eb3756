//! HTML fragments to text: a paragraph a block, nothing of scripts, forms and figures.

use dom_query::{Document, NodeRef};

/// How deep elements may lie in one another; deeper ones are cut off by the check before parsing.
pub const NESTING_LIMIT: usize = 1_000;

/// Elements that start a new paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "section",
    "article",
    "main",
    "table",
    "tr",
    "header",
    "footer",
    "hr",
    "figure",
    "figcaption",
    "aside",
    "address",
    "center",
    "td",
    "th",
    "hl1",
    "hl2",
    "block",
];
/// Elements whose words are not text.
const SILENT: &[&str] = &[
    "script", "style", "noscript", "template", "iframe", "svg", "button", "form", "select", "textarea", "head",
    "object", "media",
];

/// Returns whether a string is marked up with HTML.
pub fn is_markup(words: &str) -> bool {
    let start = words.trim_start();
    let opens =
        start.starts_with('<') && start[1..].starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '!');
    opens
        || ["</p>", "<br", "</a>", "</div>", "<p>", "</em>", "</strong>", "</i>", "</b>"]
            .iter()
            .any(|tag| words.contains(tag))
}

/// Returns the text of marked-up words: paragraphs with blank lines between them.
pub fn text(words: &str) -> String {
    if is_too_deep(words.as_bytes()) {
        return words.to_owned();
    }
    let document = Document::from(words);
    paragraphs(&document.root()).join("\n\n")
}

/// Returns whether tags lie in one another deeper than the limit. Counts opening and closing tags; elements that close
/// by themselves do not count.
pub fn is_too_deep(bytes: &[u8]) -> bool {
    const SHALLOW: &[&[u8]] = &[
        b"p",
        b"br",
        b"img",
        b"hr",
        b"li",
        b"td",
        b"th",
        b"tr",
        b"dt",
        b"dd",
        b"option",
        b"meta",
        b"link",
        b"input",
        b"source",
        b"col",
        b"wbr",
        b"area",
        b"base",
        b"embed",
        b"param",
        b"track",
        b"tbody",
        b"thead",
        b"optgroup",
        b"path",
        b"rect",
        b"circle",
        b"use",
        b"polygon",
        b"line",
    ];
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..];
        let closing = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closing)..];
        let length = name.iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length == 0 || SHALLOW.iter().any(|shallow| name[..length].eq_ignore_ascii_case(shallow)) {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        if depth > NESTING_LIMIT {
            return true;
        }
    }
    false
}

/// A paragraph, a heading, an item of a list.
#[derive(Debug, Default)]
pub struct Block {
    /// Its words.
    pub text: String,
    /// How many bytes of it are links.
    pub linked: usize,
    /// How many bytes of it are bold.
    pub strong: usize,
    /// The level of a heading, 1 to 6; 0 for what is none.
    pub heading: u8,
    /// Where its first link leads.
    pub link: Option<String>,
    /// Whether it is an item of a list or a cell of a table.
    pub listed: bool,
}

/// Returns the paragraphs below a node, in order, without empty ones.
pub fn paragraphs(node: &NodeRef<'_>) -> Vec<String> {
    blocks(node, &|_| false).into_iter().map(|block| block.text).collect()
}

/// Returns the blocks below a node, in order, without empty ones and without the elements to skip.
pub fn blocks(node: &NodeRef<'_>, skip: &dyn Fn(&NodeRef<'_>) -> bool) -> Vec<Block> {
    let mut blocks = vec![Block::default()];
    let mut stack = vec![(*node, Marks::default(), false)];
    while let Some((node, marks, leaving)) = stack.pop() {
        let Some(last) = blocks.last_mut() else { break };
        if node.is_text() {
            let before = last.text.len();
            add_words(&mut last.text, &node.text());
            let added = last.text.len() - before;
            last.linked += if marks.linked { added } else { 0 };
            last.strong += if marks.strong { added } else { 0 };
            continue;
        }
        let name = node.node_name().unwrap_or_default().to_ascii_lowercase();
        if SILENT.contains(&name.as_str()) || (!leaving && node.is_element() && skip(&node)) {
            continue;
        }
        if name == "br" {
            add_break(&mut blocks);
            continue;
        }
        let is_block = BLOCKS.contains(&name.as_str());
        if is_block && !last.text.is_empty() {
            blocks.push(Block::default());
        }
        if leaving {
            continue;
        }
        if is_block {
            stack.push((node, marks, true));
        }
        if let Some(last) = blocks.last_mut() {
            last.listed |= ["li", "td", "dd"].contains(&name.as_str());
            if let Some(level) = heading_level(&name) {
                last.heading = level;
            }
            if name == "a" && last.link.is_none() {
                last.link = node.attr("href").map(|address| address.trim().to_owned());
            }
        }
        let marks = Marks {
            linked: marks.linked || name == "a",
            strong: marks.strong || name == "b" || name == "strong" || (node.has_attr("style") && is_bold(&node)),
        };
        stack.extend(node.children_it(true).map(|child| (child, marks, false)));
    }
    blocks.retain_mut(|block| {
        block.text = block.text.trim().to_owned();
        !block.text.is_empty()
    });
    blocks
}

/// What the words below an element are.
#[derive(Clone, Copy, Default)]
struct Marks {
    linked: bool,
    strong: bool,
}

/// Returns the level of a heading by the name of its element.
fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Returns whether an element says in its style that it is bold.
fn is_bold(node: &NodeRef<'_>) -> bool {
    let style = node.attr_or("style", "").to_ascii_lowercase().replace(' ', "");
    ["font-weight:bold", "font-weight:600", "font-weight:7", "font-weight:8", "font-weight:9"]
        .iter()
        .any(|words| style.contains(words))
}

/// Adds words with their white space made single.
fn add_words(paragraph: &mut String, words: &str) {
    for letter in words.chars() {
        let space = letter.is_whitespace() && letter != '\u{a0}';
        match (space, paragraph.chars().next_back()) {
            (true, None | Some(' ' | '\n')) => {}
            (true, Some(_)) => paragraph.push(' '),
            (false, _) => paragraph.push(letter),
        }
    }
}

/// A line break; a second one ends the paragraph.
fn add_break(blocks: &mut Vec<Block>) {
    let Some(last) = blocks.last_mut().map(|block| &mut block.text) else { return };
    let length = last.trim_end_matches(' ').len();
    last.truncate(length);
    if last.ends_with('\n') {
        last.pop();
        blocks.push(Block::default());
    } else if !last.is_empty() {
        last.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paragraphs() {
        for (html, expected) in [
            ("<p>One <b>two</b>.</p><p>Three</p>", "One two.\n\nThree"),
            ("One<br>two<br><br>three", "One\ntwo\n\nthree"),
            ("<div>\n  <p>A &amp; B</p><script>no()</script> C</div>", "A & B\n\nC"),
            ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
            ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn deep_markup_is_told() {
        assert!(is_too_deep("<div>".repeat(1_001).as_bytes()));
        assert!(!is_too_deep("<div>a</div>".repeat(5_000).as_bytes()));
        assert!(!is_too_deep("<p>a<br>".repeat(5_000).as_bytes()));
    }
}
