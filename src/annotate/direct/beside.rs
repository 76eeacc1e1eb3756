//! Who stands beside a run with a cue, a label or a signature.

use std::ops::Range;

use super::Found;
use super::quotation::is_weighty;
use crate::annotate::lexicon::Class;
use crate::annotate::marks::Run;
use crate::annotate::phrases::{self, is_cue};
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, key};

/// How far behind a quote its cue may stand, in tokens.
const REACH: usize = 40;

const ACCORDING: u32 = key("according");

/// Returns who stands beside a run of a paragraph with a cue or a label.
pub fn beside(reading: &Reading<'_>, group: &[Run], number: usize) -> Option<Found> {
    let run = &group[number];
    // A nickname or a title in marks does not part a quote from its cue.
    let next = group[number + 1..].iter().find(|next| is_weighty(reading, next)).map(Run::open);
    let from = group[..number].last().map_or(0, Run::behind);
    behind(reading, run, next)
        .or_else(|| before(reading, run, from))
        .or_else(|| signed(reading, run))
        .or_else(|| closing_tag(reading, run, next))
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
    // A quote in the quote may close with it: `…anywhere,'" said X`.
    let last = (run.first..run.last).rev().find(|at| !reading.tokens[*at].looks(Shape::SINGLE_MARK));
    let last = &reading.tokens[last.unwrap_or(run.first)];
    let stopped = last.sign('.') || last.sign('…');
    let inside = last.sign(',') || last.sign('?') || last.sign('!') || last.sign('—');
    let end = next.unwrap_or(paragraph).min(start + REACH).min(paragraph);
    // `…to humans" said X`: the comma was left out.
    let says = start < end && reading.tokens[start].is(Class::SAY) && small(reading, start) && is_cue(reading, start);
    if start >= end || !(comma || inside || stopped || says) {
        return None;
    }
    if stopped && !comma && !small(reading, start) && !short_tag(reading, start, end) {
        return None;
    }
    let end = (start..end).find(|at| stops(reading, *at)).unwrap_or(end);
    if reading.tokens[start].word(ACCORDING) {
        let phrase = phrases::inverted(reading, start + 1, end)?;
        return Some(Found { phrase, cue: Some(start..start + 2), rule: "according-to-behind" });
    }
    // "…," X said, according to Y: who quotes it is the source.
    let according = (start + 2..end).find(|at| reading.tokens[*at].word(ACCORDING));
    let told_by = according.and_then(|according| {
        let told = (start..according).any(|at| is_cue(reading, at) || reading.tokens[at].is(Class::SAY));
        let phrase = phrases::inverted(reading, according + 1, end).filter(|_| told)?;
        Some(Found { phrase, cue: Some(according..according + 2), rule: "according-to-behind" })
    });
    if told_by.is_some() {
        return told_by;
    }
    let cue = (start..end).find(|at| {
        is_cue(reading, *at)
            || *at == start && opens_tag(reading, start)
            || *at > start && reading.tokens[*at].is(Class::SPEECH) && reading.tokens[*at].is(Class::FINITE)
    });
    // "…?" He answered, "…": the cue is that of the next quote.
    let next_own =
        |cue: usize| next.is_some_and(|next| next - cue <= 2) && next.is_some_and(|next| introduces(reading, next));
    let new_sentence = stopped || !inside || last.sign('?') || last.sign('!');
    let capital = |at: usize| reading.tokens[at].looks(Shape::CAPITALISED) && reading.tokens[at].is(Class::FUNCTION);
    match cue {
        Some(cue) if !comma && new_sentence && next_own(cue) && capital(start) => None,
        Some(cue) if cue == start => {
            let phrase = phrases::inverted(reading, cue, end)?;
            Some(Found { phrase, cue: Some(cue..cue + 1), rule: "cue-behind-inverted" })
        }
        Some(cue) => {
            let phrase = phrases::subject(reading, cue, start)?;
            phrases::can_speak(reading, &phrase).then_some(Found {
                phrase,
                cue: Some(cue..cue + 1),
                rule: "cue-behind",
            })
        }
        None => None,
    }
    .or_else(|| {
        verb_behind(reading, start, end)
            .filter(|_| inside && next.is_none_or(|next| !introduces(reading, next) || end < next))
    })
}

/// Returns whether a verb that can be a noun as well stands right before its subject: `…," read the statement`.
fn opens_tag(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let subject = reading.get(at + 1).is_some_and(|next| {
        next.is(Class::DETERMINER.or(Class::POSSESSOR)) || next.looks(Shape::CAPITALISED) && next.looks(Shape::WORD)
    });
    token.is(Class::SPEECH) && token.is(Class::FINITE) && !token.looks(Shape::CAPITALISED) && subject
}

