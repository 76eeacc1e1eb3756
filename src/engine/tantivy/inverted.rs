//! Which words of a field stand where, while a segment grows; written down as Tantivy reads it.
//!
//! Tantivy's own way keeps a list in memory for each word and goes to its end for each place: with many words nearly
//! every place waits for memory, several times. Here the numbers of the words stand one behind the other in the order of
//! the text, and are sorted by word once, at the end. The files are the same.

use std::io;
use std::ops::Range;

use tantivy::DocId;
use tantivy::directory::WritePtr;
use tantivy::postings::FieldSerializer;

use super::fields::SEPARATOR;
use super::vocabulary::{self, Vocabulary};
use crate::analyzer;

/// Stands where a value ends: its words and the next one's do not run together.
const GAP: u32 = 0;

/// Words are sorted by place in so many parts: each costs a look at all places, and the memory of its own.
const PARTS: usize = 2;
/// Fewer places make no part.
const LEAST_PART: usize = 1 << 16;

/// So many places have their memory together.
const PLACES: usize = 1 << 16;

/// Bytes of memory that a place takes, now and while it is sorted.
const PLACE_BYTES: usize = 4 + 4 / PARTS;

/// The words of a field and where they stand.
#[derive(Default)]
pub struct Inverted {
    vocabulary: Vocabulary,
    /// The number of the word at each position, one document behind the other, in stretches: one that grew would be moved
    /// time and again, to memory that the system clears first.
    places: Vec<Vec<u32>>,
    count: u32,
    /// The same of the document that is being added.
    document: Vec<u32>,
    /// The documents that have places, and where those end.
    documents: Vec<(DocId, u32)>,
    tokens: u64,
    /// The words of a value, and which of them take more than a look: their places and where they stand in the value.
    packed: Vec<u128>,
    longer: Vec<(usize, Range<usize>)>,
    folded: String,
}

impl Inverted {
    /// Returns how many bytes of memory this takes, with what it takes to write it.
    pub fn memory(&self) -> usize {
        self.vocabulary.memory() + PLACE_BYTES * self.count as usize + 8 * self.documents.capacity()
    }

    /// Returns how many words there are in all places.
    pub fn tokens(&self) -> u64 {
        self.tokens
    }

    /// Returns whether a word stands somewhere.
    pub fn holds(&self, word: &str) -> bool {
        self.vocabulary.knows(word.as_bytes())
    }

    /// Adds the words of a value to the document that is being added.
    pub fn add_words(&mut self, text: &str) {
        self.add_cut(text.as_bytes(), analyzer::words(text));
    }

    /// Adds the words of a value that is cut into words.
    pub fn add_cut(&mut self, text: &[u8], words: impl Iterator<Item = Range<usize>>) {
        // First all words are folded, then all are looked up: no look-up waits for the one before.
        self.packed.clear();
        let mut longer = std::mem::take(&mut self.longer);
        for word in words {
            match analyzer::fold_packed(text, word.clone()) {
                Some(packed) => self.packed.push(packed),
                None => {
                    longer.push((self.document.len() + self.packed.len(), word));
                    self.packed.push(vocabulary::NOTHING);
                }
            }
        }
        self.vocabulary.all_packed(&self.packed, &mut self.document);
        for (place, word) in longer.drain(..) {
            let word = std::str::from_utf8(&text[word]).unwrap_or_default();
            analyzer::fold_into(word, &mut self.folded);
            self.document[place] = self.vocabulary.number(self.folded.as_bytes());
        }
        self.longer = longer;
        self.tokens += self.packed.len() as u64;
        self.document.push(GAP);
    }

    /// Adds the tags of a value, each a word as it stands.
    pub fn add_tags(&mut self, value: &str) {
        for tag in value.split(SEPARATOR) {
            let number = self.vocabulary.number(tag.as_bytes());
            self.document.push(number);
            self.tokens += 1;
        }
    }

