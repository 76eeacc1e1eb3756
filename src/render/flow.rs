//! Lays painted words out in lines of a terminal's width.
//!
//! In: pieces of text with their paint, and how far to indent. Out: lines. White space runs together to one space;
//! lines break there and between wide characters; a longer word stays whole, so that it can be copied. Deliberately
//! knows neither articles nor quotes.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Style;
use super::paint::{Paint, harmless};

/// A piece of text and what it is.
pub type Piece<'t> = (Paint, &'t str);

/// How many columns stay empty on the left.
#[derive(Clone, Copy, Debug, Default)]
pub struct Indent {
    /// Of the first line, as far as it is not written yet.
    pub first: usize,
    /// Columns of the first line that are written already.
    pub taken: usize,
    /// Of every line after it.
    pub rest: usize,
}

impl Indent {
    /// Returns the same indent for every line.
    pub fn all(columns: usize) -> Indent {
        Indent { first: columns, taken: 0, rest: columns }
    }

    /// Returns the indent of a line of which as many columns are written; the others start below its words.
    pub fn after(columns: usize) -> Indent {
        Indent { first: 0, taken: columns, rest: columns }
    }
}

/// Writes text for a person.
pub struct Pen<'w> {
    out: &'w mut dyn Write,
    style: Style,
    /// The paint that is switched on.
    paint: Paint,
    /// Where the words lead that are written now.
    link: Option<String>,
    /// Whether the terminal was told so on this line.
    linked: bool,
}

