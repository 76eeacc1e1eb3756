//! Colours, and text made harmless for a terminal.
//!
//! In: words and what they are. Out: the same words with escape sequences of our own and none of theirs.
//! Deliberately knows nothing about lines; `flow` breaks them.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style as Ansi};

/// What a piece of text is; its colour follows from that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Running text.
    #[default]
    Plain,
    /// A headline.
    Strong,
    /// What helps to find one's way and is not read: places, borders, counts.
    Faint,
    /// Words that matched.
    Mark,
    /// Who speaks.
    Speaker,
    /// What is quoted, inside an article.
    Quote,
}

impl Paint {
    /// Returns the escape sequences of the paint.
    pub fn ansi(self) -> Ansi {
        match self {
            Paint::Plain => Ansi::new(),
            Paint::Strong => Ansi::new().bold(),
            Paint::Faint => Ansi::new().dimmed(),
            Paint::Mark => AnsiColor::Red.on_default().bold(),
            Paint::Speaker => AnsiColor::Cyan.on_default(),
            Paint::Quote => AnsiColor::Green.on_default(),
        }
    }
}

/// Returns a character as it may be shown: control characters as their pictures, so that a stranger's text cannot
/// command the terminal; nothing for those that only turn the direction of what follows.
pub fn harmless(letter: char) -> Option<char> {
    match letter {
        '\u{0}'..='\u{1F}' => char::from_u32(0x2400 + u32::from(letter)),
        '\u{7F}' => Some('\u{2421}'),
        '\u{80}'..='\u{9F}' => Some('\u{FFFD}'),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        _ => Some(letter),
    }
}

/// Returns the text without anything a terminal would obey, on one line.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| harmless(letter) == Some(letter)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(harmless).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text), expected);
    }

    #[test]
    fn makes_text_harmless() {
        check("plain “text” – naïve 停戦", "plain “text” – naïve 停戦");
        check("\u{1b}[31mred\u{1b}]0;title\u{7}", "␛[31mred␛]0;title␇");
        check("a\nb\tc\u{7f}", "a␊b␉c␡");
        check("\u{9b}2J", "\u{FFFD}2J");
        check("abc\u{202e}txt.exe", "abctxt.exe");
    }
}
