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
    /// When asked.
    Asked,
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
const BEGINS: [u32; 8] = [
    key("began"),
    key("begin"),
    key("begins"),
    key("started"),
    key("starts"),
    key("kept"),
    key("keeps"),
    key("stopped"),
];
const TO: u32 = key("to");
const BY: u32 = key("by");

/// Returns whether a word could be a cue anywhere.
pub fn may_be_cue(token: &Token) -> bool {
    token.is(Class::SPEECH.or(Class::OBJECT_CUE).or(Class::MENTAL).or(Class::SPEECH_NOUN))
}

/// Returns the cue whose verb stands at a token, if it is a verb there.
pub fn cue(reading: &Reading<'_>, from: usize, head: usize, title: bool) -> Option<Cue> {
    let verb = &reading.tokens[head];
    let headed = title && head > from && verb.is(Class::FINITE);
    if verb.looks(Shape::CAPITALISED) && !headed {
        // "Asked whether …, she said": the first word of its sentence, and no name.
        let asked = head == from && verb.is(Class::PARTICIPLE) && verb.is(Class::TAKES_PERSON);
        return asked.then_some(Cue { words: head..head + 1, head, behind: head + 1, form: Form::Passive });
    }
    if !verb.is(Class::SPEECH.or(Class::OBJECT_CUE).or(Class::MENTAL)) {
        return None;
    }
    let Helpers { first, be, helped } = helpers(reading, from, head);
    let before = first.checked_sub(1).filter(|at| *at >= from).map(|at| &reading.tokens[at]);
    let timed = first < head && reading.tokens[head - 1].is(Class::TIME);
    if !helped
        && !timed
        && !verb.is(Class::ING)
        && before.is_some_and(|before| is_before_noun(before) && !before.word(TO))
    {
        return None;
    }
    let when = before.is_some_and(|before| before.is(Class::SUBORDINATOR) && !before.is(Class::RELATIVE));
    let form = if when && !helped && verb.is(Class::PARTICIPLE) && verb.is(Class::TAKES_PERSON) {
        Form::Asked
    } else if verb.is(Class::ING) {
        let apart = before.is_none_or(|before| {
            before.is(Class::PREPOSITION.or(Class::CONJUNCTION)) || when || !before.looks(Shape::WORD)
        });
        let begun = before.is_some_and(|before| BEGINS.iter().any(|word| before.word(*word)));
        let opens =
            begun || verb.word(key("saying")) || reading.get(head + 1).is_some_and(|next| next.is(Class::SUBORDINATOR));
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
    } else if verb.is(Class::FINITE)
        && reading.get(head + 1).is_some_and(|next| next.word(BY))
        && !reading.get(head + 2).is_some_and(|next| next.is(Class::ING))
    {
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

/// What stands between a subject and its verb.
struct Helpers {
    first: usize,
    /// Whether a form of "be" is there.
    be: bool,
    /// Whether an auxiliary or a modal is there.
    helped: bool,
}

/// Returns the auxiliaries and adverbs before a verb.
fn helpers(reading: &Reading<'_>, from: usize, head: usize) -> Helpers {
    let mut found = Helpers { first: head, be: false, helped: false };
    while found.first > from && head - found.first < 6 {
        let at = found.first - 1;
        let token = &reading.tokens[at];
        if is_contracted(reading, from, at) || is_contraction(reading, at) {
            let be = reading.tokens[head].is(Class::ING);
            return Helpers { first: at, helped: true, be };
        }
        // "Calder and Hillman both said", and not "Both said".
        let both = token.is(Class::ADVERB) && at > from && {
            let before = &reading.tokens[at - 1];
            before.looks(Shape::WORD) && !before.is(Class::CONJUNCTION.or(Class::PREPOSITION).or(Class::SUBORDINATOR))
        };
        if !is_helper(token) && !is_manner(reading, at) && !both {
            break;
        }
        found.be |= BE.iter().any(|word| token.word(*word));
        found.helped |= token.is(Class::AUXILIARY.or(Class::MODAL));
        found.first = at;
    }
    found
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
    token.is(Class::AUXILIARY.or(Class::MODAL).or(Class::HE).or(Class::SHE))
        && word.contains(['\'', '’'])
        && !word.ends_with('t')
}

/// Returns whether an "'s" is a verb: "he's said".
fn is_contracted(reading: &Reading<'_>, from: usize, at: usize) -> bool {
    let possessive = reading.tokens[at].looks(Shape::POSSESSIVE) && at > from;
    possessive && reading.tokens[at - 1].is(Class::PRONOUN) && !reading.tokens[at - 1].is(Class::POSSESSOR)
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
        return !verb.is(Class::NOUNISH) && verb.is(Class::TAKES_CLAUSE);
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
    let end = behind_subject(reading, from, start)?;
    let last = end.checked_sub(1).filter(|at| *at > from && reading.tokens[*at].sign(','));
    if let Some(phrase) = last.and_then(|comma| before_asides(reading, from, comma)) {
        return Some(phrase);
    }
    let phrase = phrases::subject(reading, end, from)?;
    let phrase = whom(reading, from, &phrase).unwrap_or(phrase);
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

/// Returns whom "who" stands for, where a phrase is the object of its clause: "those who want to ban it said".
fn whom(reading: &Reading<'_>, from: usize, phrase: &Range<usize>) -> Option<Range<usize>> {
    let tokens = &reading.tokens;
    let verb = phrase.start.checked_sub(1).filter(|at| *at > from)?;
    let clause = phrases::may_be_finite(reading, verb) || tokens[verb].word(TO);
    // "Those who drilled into the bed": the verb itself opens the phrase.
    let inner = tokens[verb].word(key("who")) && phrases::may_be_finite(reading, phrase.start);
    let who = match inner {
        true => verb,
        false => (from.max(verb.saturating_sub(10)) + 1..verb)
            .rev()
            .take_while(|at| clause && !tokens[*at].looks(Shape::SIGN))
            .find(|at| tokens[*at].word(key("who")))?,
    };
    phrases::subject(reading, who, from).filter(|phrase| phrase.end == who)
}

/// Returns the subject of a verb that a comma stands before: what the asides between commas belong to.
///
/// "Calder, who saw it, said", "Calder, a pilot in Arden, said", "Calder, at a rally in Arden, said".
fn before_asides(reading: &Reading<'_>, from: usize, comma: usize) -> Option<Range<usize>> {
    let tokens = &reading.tokens;
    let earliest = from.max(comma.saturating_sub(50));
    let named = |end: usize| {
        phrases::subject(reading, end, from).filter(|phrase| phrase.end == end && phrases::can_speak(reading, phrase))
    };
    let who = (earliest + 1..comma).find(|at| tokens[*at].is(Class::RELATIVE) && tokens[at - 1].sign(','));
    if let Some(who) = who {
        return named(who - 1);
    }
    let mut end = comma;
    while let Some(open) = (earliest + 1..end).rev().find(|at| tokens[*at].sign(',')) {
        let first = &tokens[open + 1];
        let small = !first.looks(Shape::CAPITALISED) && first.looks(Shape::WORD.or(Shape::NUMBER));
        let place = end - open <= 3 && tokens[open - 1].looks(Shape::CAPITALISED);
        if !small && !place || first.is(Class::CONJUNCTION) {
            break;
        }
        end = open;
    }
    (end < comma).then(|| named(end)).flatten()
}

/// Returns the subject of the first verb of a sentence that stands outside quotation marks.
pub fn main_subject(scope: &Scope<'_>) -> Option<Range<usize>> {
    let reading = scope.reading;
    let from = scope.tokens.start;
    let verbs = scope
        .tokens
        .clone()
        .skip(1)
        .take(60)
        .filter(|at| phrases::is_finite(reading, *at) && scope.run_at(*at).is_none());
    verbs.take(4).find_map(|verb| {
        let phrase = phrases::subject(reading, behind_subject(reading, from, verb)?, from)?;
        let who = reading.tokens[phrase.start].is(Class::RELATIVE) && phrase.start > from;
        // "Calder, who saw it, left": whom "who" stands for.
        let whom = who.then(|| phrase.start - usize::from(reading.tokens[phrase.start - 1].sign(',')));
        let phrase = whom.map_or(Some(phrase), |end| phrases::subject(reading, end, from))?;
        phrases::can_speak(reading, &phrase).then_some(phrase)
    })
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

/// Returns whether the subject of a sentence makes a claim: "made a claim", "repeated false charges".
pub fn is_made(reading: &Reading<'_>, from: usize, noun: usize) -> bool {
    const MAKES: [u32; 14] = [
        key("made"),
        key("make"),
        key("makes"),
        key("making"),
        key("issued"),
        key("gave"),
        key("delivered"),
        key("repeated"),
        key("raised"),
        key("offered"),
        key("released"),
        key("reiterated"),
        key("renewed"),
        key("outlined"),
    ];
    let tokens = &reading.tokens;
    (from.max(noun.saturating_sub(5))..noun)
        .rev()
        .take_while(|at| !tokens[*at].looks(Shape::SIGN) && !tokens[*at].is(Class::PREPOSITION))
        .any(|at| MAKES.iter().any(|word| tokens[at].word(*word)))
}

/// Returns whether a verb only gives a name: "a company called Alder".
pub fn is_naming(reading: &Reading<'_>, head: usize) -> bool {
    let tokens = &reading.tokens;
    let article = (head.saturating_sub(4)..head).any(|at| tokens[at].word(key("a")) || tokens[at].word(key("an")));
    let name = reading.get(head + 1).is_some_and(|next| next.looks(Shape::CAPITALISED.or(Shape::MARK)));
    tokens[head].word(key("called")) && article && name
}