    /// Ends the document that is being added; returns how many words it has.
    pub fn close_document(&mut self, doc: DocId) -> u32 {
        if self.document.is_empty() {
            return 0;
        }
        let length = self.document.len();
        match self.places.last_mut().filter(|last| last.capacity() - last.len() >= length) {
            Some(last) => last.extend_from_slice(&self.document),
            None => {
                let mut stretch = Vec::with_capacity(length.max(PLACES));
                stretch.extend_from_slice(&self.document);
                self.places.push(stretch);
            }
        }
        self.count += length as u32;
        self.documents.push((doc, self.count));
        let words = self.document.iter().filter(|place| **place != GAP).count() as u32;
        self.document.clear();
        words
    }

    /// Writes all of it, with positions or else only which documents have a word.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, out: &mut FieldSerializer<'_, WritePtr>, positions: bool) -> io::Result<()> {
        let Inverted { vocabulary, mut places, count, documents, .. } = self;
        let words = vocabulary.sorted();
        let mut ranks = vec![GAP; words.len() + 1];
        words.iter().zip(1..).for_each(|(number, rank)| ranks[*number as usize] = rank);
        let mut counts = vec![0_u32; words.len() + 1];
        for place in places.iter_mut().flatten() {
            *place = ranks[*place as usize];
            counts[*place as usize] += 1;
        }
        drop(ranks);
        let owners = Owners::of(documents);
        let (mut sorted, mut short, mut row) = (Sorted::default(), [0; 16], Row::default());
        let enough = (count as usize / PARTS).max(LEAST_PART);
        let mut first = 1;
        while first < counts.len() {
            let mut sum = 0;
            let is_enough = |count: &u32| {
                let before = sum;
                sum += *count as usize;
                before > enough
            };
            let last = counts[first..].iter().position(is_enough);
            let ranks = first..last.map_or(counts.len(), |last| first + last);
            sorted.sort(&places, &ranks, &counts);
            for rank in ranks.clone() {
                owners.look_up(sorted.of(rank - ranks.start), &mut row);
                write_word(vocabulary.bytes(words[rank - 1], &mut short), &row, positions, out)?;
            }
            first = ranks.end;
        }
        Ok(())
    }
}

/// Writes a word and where it stands.
fn write_word(word: &[u8], row: &Row, positions: bool, out: &mut FieldSerializer<'_, WritePtr>) -> io::Result<()> {
    if positions {
        out.new_term(word, row.documents.len() as u32, true)?;
    } else {
        out.new_term_without_freq(word)?;
    }
    let mut start = 0;
    for (doc, end) in &row.documents {
        let steps = &row.steps[start..*end];
        if positions {
            out.write_doc(*doc, steps.len() as u32, steps)
        } else {
            out.write_doc(*doc, 0, &[])
        }
        start = *end;
    }
    out.close_term()
}

/// Where a word stands: its documents, where the steps of each end, and the steps from one position to the next.
#[derive(Default)]
struct Row {
    documents: Vec<(DocId, usize)>,
    steps: Vec<u32>,
}

/// Which document a place belongs to.
struct Owners {
    documents: Vec<(DocId, u32)>,
    /// For each [`STRETCH`] of places the first of the documents that ends behind its start.
    firsts: Vec<u32>,
}

/// So many places have one entry in a table of documents.
const STRETCH: usize = 256;

impl Owners {
    /// Takes the documents and where the places of each end.
    fn of(documents: Vec<(DocId, u32)>) -> Owners {
        let mut firsts = Vec::new();
        for (number, (_, end)) in (0..).zip(&documents) {
            firsts.resize((*end as usize).div_ceil(STRETCH).max(firsts.len()), number);
        }
        Owners { documents, firsts }
    }

    /// Finds the documents of places in order.
    fn look_up(&self, places: &[u32], row: &mut Row) {
        row.documents.clear();
        row.steps.clear();
        let (mut end, mut last) = (0, 0);
        for place in places {
            if *place >= end {
                let first = self.firsts[*place as usize / STRETCH] as usize;
                let behind = self.documents[first..].iter().position(|(_, end)| place < end);
                let number = first + behind.unwrap_or_default();
                let doc;
                (doc, end) = self.documents[number];
                last = number.checked_sub(1).map_or(0, |before| self.documents[before].1);
                row.documents.push((doc, 0));
            }
            row.steps.push(place - std::mem::replace(&mut last, *place));
            if let Some((_, end)) = row.documents.last_mut() {
                *end = row.steps.len();
            }
        }
    }
}