impl<'w> Pen<'w> {
    /// Returns a pen on a writer.
    pub fn new(style: Style, out: &'w mut dyn Write) -> Pen<'w> {
        Pen { out, style, paint: Paint::Plain, link: None, linked: false }
    }

    /// Writes the pieces as one paragraph with a line end.
    pub fn flow(&mut self, indent: Indent, pieces: &[Piece<'_>]) -> io::Result<()> {
        let mut lines = Lines { column: indent.taken, fresh: true, space: false, indent, word: Word::default() };
        for &(paint, text) in pieces {
            for letter in text.chars() {
                if letter.is_whitespace() && !is_fixed_space(letter) {
                    self.place(&mut lines)?;
                    lines.space = true;
                } else if let Some(letter) = harmless(letter) {
                    if breaks_before(letter) {
                        self.place(&mut lines)?;
                    }
                    lines.word.push(paint, letter);
                }
            }
        }
        self.place(&mut lines)?;
        self.end_line()
    }

    /// Writes the finished word, on a new line where it does not fit.
    fn place(&mut self, lines: &mut Lines) -> io::Result<()> {
        if lines.word.parts.is_empty() {
            return Ok(());
        }
        let word = std::mem::take(&mut lines.word);
        let width = word.width();
        let gap = usize::from(lines.space && !lines.fresh);
        if lines.fresh {
            self.pad(lines.indent.first)?;
            lines.column += lines.indent.first;
        } else if self.style.width.is_some_and(|limit| lines.column + gap + width > limit) {
            self.end_line()?;
            self.pad(lines.indent.rest)?;
            lines.column = lines.indent.rest;
        } else if gap > 0 {
            let next = word.parts[0].0;
            if self.paint != next {
                self.switch(Paint::Plain)?;
            }
            self.out.write_all(b" ")?;
            lines.column += 1;
        }
        self.open_link()?;
        for (paint, letters) in &word.parts {
            self.switch(*paint)?;
            self.out.write_all(letters.as_bytes())?;
        }
        lines.column += width;
        lines.fresh = false;
        lines.space = false;
        Ok(())
    }

    /// Writes text as it is, on the current line, made harmless.
    pub fn put(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        self.open_link()?;
        self.switch(paint)?;
        self.out.write_all(super::clean(text).as_bytes())
    }

    /// Writes a whole line.
    pub fn line(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        self.put(paint, text)?;
        self.end_line()
    }

    /// Writes a border with a few words in it, as wide as the page.
    pub fn border(&mut self, words: &str) -> io::Result<()> {
        let taken = words.width() + 4;
        let rest = self.style.width.map_or(2, |limit| limit.saturating_sub(taken).max(2));
        self.line(Paint::Faint, &format!("── {words} {}", "─".repeat(rest)))
    }

    /// Ends the line, with colours off.
    pub fn end_line(&mut self) -> io::Result<()> {
        self.close_link()?;
        self.switch(Paint::Plain)?;
        self.out.write_all(b"\n")
    }

    /// Makes what is written next lead to an address, until [`Pen::unlink`].
    pub fn link(&mut self, address: Option<String>) {
        self.link = address;
    }

    /// Ends the link.
    pub fn unlink(&mut self) -> io::Result<()> {
        self.close_link()?;
        self.link = None;
        Ok(())
    }

    fn open_link(&mut self) -> io::Result<()> {
        if let (Some(address), false) = (&self.link, self.linked) {
            write!(self.out, "\u{1b}]8;;{address}\u{1b}\\")?;
            self.linked = true;
        }
        Ok(())
    }

    fn close_link(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.linked) {
            self.out.write_all(b"\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }

    /// Returns the folder from which links see files, where there are links.
    pub fn links(&self) -> Option<&'static str> {
        self.style.links
    }

    /// Leaves columns empty.
    pub fn pad(&mut self, columns: usize) -> io::Result<()> {
        write!(self.out, "{:columns$}", "")
    }

    /// Returns the columns of a line; nothing where lines do not end.
    pub fn width(&self) -> Option<usize> {
        self.style.width
    }

    /// Returns whether scores are shown.
    pub fn shows_scores(&self) -> bool {
        self.style.scores
    }

    fn switch(&mut self, paint: Paint) -> io::Result<()> {
        if self.paint != paint && self.style.colour {
            write!(self.out, "{:#}{}", self.paint.ansi(), paint.ansi())?;
        }
        self.paint = paint;
        Ok(())
    }
}

/// Where the next word goes.
struct Lines {
    column: usize,
    /// Nothing stands on the first line yet.
    fresh: bool,
    /// White space stands before the next word.
    space: bool,
    indent: Indent,
    word: Word,
}

/// Letters that stay on one line.
#[derive(Default)]
struct Word {
    parts: Vec<(Paint, String)>,
}

impl Word {
    fn push(&mut self, paint: Paint, letter: char) {
        match self.parts.last_mut() {
            Some((last, letters)) if *last == paint => letters.push(letter),
            _ => self.parts.push((paint, String::from(letter))),
        }
    }

    fn width(&self) -> usize {
        self.parts.iter().map(|(_, letters)| letters.width()).sum()
    }
}

/// Returns whether a space must not end a line.
fn is_fixed_space(letter: char) -> bool {
    matches!(letter, '\u{A0}' | '\u{202F}' | '\u{2007}')
}

/// Returns whether a line may break before a character though no space is there: scripts written without spaces.
/// Marks that close or pause stay with what they close.
fn breaks_before(letter: char) -> bool {
    letter.width() == Some(2)
        && u32::from(letter) < 0x1_F000
        && !"、。，．！？：；）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょァィゥェォッャュョ".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flowed(style: Style, indent: Indent, pieces: &[Piece<'_>]) -> String {
        let mut out = Vec::new();
        Pen::new(style, &mut out).flow(indent, pieces).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn check(width: usize, indent: usize, text: &str, expected: &str) {
        let style = Style { width: Some(width), ..Style::default() };
        assert_eq!(flowed(style, Indent::all(indent), &[(Paint::Plain, text)]), expected);
    }

    #[test]
    fn breaks_lines_at_spaces() {
        check(10, 0, "one two three four", "one two\nthree four\n");
        check(10, 2, "one two  three\nfour", "  one two\n  three\n  four\n");
        check(4, 0, "unbreakable", "unbreakable\n");
        check(9, 0, "10\u{a0}000 people", "10\u{a0}000\npeople\n");
        check(9, 0, "", "\n");
    }

    #[test]
    fn measures_every_script() {
        check(8, 0, "停戦交渉が再開した。", "停戦交渉\nが再開し\nた。\n");
        check(6, 0, "e\u{301}te\u{301} chaud", "e\u{301}te\u{301}\nchaud\n");
        check(5, 0, "👩‍👩‍👧 ab cd", "👩‍👩‍👧 ab\ncd\n");
    }

    #[test]
    fn leaves_long_lines_without_a_width() {
        let text = "word ".repeat(100);
        assert_eq!(flowed(Style::default(), Indent::all(0), &[(Paint::Plain, &text)]), format!("{}\n", text.trim()));
    }

    #[test]
    fn paints_across_words_and_never_across_lines() {
        let style = Style { colour: true, width: Some(12), ..Style::default() };
        let painted = flowed(
            style,
            Indent::all(0),
            &[(Paint::Plain, "a "), (Paint::Strong, "bold one line"), (Paint::Plain, ".")],
        );
        assert_eq!(painted, "a \u{1b}[1mbold one\u{1b}[0m\n\u{1b}[1mline\u{1b}[0m.\n");
    }

    #[test]
    fn shows_escapes_harmlessly() {
        check(40, 0, "a\u{1b}[2Jb\rc", "a␛[2Jb c\n");
    }
}
