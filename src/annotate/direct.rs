//! Who said what stands between quotation marks.
//!
//! In order of trust: a cue behind the quote (`"…," X said`, `said X`), a cue before it (`X said: "…"`), "according
//! to X", a label (`X: "…"`), the same paragraph's speaker, the last speaker for a paragraph that is all quote, the
//! subject of the sentence. What no cue claims and what looks like a title, a scare quote or a nickname is no quote.

use std::ops::Range;

use super::lexicon::Class;
use super::marks::Run;
use super::phrases::{self, is_cue};
use super::reading::Reading;
use super::speakers::Speakers;
use super::tokens::{Shape, key};
use crate::article::Span;
use crate::layers::{Quote, QuoteKind, Speaker};

/// How far behind a quote its cue may stand, in tokens.
const REACH: usize = 30;

const ACCORDING: u32 = key("according");

/// A speaker's words and the cue, where a rule found them.
struct Found {
    phrase: Range<usize>,
    cue: Option<Range<usize>>,
    rule: &'static str,
}

/// Finds the direct quotes of an article and their speakers.
pub fn attribute(reading: &Reading<'_>, runs: &[Run], speakers: &mut Speakers<'_>, quotes: &mut Vec<Quote>) {
    let mut previous: Option<(Quote, usize)> = None;
    let mut at = 0;
    while at < runs.len() {
        let paragraph = runs[at].paragraph;
        let end = at + runs[at..].partition_point(|run| run.paragraph == paragraph);
        let group = &runs[at..end];
        attribute_paragraph(reading, group, speakers, &mut previous, quotes);
        at = end;
    }
}

/// Attributes the runs of one paragraph.
fn attribute_paragraph(
    reading: &Reading<'_>,
    group: &[Run],
    speakers: &mut Speakers<'_>,
    previous: &mut Option<(Quote, usize)>,
    quotes: &mut Vec<Quote>,
) {
    let mut here: Option<Quote> = None;
    let first_found = group.iter().enumerate().find_map(|(number, run)| beside(reading, group, number, run));
    let mut later = first_found;
    for (number, run) in group.iter().enumerate() {
        let found = beside(reading, group, number, run);
        if found.is_none() && !is_quotation(reading, run, here.is_some()) {
            continue;
        }
        let (speaker, cue, rule) = match found {
            Some(found) => {
                let cue = found.cue.map(|cue| reading.span(cue));
                later = None;
                (Some(speakers.resolve(found.phrase)), cue, found.rule)
            }
            None => weaker(reading, run, speakers, &here, later.take(), previous),
        };
        let continues = here.as_ref().filter(|_| rule == "same-paragraph").cloned();
        let quote = Quote {
            kind: QuoteKind::Direct,
            spans: vec![run.span],
            paragraph: run.paragraph as u32,
            speaker,
            cue,
            rule: rule.into(),
        };
        match (continues, quotes.last_mut()) {
            // "…," he said. "…": one quote of two spans.
            (Some(_), Some(last)) if last.paragraph == quote.paragraph && gap(last, &quote) < 200 => {
                last.spans.push(run.span);
                here = Some(last.clone());
            }
            _ => {
                here = Some(quote.clone());
                quotes.push(quote);
            }
        }
        let spoken = here.clone().filter(|quote| quote.speaker.is_some());
        *previous = spoken.map(|quote| (quote, run.paragraph)).or_else(|| previous.take());
    }
}

fn gap(last: &Quote, next: &Quote) -> u32 {
    next.span().start.saturating_sub(last.span().end)
}

/// Returns who stands beside a run with a cue or a label.
fn beside(reading: &Reading<'_>, group: &[Run], number: usize, run: &Run) -> Option<Found> {
    let next = group.get(number + 1).map(Run::open);
    behind(reading, run, next)
        .or_else(|| {
            let from = if number > 0 { group[number - 1].behind() } else { 0 };
            before(reading, run, from)
        })
        .or_else(|| signed(reading, run))
}

