//! The reports of one sentence, from left to right.

use std::ops::Range;

use super::Report;
use super::content::Scope;
use super::verbs::{self, Cue, Form};
use crate::annotate::lexicon::Class;
use crate::annotate::marks::Run;
use crate::annotate::phrases;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

const ACCORDING: u32 = key("according");
const TO: u32 = key("to");
const BY: u32 = key("by");

/// Finds the reports of a sentence.
pub fn sentence(reading: &Reading<'_>, tokens: &Range<usize>, runs: &[Run], title: bool, reports: &mut Vec<Report>) {
    let scope = Scope { reading, tokens: tokens.start..last_word(reading, tokens), runs, title };
    let mut scan = Scan { scope: &scope, floor: tokens.start, spoken: None, main: None };
    if let Some(report) = scan.label().or_else(|| scan.closing()) {
        reports.push(report);
        return;
    }
    let mut at = tokens.start;
    while at < scope.tokens.end {
        let token = &reading.tokens[at];
        let according = token.word(ACCORDING) && reading.get(at + 1).is_some_and(|next| next.word(TO));
        if !according && !verbs::may_be_cue(token) {
            at += 1;
            continue;
        }
        if let Some(run) = scope.run_at(at) {
            at = run.behind().max(at + 1);
            continue;
        }
        let found = if according { scan.according(at) } else { scan.cue(at) };
        at = match &found {
            Some(report) => report.pieces().map(|piece| piece.end).max().unwrap_or(at).max(at + 1),
            None => at + 1,
        };
        if found.is_some() {
            scan.floor = at;
        }
        reports.extend(found);
    }
}

/// What is known of a sentence at a place in it.
struct Scan<'s> {
    scope: &'s Scope<'s>,
    /// Where what is not yet reported begins.
    floor: usize,
    /// The subject of the last cue.
    spoken: Option<Range<usize>>,
    /// The subject of the sentence, once somebody asked.
    main: Option<Option<Range<usize>>>,
}

