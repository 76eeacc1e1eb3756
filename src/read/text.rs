//! Plain text and Markdown: the first line that is not empty is the headline; a short line after it, set off by blank
//! lines, is the dek; the rest are the paragraphs. The text is kept to the letter, so offsets point into the file.

use std::io::{self, Read};

use super::draft::too_large;
use super::{ARTICLE_LIMIT, Each, Head, Input, Source, charset, date, dateline};
use crate::article::{Article, Span};
use crate::problem::{Problem, Reason};

/// The longest dek, in characters.
const DEK_LIMIT: usize = 160;
/// The longest headline of a text that is one line, in bytes.
const HEADLINE_LIMIT: usize = 300;

/// Returns whether a file without an extension is text.
pub fn sniff(head: &Head<'_>) -> bool {
    let control = |byte: &u8| *byte < b' ' && !b"\t\n\r\x0c".contains(byte);
    head.extension.is_empty() && !head.hidden && !head.start.is_empty() && !head.bytes.iter().any(control)
}

/// Reads a file that holds one article.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    if let Some(text) = read_text(input, source, each)? {
        each(article(text, source));
    }
    Ok(())
}

/// Reads a whole file as text; what is wrong with it is told.
pub fn read_text(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<Option<String>> {
    let mut bytes = Vec::with_capacity(source.size.min(ARTICLE_LIMIT) + 1);
    input.take(ARTICLE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > ARTICLE_LIMIT {
        each(Err(too_large(source, None)));
        return Ok(None);
    }
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if !wide && memchr::memchr(0, &bytes).is_some() {
        each(Err(source.problem(None, Reason::Binary, "holds NUL bytes, so it is no text")));
        return Ok(None);
    }
    let decoded = charset::decode(bytes, None);
    if let Some(byte) = decoded.mixed_at {
        // What stood before the byte is as long as it was.
        let line = memchr::memchr_iter(b'\n', &decoded.text.as_bytes()[..byte]).count() as u32 + 1;
        let detail = format!("holds two encodings: UTF-8, and from byte {byte} on Windows-1252; both were read");
        each(Err(source.problem(Some(line), Reason::InvalidUtf8, detail)));
    }
    Ok(Some(decoded.text))
}

/// Returns the article in a text.
pub fn article(text: String, source: Source<'_>) -> Result<Article, Problem> {
    if text.len() > ARTICLE_LIMIT {
        return Err(too_large(source, None));
    }
    let mut lines = Lines { text: &text, at: 0 };
    let Some(first) = lines.next_filled() else {
        return Err(source.problem(None, Reason::Empty, "is empty"));
    };
    let headline = headline_of(&text, first.span);
    // A sentence behind a dateline is no headline: the text starts with its first paragraph.
    let sentence = headline.len() > 60 && first.span.of(&text).ends_with(['.', '"', '”']);
    if sentence && dateline::of(first.span.of(&text)).is_some_and(|line| line.ends_with(')') || date::names_a_day(line))
    {
        return Ok(without_headline(text, source));
    }
    // A file of one long line has its parts behind each other; a long line above others is their first paragraph.
    let one_line = lines.clone().next_filled().is_none();
    if one_line && headline.len() > HEADLINE_LIMIT {
        return Ok(article_in_line(text, source));
    }
    let second = lines.next_filled();
    let third = lines.next_filled();
    let dek = match (second, third) {
        (Some(second), Some(third)) if second.after_blank && third.after_blank => {
            Some(second.span).filter(|span| is_dek(span.of(&text)) && !dateline::is_top_line(span.of(&text)))
        }
        _ => None,
    };
    let end = text.trim_end().len();
    let start = match (dek, second, third) {
        (Some(_), _, Some(third)) => third.span.start as usize,
        (None, Some(second), _) => second.span.start as usize,
        _ => end,
    };
    let body = Span::new(start.min(end), end);
    let (id, path) = (source.id.to_owned(), source.path.to_owned());
    let mut article = Article { id, path, line: 1, headline: Some(headline), dek, body, text, ..Article::default() };
    dateline::read_top(&mut article);
    dateline::complete(&mut article);
    Ok(article)
}

/// Returns the article in a text that has no headline.
pub fn without_headline(text: String, source: Source<'_>) -> Article {
    let end = text.trim_end().len();
    let start =
        text.len() - text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').len();
    let (id, path) = (source.id.to_owned(), source.path.to_owned());
    let mut article = Article { id, path, line: 1, body: Span::new(start.min(end), end), text, ..Article::default() };
    dateline::read_top(&mut article);
    dateline::complete(&mut article);
    article
}

/// Returns the article in a text that is one line, its parts set off by wide gaps: the first is the headline where it
/// is short enough, the others are kept as they are.
fn article_in_line(text: String, source: Source<'_>) -> Article {
    let end = text.trim_end().len();
    let start =
        text.len() - text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').len();
    let gap = text[start..end].find("  ").filter(|length| *length <= HEADLINE_LIMIT).map(|length| start + length);
    let body = gap.map_or(start, |gap| gap + text[gap..].len() - text[gap..].trim_start().len());
    let mut article = Article {
        id: source.id.to_owned(),
        path: source.path.to_owned(),
        line: 1,
        headline: gap.map(|gap| Span::new(start, gap)),
        body: Span::new(body.min(end), end),
        text,
        ..Article::default()
    };
    let second = article.body.of(&article.text).split("  ").next().unwrap_or_default().to_owned();
    if dateline::is_top_line(&second) {
        dateline::read_line(&mut article, &second);
    }
    dateline::complete(&mut article);
    article
}

/// Returns the headline without Markdown's marks.
fn headline_of(text: &str, line: Span) -> Span {
    let words = line.of(text);
    let bare = words.trim_start_matches('#');
    let marked = bare.len() < words.len() && bare.starts_with(' ');
    let bare = if marked { bare.trim_start() } else { words };
    Span { start: line.end - bare.len() as u32, end: line.end }
}

/// Returns whether a line reads like the one under a headline: short, and not more than one sentence.
fn is_dek(line: &str) -> bool {
    let ends_inside = [". ", "! ", "? "].iter().any(|end| line.contains(end));
    line.chars().count() <= DEK_LIMIT && !ends_inside
}

/// A line with something in it, without the white space around it.
#[derive(Clone, Copy)]
struct Line {
    span: Span,
    after_blank: bool,
}

#[derive(Clone)]
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Lines<'_> {
    fn next_filled(&mut self) -> Option<Line> {
        let mut after_blank = false;
        while self.at < self.text.len() {
            let rest = &self.text.as_bytes()[self.at..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &self.text[self.at..self.at + length];
            let words = line.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
            let start = self.at + line.len() - words.len();
            let words = words.trim_end();
            self.at += length + 1;
            if !words.is_empty() {
                return Some(Line { span: Span::new(start, start + words.len()), after_blank });
            }
            after_blank = true;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, headline: &str, dek: Option<&str>, body: &str) {
        let article = article(text.to_owned(), Source::new("a.txt", "a", 0)).expect("an article");
        assert_eq!(article.headline_text(), headline, "{text:?}");
        assert_eq!(article.dek.map(|span| span.of(text)), dek, "{text:?}");
        assert_eq!(article.body.of(text), body, "{text:?}");
    }

    #[test]
    fn finds_the_parts() {
        check("Head\n\nThe short line\n\nOne.\n\nTwo.\n", "Head", Some("The short line"), "One.\n\nTwo.");
        check("Head\n\nOne. And two.\n\nThree.", "Head", None, "One. And two.\n\nThree.");
        check("Head\nOne.\nTwo.", "Head", None, "One.\nTwo.");
        check("\u{feff}Head\r\n\r\nDek\r\n\r\nOne.\r\n", "Head", Some("Dek"), "One.");
        check("# Head\n\nOne.", "Head", None, "One.");
        check("#hashtag\n\nOne.", "#hashtag", None, "One.");
        let wire = "DOHA, Sept 19 (Reuters) - The talks over the ceasefire go on, a Qatari official said.\n\nThey met.";
        check(wire, "", None, wire);
        check("TALKS GO ON IN DOHA -- SOURCES\n\nOne.", "TALKS GO ON IN DOHA -- SOURCES", None, "One.");
        check("Head only", "Head only", None, "");
        check("Head\n\nBy Ada Finch\n\nOne.\n\nTwo.", "Head", None, "By Ada Finch\n\nOne.\n\nTwo.");
        check("Head\n\nMonday, May 4, 2020\n\nOne.", "Head", None, "Monday, May 4, 2020\n\nOne.");
        check("Head\n\nThe 2 boats of May\n\nOne.", "Head", Some("The 2 boats of May"), "One.");
        let long = "The boat sailed. ".repeat(30);
        let long = long.trim();
        check(&format!("Head  May 4, 2020  {long}"), "Head", None, &format!("May 4, 2020  {long}"));
        check(long, "", None, long);
        check(
            &format!("Head\n\n{}\n\nTwo.", "long ".repeat(40)),
            "Head",
            None,
            &format!("{}\n\nTwo.", "long ".repeat(40)),
        );
    }

    fn check_problem(bytes: &[u8], reason: Reason, message: &str) {
        let mut found = Vec::new();
        read(&mut &*bytes, Source::new("a.txt", "a", 0), &mut |article| found.push(article)).expect("no disk");
        let problem = found.remove(0).expect_err("a problem");
        assert_eq!((problem.reason, problem.to_string().as_str()), (reason, message));
    }

    #[test]
    fn says_what_is_wrong() {
        check_problem(b"", Reason::Empty, "a.txt: is empty");
        check_problem(b" \n\xef\xbb\xbf\n", Reason::Empty, "a.txt: is empty");
        check_problem(b"PK\0\0", Reason::Binary, "a.txt: holds NUL bytes, so it is no text");
        check_problem(
            b"T\xc3\xaate-\xc3\xa0-t\xc3\xaate\n\nCaf\xe9",
            Reason::InvalidUtf8,
            "a.txt:3: holds two encodings: UTF-8, and from byte 19 on Windows-1252; both were read",
        );
        check_problem(
            &vec![b'x'; ARTICLE_LIMIT + 1],
            Reason::TooLarge,
            "a.txt: is over 32 MB, the limit for one article",
        );
    }
}
