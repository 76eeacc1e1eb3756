//! How the weights come about: a conditional random field over the stretches of labelled articles.
//!
//! In: labelled articles. Out: a file of weights. Stochastic gradient steps scaled as in AdaGrad, with an L1 and an L2
//! penalty; the same input gives the same bytes. Articles whose makers did not label every kind leave open whether a
//! word outside of their names is of a missing kind. Copies in capitals and in title case teach headlines.

use rustc_hash::FxHashMap;

use crate::annotate::reading::Reading;
use crate::article::Span;
use crate::layers::EntityKind;

use super::context::Context;
use super::features::Features;
use super::gazetteer::LISTS;
use super::headlines::add_headlines;
use super::lessons::lessons;
use super::model::{self, FIRST, INNER, Model, OUTSIDE, TAGGED, TAGS, goes_on, may_follow};
use super::stretches::Stretches;
use super::{KINDS, Tagger};

/// A labelled article.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// The names in it, in order.
    pub names: Vec<(Span, EntityKind)>,
    /// Whether names of the kind MISC are labelled.
    pub misc: bool,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// How often every stretch is seen.
    pub epochs: usize,
    /// The length of the steps.
    pub rate: f32,
    /// The weight of the sum of absolute values.
    pub l1: f32,
    /// The weight of half the sum of squares.
    pub l2: f32,
    /// How often a feature must be seen.
    pub least: u32,
    /// What is added to the weight of a name's beginning: a tagger in unknown waters is too careful.
    pub lean: f32,
    /// How often a word is hidden from the model, so that it learns from what stands around it.
    pub hide: f32,
    /// How often the lists of names are hidden from it.
    pub unlist: f32,
    /// How often any other feature is hidden.
    pub blur: f32,
}

impl Default for Options {
    fn default() -> Options {
        Options { epochs: 12, rate: 0.1, l1: 0.3, l2: 0.05, least: 2, lean: 0.5, hide: 0.4, unlist: 0.3, blur: 0.1 }
    }
}

/// Returns the names that a file of weights finds in each of some articles; nothing where it is no file of weights.
pub fn names_found(weights: &[u8], articles: &[Labelled]) -> Option<Vec<Vec<(Span, EntityKind)>>> {
    let model = Model::parse(weights)?;
    let mut tagger = Tagger::default();
    let found = articles.iter().map(|article| {
        let reading = read(&article.text);
        let names = tagger.tag(&reading, &model);
        names.into_iter().map(|found| (super::span_of(&reading, &found.tokens), found.kind)).collect()
    });
    Some(found.collect())
}

/// Returns a number that changes with whatever the weights come from in this repository: the word lists, the lists of
/// names, the groups, the features, the lessons, how they are trained, how names are made to agree. It stands in the
/// head of the weights.
pub fn fingerprint() -> u64 {
    let mut articles = lessons(1);
    add_headlines(&mut articles, 4);
    let options = Options { epochs: 1, ..Options::default() };
    let lists = LISTS.iter().flat_map(|list| list.text.bytes().chain(list.more.bytes()));
    let told = format!("{:?}", Options::default()).into_bytes();
    let weights = train(&articles, &options, "");
    let found = format!("{:?}", names_found(&weights, &articles)).into_bytes();
    let parts = weights.into_iter().chain(found).chain(told).chain(lists);
    parts.fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

fn read(text: &str) -> Reading<'_> {
    Reading::new(text, &[Span::new(0, text.len())], Vec::new())
}

/// Marks the number of a feature that names the word itself.
const LEXICAL: u32 = 1 << 31;
/// Marks the number of a feature that tells of the lists of names.
const LISTED: u32 = 1 << 30;
const GROUPS: u32 = LEXICAL | LISTED;

/// A stretch with its features by number and the tags that each token may have.
struct Example {
    /// Where the features of each token end in `features`.
    ends: Vec<u32>,
    features: Vec<u32>,
    allowed: Vec<u32>,
}

