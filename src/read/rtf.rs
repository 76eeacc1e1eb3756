//! RTF: the words of a document, without its fonts, styles, pictures and fields. An export of a news database gives its
//! articles, anything else one article whose first paragraph is the headline.
//!
//! Read by hand after Microsoft's specification 1.9.1: groups, control words, bytes of a code page, Unicode.

use std::io::{self, Read};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::draft::{Draft, too_large};
use super::{ARTICLE_LIMIT, Each, Head, Input, Source, dateline, export};
use crate::problem::Reason;

/// The largest file, in bytes: pictures count.
const FILE_LIMIT: usize = 64 << 20;
/// How deep groups may lie in one another.
const DEPTH: usize = 1_000;
/// Groups that are no text.
const SILENT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "fldinst",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "bkmkstart",
    "bkmkend",
    "annotation",
    "atnid",
    "atnauthor",
    "listtext",
    "pntext",
    "nonshppict",
    "filetbl",
    "template",
    "operator",
    "private",
];

/// Returns whether a file is RTF.
pub fn sniff(head: &Head<'_>) -> bool {
    head.start.starts_with(b"{\\rtf")
}

/// Reads a document.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > FILE_LIMIT {
        let detail = format!("is over {} MB, the limit for one RTF document", FILE_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(());
    }
    let words = Words::of(&bytes);
    if words.out.len() > ARTICLE_LIMIT {
        each(Err(too_large(source, None)));
        return Ok(());
    }
    if let Some(detail) = words.trouble {
        each(Err(source.problem(None, Reason::Malformed, detail)));
    }
    let paragraphs = words.out.split('\n').map(|line| line.replace('\u{b}', "\n")).map(|line| line.trim().to_owned());
    let paragraphs: Vec<String> = paragraphs.collect();
    let filled = || paragraphs.iter().filter(|line| !line.is_empty());
    match export::drafts(&export::lines_between(paragraphs.iter().cloned())) {
        Some(drafts) => export::give(drafts, source, each),
        None => {
            let headline = filled().next().map(|line| line.replace('\n', " "));
            let body = filled().skip(1).cloned().collect::<Vec<_>>().join("\n\n");
            let draft = Draft { headline, body, ..Draft::default() };
            each(draft.article(source).map(|article| dateline::with_top(article, words.made)));
        }
    }
    Ok(())
}

/// What holds for a group, and for those in it.
#[derive(Clone, Copy)]
struct Group {
    silent: bool,
    /// How many letters of an older program follow each Unicode letter.
    skip: usize,
}

/// The words of a document as they are found; paragraphs end with a line feed, lines with a vertical tab.
struct Words {
    out: String,
    /// When the document was made.
    made: Option<String>,
    /// What is wrong, in one clause.
    trouble: Option<String>,
    encoding: &'static Encoding,
    /// Bytes of a code page that wait for the ones behind them.
    held: Vec<u8>,
    /// Letters of an older program still to pass over.
    to_skip: usize,
    high: Option<u16>,
}

impl Words {
    fn of(bytes: &[u8]) -> Words {
        let mut words = Words {
            out: String::new(),
            made: None,
            trouble: None,
            encoding: WINDOWS_1252,
            held: Vec::new(),
            to_skip: 0,
            high: None,
        };
        let mut groups = vec![Group { silent: false, skip: 1 }];
        let mut rest = bytes;
        while let Some((byte, behind)) = rest.split_first() {
            rest = behind;
            match byte {
                b'{' => {
                    words.flush();
                    words.to_skip = 0;
                    if groups.len() > DEPTH {
                        words.trouble = Some(format!("nests groups over {DEPTH} deep; the rest was not read"));
                        break;
                    }
                    groups.extend(groups.last().copied());
                }
                b'}' => {
                    words.flush();
                    words.to_skip = 0;
                    if groups.len() > 1 {
                        groups.pop();
                    }
                }
                b'\\' => rest = words.control(behind, &mut groups),
                b'\r' | b'\n' => {}
                _ => words.byte(*byte, &groups),
            }
        }
        words.flush();
        if words.trouble.is_none() && groups.len() > 1 {
            words.trouble = Some("ends inside of a group; what came before was read".to_owned());
        }
        words
    }

