//! What can be read off an article's first lines: the dateline, the date, the byline; its language and its agency.
//!
//! Nothing that the source said is overruled.

use super::draft::start_of;
use super::{credit, date, language};
use crate::article::{Article, Span};

/// The longest dateline, in bytes.
const LONGEST: usize = 110;
/// Lines after the headline that may hold a byline and a date.
const LINES: usize = 4;
/// The longest of these lines, in bytes.
const LINE: usize = 90;

/// Fills in what the source did not say.
pub fn complete(article: &mut Article) {
    let body = article.body.of(&article.text);
    let placed = body.lines().filter(|line| !line.trim().is_empty()).take(LINES).find_map(of);
    if article.meta.dateline.is_none() {
        article.meta.dateline = placed.map(str::to_owned);
    }
    if article.meta.date.is_none() && article.meta.date_raw.is_none() {
        let in_path = date::in_path(&article.path);
        let year = in_path.map(|date| date.year);
        let found = placed.and_then(|words| date::parse_in_year(words, year));
        // A dateline may be a day older than the page; the folder is the page's.
        article.meta.date = in_path.or(found);
    }
    article.meta.lang = match article.meta.lang.take() {
        Some(said) => language::code(&said).or(Some(said)),
        None => language::of(body).or_else(|| language::of(&article.text)).map(str::to_owned),
    };
    if article.meta.agency.is_none() {
        article.meta.agency = credit::of(article);
    }
}

/// Reads the byline and the date that stand on lines of their own between headline and body.
pub fn read_top(article: &mut Article) {
    let after = article.dek.or(article.headline).map_or(0, |span| span.end as usize);
    let top = Span { start: after as u32, end: article.body.end.max(after as u32) };
    let lines = top.of(&article.text).lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    let lines: Vec<String> = lines.take_while(|line| line.len() <= LINE).map(str::to_owned).collect();
    for line in lines {
        read_line(article, &line);
    }
}

/// Reads the byline or the date on a line, where the article has none.
pub fn read_line(article: &mut Article, line: &str) {
    let meta = &mut article.meta;
    if is_byline(line) {
        meta.byline.get_or_insert_with(|| line["By ".len()..].trim().to_owned());
    } else if meta.date.is_none() && is_date_line(line) {
        meta.date = date::parse(line);
        meta.date_raw = meta.date.map(|_| line.to_owned()).or(meta.date_raw.take());
    }
}

/// Returns whether a line is a byline or a date, and no line of the article.
pub fn is_top_line(line: &str) -> bool {
    line.len() <= LINE
        && (is_byline(line) || (is_date_line(line) && date::parse(line).is_some_and(|date| date.day > 0)))
}

fn is_byline(line: &str) -> bool {
    line.starts_with("By ") && !line.ends_with('.')
}

/// Returns an article with what its first lines say; `made`, when the file was made, is its date where nothing else is.
pub fn with_top(mut article: Article, made: Option<String>) -> Article {
    read_top(&mut article);
    if article.meta.date.is_none() && article.meta.date_raw.is_none() {
        article.meta.date = made.as_deref().and_then(date::parse);
        article.meta.date_raw = made;
    }
    article
}

/// Returns whether a line is little but a date: "Published Sept. 19, 2024, 4:05 p.m. ET".
fn is_date_line(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit())
        && line.split_ascii_whitespace().count() <= 10
        && !line.contains(['"', '“', '?'])
}

/// Returns the dateline that opens a paragraph, without the dash behind it: `WASHINGTON, Sept 19 (Reuters)`.
pub fn of(paragraph: &str) -> Option<&str> {
    let paragraph = paragraph.trim_start();
    let start = start_of(paragraph, LONGEST);
    let capitals = start.chars().take_while(|letter| letter.is_uppercase()).count();
    // One capital opens most lines, and makes a dateline only where an agency stands behind it.
    if capitals == 0 || (capitals == 1 && !start.contains(')')) {
        return None;
    }
    let line = start[..dash_in(start)?].trim_end();
    let agency = line.ends_with(')') && line.contains(" (");
    let known = (capitals >= 2 && is_place(line)) || (agency && line.split(' ').count() <= 6);
    Some(line).filter(|line| known && !line.is_empty())
}

/// Returns where the first dash stands, or the space before it; a hyphen is one between spaces, two are one behind a
/// space.
fn dash_in(start: &str) -> Option<usize> {
    let bytes = start.as_bytes();
    let spaced = |at: usize| at > 0 && bytes[at - 1] == b' ';
    let is_dash = |at: usize| match bytes[at] {
        b'-' => spaced(at) && matches!(bytes.get(at + 1), Some(b' ' | b'-')),
        _ => bytes[at..].starts_with("—".as_bytes()) || bytes[at..].starts_with("–".as_bytes()),
    };
    let at = (0..bytes.len()).find(|at| is_dash(*at))?;
    Some(if spaced(at) { at - 1 } else { at })
}

/// Returns whether words are places in capitals, a region, a day, an agency: no sentence.
fn is_place(line: &str) -> bool {
    let place = line.split([',', '(', '/']).next().unwrap_or_default().trim();
    let shouted =
        place.chars().all(|letter| !letter.is_lowercase()) && place.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let small = line.split(' ').filter(|word| word.starts_with(char::is_lowercase)).count();
    shouted && small <= 1 && line.split(' ').count() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_datelines() {
        for (paragraph, expected) in [
            ("WASHINGTON, Sept 19 (Reuters) — The council met.", Some("WASHINGTON, Sept 19 (Reuters)")),
            ("DOHA — A new round.", Some("DOHA")),
            ("    SALVADOR, Feb 26 - Showers continued", Some("SALVADOR, Feb 26")),
            ("GROSSETO, Italy (AP) -- The trial of the captain", Some("GROSSETO, Italy (AP)")),
            ("Paris (AFP) – Le conseil", Some("Paris (AFP)")),
            ("NEW YORK/LONDON, Sept 19 (Reuters) - Oil rose.", Some("NEW YORK/LONDON, Sept 19 (Reuters)")),
            ("The council — all of it — met.", None),
            ("NATO said on Monday that the plan — if it was one — had failed.", None),
            ("A man - and a dog.", None),
            ("IT — no, really.", None),
            ("", None),
        ] {
            assert_eq!(of(paragraph), expected, "{paragraph}");
        }
    }

    #[test]
    fn the_first_dash_of_any_kind_ends_it() {
        let pieces = ["a", " ", "-", "—", "–"];
        for number in 0..pieces.len().pow(6) {
            let start: String = (0..6).map(|at| pieces[number / pieces.len().pow(at) % pieces.len()]).collect();
            let dashes = [" —", " –", "—", " - ", " --", "–"].into_iter().filter_map(|dash| start.find(dash));
            assert_eq!(dash_in(&start), dashes.min(), "{start:?}");
        }
    }

    #[test]
    fn reads_the_lines_under_the_headline() {
        let text = "Head\n\nBy Ada Finch\nSept. 19, 2024, 4:05 p.m. ET\n\nThe 2 boats met.";
        let mut article = Article {
            text: text.to_owned(),
            headline: Some(Span::new(0, 4)),
            body: Span::new(6, text.len()),
            ..Article::default()
        };
        read_top(&mut article);
        assert_eq!(article.meta.byline.as_deref(), Some("Ada Finch"));
        assert_eq!(article.meta.date.map(|date| date.number()), Some(20_240_919));
        assert_eq!(article.meta.date_raw.as_deref(), Some("Sept. 19, 2024, 4:05 p.m. ET"));
    }
}
