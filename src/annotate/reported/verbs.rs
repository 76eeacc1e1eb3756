//! Which words are a cue where they stand, and who is its subject.

use std::ops::Range;

use super::content::Scope;
use crate::annotate::lexicon::Class;
use crate::annotate::phrases;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

/// How a verb stands in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With a subject before it: said, has said, did not say.
    Finite,
    /// In -ing without an auxiliary: saying.
    Participle,
    /// With "to" before it.
    Infinitive,
    /// Was accused, is said.
    Passive,
}

/// A cue with its helpers.
#[derive(Clone, Debug)]
pub struct Cue {
    /// From the first auxiliary or adverb to the verb.
    pub words: Range<usize>,
    /// The verb.
    pub head: usize,
    pub form: Form,
}

const BE: [u32; 9] =
    [key("am"), key("is"), key("are"), key("was"), key("were"), key("be"), key("been"), key("being"), key("wasn't")];
const TO: u32 = key("to");
const BY: u32 = key("by");

/// Returns whether a word could be a cue anywhere.
pub fn may_be_cue(token: &Token) -> bool {
    token.is(Class::SPEECH.or(Class::OBJECT_CUE).or(Class::MENTAL))
}

/// Returns the cue whose verb stands at a token, if it is a verb there.
pub fn cue(reading: &Reading<'_>, from: usize, head: usize) -> Option<Cue> {
    let verb = &reading.tokens[head];
    if !may_be_cue(verb) || verb.looks(Shape::CAPITALISED) {
        return None;
    }
    let mut first = head;
    let (mut be, mut helped) = (false, false);
    while first > from && head - first < 6 {
        let token = &reading.tokens[first - 1];
        if !is_helper(token) {
            break;
        }
        be |= BE.iter().any(|word| token.word(*word));
        helped |= token.is(Class::AUXILIARY.or(Class::MODAL));
        first -= 1;
    }
    let before = first.checked_sub(1).filter(|at| *at >= from).map(|at| &reading.tokens[at]);
    if !helped && verb.is(Class::FINITE) && before.is_some_and(is_before_noun) {
        return None;
    }
    let form = if verb.is(Class::ING) {
        let apart = before
            .is_none_or(|before| before.is(Class::PREPOSITION.or(Class::CONJUNCTION)) || !before.looks(Shape::WORD));
        let opens = reading.get(head + 1).is_some_and(|next| next.is(Class::SUBORDINATOR));
        match be {
            true => Form::Finite,
            false if apart || opens => Form::Participle,
            false => return None,
        }
    } else if verb.is(Class::PARTICIPLE) && be {
        Form::Passive
    } else if before.is_some_and(|before| before.word(TO)) && verb.is(Class::BASE) {
        Form::Infinitive
    } else if verb.is(Class::NOUNISH) && !helped {
        if !follows_subject(reading, verb, first.checked_sub(1).filter(|at| *at >= from)?) {
            return None;
        }
        Form::Finite
    } else if verb.is(Class::FINITE) && reading.get(head + 1).is_some_and(|next| next.word(BY)) {
        Form::Passive
    } else {
        let plain = verb.is(Class::FINITE) || helped;
        let subject = first.checked_sub(1).filter(|at| *at >= from);
        let agrees = |at: usize| verb.is(Class::BASE) && follows_subject(reading, verb, at);
        if !plain && !subject.is_some_and(agrees) {
            return None;
        }
        Form::Finite
    };
    let first = if form == Form::Infinitive { first - 1 } else { first };
    Some(Cue { words: first..head + 1, head, form })
}

/// Returns whether a word lets a noun or an adjective follow, and no verb: "in pledged delegates".
fn is_before_noun(token: &Token) -> bool {
    token.is(Class::PREPOSITION.or(Class::DETERMINER).or(Class::POSSESSOR)) && !token.is(Class::PRONOUN)
        || token.looks(Shape::POSSESSIVE)
}

/// Returns whether a word stands between a subject and its verb.
fn is_helper(token: &Token) -> bool {
    token.is(Class::ADVERB.or(Class::AUXILIARY).or(Class::MODAL).or(Class::NEGATION).or(Class::TIME))
        && !token.looks(Shape::CAPITALISED)
        && !token.is(Class::PRONOUN)
}

/// Returns whether what stands before a word that is as often a noun makes it a verb.
fn follows_subject(reading: &Reading<'_>, verb: &Token, at: usize) -> bool {
    let before = &reading.tokens[at];
    if before.looks(Shape::POSSESSIVE) || !before.looks(Shape::WORD) {
        return false;
    }
    if before.is(Class::PRONOUN) {
        return !before.is(Class::DETERMINER);
    }
    let name = before.looks(Shape::CAPITALISED) && !before.is(Class::FUNCTION);
    let noun = before.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN).or(Class::BODY_WORD));
    let plural = reading.word(at).ends_with('s') || noun && matches!(reading.word(at), "people" | "police");
    if verb.is(Class::FINITE) { name || noun && !plural } else { plural || !verb.is(Class::NOUNISH) }
}

/// Returns the subject of a cue: the phrase before it.
pub fn subject(reading: &Reading<'_>, from: usize, cue: &Cue) -> Option<Range<usize>> {
    let before = cue.words.start.checked_sub(1).filter(|at| *at >= from)?;
    if reading.tokens[before].is(Class::CONJUNCTION) {
        return None;
    }
    phrases::subject(reading, cue.words.start, from)
}

/// Returns the subject of the first verb of a sentence that stands outside quotation marks.
pub fn main_subject(scope: &Scope<'_>) -> Option<Range<usize>> {
    let reading = scope.reading;
    let from = scope.tokens.start;
    let verb = scope.tokens.clone().skip(1).take(60).find(|at| {
        let token = &reading.tokens[*at];
        is_finite(reading, *at) && !token.is(Class::NOUNISH) && scope.run_at(*at).is_none()
    })?;
    phrases::subject(reading, verb, from).filter(|phrase| phrases::can_speak(reading, phrase))
}

/// Returns whether a word looks like a finite verb.
pub fn is_finite(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let listed = token.is(Class::FINITE.or(Class::AUXILIARY).or(Class::MODAL).or(Class::VERB));
    (listed || token.looks(Shape::WORD) && reading.word(at).ends_with("ed")) && !token.looks(Shape::CAPITALISED)
}

/// Returns whether the noun that heads a phrase is somebody or something that can speak.
pub fn can_head(reading: &Reading<'_>, phrase: &Range<usize>) -> bool {
    let limit = phrase.clone().skip(1).find(|at| {
        let token = &reading.tokens[*at];
        token.is(Class::PREPOSITION) || token.sign(',')
    });
    let end = limit.unwrap_or(phrase.end);
    let head = &reading.tokens[end - 1];
    let name = head.looks(Shape::CAPITALISED) && !head.is(Class::FUNCTION.or(Class::WEEKDAY).or(Class::MONTH));
    name || head.is(Class::PRONOUN.or(Class::PERSON_NOUN).or(Class::GROUP_NOUN).or(Class::DOCUMENT_NOUN))
}
