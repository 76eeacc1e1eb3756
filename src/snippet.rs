//! Which sentences of an article show why it matched, and where in them the matches stand.
//!
//! In: the text, its sentences, and what was asked. Out: [`Excerpt`]s. Deliberately knows no engine: the words are
//! found again with the same analyzer, so that what is marked is what satisfied the query. Phrases are marked whole,
//! stray words of them are not, and nothing under a NOT is.

use crate::analyzer;
use crate::article::Span;
use crate::hits::Excerpt;
use crate::plan::{Clause, Plan, QuotePlan};
use crate::schema::{Analyzer, Field};

/// After so many matches the rest of an article is not looked at: there is enough to choose from.
const MATCH_LIMIT: usize = 2_000;

/// Finds what was asked for in a text.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    patterns: Vec<Pattern>,
}

/// Words that stand one after the other in some fields.
#[derive(Clone, Debug, PartialEq)]
struct Pattern {
    field: Field,
    words: Vec<Wanted>,
}

/// A word of a pattern.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    Exact(String),
    Stem { stem: String, prefix: usize },
}

impl Wanted {
    fn is(&self, term: &str) -> bool {
        match self {
            Wanted::Exact(word) => word == term,
            Wanted::Stem { stem, prefix } => {
                let (kept, mut exceptions) = (&stem[..*prefix], analyzer::stem_prefix(stem).1);
                (term.starts_with(kept) && analyzer::stem(term) == *stem) || exceptions.any(|other| other == term)
            }
        }
    }
}

/// A match: where it stands and which pattern it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Match {
    span: Span,
    pattern: usize,
}

impl Matcher {
    /// Returns what finds the words of a plan for articles.
    pub fn new(plan: &Plan) -> Matcher {
        let mut matcher = Matcher::default();
        for ranked in plan.words.iter().filter(|ranked| !ranked.stop) {
            matcher.add(Field::Text, &ranked.word, false);
        }
        if let Some(filter) = &plan.filter {
            matcher.add_clause(filter);
        }
        matcher
    }

    /// Returns what finds the words of a plan for quotes.
    pub fn for_quotes(plan: &QuotePlan) -> Matcher {
        let mut matcher = Matcher::default();
        if let Some(filter) = &plan.filter {
            matcher.add_clause(filter);
        }
        matcher
    }

    fn add_clause(&mut self, clause: &Clause) {
        match clause {
            Clause::Word { field, word } => self.add(*field, word, false),
            Clause::Phrase { field, words } => self.add(*field, words, true),
            Clause::All(clauses) | Clause::Any(clauses) => clauses.iter().for_each(|clause| self.add_clause(clause)),
            Clause::Not(_) | Clause::Date { .. } | Clause::Role(_) | Clause::Kind(_) => {}
        }
    }

    fn add(&mut self, field: Field, typed: &str, exact: bool) {
        let stemmed = match field.analyzer() {
            Analyzer::Stemmed => !exact,
            Analyzer::Names => false,
            Analyzer::Whole | Analyzer::Day => return,
        };
        if matches!(field, Field::Outlet | Field::Byline | Field::Section | Field::Path) {
            return;
        }
        let wanted = |term: String| match stemmed {
            true => {
                let stem = analyzer::stem(&term).into_owned();
                let prefix = analyzer::stem_prefix(&stem).0.len();
                Wanted::Stem { stem, prefix }
            }
            false => Wanted::Exact(term),
        };
        let pattern = Pattern { field, words: analyzer::terms(typed).into_iter().map(wanted).collect() };
        if !pattern.words.is_empty() && !self.patterns.contains(&pattern) {
            self.patterns.push(pattern);
        }
    }

    /// Returns where a part of an article matches, in order and without overlaps. `field` is the part: headline, dek,
    /// body or quote.
    pub fn marks(&self, text: &str, within: Span, field: Field) -> Vec<Span> {
        let mut marks: Vec<Span> = self.matches(text, within, field).into_iter().map(|found| found.span).collect();
        merge(&mut marks);
        marks
    }

    fn matches(&self, text: &str, within: Span, field: Field) -> Vec<Match> {
        let part = within.of(text);
        let patterns: Vec<(usize, &Pattern)> =
            self.patterns.iter().enumerate().filter(|(_, pattern)| applies(pattern.field, field)).collect();
        let mut found = Vec::new();
        if patterns.is_empty() {
            return found;
        }
        let mut words = analyzer::words(part);
        let mut term = String::new();
        while let Some(first) = words.next() {
            analyzer::fold_into(&part[first.clone()], &mut term);
            for (number, pattern) in &patterns {
                if !pattern.words[0].is(&term) {
                    continue;
                }
                if let Some(end) = follow(part, words.clone(), first.end, &pattern.words[1..]) {
                    let start = within.start as usize;
                    found.push(Match { span: Span::new(start + first.start, start + end), pattern: *number });
                }
            }
            if found.len() >= MATCH_LIMIT {
                break;
            }
        }
        found
    }

