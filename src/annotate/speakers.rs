//! From the words beside a quote to who that is.

use std::ops::Range;

use super::lexicon::Class;
use super::marks::{self, Run};
use super::names::{Gender, Kind, Names};
use super::reading::Reading;
use super::roles;
use super::sources::Sources;
use super::tokens::{Shape, key};
use crate::article::Span;
use crate::layers::{Role, Roles, Speaker};

/// How many mentions back a pronoun looks.
const LOOK_BACK: usize = 30;

const WHO: u32 = key("who");

/// Who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A named person.
    Person(usize),
    /// A described source.
    Source(usize),
    /// What the mention says, no more.
    Mention,
}

/// Resolves mentions in the order of the text and remembers who spoke last.
pub struct Speakers<'r> {
    reading: &'r Reading<'r>,
    names: &'r Names,
    sources: Sources,
    runs: &'r [Run],
    /// The classes of each person, once asked for: most speak more than once.
    roles: Vec<Option<Roles>>,
    /// Who spoke last, and where that mention stands.
    last: Option<(Identity, usize)>,
}

impl<'r> Speakers<'r> {
    /// Returns a resolver for one article.
    pub fn new(reading: &'r Reading<'r>, names: &'r Names, sources: Sources, runs: &'r [Run]) -> Speakers<'r> {
        Speakers { reading, names, sources, runs, roles: vec![None; names.people.len()], last: None }
    }

    /// Returns the speaker that a phrase names.
    pub fn resolve(&mut self, phrase: Range<usize>) -> Speaker {
        let identity = self.identify(&phrase);
        if !matches!(identity, Identity::Mention) || self.last.is_none() {
            self.last = Some((identity, phrase.start));
        }
        self.speaker(identity, &phrase)
    }

    fn speaker(&mut self, identity: Identity, phrase: &Range<usize>) -> Speaker {
        let span = self.reading.span(phrase.clone());
        let text = self.reading.text;
        match identity {
            Identity::Person(person) => {
                let known = &self.names.people[person];
                let name = self.reading.span(known.full.clone()).of(text).to_owned();
                let described = known.description();
                let reading = self.reading;
                let calls = || known.descriptions.iter().map(|words| reading.span(words.clone()).of(text));
                let roles = *self.roles[person].get_or_insert_with(|| roles::of_person(calls()));
                let printed = [Some(known.full.clone()), described.clone()];
                let description = described.map(|words| self.words(&words));
                Speaker { span, name, description, roles, resolved: true, printed: self.spans(printed) }
            }
            Identity::Source(source) => {
                let known = &self.sources.sources[source];
                let name = self.reading.span(known.full.clone()).of(text).to_owned();
                let description = Some(self.words(&known.first));
                let printed = [Some(known.full.clone()), Some(known.first.clone())];
                let mut roles = roles::of_description(&name);
                // "administration" in "administration official" says what for, not who.
                roles.remove(Role::Organisation);
                roles.insert(Role::Unnamed);
                Speaker { span, name, description, roles, resolved: true, printed: self.spans(printed) }
            }
            Identity::Mention => {
                let name = self.bare_name(phrase);
                let pronoun =
                    phrase.len() == 1 && self.reading.tokens[phrase.start].is(Class::PRONOUN.or(Class::RELATIVE));
                let roles = if pronoun { Default::default() } else { roles::of_description(span.of(text)) };
                let description = Some(span.of(text).to_owned()).filter(|words| !pronoun && *words != name);
                Speaker { span, name, description, roles, resolved: !pronoun, printed: [None, None] }
            }
        }
    }

    /// Returns a phrase without the article before it.
    fn bare_name(&self, phrase: &Range<usize>) -> String {
        let article = phrase.len() > 1 && self.reading.tokens[phrase.start].is(Class::DETERMINER);
        let words = if article { phrase.start + 1..phrase.end } else { phrase.clone() };
        self.words(&words)
    }

    fn spans(&self, tokens: [Option<Range<usize>>; 2]) -> [Option<Span>; 2] {
        tokens.map(|tokens| tokens.map(|tokens| self.reading.span(tokens)))
    }

    fn words(&self, tokens: &Range<usize>) -> String {
        self.reading.span(tokens.clone()).of(self.reading.text).to_owned()
    }

    fn identify(&self, phrase: &Range<usize>) -> Identity {
        let first = &self.reading.tokens[phrase.start];
        if phrase.len() == 1 && first.word(WHO) {
            return self.named_before(phrase.start);
        }
        if phrase.len() == 1 && first.is(Class::HE.or(Class::SHE)) {
            let gender = if first.is(Class::HE) { Gender::Male } else { Gender::Female };
            return self.pronoun(phrase.start, gender);
        }
        let limit = phrase
            .clone()
            .find(|at| *at > phrase.start && self.reading.tokens[*at].is(Class::PREPOSITION))
            .unwrap_or(phrase.end);
        let person = self.names.within(phrase.start..limit).iter().find_map(|mention| match mention.kind {
            Kind::Person(person) => Some((mention, person)),
            _ => None,
        });
        if let Some((mention, person)) = person {
            let possessor = self.reading.get(mention.tokens.end).is_some_and(|token| token.looks(Shape::POSSESSIVE))
                && mention.tokens.end < phrase.end;
            if !possessor {
                return Identity::Person(person);
            }
        }
        match self.sources.within(phrase) {
            Some(source) => self.named_as(phrase, source).unwrap_or(Identity::Source(source)),
            None => Identity::Mention,
        }
    }

    /// Returns the person whose name stands right before "who".
    fn named_before(&self, at: usize) -> Identity {
        match self.names.before(at).next() {
            Some(mention) if at - mention.tokens.end < 12 => match mention.kind {
                Kind::Person(person) => Identity::Person(person),
                _ => Identity::Mention,
            },
            _ => Identity::Mention,
        }
    }

    /// Returns the person that "the senator" is: one whose description has that noun, where the source was never
    /// introduced on its own.
    fn named_as(&self, phrase: &Range<usize>, source: usize) -> Option<Identity> {
        let known = &self.sources.sources[source];
        let definite = self.reading.word(known.first.start).eq_ignore_ascii_case("the");
        if !definite {
            return None;
        }
        self.names.before(phrase.start).take(LOOK_BACK).find_map(|mention| {
            let Kind::Person(person) = mention.kind else { return None };
            let mut described = self.names.people[person].descriptions.iter().cloned().flatten();
            let same = described.any(|at| self.reading.tokens[at].key == known.head);
            same.then_some(Identity::Person(person))
        })
    }

    /// Returns who a pronoun is: recent, at the head of its sentence, of that gender, or the one who spoke last.
    fn pronoun(&self, at: usize, gender: Gender) -> Identity {
        let here = self.reading.sentence_of(at);
        let quoted = marks::holding(self.runs, at);
        let mut best: Option<(f64, usize)> = None;
        for (back, mention) in self.names.before(at).take(LOOK_BACK).enumerate() {
            let Kind::Person(person) = mention.kind else { continue };
            let known = self.names.people[person].gender;
            // Who is named inside a quotation is not who speaks around it.
            if known.is_some_and(|known| known != gender) || marks::holding(self.runs, mention.tokens.start) && !quoted
            {
                continue;
            }
            let sentence = self.reading.sentence_of(mention.tokens.start);
            let start = self.reading.sentences[sentence].start;
            let mut score = -0.6 * (here - sentence) as f64 - 0.1 * back as f64;
            score += if mention.tokens.start - start <= 3 { 1.0 } else { 0.0 };
            score += if known == Some(gender) { 1.0 } else { 0.0 };
            score -= if known.is_none() && !self.names.people[person].sure { 0.8 } else { 0.0 };
            score += if self.last.is_some_and(|(last, _)| last == Identity::Person(person)) { 1.2 } else { 0.0 };
            let possessor = self.reading.get(mention.tokens.end).is_some_and(|token| token.looks(Shape::POSSESSIVE));
            let object =
                mention.tokens.start > start && self.reading.tokens[mention.tokens.start - 1].is(Class::PREPOSITION);
            score -= if possessor || object { 0.8 } else { 0.0 };
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, person));
            }
        }
        match (best, self.last) {
            (Some((score, person)), _) if score > -4.0 => Identity::Person(person),
            // "she" for an unnamed source who spoke a moment ago.
            (_, Some((Identity::Source(source), place))) if here.abs_diff(self.reading.sentence_of(place)) < 6 => {
                Identity::Source(source)
            }
            _ => Identity::Mention,
        }
    }
}
