//! Where sentences end.
//!
//! A sentence ends with a full stop, question or exclamation mark, with the closing marks behind it, where something
//! follows that can start one. The stop of an abbreviation ends it only before a capitalised function word ("in the
//! U.S. The"), and a mark inside a quotation does not when the narrator goes on in small letters ("Why?" he asked).

use std::ops::Range;

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token};

/// Returns the tokens of each sentence.
pub fn find(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let mut sentences = Vec::with_capacity(reading.tokens.len() / 20);
    for paragraph in &reading.paragraphs {
        let Range { start, end } = paragraph.tokens.clone();
        let mut first = start;
        let mut at = start;
        while at < end {
            let token = &reading.tokens[at];
            at += 1;
            if token.looks(Shape::WORD) && !token.looks(Shape::STOPPED) {
                continue;
            }
            let stop = is_stop(token);
            if !stop && !token.looks(Shape::STOPPED) {
                continue;
            }
            let mut next = at;
            while next < end && stop && closes(&reading.tokens[next]) {
                next += 1;
            }
            if next < end && starts(reading, next, token, stop) {
                sentences.push(first..next);
                first = next;
                at = next;
            }
        }
        if first < end {
            sentences.push(first..end);
        }
    }
    sentences
}

fn is_stop(token: &Token) -> bool {
    token.sign('.') || token.sign('!') || token.sign('?') || token.sign('…')
}

/// Returns whether a token closes what the stop before it ended.
fn closes(token: &Token) -> bool {
    let mark = token.looks(Shape::MARK) || token.looks(Shape::SINGLE_MARK);
    token.looks(Shape::GLUED) && (mark || token.sign(')') || token.sign(']') || is_stop(token))
}

/// Returns whether a token can start a sentence after a stop.
fn starts(reading: &Reading<'_>, at: usize, before: &Token, stop: bool) -> bool {
    let token = &reading.tokens[at];
    if !stop {
        return token.looks(Shape::CAPITALISED) && token.is(Class::FUNCTION) && !token.looks(Shape::LETTER);
    }
    if token.looks(Shape::GLUED) && !token.looks(Shape::MARK) {
        return false;
    }
    if token.looks(Shape::WORD) {
        return token.looks(Shape::CAPITALISED)
            || !before.sign('…') && !before.sign('!') && !before.sign('?') && token.looks(Shape::NUMBER);
    }
    token.looks(Shape::NUMBER)
        || token.looks(Shape::MARK)
        || token.looks(Shape::SINGLE_MARK)
        || token.sign('(')
        || token.sign('[')
        || token.sign('—')
}
