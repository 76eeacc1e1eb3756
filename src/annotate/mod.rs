//! An article to layers: paragraphs, sentences, quotes, speakers, entities.
//!
//! In: an article. Out: [`Layers`] over its text. Deliberately touches no disk, clock or network, and guesses nothing
//! across articles. One tokenisation serves every annotator; `tokens` and `lexicon` are below them all, `reading`
//! holds what they share, then in the order in which they run:
//! - `sentences`: where sentences end.
//! - `names`: who is named in the article, and under which forms.
//! - `sources`: who is described and not named ("a senior official"), and under which forms.
//! - `marks`: what stands between quotation marks.
//! - `direct`: who said what stands between them.
//! - `reported`: what is reported without marks, or with marks around a part.
//! - `roles`: which classes of source a speaker belongs to.
//! - `entities`: the people, organisations and places named.
//!
//! `guard` catches what fails, `rules` says in words what each rule looks at.

mod direct;
pub mod entities;
mod guard;
mod lexicon;
mod marks;
mod names;
mod phrases;
mod reading;
mod reported;
mod roles;
mod rules;
mod sentences;
mod sources;
mod speakers;
mod tokens;

use crate::article::{Article, Span};
use crate::layers::{Entity, EntityKind, Evidence, Layers, Quote};
use crate::problem::{Problem, Reason};

use self::entities::Tagger;
use self::names::Names;
use self::reading::Reading;
use self::sources::Sources;
use self::speakers::Speakers;
use self::tokens::Token;

/// Annotates articles, one after the other, with buffers that are used again.
#[derive(Default)]
pub struct Annotator {
    tokens: Vec<Token>,
    tagger: Tagger,
}

impl Annotator {
    /// Returns an annotator.
    pub fn new() -> Annotator {
        Annotator::default()
    }

    /// Returns everything found in an article.
    pub fn annotate(&mut self, article: &Article) -> Layers {
        self.find(article, false).0
    }

    /// Returns everything found in an article, and for each quote in the same order why it has its speaker.
    pub fn explain(&mut self, article: &Article) -> (Layers, Vec<Evidence>) {
        self.find(article, true)
    }

    /// Returns everything found in an article, with evidence where it is asked for. Where an annotator fails, nothing
    /// is found in the article and a problem says so.
    pub fn annotate_safely(&mut self, article: &Article, explain: bool) -> (Layers, Vec<Evidence>, Option<Problem>) {
        match guard::guarded(|| self.find(article, explain)) {
            Ok((layers, evidence)) => (layers, evidence, None),
            Err(told) => {
                *self = Annotator::new();
                let detail = format!("could not be annotated, so its quotes and names are missing ({told})");
                let (path, line) = (article.path.clone(), Some(article.line));
                let problem = Problem { path, line, reason: Reason::NotAnnotated, detail };
                (Layers::default(), Vec::new(), Some(problem))
            }
        }
    }

    fn find(&mut self, article: &Article, explain: bool) -> (Layers, Vec<Evidence>) {
        #[cfg(test)]
        assert!(!article.text.contains(FAILING), "a text that makes tests fail");
        let parts: Vec<Span> = article.headline.into_iter().chain(article.dek).chain([article.body]).collect();
        let reading = Reading::new(&article.text, &parts, std::mem::take(&mut self.tokens));
        let runs = marks::runs(&reading);
        let names = Names::find(&reading, &runs);
        let mut quotes = Vec::new();
        let mut speakers = Speakers::new(&reading, &names, Sources::find(&reading), &runs, explain);
        direct::attribute(&reading, &runs, &mut speakers, &mut quotes);
        reported::attribute(&reading, &runs, &mut speakers, &mut quotes);
        quotes.sort_by_key(|quote| (quote.span().start, quote.span().end));
        let evidence = if explain { quotes.iter().map(|quote| speakers.evidence(quote)).collect() } else { Vec::new() };
        let entities = self.tagger.entities(&reading);
        name_speakers(&mut quotes, &entities, &article.text);
        let layers = Layers {
            paragraphs: reading.paragraphs.iter().map(|paragraph| paragraph.span).collect(),
            sentences: reading.sentences.iter().map(|sentence| reading.span(sentence.clone())).collect(),
            quotes,
            entities,
        };
        self.tokens = reading.tokens;
        (layers, evidence)
    }
}

/// Gives a speaker who was taken for no person, where a person's name stands, the full form of that name.
fn name_speakers(quotes: &mut [Quote], entities: &[Entity], text: &str) {
    let speakers = quotes.iter_mut().filter_map(|quote| quote.speaker.as_mut());
    for speaker in speakers.filter(|speaker| speaker.resolved && speaker.printed[0].is_none()) {
        let at = entities.partition_point(|entity| entity.span.start < speaker.span.start);
        let same = |entity: &&Entity| entity.kind == EntityKind::Person && entity.span.of(text) == speaker.name;
        let Some(person) = entities.get(at).filter(|entity| speaker.span.contains(entity.span)).filter(same) else {
            continue;
        };
        let full = entities.iter().find(|entity| entity.span.of(text) == person.name);
        speaker.printed[0] = full.map(|entity| entity.span);
        speaker.name.clone_from(&person.name);
    }
}

/// A text with these words makes the annotator fail, for tests of what happens then.
#[cfg(test)]
pub const FAILING: &str = "\u{fdd0}annotators fail here\u{fdd1}";

/// Returns the sentences of a stretch of text, in order and without the white space around them.
pub fn sentences(text: &str, within: Span) -> Vec<Span> {
    let reading = Reading::new(text, &[within], Vec::new());
    reading.sentences.iter().map(|sentence| reading.span(sentence.clone())).collect()
}

/// Returns the paragraphs of a stretch of text, likewise.
pub fn paragraphs(text: &str, within: Span) -> Vec<Span> {
    let reading = Reading::new(text, &[within], Vec::new());
    reading.paragraphs.iter().map(|paragraph| paragraph.span).collect()
}

#[cfg(test)]
mod tests;
