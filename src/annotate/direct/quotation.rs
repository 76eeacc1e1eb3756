//! Which runs between marks are quotations, where no cue says so.

use crate::annotate::lexicon::Class;
use crate::annotate::marks::Run;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::Shape;

/// Returns whether a run that nothing claims is a quotation at all: not a title, a nickname or a scare quote.
pub fn is_quotation(reading: &Reading<'_>, run: &Run, spoken: bool) -> bool {
    let words: Vec<usize> = (run.first..run.last).filter(|at| reading.tokens[*at].looks(Shape::WORD)).collect();
    let ended = is_ended(reading, run);
    let capitals = words.iter().filter(|at| reading.tokens[**at].looks(Shape::CAPITALISED)).count();
    let small = words.iter().filter(|at| !reading.tokens[**at].is(Class::FUNCTION)).count();
    if words.is_empty() || words.len() < 2 && !(ended && spoken) {
        return false;
    }
    let title = capitals >= small.max(1) && words.len() <= 8 && !ended;
    if run.single {
        return words.len() >= 5 && ended && !title;
    }
    if title {
        return false;
    }
    if words.len() <= 3 && !ended {
        return false;
    }
    let paragraph = &reading.paragraphs[run.paragraph].tokens;
    let alone = run.open() == paragraph.start && run.behind() == paragraph.end;
    words.len() >= 4 || ended && (spoken || alone)
}

/// Returns whether a run is more than a nickname, a title or a word in marks.
pub fn is_weighty(reading: &Reading<'_>, run: &Run) -> bool {
    is_ended(reading, run) || run.last - run.first > 3
}

/// Returns whether a sentence ends or pauses with a run.
fn is_ended(reading: &Reading<'_>, run: &Run) -> bool {
    let last = &reading.tokens[run.last - 1];
    ['.', '?', '!', ',', '…'].iter().any(|sign| last.sign(*sign))
}
