//! What stands between quotation marks.
//!
//! Double marks of every style, the `''` of wire copy, and single ones outside them. A run never leaves its
//! paragraph: a quotation over several has an opening mark on each and a closing one on the last. An opening mark
//! before the last one is closed ends the last one there; a closing mark without an opening one is passed over.

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token, key};
use crate::article::Span;

/// A stretch between two marks.
#[derive(Clone, Debug)]
pub struct Run {
    /// What stands between the marks, in bytes.
    pub span: Span,
    /// The tokens between the marks.
    pub first: usize,
    /// The token behind the last one between the marks.
    pub last: usize,
    /// Whether a mark closes it.
    pub closed: bool,
    /// Whether its marks are single.
    pub single: bool,
    /// The number of its paragraph.
    pub paragraph: usize,
}

impl Run {
    /// Returns the token of the opening mark.
    pub fn open(&self) -> usize {
        self.first.saturating_sub(1)
    }

    /// Returns the token behind the closing mark.
    pub fn behind(&self) -> usize {
        self.last + usize::from(self.closed)
    }
}

/// Returns whether one of the runs holds a token.
pub fn holding(runs: &[Run], token: usize) -> bool {
    let after = runs.partition_point(|run| run.last <= token);
    runs.get(after).is_some_and(|run| run.first <= token)
}

/// Returns the runs of an article, in order.
pub fn runs(reading: &Reading<'_>) -> Vec<Run> {
    let mut runs = Vec::with_capacity(reading.paragraphs.len());
    for (number, paragraph) in reading.paragraphs.iter().enumerate() {
        let tokens = paragraph.tokens.clone();
        let (mut outside, mut open) = (tokens.start, None);
        for (at, token) in tokens.clone().zip(&reading.tokens[tokens.clone()]) {
            if !token.looks(Shape::MARK) || is_inch(reading, at) {
                continue;
            }
            let (opens, closes) = (may_open(reading, at), may_close(reading, at));
            match open {
                None if opens => {
                    singles(reading, outside, at, number, &mut runs);
                    open = Some(at);
                }
                None => {}
                Some(from) if opens && !closes => {
                    push(reading, from, at, false, number, &mut runs);
                    open = Some(at);
                }
                Some(from) => {
                    push(reading, from, at, true, number, &mut runs);
                    (open, outside) = (None, at + 1);
                }
            }
        }
        match open {
            Some(from) => push(reading, from, tokens.end, false, number, &mut runs),
            None => singles(reading, outside, tokens.end, number, &mut runs),
        }
    }
    runs
}

/// Adds the run between an opening mark and what ends it.
fn push(reading: &Reading<'_>, open: usize, end: usize, closed: bool, paragraph: usize, runs: &mut Vec<Run>) {
    if end > open + 1 {
        let span = reading.span(open + 1..end);
        runs.push(Run { span, first: open + 1, last: end, closed, single: false, paragraph });
    }
}

/// Returns whether a straight mark stands for inches or seconds: right behind a digit with nothing open.
fn is_inch(reading: &Reading<'_>, at: usize) -> bool {
    // "…in 1987" closes a quotation; 6'2" does not.
    let number = at >= 2 && reading.tokens[at - 1].looks(Shape::NUMBER);
    number && reading.word(at) == "\"" && glued(reading, at) && matches!(reading.word(at - 2), "'" | "’" | "′")
}

fn may_open(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    match reading.word(at).chars().next() {
        Some('“' | '„' | '‟' | '`') => return true,
        Some('«') => return true,
        Some('”' | '»') => return !token.looks(Shape::GLUED) && glued_behind(reading, at),
        _ => {}
    }
    let behind_word = token.looks(Shape::GLUED) && at > 0 && {
        let before = &reading.tokens[at - 1];
        before.looks(Shape::WORD)
            || before.looks(Shape::NUMBER)
            || before.sign('.')
            || before.sign(',')
            || before.sign('?')
            || before.sign('!')
    };
    !behind_word && glued_behind(reading, at)
}

fn may_close(reading: &Reading<'_>, at: usize) -> bool {
    match reading.word(at).chars().next() {
        Some('“' | '„' | '‟' | '`') => glued(reading, at) && !glued_behind(reading, at),
        Some('«') => false,
        Some('”' | '»') => true,
        _ => glued(reading, at) || !glued_behind(reading, at),
    }
}

fn glued(reading: &Reading<'_>, at: usize) -> bool {
    reading.tokens[at].looks(Shape::GLUED) && !reading.tokens[at].looks(Shape::LINE_START)
}

/// Returns whether the next token follows without white space.
fn glued_behind(reading: &Reading<'_>, at: usize) -> bool {
    reading.get(at + 1).is_some_and(|next| next.looks(Shape::GLUED) && !next.looks(Shape::LINE_START))
}

/// Adds the runs between single marks among the tokens outside double ones.
fn singles(reading: &Reading<'_>, from: usize, to: usize, paragraph: usize, runs: &mut Vec<Run>) {
    let mut at = from;
    while let Some(next) = reading.tokens[at..to].iter().position(|token| token.looks(Shape::SINGLE_MARK)) {
        at += next;
        if !opens_single(reading, at) {
            at += 1;
            continue;
        }
        let end = to.min(at + 80);
        let close = (at + 2..end).find(|close| closes_single(reading, *close));
        let Some(close) = close else {
            at += 1;
            continue;
        };
        let span = reading.span(at + 1..close);
        runs.push(Run { span, first: at + 1, last: close, closed: true, single: true, paragraph });
        at = close + 1;
    }
}

fn opens_single(reading: &Reading<'_>, at: usize) -> bool {
    let opening = matches!(reading.word(at), "'" | "‘" | "‚" | "‹");
    let free = !glued(reading, at)
        || at > 0
            && (reading.tokens[at - 1].sign('(')
                || reading.tokens[at - 1].sign('—')
                || reading.tokens[at - 1].looks(Shape::MARK));
    let elision = reading.get(at + 1).is_some_and(is_elision);
    opening && free && glued_behind(reading, at) && !elision
}

fn closes_single(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    token.looks(Shape::SINGLE_MARK) && matches!(reading.word(at), "'" | "’" | "›") && glued(reading, at) && {
        let next_is_word = glued_behind(reading, at) && reading.tokens[at + 1].looks(Shape::WORD);
        // "the workers' rights": a plural's apostrophe closes nothing while a noun follows.
        let plural = at > 0
            && reading.word(at - 1).ends_with('s')
            && reading
                .get(at + 1)
                .is_some_and(|next| next.looks(Shape::WORD) && !next.is(Class::FUNCTION) && !next.is(Class::SPEECH));
        !next_is_word && !plural
    }
}

/// Returns whether a word is one that loses its head: 'em, 'til, '90s.
fn is_elision(token: &Token) -> bool {
    const WORDS: [u32; 8] =
        [key("em"), key("til"), key("till"), key("tis"), key("twas"), key("cause"), key("bout"), key("n")];
    token.looks(Shape::NUMBER) || WORDS.iter().any(|word| token.word(*word))
}
