//! What is reported without quotation marks, or with marks around a part of it.
//!
//! `X said that …` and `X noted …` report what follows up to the end of the sentence; `…, X said` reports what stands
//! before. A report with a quoted run inside is mixed: a direct quote that is no more than a fragment of it, as in `called
//! it "a small object"`, is folded into it. Any other direct quote is left alone, and the report given up.

use std::ops::Range;

use super::lexicon::Class;
use super::marks::Run;
use super::phrases::{self, is_cue};
use super::reading::Reading;
use super::speakers::Speakers;
use super::tokens::{Shape, key};
use crate::article::Span;
use crate::layers::{Quote, QuoteKind};

const THAT: u32 = key("that");

/// A report: what was said, who said it, and the cue.
struct Report {
    content: Range<usize>,
    phrase: Range<usize>,
    cue: usize,
    rule: &'static str,
}

/// Finds the reported quotes of an article and their speakers.
pub fn attribute(reading: &Reading<'_>, runs: &[Run], speakers: &mut Speakers<'_>, quotes: &mut Vec<Quote>) {
    let mut reports = Vec::new();
    for sentence in &reading.sentences {
        let inside =
            |at: usize| runs[..runs.partition_point(|run| run.first <= at)].last().is_some_and(|run| at < run.last);
        let cue = sentence.clone().find(|at| is_cue(reading, *at) && !inside(*at));
        reports.extend(cue.and_then(|cue| report(reading, sentence, cue)));
    }
    // Direct quotes come in the order of the text and do not overlap.
    let directs = quotes.len();
    let mut folded = vec![false; directs];
    for report in reports {
        let span = reading.span(report.content.clone());
        let first = quotes[..directs].partition_point(|quote| quote.span().end <= span.start);
        let last = first + quotes[first..directs].partition_point(|quote| quote.span().start < span.end);
        let fragments = |quote: &Quote| quote.spans.iter().all(|run| span.contains(*run) && is_fragment(reading, *run));
        if !quotes[first..last].iter().all(fragments) {
            continue;
        }
        folded[first..last].fill(true);
        let next = runs.partition_point(|run| run.span.end <= span.start);
        let quoted = runs.get(next).is_some_and(|run| run.span.overlaps(span));
        let speaker = speakers.resolve(report.phrase.clone());
        quotes.push(Quote {
            kind: if quoted { QuoteKind::Mixed } else { QuoteKind::Indirect },
            spans: vec![span],
            paragraph: reading.paragraph_of(report.content.start) as u32,
            speaker: Some(speaker),
            cue: Some(reading.span(report.cue..report.cue + 1)),
            rule: report.rule.into(),
        });
    }
    let mut number = 0;
    quotes.retain(|_| {
        number += 1;
        folded.get(number - 1) != Some(&true)
    });
}

/// Returns whether a quoted run continues the narrator's sentence: it starts small, right behind a word.
fn is_fragment(reading: &Reading<'_>, run: Span) -> bool {
    let first = reading.tokens.partition_point(|token| token.start < run.start);
    let small = reading.get(first).is_some_and(|token| !token.looks(Shape::CAPITALISED));
    let before = first.checked_sub(2).and_then(|at| reading.get(at));
    small && before.is_some_and(|token| token.looks(Shape::WORD))
}

/// Returns the report that a cue makes of its sentence.
fn report(reading: &Reading<'_>, sentence: &Range<usize>, cue: usize) -> Option<Report> {
    let end = last_word(reading, sentence);
    let behind = end.saturating_sub(cue + 1);
    if behind <= 3 && cue - sentence.start > 5 {
        return trailing(reading, sentence, cue);
    }
    let phrase = phrases::subject(reading, cue, sentence.start).filter(|phrase| phrases::can_speak(reading, phrase))?;
    let mut start = cue + 1;
    // "told reporters on Friday that": the report starts behind "that".
    let that = (start..end.min(start + 12)).find(|at| reading.tokens[*at].word(THAT));
    match that {
        Some(that) => start = that + 1,
        None if !starts_clause(reading, start) => return None,
        None => {}
    }
    (end > start + 2).then_some(Report { content: start..end, phrase, cue, rule: "reported-behind" })
}

/// Returns whether a word can open what somebody said: a subject, and not the object of the verb.
fn starts_clause(reading: &Reading<'_>, at: usize) -> bool {
    reading.get(at).is_some_and(|token| {
        token.is(Class::DETERMINER.or(Class::PRONOUN).or(Class::POSSESSOR))
            || token.looks(Shape::CAPITALISED)
            || token.is(Class::GROUP_NOUN.or(Class::PERSON_NOUN))
    })
}

/// `…, X said.`
fn trailing(reading: &Reading<'_>, sentence: &Range<usize>, cue: usize) -> Option<Report> {
    let phrase = phrases::subject(reading, cue, sentence.start)?;
    let comma = phrase.start.checked_sub(1).filter(|at| *at > sentence.start && reading.tokens[*at].sign(','))?;
    if !phrases::can_speak(reading, &phrase) {
        return None;
    }
    let content = sentence.start..comma;
    (content.len() > 3).then_some(Report { content, phrase, cue, rule: "reported-before" })
}

/// Returns the end of a sentence without its stop.
fn last_word(reading: &Reading<'_>, sentence: &Range<usize>) -> usize {
    let mut end = sentence.end;
    while end > sentence.start
        && reading.tokens[end - 1].looks(Shape::SIGN)
        && !reading.tokens[end - 1].looks(Shape::MARK)
    {
        end -= 1;
    }
    end
}
