//! Runs of capitalised words that are names, without the titles before them.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Kind, Mention};
use crate::annotate::lexicon::Class;
use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token, key};

/// The longest run that is taken for one name, in tokens.
const LONGEST: usize = 12;

/// Returns every run of capitalised words, less what comes before a name.
pub fn find_mentions(reading: &Reading<'_>) -> Vec<Mention> {
    let inside = capitalised_inside(reading);
    let mut mentions = Vec::new();
    let mut capitals = reading.capitals();
    for sentence in &reading.sentences {
        let title = reading.paragraphs[reading.paragraph_of(sentence.start)].title;
        let mut next = sentence.start;
        while let Some(at) = capitals.first_in(next..sentence.end) {
            let token = &reading.tokens[at];
            let first = at == sentence.start || reading.tokens[at - 1].looks(Shape::MARK);
            if !starts_name(token) || (first || title) && !is_name_at_start(reading, at, &inside) {
                next = at + 1;
                continue;
            }
            next = run_end(reading, at, sentence.end);
            mentions.extend(name_in(reading, at..next));
        }
    }
    mentions
}

/// Returns the keys of words that stand capitalised inside a sentence of the body, or behind a first name anywhere.
fn capitalised_inside(reading: &Reading<'_>) -> FxHashSet<u32> {
    let mut inside = FxHashSet::default();
    inside.reserve(reading.tokens.len() / 16);
    let mut capitals = reading.capitals();
    for paragraph in &reading.paragraphs {
        let Range { start, end } = paragraph.tokens;
        let mut next = start + 1;
        while let Some(at) = capitals.first_in(next..end) {
            next = at + 1;
            let token = &reading.tokens[at];
            let before = &reading.tokens[at - 1];
            let plain = before.looks(Shape::WORD) && !before.looks(Shape::STOPPED) || before.sign(',');
            let given = before.looks(Shape::CAPITALISED) && before.is(Class::MALE_NAME.or(Class::FEMALE_NAME));
            if (plain && !paragraph.title || given) && starts_name(token) {
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
    let start = first_name_in(reading, start..run.end).filter(|_| !body).unwrap_or(start);
    if start == run.end {
        // Nothing but a title: "Prime Minister".
        return None;
    }
    let title = title_before(reading, start);
    Some(Mention { tokens: start..run.end, title, kind: Kind::Unknown })
}

/// Returns the first known first name of a run of three words and more that begins with none: "Advocate Ines Calder".
fn first_name_in(reading: &Reading<'_>, run: Range<usize>) -> Option<usize> {
    let is_first = |at: &usize| reading.tokens[*at].is(Class::MALE_NAME.or(Class::FEMALE_NAME));
    let place = reading.tokens[run.end.checked_sub(1)?].is(Class::PLACE_WORD.or(Class::BODY_WORD));
    let name = (run.start..run.end - 1).find(is_first)?;
    let words = |at: usize| reading.tokens[at].looks(Shape::WORD) && !reading.tokens[at].looks(Shape::STOPPED);
    (run.len() > 2 && name > run.start && !place && (run.start..run.end).all(words)).then_some(name)
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