impl Scan<'_> {
    /// Returns the report that takes in a whole sentence, other cues and all: "He would deny that, Calder said."
    fn closing(&mut self) -> Option<Report> {
        let reading = self.scope.reading;
        let tokens = self.scope.tokens.clone();
        let according = tokens.clone().skip(4).find(|at| {
            let paused = |before: &Token| before.sign(',') || before.looks(Shape::MARK);
            reading.tokens[*at].word(ACCORDING) && paused(&reading.tokens[at - 1]) && self.scope.run_at(*at).is_none()
        });
        if let Some(report) = according.and_then(|at| self.according(at)) {
            return Some(report);
        }
        let from = tokens.start.max(tokens.end.saturating_sub(4));
        let head = (from..tokens.end).find(|at| {
            let token = &reading.tokens[*at];
            token.is(Class::SPEECH) && token.is(Class::FINITE) && token.is(Class::TAKES_CLAUSE)
        })?;
        let outside = self.scope.run_at(head).is_none();
        let cue = verbs::cue(reading, tokens.start, head, self.scope.title)
            .filter(|cue| outside && cue.form == Form::Finite)?;
        let phrase = self.subject(&cue)?;
        let behind = self.scope.behind(&cue);
        self.inverted_or_before(&cue, &phrase, &behind).filter(|report| report.rest.is_none())
    }

    /// Returns the report that a verb makes of its sentence.
    fn cue(&mut self, head: usize) -> Option<Report> {
        let reading = self.scope.reading;
        let Some(cue) = verbs::cue(reading, self.floor, head, self.scope.title) else { return self.noun(head) };
        let phrase = self.subject(&cue);
        let report = self.report(&cue, &phrase);
        match (phrase, &report) {
            (Some(phrase), _) => self.spoken = Some(phrase),
            (None, Some(report)) => self.spoken = report.phrase.clone(),
            // "…," said X, adding that …
            (None, None) if cue.form == Form::Finite => {
                self.spoken = phrases::inverted(reading, head, self.scope.tokens.end).or(self.spoken.take());
            }
            (None, None) => {}
        }
        report
    }

    /// `Calder: The Port Is Closed` in a headline.
    fn label(&self) -> Option<Report> {
        if !self.scope.title {
            return None;
        }
        let reading = self.scope.reading;
        let Range { start, end } = self.scope.tokens;
        let colon = (start + 1..end.min(start + 7)).find(|at| reading.tokens[*at].sign(':'))?;
        let phrase = phrases::trim(reading, start..colon).filter(|phrase| phrase.len() == colon - start)?;
        let named = phrase.clone().all(|at| reading.tokens[at].looks(Shape::CAPITALISED)) && self.is_known(&phrase);
        if !named {
            return None;
        }
        let content = colon + 1..self.scope.clause_end(colon + 1, false);
        (content.len() > 2).then_some(Report {
            content,
            rest: None,
            phrase: Some(phrase),
            cue: colon..colon + 1,
            rule: "reported-label",
        })
    }

    /// Returns whether the last word of a phrase is somebody: named in small print soon after, or a noun for people.
    fn is_known(&self, phrase: &Range<usize>) -> bool {
        let reading = self.scope.reading;
        let last = &reading.tokens[phrase.end - 1];
        let from = self.scope.tokens.end;
        let named = |at: usize| {
            let small = reading.tokens[at - 1].looks(Shape::WORD) && !reading.tokens[at].looks(Shape::LINE_START);
            small && reading.tokens[at].looks(Shape::CAPITALISED) && reading.tokens[at].key == last.key
        };
        last.is(Class::PERSON_NOUN.or(Class::GROUP_NOUN)) || (from + 1..reading.tokens.len().min(from + 400)).any(named)
    }

    /// Returns the report that a noun makes: "her claim that …".
    fn noun(&mut self, noun: usize) -> Option<Report> {
        let reading = self.scope.reading;
        if !reading.tokens[noun].is(Class::SPEECH_NOUN) || reading.tokens[noun].looks(Shape::CAPITALISED) {
            return None;
        }
        let phrase = verbs::possessor(reading, self.floor, noun);
        let phrase = phrase.or_else(|| verbs::is_made(reading, self.floor, noun).then(|| self.shared()).flatten());
        let (content, rule) = self.scope.behind_noun(noun, phrase.is_some())?;
        Some(Report { content, rest: None, phrase, cue: noun..noun + 1, rule })
    }

    fn subject(&mut self, cue: &Cue) -> Option<Range<usize>> {
        let reading = self.scope.reading;
        match cue.form {
            Form::Passive => self.agent(cue.head),
            Form::Asked => None,
            Form::Finite if self.follows_run(cue) => None,
            Form::Finite if self.follows_dash(cue) => self.shared(),
            Form::Finite => match verbs::subject(reading, self.floor, cue) {
                Some(phrase) => Some(phrase),
                None if self.follows_conjunction(cue) || self.follows_mark(cue) => self.shared(),
                None if reading.tokens[cue.head].is(Class::SAY) && cue.words.start > self.floor => self.shared(),
                None => None,
            },
            Form::Participle => self.beside(cue).or_else(|| self.shared()),
            Form::Infinitive => self.shared(),
        }
    }

    /// Returns who stands between "with" and a verb in -ing: "with Calder saying that".
    fn beside(&self, cue: &Cue) -> Option<Range<usize>> {
        let reading = self.scope.reading;
        let from = self.floor.max(cue.words.start.saturating_sub(8));
        let with = (from..cue.words.start).rev().find(|at| reading.tokens[*at].word(key("with")))?;
        let phrase = phrases::trim(reading, with + 1..cue.words.start)?;
        let whole = phrase.end == cue.words.start && verbs::can_head(reading, &phrase);
        whole.then_some(phrase)
    }

    fn follows_conjunction(&self, cue: &Cue) -> bool {
        let before = cue.words.start.checked_sub(1).and_then(|at| self.scope.reading.get(at));
        before.is_some_and(|before| before.is(Class::CONJUNCTION) || before.sign(','))
    }

    fn follows_mark(&self, cue: &Cue) -> bool {
        let before = cue.words.start.checked_sub(1).and_then(|at| self.scope.reading.get(at));
        before.is_some_and(|before| before.looks(Shape::MARK))
    }

    fn follows_dash(&self, cue: &Cue) -> bool {
        let before = cue.words.start.checked_sub(1).and_then(|at| self.scope.reading.get(at));
        before.is_some_and(|before| before.sign('—') || before.sign('–') || before.sign('-'))
            && verbs::subject(self.scope.reading, self.floor, cue).is_none()
    }

    /// Returns whether a closing mark stands before a cue, so that its subject stands behind.
    fn follows_run(&self, cue: &Cue) -> bool {
        let before = cue.words.start.checked_sub(1).filter(|at| *at >= self.scope.tokens.start);
        let run = before.and_then(|at| self.scope.run_at(at));
        // "Calder, citing “costs,” said": the subject stands before the run.
        let inside = |run: &Run| {
            let before = run.open().checked_sub(1).filter(|at| *at >= self.scope.tokens.start);
            before.is_some_and(|at| self.scope.reading.tokens[at].looks(Shape::WORD))
        };
        run.is_some_and(|run| !inside(run))
    }

    /// Returns the subject that a verb without one has in common with the verb before it.
    fn shared(&mut self) -> Option<Range<usize>> {
        let scope = self.scope;
        let who = |phrase: &Range<usize>| scope.reading.tokens[phrase.start].is(Class::RELATIVE);
        if let Some(spoken) = self.spoken.as_ref().filter(|spoken| !who(spoken)) {
            return Some(spoken.clone());
        }
        let main = self.main.get_or_insert_with(|| verbs::main_subject(scope)).clone();
        main.or_else(|| self.spoken.clone())
    }

    /// Returns who stands behind "by".
    fn agent(&self, head: usize) -> Option<Range<usize>> {
        let end = self.scope.tokens.end;
        let by = (head + 1..end.min(head + 4)).find(|at| self.scope.reading.tokens[*at].word(BY))?;
        let phrase = phrases::inverted(self.scope.reading, by, end)?;
        // "by Hillman of hiding it": what is said begins there.
        let tokens = &self.scope.reading.tokens;
        let said = phrase.clone().skip(1).find(|at| {
            tokens[*at].is(Class::PREPOSITION) && at + 1 < end && self.scope.reading.word(at + 1).ends_with("ing")
        });
        Some(phrase.start..said.unwrap_or(phrase.end))
    }

    fn report(&mut self, cue: &Cue, phrase: &Option<Range<usize>>) -> Option<Report> {
        let verb = &self.scope.reading.tokens[cue.head];
        if let Some(report) = self.inverted(cue) {
            return Some(report);
        }
        if matches!(cue.form, Form::Passive | Form::Asked) {
            let behind = phrase.as_ref().map_or(cue.behind, |agent| agent.end);
            let (content, rule) = self.scope.behind(&Cue { behind, ..cue.clone() }).ok()?;
            return Some(Report { content, rest: None, phrase: phrase.clone(), cue: cue.words.clone(), rule });
        }
        let behind = self.scope.behind(cue);
        if let Some(report) = phrase.as_ref().and_then(|phrase| self.inverted_or_before(cue, phrase, &behind)) {
            return Some(report);
        }
        let Some(speaker) = phrase.clone() else {
            // Said, and by nobody who could be found.
            let (content, rule) = behind.ok()?;
            let sure = rule == "reported-that" && verb.is(Class::SPEECH);
            let cue = cue.words.clone();
            return sure.then_some(Report { content, rest: None, phrase: None, cue, rule });
        };
        if let Some(content) = self.as_noted(cue, &speaker, &behind) {
            let (phrase, cue) = (Some(speaker), cue.words.clone());
            return Some(Report { content, rest: None, phrase, cue, rule: "reported-as" });
        }
        let (content, rule) = behind.ok()?;
        if rule == "reported-object" && verbs::is_naming(self.scope.reading, cue.head) {
            return None;
        }
        let sure = matches!(rule, "reported-that" | "reported-clause" | "reported-question");
        let able = sure && verb.is(Class::SPEECH)
            || verbs::can_head(self.scope.reading, &speaker)
            || verb.is(Class::SPEECH) && phrases::can_speak(self.scope.reading, &speaker);
        able.then_some(Report { content, rest: None, phrase: Some(speaker), cue: cue.words.clone(), rule })
    }

    /// `…, said X`: the subject behind the cue, and what was said before it.
    fn inverted(&self, cue: &Cue) -> Option<Report> {
        let reading = self.scope.reading;
        let verb = &reading.tokens[cue.head];
        let plain = cue.words.len() == 1 && verb.is(Class::FINITE.or(Class::BASE)) && verb.is(Class::TAKES_CLAUSE);
        let plain = plain && !verb.is(Class::TAKES_PERSON);
        let before = cue.head.checked_sub(1).filter(|at| plain && *at > self.floor)?;
        let (front, mark) = self.front(before)?;
        let end = self.scope.tokens.end;
        if reading.get(cue.head + 1).is_some_and(|next| next.is(Class::PREPOSITION.or(Class::ING))) {
            return None;
        }
        let phrase = phrases::inverted(reading, cue.head, end).filter(|phrase| phrases::can_speak(reading, phrase))?;
        let ended = (phrase.end..end.min(phrase.end + 20))
            .take_while(|at| !reading.tokens[*at].looks(Shape::SIGN))
            .all(|at| !phrases::may_be_finite(reading, at));
        let verbless = !self.has_verb(cue.head..end.min(phrase.end + 1));
        // "Hugh Hill, a doctor, said Monday it was late" has its subject before.
        let last =
            front.clone().rev().take(60).find(|at| reading.tokens[*at].sign(',')).map_or(front.start, |at| at + 1);
        let whole = mark || self.has_verb(last..front.end) && !reading.tokens[last].is(Class::RELATIVE);
        (ended && verbless && whole && front.len() > 2).then_some(Report {
            content: front,
            rest: None,
            phrase: Some(phrase),
            cue: cue.words.clone(),
            rule: "reported-before",
        })
    }

    /// `As X noted, …`.
    fn as_noted(
        &self,
        cue: &Cue,
        phrase: &Range<usize>,
        behind: &Result<(Range<usize>, &'static str), usize>,
    ) -> Option<Range<usize>> {
        let reading = self.scope.reading;
        let stop = behind.as_ref().err().filter(|stop| **stop < self.scope.tokens.end)?;
        let opens = Some(self.floor).filter(|floor| *floor < phrase.start && phrase.start - floor < 6)?;
        let says = reading.tokens[cue.head].is(Class::SPEECH) && cue.form == Form::Finite;
        let noted = says && reading.tokens[opens].word(key("as")) && reading.tokens[*stop].sign(',');
        let content = noted.then(|| stop + 1..self.scope.clause_end(stop + 1, false));
        content.filter(|content| content.len() > 2)
    }

    /// `…, X said`, `…, X said, …`, `…, said X`.
    fn inverted_or_before(
        &self,
        cue: &Cue,
        phrase: &Range<usize>,
        behind: &Result<(Range<usize>, &'static str), usize>,
    ) -> Option<Report> {
        let reading = self.scope.reading;
        let verb = &reading.tokens[cue.head];
        if cue.form != Form::Finite || !verb.is(Class::SPEECH) {
            return None;
        }
        let stop = match behind {
            // "As far as they can tell, …": nobody is told.
            Err(stop) if verb.is(Class::SAY) && verb.is(Class::TAKES_PERSON) && *stop == cue.head + 1 => return None,
            Err(stop) => stop,
            // "It is over, he said, “for good.”": what stands between marks is a direct quote.
            Ok((content, "reported-run")) => &(content.start - 1),
            Ok(_) => return None,
        };
        let comma = phrase.start.checked_sub(1).filter(|at| *at > self.floor)?;
        let comma = comma - usize::from(reading.tokens[comma].word(key("as")) && comma - 1 > self.floor);
        if reading.tokens[phrase.start].is(Class::RELATIVE) {
            return None;
        }
        let (front, mark) = self.front(comma)?;
        let end = self.scope.tokens.end;
        let paused = *stop < end && (reading.tokens[*stop].sign(',') || reading.tokens[*stop].sign(':'));
        // "In an interview with “The Hour,” Calder said": no more than where it was said.
        let aside = mark && reading.tokens[front.start].is(Class::PREPOSITION) && !self.has_verb(front.clone());
        if !mark && !verb.is(Class::TAKES_CLAUSE) || aside {
            return None;
        }
        let whole = mark || self.scope.title || self.has_verb(front.clone());
        if !whole && !paused {
            return None;
        }
        let quoted = |at: usize| self.scope.run_at(at).is_some();
        let rest = paused.then(|| self.rest(*stop + 1, &front)).flatten().filter(|rest| !quoted(rest.start));
        if !whole && rest.is_none() {
            return None;
        }
        let rule = if rest.is_some() { "reported-around" } else { "reported-before" };
        let long = front.len() + rest.as_ref().map_or(0, ExactSizeIterator::len);
        (long > 2).then_some(Report {
            content: front,
            rest,
            phrase: Some(phrase.clone()),
            cue: cue.words.clone(),
            rule,
        })
    }

    /// Returns what stands before a comma, or before a closing mark with a comma inside, as the front of a report; and
    /// whether it ends in a quoted run.
    fn front(&self, last: usize) -> Option<(Range<usize>, bool)> {
        let reading = self.scope.reading;
        if reading.tokens[last].sign(',') {
            return Some((self.floor..last, false));
        }
        let run = self.scope.run_at(last).filter(|run| run.last == last)?;
        let before = run.open().checked_sub(1).filter(|at| *at >= self.floor)?;
        // "The plan, with its costs, “is dead,”": small print goes on with the sentence.
        let small = reading.tokens[before].sign(',') && !reading.tokens[run.first].looks(Shape::CAPITALISED);
        (reading.tokens[before].looks(Shape::WORD) || small).then_some((self.floor..run.behind(), true))
    }

    /// Returns whether a stretch holds the verb of a clause that is not opened by "who" or a preposition.
    fn has_verb(&self, tokens: Range<usize>) -> bool {
        let reading = self.scope.reading;
        let mut beside = false;
        for at in tokens.clone().take(80) {
            let token = &reading.tokens[at];
            if at == tokens.start || reading.tokens[at - 1].sign(',') {
                beside = token.is(Class::RELATIVE.or(Class::ING)) && at > tokens.start || token.is(Class::PREPOSITION);
            }
            if at > tokens.start && !beside && phrases::may_be_finite(reading, at) {
                return true;
            }
        }
        false
    }

    /// Returns what goes on behind a cue between commas.
    fn rest(&self, start: usize, front: &Range<usize>) -> Option<Range<usize>> {
        let reading = self.scope.reading;
        let token = reading.get(start)?;
        let whole = self.has_verb(front.clone());
        let leaves = token.is(Class::ING.or(Class::RELATIVE)) || whole && token.is(Class::PREPOSITION);
        if leaves || start >= self.scope.tokens.end {
            return None;
        }
        let end = self.scope.clause_end(start, false);
        (end > start + 1).then_some(start..end)
    }

    /// Returns the token behind a comma, or behind the words in commas that say what the source is: "a pilot,".
    fn behind_apposition(&self, comma: usize) -> usize {
        let tokens = &self.scope.reading.tokens;
        let to = self.scope.tokens.end.min(comma + 12);
        let close = (comma + 2..to).find(|at| tokens[*at].sign(','));
        let described = |close: &usize| {
            let words = comma + 1..*close;
            tokens[words.start].is(Class::DETERMINER)
                && words.clone().any(|at| tokens[at].is(Class::PERSON_NOUN.or(Class::TITLE)))
                && !words.clone().any(|at| phrases::may_be_finite(self.scope.reading, at))
        };
        close.filter(described).unwrap_or(comma) + 1
    }

    /// `According to X, …`, `…, according to X`.
    fn according(&mut self, at: usize) -> Option<Report> {
        let reading = self.scope.reading;
        let end = self.scope.tokens.end;
        if at + 2 >= end {
            return None;
        }
        let comma = (at + 2..end.min(at + 40)).find(|at| reading.tokens[*at].sign(','));
        let source = phrases::inverted(reading, at + 1, end)
            .or_else(|| phrases::trim(reading, at + 2..comma.unwrap_or(end).min(at + 14)))?;
        let cue = at..at + 2;
        if at <= self.floor + 1 {
            let start = self.behind_apposition(comma?);
            let content = start..self.scope.clause_end(start, false);
            let report = Report { content, rest: None, phrase: Some(source), cue, rule: "according-to-before" };
            return (report.content.len() > 2).then_some(report);
        }
        let before = at - 1;
        let last = if reading.tokens[before].sign(',') { before } else { at };
        let content = self.floor..last;
        // "“It is late,” X said, according to Y": what stands between the marks is a direct quote.
        let tagged = |run: &Run| (run.behind()..last).any(|at| phrases::is_cue(reading, at));
        if self.scope.run_at(content.start).is_some_and(tagged) {
            return None;
        }
        let paused = source.end < end && reading.tokens[source.end].sign(',');
        let rest = paused.then(|| self.rest(source.end + 1, &content)).flatten();
        // "according to Calder, a pilot who saw it": the words in commas say who she is.
        let goes_on = |rest: &Range<usize>| phrases::may_be_finite(reading, rest.start) || self.has_verb(rest.clone());
        let rest = rest.filter(|rest| self.scope.run_at(rest.start).is_none() && goes_on(rest));
        (content.len() > 2).then_some(Report { content, rest, phrase: Some(source), cue, rule: "according-to-behind" })
    }
}

/// Returns the end of a sentence without its stop.
fn last_word(reading: &Reading<'_>, sentence: &Range<usize>) -> usize {
    let mut end = sentence.end;
    while end > sentence.start
        && reading.tokens[end - 1].looks(Shape::SIGN)
        && !reading.tokens[end - 1].looks(Shape::MARK)
    {
        end -= 1;
    }
    end
}
