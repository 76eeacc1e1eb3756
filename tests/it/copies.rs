//! Copies of one story are found, and nothing else is: precision and recall over articles edited as newsrooms edit them.
//!
//! Shared text is what both of two bodies have, in words, as a part of the longer one. The originals are the bundled
//! corpus; where `../shared/bench/make_corpus.py` is at hand, 500 articles of its as well. A pair is right where both
//! were made from one original. These articles are put together of paragraphs, so that some share most of their text
//! and nobody copied it: a pair of different originals is wrong where theirs share less than half.
//!
//!     cargo test --test it copies -- --nocapture        prints the table

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;

use onrecord::article::Span;
use onrecord::copies::{Signature, Signer, stories};
use onrecord::{analyzer, annotate};
use serde_json::Value;
use walkdir::WalkDir;

use crate::desk::Desk;

const SHARES: [f64; 5] = [1.0, 0.9, 0.8, 0.7, 0.5];

/// How a newsroom makes its own article of another's: from its sentences, another one's, and the part that stays.
type Edit = fn(&[String], &[String], f64, &mut Chance) -> Vec<String>;

/// The least shared text in hundredths at which copies must be found.
const LEAST_SHARE: u32 = 80;

/// Every edit; the last one leaves no sentence as it was.
const EDITS: &[(&str, Edit)] = &[
    ("cut from the end", cut_from_the_end),
    ("cut here and there", cut_here_and_there),
    ("other sentences for some", replace_sentences),
    ("sentences added", add_sentences),
    ("a bit of everything", everything),
    ("other words for some", replace_words),
];

/// A generator of numbers that is the same on every run (xorshift64).
pub struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

fn length(sentences: &[String]) -> usize {
    sentences.iter().map(|sentence| sentence.split_whitespace().count()).sum()
}

/// Takes out sentences that `next` chooses, and the end of one, so that the part of the words wanted stays.
fn cut(sentences: &[String], share: f64, next: &mut dyn FnMut(usize) -> usize) -> Vec<String> {
    let wanted = (length(sentences) as f64 * share).round() as usize;
    let mut kept = sentences.to_vec();
    while length(&kept) > wanted {
        let at = next(kept.len());
        let over = length(&kept) - wanted;
        let words: Vec<&str> = kept[at].split_whitespace().collect();
        if words.len() <= over {
            kept.remove(at);
        } else {
            kept[at] = words[..words.len() - over].join(" ");
        }
    }
    kept
}

fn cut_from_the_end(own: &[String], _: &[String], share: f64, _: &mut Chance) -> Vec<String> {
    cut(own, share, &mut |length| length - 1)
}

fn cut_here_and_there(own: &[String], _: &[String], share: f64, chance: &mut Chance) -> Vec<String> {
    cut(own, share, &mut |length| chance.below(length))
}

fn replace_sentences(own: &[String], other: &[String], share: f64, chance: &mut Chance) -> Vec<String> {
    let kept = cut_here_and_there(own, &[], share, chance);
    let missing = length(own) - length(&kept);
    insert(kept, other, missing, chance)
}

fn add_sentences(own: &[String], other: &[String], share: f64, chance: &mut Chance) -> Vec<String> {
    let more = length(own) as f64 / share - length(own) as f64;
    insert(own.to_vec(), other, more as usize, chance)
}

/// Puts sentences of another text in between, so many words in all.
fn insert(mut own: Vec<String>, other: &[String], words: usize, chance: &mut Chance) -> Vec<String> {
    let mut left = words;
    for sentence in other.iter().cycle() {
        if left == 0 {
            break;
        }
        let words: Vec<&str> = sentence.split_whitespace().take(left).collect();
        left -= words.len();
        own.insert(chance.below(own.len() + 1), words.join(" "));
    }
    own
}

/// Another credit, another attribution, a cut and an insert that make up the rest.
fn everything(own: &[String], other: &[String], share: f64, chance: &mut Chance) -> Vec<String> {
    let half = 1.0 - (1.0 - share) / 2.0;
    let kept = cut_from_the_end(own, &[], half, chance);
    let mut edited = add_sentences(&kept, other, half, chance);
    edited.insert(0, "PORT MARROW (Harbour Press) —".to_owned());
    for sentence in &mut edited {
        *sentence = sentence.replace(" said.", " told the Gazette.").replace("on Tuesday", "Tuesday");
    }
    edited
}

fn replace_words(own: &[String], other: &[String], share: f64, chance: &mut Chance) -> Vec<String> {
    let words: Vec<&str> = other.iter().flat_map(|sentence| sentence.split_whitespace()).collect();
    let swap = |word| if chance.below(1000) as f64 >= share * 1000.0 { words[chance.below(words.len())] } else { word };
    vec![own.iter().flat_map(|sentence| sentence.split_whitespace()).map(swap).collect::<Vec<_>>().join(" ")]
}

fn signature(text: &str) -> Option<Signature> {
    let mut signer = Signer::default();
    analyzer::words(text).for_each(|word| signer.add(text, word));
    signer.finish()
}

fn sentences(text: &str) -> Vec<String> {
    let found = annotate::sentences(text, Span::new(0, text.len()));
    found.into_iter().map(|span| span.of(text).to_owned()).collect()
}

/// Returns the shared text of two bodies.
fn share_of(one: &[String], other: &[String]) -> f64 {
    let words = |text: &[String]| text.join(" ").split_whitespace().map(str::to_lowercase).collect::<Vec<String>>();
    let (one, other) = (words(one), words(other));
    let same = similar::capture_diff_slices(similar::Algorithm::Myers, &one, &other);
    let same: usize = same.iter().filter(|op| op.tag() == similar::DiffTag::Equal).map(|op| op.new_range().len()).sum();
    same as f64 / one.len().max(other.len()) as f64
}

