//! Articles and their quotes in one segment: who belongs to whom, and which words were said.
//!
//! An article's quotes are the documents behind it, numbered from 0. Their words are not indexed a second time: a
//! quote keeps the positions it takes in its article's text field, and a word was said where one of its positions in
//! the article falls inside. That keeps the index small, and a quote found under the same words as its article.

use tantivy::columnar::Column;
use tantivy::index::SegmentReader;
use tantivy::{DocId, DocSet, TERMINATED};

use super::matching::{AllOf, starts};
use super::postings::WordPostings;

/// Bits of a packed stretch that hold its length in words.
const LENGTH_BITS: u32 = 24;

/// Returns a stretch of positions as one number; longer ones than 16 million words are cut.
pub fn pack(from: u32, length: u32) -> u64 {
    u64::from(from) << LENGTH_BITS | u64::from(length.min((1 << LENGTH_BITS) - 1))
}

/// Returns the first position of a packed stretch and the one behind its last.
fn unpack(packed: u64) -> (u32, u32) {
    let from = (packed >> LENGTH_BITS) as u32;
    (from, from + (packed as u32 & ((1 << LENGTH_BITS) - 1)))
}

/// The bonds between the articles and the quotes of a segment.
pub struct Family {
    ordinals: Column<u64>,
    said: Column<u64>,
    documents: DocId,
}

impl Family {
    /// Reads the bonds of a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader) -> tantivy::Result<Family> {
        let columns = reader.fast_fields();
        Ok(Family { ordinals: columns.u64("ordinal")?, said: columns.u64("said")?, documents: reader.max_doc() })
    }

    /// Returns a quote's number in its article, and nothing for any other document.
    pub fn ordinal(&self, doc: DocId) -> Option<u32> {
        self.ordinals.first(doc).map(|ordinal| ordinal as u32)
    }

    /// Returns the article of a quote.
    pub fn article(&self, quote: DocId) -> Option<DocId> {
        quote.checked_sub(self.ordinal(quote)? + 1)
    }

    /// Returns the quotes of an article.
    pub fn quotes(&self, article: DocId) -> impl Iterator<Item = DocId> {
        let behind = article + 1..self.documents;
        behind.zip(0..).take_while(|(doc, number)| self.ordinal(*doc) == Some(*number)).map(|(doc, _)| doc)
    }

    /// Returns the quotes of every article of a set.
    pub fn quotes_of(&self, articles: &mut dyn DocSet) -> Vec<DocId> {
        let mut quotes = Vec::new();
        while articles.doc() != TERMINATED {
            quotes.extend(self.quotes(articles.doc()));
            articles.advance();
        }
        quotes
    }

    /// Returns the articles of every quote of a set.
    pub fn articles_of(&self, quotes: &mut dyn DocSet) -> Vec<DocId> {
        let mut articles = Vec::new();
        while quotes.doc() != TERMINATED {
            articles.extend(self.article(quotes.doc()).filter(|article| articles.last() != Some(article)));
            quotes.advance();
        }
        articles
    }

    /// Returns the quotes in which words stand one after the other, and how often.
    pub fn said(&self, words: Vec<WordPostings>) -> Vec<(DocId, u32)> {
        let mut found = Vec::new();
        let mut buffers = vec![Vec::new(); words.len()];
        let mut places = Vec::new();
        let length = words.len() as u32;
        let mut words = AllOf::new(words);
        while words.doc() != TERMINATED {
            let article = words.doc();
            if self.ordinal(article + 1) == Some(0) {
                for (word, buffer) in words.parts.iter_mut().zip(&mut buffers) {
                    word.positions(buffer);
                }
                places.clear();
                places.extend(starts(&buffers, 0));
                for quote in self.quotes(article).take_while(|_| !places.is_empty()) {
                    let times = self.times(quote, &places, length);
                    if times > 0 {
                        found.push((quote, times));
                    }
                }
            }
            words.advance();
        }
        found
    }

    /// Returns how many words a quote has.
    pub fn length(&self, quote: DocId) -> u32 {
        self.said.values_for_doc(quote).map(unpack).map(|(from, end)| end - from).sum()
    }

    /// Returns how many words the quotes of a segment have on average, times their number, and their number.
    pub fn lengths(&self) -> (u64, u64) {
        let values = &self.said.values;
        let words =
            (0..values.num_vals()).map(|row| unpack(values.get_val(row))).map(|(from, end)| u64::from(end - from));
        (words.sum(), u64::from(values.num_vals()))
    }

    fn times(&self, quote: DocId, places: &[u32], length: u32) -> u32 {
        let mut times = 0;
        for (from, end) in self.said.values_for_doc(quote).map(unpack) {
            let first = places.partition_point(|place| *place < from);
            times += places[first..].iter().take_while(|place| **place + length <= end).count() as u32;
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_pack() {
        for (from, length) in [(0, 0), (0, 12), (7, 300), (5_000_000, 16_000_000)] {
            assert_eq!(unpack(pack(from, length)), (from, from + length));
        }
    }
}