/// Places of some words, sorted by word; those of one word stay in the order of the text.
#[derive(Default)]
struct Sorted {
    /// Where the places of each word end.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Sorted {
    /// Takes the places of the words whose ranks are in a range; of each word it is known how many there are.
    fn sort(&mut self, ranks_of: &[Vec<u32>], ranks: &Range<usize>, counts: &[u32]) {
        let mut sum = 0;
        self.ends.clear();
        for count in &counts[ranks.clone()] {
            self.ends.push(sum);
            sum += count;
        }
        self.places.clear();
        self.places.resize(sum as usize, 0);
        let first = ranks.start as u32;
        let mut place = 0;
        for stretch in ranks_of {
            for rank in stretch {
                // A gap is before the first word, and so beyond the last one here.
                if let Some(next) = self.ends.get_mut(rank.wrapping_sub(first) as usize) {
                    self.places[*next as usize] = place;
                    *next += 1;
                }
                place += 1;
            }
        }
    }

    /// Returns the places of the word of that number in the range.
    fn of(&self, word: usize) -> &[u32] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[word] as usize]
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::DocSetCollector;
    use tantivy::query::{PhraseQuery, TermQuery};
    use tantivy::schema::IndexRecordOption;
    use tantivy::{ReloadPolicy, Term};

    use crate::engine::tantivy::document::Parcel;
    use crate::engine::tantivy::fields::Handles;
    use crate::engine::tantivy::growing::Growing;
    use crate::schema::Field;

    /// More words than go into one part, and each found with its documents and positions.
    #[test]
    fn every_word_is_found_where_it_stands() {
        let handles = Handles::new();
        let field = handles.terms_of(Field::Text).expect("the text");
        let index = tantivy::Index::create_in_ram(handles.schema.clone());
        let words = |doc: u32| (0..400_u32).map(move |place| (doc * 31 + place * place) % 5_000);
        let mut growing = Growing::new(&index).expect("a segment");
        for doc in 0..600 {
            let mut parcel = Parcel::default();
            for value in words(doc).collect::<Vec<_>>().chunks(150) {
                let value: Vec<String> = value.iter().map(|word| format!("{word:x}")).collect();
                parcel.add_text(field, |out| out.push_str(&value.join(" ")));
            }
            let values = 0..parcel.len();
            parcel
                .into_documents(std::iter::once(values))
                .for_each(|document| growing.add(&document).expect("a place"));
        }
        let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        writer.add_segment(growing.finish().expect("a segment")).expect("an addition");
        writer.commit().expect("a commit");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let searcher = reader.searcher();
        let term = |word: u32| Term::from_field_text(field, &format!("{word:x}"));
        for word in (0..5_000).step_by(7) {
            let found = searcher.search(&TermQuery::new(term(word), IndexRecordOption::Basic), &DocSetCollector);
            let mut found: Vec<u32> = found.expect("an answer").into_iter().map(|place| place.doc_id).collect();
            found.sort_unstable();
            let expected: Vec<u32> = (0..600).filter(|doc| words(*doc).any(|other| other == word)).collect();
            assert_eq!(found, expected, "{word:x}");
        }
        for (doc, place) in (0..600).zip((0..399).cycle().step_by(3)) {
            let all: Vec<u32> = words(doc).collect();
            let pair = &all[place..place + 2];
            let found = searcher.search(&PhraseQuery::new(vec![term(pair[0]), term(pair[1])]), &DocSetCollector);
            let found = found.expect("an answer").into_iter().any(|place| place.doc_id == doc);
            let elsewhere = (0..399).any(|place| all[place..place + 2] == *pair && (place + 1) % 150 != 0);
            assert_eq!(found, elsewhere, "{doc} {place} {pair:?}");
        }
        assert_eq!(searcher.segment_reader(0).inverted_index(field).expect("an index").total_num_tokens(), 600 * 400);
    }
}
