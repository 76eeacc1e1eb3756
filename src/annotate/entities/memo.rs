//! The scores of words, from sums of weights that came up before.
//!
//! News repeats its words. Most features of a word depend on few things, the word itself, a neighbour or what these look
//! like, and the sum of their weights is remembered by these things; see [`Part`]. The scores are the same as without.
//! What is not known is asked for, and answered for all words of an article at once: to answer is mostly to wait for
//! memory, and so many waits run at once.

use super::context::{Context, View};
use super::features::{Features, OF_FIRST, PARTS, Part, SPARE as ASKED, key, pair};
use super::model::{Model, Questions, Scores, TAGGED};
use super::stretches::Word;

/// How many sums are remembered: few enough to stay in the processor's cache.
const SUMS: usize = 1 << 15;

/// How many questions are answered at once.
const AT_ONCE: usize = 1 << 12;

/// Sums of weights.
#[derive(Default)]
pub struct Memo {
    /// What the sum in each place is of, with one bit more where it was asked for.
    keys: Vec<u64>,
    /// The sums; of one that was asked for the number of the question.
    sums: Vec<Scores>,
    /// The scores of all words of the article.
    scores: Vec<Scores>,
    features: Features,
    questions: Questions,
    /// The words that wait for an answer, each with the number of the question.
    askers: Vec<(u32, u32)>,
    /// The place of the sum that each question is about.
    places: Vec<u32>,
    /// Where the model lies that they are from.
    model: usize,
}

impl Memo {
    /// Starts to score the words of an article, so many, with a model: what is known from another one is forgotten.
    pub fn start(&mut self, words: usize, model: &Model<'_>) {
        self.scores.clear();
        self.scores.resize(words, [0; TAGGED]);
        let place = std::ptr::from_ref(model).addr();
        if std::mem::replace(&mut self.model, place) != place {
            self.keys.clear();
            self.keys.resize(SUMS, 0);
            self.sums.resize(SUMS, [0; TAGGED]);
        }
    }

    /// Adds up what is known of the words of a stretch, the first of which has a number among those of the article, and
    /// asks for the rest.
    pub fn look(&mut self, context: &Context, words: &[Word], first: usize, model: &Model<'_>) {
        let mut last = None;
        for (number, view) in (first..).zip(context.views(words)) {
            let mut scores = [0; TAGGED];
            for part in PARTS {
                if let Some(key) = key(view, part) {
                    self.add_part(number, view, part, key, &mut scores);
                }
            }
            let pair_at = |step: isize| model.may_know(pair(view.beside(step).name, view.beside(step + 1).name));
            let first_of = pair_at(0);
            let second_of = last.replace(first_of).unwrap_or_else(|| pair_at(-1));
            second_of.into_iter().for_each(|pair| model.add_rare(pair, &mut scores));
            first_of.into_iter().for_each(|pair| model.add_rare(pair ^ OF_FIRST, &mut scores));
            self.scores[number] = scores;
        }
        if self.places.len() >= AT_ONCE {
            self.settle(model);
        }
    }

    /// Adds the sum of a part that has a key, or asks for it.
    #[inline]
    fn add_part(&mut self, number: usize, view: View<'_>, part: Part, key: u64, scores: &mut Scores) {
        let place = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - SUMS.trailing_zeros())) as usize;
        if self.keys[place] == key {
            return add(scores, &self.sums[place]);
        }
        if self.keys[place] != key | ASKED {
            self.features.clear();
            self.features.write_part(view, part);
            self.keys[place] = key | ASKED;
            self.sums[place] = written(self.questions.ask(self.features.hashes()));
            self.places.push(place as u32);
        }
        self.askers.push((number as u32, read(&self.sums[place])));
    }

    /// Returns the scores of all words.
    pub fn scores(&mut self, model: &Model<'_>) -> &[Scores] {
        self.settle(model);
        &self.scores
    }

    /// Answers what was asked.
    fn settle(&mut self, model: &Model<'_>) {
        let answers = model.answer(&mut self.questions);
        for (number, question) in self.askers.drain(..) {
            add(&mut self.scores[number as usize], &answers[question as usize]);
        }
        for ((question, place), answer) in (0..).zip(self.places.drain(..)).zip(answers) {
            let (key, sum) = (&mut self.keys[place as usize], &mut self.sums[place as usize]);
            // Another sum may have been asked for since, that belongs there as well.
            if *key & ASKED != 0 && read(sum) == question {
                *key ^= ASKED;
                *sum = *answer;
            }
        }
    }
}

/// Returns the number of a question in the place of its answer.
fn written(question: u32) -> Scores {
    let mut place = [0; TAGGED];
    (place[0], place[1]) = (question as i16, (question >> 16) as i16);
    place
}

/// Returns the number of the question that stands in the place of its answer.
fn read(place: &Scores) -> u32 {
    u32::from(place[0] as u16) | u32::from(place[1] as u16) << 16
}

#[inline]
fn add(scores: &mut Scores, more: &Scores) {
    for tag in 0..TAGGED {
        scores[tag] += more[tag];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::entities::model;
    use crate::annotate::entities::stretches::Stretches;
    use crate::annotate::reading::Reading;
    use crate::article::Span;

    /// What was asked for, what is known and what is not remembered at all give the same scores.
    #[test]
    fn scores_are_those_of_all_features() {
        let text = "Ines Calder flew from Oslo to Geneva. Calder met President Tomas Vance of Norway in Geneva.\n                    The World Health Organization's Tomas Vance, R-Texas, told Reuters that IBM and Vance & Sons left.\n                    OSLO SENDS CALDER TO GENEVA AS NORWAY VOTES";
        let model = model::model();
        let reading = Reading::new(text, &[Span::new(0, text.len())], Vec::new());
        let mut stretches = Stretches::default();
        stretches.find(&reading);
        let (mut context, mut features, mut memo) = (Context::default(), Features::default(), Memo::default());
        for _ in 0..3 {
            memo.start(stretches.words.len(), model);
            let mut expected = Vec::new();
            for stretch in &stretches.all {
                let words = stretches.words_of(stretch);
                context.look(&reading, &stretches, stretch);
                memo.look(&context, words, stretch.first, model);
                expected.extend(context.views(words).map(|view| {
                    features.write(view);
                    model.score(features.hashes())
                }));
            }
            assert!(expected.len() > 20 && expected.iter().any(|scores| *scores != [0; TAGGED]));
            assert_eq!(memo.scores(model), expected);
        }
    }
}