/// Right and wrong pairs, and those that were not found.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    found: u64,
    wanted: u64,
    wrong: u64,
}

impl Score {
    fn recall(self) -> f64 {
        self.found as f64 / self.wanted.max(1) as f64
    }

    fn precision(self) -> f64 {
        self.found as f64 / (self.found + self.wrong).max(1) as f64
    }
}

/// Edits every text in one way to every share and gives all to the clusterer, the originals first: what of each share
/// is found, and how many pairs of different originals were taken for copies.
fn measure(texts: &[Vec<String>], edit: Edit) -> BTreeMap<u32, Score> {
    let mut scores = BTreeMap::new();
    for share in SHARES {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        let mut articles: Vec<(usize, Signature)> = Vec::new();
        for (number, own) in texts.iter().enumerate() {
            articles.extend(signature(&own.join(" ")).map(|signature| (number, signature)));
        }
        let originals = articles.len();
        for (number, own) in texts.iter().enumerate() {
            let other = &texts[(number + 1 + chance.below(texts.len() - 1)) % texts.len()];
            let edited = edit(own, other, share, &mut chance);
            articles.extend(signature(&edited.join(" ")).map(|signature| (number, signature)));
        }
        let signatures: Vec<Signature> = articles.iter().map(|(_, signature)| *signature).collect();
        let story = stories(&signatures);
        let mut score = Score::default();
        let mut families: HashMap<u32, Vec<usize>> = HashMap::new();
        for (place, (number, _)) in articles.iter().enumerate() {
            families.entry(story[place]).or_default().push(*number);
            if place >= originals {
                score.wanted += 1;
                let own = articles[..originals].iter().position(|(original, _)| original == number);
                score.found += u64::from(own.is_some_and(|own| story[own] == story[place]));
            }
        }
        for family in families.values() {
            let pairs =
                family.iter().enumerate().flat_map(|(at, one)| family[..at].iter().map(move |other| (one, other)));
            let strangers = pairs.filter(|(one, other)| one != other);
            score.wrong +=
                strangers.filter(|(one, other)| share_of(&texts[**one], &texts[**other]) < 0.5).count() as u64;
        }
        scores.insert((share * 100.0) as u32, score);
    }
    scores
}

/// Measures every edit, prints the table, and expects what holds at 80 % shared text.
fn check(name: &str, texts: &[String]) {
    let texts: Vec<Vec<String>> = texts.iter().map(|text| sentences(text)).collect();
    println!("{name}: {} originals; recall / precision of pairs at 100, 90, 80, 70, 50 % shared text", texts.len());
    for (edit, make) in EDITS {
        let scores = measure(&texts, *make);
        let columns: Vec<String> =
            scores.values().rev().map(|score| format!("{:.3}/{:.3}", score.recall(), score.precision())).collect();
        println!("  {edit:<26}{}", columns.join("  "));
        for (share, score) in scores.iter().filter(|(share, _)| **share >= LEAST_SHARE) {
            assert!(score.recall() >= 0.95, "{name}, {edit}, {share} %: recall {:.3}", score.recall());
            assert!(score.precision() >= 0.95, "{name}, {edit}, {share} %: precision {:.3}", score.precision());
        }
    }
}

/// Returns the bodies of at least 60 words in a folder.
fn bodies(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(entry.path()).expect("a text");
            found.extend(text.split_once('\n').map(|(_, body)| body.trim().to_owned()));
        }
    }
    found.retain(|body| body.split_whitespace().count() >= 60);
    found
}

#[test]
fn copies_of_the_bundled_corpus_are_found() {
    let texts = bodies(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"));
    assert!(texts.len() > 30, "{} articles", texts.len());
    check("bundled corpus", &texts);
}

#[test]
fn copies_of_made_articles_are_found() {
    let maker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/make_corpus.py");
    if !maker.exists() {
        return;
    }
    let desk = Desk::new();
    let made = Command::new("python3").arg(maker).args(["--articles", "500", "--out"]).arg(desk.path("made")).output();
    assert!(made.is_ok_and(|made| made.status.success()), "the articles cannot be made");
    check("made articles", &bodies(&desk.path("made")));
}

#[test]
fn copies_of_one_day_are_named_in_order_whatever_segment_they_are_in() {
    let desk = Desk::new();
    let mut text = "Pier to be rebuilt\n2024-05-06\n".to_owned();
    for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] {
        text += &format!(
            "\nThe harbour board voted on {day} to rebuild its longest pier after the storms of last {day} broke the old \
             timbers and sank two boats, and no member of the board spoke against it for long.\n"
        );
    }
    for names in [["b", "d", "f"], ["a", "c", "e"]] {
        names.iter().for_each(|name| desk.write(&format!("news/{name}.txt"), &text));
        desk.expect(0, &["index", "news"]);
    }
    let segments = desk.expect(0, &["stats"]).out;
    assert!(segments.contains("segments 2"), "{segments}");
    let out = desk.expect(0, &["search", "harbour board", "--json"]).out;
    let hit: Value = serde_json::from_str(out.lines().next().unwrap_or_default()).unwrap();
    let copies = hit["copies"].as_array().into_iter().flatten().map(|copy| copy["id"].as_str().unwrap_or_default());
    assert_eq!((&hit["id"], copies.collect::<Vec<_>>()), (&Value::from("a"), vec!["b", "c", "d", "e", "f"]));
}
