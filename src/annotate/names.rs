//! Who is named in the article, and under which forms.
//!
//! A name is a run of capitalised words, less the titles before it. Names of two words and more make people; a surname
//! or a first name alone, or a title with a surname, is one of them where there is one. What ends in a word for a body
//! ("Ministry") or is in the list of places is no person. Nothing is known from outside but lists of first names,
//! titles, places and words for bodies.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token, key};

/// The longest run that is taken for one name, in tokens.
const LONGEST: usize = 12;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, by number in [`Names::people`].
    Person(usize),
    /// An organisation.
    Body,
    /// A place.
    Place,
    /// A nationality or faith.
    People,
    /// Cannot be told.
    Unknown,
}

/// A name where it stands.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Its tokens, titles left out.
    pub tokens: Range<usize>,
    /// The titles before it; empty where there are none.
    pub title: Range<usize>,
    /// What it stands for.
    pub kind: Kind,
}

/// Man or woman, as far as the article says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// A person of the article.
#[derive(Clone, Debug)]
pub struct Person {
    /// The tokens of the fullest form.
    pub full: Range<usize>,
    /// Man or woman.
    pub gender: Option<Gender>,
    /// What the article says the person is: a title before the name or words in commas behind it.
    pub description: Option<Range<usize>>,
    /// Whether a title or a known first name says that this is a person.
    pub sure: bool,
}

/// The names of an article.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Every name, in order, not overlapping.
    pub mentions: Vec<Mention>,
    /// Every person, in the order of their first full form.
    pub people: Vec<Person>,
}

impl Names {
    /// Finds the names of an article.
    pub fn find(reading: &Reading<'_>) -> Names {
        let mut names = Names { mentions: find_mentions(reading), people: Vec::new() };
        let mut finder = Finder::default();
        for at in 0..names.mentions.len() {
            finder.full_form(reading, &mut names, at);
        }
        for at in 0..names.mentions.len() {
            finder.short_form(reading, &mut names, at);
        }
        names
    }

    /// Returns the mentions that lie inside a range of tokens.
    pub fn within(&self, tokens: Range<usize>) -> &[Mention] {
        let first = self.mentions.partition_point(|mention| mention.tokens.start < tokens.start);
        let last = self.mentions.partition_point(|mention| mention.tokens.start < tokens.end);
        &self.mentions[first..last.max(first)]
    }

    /// Returns the last mentions before a token, the nearest first.
    pub fn before(&self, token: usize) -> impl Iterator<Item = &Mention> {
        let end = self.mentions.partition_point(|mention| mention.tokens.end <= token);
        self.mentions[..end].iter().rev()
    }
}

/// Returns every run of capitalised words, less what comes before a name.
fn find_mentions(reading: &Reading<'_>) -> Vec<Mention> {
    let inside = capitalised_inside(reading);
    let mut mentions = Vec::new();
    for sentence in &reading.sentences {
        let title = reading.paragraphs[reading.paragraph_of(sentence.start)].title;
        let mut at = sentence.start;
        while at < sentence.end {
            let token = &reading.tokens[at];
            let first = at == sentence.start || reading.tokens[at - 1].looks(Shape::MARK);
            if !starts_name(token) || (first || title) && !is_name_at_start(reading, at, &inside) {
                at += 1;
                continue;
            }
            let end = run_end(reading, at, sentence.end);
            mentions.extend(name_in(reading, at..end));
            at = end;
        }
    }
    mentions
}

/// Returns the keys of words that stand capitalised inside a sentence of the body.
fn capitalised_inside(reading: &Reading<'_>) -> FxHashSet<u32> {
    let mut inside = FxHashSet::default();
    for paragraph in reading.paragraphs.iter().filter(|paragraph| !paragraph.title) {
        for at in paragraph.tokens.clone().skip(1) {
            let token = &reading.tokens[at];
            let before = &reading.tokens[at - 1];
            let plain = before.looks(Shape::WORD) && !before.looks(Shape::STOPPED) || before.sign(',');
            if plain && starts_name(token) {
                inside.insert(token.key);
            }
        }
    }
    inside
}

