//! From a form of a query to the terms of a segment's dictionary.
//!
//! A stemmed word stands for every term with its stem. The dictionary is sorted, so these lie close together: one
//! scan over the prefix that they share finds them, a few hundred terms in a large index. A spelling with wildcards
//! walks the dictionary byte by byte and leaves whole branches of it aside.

use std::collections::BTreeSet;
use std::io;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy_fst::Automaton;

use super::matching::Look;
use crate::analyzer::tongue::Tongue;
use crate::schema::Field;
use crate::spelling::{Form, Spelling, State};

/// The most terms of a segment that one word may stand for by its spelling: each takes memory for its postings.
const TERM_LIMIT: usize = 4_096;

/// Returns the terms of a segment that a form stands for, sorted.
///
/// # Errors
/// When the dictionary cannot be read.
pub fn find(segment: &InvertedIndexReader, form: &Form) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    match form {
        Form::Exact(term) => find_all(segment, std::slice::from_ref(term)),
        Form::Name(term) => find_all(segment, &[term.clone(), format!("{term}'s")]),
        Form::Stem(tongue, stem) => find_stem(segment, *tongue, stem),
        Form::Spelled(spelling) => find_spelled(segment, spelling),
    }
}

/// Returns the different terms of the text field that forms stand for, in all segments, sorted.
///
/// # Errors
/// When the index cannot be read.
pub fn spellings(look: Look<'_>, forms: &[Form]) -> tantivy::Result<Vec<String>> {
    let mut found = BTreeSet::new();
    let Some(handle) = look.handles.terms_of(Field::Text) else { return Ok(Vec::new()) };
    for segment in look.searcher.segment_readers() {
        let index = segment.inverted_index(handle)?;
        for form in forms {
            let terms = find(&index, form)?.into_iter();
            found.extend(terms.filter_map(|(term, _)| String::from_utf8(term).ok()));
        }
    }
    Ok(found.into_iter().collect())
}

/// Returns words of a field that begin so, sorted, at most so many; the field must have terms of its own.
///
/// # Errors
/// When the index cannot be read.
pub fn beginning(look: Look<'_>, field: Field, start: &str, most: usize) -> tantivy::Result<Vec<String>> {
    let mut found = BTreeSet::new();
    let Some(handle) = look.handles.terms_of(field) else { return Ok(Vec::new()) };
    for segment in look.searcher.segment_readers() {
        let index = segment.inverted_index(handle)?;
        let mut stream = index.terms().range().ge(start).into_stream()?;
        for _ in 0..most {
            if !stream.advance() || !stream.key().starts_with(start.as_bytes()) {
                break;
            }
            found.extend(String::from_utf8(stream.key().to_vec()));
        }
    }
    Ok(found.into_iter().take(most).collect())
}

fn find_all(segment: &InvertedIndexReader, terms: &[String]) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let mut found = Vec::new();
    for term in terms {
        found.extend(segment.terms().get(term)?.map(|info| (term.clone().into_bytes(), info)));
    }
    Ok(found)
}

fn find_stem(segment: &InvertedIndexReader, tongue: Tongue, stem: &str) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let prefix = tongue.prefix(stem);
    let mut found = Vec::new();
    let mut stream = segment.terms().range().ge(prefix).into_stream()?;
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        if !term.starts_with(prefix) {
            break;
        }
        if tongue.stem(term) == stem {
            found.push((term.as_bytes().to_vec(), stream.value().clone()));
        }
    }
    for exception in tongue.exceptions(stem) {
        if let Some(info) = segment.terms().get(exception)? {
            found.push((exception.as_bytes().to_vec(), info));
        }
    }
    Ok(found)
}

fn find_spelled(segment: &InvertedIndexReader, spelling: &Spelling) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let mut found = Vec::new();
    let mut stream = segment.terms().search(Walk(spelling)).into_stream()?;
    while stream.advance() {
        if found.len() == TERM_LIMIT {
            let message = format!(
                "`{}` stands for more than {TERM_LIMIT} different words; write more of its letters",
                spelling.typed()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        found.push((stream.key().to_vec(), stream.value().clone()));
    }
    Ok(found)
}

/// A spelling as the dictionary is walked with.
struct Walk<'s>(&'s Spelling);

impl Automaton for Walk<'_> {
    type State = State;

    fn start(&self) -> State {
        self.0.start()
    }

    fn is_match(&self, state: &State) -> bool {
        self.0.accepts(state)
    }

    fn can_match(&self, state: &State) -> bool {
        self.0.can_accept(state)
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        self.0.step(state, byte)
    }
}
