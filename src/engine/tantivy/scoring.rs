//! BM25 over one field, with statistics of the documents that have it and of no others.
//!
//! Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), k1 1.5 and b 0.65 (figures
//! in `tests/ranking.txt`), the non-negative idf of Lucene. Tantivy's own statistics count every document: with ten
//! quotes an article they would make the average article a tenth of its length. Ours count articles alone, so that
//! ranking is the same as in an index without quotes.

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use super::family::{Bond, Family};
use super::matching::{Counting, Look, Target};
use super::postings::WordPostings;
use super::spans::Spans;
use super::terms;
use super::windows::Windows;
use crate::hits::Factor;
use crate::schema::Field;
use crate::spelling::Form;

const K1: f32 = 1.5;
const B: f32 = 0.65;

/// What counts as one word of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The word as typed.
    pub name: String,
    /// Words or phrases; whichever stands in a document is the word.
    pub alternatives: Vec<Vec<Form>>,
    /// The spelling that ranks above the others, where some stand above others.
    pub first: Option<Form>,
    /// What it counts for beside a word that was typed, which counts 1.
    pub worth: f32,
}

/// The words of a question that make its score, looked up in every segment.
pub struct Scorer {
    handle: tantivy::schema::Field,
    words: Vec<Word>,
    lengths: Box<[f32; 256]>,
    average: f32,
}

struct Word {
    name: String,
    weight: f32,
    /// In how many articles it stands, about.
    articles: f64,
    /// For each segment, the terms of those alternatives that are a single word.
    terms: Vec<Vec<TermInfo>>,
    /// For each segment and phrase, the terms of its words.
    phrases: Vec<Vec<Vec<Vec<TermInfo>>>>,
    /// For each segment, the spelling that ranks above the others.
    first: Vec<Vec<TermInfo>>,
}

/// The words of a question in one segment.
pub struct SegmentScorer {
    /// Where each word stands, in the order of the question.
    pub words: Vec<Spans>,
    /// The document that each is at, side by side: every document looks at all of them.
    pub at: Vec<DocId>,
    /// What a word is worth in a document.
    pub rates: Rates,
}

/// What each word of a question is worth in the documents of one segment.
pub struct Rates {
    weights: Vec<f32>,
    /// A spelling that ranks above the others, of which word, and what it adds.
    firsts: Vec<(WordPostings, usize, f32)>,
    norms: Option<FieldNormReader>,
    lengths: Box<[f32; 256]>,
}

impl Scorer {
    /// Looks the words up in a field that articles have.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(look: Look<'_>, field: Field, units: &[Unit]) -> tantivy::Result<Scorer> {
        let missing = || tantivy::TantivyError::FieldNotFound(field.name().to_owned());
        let handle = look.handles.terms_of(field).ok_or_else(missing)?;
        let documents = look.articles()?;
        let mut tokens = 0;
        for segment in look.searcher.segment_readers() {
            tokens += segment.inverted_index(handle)?.total_num_tokens();
        }
        let words = units.iter().map(|unit| Word::find(look, handle, unit, documents));
        let average = (tokens as f32 / documents.max(1) as f32).max(1.0);
        Ok(Scorer { handle, words: words.collect::<tantivy::Result<_>>()?, lengths: lengths(average), average })
    }

    /// Returns where every word stands in a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn segment(&self, ord: usize, reader: &SegmentReader) -> tantivy::Result<SegmentScorer> {
        let index = reader.inverted_index(self.handle)?;
        let open = |terms: &[TermInfo], option| -> tantivy::Result<WordPostings> {
            let postings = terms.iter().map(|info| index.read_postings_from_terminfo(info, option));
            Ok(WordPostings::new(postings.collect::<std::io::Result<_>>()?))
        };
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut alternatives =
                vec![Spans::words(vec![open(&word.terms[ord], IndexRecordOption::WithFreqs)?], None)];
            for phrase in &word.phrases[ord] {
                let parts = phrase.iter().map(|terms| open(terms, IndexRecordOption::WithFreqsAndPositions));
                alternatives.push(Spans::words(parts.collect::<tantivy::Result<_>>()?, None));
            }
            words.push(Spans::any(alternatives));
        }
        let at = words.iter().map(DocSet::doc).collect();
        Ok(SegmentScorer { words, at, rates: self.rates(ord, reader)? })
    }

    /// Returns the same for words that are looked up a window at a time; nothing where one of them may be a phrase.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn windows(&self, ord: usize, reader: &SegmentReader) -> tantivy::Result<Option<(Windows, Rates)>> {
        if self.words.iter().any(|word| !word.phrases[ord].is_empty()) {
            return Ok(None);
        }
        let index = reader.inverted_index(self.handle)?;
        let option = IndexRecordOption::WithFreqs;
        let forms = |word: &Word| {
            word.terms[ord].iter().map(|info| index.read_block_postings_from_terminfo(info, option)).collect()
        };
        let words = self.words.iter().map(forms).collect::<std::io::Result<_>>()?;
        Ok(Some((Windows::new(words), self.rates(ord, reader)?)))
    }

    /// Returns how many documents of a segment each word stands in, those of its forms added up.
    pub fn frequencies(&self, ord: usize) -> impl Iterator<Item = u32> {
        self.words.iter().map(move |word| word.terms[ord].iter().map(|info| info.doc_freq).sum())
    }

    fn rates(&self, ord: usize, reader: &SegmentReader) -> tantivy::Result<Rates> {
        let index = reader.inverted_index(self.handle)?;
        let mut firsts = Vec::new();
        for (number, word) in self.words.iter().enumerate().filter(|(_, word)| !word.first[ord].is_empty()) {
            let postings =
                word.first[ord].iter().map(|info| index.read_postings_from_terminfo(info, IndexRecordOption::Basic));
            // As much as the word can ever score: the first spelling stands above all others.
            firsts.push((WordPostings::new(postings.collect::<std::io::Result<_>>()?), number, word.weight));
        }
        let norms = reader.fieldnorms_readers().get_field(self.handle)?;
        let weights = self.words.iter().map(|word| word.weight).collect();
        Ok(Rates { weights, firsts, norms, lengths: self.lengths.clone() })
    }
}