/// Returns the speaker behind a run: `"…," X said`, `said X`, `according to X`.
fn behind(reading: &Reading<'_>, run: &Run, next: Option<usize>) -> Option<Found> {
    let paragraph = reading.paragraphs[run.paragraph].tokens.end;
    if !run.closed || run.behind() >= paragraph {
        return None;
    }
    let mut start = run.behind();
    let comma = reading.tokens[start].sign(',');
    start += usize::from(comma || reading.tokens[start].sign('—'));
    let last = &reading.tokens[run.last - 1];
    let stopped = last.sign('.') || last.sign('…');
    let inside = last.sign(',') || last.sign('?') || last.sign('!') || last.sign('—');
    let end = next.unwrap_or(paragraph).min(start + REACH).min(paragraph);
    if start >= end || !(comma || inside || stopped) {
        return None;
    }
    if stopped && !comma && !small(reading, start) && !short_tag(reading, start, end) {
        return None;
    }
    let end = (start..end).find(|at| reading.tokens[*at].sign('.') || reading.tokens[*at].sign(';')).unwrap_or(end);
    if reading.tokens[start].word(ACCORDING) {
        let phrase = phrases::inverted(reading, start + 1, end)?;
        return Some(Found { phrase, cue: Some(start..start + 2), rule: "according-to-behind" });
    }
    let cue = (start..end).find(|at| {
        is_cue(reading, *at)
            || *at > start && reading.tokens[*at].is(Class::SPEECH) && reading.tokens[*at].is(Class::FINITE)
    })?;
    if cue == start {
        let phrase = phrases::inverted(reading, cue, end)?;
        return Some(Found { phrase, cue: Some(cue..cue + 1), rule: "cue-behind-inverted" });
    }
    let phrase = phrases::subject(reading, cue, start)?;
    if !phrases::can_speak(reading, &phrase) {
        return None;
    }
    Some(Found { phrase, cue: Some(cue..cue + 1), rule: "cue-behind" })
}

fn small(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    token.looks(Shape::WORD) && (!token.looks(Shape::CAPITALISED) || token.is(Class::SAY) && token.is(Class::FINITE))
}

/// Returns whether nothing but a speaker and a cue stand there: `"It is." Vance said.`
fn short_tag(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let stop = (start..end).find(|at| reading.tokens[*at].sign('.')).unwrap_or(end);
    stop - start <= 4 && stop > start && is_cue(reading, stop - 1)
}

/// Returns the speaker before a run: `X said: "…"`, `X said that "…"`, `X: "…"`, `according to X, "…"`.
fn before(reading: &Reading<'_>, run: &Run, from: usize) -> Option<Found> {
    let open = run.open();
    let paragraph = reading.paragraphs[run.paragraph].tokens.start;
    let sentence = reading.sentence(open);
    let from = sentence.start.max(paragraph).max(from.min(open));
    if open == from {
        return None;
    }
    let last = &reading.tokens[open - 1];
    if last.sign(':') && open - from <= 8 && !(from..open).any(|at| is_cue(reading, at)) {
        let phrase = phrases::trim(reading, from..open - 1)?;
        let name = reading.tokens[phrase.start].looks(Shape::CAPITALISED);
        return Some(Found { phrase, cue: None, rule: "label" }).filter(|_| name);
    }
    let cue = (from.max(open.saturating_sub(REACH))..open)
        .rev()
        .find(|at| is_cue(reading, *at) || is_participle_cue(reading, *at, open))?;
    let near = last.sign(',') || last.sign(':') || open - cue <= 4;
    if !near && open - cue > 14 {
        return None;
    }
    let phrase = phrases::subject(reading, cue, from)?;
    if !phrases::can_speak(reading, &phrase) {
        return None;
    }
    Some(Found { phrase, cue: Some(cue..cue + 1), rule: "cue-before" })
}

/// Returns whether a verb in -ing right before a quote introduces it (`X stood up, saying "…"`).
fn is_participle_cue(reading: &Reading<'_>, at: usize, open: usize) -> bool {
    let token = &reading.tokens[at];
    token.is(Class::SPEECH) && token.is(Class::ING) && open - at <= 3
}