    /// Returns up to `how_many` excerpts of whole sentences, the best first: those with the most different matches, the
    /// longer words counting for more. A sentence of more than `width` characters is cut around its first matches.
    /// Where the body does not match, the first sentence stands for it.
    pub fn excerpts(&self, text: &str, sentences: &[Span], how_many: usize, width: usize) -> Vec<Excerpt> {
        let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { return Vec::new() };
        let found = self.matches(text, Span { start: first.start, end: last.end }, Field::Body);
        let mut rows = self.weigh(sentences, &found);
        let mut excerpts: Vec<Excerpt> = Vec::new();
        let mut shown: Vec<usize> = Vec::new();
        while excerpts.len() < how_many {
            let worth = |row: &Row| {
                row.patterns
                    .iter()
                    .map(|number| self.weight(*number) / if shown.contains(number) { 4.0 } else { 1.0 })
                    .sum::<f64>()
            };
            let best = (0..rows.len())
                .max_by(|one, other| worth(&rows[*one]).total_cmp(&worth(&rows[*other])).then(other.cmp(one)));
            let Some(best) = best else { break };
            let row = rows.remove(best);
            shown.extend(&row.patterns);
            excerpts.push(cut(text, sentences[row.sentence], &row.marks, width));
        }
        if excerpts.is_empty() && how_many > 0 {
            excerpts.push(cut(text, *first, &[], width));
        }
        excerpts
    }

    /// Returns the sentences that match, in order.
    fn weigh(&self, sentences: &[Span], found: &[Match]) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let mut sentence = 0;
        for found in found {
            while sentence < sentences.len() && sentences[sentence].end <= found.span.start {
                sentence += 1;
            }
            let Some(span) = sentences.get(sentence).filter(|span| span.contains(found.span)) else { continue };
            debug_assert!(!span.is_empty());
            if rows.last().is_none_or(|row| row.sentence != sentence) {
                rows.push(Row { sentence, patterns: Vec::new(), marks: Vec::new() });
            }
            if let Some(row) = rows.last_mut() {
                if !row.patterns.contains(&found.pattern) {
                    row.patterns.push(found.pattern);
                }
                row.marks.push(found.span);
            }
        }
        rows.iter_mut().for_each(|row| merge(&mut row.marks));
        rows
    }

    /// Returns what a pattern counts for: phrases and long words are rarer.
    fn weight(&self, pattern: usize) -> f64 {
        let letters = |wanted: &Wanted| match wanted {
            Wanted::Exact(word) => word.len(),
            Wanted::Stem { stem, .. } => stem.len(),
        };
        let words = &self.patterns[pattern].words;
        words.iter().map(|word| 1.0 + letters(word).min(12) as f64 / 8.0).sum()
    }
}

struct Row {
    sentence: usize,
    patterns: Vec<usize>,
    marks: Vec<Span>,
}

/// Returns whether what was asked of a field is to be marked in a part of the article.
fn applies(asked: Field, part: Field) -> bool {
    match asked {
        Field::Text | Field::Entity | Field::Speaker => true,
        Field::Quote => matches!(part, Field::Quote | Field::Body),
        asked => asked == part,
    }
}

/// Returns where the words behind the first end, if they follow.
fn follow(text: &str, mut words: analyzer::Words<'_>, mut end: usize, wanted: &[Wanted]) -> Option<usize> {
    let mut term = String::new();
    for wanted in wanted {
        let next = words.next()?;
        analyzer::fold_into(&text[next.clone()], &mut term);
        if !wanted.is(&term) {
            return None;
        }
        end = next.end;
    }
    Some(end)
}

/// Sorts marks and joins those that overlap.
fn merge(marks: &mut Vec<Span>) {
    marks.sort_unstable();
    marks.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
}

/// Returns a sentence as an excerpt, cut at words around its first marks where it is too long.
fn cut(text: &str, sentence: Span, marks: &[Span], width: usize) -> Excerpt {
    let words = sentence.of(text);
    let whole = Excerpt { span: sentence, marks: marks.to_vec(), cut_before: false, cut_after: false };
    if words.len() <= width || words.chars().count() <= width {
        return whole;
    }
    let (first, last) = match marks.first() {
        Some(first) => {
            let near = |mark: &&Span| text[first.start as usize..mark.end as usize].chars().count() <= width * 2 / 3;
            (first.start as usize, marks.iter().take_while(near).last().unwrap_or(first).end as usize)
        }
        None => (sentence.start as usize, sentence.start as usize),
    };
    let room = width.saturating_sub(text[first..last].chars().count());
    let before = if marks.is_empty() { 0 } else { room / 2 };
    let start = step_back(text, sentence.start as usize, first, before);
    let used = text[start..last].chars().count();
    let end = step_on(text, last, sentence.end as usize, width.saturating_sub(used));
    let span = Span::new(start, end);
    Excerpt {
        span,
        marks: marks.iter().copied().filter(|mark| span.contains(*mark)).collect(),
        cut_before: start > sentence.start as usize,
        cut_after: end < sentence.end as usize,
    }
}

