//! Runs of words by their positions: phrases, words near each other, words inside one stretch.
//!
//! In: sorted lists of runs. Out: the runs that they make together. Deliberately knows no term and no text: an engine
//! has positions from its postings, a snippet counts the words of an article, and both mean the same by "near".

use crate::plan::Reach;

/// A run of words: the position of the first and the one behind the last.
pub type Run = (u32, u32);

/// Returns the runs of one of each list, one right after the other.
pub fn phrase(lists: &[Vec<Run>]) -> Vec<Run> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    let mut made = first.clone();
    for list in rest {
        made = made.into_iter().flat_map(|run| behind(list, run.1).map(move |next| (run.0, next.1))).collect();
    }
    settle(made)
}

/// Returns the runs of a list that start at a position.
fn behind(list: &[Run], start: u32) -> impl Iterator<Item = Run> {
    let first = list.partition_point(|run| run.0 < start);
    list[first..].iter().copied().take_while(move |run| run.0 == start)
}

/// Returns the shortest runs that hold one of each list as near as asked: each next part ends up at most so many words
/// away from the one before it. `stretches` are the sentences or paragraphs, where these are asked for.
pub fn near<L: AsRef<[Run]>>(lists: &[L], reach: Reach, stretches: &[Run]) -> Vec<Run> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    let mut made = first.as_ref().to_vec();
    for list in rest {
        let list = list.as_ref();
        made = match reach {
            Reach::Within(words) => pairs(&made, list, words, false),
            Reach::Before(words) => pairs(&made, list, words, true),
            Reach::Sentence | Reach::Paragraph => together(&made, list, stretches),
        };
    }
    made
}

/// Returns the runs that reach from one of the first list to one of the second, whichever comes first unless `ordered`,
/// the latest word of the earlier and the first of the later at most `words` apart.
fn pairs(one: &[Run], other: &[Run], words: u32, ordered: bool) -> Vec<Run> {
    let mut made = Vec::new();
    add_pairs(one, other, words, ordered, &mut made);
    settle(made)
}

fn add_pairs(one: &[Run], other: &[Run], words: u32, ordered: bool, made: &mut Vec<Run>) {
    let mut join = |earlier: &[Run], later: &[Run]| {
        for run in earlier {
            // The nearest that follows without overlap makes the shortest run.
            let next = later.partition_point(|next| next.0 < run.1);
            if let Some(next) = later.get(next).filter(|next| next.0 - (run.1 - 1) <= words) {
                made.push((run.0, next.1));
            }
        }
    };
    join(one, other);
    if !ordered {
        join(other, one);
    }
}

/// Returns, for every stretch that holds one of each list, the shortest run from the first of them to the last.
fn together(one: &[Run], other: &[Run], stretches: &[Run]) -> Vec<Run> {
    let mut made = Vec::new();
    let (mut one, mut other) = (one, other);
    for stretch in stretches {
        let here = (starting_in(&mut one, *stretch), starting_in(&mut other, *stretch));
        if !here.0.is_empty() && !here.1.is_empty() {
            let words = stretch.1 - stretch.0;
            let inside = |run: &&Run| run.1 <= stretch.1;
            if here.0.iter().chain(here.1).all(|run| inside(&run)) {
                add_pairs(here.0, here.1, words, false, &mut made);
            } else {
                // A phrase may reach into the next stretch.
                let whole = |runs: &[Run]| runs.iter().filter(inside).copied().collect::<Vec<_>>();
                add_pairs(&whole(here.0), &whole(here.1), words, false, &mut made);
            }
        }
        if one.is_empty() || other.is_empty() {
            break;
        }
    }
    settle(made)
}

/// Takes the runs that start in a stretch off a list, and those before it.
fn starting_in<'r>(list: &mut &'r [Run], stretch: Run) -> &'r [Run] {
    let count = |runs: &[Run], place: u32| runs.iter().take_while(|run| run.0 < place).count();
    let rest = &list[count(list, stretch.0)..];
    let (here, behind) = rest.split_at(count(rest, stretch.1));
    *list = behind;
    here
}

/// Returns the runs of any of the lists.
pub fn any(lists: Vec<Vec<Run>>) -> Vec<Run> {
    settle(lists.into_iter().flatten().collect())
}

fn settle(mut runs: Vec<Run>) -> Vec<Run> {
    if !runs.is_sorted() {
        runs.sort_unstable();
    }
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(places: &[u32]) -> Vec<Run> {
        places.iter().map(|place| (*place, place + 1)).collect()
    }

    #[test]
    fn phrases_stand_one_right_after_the_other() {
        assert_eq!(phrase(&[words(&[1, 5, 9]), words(&[2, 7, 10])]), [(1, 3), (9, 11)]);
        assert_eq!(phrase(&[words(&[1, 4]), words(&[2, 5]), words(&[9])]), []);
        assert_eq!(phrase(&[words(&[3])]), [(3, 4)]);
        assert_eq!(phrase(&[]), []);
    }

    #[test]
    fn words_stand_near() {
        let (one, other) = (words(&[1, 20]), words(&[6, 12]));
        assert_eq!(near(&[one.clone(), other.clone()], Reach::Within(5), &[]), [(1, 7)]);
        assert_eq!(near(&[one.clone(), other.clone()], Reach::Within(4), &[]), []);
        assert_eq!(near(&[one.clone(), other.clone()], Reach::Within(8), &[]), [(1, 7), (12, 21)]);
        assert_eq!(near(&[one.clone(), other.clone()], Reach::Before(8), &[]), [(1, 7)]);
        assert_eq!(near(&[other, one], Reach::Before(8), &[]), [(12, 21)]);
        // A word is not near itself.
        assert_eq!(near(&[words(&[4]), words(&[4])], Reach::Within(5), &[]), []);
        assert_eq!(near(&[words(&[4, 6]), words(&[4, 6])], Reach::Within(5), &[]), [(4, 7)]);
    }

    #[test]
    fn words_stand_in_one_stretch() {
        let stretches = [(0, 5), (5, 30)];
        assert_eq!(near(&[words(&[4, 9]), words(&[5])], Reach::Sentence, &stretches), [(5, 10)]);
        assert_eq!(near(&[words(&[4]), words(&[5])], Reach::Sentence, &stretches), []);
    }
}
