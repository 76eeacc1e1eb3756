//! Words that a long description did not say and the best articles for it do: other reports of the same event share them.
//!
//! In: the first articles of a ranking. Out: words with what they are worth. The two best articles give twenty words, by
//! how often they say them and how rare these are, and all twenty together count a fifth of what was typed (relevance
//! feedback after Lavrenko and Croft, *Relevance-Based Language Models*, 2001, kept gentle: at the usual settings it
//! costs the first rank). It orders the first articles anew and finds no others.

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Term};

use super::matching::Look;
use super::scoring::{Unit, idf};
use crate::analyzer;
use crate::analyzer::tongue::Tongue;
use crate::schema::{Field, Record};
use crate::spelling::Form;

/// So many articles of a ranking are ordered anew.
pub const CANDIDATES: usize = 200;

/// So many articles are learned from.
const BEST: usize = 2;

/// So many words are learned.
const WORDS: usize = 20;

/// The share of what was typed in the weight of all.
const TYPED: f32 = 0.8;

/// So many different words of an article are looked at, from its start: news says first what it is about.
const LOOKED_AT: usize = 200;

/// Returns the words to add to a question of `typed` words, from its best articles with their scores.
///
/// # Errors
/// When the index cannot be read.
pub fn words(look: Look<'_>, best: &[(DocAddress, f32)], typed: usize) -> tantivy::Result<Vec<Unit>> {
    let best = &best[..best.len().min(BEST)];
    let all: f32 = best.iter().map(|(_, score)| score).sum();
    let mut shares: FxHashMap<String, (f32, u64)> = FxHashMap::default();
    for (address, score) in best {
        let record = look.record(*address)?;
        let (said, length) = said(&record);
        for (stem, (times, spellings)) in said {
            let share = shares.entry(stem).or_default();
            share.0 += score / all.max(f32::MIN_POSITIVE) * times as f32 / length as f32;
            if share.1 == 0 {
                share.1 = articles_with(look, &spellings)?;
            }
        }
    }
    let articles = look.articles()?;
    let worth = |(stem, (share, with)): (String, (f32, u64))| (stem, share * idf(with as f64, articles));
    let mut learned: Vec<(String, f32)> = shares.into_iter().map(worth).collect();
    learned.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    learned.truncate(WORDS);
    let sum: f32 = learned.iter().map(|(_, worth)| worth).sum();
    let scale = typed as f32 * (1.0 - TYPED) / TYPED / sum.max(f32::MIN_POSITIVE);
    let unit = |(stem, worth): (String, f32)| Unit {
        name: stem.clone(),
        alternatives: vec![vec![Form::Stem(Tongue::English, stem)]],
        first: None,
        worth: worth * scale,
    };
    Ok(learned.into_iter().map(unit).collect())
}

/// Returns how often an article says what, by stem, with the spellings; and how many words it has.
fn said(record: &Record) -> (FxHashMap<String, (u32, Vec<String>)>, u32) {
    let mut said: FxHashMap<String, (u32, Vec<String>)> = FxHashMap::default();
    let mut length = 0;
    for part in [record.headline, record.headline, record.dek, Some(record.body)].into_iter().flatten() {
        for term in analyzer::terms(part.of(&record.text)) {
            length += 1;
            if term.len() < 3 || term.starts_with(|letter: char| letter.is_ascii_digit()) {
                continue;
            }
            let stem = Tongue::English.stem(&term);
            if let Some((times, spellings)) = said.get_mut(stem.as_ref()) {
                *times += 1;
                if !spellings.contains(&term) {
                    spellings.push(term);
                }
            } else if said.len() < LOOKED_AT {
                let stem = stem.into_owned();
                said.insert(stem, (1, vec![term]));
            }
        }
    }
    (said, length.max(1))
}

/// Returns about how many articles have a word: as many as have its commonest spelling.
fn articles_with(look: Look<'_>, spellings: &[String]) -> tantivy::Result<u64> {
    let Some(handle) = look.handles.terms_of(Field::Text) else { return Ok(0) };
    let mut most = 0;
    for spelling in spellings {
        most = most.max(look.searcher.doc_freq(&Term::from_field_text(handle, spelling))?);
    }
    Ok(most)
}