impl Scorer {
    /// Returns what each word adds to the score of a document of a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn factors(&self, ord: usize, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Vec<Factor>> {
        let mut factors = Vec::with_capacity(self.words.len());
        for (number, word) in self.words.iter().enumerate() {
            let mut alone = self.segment(ord, reader)?;
            alone.words.swap(0, number);
            alone.words.truncate(1);
            alone.at = vec![alone.words[0].doc()];
            alone.rates.weights = vec![word.weight];
            alone.rates.firsts.retain(|(_, of, _)| *of == number);
            let score = alone.seek_score(doc);
            if alone.words[0].doc() == doc {
                let (times, articles) = (alone.words[0].term_freq(), word.articles.round() as u64);
                factors.push(Factor { word: word.name.clone(), times, articles, score });
            }
        }
        Ok(factors)
    }

    /// Returns how many words a document of a segment has, and how many articles have on average.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn length(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<(u32, f32)> {
        let norms = reader.fieldnorms_readers().get_field(self.handle)?;
        Ok((norms.map_or(0, |norms| norms.fieldnorm(doc)), self.average))
    }
}

impl Word {
    fn find(look: Look<'_>, handle: tantivy::schema::Field, unit: &Unit, documents: u64) -> tantivy::Result<Word> {
        let mut frequencies: FxHashMap<Vec<u8>, u64> = FxHashMap::default();
        let mut in_phrases: Vec<Vec<u64>> = Vec::new();
        let (mut terms, mut phrases, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for segment in look.searcher.segment_readers() {
            let index = segment.inverted_index(handle)?;
            let mut single = Vec::new();
            let mut several: Vec<Vec<Vec<TermInfo>>> = Vec::new();
            for alternative in &unit.alternatives {
                let found = alternative.iter().map(|form| terms::find(&index, form));
                let mut found: Vec<Vec<(Vec<u8>, TermInfo)>> = found.collect::<std::io::Result<_>>()?;
                if let [_] = found[..] {
                    for (term, info) in found.pop().unwrap_or_default() {
                        *frequencies.entry(term).or_default() += u64::from(info.doc_freq);
                        single.push(info);
                    }
                } else {
                    several
                        .push(found.into_iter().map(|word| word.into_iter().map(|(_, info)| info).collect()).collect());
                }
            }
            in_phrases.resize(several.len(), Vec::new());
            for (phrase, counts) in several.iter().zip(&mut in_phrases) {
                counts.resize(phrase.len(), 0);
                for (word, count) in phrase.iter().zip(counts) {
                    *count += word.iter().map(|info| u64::from(info.doc_freq)).sum::<u64>();
                }
            }
            let best = unit.first.iter().map(|form| terms::find(&index, form));
            let best = best.collect::<std::io::Result<Vec<_>>>()?;
            first.push(best.into_iter().flatten().map(|(_, info)| info).collect());
            terms.push(single);
            phrases.push(several);
        }
        // A phrase stands in no more documents than its rarest word.
        let rarest = in_phrases.iter().filter_map(|counts| counts.iter().min().copied());
        let counts = frequencies.into_values().chain(rarest).collect();
        let articles = document_frequency(counts, documents);
        let weight = idf(articles, documents) * (1.0 + K1) * unit.worth;
        Ok(Word { name: unit.name.clone(), weight, articles, terms, phrases, first })
    }
}

impl Rates {
    /// Returns the score of a document: the sum over the words, by their number, that stand in it so many `times`.
    #[inline]
    pub fn score(&mut self, doc: DocId, times: impl Fn(usize) -> Option<u32>) -> f32 {
        let length = self.norms.as_ref().map_or(0, |norms| norms.fieldnorm_id(doc));
        let length = self.lengths[usize::from(length)];
        let mut score = 0.0;
        for (number, weight) in self.weights.iter().enumerate() {
            if let Some(times) = times(number) {
                let frequency = times as f32;
                score += weight * frequency / (frequency + length);
            }
        }
        for (first, _, weight) in &mut self.firsts {
            let at = if first.doc() < doc { first.seek(doc) } else { first.doc() };
            score += if at == doc { *weight } else { 0.0 };
        }
        score
    }
}

impl SegmentScorer {
    /// Moves every word to a document or past it.
    pub fn seek(&mut self, doc: DocId) {
        for (word, at) in self.words.iter_mut().zip(&mut self.at).filter(|(_, at)| **at < doc) {
            *at = word.seek(doc);
        }
    }