/// Returns the file of weights that a set of articles gives.
pub fn train(articles: &[Labelled], options: &Options, header: &str) -> Vec<u8> {
    let mut numbers = Numbers::default();
    let mut examples = Vec::new();
    let mut stretches = Stretches::default();
    for article in articles {
        add_examples(article, &mut stretches, &mut numbers, &mut examples);
    }
    let kept = numbers.keep(options.least, &mut examples);
    let mut field = Field::new(kept.len());
    let mut mean = Mean { sums: vec![[0.0; TAGGED]; kept.len()], count: 0.0 };
    let mut chance = Chance::new(0x1234_5678_9ABC_DEF1);
    for epoch in 0..options.epochs {
        shuffle(&mut examples, epoch as u64 + 1);
        let quarter = examples.len() / 4 + 1;
        for part in examples.chunks(quarter) {
            for example in part {
                field.step(&chance.hide(example, options), options);
            }
            field.shrink(options, 0.25);
        }
        if epoch >= options.epochs / 2 {
            mean.add(&field.weights);
        }
    }
    field.weights = mean.weights();
    field.lean(options.lean);
    field.quantised(&kept, header)
}

/// The numbers of features.
#[derive(Default)]
struct Numbers {
    by_hash: FxHashMap<u64, u32>,
    hashes: Vec<u64>,
    counts: Vec<u32>,
}

impl Numbers {
    fn number(&mut self, hash: u64) -> u32 {
        let next = self.hashes.len() as u32;
        let number = *self.by_hash.entry(hash).or_insert(next);
        if number == next {
            self.hashes.push(hash);
            self.counts.push(0);
        }
        self.counts[number as usize] += 1;
        number
    }

    /// Drops rare features from the examples and returns the hashes of the others by their new numbers.
    fn keep(&self, least: u32, examples: &mut [Example]) -> Vec<u64> {
        let mut kept = Vec::new();
        let mut renamed = vec![u32::MAX; self.hashes.len()];
        for (number, hash) in self.hashes.iter().enumerate() {
            if self.counts[number] >= least {
                renamed[number] = kept.len() as u32;
                kept.push(*hash);
            }
        }
        for example in examples {
            let mut features = Vec::with_capacity(example.features.len());
            let mut start = 0;
            for end in &mut example.ends {
                let new = example.features[start..*end as usize]
                    .iter()
                    .map(|old| (renamed[(*old & !GROUPS) as usize], old & GROUPS))
                    .filter(|(new, _)| *new != u32::MAX)
                    .map(|(new, groups)| new | groups);
                features.extend(new);
                start = *end as usize;
                *end = features.len() as u32;
            }
            example.features = features;
        }
        kept
    }
}

/// Chance that is the same on every run.
pub struct Chance(u64);

impl Chance {
    /// Returns chance that starts somewhere.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// Returns the next number.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns whether what happens so often happens now.
    pub fn happens(&mut self, share: f32) -> bool {
        ((self.draw() >> 40) as f32) < share * (1_u64 << 24) as f32
    }

    /// Returns a stretch with some of its features hidden.
    fn hide(&mut self, example: &Example, options: &Options) -> Example {
        let mut features = Vec::with_capacity(example.features.len());
        let mut ends = Vec::with_capacity(example.ends.len());
        let mut start = 0;
        for end in &example.ends {
            let hidden = self.happens(options.hide);
            let unlisted = self.happens(options.unlist);
            for feature in &example.features[start..*end as usize] {
                let lexical = feature & LEXICAL != 0;
                let listed = feature & LISTED != 0;
                let unseen = lexical && hidden || listed && unlisted;
                if !unseen && !self.happens(options.blur) {
                    features.push(feature & !GROUPS);
                }
            }
            start = *end as usize;
            ends.push(features.len() as u32);
        }
        Example { ends, features, allowed: example.allowed.clone() }
    }
}

fn shuffle(examples: &mut [Example], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for at in (1..examples.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        examples.swap(at, (state % (at as u64 + 1)) as usize);
    }
}