fn starts_name(token: &Token) -> bool {
    token.looks(Shape::CAPITALISED)
        && token.looks(Shape::WORD)
        && !token.is(Class::FUNCTION.or(Class::WEEKDAY).or(Class::MONTH))
}

/// Returns whether a capitalised word that would be capitalised anyway is a name all the same.
fn is_name_at_start(reading: &Reading<'_>, at: usize, inside: &FxHashSet<u32>) -> bool {
    let token = &reading.tokens[at];
    if inside.contains(&token.key)
        || token.is(Class::MALE_NAME.or(Class::FEMALE_NAME).or(Class::PLACE).or(Class::DEMONYM))
    {
        return true;
    }
    let common = token.is(Class::ADVERB
        .or(Class::VERB)
        .or(Class::SPEECH)
        .or(Class::RANK)
        .or(Class::NUMBER_WORD)
        .or(Class::TIME)
        .or(Class::GROUP_NOUN)
        .or(Class::PERSON_NOUN));
    let next = reading.get(at + 1).is_some_and(|next| starts_name(next) && !next.looks(Shape::LINE_START));
    next && (!common || token.is(Class::TITLE))
}

/// Returns where the run of capitalised words that starts here ends.
fn run_end(reading: &Reading<'_>, start: usize, limit: usize) -> usize {
    const OF: u32 = key("of");
    let limit = limit.min(start + LONGEST);
    let capital = |at: usize| at < limit && starts_name(&reading.tokens[at]);
    let mut end = start + 1;
    while end < limit {
        let token = &reading.tokens[end];
        let suffix = token.is(Class::SUFFIX) && token.looks(Shape::CAPITALISED);
        let particle = token.is(Class::PARTICLE) && !token.looks(Shape::CAPITALISED) && capital(end + 1);
        let joins = token.sign('&') && capital(end + 1);
        let of_body =
            token.word(OF) && capital(end + 1) && reading.tokens[end - 1].is(Class::BODY_WORD.or(Class::PLACE_WORD));
        let initial = token.looks(Shape::LETTER) && token.looks(Shape::STOPPED) && token.looks(Shape::CAPITALISED);
        let numeral = token.looks(Shape::CAPITALS) && token.is(Class::SUFFIX);
        if !(starts_name(token) || suffix || particle || joins || of_body || initial || numeral) {
            break;
        }
        end += 1;
    }
    end
}

/// Returns the name in a run of capitalised words, without the titles before it.
fn name_in(reading: &Reading<'_>, run: Range<usize>) -> Option<Mention> {
    let is_title = |at: &usize| {
        let token = &reading.tokens[*at];
        token.is(Class::TITLE) && !token.is(Class::MALE_NAME.or(Class::FEMALE_NAME))
    };
    let body = reading.tokens[run.end - 1].is(Class::BODY_WORD);
    let last_title = run.clone().rev().find(is_title).filter(|_| !body);
    let start = last_title.map_or(run.start, |title| title + 1);
    if start == run.end {
        // Nothing but a title: "Prime Minister".
        return None;
    }
    let title = title_before(reading, start);
    Some(Mention { tokens: start..run.end, title, kind: Kind::Unknown })
}

/// Returns the words before a name that say what the person is ("White House press secretary").
fn title_before(reading: &Reading<'_>, name: usize) -> Range<usize> {
    let sentence = reading.sentence(name);
    let mut start = name;
    let mut titled = false;
    while start > sentence.start && name - start < 8 {
        let token = &reading.tokens[start - 1];
        let title = token.is(Class::TITLE.or(Class::PERSON_NOUN));
        let modifier =
            token.is(Class::RANK.or(Class::DEMONYM).or(Class::BODY_WORD).or(Class::PLACE).or(Class::GROUP_NOUN))
                || token.looks(Shape::CAPITALISED) && !token.is(Class::FUNCTION)
                || token.looks(Shape::POSSESSIVE) && titled;
        if !token.looks(Shape::WORD) && !token.looks(Shape::POSSESSIVE)
            || !(title || modifier && titled)
            || token.is(Class::SPEECH) && !title
        {
            break;
        }
        titled |= title;
        start -= 1;
    }
    if titled { start..name } else { name..name }
}