/// Returns the speaker behind a run whose verb is in no list: `"…," scoffed X`, `"…," X fumed`.
fn verb_behind(reading: &Reading<'_>, start: usize, end: usize) -> Option<Found> {
    if is_verb(reading, start) && !reading.tokens[start].is(Class::AUXILIARY) {
        let phrase = phrases::inverted(reading, start, end)?;
        let named = phrase.start == start + 1;
        return named.then_some(Found { phrase, cue: Some(start..start + 1), rule: "verb-behind-inverted" });
    }
    let verb = (start + 1..end.min(start + 16)).find(|at| is_verb(reading, *at))?;
    let phrase = phrases::subject(reading, verb, start)?;
    let near = phrase.start <= start + 1 && phrases::can_speak(reading, &phrase);
    let small = !reading.tokens[verb].is(Class::AUXILIARY.or(Class::MODAL));
    (near && small).then_some(Found { phrase, cue: Some(verb..verb + 1), rule: "verb-behind" })
}

/// Returns whether a comma or colon before an opening mark introduces what it opens.
fn introduces(reading: &Reading<'_>, open: usize) -> bool {
    open > 0 && (reading.tokens[open - 1].sign(',') || reading.tokens[open - 1].sign(':'))
}

/// Returns whether a sentence ends with a sign, or a part of one: "(D-N.Y.)" goes on.
fn stops(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let goes_on = reading.get(at + 1).is_some_and(|next| next.looks(Shape::GLUED) && !next.looks(Shape::MARK));
    token.sign(';') || token.sign('.') && !goes_on
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

/// Returns the speaker of the sentence that goes on behind a run: `"the worst" in years, X said.`
fn closing_tag(reading: &Reading<'_>, run: &Run, next: Option<usize>) -> Option<Found> {
    if !run.closed || reading.sentence_of(run.open()) != reading.sentence_of(run.behind()) {
        return None;
    }
    let start = run.behind();
    let end = next.unwrap_or(usize::MAX).min(reading.sentence(run.open()).end).min(start + REACH);
    let spoken = |cue: &usize| is_cue(reading, *cue) && !phrases::is_passive(reading, *cue, start);
    let cue = (start..end).rev().find(spoken)?;
    let phrase = phrases::subject(reading, cue, start)?;
    let comma = phrase.start > start && reading.tokens[phrase.start - 1].sign(',');
    let ends = (cue + 1..end).all(|at| !reading.tokens[at].sign(',')) && end - cue < 10;
    // `"a whole sentence" the report said.`: the comma was left out.
    let closes = cue + 2 >= end || reading.tokens[cue + 1].sign(',');
    let whole = phrase.start == start && closes && run.last - run.first > 5;
    let found = Found { phrase, cue: Some(cue..cue + 1), rule: "closing-tag" };
    ((comma && ends || whole) && phrases::can_speak(reading, &found.phrase)).then_some(found)
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
    let listed = (from..open).rev().find(|at| is_spaced_dash(reading, *at)).map_or(from, |dash| dash + 1);
    if last.sign(':') && open - listed <= 8 && !(listed..open).any(|at| is_cue(reading, at)) {
        let phrase = phrases::trim(reading, listed..open - 1)?;
        let name = reading.tokens[phrase.start].looks(Shape::CAPITALISED);
        return Some(Found { phrase, cue: None, rule: "label" }).filter(|_| name);
    }
    let window = from.max(open.saturating_sub(REACH))..open;
    let according = window.clone().rev().find(|at| reading.tokens[*at].word(ACCORDING));
    if let Some(according) = according.filter(|_| last.sign(',')) {
        let near = |phrase: &Range<usize>| {
            // "According to Vance, a clerk, "…"": nothing but words in commas stands between.
            let between = phrase.end + 1..open - 1;
            let named = between.clone().any(|at| reading.tokens[at].is(Class::PERSON_NOUN.or(Class::TITLE)));
            phrase.end + 3 > open
                || reading.tokens[phrase.end].sign(',')
                    && named
                    && !between.clone().any(|at| phrases::may_be_finite(reading, at))
        };
        let phrase = phrases::inverted(reading, according + 1, open).filter(near);
        if let Some(phrase) = phrase {
            return Some(Found { phrase, cue: Some(according..according + 2), rule: "according-to-before" });
        }
    }
    let introduced = introduces(reading, open);
    let cues = window.clone().rev().filter(|at| {
        let named = *at + 1 == open && is_naming(reading, *at);
        !named && is_cue(reading, *at) || is_participle_cue(reading, *at, open)
    });
    let mut governed = None;
    for cue in cues {
        if !introduced && open - cue > 14 {
            break;
        }
        if phrases::is_passive(reading, cue, from) {
            // "Vance was asked": nobody says who asked.
            return None;
        }
        let Some((phrase, rule)) = before_cue(reading, cue, from, open) else { continue };
        let found = Found { phrase, cue: Some(cue..cue + 1), rule };
        let far = open - cue > 4;
        if far && phrases::is_governed(reading, &found.phrase, from) {
            governed = governed.or(Some(found));
            continue;
        }
        return Some(found);
    }
    // "…, and then boomed, "…": whatever the verb says, the comma makes it say.
    let verb = (open - 1).checked_sub(1).filter(|verb| introduced && *verb > from && is_verb(reading, *verb));
    let spoken = verb.and_then(|verb| {
        let (phrase, _) = before_cue(reading, verb, from, open)?;
        Some(Found { phrase, cue: Some(verb..verb + 1), rule: "verb-before" })
    });
    let main = || {
        let phrase = phrases::main_subject(reading, from..open).filter(|_| governed.is_some())?;
        Some(Found { phrase, cue: None, rule: "main-clause" })
    };
    spoken.or_else(main).or(governed.clone())
}

/// Returns whether a dash stands free between words, as before an item of a list.
fn is_spaced_dash(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let dash = token.sign('-') || token.sign('–') || token.sign('—');
    dash && !reading.get(at + 1).is_some_and(|next| next.looks(Shape::GLUED))
}

/// Returns whether a verb gives a name and does not say anything: `a website called "…"`.
fn is_naming(reading: &Reading<'_>, at: usize) -> bool {
    [key("called"), key("titled"), key("named"), key("dubbed")].iter().any(|word| reading.tokens[at].word(*word))
}

/// Returns the subject of a cue before a run, and the rule that found it.
fn before_cue(reading: &Reading<'_>, cue: usize, from: usize, open: usize) -> Option<(Range<usize>, &'static str)> {
    // What a comma or colon introduces is said, whatever says it: "The summary of the ruling read in part: "…"".
    let said = introduces(reading, open);
    let speaks = |phrase: &Range<usize>| {
        phrases::can_speak(reading, phrase) || said && reading.tokens[phrase.start].is(Class::DETERMINER)
    };
    let infinitive = cue > from && reading.tokens[cue - 1].word(key("to"));
    if infinitive || reading.tokens[cue].is(Class::ING) && !reading.tokens[cue].is(Class::FINITE) {
        let phrase = phrases::main_subject(reading, from..cue).filter(speaks);
        return phrase.map(|phrase| (phrase, "cue-before-participle"));
    }
    let opens_clause = cue == from || reading.tokens[cue - 1].sign(',');
    let behind = cue + 1 < open && reading.tokens[cue + 1].looks(Shape::CAPITALISED);
    if opens_clause
        && behind
        && let Some(phrase) = phrases::inverted(reading, cue, open).filter(speaks)
    {
        return Some((phrase, "cue-before-inverted"));
    }
    if phrases::is_joined(reading, cue, from)
        && let Some(phrase) = phrases::shared_subject(reading, from..cue, said)
    {
        return Some((phrase, "cue-before-joined"));
    }
    phrases::subject(reading, cue, from).filter(speaks).map(|phrase| (phrase, "cue-before"))
}

/// Returns whether a word in small letters is a verb in its third person or past.
fn is_verb(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let past = reading.word(at).ends_with("ed") && token.looks(Shape::WORD);
    (past || token.is(Class::FINITE.or(Class::VERB))) && !token.looks(Shape::CAPITALISED) && !token.is(Class::NOUNISH)
}

/// Returns whether a verb in -ing or with "to" before a quote introduces it: `X stood up, saying: "…"`.
fn is_participle_cue(reading: &Reading<'_>, at: usize, open: usize) -> bool {
    let token = &reading.tokens[at];
    let infinitive = token.is(Class::BASE) && at > 0 && reading.tokens[at - 1].word(key("to")) && open - at <= 3;
    let reach = if introduces(reading, open) { 12 } else { 3 };
    token.is(Class::SPEECH) && (token.is(Class::ING) && open - at <= reach || infinitive)
}

/// Returns the speaker who signs on the next line: `– Name`.
fn signed(reading: &Reading<'_>, run: &Run) -> Option<Found> {
    let paragraph = &reading.paragraphs[run.paragraph];
    let whole = run.open() == paragraph.tokens.start && run.behind() >= paragraph.tokens.end;
    // A paragraph may hold nothing but signs without a width.
    let next = reading.paragraphs.get(run.paragraph + 1).filter(|next| whole && !next.tokens.is_empty())?;
    let dash = &reading.tokens[next.tokens.start];
    let signs = dash.sign('—') || dash.sign('–') || dash.sign('-') || dash.sign('―');
    let phrase = phrases::trim(reading, next.tokens.start + 1..next.tokens.end)?;
    (signs && next.tokens.len() <= 12).then_some(Found { phrase, cue: None, rule: "signature" })
}