/// Returns the start of a word at most `room` characters before `at`, and not before `least`.
fn step_back(text: &str, least: usize, at: usize, room: usize) -> usize {
    let part = &text[least..at];
    let Some((start, _)) = part.char_indices().rev().take(room).last() else { return at };
    if start == 0 {
        return least;
    }
    let space = part[start..].find(char::is_whitespace);
    space.map_or(at, |space| at - part[start + space..].trim_start().len())
}

/// Returns the end of a word at most `room` characters behind `at`, and not behind `most`.
fn step_on(text: &str, at: usize, most: usize, room: usize) -> usize {
    let part = &text[at..most];
    let Some((end, next)) = part.char_indices().nth(room) else { return most };
    if next.is_whitespace() {
        return at + part[..end].trim_end().len();
    }
    match part[..end].rfind(char::is_whitespace) {
        Some(space) => at + part[..space].trim_end().len(),
        // One word longer than the room: better half of it than nothing.
        None => at + end,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::RankedWord;

    fn words(typed: &str) -> Plan {
        let words = typed.split(' ').map(|word| RankedWord { word: word.to_owned(), stop: false }).collect();
        Plan { words, filter: None }
    }

    fn sentences(text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut start = 0;
        for (end, _) in text.match_indices(". ") {
            spans.push(Span::new(start, end + 1));
            start = end + 2;
        }
        if start < text.len() {
            spans.push(Span::new(start, text.len()));
        }
        spans
    }

    /// Writes an excerpt with its marks in brackets.
    fn print(text: &str, excerpt: &Excerpt) -> String {
        let mut out = String::from(if excerpt.cut_before { "… " } else { "" });
        let mut at = excerpt.span.start;
        for mark in &excerpt.marks {
            out.push_str(Span { start: at, end: mark.start }.of(text));
            out.push_str(&format!("[{}]", mark.of(text)));
            at = mark.end;
        }
        out.push_str(Span { start: at, end: excerpt.span.end }.of(text));
        out.push_str(if excerpt.cut_after { " …" } else { "" });
        out
    }

    fn check(plan: &Plan, text: &str, how_many: usize, width: usize, expected: &[&str]) {
        let excerpts = Matcher::new(plan).excerpts(text, &sentences(text), how_many, width);
        let printed: Vec<String> = excerpts.iter().map(|excerpt| print(text, excerpt)).collect();
        assert_eq!(printed, expected);
    }

    const TEXT: &str = "Rain fell on the town. The talks went on in Gaza without a ceasefire. A ceasefire was near. \
                        Nobody talked of Gaza’s ports. The end.";

    #[test]
    fn shows_whole_sentences_the_best_first() {
        check(&words("ceasefire gaza"), TEXT, 1, 200, &["The talks went on in [Gaza] without a [ceasefire]."]);
        check(
            &words("talk"),
            TEXT,
            2,
            200,
            &["The [talks] went on in Gaza without a ceasefire.", "Nobody [talked] of Gaza’s ports."],
        );
        check(&words("zebra"), TEXT, 2, 200, &["Rain fell on the town."]);
        check(
            &words("gaza"),
            TEXT,
            3,
            200,
            &["The talks went on in [Gaza] without a ceasefire.", "Nobody talked of [Gaza’s] ports."],
        );
    }

    #[test]
    fn marks_what_satisfied_the_query() {
        let phrase = |field, words: &str| Clause::Phrase { field, words: words.to_owned() };
        let plan = |clause| Plan { words: Vec::new(), filter: Some(clause) };
        let exact = plan(phrase(Field::Text, "a ceasefire"));
        check(&exact, TEXT, 1, 200, &["The talks went on in Gaza without [a ceasefire]."]);
        let not =
            plan(Clause::All(vec![phrase(Field::Text, "rain"), Clause::Not(Box::new(phrase(Field::Text, "town")))]));
        check(&not, TEXT, 1, 200, &["[Rain] fell on the town."]);
        let headline = plan(phrase(Field::Headline, "ceasefire"));
        check(&headline, TEXT, 1, 200, &["Rain fell on the town."]);
    }

    #[test]
    fn cuts_long_sentences_around_the_match() {
        let text = format!("{} ceasefire {}", "before ".repeat(40).trim_end(), "behind ".repeat(40).trim_end());
        check(&words("ceasefire"), &text, 1, 40, &["… before before [ceasefire] behind behind …"]);
        check(&words("zebra"), &text, 1, 20, &["before before before …"]);
    }

    proptest! {
        #[test]
        fn excerpts_lie_inside_the_text(text in "\\PC{0,300}", word in "\\PC{1,8}", width in 0_usize..60) {
            for excerpt in Matcher::new(&words(&word)).excerpts(&text, &sentences(&text), 3, width) {
                prop_assert!(text.get(excerpt.span.range()).is_some());
                for mark in &excerpt.marks {
                    prop_assert!(excerpt.span.contains(*mark) && text.get(mark.range()).is_some());
                }
            }
        }
    }
}