    /// Moves every word to a document or past it, and returns its score.
    pub fn seek_score(&mut self, doc: DocId) -> f32 {
        self.seek(doc);
        self.score(doc)
    }

    /// Returns the score of a document that no word is past and none before.
    pub fn score(&mut self, doc: DocId) -> f32 {
        let (at, words) = (&self.at, &self.words);
        self.rates.score(doc, |number| (at[number] == doc).then(|| words[number].term_freq()))
    }

    /// Moves every word at a document to the next one.
    pub fn pass(&mut self, doc: DocId) {
        for (word, at) in self.words.iter_mut().zip(&mut self.at).filter(|(_, at)| **at == doc) {
            *at = word.advance();
        }
    }
}

/// Returns how many documents hold any of the forms, as if the forms fell independently of each other: counting them
/// would cost a pass over the postings, and the idf hardly moves.
fn document_frequency(mut counts: Vec<u64>, documents: u64) -> f64 {
    let total = documents.max(1) as f64;
    counts.sort_unstable();
    if let [count] = counts[..] {
        return count as f64;
    }
    total * (1.0 - counts.iter().map(|count| 1.0 - (*count as f64 / total).min(1.0)).product::<f64>())
}

/// The words of a question for quotes, which are fewer: what was found is kept.
pub struct QuoteScorer {
    /// For each segment and word, the quotes that hold it and how often.
    said: Vec<Vec<Vec<(DocId, u32)>>>,
    weights: Vec<f32>,
    average: f32,
}

impl QuoteScorer {
    /// Finds the words in the quotes of every segment.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(look: Look<'_>, forms: &[Form]) -> tantivy::Result<QuoteScorer> {
        let (mut words, mut quotes) = (0, 0);
        let mut said = Vec::new();
        for reader in look.searcher.segment_readers().iter().filter(|_| !forms.is_empty()) {
            let family = Family::new(reader, &[Bond::Said])?;
            let segment = look.segment(reader, Target::Quotes);
            let (words_here, quotes_here) = family.lengths();
            (words, quotes) = (words + words_here, quotes + quotes_here);
            let found = forms.iter().map(|form| {
                Ok(family.said(segment.phrase(Field::Quote, std::slice::from_ref(form), Counting::AsIndexed)?, true))
            });
            said.push(found.collect::<tantivy::Result<Vec<_>>>()?);
        }
        let with = |word: usize| said.iter().map(|segment| segment[word].len()).sum::<usize>() as f64;
        let weights = (0..forms.len()).map(|word| idf(with(word), quotes) * (1.0 + K1)).collect();
        let average = (words as f32 / quotes.max(1) as f32).max(1.0);
        Ok(QuoteScorer { said, weights, average })
    }

    /// Returns the score of a quote of a segment.
    pub fn score(&self, segment: usize, family: &Family, quote: DocId) -> f32 {
        let mut score = 0.0;
        for (said, weight) in self.said.get(segment).into_iter().flatten().zip(&self.weights) {
            if let Ok(place) = said.binary_search_by_key(&quote, |(doc, _)| *doc) {
                let frequency = said[place].1 as f32;
                let length = K1 * (1.0 - B + B * family.length(quote) as f32 / self.average);
                score += weight * frequency / (frequency + length);
            }
        }
        score
    }
}

/// Returns how much a word says that so many documents of all have.
pub fn idf(with: f64, documents: u64) -> f32 {
    let with = with.min(documents as f64);
    (1.0 + (documents as f64 - with + 0.5) / (with + 0.5)).ln() as f32
}

fn lengths(average: f32) -> Box<[f32; 256]> {
    let mut lengths = Box::new([0.0; 256]);
    for (id, length) in lengths.iter_mut().enumerate() {
        *length = K1 * (1.0 - B + B * FieldNormReader::id_to_fieldnorm(id as u8) as f32 / average);
    }
    lengths
}
