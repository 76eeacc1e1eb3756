//! BM25 over one field, with statistics of the documents that have it and of no others.
//!
//! Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), k1 1.2 and b 0.75, the
//! non-negative idf of Lucene. Tantivy's own statistics count every document: with ten quotes an article they would
//! make the average article a tenth of its length. Ours count articles alone, so that ranking is the same as in an
//! index without quotes.

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Searcher};

use super::family::Family;
use super::fields::{ARTICLE, Handles, Tag};
use super::matching::{Segment, Target};
use super::postings::WordPostings;
use super::terms::{self, Form};
use crate::schema::Field;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The words of a question that make its score, looked up in every segment.
pub struct Scorer {
    handle: tantivy::schema::Field,
    words: Vec<Word>,
    lengths: Box<[f32; 256]>,
}

struct Word {
    weight: f32,
    terms: Vec<Vec<TermInfo>>,
}

/// The words of a question in one segment.
pub struct SegmentScorer {
    /// The postings of each word, in the order of the question.
    pub words: Vec<WordPostings>,
    /// What a word is worth in a document.
    pub rates: Rates,
}

/// What each word of a question is worth in the documents of one segment.
pub struct Rates {
    weights: Vec<f32>,
    norms: Option<FieldNormReader>,
    lengths: Box<[f32; 256]>,
}

impl Scorer {
    /// Looks the words up in a field that articles have.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(searcher: &Searcher, handles: &Handles, field: Field, forms: &[Form]) -> tantivy::Result<Scorer> {
        let handle = handles.terms_of(field).ok_or(tantivy::TantivyError::FieldNotFound(field.name().to_owned()))?;
        let documents = searcher.doc_freq(&handles.tag(Tag::Kind, ARTICLE))?;
        let mut tokens = 0;
        let mut words: Vec<Word> = Vec::with_capacity(forms.len());
        let mut frequencies: Vec<FxHashMap<Vec<u8>, u64>> = vec![FxHashMap::default(); forms.len()];
        for segment in searcher.segment_readers() {
            tokens += segment.inverted_index(handle)?.total_num_tokens();
        }
        for (form, frequencies) in forms.iter().zip(&mut frequencies) {
            let mut found = Vec::new();
            for segment in searcher.segment_readers() {
                let mut here = Vec::new();
                for (term, info) in terms::find(&*segment.inverted_index(handle)?, form)? {
                    *frequencies.entry(term).or_default() += u64::from(info.doc_freq);
                    here.push(info);
                }
                found.push(here);
            }
            words.push(Word { weight: 0.0, terms: found });
        }
        for (word, frequencies) in words.iter_mut().zip(&frequencies) {
            word.weight = idf(document_frequency(frequencies, documents), documents) * (1.0 + K1);
        }
        Ok(Scorer { handle, words, lengths: lengths(tokens, documents) })
    }

    /// Returns the postings of every word in a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn segment(&self, ord: usize, reader: &SegmentReader) -> tantivy::Result<SegmentScorer> {
        let index = reader.inverted_index(self.handle)?;
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let forms = word.terms[ord].iter();
            let postings = forms.map(|info| index.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs));
            words.push(WordPostings::new(postings.collect::<std::io::Result<_>>()?));
        }
        let norms = reader.fieldnorms_readers().get_field(self.handle)?;
        let weights = self.words.iter().map(|word| word.weight).collect();
        Ok(SegmentScorer { words, rates: Rates { weights, norms, lengths: self.lengths.clone() } })
    }
}

impl Rates {
    /// Returns the score of a document: the sum over the words whose postings stand at it.
    pub fn score(&self, words: &[WordPostings], doc: DocId) -> f32 {
        let length = self.norms.as_ref().map_or(0, |norms| norms.fieldnorm_id(doc));
        let length = self.lengths[usize::from(length)];
        let mut score = 0.0;
        for (word, weight) in words.iter().zip(&self.weights) {
            if word.doc() == doc {
                let frequency = word.term_freq() as f32;
                score += weight * frequency / (frequency + length);
            }
        }
        score
    }
}

impl SegmentScorer {
    /// Moves every word to a document or past it, and returns its score.
    pub fn seek_score(&mut self, doc: DocId) -> f32 {
        for word in &mut self.words {
            if word.doc() < doc {
                word.seek(doc);
            }
        }
        self.rates.score(&self.words, doc)
    }
}

/// Returns how many documents hold any of the forms, as if the forms fell independently of each other: counting them
/// would cost a pass over the postings, and the idf hardly moves.
fn document_frequency(forms: &FxHashMap<Vec<u8>, u64>, documents: u64) -> f64 {
    let total = documents.max(1) as f64;
    let mut counts: Vec<u64> = forms.values().copied().collect();
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
    pub fn new(searcher: &Searcher, handles: &Handles, forms: &[Form]) -> tantivy::Result<QuoteScorer> {
        let (mut words, mut quotes) = (0, 0);
        let mut said = Vec::new();
        for reader in searcher.segment_readers() {
            let family = Family::new(reader)?;
            let segment = Segment { reader, handles, target: Target::Quotes };
            let (words_here, quotes_here) = if forms.is_empty() { (0, 0) } else { family.lengths() };
            (words, quotes) = (words + words_here, quotes + quotes_here);
            let found = forms.iter().map(|form| Ok(family.said(vec![segment.word(Field::Quote, form, true)?])));
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
        for (said, weight) in self.said[segment].iter().zip(&self.weights) {
            if let Ok(place) = said.binary_search_by_key(&quote, |(doc, _)| *doc) {
                let frequency = said[place].1 as f32;
                let length = K1 * (1.0 - B + B * family.length(quote) as f32 / self.average);
                score += weight * frequency / (frequency + length);
            }
        }
        score
    }
}

fn idf(with: f64, documents: u64) -> f32 {
    let with = with.min(documents as f64);
    (1.0 + (documents as f64 - with + 0.5) / (with + 0.5)).ln() as f32
}

fn lengths(tokens: u64, documents: u64) -> Box<[f32; 256]> {
    let average = (tokens as f32 / documents.max(1) as f32).max(1.0);
    let mut lengths = Box::new([0.0; 256]);
    for (id, length) in lengths.iter_mut().enumerate() {
        *length = K1 * (1.0 - B + B * FieldNormReader::id_to_fieldnorm(id as u8) as f32 / average);
    }
    lengths
}
