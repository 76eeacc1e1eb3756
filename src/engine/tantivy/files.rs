//! The files that an index was made from: the list of them stands in the index itself.
//!
//! In: a commit. Out: [`Files`]. The entry of a file that is one article stands on that article's document, that of any
//! other file on a document of its own. A file whose entry is missing was cut off in the middle.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::SegmentReader;
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument};

use super::fields::{Handles, Tag};
use super::matching::tagged;
use crate::problem::Problem;

/// How many problems of one file are remembered, so that they can be told again when the file did not change.
pub const PROBLEM_LIMIT: usize = 100;

/// One file that the index was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Where it lies.
    pub path: String,
    /// When it was modified, nanoseconds since 1970.
    pub modified: u64,
    /// Its size in bytes.
    pub size: u64,
    /// What of it was left out; at most [`PROBLEM_LIMIT`] are kept.
    pub problems: Vec<Problem>,
}

/// What the index knows of the files it was made from.
#[derive(Debug, Default)]
pub struct Files {
    /// The files that went in whole, by path.
    pub whole: FxHashMap<String, FileEntry>,
    /// How many articles each of them gave.
    pub articles: FxHashMap<String, u64>,
    /// Files cut off in the middle by a killed run.
    pub partial: FxHashSet<String>,
}

/// Returns the files that a commit was made from.
pub fn files(searcher: &Searcher, handles: &Handles) -> tantivy::Result<Files> {
    let mut files = Files::default();
    for segment in searcher.segment_readers() {
        read_files(segment, handles, &mut files)?;
    }
    let Files { whole, articles, partial } = &mut files;
    partial.retain(|path| !whole.contains_key(path));
    articles.retain(|path, _| whole.contains_key(path));
    Ok(files)
}

/// Reads a segment's entries of files, its articles by file, and every file it names.
fn read_files(segment: &SegmentReader, handles: &Handles, files: &mut Files) -> tantivy::Result<()> {
    let columns = segment.fast_fields();
    let (Some(keys), modified) = (columns.str("key")?, columns.u64("modified")?) else { return Ok(()) };
    let (file_size, problems) = (columns.u64("file_size")?, columns.u64("problems")?);
    let body_at = columns.u64("body_at")?;
    let store = segment.get_store_reader(1)?;
    let mut dictionary: Vec<String> = Vec::with_capacity(keys.num_terms());
    let mut stream = keys.dictionary().stream()?;
    while stream.advance() {
        dictionary.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    for doc in segment.doc_ids_alive() {
        let Some(ord) = keys.term_ords(doc).next() else { continue };
        let key = dictionary.get(ord as usize).map_or("", String::as_str);
        if let Some(modified) = modified.first(doc) {
            let problems = match problems.first(doc) {
                Some(_) => read_problems(&store.get(doc)?, handles),
                None => Vec::new(),
            };
            let entry = FileEntry { path: key.to_owned(), modified, size: file_size.first(doc).unwrap_or(0), problems };
            files.whole.insert(key.to_owned(), entry);
        }
        if body_at.first(doc).is_some() {
            let numbered = |(_, number): &(&str, &str)| number.bytes().all(|byte| byte.is_ascii_digit());
            let file = key.rsplit_once('#').filter(numbered).map_or(key, |(file, _)| file);
            *files.articles.entry(file.to_owned()).or_default() += 1;
        }
    }
    let named = segment.inverted_index(handles.tags)?;
    tagged(&named, Tag::File, &mut |file, _| {
        files.partial.insert(file.to_owned());
        Ok(())
    })?;
    Ok(())
}

fn read_problems(document: &TantivyDocument, handles: &Handles) -> Vec<Problem> {
    let kept = document.get_first(handles.record).and_then(|value| value.as_bytes());
    kept.and_then(|kept| postcard::from_bytes(kept).ok()).unwrap_or_default()
}

/// Returns the name of a file without its folder and its extension.
pub fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}
