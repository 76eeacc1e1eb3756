//! What of a sentence was said: where the content of a cue opens and ends.

use std::ops::Range;

use super::verbs::{Cue, Form, cue as cue_at, is_finite};
use crate::annotate::lexicon::{Class, rows};
use crate::annotate::marks::Run;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

/// How many phrases of time and place may stand between a cue and what was said.
const ADJUNCTS: usize = 5;
/// The longest content, in tokens: a sentence without end is not read again for each of its cues.
const LONGEST: usize = 500;
/// The longest noun phrase, in tokens.
const PHRASE: usize = 20;
/// How far into a clause its verb may stand.
const VERB_REACH: usize = 25;

/// Each noun with the prepositions that open what is said behind it.
const NOUNS: &str = include_str!("../words/speech_nouns.txt");

const THAT: u32 = key("that");
const TO: u32 = key("to");
const IF: u32 = key("if");
const WH: [u32; 7] = [key("whether"), key("how"), key("why"), key("what"), key("who"), key("which"), key("whose")];
const SAYS: [u32; 4] = [key("say"), key("says"), key("said"), key("saying")];
/// Prepositions before what was said.
const OPENERS: [u32; 5] = [key("for"), key("against"), key("of"), key("about"), key("out")];
const ONTO: [u32; 3] = [key("on"), key("to"), key("upon")];
/// Prepositions that lead away from an object: what happened then or there was not said.
const LEAVERS: [u32; 13] = [
    key("after"),
    key("before"),
    key("when"),
    key("while"),
    key("during"),
    key("because"),
    key("since"),
    key("although"),
    key("though"),
    key("amid"),
    key("until"),
    key("throughout"),
    key("following"),
];

/// A sentence with the quoted runs in it.
pub struct Scope<'r> {
    pub reading: &'r Reading<'r>,
    /// Its tokens, without the stop.
    pub tokens: Range<usize>,
    pub runs: &'r [Run],
}

/// Subordinators that open a clause before the main one, and what else leads on from a report.
const WHILE: [u32; 9] = [
    key("while"),
    key("when"),
    key("after"),
    key("although"),
    key("though"),
    key("as"),
    key("because"),
    key("since"),
    key("before"),
];