fn add_examples(article: &Labelled, stretches: &mut Stretches, numbers: &mut Numbers, examples: &mut Vec<Example>) {
    let reading = read(&article.text);
    let allowed = allowed_tags(&reading, article);
    stretches.find(&reading);
    let (mut context, mut features) = (Context::default(), Features::default());
    for stretch in &stretches.all {
        context.look(&reading, stretches, stretch);
        let mut example = Example { ends: Vec::new(), features: Vec::new(), allowed: Vec::new() };
        for view in context.views(stretches.words_of(stretch)) {
            features.write(view);
            let grouped = features.hashes().iter().zip(features.groups());
            example.features.extend(grouped.map(|(hash, (lexical, listed))| {
                numbers.number(*hash) | if lexical { LEXICAL } else { 0 } | if listed { LISTED } else { 0 }
            }));
            example.ends.push(example.features.len() as u32);
        }
        example.allowed = allowed[stretch.tokens.clone()].to_vec();
        let wrong_start = example.allowed[0] & anything_but_inner() == 0;
        if !wrong_start {
            examples.push(example);
        }
    }
}

/// Returns the tags with which a stretch can start, as a set of bits.
fn anything_but_inner() -> u32 {
    (0..TAGS).filter(|tag| may_follow(OUTSIDE, *tag)).map(|tag| 1 << tag).sum()
}

/// Returns for each token of an article which tags its labels allow, as sets of bits.
fn allowed_tags(reading: &Reading<'_>, article: &Labelled) -> Vec<u32> {
    let outside: u32 = 1 << OUTSIDE | if article.misc { 0 } else { 0xC0 };
    let mut allowed = vec![outside; reading.tokens.len()];
    for (span, kind) in &article.names {
        let start = reading.tokens.partition_point(|token| token.end <= span.start);
        let end = reading.tokens.partition_point(|token| token.start < span.end);
        if start >= end {
            continue;
        }
        let kind = KINDS.iter().position(|known| known == kind).unwrap_or(0) * 2;
        for (at, tags) in allowed.iter_mut().enumerate().take(end).skip(start) {
            let place = if at == start { FIRST } else { INNER };
            *tags = 1 << (kind + place);
        }
    }
    allowed
}

/// Weights in training.
struct Field {
    weights: Vec<[f32; TAGGED]>,
    squares: Vec<[f32; TAGGED]>,
    transitions: [[f32; TAGS]; TAGS],
    transition_squares: [[f32; TAGS]; TAGS],
}

/// The mean of the weights after several rounds, which chance moves less than any of them.
struct Mean {
    sums: Vec<[f32; TAGGED]>,
    count: f32,
}

impl Mean {
    fn add(&mut self, weights: &[[f32; TAGGED]]) {
        for (sums, weights) in self.sums.iter_mut().zip(weights) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        }
        self.count += 1.0;
    }

    fn weights(self) -> Vec<[f32; TAGGED]> {
        let count = self.count.max(1.0);
        self.sums.into_iter().map(|sums| sums.map(|sum| sum / count)).collect()
    }
}

/// What is expected of each token and each pair of tokens.
struct Expected {
    tags: Vec<[f32; TAGS]>,
    pairs: [[f32; TAGS]; TAGS],
}

impl Field {
    fn new(features: usize) -> Field {
        Field {
            weights: vec![[0.0; TAGGED]; features],
            squares: vec![[1.0; TAGGED]; features],
            transitions: [[0.0; TAGS]; TAGS],
            transition_squares: [[1.0; TAGS]; TAGS],
        }
    }

