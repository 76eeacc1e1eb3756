//! What a copy cut, added and worded otherwise, sentence by sentence.
//!
//! In: the sentences of both texts. Out: [`Changes`]. Case, accents and the style of marks make no difference, nor does
//! the order of sentences: a paragraph that moved was not cut. Deliberately knows no article.

use std::collections::VecDeque;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::analyzer;

/// A sentence is another one reworded if so much of the two is the same.
const REWORDED: f64 = 0.5;
/// With more pairs than this of sentences to compare, none is reworded: one was cut and one added.
const PAIRS: usize = 40_000;

/// How one text differs from another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The differences, in the order of the first text.
    pub changes: Vec<Change>,
    /// Words that both have in the same sentences, as a part of the longer text.
    pub shared: f64,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A sentence that the second text does not have.
    Cut(String),
    /// A sentence that the first text does not have.
    Added(String),
    /// A sentence that both have in other words.
    Reworded(Vec<Piece>),
}

/// A stretch of a reworded sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whose it is.
    pub of: Whose,
    /// Its words, one space between them.
    pub words: String,
}

/// Who has a stretch of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The first text alone.
    First,
    /// The second text alone.
    Second,
    /// Both; as the second has them.
    Both,
}

/// A sentence, its words as printed and as compared.
struct Sentence<'t> {
    printed: Vec<&'t str>,
    folded: Vec<String>,
}

