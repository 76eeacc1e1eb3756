//! Who speaks where neither cue nor label stands beside a run: the sentences and paragraphs around it tell.

use std::ops::Range;

use super::Found;
use crate::annotate::marks::{self, Run};
use crate::annotate::phrases::{self, is_cue};
use crate::annotate::reading::Reading;
use crate::annotate::tokens::key;
use crate::layers::Speaker;

/// The last speaker is forgotten after so many paragraphs.
const MEMORY: usize = 2;

/// Nouns for what is printed word by word in the next paragraph.
const STATEMENTS: [u32; 8] = [
    key("statement"),
    key("letter"),
    key("tweet"),
    key("post"),
    key("email"),
    key("message"),
    key("memo"),
    key("remarks"),
];

/// A quotation is followed over so many paragraphs.
const LONGEST_QUOTATION: usize = 8;

/// What the article has told before a run.
pub struct Around<'a> {
    pub reading: &'a Reading<'a>,
    /// Every run of the article.
    pub runs: &'a [Run],
    /// Who stands beside each run.
    pub found: Vec<Option<Found>>,
    /// Who spoke last, and in which paragraph.
    pub previous: Option<(Speaker, usize)>,
}

/// Who speaks, as far as the text around tells.
pub enum Whom {
    /// These words say.
    Words(Found),
    /// The one who spoke last.
    Again(&'static str),
    /// Nobody is told.
    Nobody,
}

impl Around<'_> {
    /// Returns who speaks a run that nothing stands beside. `here` is the place of the last cue, or else quote, of the
    /// same paragraph; `later` is who stands beside a later run of it.
    pub fn speaker(&self, number: usize, here: Option<usize>, later: Option<Found>) -> Whom {
        let run = &self.runs[number];
        let paragraph = &self.reading.paragraphs[run.paragraph];
        let before = number.checked_sub(1).map(|before| &self.runs[before]);
        if before.is_some_and(|before| !before.closed && before.paragraph + 1 == run.paragraph) && self.opens(run) {
            return later.map_or(Whom::Again("continued"), later_found);
        }
        let from = before.map_or(0, Run::behind).max(paragraph.tokens.start);
        let sentence = self.reading.sentence(run.open());
        if here.is_none() || sentence.start >= from {
            // The sentence has words of its own before the quote.
            let own = sentence.start.max(from)..run.open();
            // "Vance was asked, "…": nobody says who asked.
            let asked =
                own.clone().any(|at| is_cue(self.reading, at) && phrases::is_passive(self.reading, at, own.start));
            let subject = self.subject_of(own, "sentence-subject").filter(|_| !asked);
            if let Some(found) = subject {
                return Whom::Words(found);
            }
        }
        // The sentence that ends with the tag of the quote before says nothing new.
        let told = here.map_or(from, |cue| self.reading.sentence(cue.max(from)).end);
        if let Some(found) = self.cue_in(told..sentence.start.max(told), "sentence-before-cue") {
            return Whom::Words(found);
        }
        if here.is_some() {
            return Whom::Again("same-paragraph");
        }
        let whom = if self.opens(run) {
            self.goes_on(number).map_or_else(|| self.paragraph_before(run), later_found)
        } else {
            self.last(run)
        };
        // A question is answered by somebody else.
        let asked = self.reading.tokens[run.last - 1].sign('?');
        match (whom, later) {
            // "…" The striker added: "…": better than nobody.
            (Whom::Nobody, Some(later)) if !asked => {
                Whom::Words(Found { cue: None, rule: "same-paragraph-later", ..later })
            }
            (whom, _) => whom,
        }
    }

    /// Returns who stands beside a later part of a quotation that no mark closes and that goes on in the next
    /// paragraphs.
    fn goes_on(&self, number: usize) -> Option<Found> {
        let mut at = number;
        for _ in 0..LONGEST_QUOTATION {
            let paragraph = self.runs[at].paragraph;
            let next = at + self.runs[at..].partition_point(|run| run.paragraph == paragraph);
            let first = self.runs.get(next).filter(|run| run.paragraph == paragraph + 1 && self.opens(run))?;
            if self.runs[next - 1].closed {
                return None;
            }
            let length = self.runs[next..].partition_point(|run| run.paragraph == first.paragraph);
            let found = self.found[next..next + length.min(4)].iter().flatten().next();
            if found.is_some() {
                return found.cloned();
            }
            at = next;
        }
        None
    }

    /// Returns whether a run opens its paragraph.
    fn opens(&self, run: &Run) -> bool {
        run.open() == self.reading.paragraphs[run.paragraph].tokens.start
    }

    /// Returns who speaks a paragraph that opens with a quote.
    fn paragraph_before(&self, run: &Run) -> Whom {
        let Some(before) = run.paragraph.checked_sub(1).map(|before| &self.reading.paragraphs[before]) else {
            return Whom::Nobody;
        };
        let tokens = before.tokens.clone();
        let last = self.reading.sentence(tokens.end - 1);
        if !before.title && self.reading.tokens[tokens.end - 1].sign(':') {
            let found = self.cue_in(last.clone(), "introduced").or_else(|| self.subject_of(last, "introduced"));
            return found.map_or(self.last(run), Whom::Words);
        }
        // "The ministry issued a statement on Monday.": the next paragraph is the statement.
        let written = last.clone().any(|at| STATEMENTS.iter().any(|word| self.reading.tokens[at].word(*word)));
        let found = self.subject_of(last, "statement-before").filter(|_| written && !before.title);
        found.map_or(self.last(run), Whom::Words)
    }

    fn subject_of(&self, sentence: Range<usize>, rule: &'static str) -> Option<Found> {
        let phrase = phrases::main_subject(self.reading, sentence)?;
        Some(Found { phrase, cue: None, rule })
    }

    /// Returns the last cue of a stretch that stands outside of marks, with its subject.
    fn cue_in(&self, within: Range<usize>, rule: &'static str) -> Option<Found> {
        let mut cues = within.clone().rev().filter(|at| is_cue(self.reading, *at) && !marks::holding(self.runs, *at));
        cues.find_map(|cue| {
            let sentence = self.reading.sentence(cue);
            let from = sentence.start.max(within.start);
            let inverted = cue > from && self.reading.tokens[cue - 1].sign(',');
            let inverted = inverted.then(|| phrases::inverted(self.reading, cue, sentence.end.min(within.end)));
            let phrase = inverted.flatten().or_else(|| phrases::subject(self.reading, cue, from))?;
            let speaks = phrases::can_speak(self.reading, &phrase);
            speaks.then_some(Found { phrase, cue: Some(cue..cue + 1), rule })
        })
    }

    fn last(&self, run: &Run) -> Whom {
        match &self.previous {
            Some((_, paragraph)) if run.paragraph - paragraph <= MEMORY => Whom::Again("last-speaker"),
            _ => Whom::Nobody,
        }
    }
}

fn later_found(found: Found) -> Whom {
    Whom::Words(Found { cue: None, rule: "goes-on", ..found })
}
