//! From the words beside a quote to who that is.
//!
//! Each tracing has a rule and a confidence from 0 to 1. Under [`ENOUGH`] nobody is guessed: the speaker is the mention
//! itself, marked as not resolved. Where evidence is asked for, a log keeps how each mention was traced.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::lexicon::Class;
use super::marks::{self, Run};
use super::names::{Gender, Kind, Names};
use super::reading::Reading;
use super::roles;
use super::rules;
use super::sources::Sources;
use super::tokens::{Shape, key};
use crate::article::Span;
use crate::layers::{Evidence, Quote, Role, Roles, Speaker, Tracing};

/// How many mentions back a pronoun looks.
const LOOK_BACK: usize = 30;

/// The confidence that it takes to call a mention somebody.
const ENOUGH: f32 = 0.5;

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

/// Who a mention is, by which rule, and how sure that is.
#[derive(Clone, Copy, Debug)]
struct Traced {
    identity: Identity,
    rule: &'static str,
    confidence: f32,
}

impl Traced {
    fn new(identity: Identity, rule: &'static str, confidence: f32) -> Traced {
        Traced { identity, rule, confidence }
    }
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
    /// Who the last pronoun could have been, with scores.
    weighed: Vec<(Identity, f64)>,
    /// How each mention was traced, by where it stands, where evidence is asked for.
    log: Option<FxHashMap<Span, Vec<(String, Tracing)>>>,
}

