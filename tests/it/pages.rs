//! The main text of web pages against texts marked by hand, where the pages are there: they are not ours to bundle.
//!
//! The measure is the one of the set's makers: shingles of four words, as shares of each page, summed up.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use onrecord::read::{self, Source};
use rustc_hash::FxHashMap;
use serde_json::Value;

#[test]
fn main_text_is_found_as_well_as_elsewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/article-html");
    let Ok(gold) = fs::read(folder.join("gold.json")) else { return };
    let gold: BTreeMap<String, Value> = serde_json::from_slice(&gold).expect("gold");
    let mut sums = [0.0; 3];
    let mut rows = Vec::new();
    for (name, page) in &gold {
        let html = fs::read(folder.join(format!("{name}.html"))).expect("a page");
        let mut found = String::new();
        read::read(&mut html.as_slice(), Source::new("page.html", "page", 0), &mut |article| {
            found = article.map(|article| article.body.of(&article.text).to_owned()).unwrap_or_default();
        })
        .expect("no disk");
        if let Some(path) = std::env::var_os("ONRECORD_PAGES") {
            fs::write(Path::new(&path).join(name), &found).expect("a folder for the texts");
        }
        let shares = shares(page["articleBody"].as_str().expect("a text"), &found);
        rows.push(format!("{name} {:.3}", f1(shares)));
        sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
    }
    println!("{}\nF1 {:.4}", rows.join("\n"), f1(sums));
    // rs-trafilatura 0.2.2 has .9596 on these pages, Mozilla's algorithm alone .9503.
    assert!(f1(sums) > 0.9596, "F1 {:.4}\n{}", f1(sums), rows.join("\n"));
}

/// Returns the shares of shingles that are right, too many, and missing.
fn shares(gold: &str, found: &str) -> [f64; 3] {
    let (gold, found) = (shingles(gold), shingles(found));
    let right: usize = gold.iter().map(|(key, count)| *count.min(found.get(key).unwrap_or(&0))).sum();
    let all: usize = gold.values().sum();
    let taken: usize = found.values().sum();
    let sum = (all + taken - right).max(1) as f64;
    [right as f64 / sum, (taken - right) as f64 / sum, (all - right) as f64 / sum]
}

fn f1([right, wrong, missing]: [f64; 3]) -> f64 {
    2.0 * right / (2.0 * right + wrong + missing)
}

fn shingles(text: &str) -> FxHashMap<Vec<&str>, usize> {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    let mut counts = FxHashMap::default();
    for shingle in words.windows(4.min(words.len().max(1))) {
        *counts.entry(shingle.to_vec()).or_default() += 1;
    }
    counts
}