/// What a cue's content is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
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
            if let Some((start, made, rule)) = self.opening(cue, at, adjuncts, hearer) {
                return self.content(cue, start, made, rule).ok_or(at);
            }
            if token.is(Class::ADVERB.or(Class::TIME).or(Class::WEEKDAY).or(Class::MONTH).or(Class::NEGATION))
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
                if let Some(start) = hearer.filter(|_| at < end && is_finite(reading, at) && clausal) {
                    return self.content(cue, start, Made::Clause, "reported-clause").ok_or(at);
                }
            } else {
                return Err(at);
            }
        }
        Err(at)
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
            let relative =
                adjuncts > 0 && (at + 1..self.tokens.end).next().is_some_and(|next| is_finite(reading, next));
            return (!relative).then_some((at, Made::Clause, "reported-that"));
        }
        if clausal && adjuncts == 0 && (is(&WH) || token.word(IF) && verb.is(Class::TAKES_PERSON)) {
            return Some((at, Made::Clause, "reported-question"));
        }
        if cue.form == Form::Infinitive {
            return None;
        }
        if cue.form == Form::Passive {
            return self.opening_passive(verb, at, adjuncts);
        }
        if token.word(TO) && adjuncts == 0 && verb.is(Class::TAKES_TO) && self.opens_infinitive(at) {
            return Some((hearer.unwrap_or(at), Made::Infinitive, "reported-to"));
        }
        let opens = is(&OPENERS) && verb.is(Class::TAKES_PREPOSITION) || is(&ONTO) && verb.is(Class::TAKES_ONTO);
        if opens && adjuncts == 0 && !self.is_time(at + 1) {
            return Some((at + 1, Made::Object, "reported-preposition"));
        }
        if token.is(Class::ADVERB.or(Class::TIME).or(Class::WEEKDAY).or(Class::MONTH))
            && !token.is(Class::PRONOUN.or(Class::DETERMINER))
        {
            return None;
        }
        if verb.is(Class::TAKES_PERSON) && hearer.is_none() && self.run_at(at).is_none() && !self.says_nobody(at) {
            return None;
        }
        let say = SAYS.iter().any(|word| verb.word(*word));
        let bare = verb.is(Class::TAKES_CLAUSE) || self.run_at(at).is_some() && verb.is(Class::SPEECH);
        let near = adjuncts == 0
            || self.says_nobody(at)
            || say
                && (token.is(Class::PRONOUN.or(Class::DETERMINER).or(Class::POSSESSOR))
                    || token.looks(Shape::CAPITALISED));
        if bare && near && !token.is(Class::PREPOSITION) && self.opens_clause(at, say) {
            return Some((at, Made::Clause, "reported-clause"));
        }
        let object = !token.looks(Shape::SIGN) || token.looks(Shape::MARK);
        let free = adjuncts == 0 && hearer.is_none() && !token.is(Class::PREPOSITION.or(Class::CONJUNCTION));
        (verb.is(Class::OBJECT_CUE) && object && free).then_some((at, Made::Object, "reported-object"))
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
        let opens = OPENERS[..4].iter().any(|word| token.word(*word));
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
            let relative = is_finite(reading, next) || reading.tokens[next].is(Class::ADVERB);
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
            Made::Clause => self.clause_end(start, cue.form == Form::Passive || self.is_held(cue)),
            Made::Infinitive => self.object_end(start, false),
            Made::Object => self.object_end(start, true),
        };
        let least = if made == Made::Clause { 3 } else { 1 };
        (end >= start + least).then_some((start..end, rule))
    }

    /// Returns where a clause ends that opens at a token: at the next report of the sentence, or with it.
    pub fn clause_end(&self, start: usize, held: bool) -> usize {
        let mut at = start;
        let end = self.tokens.end.min(start + LONGEST);
        while at < end {
            if let Some(run) = self.run_at(at) {
                at = run.behind().max(at + 1);
                if self.closes(run) {
                    return self.trimmed(start, at, Made::Clause);
                }
                continue;
            }
            if at == start {
                at += 1;
                continue;
            }
            let token = &self.reading.tokens[at];
            let as_well = token.sign(',') && self.opens_comparison(at + 1);
            let main = held && token.sign(',') && self.opens_main(at + 1) || as_well;
            let colon = token.sign(':') && self.reading.get(at + 1).is_some_and(|next| next.looks(Shape::MARK));
            if main || colon || self.next_report(at) {
                return self.trimmed(start, at, Made::Clause);
            }
            at += 1;
        }
        self.trimmed(start, at, Made::Clause)
    }

    /// Returns whether the clause of a cue is opened by "while", "when" or the like, so that a main clause follows.
    pub fn is_held(&self, cue: &Cue) -> bool {
        let from = self.tokens.start.max(cue.words.start.saturating_sub(12));
        let tokens = &self.reading.tokens;
        (from..cue.words.start)
            .rev()
            .take_while(|at| !tokens[*at].sign(',') && !tokens[*at].sign(';'))
            .any(|at| WHILE.iter().any(|word| tokens[at].word(*word)))
    }

    /// Returns whether "as have others" or "which is" stands at a token, with more behind it.
    fn opens_comparison(&self, at: usize) -> bool {
        let helped = self.reading.get(at + 1).is_some_and(|next| next.is(Class::AUXILIARY));
        helped && self.reading.get(at).is_some_and(|token| token.word(key("as")))
    }

    /// Returns whether a main clause seems to open at a token.
    fn opens_main(&self, at: usize) -> bool {
        self.reading.get(at).is_some_and(|token| {
            let leads = token.is(Class::CONJUNCTION.or(Class::RELATIVE).or(Class::SUBORDINATOR).or(Class::ING));
            !leads && (at + 1..self.tokens.end.min(at + 16)).any(|at| is_finite(self.reading, at))
        })
    }

    /// Returns whether a run ends what is said: a comma or a stop in it, and a new clause behind.
    fn closes(&self, run: &Run) -> bool {
        let last = &self.reading.tokens[run.last - 1];
        let Some(next) = self.reading.get(run.behind()).filter(|_| run.behind() < self.tokens.end) else {
            return false;
        };
        (last.sign(',') || last.sign('.') || last.sign('?') || last.sign('!'))
            && (next.is(Class::CONJUNCTION.or(Class::ING).or(Class::RELATIVE).or(Class::SUBORDINATOR))
                || next.looks(Shape::SIGN))
    }

    /// Returns where an infinitive ends, or a noun phrase: `short`, before what happened then or there.
    fn object_end(&self, start: usize, short: bool) -> usize {
        let mut at = start;
        let end = self.tokens.end.min(start + LONGEST);
        while at < end {
            if let Some(run) = self.run_at(at) {
                at = run.behind().max(at + 1);
                if self.closes(run) {
                    return self.trimmed(start, at, Made::Object);
                }
                continue;
            }
            let token = &self.reading.tokens[at];
            let dash = token.sign('—') || token.sign('–') || token.sign('-') && !token.looks(Shape::GLUED);
            let sign = token.sign(',') || token.sign(';') || token.sign(':') || token.sign('(') || dash;
            let leaves = short && LEAVERS.iter().any(|word| token.word(*word)) || at > start + 1 && self.is_dated(at);
            let verb = token.is(Class::CONJUNCTION) && at + 1 < self.tokens.end && self.verb_follows(at + 1);
            if at > start && (sign || leaves || verb || self.next_report(at)) {
                break;
            }
            at += 1;
        }
        self.trimmed(start, at, Made::Object)
    }

    /// Returns whether a date or the like stands at a token: on Monday, in June, last week, yesterday.
    fn is_dated(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let possessive = self.reading.get(at + 1).is_some_and(|next| next.looks(Shape::POSSESSIVE));
        let preposition = token.is(Class::PREPOSITION) && self.is_time(at + 1) && !token.word(key("of"));
        preposition && !self.reading.get(at + 2).is_some_and(|next| next.looks(Shape::POSSESSIVE))
            || token.is(Class::WEEKDAY) && !possessive
            || token.is(Class::TIME) && self.is_time(at + 1)
    }

    /// Returns whether a finite verb stands at a token, adverbs before it or not.
    fn verb_follows(&self, at: usize) -> bool {
        let verb = (at..self.tokens.end.min(at + 3)).find(|at| !self.reading.tokens[*at].is(Class::ADVERB));
        verb.is_some_and(|verb| {
            let token = &self.reading.tokens[verb];
            is_finite(self.reading, verb) && !token.is(Class::NOUNISH) && !token.is(Class::ADVERB)
        })
    }

    /// Returns whether another report of the sentence begins at a token: `, adding that`, `and said`, `, while X said`,
    /// `, according to`.
    fn next_report(&self, at: usize) -> bool {
        let tokens = &self.reading.tokens;
        let end = self.tokens.end;
        let sign = tokens[at].sign(',') || tokens[at].sign(';') || tokens[at].sign('—') || tokens[at].sign('–');
        if !sign && !tokens[at].is(Class::CONJUNCTION) || at + 2 >= end {
            return false;
        }
        let next = &tokens[at + 1];
        if sign && next.word(key("according")) {
            return true;
        }
        let joined = next.is(Class::CONJUNCTION) || WHILE[..5].iter().any(|word| next.word(*word));
        let from = if sign && joined { at + 2 } else { at + 1 };
        if tokens[from].is(Class::ING) && tokens[from].is(Class::SPEECH) {
            return true;
        }
        if (joined || !sign || tokens[at].sign(';')) && self.new_speaker(from, !sign) {
            return true;
        }
        // "and said", "but has called": a cue right behind the conjunction.
        let verb = (from..end.min(from + 4)).find(|at| !tokens[*at].is(Class::ADVERB.or(Class::AUXILIARY)));
        verb.is_some_and(|verb| {
            let cue = &tokens[verb];
            cue.is(Class::SPEECH) && cue.is(Class::FINITE) && cue_at(self.reading, from, verb).is_some()
        })
    }

    /// Returns whether a short subject and a cue stand at a token; `surely`, whether the cue must be one of saying.
    fn new_speaker(&self, from: usize, surely: bool) -> bool {
        let tokens = &self.reading.tokens;
        let to = self.tokens.end.min(from + 8);
        let Some(verb) = (from + 1..to).find(|at| is_finite(self.reading, *at)) else { return false };
        let verb = (verb..to).find(|at| !tokens[*at].is(Class::AUXILIARY.or(Class::ADVERB))).unwrap_or(verb);
        let clause = (from..verb).any(|at| tokens[at].is(Class::SUBORDINATOR) && !tokens[at].is(Class::RELATIVE));
        let that = self.reading.get(verb + 1).is_some_and(|next| next.word(THAT));
        let says = SAYS.iter().any(|word| tokens[verb].word(*word)) || that || !surely;
        !clause && says && tokens[verb].is(Class::SPEECH) && cue_at(self.reading, from, verb).is_some()
    }

    /// Returns the end of a piece without signs and small words at its edge; a quoted run is not cut.
    fn trimmed(&self, start: usize, end: usize, made: Made) -> usize {
        let before = self.runs.partition_point(|run| run.open() < end);
        let last = self.runs[..before].last().filter(|run| run.open() >= start);
        if let Some(run) = last.filter(|run| run.behind() >= end) {
            return run.last.max(start);
        }
        let mut end = end;
        while end > start {
            let token = &self.reading.tokens[end - 1];
            let sign = token.looks(Shape::SIGN) && !token.looks(Shape::MARK.or(Shape::POSSESSIVE)) && !token.sign('%');
            if !sign && (made == Made::Clause || !token.is(Class::PREPOSITION)) {
                break;
            }
            end -= 1;
        }
        end
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
    fn is_time(&self, at: usize) -> bool {
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
            return token.word(IF) && surely;
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
            return !NO_SUBJECTS.iter().any(|word| token.word(*word));
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
            if is_finite(self.reading, at) && !token.is(Class::NOUNISH) {
                return true;
            }
            let ends = token.looks(Shape::SIGN) && !token.looks(Shape::POSSESSIVE) && !token.sign(',');
            let ends = ends
                || token.sign(',')
                    && self
                        .reading
                        .get(at + 1)
                        .is_none_or(|next| !is_finite(self.reading, at + 1) && !next.looks(Shape::MARK));
            if ends || token.is(Class::SUBORDINATOR) || token.word(TO) {
                return false;
            }
        }
        false
    }
}
