//! Which sentences of an article show why it matched, and where in them the matches stand.
//!
//! In: the text, its sentences, and what was asked. Out: [`Excerpt`]s. Deliberately knows no engine: [`Matcher`] finds
//! the words again with the same analyzer, so that what is marked is what satisfied the query. Phrases are marked whole,
//! stray words of them are not, and nothing under a NOT is.

mod matcher;

use self::matcher::merge;
pub use self::matcher::{Match, Matcher, Reading};
use crate::article::Span;
use crate::hits::Excerpt;

/// Returns up to `how_many` excerpts of whole sentences, the best first: those with the most different matches, the
/// longer words counting for more. A match that crosses a border is shown with the sentences on both sides, and chosen
/// sentences that are neighbours come as one. An excerpt of more than `width` characters is cut around its first
/// matches. Where no sentence matches, the first stands for it.
pub fn excerpts(
    matcher: &Matcher,
    text: &str,
    sentences: &[Span],
    found: &[Match],
    how_many: usize,
    width: usize,
) -> Vec<Excerpt> {
    let Some(first) = sentences.first() else { return Vec::new() };
    let weights = matcher.weights();
    let mut rows = rows(sentences, found);
    let mut chosen: Vec<Row> = Vec::new();
    let mut shown: Vec<usize> = Vec::new();
    while chosen.len() < how_many {
        let worth = |row: &Row| {
            let weight = |wish: &usize| weights[*wish] / if shown.contains(wish) { 4.0 } else { 1.0 };
            row.wishes.iter().map(weight).sum::<f64>()
        };
        let best = (0..rows.len())
            .max_by(|one, other| worth(&rows[*one]).total_cmp(&worth(&rows[*other])).then(other.cmp(one)));
        let Some(best) = best else { break };
        let row = rows.remove(best);
        shown.extend(&row.wishes);
        join(&mut chosen, row, text, sentences, width);
    }
    let mut excerpts: Vec<Excerpt> =
        chosen.iter().map(|row| cut(text, row.span(sentences), &row.marks, width)).collect();
    if excerpts.is_empty() && how_many > 0 {
        excerpts.push(cut(text, *first, &[], width));
    }
    excerpts
}

/// Returns every sentence that matches, in the order of the text and at its full length; neighbours come as one.
pub fn context(text: &str, sentences: &[Span], found: &[Match]) -> Vec<Excerpt> {
    let mut chosen: Vec<Row> = Vec::new();
    for row in rows(sentences, found) {
        let near = |last: &&mut Row| {
            let between = Span { start: last.span(sentences).end, end: row.span(sentences).start };
            row.first <= last.last + 1 && (between.start >= between.end || !between.of(text).contains('\n'))
        };
        match chosen.last_mut().filter(near) {
            Some(last) => last.take_in(row),
            None => chosen.push(row),
        }
    }
    chosen.iter().map(|row| cut(text, row.span(sentences), &row.marks, usize::MAX)).collect()
}

/// Sentences that match.
#[derive(Debug)]
struct Row {
    first: usize,
    last: usize,
    wishes: Vec<usize>,
    marks: Vec<Span>,
}

impl Row {
    fn span(&self, sentences: &[Span]) -> Span {
        Span { start: sentences[self.first].start, end: sentences[self.last].end }
    }

    fn take_in(&mut self, other: Row) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.wishes.extend(other.wishes);
        self.marks.extend(other.marks);
        merge(&mut self.marks);
    }
}

/// Returns the sentences that match, in order; those that one match joins are one row.
fn rows(sentences: &[Span], found: &[Match]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for made in found {
        let first = sentences.partition_point(|sentence| sentence.end <= made.span.start);
        let last = sentences.partition_point(|sentence| sentence.end < made.span.end);
        let inside = sentences.get(first).is_some_and(|sentence| sentence.start <= made.span.start);
        if !inside || last >= sentences.len() {
            continue;
        }
        let same = rows.last_mut().filter(|row| row.first == first && row.last == last);
        match same {
            Some(row) => {
                if !row.wishes.contains(&made.wish) {
                    row.wishes.push(made.wish);
                }
                row.marks.extend(&made.marks);
            }
            None => rows.push(Row { first, last, wishes: vec![made.wish], marks: made.marks.clone() }),
        }
    }
    rows.iter_mut().for_each(|row| merge(&mut row.marks));
    rows
}

