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
    /// Where to look for what was said.
    pub behind: usize,
    pub form: Form,
}

const BE: [u32; 9] =
    [key("am"), key("is"), key("are"), key("was"), key("were"), key("be"), key("been"), key("being"), key("wasn't")];
const TO: u32 = key("to");
const BY: u32 = key("by");

/// Returns whether a word could be a cue anywhere.
pub fn may_be_cue(token: &Token) -> bool {
    token.is(Class::SPEECH.or(Class::OBJECT_CUE).or(Class::MENTAL).or(Class::SPEECH_NOUN))
}

/// Returns the cue whose verb stands at a token, if it is a verb there.
pub fn cue(reading: &Reading<'_>, from: usize, head: usize) -> Option<Cue> {
    let verb = &reading.tokens[head];
    if verb.looks(Shape::CAPITALISED) {
        // "Asked whether …, she said": the first word of its sentence, and no name.
        let asked = head == from && verb.is(Class::PARTICIPLE) && verb.is(Class::TAKES_PERSON);
        return asked.then_some(Cue { words: head..head + 1, head, behind: head + 1, form: Form::Passive });
    }
    if !verb.is(Class::SPEECH.or(Class::OBJECT_CUE).or(Class::MENTAL)) {
        return None;
    }
    let mut first = head;
    let (mut be, mut helped) = (false, false);
    while first > from && head - first < 6 {
        let token = &reading.tokens[first - 1];
        if !is_helper(token) && !is_manner(reading, first - 1) {
            break;
        }
        if is_contraction(reading, first - 1) {
            (helped, first) = (true, first - 1);
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
    Some(Cue { words: first..head + 1, head, behind: head + 1, form })
}

/// Returns whether a word lets a noun or an adjective follow, and no verb: "in pledged delegates".
fn is_before_noun(token: &Token) -> bool {
    token.is(Class::PREPOSITION.or(Class::DETERMINER).or(Class::POSSESSOR)) && !token.is(Class::PRONOUN)
        || token.looks(Shape::POSSESSIVE)
}

/// Returns whether a word is a pronoun and its auxiliary in one: "he's".
fn is_contraction(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let word = reading.word(at);
    token.is(Class::AUXILIARY.or(Class::MODAL)) && word.contains(['\'', '’']) && !word.ends_with('t')
}

/// Returns whether a word is an adverb by its ending: "widely".
fn is_manner(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    let small = token.looks(Shape::WORD) && !token.looks(Shape::CAPITALISED);
    small
        && token.end - token.start > 4
        && reading.word(at).ends_with("ly")
        && !token.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN))
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
    if before.sign(',') || before.sign(')') || before.sign('—') || before.sign('-') {
        return !verb.is(Class::NOUNISH);
    }
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
    let start = cue.words.start;
    if is_contraction(reading, start) && start < cue.head {
        return Some(start..start + 1);
    }
    let before = start.checked_sub(1).filter(|at| *at >= from)?;
    if reading.tokens[before].is(Class::CONJUNCTION) {
        return None;
    }
    let phrase = phrases::subject(reading, behind_subject(reading, from, start)?, from)?;
    // "by saying Japan should": what stands behind another cue.
    let inner = phrase.clone().rev().find(|at| {
        let token = &reading.tokens[*at];
        token.is(Class::SPEECH) && token.is(Class::ING) && !token.looks(Shape::CAPITALISED)
    });
    inner.map_or(Some(phrase.clone()), |at| phrases::trim(reading, at + 1..phrase.end))
}

/// Returns where the subject of a verb ends: before a day ("on Friday"), a bracket or a pair of dashes.
fn behind_subject(reading: &Reading<'_>, from: usize, verb: usize) -> Option<usize> {
    let tokens = &reading.tokens;
    let mut end = verb;
    let dash = |at: usize| tokens[at].sign('—') || tokens[at].sign('–') || tokens[at].sign('-');
    if end > from && tokens[end - 1].is(Class::WEEKDAY) {
        end -= 1;
        end -= usize::from(end > from && tokens[end - 1].is(Class::PREPOSITION));
    }
    let last = end.checked_sub(1).filter(|at| *at >= from)?;
    let earliest = from.max(last.saturating_sub(50));
    let open = match () {
        () if tokens[last].sign(')') => (earliest..last).rev().find(|at| tokens[*at].sign('(')),
        () if dash(last) => (earliest..last).rev().find(|at| dash(*at)),
        () => None,
    };
    Some(open.unwrap_or(end))
}

/// Returns the subject of the first verb of a sentence that stands outside quotation marks.
pub fn main_subject(scope: &Scope<'_>) -> Option<Range<usize>> {
    let reading = scope.reading;
    let from = scope.tokens.start;
    let verb = scope.tokens.clone().skip(1).take(60).find(|at| {
        let token = &reading.tokens[*at];
        is_finite(reading, *at) && !token.is(Class::NOUNISH) && scope.run_at(*at).is_none()
    })?;
    phrases::subject(reading, behind_subject(reading, from, verb)?, from)
        .filter(|phrase| phrases::can_speak(reading, phrase))
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

/// Returns whose claim a noun is: "her claim", "Calder's first claim".
pub fn possessor(reading: &Reading<'_>, from: usize, noun: usize) -> Option<Range<usize>> {
    let at = (from.max(noun.saturating_sub(5))..noun).rev().find(|at| {
        let token = &reading.tokens[*at];
        token.looks(Shape::POSSESSIVE)
            || token.is(Class::POSSESSOR)
            || token.looks(Shape::SIGN)
            || token.is(Class::PREPOSITION)
    })?;
    let token = &reading.tokens[at];
    if token.is(Class::POSSESSOR) {
        return Some(at..at + 1);
    }
    let owner = token.looks(Shape::POSSESSIVE) && at > from;
    if !owner {
        return None;
    }
    let name = |at: usize| reading.tokens[at].looks(Shape::CAPITALISED) && reading.tokens[at].looks(Shape::WORD);
    let mut start = at - 1;
    while start > from && at - start < 8 && name(at - 1) == name(start - 1) && !is_before_noun(&reading.tokens[start]) {
        start -= 1;
    }
    phrases::trim(reading, start..at).filter(|phrase| phrases::can_speak(reading, phrase))
}