#[derive(Default)]
struct Finder {
    by_last: FxHashMap<u32, Vec<usize>>,
    by_first: FxHashMap<u32, Vec<usize>>,
}

impl Finder {
    /// Makes a person of a name of two words or more, or finds the one it is.
    fn full_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize) {
        let mention = names.mentions[at].clone();
        let words = name_words(reading, &mention.tokens);
        let kind = other_kind(reading, &mention, &words);
        if kind != Kind::Unknown || words.len() < 2 || words.len() > 5 {
            names.mentions[at].kind = kind;
            return;
        }
        let (first, last) = (reading.tokens[words[0]], reading.tokens[words[words.len() - 1]]);
        let same = self.by_last.get(&last.key).into_iter().flatten().copied().find(|person| {
            let known = name_words(reading, &names.people[*person].full);
            same_first(reading, words[0], known[0])
        });
        let titled = !mention.title.is_empty();
        let gender = gender_of(reading, &mention, &first);
        let sure = titled || first.is(Class::MALE_NAME.or(Class::FEMALE_NAME));
        let description = describe(reading, &mention);
        let person = match same {
            Some(person) => {
                let known = &mut names.people[person];
                if words.len() > name_words(reading, &known.full).len() {
                    known.full = mention.tokens.clone();
                }
                known.gender = known.gender.or(gender);
                known.description = known.description.clone().or(description);
                known.sure |= sure;
                person
            }
            None => {
                names.people.push(Person { full: mention.tokens.clone(), gender, description, sure });
                names.people.len() - 1
            }
        };
        if same.is_none() {
            self.by_last.entry(last.key).or_default().push(person);
            self.by_first.entry(first.key).or_default().push(person);
        }
        names.mentions[at].kind = Kind::Person(person);
    }

    /// Finds the person that a single name is, or makes one of a title with a name.
    fn short_form(&mut self, reading: &Reading<'_>, names: &mut Names, at: usize) {
        let mention = names.mentions[at].clone();
        let words = name_words(reading, &mention.tokens);
        let [word] = words[..] else { return };
        if mention.kind == Kind::Body {
            return;
        }
        let token = reading.tokens[word];
        let gender = gender_of(reading, &mention, &token);
        let fits = |person: &usize| match (gender.filter(|_| !mention.title.is_empty()), names.people[*person].gender) {
            (Some(here), Some(known)) => here == known,
            _ => true,
        };
        let by_last = self.by_last.get(&token.key).into_iter().flatten().copied().filter(fits).collect::<Vec<_>>();
        let by_first = self.by_first.get(&token.key).into_iter().flatten().copied().filter(fits).collect::<Vec<_>>();
        let candidates = if by_last.is_empty() { by_first } else { by_last };
        let nearest = match candidates[..] {
            [only] => Some(only),
            [] => None,
            _ => last_named(names, at, &candidates).or(candidates.first().copied()),
        };
        let described = describe(reading, &mention);
        if let Some(person) = nearest {
            let known = &mut names.people[person];
            known.gender = known.gender.or(gender);
            known.description = known.description.clone().or(described);
            names.mentions[at].kind = Kind::Person(person);
        } else if !mention.title.is_empty() && mention.kind == Kind::Unknown {
            names.people.push(Person { full: mention.tokens.clone(), gender, description: described, sure: true });
            let person = names.people.len() - 1;
            self.by_last.entry(token.key).or_default().push(person);
            names.mentions[at].kind = Kind::Person(person);
        }
    }
}

/// Returns which of several people was named last before a mention.
fn last_named(names: &Names, at: usize, candidates: &[usize]) -> Option<usize> {
    names.mentions[..at].iter().rev().take(200).find_map(|mention| match mention.kind {
        Kind::Person(person) if candidates.contains(&person) => Some(person),
        _ => None,
    })
}

