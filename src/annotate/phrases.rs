//! Noun phrases beside a verb: who speaks, as the words stand there.

use std::ops::Range;

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token, key};

/// The longest phrase that is taken for a speaker, in tokens.
const LONGEST: usize = 24;

const WHO: u32 = key("who");

/// Returns whether a token can be the verb that introduces what was said.
pub fn is_cue(reading: &Reading<'_>, at: usize) -> bool {
    let Some(token) = reading.get(at) else { return false };
    if !token.is(Class::SPEECH) || token.looks(Shape::CAPITALISED) && !token.is(Class::SAY) {
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
    token.is(Class::PARTICIPLE.or(Class::BASE)) && helped
}

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
            && !token.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN).or(Class::BODY_WORD));
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
    if reading.tokens[end - 1].sign(',') {
        // "Hugh Hill, a doctor, said": what stands before the pair of commas.
        let open = (from.max(end.saturating_sub(LONGEST))..end - 1).rev().find(|at| reading.tokens[*at].sign(','))?;
        return phrase_before(reading, open, from).or_else(|| phrase_before(reading, end - 1, open + 1));
    }
    if reading.tokens[end - 1].word(WHO) {
        return Some(end - 1..end);
    }
    phrase_before(reading, end, from)
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
            || token.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN).or(Class::PRONOUN));
        end += 1;
    }
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
    let only_time = (start..end).all(|at| {
        reading.tokens[at].is(Class::TIME.or(Class::WEEKDAY).or(Class::MONTH).or(Class::DETERMINER).or(Class::ADVERB))
            && !reading.tokens[at].is(Class::PRONOUN)
    });
    (start < end && !only_time && reading.tokens[start..end].iter().any(|token| token.looks(Shape::WORD)))
        .then_some(start..end)
}

/// Returns whether a phrase is somebody or something that can speak.
pub fn can_speak(reading: &Reading<'_>, phrase: &Range<usize>) -> bool {
    phrase.clone().any(|at| {
        let token = &reading.tokens[at];
        let name = token.looks(Shape::CAPITALISED) && !token.is(Class::FUNCTION.or(Class::WEEKDAY).or(Class::MONTH));
        name || token.is(Class::PRONOUN.or(Class::PERSON_NOUN).or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN))
    })
}
