//! Noun phrases beside a verb: who speaks, as the words stand there.

use std::ops::Range;

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token, key};

/// The longest phrase that is taken for a speaker, in tokens.
const LONGEST: usize = 24;

const WHO: u32 = key("who");
const THAT: u32 = key("that");
const WHICH: u32 = key("which");

/// Returns whether a token can be the verb that introduces what was said.
pub fn is_cue(reading: &Reading<'_>, at: usize) -> bool {
    let Some(token) = reading.get(at) else { return false };
    let capital = token.looks(Shape::CAPITALISED);
    if !token.is(Class::SPEECH) || capital && (!token.is(Class::SAY) || token.is(Class::NOUNISH)) {
        return false;
    }
    if token.is(Class::FINITE) && !token.is(Class::NOUNISH) {
        return true;
    }
    let before = at.checked_sub(1).and_then(|before| reading.get(before));
    if token.is(Class::NOUNISH) {
        // "report", "claims": a verb behind a subject, a noun behind a determiner or an adjective.
        return before.is_some_and(|token| {
            token.is(Class::PRONOUN.or(Class::AUXILIARY).or(Class::MODAL))
                || token.looks(Shape::CAPITALISED) && !token.is(Class::FUNCTION) && !token.looks(Shape::POSSESSIVE)
        }) || token.is(Class::FINITE) && before.is_some_and(|token| token.is(Class::PERSON_NOUN));
    }
    let helped = before.is_some_and(|token| token.is(Class::AUXILIARY.or(Class::MODAL).or(Class::ADVERB)));
    let plural = before.is_some_and(|token| PLURALS.iter().any(|word| token.word(*word)));
    token.is(Class::PARTICIPLE.or(Class::BASE)) && helped || token.is(Class::BASE) && plural
}

/// Pronouns that are subjects and nothing else.
const SUBJECTS: [u32; 5] = [key("he"), key("she"), key("they"), key("we"), key("it")];

/// Subjects whose verbs have no ending: "they conclude", "the two write".
const PLURALS: [u32; 6] = [key("they"), key("we"), key("i"), key("who"), key("two"), key("you")];

fn ends_phrase(token: &Token) -> bool {
    let verb = token.is(Class::FINITE.or(Class::AUXILIARY).or(Class::MODAL))
        && !token.is(Class::NOUNISH)
        && !token.looks(Shape::CAPITALISED);
    let clause = token.is(Class::SUBORDINATOR) && !token.word(key("as"));
    let sign = token.looks(Shape::SIGN)
        && !token.looks(Shape::POSSESSIVE)
        && !token.sign('&')
        && !token.sign('/')
        && !token.sign('.')
        && !token.looks(Shape::SINGLE_MARK);
    let verb = verb
        || token.is(Class::VERB)
            && !token.looks(Shape::CAPITALISED)
            && !token.is(Class::PERSON_NOUN
                .or(Class::GROUP_NOUN)
                .or(Class::DOCUMENT_NOUN)
                .or(Class::BODY_WORD)
                .or(Class::RANK));
    verb || clause || sign
}

/// Returns the phrase before a verb that is its subject, within the sentence.
pub fn subject(reading: &Reading<'_>, verb: usize, from: usize) -> Option<Range<usize>> {
    let mut end = verb;
    while end > from {
        let token = &reading.tokens[end - 1];
        let helper = token.is(Class::ADVERB.or(Class::AUXILIARY).or(Class::MODAL).or(Class::NEGATION).or(Class::TIME))
            && !token.looks(Shape::CAPITALISED);
        if !helper || token.is(Class::PRONOUN) {
            break;
        }
        end -= 1;
    }
    if end == from {
        return None;
    }
    end = before_bracket(reading, end, from);
    if reading.tokens[end - 1].sign(',') {
        return set_off(reading, end - 1, from);
    }
    let last = &reading.tokens[end - 1];
    let thing = end - 1 > from && !reading.tokens[end - 2].is(Class::SPEECH);
    if last.word(WHO) || thing && (last.word(THAT) || last.word(WHICH)) {
        return Some(end - 1..end);
    }
    phrase_before(reading, end, from)
}

/// Returns the subject before a pair of commas: "Hugh Hill, a doctor, said".
fn set_off(reading: &Reading<'_>, close: usize, from: usize) -> Option<Range<usize>> {
    let open = (from.max(close.saturating_sub(LONGEST))..close).rev().find(|at| reading.tokens[*at].sign(','))?;
    let between = phrase_before(reading, close, open + 1);
    let named = |phrase: &Range<usize>| {
        phrase.clone().any(|at| {
            let token = &reading.tokens[at];
            token.looks(Shape::CAPITALISED) && !token.is(Class::FUNCTION.or(Class::WEEKDAY).or(Class::MONTH))
        })
    };
    let before = phrase_before(reading, before_bracket(reading, open, from), from);
    match (before, between) {
        // "On Monday, after winning Ohio, Gov. John Kasich, said": the name stands between them.
        (Some(before), Some(between)) if named(&between) && is_action(reading, &before) => Some(between),
        (Some(before), _) => Some(before),
        (None, between) => between.filter(|phrase| !is_action(reading, phrase)),
    }
}

