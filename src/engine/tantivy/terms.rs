//! From a word of a query to the terms of a segment's dictionary.
//!
//! A stemmed word stands for every term with its stem. The dictionary is sorted, so these lie close together: one
//! scan over the prefix that they share finds them, a few hundred terms in a large index.

use std::io;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;

use crate::analyzer;
use crate::schema::{Analyzer, Field};

/// A term to look up: an exact spelling, or every form with a stem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// This folded spelling.
    Exact(String),
    /// This folded spelling, or its possessive.
    Name(String),
    /// Every term with this stem.
    Stem(String),
}

impl Form {
    /// Returns what the words of `typed` mean in a field: one form a word, in order.
    pub fn of(field: Field, typed: &str, exact: bool) -> Vec<Form> {
        match field.analyzer() {
            Analyzer::Whole | Analyzer::Day => vec![Form::Exact(typed.trim().to_owned())],
            Analyzer::Names => analyzer::terms(typed).into_iter().map(Form::Name).collect(),
            Analyzer::Stemmed => analyzer::terms(typed)
                .into_iter()
                .map(|term| if exact { Form::Exact(term) } else { Form::Stem(analyzer::stem(&term).into_owned()) })
                .collect(),
        }
    }
}

/// Returns the terms of a segment that a form stands for, sorted.
///
/// # Errors
/// When the dictionary cannot be read.
pub fn find(segment: &InvertedIndexReader, form: &Form) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    match form {
        Form::Exact(term) => find_all(segment, std::slice::from_ref(term)),
        Form::Name(term) => find_all(segment, &[term.clone(), format!("{term}'s")]),
        Form::Stem(stem) => find_stem(segment, stem),
    }
}

fn find_all(segment: &InvertedIndexReader, terms: &[String]) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let mut found = Vec::new();
    for term in terms {
        found.extend(segment.terms().get(term)?.map(|info| (term.clone().into_bytes(), info)));
    }
    Ok(found)
}

fn find_stem(segment: &InvertedIndexReader, stem: &str) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let (prefix, exceptions) = analyzer::stem_prefix(stem);
    let mut found = Vec::new();
    let mut stream = segment.terms().range().ge(prefix).into_stream()?;
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        if !term.starts_with(prefix) {
            break;
        }
        if analyzer::stem(term) == stem {
            found.push((term.as_bytes().to_vec(), stream.value().clone()));
        }
    }
    for exception in exceptions {
        if let Some(info) = segment.terms().get(exception)? {
            found.push((exception.as_bytes().to_vec(), info));
        }
    }
    Ok(found)
}