/// Returns the speaker who signs on the next line: `– Name`.
fn signed(reading: &Reading<'_>, run: &Run) -> Option<Found> {
    let paragraph = &reading.paragraphs[run.paragraph];
    let whole = run.open() == paragraph.tokens.start && run.behind() >= paragraph.tokens.end;
    let next = reading.paragraphs.get(run.paragraph + 1).filter(|_| whole)?;
    let dash = &reading.tokens[next.tokens.start];
    let signs = dash.sign('—') || dash.sign('–') || dash.sign('-') || dash.sign('―');
    let phrase = phrases::trim(reading, next.tokens.start + 1..next.tokens.end)?;
    (signs && next.tokens.len() <= 12).then_some(Found { phrase, cue: None, rule: "signature" })
}

/// Returns a speaker where neither cue nor label stands beside the run.
fn weaker(
    reading: &Reading<'_>,
    run: &Run,
    speakers: &mut Speakers<'_>,
    here: &Option<Quote>,
    later: Option<Found>,
    previous: &Option<(Quote, usize)>,
) -> (Option<Speaker>, Option<Span>, &'static str) {
    if let Some(speaker) = here.as_ref().and_then(|quote| quote.speaker.as_ref()) {
        return (Some(speakers.again(speaker)), None, "same-paragraph");
    }
    if let Some(found) = later {
        return (Some(speakers.resolve(found.phrase)), None, "same-paragraph-later");
    }
    let paragraph = &reading.paragraphs[run.paragraph];
    let opens = run.open() == paragraph.tokens.start;
    if let Some((quote, last)) = previous.as_ref().filter(|(_, last)| opens && run.paragraph - *last <= 2) {
        debug_assert!(*last <= run.paragraph);
        return (quote.speaker.as_ref().map(|speaker| speakers.again(speaker)), None, "last-speaker");
    }
    let sentence = reading.sentence(run.open());
    let subject = narrated(reading, sentence.start..run.open()).or_else(|| {
        let before = reading.sentence_of(run.open()).checked_sub(1)?;
        let before = reading.sentences[before].clone();
        let same = reading.paragraph_of(before.start) == run.paragraph;
        narrated(reading, before).filter(|_| same)
    });
    if let Some(phrase) = subject {
        return (Some(speakers.resolve(phrase)), None, "sentence-subject");
    }
    match previous {
        Some((quote, last)) if run.paragraph - last <= 2 => {
            (quote.speaker.as_ref().map(|speaker| speakers.again(speaker)), None, "last-speaker")
        }
        _ => (None, None, "no-speaker"),
    }
}

/// Returns the subject of a narrated sentence: what stands before its first verb and can speak.
fn narrated(reading: &Reading<'_>, sentence: Range<usize>) -> Option<Range<usize>> {
    let verb = sentence.clone().find(|at| {
        let token = &reading.tokens[*at];
        let finite = token.is(Class::FINITE.or(Class::AUXILIARY).or(Class::MODAL).or(Class::VERB))
            || reading.word(*at).ends_with("ed");
        *at > sentence.start && finite && !token.looks(Shape::CAPITALISED) && !token.is(Class::NOUNISH)
    })?;
    let phrase = phrases::subject(reading, verb, sentence.start)?;
    phrases::can_speak(reading, &phrase).then_some(phrase)
}

/// Returns whether a run that nothing claims is a quotation at all: not a title, a nickname or a scare quote.
fn is_quotation(reading: &Reading<'_>, run: &Run, spoken: bool) -> bool {
    let words: Vec<usize> = (run.first..run.last).filter(|at| reading.tokens[*at].looks(Shape::WORD)).collect();
    let last = &reading.tokens[run.last - 1];
    let ended = last.sign('.') || last.sign('?') || last.sign('!') || last.sign(',') || last.sign('…');
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
    words.len() >= 4 || ended && spoken
}