/// Returns whether a phrase begins with a verb in -ing or a preposition.
fn is_action(reading: &Reading<'_>, phrase: &Range<usize>) -> bool {
    let first = &reading.tokens[phrase.start];
    let led = phrase.start > 0 && reading.tokens[phrase.start - 1].is(Class::PREPOSITION.or(Class::SUBORDINATOR));
    led || !first.looks(Shape::CAPITALISED) && reading.word(phrase.start).ends_with("ing")
}

/// Returns the place before a bracketed remark that ends there: "Gov. John Kasich (R-Ohio) said".
fn before_bracket(reading: &Reading<'_>, end: usize, from: usize) -> usize {
    if end == from || !reading.tokens[end - 1].sign(')') {
        return end;
    }
    let open = (from.max(end.saturating_sub(12))..end).rev().find(|at| reading.tokens[*at].sign('('));
    open.filter(|open| *open > from).unwrap_or(end)
}

/// Returns whether the verb is in the passive: "was asked".
pub fn is_passive(reading: &Reading<'_>, verb: usize, from: usize) -> bool {
    let before = (from..verb).rev().find(|at| !reading.tokens[*at].is(Class::ADVERB));
    reading.tokens[verb].is(Class::PARTICIPLE)
        && before.is_some_and(|at| BE.iter().any(|word| reading.tokens[at].word(*word)))
}

const BE: [u32; 7] = [key("was"), key("were"), key("is"), key("are"), key("been"), key("being"), key("be")];

/// Returns whether a verb has its subject from a verb before it: "…, furrowed his brow and said".
pub fn is_joined(reading: &Reading<'_>, verb: usize, from: usize) -> bool {
    let skipped = (from..verb).rev().find(|at| !reading.tokens[*at].is(Class::ADVERB));
    skipped.is_some_and(|at| reading.tokens[at].is(Class::CONJUNCTION))
}

/// Returns the subject of the nearest verb before the end of a stretch that has one. Where `said` tells that something
/// is said, whatever has an article can say it: "The clockmaker stood up and replied".
pub fn shared_subject(reading: &Reading<'_>, within: Range<usize>, said: bool) -> Option<Range<usize>> {
    let speaks = |phrase: &Range<usize>| {
        can_speak(reading, phrase) || said && reading.tokens[phrase.start].is(Class::DETERMINER)
    };
    let verbs = within.clone().rev().filter(|at| is_finite(reading, *at));
    verbs.filter_map(|verb| subject(reading, verb, within.start)).find(speaks)
}

/// Returns the subject of the main clause of a stretch: of its first verb that no "when" or "after" governs.
pub fn main_subject(reading: &Reading<'_>, within: Range<usize>) -> Option<Range<usize>> {
    let verbs = within.clone().skip(1).filter(|at| is_finite(reading, *at));
    let phrases = verbs.filter_map(|verb| subject(reading, verb, within.start));
    let relative = |phrase: &Range<usize>| reading.tokens[phrase.start].is(Class::RELATIVE);
    phrases
        .filter(|phrase| can_speak(reading, phrase) && !relative(phrase))
        .find(|phrase| !is_governed(reading, phrase, within.start))
}

/// Returns whether a clause with this subject depends on another: "as Vance said", "when the mayor spoke".
pub fn is_governed(reading: &Reading<'_>, phrase: &Range<usize>, from: usize) -> bool {
    let before = phrase.start.checked_sub(1).filter(|before| *before >= from);
    before.is_some_and(|before| {
        let token = &reading.tokens[before];
        token.is(Class::SUBORDINATOR.or(Class::RELATIVE)) || token.word(key("as"))
    })
}

/// Returns whether a word is a verb that can head a clause.
pub fn is_finite(reading: &Reading<'_>, at: usize) -> bool {
    may_be_finite(reading, at) && !reading.tokens[at].is(Class::NOUNISH)
}

/// Returns whether a word can be such a verb, or as well a noun.
pub fn may_be_finite(reading: &Reading<'_>, at: usize) -> bool {
    let Some(token) = reading.get(at) else { return false };
    let listed = token.is(Class::FINITE.or(Class::AUXILIARY).or(Class::MODAL).or(Class::VERB));
    (listed || token.looks(Shape::WORD) && reading.word(at).ends_with("ed")) && !token.looks(Shape::CAPITALISED)
}