    /// Adds a byte of text.
    fn byte(&mut self, byte: u8, groups: &[Group]) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if groups.last().is_some_and(|group| !group.silent) {
            self.held.push(byte);
        }
    }

    /// Decodes what is held.
    fn flush(&mut self) {
        if !self.held.is_empty() {
            self.out.push_str(&self.encoding.decode_without_bom_handling(&self.held).0);
            self.held.clear();
        }
    }

    fn letter(&mut self, letter: char, groups: &[Group]) {
        if groups.last().is_some_and(|group| !group.silent) {
            self.flush();
            self.out.push(letter);
        }
    }

    /// Obeys what follows a backslash, and returns what follows that.
    fn control<'b>(&mut self, rest: &'b [u8], groups: &mut [Group]) -> &'b [u8] {
        let Some(first) = rest.first() else { return rest };
        if !first.is_ascii_alphabetic() {
            let behind = &rest[1..];
            match first {
                b'\'' => {
                    let code =
                        behind.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
                    if let Some(byte) = code {
                        self.byte(byte, groups);
                    }
                    return behind.get(2..).unwrap_or_default();
                }
                b'*' => self.set_silent(groups),
                b'~' => self.letter('\u{a0}', groups),
                b'_' => self.letter('\u{2011}', groups),
                b'\n' | b'\r' => self.letter('\n', groups),
                b'\\' | b'{' | b'}' => self.byte(*first, groups),
                _ => {}
            }
            return behind;
        }
        let length = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let mut behind = &rest[length..];
        let signs = usize::from(behind.first() == Some(&b'-'));
        let digits = behind[signs..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&behind[..signs + digits]).ok().and_then(|number| number.parse::<i64>().ok());
        if digits > 0 {
            behind = &behind[signs + digits..];
        }
        behind = behind.strip_prefix(b" ").unwrap_or(behind);
        match (name, number) {
            ("bin", Some(size)) => return behind.get(usize::try_from(size).unwrap_or(0)..).unwrap_or_default(),
            ("u", Some(code)) => self.unicode(code as u16, groups),
            ("uc", Some(count)) => {
                if let Some(group) = groups.last_mut() {
                    group.skip = usize::try_from(count).unwrap_or(1).min(16);
                }
            }
            ("ansicpg", Some(page)) => self.encoding = code_page(page),
            ("mac", _) => self.encoding = encoding_rs::MACINTOSH,
            ("creatim", _) => self.made = made(behind),
            _ if SILENT.contains(&name) => self.set_silent(groups),
            _ => {
                if let Some(letter) = letter_of(name) {
                    self.letter(letter, groups);
                }
            }
        }
        behind
    }

    fn set_silent(&mut self, groups: &mut [Group]) {
        if let Some(group) = groups.last_mut() {
            group.silent = true;
        }
    }

    /// Adds a letter by its UTF-16 number; two of them may be one letter.
    fn unicode(&mut self, code: u16, groups: &[Group]) {
        self.to_skip = groups.last().map_or(1, |group| group.skip);
        let units = match self.high.take() {
            Some(high) => vec![high, code],
            None if (0xD800..0xDC00).contains(&code) => {
                self.high = Some(code);
                return;
            }
            None => vec![code],
        };
        for letter in char::decode_utf16(units) {
            self.letter(letter.unwrap_or(char::REPLACEMENT_CHARACTER), groups);
        }
    }
}

/// Returns the letter that a control word stands for.
fn letter_of(name: &str) -> Option<char> {
    Some(match name {
        "par" | "sect" | "page" | "row" | "cell" => '\n',
        "line" => '\u{b}',
        "tab" => '\t',
        "emdash" => '—',
        "endash" => '–',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "bullet" => '•',
        "emspace" | "enspace" | "qmspace" => ' ',
        _ => return None,
    })
}

fn code_page(number: i64) -> &'static Encoding {
    let label = match number {
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        65_001 => "utf-8".to_owned(),
        1250..=1258 => format!("windows-{number}"),
        _ => return WINDOWS_1252,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// Returns the day that follows `\creatim`: `\yr2024\mo9\dy19`.
fn made(rest: &[u8]) -> Option<String> {
    let rest = String::from_utf8_lossy(&rest[..rest.len().min(80)]).into_owned();
    let number = |name: &str| -> Option<u32> {
        let at = rest.find(name)? + name.len();
        rest[at..].split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
    };
    Some(format!("{:04}-{:02}-{:02}", number("\\yr")?, number("\\mo")?, number("\\dy")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rtf: &str, expected: &str) {
        let words = Words::of(rtf.as_bytes());
        assert_eq!((words.out.as_str(), words.trouble), (expected, None), "{rtf}");
    }

    #[test]
    fn reads_words() {
        check(r"{\rtf1\ansi A \b bold\b0  word\par Next}", "A bold word\nNext");
        check(r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\x no}Caf\'e9 \{x\}}", "Café {x}");
        check(r"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本");
        check(r"{\rtf1\uc1 \u8220?Ja\u8221? {\uc2\u233 ab}c\u-10179?\u-8704?}", "“Ja” éc😀");
        check(r"{\rtf1 a\emdash b\~c\line d\rquote s\tab e}", "a—b\u{a0}c\u{b}d’s\te");
        check("{\\rtf1 a\\bin3 {}}b\\\nc}", "ab\nc");
        check(r"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt here}}}", "here");
    }

    #[test]
    fn says_what_is_wrong() {
        let trouble = |rtf: &str| Words::of(rtf.as_bytes()).trouble;
        assert_eq!(trouble(r"{\rtf1 a{b"), Some("ends inside of a group; what came before was read".to_owned()));
        assert_eq!(trouble(&"{".repeat(5_000)), Some("nests groups over 1000 deep; the rest was not read".to_owned()));
    }
}
