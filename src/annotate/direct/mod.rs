//! Who said what stands between quotation marks.
//!
//! In order of trust: what stands [`mod@beside`] the quote (a cue behind or before it, a label, a signature), then what
//! stands [`mod@around`] it (the same paragraph's speaker, the line that introduces it, a cue in the sentence before, the
//! last speaker, the subject of the sentence). What no cue claims and what looks like a title, a scare quote or a
//! nickname is no quote: see [`mod@quotation`]. A [`mod@transcript`] has no marks at all.

mod around;
mod beside;
mod quotation;
mod transcript;

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
    let groups = runs.chunk_by(|one, next| one.paragraph == next.paragraph);
    let found =
        groups.clone().flat_map(|group| (0..group.len()).map(|number| beside(reading, group, number))).collect();
    let mut around = Around { reading, runs, found, previous: None };
    let mut at = 0;
    for group in groups {
        attribute_paragraph(&mut around, at..at + group.len(), speakers, quotes);
        at += group.len();
    }
    transcript::attribute(reading, speakers, quotes);
}

/// Attributes the runs of one paragraph.
fn attribute_paragraph(
    around: &mut Around<'_>,
    group: Range<usize>,
    speakers: &mut Speakers<'_>,
    quotes: &mut Vec<Quote>,
) {
    let (reading, runs) = (around.reading, around.runs);
    let mut later = around.found[group.clone()].iter().flatten().next().cloned();
    // Whether the paragraph holds a quotation before.
    let mut spoken = false;
    // The place of the last cue, or else quote, that a speaker is known for.
    let mut told = None;
    for number in group {
        let run = &runs[number];
        let found = around.found[number].clone();
        if found.is_none() && !is_quotation(reading, run, spoken) {
            continue;
        }
        spoken = true;
        let whom = match found {
            Some(found) => Whom::Words(found),
            None => around.speaker(number, told, later.clone()),
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
            Some(last) => last.spans.push(run.span),
            None => quotes.push(quote),
        }
    }
}

/// Returns whether the next segment goes on with a quote of the same paragraph.
fn joins(last: &Quote, next: &Quote) -> bool {
    last.paragraph == next.paragraph && next.span().start.saturating_sub(last.span().end) < 200
}