/// Returns the phrase that ends right before a token.
fn phrase_before(reading: &Reading<'_>, end: usize, from: usize) -> Option<Range<usize>> {
    let mut start = end;
    while start > from && end - start < LONGEST && !ends_phrase(&reading.tokens[start - 1]) {
        start -= 1;
    }
    trim(reading, start..end)
}

/// Returns the phrase behind a verb that is its subject ("said Hugh Hill, a doctor").
pub fn inverted(reading: &Reading<'_>, verb: usize, to: usize) -> Option<Range<usize>> {
    let start = verb + 1;
    let mut end = start;
    let mut named = false;
    while end < to && end - start < LONGEST {
        let token = &reading.tokens[end];
        let leaves = token.is(Class::TIME.or(Class::WEEKDAY).or(Class::ADVERB)) && end > start;
        let preposition = token.is(Class::PREPOSITION) && named && !token.word(key("of")) && !token.word(key("for"));
        if ends_phrase(token)
            || leaves
            || preposition
            || token.is(Class::CONJUNCTION) && !reading.get(end + 1).is_some_and(|next| next.looks(Shape::CAPITALISED))
        {
            break;
        }
        named |= token.looks(Shape::CAPITALISED) && !token.is(Class::TITLE)
            || token.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN).or(Class::PRONOUN))
            || end > start && reading.tokens[end - 1].is(Class::DETERMINER) && token.looks(Shape::WORD);
        end += 1;
    }
    // "said Baron": a title alone is a name here.
    named |= end == start + 1 && reading.tokens[start].looks(Shape::CAPITALISED);
    trim(reading, start..end).filter(|_| named)
}

/// Cuts off what cannot stand at the edges of a phrase.
pub fn trim(reading: &Reading<'_>, phrase: Range<usize>) -> Option<Range<usize>> {
    let Range { mut start, mut end } = phrase;
    while start < end
        && (reading.tokens[start].is(Class::CONJUNCTION.or(Class::PREPOSITION))
            || reading.tokens[start].is(Class::ADVERB) && !reading.tokens[start].is(Class::PRONOUN)
            || reading.tokens[start].looks(Shape::SIGN))
    {
        let from = start;
        start += 1;
        if reading.tokens[from].is(Class::PREPOSITION) {
            // "In a call with reporters Vance said": the name at the end is the subject.
            let name = (start..end)
                .rev()
                .take_while(|at| {
                    reading.tokens[*at].looks(Shape::CAPITALISED)
                        && !reading.tokens[*at].is(Class::WEEKDAY.or(Class::MONTH))
                })
                .last();
            match name {
                Some(name) if name > start => start = name,
                _ => {}
            }
        }
    }
    while start < end
        && (reading.tokens[end - 1].is(Class::PREPOSITION.or(Class::CONJUNCTION))
            || reading.tokens[end - 1].looks(Shape::SIGN) && !reading.tokens[end - 1].looks(Shape::POSSESSIVE))
    {
        end -= 1;
    }
    // "At the bottom it reads", "his audience he will tell": the pronoun is the subject.
    if start + 1 < end && SUBJECTS.iter().any(|word| reading.tokens[end - 1].word(*word)) {
        let joined = reading.tokens[end - 2].is(Class::CONJUNCTION);
        start = if joined { start } else { end - 1 };
    }
    let only_time = (start..end).all(|at| {
        reading.tokens[at].is(Class::TIME.or(Class::WEEKDAY).or(Class::MONTH).or(Class::DETERMINER).or(Class::ADVERB))
            && !reading.tokens[at].is(Class::PRONOUN)
    });
    (start < end && !only_time && reading.tokens[start..end].iter().any(|token| token.looks(Shape::WORD)))
        .then_some(start..end)
}

/// Returns whether a phrase is somebody or something that can speak.
pub fn can_speak(reading: &Reading<'_>, phrase: &Range<usize>) -> bool {
    if phrase.len() > 1 && reading.tokens[phrase.start].is(Class::SPEECH) && reading.tokens[phrase.start].is(Class::ING)
    {
        // "saying in a Trumpian post": a verb of its own.
        return false;
    }
    phrase.clone().any(|at| {
        let token = &reading.tokens[at];
        let name = token.looks(Shape::CAPITALISED) && !token.is(Class::FUNCTION.or(Class::WEEKDAY).or(Class::MONTH));
        name || token.is(Class::PRONOUN.or(Class::PERSON_NOUN).or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN))
            || at + 1 == phrase.end && token.looks(Shape::WORD) && reading.word(at).ends_with("year-old")
    })
}
