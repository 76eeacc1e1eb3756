//! Where what was said ends: with its sentence, or where another report or the narrator goes on.

use super::content::{Made, SAYS, Scope, THAT};
use super::verbs::{Cue, cue as cue_at};
use crate::annotate::lexicon::Class;
use crate::annotate::marks::Run;
use crate::annotate::phrases;
use crate::annotate::tokens::{Shape, key};

/// The longest content, in tokens: a sentence without end is not read again for each of its cues.
const LONGEST: usize = 500;
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

impl Scope<'_> {
    /// Returns where a clause ends that opens at a token: at the next report of the sentence, or with it.
    pub fn clause_end(&self, start: usize, held: bool) -> usize {
        let mut at = start;
        let end = self.tokens.end.min(start + LONGEST);
        let mut whole = false;
        while at < end {
            if let Some(run) = self.run_at(at) {
                whole = true;
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
            let which = token.sign(',') && self.reading.get(at + 1).is_some_and(|next| next.word(key("which")));
            // A long tail is the narrator's more often than not.
            let tail = token.sign(';') || which && self.tokens.end - at > at - start;
            whole |= phrases::may_be_finite(self.reading, at);
            if colon || whole && (main || tail || self.next_report(at)) {
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
            !leads && (at + 1..self.tokens.end.min(at + 16)).any(|at| phrases::may_be_finite(self.reading, at))
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
    pub fn object_end(&self, start: usize, short: bool) -> usize {
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
            phrases::may_be_finite(self.reading, verb) && !token.is(Class::NOUNISH) && !token.is(Class::ADVERB)
        })
    }

    /// Returns whether another report of the sentence begins at a token: `, adding that`, `and said`, `, while X said`,
    /// `, according to`.
    fn next_report(&self, at: usize) -> bool {
        let tokens = &self.reading.tokens;
        let end = self.tokens.end;
        let opens = WHILE.iter().any(|word| tokens[at].word(*word)) && at + 1 < end;
        if opens && tokens[at + 1].is(Class::ING) && tokens[at + 1].is(Class::SPEECH) {
            return true;
        }
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
            // "and related losses": an adjective.
            let bare = self.reading.get(verb + 1).is_some_and(|next| {
                next.looks(Shape::WORD)
                    && !next.looks(Shape::CAPITALISED)
                    && !next.is(Class::FUNCTION.or(Class::ADVERB))
            });
            let says = SAYS.iter().any(|word| cue.word(*word));
            let speech = cue.is(Class::SPEECH) && cue.is(Class::FINITE) && (says || !bare);
            speech && cue_at(self.reading, from, verb, self.title).is_some()
        })
    }

    /// Returns whether a short subject and a cue stand at a token; `surely`, whether the cue must be one of saying.
    fn new_speaker(&self, from: usize, surely: bool) -> bool {
        let tokens = &self.reading.tokens;
        let to = self.tokens.end.min(from + 8);
        let Some(verb) = (from + 1..to).find(|at| phrases::may_be_finite(self.reading, *at)) else { return false };
        let verb = (verb..to).find(|at| !tokens[*at].is(Class::AUXILIARY.or(Class::ADVERB))).unwrap_or(verb);
        let clause = (from..verb).any(|at| tokens[at].is(Class::SUBORDINATOR) && !tokens[at].is(Class::RELATIVE));
        let that = self.reading.get(verb + 1).is_some_and(|next| next.word(THAT));
        let says = SAYS.iter().any(|word| tokens[verb].word(*word)) || that || !surely;
        !clause && says && tokens[verb].is(Class::SPEECH) && cue_at(self.reading, from, verb, self.title).is_some()
    }

    /// Returns the end of a piece without signs and small words at its edge; a quoted run is not cut.
    pub fn trimmed(&self, start: usize, end: usize, made: Made) -> usize {
        let before = self.runs.partition_point(|run| run.open() < end);
        let last = self.runs[..before].last().filter(|run| run.open() >= start);
        if let Some(run) = last.filter(|run| run.behind() >= end) {
            return run.behind().max(start);
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
}
