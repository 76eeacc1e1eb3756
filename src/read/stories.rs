//! A page of several stories, as newsletters are: which headings start one, and where it ends.
//!
//! In: blocks of a page, or of plain text. Out: stories with a headline and paragraphs. A heading counts when it has
//! words enough and prose below it; the kind of heading that most stories stand under is the one that splits.

use super::date;
use super::markup::Block;

/// The fewest words of a headline, and its longest length in characters.
const HEADLINE_WORDS: usize = 3;
const HEADLINE_LIMIT: usize = 220;
/// The fewest characters of prose below a headline.
const PROSE: usize = 80;
/// What is said at the end of newsletters, in lower case.
const FOOTERS: &[&str] = &[
    "unsubscribe",
    "you are receiving this",
    "you're receiving this",
    "you received this",
    "you get this mail",
    "you get this email",
    "because you signed up",
    "because you subscribed",
    "manage your preferences",
    "update your preferences",
    "email preferences",
    "view in browser",
    "view in your browser",
    "view this email",
    "having trouble viewing",
    "was this forwarded",
    "forward this email",
    "privacy policy",
    "all rights reserved",
];
/// What leads on to the whole story, in lower case.
const LEADS_ON: &[&str] = &[
    "read on",
    "read more",
    "read the full",
    "full story",
    "continue reading",
    "more:",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "leer más",
    "leia mais",
];

/// A story of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Story {
    pub headline: String,
    /// The heading of the part of the page that it stands in.
    pub section: Option<String>,
    /// Where the whole of it is.
    pub url: Option<String>,
    /// A line of its own with a date, as printed.
    pub date_raw: Option<String>,
    pub paragraphs: Vec<String>,
}

/// Returns the stories on a page; none where its headings do not tell two of them apart. Half of them at least lead on
/// to where they are whole: the headings of one long article do not.
pub fn split(blocks: &[Block]) -> Vec<Story> {
    // The smallest level is the largest heading; 7 stands for a line that is bold, linked or in capitals as a whole.
    let best = (1..=7).map(|level| under(blocks, level)).max_by_key(Vec::len);
    let lead_on =
        |stories: &Vec<Story>| stories.iter().filter(|story| story.url.is_some()).count() * 2 >= stories.len();
    best.filter(|stories| stories.len() > 1 && lead_on(stories)).unwrap_or_default()
}

/// Returns the stories under headings of a level.
fn under(blocks: &[Block], level: u8) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let mut open: Option<Story> = None;
    let mut section = None;
    let mut close = |open: Option<Story>| stories.extend(open.filter(holds_prose));
    for block in blocks {
        let rank = rank(block);
        if rank == level && is_headline(&block.text) {
            close(open.take());
            let (headline, url) = (one_line(&block.text), block.link.clone());
            open = Some(Story { headline, section: section.clone(), url, ..Story::default() });
        } else if rank != 0 && rank <= level {
            close(open.take());
            section = Some(one_line(&block.text)).filter(|words| words.len() < 60);
        } else if is_footer(&block.text) {
            close(open.take());
        } else if let Some(story) = &mut open {
            add(story, block);
        }
    }
    close(open);
    stories
}

/// Adds what stands below a headline.
fn add(story: &mut Story, block: &Block) {
    let start: String = block.text.chars().take(24).flat_map(char::to_lowercase).collect();
    let leads_on = block.text.len() < 300 && LEADS_ON.iter().any(|words| start.starts_with(words));
    let linked = block.linked * 10 > block.text.len() * 9 && block.text.len() < 160;
    if leads_on || linked {
        let address = block.text.find("http").map(|at| block.text[at..].replace('\n', ""));
        let address = address.map(|words| words.split([' ', '>', ')', ']']).next().unwrap_or_default().to_owned());
        story.url = story.url.take().or_else(|| block.link.clone()).or(address);
        return;
    }
    let is_date = story.paragraphs.is_empty() && story.date_raw.is_none() && is_date(&block.text);
    if is_date {
        story.date_raw = Some(one_line(&block.text));
    } else {
        story.paragraphs.push(block.text.clone());
    }
}

/// Returns whether a line is a date and little else.
fn is_date(line: &str) -> bool {
    line.len() < 60
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && date::parse(line).is_some_and(|date| date.day > 0)
}

/// Returns the level of a heading, 7 for a line that is set off as one; 0 for everything else.
fn rank(block: &Block) -> u8 {
    if block.heading > 0 {
        return block.heading;
    }
    let whole = block.strong.max(block.linked) * 10 >= block.text.len() * 9;
    let ends = block.text.trim_end().ends_with(['.', '!', ':', ',', ';']);
    if whole && !ends && is_headline(&block.text) { 7 } else { 0 }
}

fn is_headline(words: &str) -> bool {
    let start: String = words.chars().take(24).flat_map(char::to_lowercase).collect();
    words.split_whitespace().count() >= HEADLINE_WORDS
        && words.chars().count() <= HEADLINE_LIMIT
        && !LEADS_ON.iter().any(|known| start.starts_with(known))
        && !is_footer(words)
}

fn holds_prose(story: &Story) -> bool {
    story.paragraphs.iter().map(|words| words.chars().count()).sum::<usize>() >= PROSE
}

