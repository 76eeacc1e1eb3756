//! The people, organisations and places named in an article: a trained model over stretches of capitalised words.
//!
//! In: the reading. Out: [`Entity`]s. In the order in which they run:
//! - `stretches`: where names can be, and what their words look like.
//! - `gazetteer`: lists of known names, hints for the model.
//! - `clusters`: which words keep the same company, another hint.
//! - `context`: what stands around a word.
//! - `features`: what the model looks at.
//! - `model`: the weights, and the best tags under them.
//! - `memo`: sums of weights that came up before.
//! - `agreement`: one reading of a name for the whole article.
//! - `naming`: the fullest form of each name.
//! - `headlines`: copies of labelled articles in the letters of headlines.
//! - `train`: how the weights came about; no command needs it but `train_entities`.

mod agreement;
pub mod clusters;
mod context;
mod features;
mod gazetteer;
pub mod headlines;
pub mod lessons;
mod memo;
mod model;
mod naming;
mod stretches;
#[cfg(test)]
mod tests;
pub mod train;

use std::ops::Range;

use self::context::Context;
use self::memo::Memo;
use self::model::{Decoder, Model, OUTSIDE};
use self::stretches::Stretches;
use super::reading::Reading;
use crate::article::Span;
use crate::layers::{Entity, EntityKind};

/// The kinds in the order of their tags.
const KINDS: [EntityKind; 4] = [EntityKind::Person, EntityKind::Organisation, EntityKind::Location, EntityKind::Misc];

/// A name as the model found it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    tokens: Range<usize>,
    kind: EntityKind,
}

/// Finds names in one article after the other, with buffers that are used again.
#[derive(Default)]
pub struct Tagger {
    stretches: Stretches,
    context: Context,
    memo: Memo,
    decoder: Decoder,
    tags: Vec<u8>,
}

impl Tagger {
    /// Returns the names of an article, in order.
    pub fn entities(&mut self, reading: &Reading<'_>) -> Vec<Entity> {
        let found = self.tag(reading, model::model());
        naming::named(reading, &found)
    }

    /// Returns what a model finds in an article, in order.
    fn tag(&mut self, reading: &Reading<'_>, model: &Model<'_>) -> Vec<Found> {
        self.stretches.find(reading);
        self.memo.start(self.stretches.words.len(), model);
        for stretch in &self.stretches.all {
            self.context.look(reading, &self.stretches, stretch);
            self.memo.look(&self.context, self.stretches.words_of(stretch), stretch.first, model);
        }
        let scores = self.memo.scores(model);
        let mut found = Vec::new();
        for stretch in &self.stretches.all {
            self.decoder.decode(model, &scores[stretch.first..][..stretch.tokens.len()], &mut self.tags);
            collect(&self.tags, stretch.tokens.start, &mut found);
        }
        agreement::agree(reading, &self.stretches, &mut found);
        found
    }
}

/// Reads names off the tags of a stretch that starts at a token.
fn collect(tags: &[u8], first: usize, found: &mut Vec<Found>) {
    let goes_on = |tag: &u8| model::goes_on((*tag).into());
    let mut start = 0;
    for tags in tags.chunk_by(|_, next| goes_on(next)) {
        let end = start + tags.len();
        if usize::from(tags[0]) != OUTSIDE {
            found.push(Found { tokens: first + start..first + end, kind: KINDS[usize::from(tags[0]) / 2] });
        }
        start = end;
    }
}

/// Returns where a name stands: of "London-based" only the first part, of "R-Texas" only the second.
fn span_of(reading: &Reading<'_>, tokens: &Range<usize>) -> Span {
    let within = |at: usize| stretches::name_within(reading, at);
    let mut span = reading.span(tokens.clone());
    let last = tokens.end - 1;
    span.end = reading.tokens[last].start + within(last).end as u32;
    span.start += within(tokens.start).start as u32;
    span
}
