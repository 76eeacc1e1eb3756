//! The paragraphs of a page's article: found as Firefox's reader view does, then freed of what that leaves of captions,
//! teasers, bylines and links.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use dom_smoothie::{CandidateSelectMode, Config, Readability};
use rustc_hash::FxHashSet;

use super::date;
use super::markup::{self, Block};
use super::page_meta::Said;

/// A block with more linked letters than this share is a link, not a paragraph.
const LINKED: f32 = 0.6;
/// Text in which a part of the page with a telling name may hold, as a share of all.
const PART: f32 = 0.3;
/// How many blocks at the top and at the end may be a byline, a date, a list of tags.
const EDGE: usize = 12;

/// Returns the paragraphs of a page's article.
pub fn of(document: Document, said: &Said) -> Vec<String> {
    let linked = said.body.as_deref().filter(|body| body.len() > 200);
    let config = Config {
        keep_classes: true,
        disable_json_ld: true,
        candidate_select_mode: CandidateSelectMode::Readability,
        ..Config::default()
    };
    let found = Readability::with_document(document, None, Some(config)).and_then(|mut page| page.parse());
    let paragraphs = found.map(|found| paragraphs(&found.content, said)).unwrap_or_default();
    let length: usize = paragraphs.iter().map(String::len).sum();
    match linked {
        // A page that shows less than half of what it says it holds keeps the rest for its scripts.
        Some(body) if length * 2 < body.len() => {
            let body = if markup::is_markup(body) { markup::text(body) } else { body.to_owned() };
            body.split("\n").map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        }
        _ => paragraphs,
    }
}

fn paragraphs(content: &str, said: &Said) -> Vec<String> {
    let document = Document::fragment(content);
    let root = document.root();
    let all = root.normalized_char_count();
    let furniture = |node: &NodeRef<'_>| is_furniture(node, all);
    let mut blocks = markup::blocks(&root, &furniture);
    blocks.retain(|block| !is_link(block) && !is_boilerplate(&block.text));
    trim_top(&mut blocks, said);
    trim_end(&mut blocks);
    blocks.into_iter().map(|block| block.text).collect()
}

/// Returns whether a part of a page is not its article, by its name: captions, shares, related links.
fn is_furniture(node: &NodeRef<'_>, all: usize) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| list(include_str!("words/furniture.txt")).collect());
    if node.has_name("figure") || node.has_name("figcaption") || node.has_name("aside") || node.has_name("nav") {
        return (node.normalized_char_count() as f32) < PART * all as f32;
    }
    let names = [node.attr("class"), node.attr("id")];
    let telling = names.into_iter().flatten().any(|names| {
        names.split_ascii_whitespace().any(|name| parts_of(name).any(|part| WORDS.contains(part.as_str())))
    });
    telling && (node.normalized_char_count() as f32) < PART * all as f32
}

/// Returns the words of a class name: `relatedLinks-box` is `related`, `links`, `box`.
fn parts_of(name: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && small) {
            parts.push(String::new());
        }
        small = letter.is_lowercase();
        if let Some(last) = parts.last_mut().filter(|_| letter.is_alphanumeric()) {
            last.extend(letter.to_lowercase());
        }
    }
    parts.into_iter()
}

fn list(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.lines().filter(|line| !line.starts_with('#'))
}

/// Returns whether a block is little but links, and no sentence.
fn is_link(block: &Block) -> bool {
    let share = block.linked as f32 / block.text.len().max(1) as f32;
    share > LINKED && (!ends_sentence(&block.text) || share > 0.95) && block.text.len() < 300
}

fn is_boilerplate(words: &str) -> bool {
    static STARTS: LazyLock<Vec<&str>> = LazyLock::new(|| list(include_str!("words/boilerplate.txt")).collect());
    let start: String = words.chars().take(40).flat_map(char::to_lowercase).collect();
    words.len() < 300 && STARTS.iter().any(|known| start.starts_with(known))
}

fn ends_sentence(words: &str) -> bool {
    let end = words.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']);
    end.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', ';'])
}

/// Takes the headline, the byline and the date from the top.
fn trim_top(blocks: &mut Vec<Block>, said: &Said) {
    let bare =
        |words: &str| words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let headline = said.headline.as_deref().map(&bare).unwrap_or_default();
    let byline = said.byline.as_deref().map(&bare).unwrap_or_default();
    let mut seen = 0;
    blocks.retain(|block| {
        seen += 1;
        if seen > EDGE || block.text.chars().count() > 150 {
            seen = EDGE + 1;
            return true;
        }
        let words = bare(&block.text);
        let repeated =
            words == headline || (!byline.is_empty() && words.ends_with(&byline) && words.len() < byline.len() + 20);
        let short = !ends_sentence(&block.text);
        let dated = short
            && block.text.len() < 90
            && block.text.bytes().any(|byte| byte.is_ascii_digit())
            && date::parse(&block.text).is_some();
        let signed = short && block.text.starts_with("By ");
        !(repeated || dated || signed)
    });
}

/// Takes the lines that are no sentences from the end.
fn trim_end(blocks: &mut Vec<Block>) {
    for _ in 0..EDGE {
        let Some(last) = blocks.last() else { return };
        let long = blocks.len() > 3;
        let loose = !ends_sentence(&last.text) && last.text.chars().count() < 100 && !last.listed;
        let mail = last.text.contains('@') && last.text.len() < 100;
        if !(long && (loose || mail)) {
            return;
        }
        blocks.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_class_names() {
        let found: Vec<String> = parts_of("relatedLinks-box__X2").collect();
        assert_eq!(found, ["related", "links", "box", "", "x2"]);
    }

    #[test]
    fn every_row_is_sound() {
        for rows in [include_str!("words/furniture.txt"), include_str!("words/boilerplate.txt")] {
            let mut seen = FxHashSet::default();
            for row in list(rows) {
                assert!(row.trim() == row && !row.is_empty() && row.to_lowercase() == row, "`{row}`");
                assert!(seen.insert(row), "`{row}` stands there twice");
            }
        }
    }
}
