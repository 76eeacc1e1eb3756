//! Who said what stands between quotation marks.
//!
//! In order of trust: what stands [`mod@beside`] the quote (a cue behind or before it, a label, a signature), then what
//! stands [`mod@around`] it (the same paragraph's speaker, the line that introduces it, a cue in the sentence before, the
//! last speaker, the subject of the sentence). What no cue claims and what looks like a title, a scare quote or a
//! nickname is no quote: see [`mod@quotation`].

mod around;
mod beside;
mod quotation;

use std::ops::Range;

use super::marks::Run;
use super::reading::Reading;
use super::speakers::Speakers;
use crate::layers::{Quote, QuoteKind};

use self::around::{Around, Whom};
use self::beside::beside;
use self::quotation::is_quotation;

/// A speaker's words and the cue, where a rule found them.
#[derive(Clone, Debug)]
pub struct Found {
    pub phrase: Range<usize>,
    pub cue: Option<Range<usize>>,
    pub rule: &'static str,
}

/// Finds the direct quotes of an article and their speakers.
pub fn attribute(reading: &Reading<'_>, runs: &[Run], speakers: &mut Speakers<'_>, quotes: &mut Vec<Quote>) {
    let mut around = Around { reading, runs, previous: None };
    let mut at = 0;
    while at < runs.len() {
        let paragraph = runs[at].paragraph;
        let end = at + runs[at..].partition_point(|run| run.paragraph == paragraph);
        attribute_paragraph(&mut around, at..end, speakers, quotes);
        at = end;
    }
}

/// Attributes the runs of one paragraph.
fn attribute_paragraph(
    around: &mut Around<'_>,
    group: Range<usize>,
    speakers: &mut Speakers<'_>,
    quotes: &mut Vec<Quote>,
) {
    let (reading, runs) = (around.reading, &around.runs[group.clone()]);
    let mut found: Vec<Option<Found>> = (0..runs.len()).map(|number| beside(reading, runs, number)).collect();
    let mut later = found.iter().flatten().next().cloned();
    let mut here: Option<Quote> = None;
    // The place of the last cue, or else quote, that a speaker is known for.
    let mut told = None;
    for (number, run) in runs.iter().enumerate() {
        let found = found[number].take();
        if found.is_none() && !is_quotation(reading, run, here.is_some()) {
            continue;
        }
        let whom = match found {
            Some(found) => Whom::Words(found),
            None => around.speaker(group.start + number, told, later.clone()),
        };
        let (speaker, cue, rule) = match whom {
            Whom::Words(found) => {
                told = Some(found.cue.as_ref().map_or(run.open(), |cue| cue.start));
                let cue = found.cue.map(|cue| reading.span(cue));
                later = later.filter(|_| cue.is_none());
                (Some(speakers.resolve(found.phrase)), cue, found.rule)
            }
            Whom::Again(rule) => {
                told = told.or(Some(run.open()));
                (around.previous.as_ref().map(|(speaker, _)| speaker.clone()), None, rule)
            }
            Whom::Nobody => (None, None, "no-speaker"),
        };
        if let Some(speaker) = &speaker {
            around.previous = Some((speaker.clone(), run.paragraph));
        }
        let quote = Quote {
            kind: QuoteKind::Direct,
            spans: vec![run.span],
            paragraph: run.paragraph as u32,
            speaker,
            cue,
            rule: rule.into(),
        };
        match quotes.last_mut().filter(|last| rule == "same-paragraph" && joins(last, &quote)) {
            // "…," he said. "…": one quote of two spans.
            Some(last) => {
                last.spans.push(run.span);
                here = Some(last.clone());
            }
            None => {
                here = Some(quote.clone());
                quotes.push(quote);
            }
        }
    }
}

/// Returns whether the next segment goes on with a quote of the same paragraph.
fn joins(last: &Quote, next: &Quote) -> bool {
    last.paragraph == next.paragraph && next.span().start.saturating_sub(last.span().end) < 200
}
