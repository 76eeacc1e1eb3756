//! What of a sentence was said: where the content of a cue opens, by what the cue takes.

use std::ops::Range;

use super::verbs::{Cue, Form};
use crate::annotate::lexicon::{Class, rows};
use crate::annotate::marks::Run;
use crate::annotate::phrases;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

/// How many phrases of time and place may stand between a cue and what was said.
const ADJUNCTS: usize = 5;
/// The longest noun phrase, in tokens.
const PHRASE: usize = 20;
/// How far into a clause its verb may stand.
const VERB_REACH: usize = 25;

/// Each noun with the prepositions that open what is said behind it.
const NOUNS: &str = include_str!("../words/speech_nouns.txt");

/// The word that opens what was said.
pub const THAT: u32 = key("that");
const TO: u32 = key("to");
const IF: u32 = key("if");
const WH: [u32; 4] = [key("whether"), key("how"), key("why"), key("what")];
/// Question words that are as often about the noun before them.
const WHO: [u32; 3] = [key("who"), key("which"), key("whose")];
/// The forms of "say".
pub const SAYS: [u32; 4] = [key("say"), key("says"), key("said"), key("saying")];
/// Words before an infinitive that tells what was said.
const DONE: [u32; 11] = [
    key("on"),
    key("continued"),
    key("continues"),
    key("began"),
    key("proceeded"),
    key("interview"),
    key("speech"),
    key("statement"),
    key("back"),
    key("debate"),
    key("time"),
];
/// Prepositions before what was said.
const OPENERS: [u32; 4] = [key("for"), key("against"), key("of"), key("about")];
/// Small words that belong to the verb: pointed out, called out.
const WITH_VERB: u32 = key("out");
const ONTO: [u32; 3] = [key("on"), key("to"), key("upon")];
/// A sentence with the quoted runs in it.
pub struct Scope<'r> {
    pub reading: &'r Reading<'r>,
    /// Its tokens, without the stop.
    pub tokens: Range<usize>,
    pub runs: &'r [Run],
    /// Whether it is a headline, where capitals tell no names.
    pub title: bool,
}

/// What a cue's content is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Clause,
    Infinitive,
    Object,
}