/// Adds a row to the chosen ones; to its neighbour where both fit the width and stand in one paragraph.
fn join(chosen: &mut Vec<Row>, row: Row, text: &str, sentences: &[Span], width: usize) {
    let span = row.span(sentences);
    let fits = |other: &Row| {
        let there = other.span(sentences);
        let (start, end) = (there.start.min(span.start), there.end.max(span.end));
        let near = other.last + 1 >= row.first && row.last + 1 >= other.first;
        let joined = Span { start, end }.of(text);
        near && joined.len() <= width * 4 && joined.chars().count() <= width && !joined.contains('\n')
    };
    match chosen.iter_mut().find(|other| fits(other)) {
        Some(other) => other.take_in(row),
        None => chosen.push(row),
    }
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
    use crate::plan::{Clause, Plan, RankedWord, Reach};
    use crate::schema::Field;

    fn words(typed: &str) -> Plan {
        let words = typed.split(' ').map(|word| RankedWord::new(Field::Text, word)).collect();
        Plan { words, ..Plan::default() }
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

    fn excerpts_of(plan: &Plan, text: &str, how_many: usize, width: usize) -> Vec<Excerpt> {
        let (matcher, sentences) = (Matcher::new(plan), sentences(text));
        let parts = vec![(Field::Body, Span::new(0, text.len()))];
        let reading = Reading { text, parts, sentences: sentences.clone(), ..Reading::default() };
        excerpts(&matcher, text, &sentences, &matcher.find(&reading), how_many, width)
    }

    fn check(plan: &Plan, text: &str, how_many: usize, width: usize, expected: &[&str]) {
        let excerpts = excerpts_of(plan, text, how_many, width);
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
        let phrase = Clause::phrase;
        let plan = |clause| Plan { filter: Some(clause), ..Plan::default() };
        let exact = plan(phrase(Field::Text, "a ceasefire"));
        check(&exact, TEXT, 1, 200, &["The talks went on in Gaza without [a ceasefire]."]);
        let not =
            plan(Clause::All(vec![phrase(Field::Text, "rain"), Clause::Not(Box::new(phrase(Field::Text, "town")))]));
        check(&not, TEXT, 1, 200, &["[Rain] fell on the town."]);
        let headline = plan(phrase(Field::Headline, "ceasefire"));
        check(&headline, TEXT, 1, 200, &["Rain fell on the town."]);
    }

    #[test]
    fn shows_what_is_needed_and_no_more() {
        let plan = |clause| Plan { filter: Some(clause), ..Plan::default() };
        let word = |typed| Clause::word(Field::Text, typed);
        // A branch of an OR that does not hold marks nothing.
        let branches = Clause::Any(vec![word("rain"), Clause::All(vec![word("gaza"), word("zebra")])]);
        check(&plan(branches), TEXT, 2, 200, &["[Rain] fell on the town."]);
        // Near words are marked, those between them are not, and both sentences are shown.
        let near = |typed: [&'static str; 2], reach| Clause::Near {
            field: Field::Text,
            parts: typed.map(word).to_vec(),
            reach,
        };
        let across = near(["town", "gaza"], Reach::Within(8));
        check(
            &plan(across),
            TEXT,
            2,
            200,
            &["Rain fell on the [town]. The talks went on in [Gaza] without a ceasefire."],
        );
        let sentence = near(["ceasefire", "near"], Reach::Sentence);
        check(&plan(sentence), TEXT, 2, 200, &["A [ceasefire] was [near]."]);
        // Neighbours come as one.
        check(
            &words("ceasefire"),
            TEXT,
            2,
            200,
            &["The talks went on in Gaza without a [ceasefire]. A [ceasefire] was near."],
        );
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
            for excerpt in excerpts_of(&words(&word), &text, 3, width) {
                prop_assert!(text.get(excerpt.span.range()).is_some());
                for mark in &excerpt.marks {
                    prop_assert!(excerpt.span.contains(*mark) && text.get(mark.range()).is_some());
                }
            }
        }
    }
}