/// Returns whether a block is what newsletters say about themselves.
pub fn is_footer(words: &str) -> bool {
    let small = words.to_lowercase();
    words.len() < 400 && FOOTERS.iter().any(|footer| small.contains(footer))
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a headline in capitals as the subject writes it, where that starts with it.
pub fn as_cased(headline: String, subject: Option<&str>) -> String {
    let Some(subject) = subject.filter(|_| !headline.chars().any(char::is_lowercase)) else { return headline };
    let mut letters = subject.chars();
    let mut taken = 0;
    for wanted in headline.chars() {
        match letters.next() {
            Some(letter) if letter.to_lowercase().eq(wanted.to_lowercase()) => taken += letter.len_utf8(),
            _ => return headline,
        }
    }
    subject[..taken].to_owned()
}

/// Returns the paragraphs of plain text, its wrapped lines joined. A paragraph in capitals, one with a line of signs
/// below it and one behind `#` are headings.
pub fn blocks_of_text(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = true;
    for line in text.lines() {
        let line = line.trim();
        let marks = line.chars().all(|letter| "=-_*~#—─".contains(letter));
        if line.is_empty() || marks {
            if let Some(last) = blocks.last_mut().filter(|_| !line.is_empty() && !fresh && line.len() > 2) {
                last.heading = 7;
            }
            fresh = true;
            continue;
        }
        let item = line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ");
        match blocks.last_mut().filter(|_| !fresh && !item) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(line);
            }
            None => blocks.push(Block { text: line.to_owned(), listed: item, ..Block::default() }),
        }
        fresh = false;
    }
    for block in &mut blocks {
        let bare = block.text.trim_start_matches('#');
        let marked = bare.len() < block.text.len() && bare.starts_with(' ');
        let letters = block.text.chars().filter(|letter| letter.is_alphabetic()).count();
        let shouted = letters > 7 && !block.text.chars().any(char::is_lowercase);
        if marked || shouted {
            block.heading = 7;
        }
        if marked {
            block.text = bare.trim().to_owned();
        }
        if block.heading == 7 && block.text.chars().count() > HEADLINE_LIMIT {
            block.heading = 0;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;
    use crate::read::markup;

    const PROSE_OF_THE_FERRY: &str =
        "The night ferry will sail through the winter, the council decided after a meeting of two hours.";

    fn check(blocks: &[Block], expected: &[(&str, Option<&str>)]) {
        let found = split(blocks);
        let found: Vec<_> = found.iter().map(|story| (story.headline.as_str(), story.section.as_deref())).collect();
        assert_eq!(found, expected);
    }

    fn page(html: &str) -> Vec<Block> {
        markup::blocks(&Document::from(html).root(), &|_| false)
    }

    #[test]
    fn splits_at_the_headings_that_stories_stand_under() {
        let p = format!("<p>{PROSE_OF_THE_FERRY}</p>");
        check(
            &page(&format!(
                "<h1>The Post</h1><h2>World</h2><h3><a href='a'>Talks go on</a></h3>{p}<h3>A second story</h3>{p}\
                <p><a href='b'>Read more</a></p><p>x</p>\
                <h2>Town</h2><h3>The ferry stays afloat</h3>{p}<h3>In brief</h3><p>Unsubscribe here</p>{p}"
            )),
            &[
                ("Talks go on", Some("World")),
                ("A second story", Some("World")),
                ("The ferry stays afloat", Some("Town")),
            ],
        );
        check(
            &page(&format!(
                "<table><tr><td><b>One bold headline</b></td></tr><tr><td>{p}</td></tr><tr><td>\
                <a href='https://example.org/2'>Another linked headline</a></td></tr><tr><td>{p}</td></tr></table>"
            )),
            &[("One bold headline", None), ("Another linked headline", None)],
        );
        check(&page(&format!("<h1>One story only</h1>{p}{p}")), &[]);
        check(
            &page(&format!("<h2>One long article</h2>{p}<h2>With a second part</h2>{p}<h2>And a third part</h2>{p}")),
            &[],
        );
        check(&page(&format!("<h2>A story at length</h2>{p}<h2>Its second part</h2><p>Short.</p>")), &[]);
    }

    #[test]
    fn splits_plain_text() {
        let text = format!(
            "Good morning.\n\nCOUNCIL KEEPS THE\nNIGHT FERRY\n\n19 September 2024\n\n{PROSE_OF_THE_FERRY}\n\n\
             Read on: https://example.org/ferry\n\nBells ring again\n----------------\n\n{PROSE_OF_THE_FERRY}\n\nTo unsubscribe, write to us."
        );
        let found = split(&blocks_of_text(&text));
        let expected = [
            Story {
                headline: "COUNCIL KEEPS THE NIGHT FERRY".to_owned(),
                url: Some("https://example.org/ferry".to_owned()),
                date_raw: Some("19 September 2024".to_owned()),
                paragraphs: vec![PROSE_OF_THE_FERRY.to_owned()],
                section: None,
            },
            Story {
                headline: "Bells ring again".to_owned(),
                paragraphs: vec![PROSE_OF_THE_FERRY.to_owned()],
                ..Story::default()
            },
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn takes_the_case_from_the_subject() {
        for (headline, subject, expected) in [
            ("FERRY STAYS", "Ferry stays and two more", "Ferry stays"),
            ("FERRY STAYS", "Talks end", "FERRY STAYS"),
            ("Ferry Stays", "ferry stays", "Ferry Stays"),
        ] {
            assert_eq!(as_cased(headline.to_owned(), Some(subject)), expected);
        }
    }
}