    /// Moves the weights against the gradient of one stretch.
    fn step(&mut self, example: &Example, options: &Options) {
        let potentials = self.potentials(example);
        let mut steps = [[0.0; TAGS]; TAGS];
        for (before, row) in steps.iter_mut().enumerate() {
            for (tag, step) in row.iter_mut().enumerate().filter(|(tag, _)| may_follow(before, *tag)) {
                *step = exp(self.transitions[before][tag]);
            }
        }
        let everything = vec![u32::MAX; example.allowed.len()];
        let (Some(free), Some(told)) =
            (expect(&potentials, &steps, &everything), expect(&potentials, &steps, &example.allowed))
        else {
            return;
        };
        let mut start = 0;
        for (at, end) in example.ends.iter().enumerate() {
            for feature in &example.features[start..*end as usize] {
                let (weights, squares) = (&mut self.weights[*feature as usize], &mut self.squares[*feature as usize]);
                for tag in 0..TAGGED {
                    let slope = free.tags[at][tag] - told.tags[at][tag];
                    squares[tag] += slope * slope;
                    weights[tag] -= options.rate * slope / squares[tag].sqrt();
                }
            }
            start = *end as usize;
        }
        for before in 0..TAGS {
            for tag in (0..TAGS).filter(|tag| may_follow(before, *tag)) {
                let slope = free.pairs[before][tag] - told.pairs[before][tag];
                let square = &mut self.transition_squares[before][tag];
                *square += slope * slope;
                self.transitions[before][tag] -= options.rate * slope / square.sqrt();
            }
        }
    }

    fn potentials(&self, example: &Example) -> Vec<[f32; TAGS]> {
        let mut start = 0;
        let mut potentials = Vec::with_capacity(example.ends.len());
        for end in &example.ends {
            let mut scores = [0.0; TAGS];
            for feature in &example.features[start..*end as usize] {
                for (score, weight) in scores.iter_mut().zip(&self.weights[*feature as usize]) {
                    *score += weight;
                }
            }
            let top = scores.iter().copied().fold(0.0, f32::max);
            potentials.push(scores.map(|score| exp(score - top)));
            start = *end as usize;
        }
        potentials
    }

    /// Pulls every weight towards zero by a part of the penalties.
    fn shrink(&mut self, options: &Options, part: f32) {
        for (weights, squares) in self.weights.iter_mut().zip(&self.squares) {
            for (weight, square) in weights.iter_mut().zip(squares) {
                let step = part * options.rate / square.sqrt();
                let size = (weight.abs() - step * options.l1).max(0.0) / (1.0 + step * options.l2);
                *weight = size.copysign(*weight);
            }
        }
    }

    /// Adds to the weight of a name's beginning.
    fn lean(&mut self, by: f32) {
        for row in &mut self.transitions {
            (0..TAGGED).filter(|tag| !goes_on(*tag)).for_each(|tag| row[tag] += by);
        }
    }

    /// Returns the file of the weights, in steps that fit into a byte.
    fn quantised(&self, hashes: &[u64], header: &str) -> Vec<u8> {
        /// How many steps a weight of one takes.
        const SCALE: f32 = 32.0;
        /// The least size, in steps, of the largest weight of a feature that is worth its place.
        const LEAST: u8 = 3;
        let mut rows = Vec::new();
        for (hash, weights) in hashes.iter().zip(&self.weights) {
            let row = weights.map(|weight| (weight * SCALE).round().clamp(-127.0, 127.0) as i8);
            if row.iter().any(|weight| weight.unsigned_abs() >= LEAST) {
                rows.push((*hash, row));
            }
        }
        rows.sort_unstable();
        let transitions = self.transitions.map(|row| row.map(|weight| (weight * SCALE).round() as i16));
        model::write(header, &transitions, &rows)
    }
}

