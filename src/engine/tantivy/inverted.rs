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
use super::vocabulary::Vocabulary;
use crate::analyzer;

/// Stands where a value ends: its words and the next one's do not run together.
const GAP: u32 = 0;

/// Words are sorted by place in so many parts: each costs a look at all places, and the memory of its own.
const PARTS: usize = 4;
/// Fewer places make no part.
const LEAST_PART: usize = 1 << 16;

/// Bytes of memory that a place takes, now and while it is sorted.
const PLACE_BYTES: usize = 4 + 8 / PARTS;

/// The words of a field and where they stand.
#[derive(Default)]
pub struct Inverted {
    vocabulary: Vocabulary,
    /// The number of the word at each position, one document behind the other.
    places: Vec<u32>,
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
        self.vocabulary.memory() + PLACE_BYTES * self.places.len() + 8 * self.documents.capacity()
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
        self.add_cut(text, analyzer::words(text));
    }

    /// Adds the words of a value that is cut into words.
    pub fn add_cut(&mut self, text: &str, words: impl Iterator<Item = Range<usize>>) {
        // First all words are folded, then all are looked up: no look-up waits for the one before.
        const LONGER: u128 = 0;
        self.packed.clear();
        let mut longer = std::mem::take(&mut self.longer);
        for word in words {
            match analyzer::fold_packed(text, word.clone()) {
                Some(packed) => self.packed.push(packed),
                None => {
                    longer.push((self.places.len() + self.packed.len(), word));
                    self.packed.push(LONGER);
                }
            }
        }
        let short = |word: &u128| if *word == LONGER { GAP } else { self.vocabulary.packed(*word) };
        self.places.extend(self.packed.iter().map(short));
        for (place, word) in longer.drain(..) {
            analyzer::fold_into(&text[word], &mut self.folded);
            self.places[place] = self.vocabulary.number(self.folded.as_bytes());
        }
        self.longer = longer;
        self.tokens += self.packed.len() as u64;
        self.places.push(GAP);
    }

    /// Adds the tags of a value, each a word as it stands.
    pub fn add_tags(&mut self, value: &str) {
        for tag in value.split(SEPARATOR) {
            let number = self.vocabulary.number(tag.as_bytes());
            self.places.push(number);
            self.tokens += 1;
        }
    }

    /// Ends the document that is being added; returns how many words it has.
    pub fn close_document(&mut self, doc: DocId) -> u32 {
        let start = self.documents.last().map_or(0, |(_, end)| *end as usize);
        let places = &self.places[start..];
        if places.is_empty() {
            return 0;
        }
        self.documents.push((doc, self.places.len() as u32));
        places.iter().filter(|place| **place != GAP).count() as u32
    }

    /// Writes all of it, with positions or else only which documents have a word.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, out: &mut FieldSerializer<'_, WritePtr>, positions: bool) -> io::Result<()> {
        let Inverted { vocabulary, mut places, documents, .. } = self;
        let words = vocabulary.sorted();
        let mut ranks = vec![GAP; words.len() + 1];
        words.iter().zip(1..).for_each(|(number, rank)| ranks[*number as usize] = rank);
        let mut counts = vec![0; words.len() + 1];
        for place in &mut places {
            *place = ranks[*place as usize];
            counts[*place as usize] += 1;
        }
        drop(ranks);
        let (mut sorted, mut short, mut steps) = (Sorted::default(), [0; 16], Vec::new());
        let enough = (places.len() / PARTS).max(LEAST_PART);
        let mut first = 1;
        while first < counts.len() {
            let mut sum = 0;
            let is_enough = |count: &usize| {
                let before = sum;
                sum += count;
                before > enough
            };
            let last = counts[first..].iter().position(is_enough);
            let ranks = first..last.map_or(counts.len(), |last| first + last);
            sorted.sort(&places, &documents, &ranks, &counts);
            for rank in ranks.clone() {
                let places = sorted.of(rank - ranks.start);
                write_word(vocabulary.bytes(words[rank - 1], &mut short), places, positions, &mut steps, out)?;
            }
            first = ranks.end;
        }
        Ok(())
    }
}

/// Writes a word and its places.
fn write_word(
    word: &[u8],
    places: &[(DocId, u32)],
    positions: bool,
    steps: &mut Vec<u32>,
    out: &mut FieldSerializer<'_, WritePtr>,
) -> io::Result<()> {
    let of_documents = || places.chunk_by(|one, other| one.0 == other.0);
    if positions {
        out.new_term(word, of_documents().count() as u32, true)?;
        for places in of_documents() {
            steps.clear();
            let mut last = 0;
            steps.extend(places.iter().map(|(_, position)| position - std::mem::replace(&mut last, *position)));
            out.write_doc(places[0].0, places.len() as u32, steps);
        }
    } else {
        out.new_term_without_freq(word)?;
        of_documents().for_each(|places| out.write_doc(places[0].0, 0, &[]));
    }
    out.close_term()
}

/// Places of some words, sorted by word; those of one word stay in the order of the text.
#[derive(Default)]
struct Sorted {
    /// Where the places of each word end.
    ends: Vec<usize>,
    /// Document and position.
    places: Vec<(DocId, u32)>,
}

impl Sorted {
    /// Takes the places of the words whose ranks are in a range; of each word it is known how many there are.
    fn sort(&mut self, places: &[u32], documents: &[(DocId, u32)], ranks: &Range<usize>, counts: &[usize]) {
        let mut sum = 0;
        self.ends.clear();
        for count in &counts[ranks.clone()] {
            self.ends.push(sum);
            sum += count;
        }
        self.places.clear();
        self.places.resize(sum, (0, 0));
        let first = ranks.start as u32;
        let mut start = 0;
        for (doc, end) in documents {
            for (position, rank) in (0..).zip(&places[start..*end as usize]) {
                // A gap is before the first word, and so beyond the last one here.
                if let Some(next) = self.ends.get_mut(rank.wrapping_sub(first) as usize) {
                    self.places[*next] = (*doc, position);
                    *next += 1;
                }
            }
            start = *end as usize;
        }
    }

    /// Returns the places of the word of that number in the range.
    fn of(&self, word: usize) -> &[(DocId, u32)] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start..self.ends[word]]
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
