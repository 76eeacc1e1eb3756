//! PDF: the text layer of a document as one article. What is only pictures of text has none and is told.
//!
//! Read by pdf-extract, which panics on some damaged files; a panic there is a problem of the file and no more.

use std::cell::Cell;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use pdf_extract::{Dictionary, Document, Object};

use super::draft::Draft;
use super::{Each, Head, Input, Source, charset, dateline};
use crate::problem::Reason;

/// The largest file, in bytes.
const FILE_LIMIT: usize = 64 << 20;

/// Returns whether a file is a PDF.
pub fn sniff(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"%PDF-") || (head.has_extension(&["pdf"]) && head.holds(b"%PDF-"))
}

/// Reads a document.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > FILE_LIMIT {
        let detail = format!("is over {} MB, the limit for one PDF", FILE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(());
    }
    let (text, about) = match quietly(|| extract(&bytes)) {
        Some(Ok(found)) => found,
        Some(Err(detail)) => {
            each(Err(source.problem(None, Reason::Malformed, detail)));
            return Ok(());
        }
        None => {
            each(Err(source.problem(None, Reason::Malformed, "is damaged or unusual PDF, which cannot be read")));
            return Ok(());
        }
    };
    let paragraphs = paragraphs(&text);
    if paragraphs.is_empty() {
        let detail = "has no text layer: its pages are pictures; recognise their text first";
        each(Err(source.problem(None, Reason::NoText, detail)));
        return Ok(());
    }
    each(draft(paragraphs, &about).article(source).map(|article| dateline::with_top(article, about.made)));
    Ok(())
}

/// What a document says of itself.
#[derive(Debug, Default)]
struct About {
    title: Option<String>,
    /// When it was made, as `2024-09-19`.
    made: Option<String>,
}

/// Returns the text of all pages, and what the document says of itself.
fn extract(bytes: &[u8]) -> Result<(String, About), String> {
    let document = Document::load_mem(bytes).map_err(|error| format!("is damaged PDF ({error})"))?;
    if document.is_encrypted() {
        return Err("is encrypted".to_owned());
    }
    let about = about(&document);
    let pages =
        pdf_extract::extract_text_from_mem_by_pages(bytes).map_err(|error| format!("is damaged PDF ({error})"))?;
    Ok((pages.join("\n\n"), about))
}

fn about(document: &Document) -> About {
    let info =
        document.trailer.get(b"Info").and_then(|info| document.dereference(info)).and_then(|(_, info)| info.as_dict());
    let Ok(info) = info else { return About::default() };
    let made = words_of(info, b"CreationDate").and_then(|raw| {
        let digits = raw.strip_prefix("D:")?.get(..8)?;
        Some(format!("{}-{}-{}", &digits[..4], digits.get(4..6)?, digits.get(6..8)?))
    });
    // Many titles are the names of files or of programs.
    let title = words_of(info, b"Title")
        .filter(|title| title.split_whitespace().count() > 2 && !title.contains("Microsoft Word"));
    About { title, made: made.filter(|made| made.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')) }
}

fn words_of(info: &Dictionary, key: &[u8]) -> Option<String> {
    let Ok(Object::String(bytes, _)) = info.get(key) else { return None };
    let words = charset::decode(bytes.clone(), None).text;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(words).filter(|words| !words.is_empty())
}

/// Returns the paragraphs of a text whose lines are those of the page; words cut at a line's end are put together.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut fresh = true;
    for line in text.lines().map(str::trim) {
        // A number alone is the one of a page.
        if line.is_empty() || line.bytes().all(|byte| byte.is_ascii_digit()) {
            fresh = true;
            continue;
        }
        match found.last_mut().filter(|_| !fresh) {
            Some(last) => {
                let cut = last.ends_with('-') && line.starts_with(char::is_lowercase);
                if cut && last.chars().rev().nth(1).is_some_and(char::is_alphabetic) {
                    last.pop();
                } else {
                    last.push(' ');
                }
                last.push_str(line);
            }
            None => found.push(line.to_owned()),
        }
        fresh = false;
    }
    found
}

/// Returns the article: the document's title is the headline where the first page begins with it, else what does.
fn draft(mut paragraphs: Vec<String>, about: &About) -> Draft {
    let bare =
        |words: &str| words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = about.title.as_deref().map(bare);
    let titled = paragraphs.iter().take(8).position(|words| Some(bare(words)) == wanted);
    let headline = match (titled, &about.title) {
        (Some(place), _) => Some(paragraphs.remove(place)),
        (None, Some(title)) => Some(title.clone()),
        (None, None) if paragraphs[0].chars().count() <= 250 => Some(paragraphs.remove(0)),
        (None, None) => None,
    };
    Draft { headline, body: paragraphs.join("\n\n"), ..Draft::default() }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic, and says nothing where it does; a panic anywhere else is told as before.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                told(info);
            }
        }));
    });
    QUIET.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_lines() {
        let text = "Head\n\nThe coun-\ncil met on\nMonday. A so-\nCalled\n\n12\n\nNext";
        assert_eq!(paragraphs(text), ["Head", "The council met on Monday. A so- Called", "Next"]);
    }

    #[test]
    fn a_panic_is_none() {
        assert_eq!(quietly(|| 1), Some(1));
        assert_eq!(quietly(|| -> u8 { panic!("as on a damaged file") }), None);
    }
}