/// Returns what is expected of the tags of a stretch under a field, among the allowed ones.
fn expect(potentials: &[[f32; TAGS]], steps: &[[f32; TAGS]; TAGS], allowed: &[u32]) -> Option<Expected> {
    let length = potentials.len();
    let may = |at: usize, tag: usize| if allowed[at] >> tag & 1 != 0 { potentials[at][tag] } else { 0.0 };
    let mut forward = vec![[0.0_f32; TAGS]; length];
    let mut start = [0.0; TAGS];
    start[OUTSIDE] = 1.0;
    for at in 0..length {
        let before = if at == 0 { start } else { forward[at - 1] };
        let mut now = [0.0; TAGS];
        for (from, weight) in before.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            for (tag, sum) in now.iter_mut().enumerate() {
                *sum += weight * steps[from][tag];
            }
        }
        for (tag, sum) in now.iter_mut().enumerate() {
            *sum *= may(at, tag);
        }
        forward[at] = scaled(now)?;
    }
    let mut backward = [1.0; TAGS];
    let mut expected = Expected { tags: vec![[0.0; TAGS]; length], pairs: [[0.0; TAGS]; TAGS] };
    for at in (0..length).rev() {
        let mut tags = forward[at];
        tags.iter_mut().zip(&backward).for_each(|(tag, behind)| *tag *= behind);
        expected.tags[at] = scaled(tags)?;
        let before = if at == 0 { start } else { forward[at - 1] };
        let mut ahead = [0.0; TAGS];
        for (tag, sum) in ahead.iter_mut().enumerate() {
            *sum = may(at, tag) * backward[tag];
        }
        let mut total = 0.0;
        let mut pairs = [[0.0; TAGS]; TAGS];
        let mut next = [0.0; TAGS];
        for from in 0..TAGS {
            for tag in 0..TAGS {
                let weight = steps[from][tag] * ahead[tag];
                next[from] += weight;
                pairs[from][tag] = before[from] * weight;
                total += pairs[from][tag];
            }
        }
        if total <= 0.0 {
            return None;
        }
        for (sums, row) in expected.pairs.iter_mut().zip(&pairs) {
            sums.iter_mut().zip(row).for_each(|(sum, pair)| *sum += pair / total);
        }
        backward = scaled(next)?;
    }
    Some(expected)
}

/// Returns weights that sum to one, or nothing where all are zero.
fn scaled(weights: [f32; TAGS]) -> Option<[f32; TAGS]> {
    let sum: f32 = weights.iter().sum();
    (sum > 0.0).then(|| weights.map(|weight| weight / sum))
}

/// Returns the exponential, from sums and products alone: the same bits on every machine.
fn exp(value: f32) -> f32 {
    let value = f64::from(value).clamp(-80.0, 80.0);
    let whole = (value * std::f64::consts::LOG2_E).round();
    let rest = value - whole * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for step in (1..=9).rev() {
        sum = 1.0 + sum * rest / f64::from(step);
    }
    (sum * f64::from_bits(((1023 + whole as i64) as u64) << 52)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(text: &str, name: &str, kind: EntityKind) -> Labelled {
        let at = text.find(name).expect("the name in the text");
        Labelled { text: text.to_owned(), names: vec![(Span::new(at, at + name.len()), kind)], misc: true }
    }

    fn articles() -> Vec<Labelled> {
        let mut articles = Vec::new();
        for name in ["Calder", "Vance", "Oduya", "Finch"] {
            articles.push(labelled(&format!("Yesterday Mrs. {name} sang."), name, EntityKind::Person));
            articles.push(labelled(&format!("It rained in {name} again."), name, EntityKind::Location));
        }
        articles
    }

    #[test]
    fn learns_what_it_is_shown_and_the_same_every_time() {
        let options = Options { epochs: 8, least: 1, ..Options::default() };
        let weights = train(&articles(), &options, "notice");
        assert_eq!(weights, train(&articles(), &options, "notice"));
        let tests = [
            labelled("Today Mrs. Hillman sang.", "Hillman", EntityKind::Person),
            labelled("It snowed in Hillman again.", "Hillman", EntityKind::Location),
        ];
        let found = names_found(&weights, &tests).expect("a file of weights");
        assert_eq!(found, tests.map(|test| test.names));
    }

    #[test]
    fn the_exponential_is_close() {
        for value in [-30.0_f32, -1.5, 0.0, 0.3, 4.0, 20.0] {
            let (ours, theirs) = (f64::from(exp(value)), f64::from(value).exp());
            assert!((ours / theirs - 1.0).abs() < 1e-6, "{value}: {ours} {theirs}");
        }
    }
}