/// Returns the tokens of a name that tell people apart: no suffix, no particle, no sign.
pub fn name_words(reading: &Reading<'_>, tokens: &Range<usize>) -> Vec<usize> {
    let words: Vec<usize> = tokens
        .clone()
        .filter(|at| {
            let token = &reading.tokens[*at];
            token.looks(Shape::WORD)
                && !(token.is(Class::SUFFIX) && *at > tokens.start)
                && (!token.is(Class::PARTICLE) || token.looks(Shape::CAPITALISED))
        })
        .collect();
    if words.is_empty() { tokens.clone().take(1).collect() } else { words }
}

/// Returns whether two first names can be one: equal, an initial of the other, or one the start of the other.
fn same_first(reading: &Reading<'_>, one: usize, other: usize) -> bool {
    let (one, other) = (reading.word(one), reading.word(other));
    let (one, other) = (one.trim_end_matches('.').to_lowercase(), other.trim_end_matches('.').to_lowercase());
    one == other
        || one.len() > 2 && other.starts_with(&one)
        || other.len() > 2 && one.starts_with(&other)
        || one.chars().count() == 1 && other.starts_with(&one)
        || other.chars().count() == 1 && one.starts_with(&other)
}

fn gender_of(reading: &Reading<'_>, mention: &Mention, first: &Token) -> Option<Gender> {
    let mut classes = Class::default();
    for at in mention.title.clone() {
        classes = classes.or(reading.tokens[at].class);
    }
    let has = |class: Class| classes.0 & class.0 != 0;
    if has(Class::FEMALE_TITLE.or(Class::FEMALE_NOUN)) {
        return Some(Gender::Female);
    }
    if has(Class::MALE_TITLE.or(Class::MALE_NOUN)) {
        return Some(Gender::Male);
    }
    match (first.is(Class::MALE_NAME), first.is(Class::FEMALE_NAME)) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        _ => None,
    }
}

/// Returns what a name is if it is no person.
fn other_kind(reading: &Reading<'_>, mention: &Mention, words: &[usize]) -> Kind {
    let tokens = &reading.tokens;
    let all = |class: Class| words.iter().all(|at| tokens[*at].is(class));
    let first_name = tokens[words[0]].is(Class::MALE_NAME.or(Class::FEMALE_NAME));
    if words.iter().any(|at| tokens[*at].is(Class::BODY_WORD)) && !(first_name && words.len() == 2)
        || mention.tokens.clone().any(|at| tokens[at].sign('&'))
    {
        return Kind::Body;
    }
    if all(Class::PLACE) && mention.title.is_empty() {
        return Kind::Place;
    }
    if all(Class::DEMONYM) {
        return Kind::People;
    }
    if words.len() == 1 && tokens[words[0]].looks(Shape::CAPITALS) && mention.title.is_empty() {
        return Kind::Body;
    }
    Kind::Unknown
}

/// Returns the words that say what a named person is: the title, or an appositive in commas.
fn describe(reading: &Reading<'_>, mention: &Mention) -> Option<Range<usize>> {
    let behind = mention.tokens.end;
    if reading.get(behind).is_some_and(|token| token.sign(',')) {
        let limit = reading.sentence(behind).end.min(behind + 20);
        let close = (behind + 1..limit).find(|at| reading.tokens[*at].sign(',') || reading.tokens[*at].sign('.'));
        if let Some(close) = close.filter(|close| *close > behind + 1) {
            let words = behind + 1..close;
            let noun = words.clone().any(|at| reading.tokens[at].is(Class::PERSON_NOUN.or(Class::TITLE)));
            let first = &reading.tokens[behind + 1];
            let opens = first.is(Class::DETERMINER
                .or(Class::RANK)
                .or(Class::TITLE)
                .or(Class::PERSON_NOUN)
                .or(Class::POSSESSOR)
                .or(Class::DEMONYM))
                || first.looks(Shape::CAPITALISED);
            let verb = words.clone().any(|at| {
                reading.tokens[at].is(Class::FINITE.or(Class::AUXILIARY)) && !reading.tokens[at].is(Class::NOUNISH)
            });
            if noun && opens && !verb && !first.is(Class::CONJUNCTION) {
                return Some(words);
            }
        }
    }
    Some(mention.title.clone()).filter(|title| !title.is_empty())
}
