//! What is reported without quotation marks, or with marks around a part of it.
//!
//! In: the runs and the direct quotes. Out: indirect and mixed quotes, each with its speaker. A report with a quoted
//! run inside is mixed, and direct quotes that are no more than a part of it are folded into it; what stands between
//! marks nearly whole stays a direct quote. One report a cue, several a sentence, none inside another:
//! - `verbs`: which words are a cue there, and who its subject is.
//! - `content`: where in the sentence what was said opens; `ends`: where it ends.
//! - `scan`: the reports of one sentence, from left to right.

mod content;
mod ends;
mod scan;
mod verbs;

use std::ops::Range;

use super::marks::Run;
use super::reading::Reading;
use super::speakers::Speakers;
use super::tokens::Shape;
use crate::article::Span;
use crate::layers::{Quote, QuoteKind};

/// A report: what was said, who said it, and the cue.
struct Report {
    /// What was said, in one piece or in two around the cue.
    content: Range<usize>,
    rest: Option<Range<usize>>,
    phrase: Option<Range<usize>>,
    cue: Range<usize>,
    rule: &'static str,
}

impl Report {
    /// Returns its pieces in the order of the text.
    fn pieces(&self) -> impl Iterator<Item = Range<usize>> {
        std::iter::once(self.content.clone()).chain(self.rest.clone())
    }
}

/// Finds the reported quotes of an article and their speakers.
pub fn attribute(reading: &Reading<'_>, runs: &[Run], speakers: &mut Speakers<'_>, quotes: &mut Vec<Quote>) {
    let mut reports = Vec::new();
    let mut first = 0;
    let body = reading.paragraphs.iter().find(|paragraph| !paragraph.title).map_or(0, |body| body.tokens.start);
    for sentence in &reading.sentences {
        while first < runs.len() && runs[first].last <= sentence.start {
            first += 1;
        }
        let last = first + runs[first..].partition_point(|run| run.first < sentence.end);
        let runs = &runs[first..last];
        scan::sentence(reading, sentence, runs, sentence.start < body, &mut reports);
    }
    // Direct quotes come in the order of the text and do not overlap.
    let directs = quotes.len();
    for report in reports {
        let quoted = match share_quoted(reading, runs, &report) {
            (0, _) => false,
            (quoted, all) if quoted * 10 >= all * 9 => continue,
            _ => true,
        };
        let spans = disjoint(report.pieces().map(|piece| reading.span(piece)).collect());
        if quoted {
            fold(&mut quotes[..directs], &spans);
        }
        quotes.push(Quote {
            kind: if quoted { QuoteKind::Mixed } else { QuoteKind::Indirect },
            paragraph: reading.paragraph_of(report.content.start) as u32,
            spans,
            speaker: report.phrase.map(|phrase| speakers.resolve(phrase)),
            cue: Some(reading.span(report.cue)),
            rule: report.rule.into(),
        });
    }
    quotes.retain(|quote| !quote.spans.is_empty());
}

/// Returns spans in text order, those that overlap as one.
fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| span.start);
    spans.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        last.end = if overlaps { last.end.max(next.end) } else { last.end };
        overlaps
    });
    spans
}

/// Takes the spans that a report holds out of the direct quotes.
fn fold(directs: &mut [Quote], spans: &[Span]) {
    for held in spans {
        let first = directs.partition_point(|quote| quote.spans.last().is_some_and(|span| span.end <= held.start));
        for quote in &mut directs[first..] {
            if quote.spans.first().is_some_and(|span| span.start >= held.end) {
                break;
            }
            quote.spans.retain(|span| !held.contains(*span));
        }
    }
}

/// Returns how many words of a report stand between marks, and how many there are.
fn share_quoted(reading: &Reading<'_>, runs: &[Run], report: &Report) -> (usize, usize) {
    let words =
        |tokens: Range<usize>| tokens.filter(|at| reading.tokens[*at].looks(Shape::WORD.or(Shape::NUMBER))).count();
    let (mut quoted, mut all) = (0, 0);
    for piece in report.pieces() {
        all += words(piece.clone());
        let first = runs.partition_point(|run| run.last <= piece.start);
        for run in runs[first..].iter().take_while(|run| run.first < piece.end) {
            quoted += words(run.first.max(piece.start)..run.last.min(piece.end));
        }
    }
    (quoted, all)
}

#[cfg(test)]
mod tests;