impl Scope<'_> {
    /// Returns the run that holds a token, marks included.
    pub fn run_at(&self, at: usize) -> Option<&Run> {
        let next = self.runs.partition_point(|run| run.behind() <= at);
        self.runs.get(next).filter(|run| run.open() <= at)
    }

    /// Returns what a cue reports behind it, and the rule that says so; or where nothing but phrases of time and place
    /// stand behind it, how far they go.
    pub fn behind(&self, cue: &Cue) -> Result<(Range<usize>, &'static str), usize> {
        let reading = self.reading;
        let verb = &reading.tokens[cue.head];
        let clausal = verb.is(Class::SPEECH.or(Class::MENTAL));
        let end = self.tokens.end;
        let mut at = cue.behind;
        let (mut adjuncts, mut hearer) = (0, None);
        while at < end {
            let token = &reading.tokens[at];
            let is = |words: &[u32]| words.iter().any(|word| token.word(*word));
            if self.is_this_week(at) {
                at += 2;
                continue;
            }
            if token.word(WITH_VERB) && at == cue.head + 1 {
                at += 1;
                continue;
            }
            if let Some((start, made, rule)) = self.opening(cue, at, adjuncts, hearer) {
                return self.content(cue, start, made, rule).ok_or(at);
            }
            let owner = reading.get(at + 1).is_some_and(|next| next.looks(Shape::POSSESSIVE));
            if token.is(Class::ADVERB.or(Class::TIME).or(Class::WEEKDAY).or(Class::MONTH).or(Class::NEGATION)) && !owner
                || token.looks(Shape::NUMBER) && reading.tokens[at - 1].is(Class::MONTH)
            {
                at += 1;
            } else if token.is(Class::PREPOSITION) && adjuncts < ADJUNCTS {
                adjuncts += 1;
                at = self.phrase_end(at + 1);
            } else if (token.sign(',') || token.sign(':')) && clausal {
                let next = reading.get(at + 1);
                let (that, mark) = next.map_or((false, false), |next| (next.word(THAT), next.looks(Shape::MARK)));
                let rule = if that { "reported-that" } else { "reported-run" };
                return if that || mark { self.content(cue, at + 1, Made::Clause, rule).ok_or(at) } else { Err(at) };
            } else if verb.is(Class::TAKES_PERSON) && hearer.is_none() && self.run_at(at).is_none() && !is(&[THAT]) {
                hearer = Some(at);
                at = self.phrase_end(at).max(at + 1);
                if reading.get(at).is_some_and(|next| next.is(Class::CONJUNCTION)) {
                    at = self.phrase_end(at + 1);
                }
                // "warned the port is unsafe": no hearer, but the subject of what was said.
                if let Some(start) = hearer.filter(|_| at < end && phrases::may_be_finite(reading, at) && clausal) {
                    return self.content(cue, start, Made::Clause, "reported-clause").ok_or(at);
                }
            } else {
                return self.later_that(cue, at).ok_or(at);
            }
        }
        Err(at)
    }

    /// Returns what "that" opens a little further on, behind words of no clause: "said at the last GOP debate that".
    fn later_that(&self, cue: &Cue, from: usize) -> Option<(Range<usize>, &'static str)> {
        let tokens = &self.reading.tokens;
        let clausal = tokens[cue.head].is(Class::SPEECH);
        let to = self.tokens.end.min(from + 10);
        let that = (from..to)
            .take_while(|at| !tokens[*at].looks(Shape::SIGN) && !phrases::may_be_finite(self.reading, *at))
            .find(|at| tokens[*at].word(THAT))?;
        let relative = phrases::may_be_finite(self.reading, that + 1);
        (clausal && !relative).then(|| self.content(cue, that, Made::Clause, "reported-that")).flatten()
    }

    /// Returns whether "this week" or the like stands at a token, and no subject.
    fn is_this_week(&self, at: usize) -> bool {
        let time = self.reading.get(at + 1).is_some_and(|next| next.is(Class::TIME)) && at + 2 < self.tokens.end;
        let this = self.reading.tokens[at].is(Class::DETERMINER) && !self.reading.tokens[at].word(THAT);
        time && this && !phrases::may_be_finite(self.reading, at + 2)
    }

    /// Returns what a cue reports from a token on, if it opens there: where, of what make, and the rule.
    fn opening(
        &self,
        cue: &Cue,
        at: usize,
        adjuncts: usize,
        hearer: Option<usize>,
    ) -> Option<(usize, Made, &'static str)> {
        let reading = self.reading;
        let verb = &reading.tokens[cue.head];
        let token = &reading.tokens[at];
        let is = |words: &[u32]| words.iter().any(|word| token.word(*word));
        let clausal = verb.is(Class::SPEECH.or(Class::MENTAL));
        if token.word(THAT) && clausal {
            // "in a speech that had been long": of the speech, and not said.
            let relative = adjuncts > 0
                && (at + 1..self.tokens.end).next().is_some_and(|next| phrases::may_be_finite(reading, next));
            return (!relative).then_some((at, Made::Clause, "reported-that"));
        }
        let asks = is(&WH) && (adjuncts == 0 || verb.is(Class::TAKES_PERSON)) || is(&WHO) && adjuncts == 0;
        if clausal && (asks || token.word(IF) && verb.is(Class::TAKES_PERSON)) {
            return Some((at, Made::Clause, "reported-question"));
        }
        if cue.form == Form::Asked || cue.form == Form::Infinitive && !self.is_done(cue) {
            return None;
        }
        if token.word(key("as")) && verb.is(Class::OBJECT_CUE) && at == cue.behind {
            return Some((at, Made::Object, "reported-object"));
        }
        if cue.form == Form::Passive {
            return self.opening_passive(verb, at, adjuncts);
        }
        let framed = self.opening_frame(cue, at, adjuncts, hearer);
        if framed.is_some() || token.word(TO) && self.is_unnamed(at) {
            return framed;
        }
        let owner = reading.get(at + 1).is_some_and(|next| next.looks(Shape::POSSESSIVE));
        if token.is(Class::ADVERB.or(Class::TIME).or(Class::WEEKDAY).or(Class::MONTH))
            && !token.is(Class::PRONOUN.or(Class::DETERMINER))
            && !owner
        {
            return None;
        }
        if verb.is(Class::TAKES_PERSON) && hearer.is_none() && self.run_at(at).is_none() && !self.says_nobody(at) {
            return None;
        }
        let least = token.word(key("at")) && reading.get(at + 1).is_some_and(|next| next.word(key("least")));
        let say = SAYS.iter().any(|word| verb.word(*word)) || self.title && !verb.is(Class::OBJECT_CUE);
        let bare = verb.is(Class::TAKES_CLAUSE) || self.run_at(at).is_some() && verb.is(Class::SPEECH);
        let near = adjuncts == 0
            || self.says_nobody(at)
            || say
                && (token.is(Class::PRONOUN.or(Class::DETERMINER).or(Class::POSSESSOR))
                    || token.looks(Shape::CAPITALISED));
        if bare && near && (least || !token.is(Class::PREPOSITION)) && self.opens_clause(at, say) {
            return Some((at, Made::Clause, "reported-clause"));
        }
        let object = !token.looks(Shape::SIGN) || token.looks(Shape::MARK);
        let free = adjuncts == 0 && hearer.is_none() && !token.is(Class::PREPOSITION.or(Class::CONJUNCTION));
        (verb.is(Class::OBJECT_CUE) && object && free).then_some((at, Made::Object, "reported-object"))
    }

    /// Returns the infinitive or the object of a preposition that a cue reports from a token on.
    fn opening_frame(
        &self,
        cue: &Cue,
        at: usize,
        adjuncts: usize,
        hearer: Option<usize>,
    ) -> Option<(usize, Made, &'static str)> {
        let verb = &self.reading.tokens[cue.head];
        let token = &self.reading.tokens[at];
        let is = |words: &[u32]| words.iter().any(|word| token.word(*word));
        if token.word(TO) && adjuncts < 2 && verb.is(Class::TAKES_TO) && self.opens_infinitive(at) {
            let denied = self.reading.tokens[at - 1].is(Class::NEGATION);
            let start = hearer.unwrap_or(at - usize::from(denied));
            return (!self.is_unnamed(at)).then_some((start, Made::Infinitive, "reported-to"));
        }
        let opens = is(&OPENERS) && verb.is(Class::TAKES_PREPOSITION) || is(&ONTO) && verb.is(Class::TAKES_ONTO);
        let of = hearer.is_some() && !verb.is(Class::SAY) && is(&OPENERS[1..]);
        let framed = (opens || of) && adjuncts == 0 && !self.is_time(at + 1);
        framed.then_some((at + 1, Made::Object, "reported-preposition"))
    }

    /// Returns whether "to be named" or the like stands at a token: said of every unnamed source, and no news.
    fn is_unnamed(&self, to: usize) -> bool {
        const NAMED: [u32; 3] = [key("named"), key("identified"), key("quoted")];
        self.reading.get(to + 2).is_some_and(|word| NAMED.iter().any(|named| word.word(*named)))
    }

    /// Returns whether an infinitive tells what was said and not what may be: "went on to call for", "wants to say".
    fn is_done(&self, cue: &Cue) -> bool {
        let tokens = &self.reading.tokens;
        if !tokens[cue.head].is(Class::SPEECH) {
            return false;
        }
        let Some(before) = cue.words.start.checked_sub(1).filter(|at| *at >= self.tokens.start) else { return false };
        DONE.iter().any(|word| tokens[before].word(*word)) || tokens[before].looks(Shape::CAPITALISED)
    }

    /// Returns what a passive reports from a token on: "was asked about X", "was criticised for X", "was told to go".
    fn opening_passive(&self, verb: &Token, at: usize, adjuncts: usize) -> Option<(usize, Made, &'static str)> {
        let token = &self.reading.tokens[at];
        if adjuncts > 1 {
            return None;
        }
        if token.word(TO) && verb.is(Class::TAKES_TO) && verb.is(Class::TAKES_PERSON) && self.opens_infinitive(at) {
            return Some((at, Made::Object, "reported-passive"));
        }
        if token.word(key("if")) && verb.is(Class::TAKES_PERSON) {
            return Some((at, Made::Clause, "reported-question"));
        }
        let opens = OPENERS.iter().any(|word| token.word(*word));
        let takes = verb.is(Class::TAKES_PREPOSITION.or(Class::OBJECT_CUE))
            || verb.is(Class::TAKES_PERSON) && token.word(key("about"));
        (opens && takes).then_some((at + 1, Made::Object, "reported-passive"))
    }

    /// Returns what a noun of saying reports: "the claim that …", "a call for …", "promises to …".
    pub fn behind_noun(&self, noun: usize, owned: bool) -> Option<(Range<usize>, &'static str)> {
        let reading = self.reading;
        let at = noun + 1;
        let token = reading.get(at).filter(|_| at + 1 < self.tokens.end)?;
        if token.word(THAT) {
            let next = at + 1;
            let relative = phrases::may_be_finite(reading, next) || reading.tokens[next].is(Class::ADVERB);
            let end = self.object_end(at, false);
            return (!relative && end > at + 2).then_some((at..end, "reported-noun"));
        }
        if !owned {
            return None;
        }
        let row = rows(NOUNS).find(|row| row.split(' ').next() == Some(reading.word(noun)))?;
        let mark = reading.word(at);
        if !row.split(' ').skip(1).any(|word| word == mark) {
            return None;
        }
        let start = if token.word(TO) { self.opens_infinitive(at).then_some(at)? } else { at + 1 };
        let end = self.object_end(start, true);
        (end > start).then_some((start..end, "reported-noun"))
    }

    /// Returns whether what follows a verb that takes a hearer is a clause at once: "warned he would".
    fn says_nobody(&self, at: usize) -> bool {
        const SUBJECTS: [u32; 6] = [key("he"), key("she"), key("they"), key("we"), key("i"), key("there")];
        SUBJECTS.iter().any(|word| self.reading.tokens[at].word(*word))
    }

    /// Returns what opens at a token, where it is long enough.
    fn content(&self, cue: &Cue, start: usize, made: Made, rule: &'static str) -> Option<(Range<usize>, &'static str)> {
        let end = match made {
            Made::Clause => {
                self.clause_end(start, matches!(cue.form, Form::Passive | Form::Asked) || self.is_held(cue))
            }
            Made::Infinitive => self.object_end(start, false),
            Made::Object => self.object_end(start, true),
        };
        let least = if made == Made::Clause { 3 } else { 1 };
        (end >= start + least).then_some((start..end, rule))
    }

    /// Returns whether "to" at a token opens an infinitive, and not the name of a hearer.
    fn opens_infinitive(&self, at: usize) -> bool {
        self.reading.get(at + 1).is_some_and(|next| {
            next.looks(Shape::MARK)
                || next.looks(Shape::WORD)
                    && !next.looks(Shape::CAPITALISED)
                    && !next.is(Class::DETERMINER.or(Class::PRONOUN).or(Class::POSSESSOR).or(Class::PERSON_NOUN))
        })
    }

    /// Returns whether a phrase of time stands at a token.
    pub fn is_time(&self, at: usize) -> bool {
        self.reading.get(at).is_some_and(|token| token.is(Class::TIME.or(Class::WEEKDAY).or(Class::MONTH)))
    }

    /// Returns where the noun phrase that starts at a token ends.
    fn phrase_end(&self, start: usize) -> usize {
        let mut at = start;
        while at < self.tokens.end.min(start + PHRASE) {
            let token = &self.reading.tokens[at];
            let before = at.checked_sub(1).filter(|_| at > start).map(|at| &self.reading.tokens[at]);
            let sign = token.looks(Shape::SIGN) && !token.looks(Shape::POSSESSIVE) && !token.sign('.');
            let function = token.is(Class::SUBORDINATOR
                .or(Class::PREPOSITION)
                .or(Class::CONJUNCTION)
                .or(Class::MODAL)
                .or(Class::AUXILIARY));
            let opens = token.is(Class::PRONOUN.or(Class::DETERMINER).or(Class::POSSESSOR));
            let name = token.looks(Shape::CAPITALISED)
                && !token.is(Class::WEEKDAY.or(Class::MONTH))
                && before.is_some_and(|before| {
                    !before.looks(Shape::CAPITALISED)
                        && before.looks(Shape::WORD)
                        && !before.is(Class::DETERMINER.or(Class::POSSESSOR).or(Class::RANK).or(Class::PERSON_NOUN))
                        || before.is(Class::PERSON_NOUN) && self.reading.word(at - 1).ends_with('s')
                });
            if sign || at > start && (function || opens || name) {
                break;
            }
            at += 1;
        }
        at.max(start)
    }

    /// Returns whether what starts at a token is a clause: it has a verb of its own.
    fn opens_clause(&self, at: usize, surely: bool) -> bool {
        let token = &self.reading.tokens[at];
        if !token.looks(Shape::WORD.or(Shape::NUMBER).or(Shape::MARK)) && !token.sign('$') {
            return false;
        }
        if self.run_at(at).is_some() {
            return true;
        }
        if token.is(Class::SUBORDINATOR.or(Class::CONJUNCTION)) && !token.is(Class::DETERMINER) {
            const SINCE: [u32; 7] =
                [IF, key("because"), key("although"), key("though"), key("unless"), key("once"), key("since")];
            return surely && SINCE.iter().any(|word| token.word(*word));
        }
        const NO_SUBJECTS: [u32; 8] = [
            key("so"),
            key("something"),
            key("nothing"),
            key("anything"),
            key("little"),
            key("much"),
            key("more"),
            key("as"),
        ];
        if surely {
            // "said nothing" says nothing; "said nothing would change" does.
            let verb = self.reading.get(at + 1).is_some_and(|next| next.is(Class::MODAL.or(Class::AUXILIARY)));
            return verb || !NO_SUBJECTS.iter().any(|word| token.word(*word));
        }
        let contracted = self.reading.get(at + 1).is_some_and(|next| next.looks(Shape::POSSESSIVE));
        if contracted && token.is(Class::PRONOUN) {
            return true;
        }
        let to = self.tokens.end.min(at + VERB_REACH);
        let mut aside = false;
        for at in at + 1..to {
            let token = &self.reading.tokens[at];
            if token.sign(',') && (aside || self.reading.get(at + 1).is_some_and(|next| next.is(Class::RELATIVE))) {
                aside = !aside;
            }
            if aside {
                continue;
            }
            if phrases::may_be_finite(self.reading, at) && !token.is(Class::NOUNISH) {
                return true;
            }
            let ends = token.looks(Shape::SIGN) && !token.looks(Shape::POSSESSIVE) && !token.sign(',');
            let ends = ends
                || token.sign(',')
                    && self
                        .reading
                        .get(at + 1)
                        .is_none_or(|next| !phrases::may_be_finite(self.reading, at + 1) && !next.looks(Shape::MARK));
            if ends || token.is(Class::SUBORDINATOR) || token.word(TO) {
                return false;
            }
        }
        false
    }
}