impl<'r> Speakers<'r> {
    /// Returns a resolver for one article; with a log where `explain` asks for evidence.
    pub fn new(
        reading: &'r Reading<'r>,
        names: &'r Names,
        sources: Sources,
        runs: &'r [Run],
        explain: bool,
    ) -> Speakers<'r> {
        let roles = vec![None; names.people.len()];
        let log = explain.then(FxHashMap::default);
        Speakers { reading, names, sources, runs, roles, last: None, weighed: Vec::new(), log }
    }

    /// Returns the speaker that a phrase names.
    pub fn resolve(&mut self, phrase: Range<usize>) -> Speaker {
        self.weighed.clear();
        let traced = self.identify(&phrase);
        let traced = if traced.confidence < ENOUGH {
            Traced { identity: Identity::Mention, rule: "unresolved", ..traced }
        } else {
            traced
        };
        let identity = traced.identity;
        if !matches!(identity, Identity::Mention) || self.last.is_none() {
            self.last = Some((identity, phrase.start));
        }
        let speaker = self.speaker(identity, &phrase);
        if self.log.is_some() {
            self.note(&speaker, traced);
        }
        speaker
    }

    /// Returns why a quote has its speaker.
    pub fn evidence(&self, quote: &Quote) -> Evidence {
        let speaker = quote.speaker.as_ref();
        let tracing = speaker.and_then(|speaker| {
            let traced = self.log.as_ref()?.get(&speaker.span)?;
            traced.iter().find(|(name, _)| *name == speaker.name)
        });
        let rule = rules::of_quote(&quote.rule).unwrap_or_default();
        Evidence { rule, tracing: tracing.map(|(_, tracing)| tracing.clone()) }
    }

    /// Notes how a mention was traced.
    fn note(&mut self, speaker: &Speaker, traced: Traced) {
        let mut weighed = std::mem::take(&mut self.weighed);
        weighed.sort_by(|one, other| other.1.total_cmp(&one.1));
        let mut candidates: Vec<(String, f32)> = Vec::new();
        for (identity, score) in weighed {
            let name = self.name_of(identity);
            if candidates.iter().all(|(known, _)| *known != name) {
                candidates.push((name, score as f32));
            }
        }
        let rule = (traced.rule, rules::of_mention(traced.rule).unwrap_or_default());
        let roles = self.role_reasons(traced.identity, speaker);
        let tracing = Tracing { rule, confidence: traced.confidence, candidates, roles };
        if let Some(log) = &mut self.log {
            log.entry(speaker.span).or_default().push((speaker.name.clone(), tracing));
        }
    }

    fn name_of(&self, identity: Identity) -> String {
        match identity {
            Identity::Person(person) => self.words(&self.names.people[person].full),
            Identity::Source(source) => self.words(&self.sources.sources[source].full),
            Identity::Mention => String::new(),
        }
    }

    /// Returns the words that give each class of a speaker.
    fn role_reasons(&self, identity: Identity, speaker: &Speaker) -> Vec<(Role, Option<Span>)> {
        let given_by: Vec<Span> = match identity {
            Identity::Person(person) => {
                self.names.people[person].descriptions.iter().map(|words| self.reading.span(words.clone())).collect()
            }
            Identity::Source(source) => vec![self.reading.span(self.sources.sources[source].full.clone())],
            Identity::Mention => vec![speaker.span],
        };
        let gives = |role: Role, span: &&Span| roles::of_description(span.of(self.reading.text)).contains(role);
        speaker.roles.iter().map(|role| (role, given_by.iter().find(|span| gives(role, span)).copied())).collect()
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
                let roles = if pronoun { Roles::default() } else { self.roles_of_mention(phrase) };
                let description = Some(span.of(text).to_owned()).filter(|words| !pronoun && *words != name);
                Speaker { span, name, description, roles, resolved: !pronoun, printed: [None, None] }
            }
        }
    }

    /// Returns the classes that the words of a mention give: its noun tells a body from a document and a person.
    fn roles_of_mention(&self, phrase: &Range<usize>) -> Roles {
        let mut roles = roles::of_description(self.reading.span(phrase.clone()).of(self.reading.text));
        let tokens = &self.reading.tokens;
        let stop = phrase.clone().skip(1).find(|at| tokens[*at].is(Class::PREPOSITION) || tokens[*at].sign(','));
        let head = &tokens[stop.unwrap_or(phrase.end) - 1];
        let person = head.is(Class::PERSON_NOUN.or(Class::TITLE)) && !head.looks(Shape::CAPITALISED);
        let body = head.is(Class::GROUP_NOUN.or(Class::BODY_WORD)) && !person;
        if body {
            roles.insert(Role::Organisation);
        } else if head.is(Class::DOCUMENT_NOUN) && !head.looks(Shape::CAPITALISED) {
            roles = Roles::default();
            roles.insert(Role::Document);
        } else if person && tokens[phrase.start].is(Class::DETERMINER) {
            roles.insert(Role::Unnamed);
        }
        roles
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

    fn identify(&mut self, phrase: &Range<usize>) -> Traced {
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
                let full = mention.tokens.len() > 1;
                let (rule, confidence) = if full { ("full-name", 0.97) } else { ("short-name", 0.9) };
                return Traced::new(Identity::Person(person), rule, confidence);
            }
        }
        if let Some(person) = self.set_off(phrase).or_else(|| self.behind_office(phrase, limit)) {
            return Traced::new(Identity::Person(person), "appositive", 0.95);
        }
        if let Some(person) = self.in_capitals(phrase) {
            return Traced::new(Identity::Person(person), "initials", 0.85);
        }
        match self.sources.within(phrase) {
            Some(source) => match self.named_as(phrase, source) {
                Some(person) => Traced::new(person, "described-person", 0.75),
                None => Traced::new(Identity::Source(source), "described-source", 0.85),
            },
            None => match self.aged(phrase) {
                Some(person) => Traced::new(person, "age", 0.7),
                None => Traced::new(Identity::Mention, "mention", 0.8),
            },
        }
    }

    /// Returns the person named in commas right behind a description: "the critic, Julian Voss,".
    fn set_off(&self, phrase: &Range<usize>) -> Option<usize> {
        let tokens = &self.reading.tokens;
        let described = phrase.clone().any(|at| tokens[at].is(Class::DETERMINER.or(Class::POSSESSOR).or(Class::TITLE)))
            || phrase.clone().any(|at| tokens[at].looks(Shape::POSSESSIVE));
        let comma = phrase.end;
        if !described || !self.reading.get(comma)?.sign(',') {
            return None;
        }
        let mention = self.names.within(comma + 1..comma + 2).first()?;
        let Kind::Person(person) = mention.kind else { return None };
        let closed = self.reading.get(mention.tokens.end).is_none_or(|next| {
            next.looks(Shape::SIGN) && !next.looks(Shape::POSSESSIVE) || next.is(Class::SPEECH.or(Class::RELATIVE))
        });
        closed.then_some(person)
    }

    /// Returns the person whose name ends a long title: "Undersecretary of Fisheries Gordon Blythe".
    fn behind_office(&self, phrase: &Range<usize>, preposition: usize) -> Option<usize> {
        let tokens = &self.reading.tokens;
        let office = (phrase.start..preposition).all(|at| tokens[at].looks(Shape::CAPITALISED))
            && (phrase.start..preposition).any(|at| tokens[at].is(Class::TITLE))
            && self.reading.get(preposition)?.word(key("of"));
        let mention = self.names.within(phrase.clone()).last().filter(|_| office)?;
        let Kind::Person(person) = mention.kind else { return None };
        let before = &tokens[mention.tokens.start.checked_sub(1)?];
        let named = mention.tokens.start > preposition + 1 && before.looks(Shape::CAPITALISED);
        (named && mention.tokens.end == phrase.end).then_some(person)
    }

    /// Returns the only person with a surname printed in capitals: "WALLACE: …".
    fn in_capitals(&self, phrase: &Range<usize>) -> Option<usize> {
        let token = &self.reading.tokens[phrase.end - 1];
        if phrase.len() > 2 || !token.looks(Shape::CAPITALS) || token.end - token.start < 3 {
            return None;
        }
        let mut named = self.names.people.iter().enumerate().filter(|(_, person)| {
            person.full.end.checked_sub(1).is_some_and(|last| self.reading.tokens[last].key == token.key)
        });
        let (person, _) = named.next()?;
        named.next().is_none().then_some(person)
    }

    /// Returns the person that "the 44-year-old" is: the one named last outside of marks.
    fn aged(&self, phrase: &Range<usize>) -> Option<Identity> {
        let aged = self.reading.word(phrase.end - 1).ends_with("-old");
        let near = self.names.before(phrase.start).take(LOOK_BACK).filter(|_| aged);
        let here = self.reading.sentence_of(phrase.start);
        near.filter(|mention| !marks::holding(self.runs, mention.tokens.start))
            .take_while(|mention| here - self.reading.sentence_of(mention.tokens.start) < 6)
            .find_map(|mention| match mention.kind {
                Kind::Person(person) => Some(Identity::Person(person)),
                _ => None,
            })
    }

    /// Returns the person whose name stands right before "who".
    fn named_before(&self, at: usize) -> Traced {
        let found = match self.names.before(at).next() {
            Some(mention) if at - mention.tokens.end < 12 => match mention.kind {
                Kind::Person(person) => Identity::Person(person),
                _ => Identity::Mention,
            },
            _ => Identity::Mention,
        };
        Traced::new(found, "who", if found == Identity::Mention { 0.3 } else { 0.9 })
    }

    /// Returns the person that "the senator" is: one whose description has that noun, where the source was never
    /// introduced on its own; or one whose description is where the source was introduced.
    fn named_as(&self, phrase: &Range<usize>, source: usize) -> Option<Identity> {
        let known = &self.sources.sources[source];
        let tokens = &self.reading.tokens;
        let definite = tokens[known.first.start].word(key("the"));
        let head = known.first.end - 1;
        self.names.before(phrase.start).take(LOOK_BACK).find_map(|mention| {
            let Kind::Person(person) = mention.kind else { return None };
            let mut described = self.names.people[person].descriptions.iter();
            let same = described
                .any(|words| words.contains(&head) || definite && words.clone().any(|at| tokens[at].key == known.head));
            same.then_some(Identity::Person(person))
        })
    }

    /// Returns who a pronoun is: recent, at the head of its sentence, of that gender, or the one who spoke last.
    fn pronoun(&mut self, at: usize, gender: Gender) -> Traced {
        self.weigh_people(at, gender);
        self.weigh_sources(at, gender);
        let best = self.weighed.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((identity, score)) = best else { return Traced::new(Identity::Mention, "unresolved", 0.0) };
        let others = self.weighed.iter().filter(|(other, _)| *other != identity);
        let second = others.map(|(_, score)| *score).fold(score - 2.0, f64::max);
        // The odds that the likeliest is right: by its own score, and by how far behind the next one is.
        let odds = 1.8 + 0.45 * score + 0.6 * (score - second);
        let confidence = (1.0 / (1.0 + (-odds).exp())) as f32;
        let rule = if matches!(identity, Identity::Source(_)) { "pronoun-source" } else { "pronoun" };
        Traced::new(identity, rule, confidence)
    }

    /// Weighs the people named before a pronoun.
    fn weigh_people(&mut self, at: usize, gender: Gender) {
        let here = self.reading.sentence_of(at);
        let mut sentence = here;
        let quoted = marks::holding(self.runs, at);
        for (back, mention) in self.names.before(at).take(LOOK_BACK).enumerate() {
            let Kind::Person(person) = mention.kind else { continue };
            let known = self.names.people[person].gender;
            // Who is named inside a quotation is not who speaks around it.
            if known.is_some_and(|known| known != gender) || !quoted && marks::holding(self.runs, mention.tokens.start)
            {
                continue;
            }
            while sentence > 0 && self.reading.sentences[sentence - 1].end > mention.tokens.start {
                sentence -= 1;
            }
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
            self.weighed.push((Identity::Person(person), score));
        }
    }

    /// Weighs the sources described a moment before a pronoun: the subject of the sentence before, or who spoke last.
    fn weigh_sources(&mut self, at: usize, gender: Gender) {
        let here = self.reading.sentence_of(at);
        if let Some((Identity::Source(source), place)) = self.last
            && here.abs_diff(self.reading.sentence_of(place)) < 6
        {
            self.weighed.push((Identity::Source(source), -1.5));
        }
        let paragraph = self.reading.paragraph_of(at);
        let end = self.sources.mentions.partition_point(|(mention, _)| mention.end <= at);
        for (mention, source) in self.sources.mentions[..end].iter().rev().take(3) {
            let sentence = self.reading.sentence_of(mention.start);
            let from = self.reading.sentences[sentence].start;
            let token = &self.reading.tokens[mention.end - 1];
            let contrary = match gender {
                Gender::Male => token.is(Class::FEMALE_NOUN),
                Gender::Female => token.is(Class::MALE_NOUN),
            };
            let gendered = token.is(Class::MALE_NOUN.or(Class::FEMALE_NOUN)) && !contrary;
            let plural = self.reading.word(mention.end - 1).ends_with('s');
            let near = here - sentence <= 2 && self.reading.paragraph_of(mention.start) == paragraph;
            let subject = mention.start <= from + 1 && !marks::holding(self.runs, mention.start);
            let speaks = (mention.end..mention.end + 12)
                .map_while(|at| self.reading.get(at))
                .any(|token| token.is(Class::SPEECH) && token.is(Class::FINITE));
            if contrary || plural || !near || !subject || !speaks || self.named_as(mention, *source).is_some() {
                continue;
            }
            let score = 0.6 - 0.6 * (here - sentence) as f64 + if gendered { 1.0 } else { 0.0 };
            self.weighed.push((Identity::Source(*source), score));
        }
    }
}