impl<'t> Sentence<'t> {
    fn new(text: &'t str) -> Sentence<'t> {
        let printed: Vec<&str> = text.split_whitespace().collect();
        let folded = printed.iter().map(|word| analyzer::terms(word).join(" ")).collect();
        Sentence { printed, folded }
    }

    fn text(&self) -> String {
        self.printed.join(" ")
    }
}

/// Returns how the second text differs from the first, both as sentences.
pub fn changes(first: &[&str], second: &[&str]) -> Changes {
    let first: Vec<Sentence<'_>> = first.iter().map(|text| Sentence::new(text)).collect();
    let second: Vec<Sentence<'_>> = second.iter().map(|text| Sentence::new(text)).collect();
    let mut partner: Vec<Option<usize>> = vec![None; second.len()];
    let mut left = unmatched(&first, &second, &mut partner);
    let mut same: usize =
        partner.iter().zip(&second).filter(|(one, _)| one.is_some()).map(|(_, it)| it.printed.len()).sum();
    let mut placed: Vec<(usize, usize, Change)> = Vec::new();
    for (from, to, alike) in reworded(&first, &second, &left, &partner) {
        partner[to] = Some(from);
        left.retain(|sentence| *sentence != from);
        same += alike;
        placed.push((from, 1, Change::Reworded(pieces(&first[from], &second[to]))));
    }
    placed.extend(left.into_iter().map(|from| (from, 0, Change::Cut(first[from].text()))));
    let mut after = 0;
    for (to, sentence) in second.iter().enumerate() {
        match partner[to] {
            Some(from) => after = from,
            None => placed.push((after, 2 + to, Change::Added(sentence.text()))),
        }
    }
    placed.sort_by_key(|(from, order, _)| (*from, *order));
    let words = |sentences: &[Sentence<'_>]| sentences.iter().map(|sentence| sentence.printed.len()).sum::<usize>();
    let longer = words(&first).max(words(&second)).max(1);
    let changes = placed.into_iter().map(|(.., change)| change).collect();
    Changes { changes, shared: same as f64 / longer as f64 }
}

/// Gives each sentence of the second text one of the first with the same words, and returns those left over.
fn unmatched(first: &[Sentence<'_>], second: &[Sentence<'_>], partner: &mut [Option<usize>]) -> Vec<usize> {
    let mut by_words: FxHashMap<&[String], VecDeque<usize>> = FxHashMap::default();
    for (from, sentence) in first.iter().enumerate() {
        by_words.entry(&sentence.folded).or_default().push_back(from);
    }
    for (partner, sentence) in partner.iter_mut().zip(second) {
        *partner = by_words.get_mut(&sentence.folded[..]).and_then(VecDeque::pop_front);
    }
    let mut left: Vec<usize> = by_words.into_values().flatten().collect();
    left.sort_unstable();
    left
}

/// Pairs sentences that are alike, the most alike first, and says how many words of each pair are the same.
fn reworded(
    first: &[Sentence<'_>],
    second: &[Sentence<'_>],
    left: &[usize],
    partner: &[Option<usize>],
) -> Vec<(usize, usize, usize)> {
    let new: Vec<usize> = (0..second.len()).filter(|to| partner[*to].is_none()).collect();
    if left.len() * new.len() > PAIRS {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    for from in left {
        for to in &new {
            let (one, other) = (&first[*from].folded, &second[*to].folded);
            let same = same_items(one, other);
            let alike = 2.0 * same as f64 / (one.len() + other.len()).max(1) as f64;
            if alike >= REWORDED {
                pairs.push((alike, *from, *to, same));
            }
        }
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    for (_, from, to, same) in pairs {
        if taken.iter().all(|(other_from, other_to, _)| *other_from != from && *other_to != to) {
            taken.push((from, to, same));
        }
    }
    taken
}

/// Returns how many items two lists have in common, in one order.
fn same_items<T: Hash + Eq + Ord>(one: &[T], other: &[T]) -> usize {
    let equal = |op: DiffOp| if let DiffOp::Equal { len, .. } = op { len } else { 0 };
    capture_diff_slices(Algorithm::Myers, one, other).into_iter().map(equal).sum()
}

fn pieces(first: &Sentence<'_>, second: &Sentence<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |of, words: &[&str]| {
        if !words.is_empty() {
            pieces.push(Piece { of, words: words.join(" ") });
        }
    };
    for op in capture_diff_slices(Algorithm::Myers, &first.folded, &second.folded) {
        let (from, to) = (&first.printed[op.old_range()], &second.printed[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            push(Whose::Both, to);
        } else {
            push(Whose::First, from);
            push(Whose::Second, to);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(change: &Change) -> String {
        let piece = |piece: &Piece| match piece.of {
            Whose::First => format!("[{}]", piece.words),
            Whose::Second => format!("{{{}}}", piece.words),
            Whose::Both => piece.words.clone(),
        };
        match change {
            Change::Cut(words) => format!("- {words}"),
            Change::Added(words) => format!("+ {words}"),
            Change::Reworded(pieces) => format!("~ {}", pieces.iter().map(piece).collect::<Vec<_>>().join(" ")),
        }
    }

    fn check(first: &[&str], second: &[&str], expected: &[&str], shared: f64) {
        let found = changes(first, second);
        assert_eq!(found.changes.iter().map(shown).collect::<Vec<_>>(), expected, "{first:?} {second:?}");
        assert!((found.shared - shared).abs() < 0.001, "{first:?} {second:?}: {}", found.shared);
    }

    #[test]
    fn tells_what_was_cut_added_and_reworded() {
        check(&["One here.", "Two there."], &["One here.", "Two there."], &[], 1.0);
        check(&["One here.", "Two there."], &["Two there.", "One here."], &[], 1.0);
        check(&["“It’s one.”", "Two there."], &["\"It's ONE.\""], &["- Two there."], 0.5);
        check(&["One here."], &["Zero.", "One here.", "Two."], &["+ Zero.", "+ Two."], 0.5);
        check(
            &["The mill will close, the owner said.", "Rain fell."],
            &["The mill will close, the owner told the Gazette."],
            &["~ The mill will close, the owner [said.] {told the Gazette.}", "- Rain fell."],
            6.0 / 9.0,
        );
        check(&["One here.", "One here."], &["One here."], &["- One here."], 0.5);
        check(&[], &[], &[], 0.0);
    }
}
