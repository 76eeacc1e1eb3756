//! The files that an index was made from: what was known of each when it was last looked at.
//!
//! The truth stands in the index. The entry of a file that is one article stands on that article's document, that of
//! any other file is a document of its own; a file that is named and has no entry was cut off in the middle. A copy
//! lies beside the index, made at the end of a run: it says which commit it is of, and is read in a fraction of the
//! time that the columns take. It alone knows of files that were touched since and hold the same bytes; where it is
//! missing, damaged or of another commit, these are looked into once more and nothing else is lost.

use std::cmp::Ordering;
use std::fs;
use std::io;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use tantivy::index::SegmentReader;
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument};

use super::fields::{Handles, Tag, text_of};
use super::folder::io_error;
use super::matching::tagged;
use crate::engine::Error;
use crate::problem::Problem;

/// The copy beside the index.
pub const FILES_FILE: &str = "onrecord.files";

/// What it starts with; the stamp of the commit follows, and then the rest, compressed.
const MAGIC: &[u8; 8] = b"onrecf1\n";

/// How well it is compressed: a higher level takes twice the time and saves a tenth.
const LEVEL: i32 = 1;

/// How many problems of one file are remembered, so that they can be told again when the file did not change.
pub const PROBLEM_LIMIT: usize = 100;

/// One file that the index was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileEntry {
    /// Where it lies.
    pub path: String,
    /// When it was modified, nanoseconds since 1970.
    pub modified: u64,
    /// Its size in bytes.
    pub size: u64,
    /// A hash of its bytes; nothing where not all of them were read.
    pub hash: Option<u64>,
    /// Which field map its records were read with, where it has any.
    pub map: Option<u64>,
    /// What its articles were named after before it was moved, where that is not its own name.
    pub origin: Option<String>,
    /// How many articles it gave.
    pub articles: u32,
    /// Whether it went in whole, and was not cut off in the middle.
    pub whole: bool,
    /// What of it was left out; at most [`PROBLEM_LIMIT`] are kept.
    pub problems: Vec<Problem>,
}

/// What an index holds, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Articles.
    pub articles: u64,
    /// Quotes of all kinds.
    pub quotes: u64,
    /// Different speakers.
    pub speakers: u64,
}

/// The files that an index was made from, in the order in which a walk meets them.
#[derive(Debug, Default, PartialEq)]
pub struct Files {
    /// All paths, one after the other.
    paths: String,
    rows: Vec<Row>,
    /// What few files have, by the number of the row.
    rare: FxHashMap<u32, Rare>,
    /// What the index holds, where it was counted.
    pub totals: Option<Totals>,
    /// Folders that another disk was mounted on.
    pub mounts: Vec<String>,
    /// The commit that the copy beside the index is of and says all of this.
    kept: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    /// Where the path ends; it starts where that of the row before ends.
    end: usize,
    modified: u64,
    size: u64,
    hash: Option<[u8; 8]>,
    map: Option<u64>,
    articles: u32,
    whole: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Rare {
    origin: Option<String>,
    problems: Vec<Problem>,
}

/// What lies beside the index.
#[derive(Serialize, Deserialize)]
struct Copy {
    paths: String,
    rows: Vec<Row>,
    rare: Vec<(u32, Rare)>,
    totals: Option<Totals>,
    mounts: Vec<String>,
}

/// What is known of one file.
#[derive(Clone, Copy, Debug)]
pub struct Known<'f> {
    /// See [`FileEntry::path`].
    pub path: &'f str,
    /// See [`FileEntry::modified`].
    pub modified: u64,
    /// See [`FileEntry::size`].
    pub size: u64,
    /// See [`FileEntry::hash`].
    pub hash: Option<u64>,
    /// See [`FileEntry::map`].
    pub map: Option<u64>,
    /// See [`FileEntry::origin`].
    pub origin: Option<&'f str>,
    /// See [`FileEntry::articles`].
    pub articles: u32,
    /// See [`FileEntry::whole`].
    pub whole: bool,
    /// See [`FileEntry::problems`].
    pub problems: &'f [Problem],
}

impl FileEntry {
    /// Returns the same, borrowed.
    pub fn known(&self) -> Known<'_> {
        let FileEntry { path, modified, size, hash, map, origin, articles, whole, problems } = self;
        Known {
            path,
            modified: *modified,
            size: *size,
            hash: *hash,
            map: *map,
            origin: origin.as_deref(),
            articles: *articles,
            whole: *whole,
            problems,
        }
    }
}

impl Files {
    /// Returns files in any order as a list.
    pub fn new(mut entries: Vec<FileEntry>) -> Files {
        entries.sort_unstable_by(|one, other| path_order(&one.path, &other.path));
        let mut files = Files::default();
        entries.iter().for_each(|entry| files.push(&entry.known()));
        files
    }

    /// Adds a file at the end, whatever its path: [`Files::after`] puts them in order.
    pub fn push(&mut self, known: &Known<'_>) {
        let Known { path, modified, size, hash, map, origin, articles, whole, problems } = *known;
        if origin.is_some() || !problems.is_empty() {
            let rare = Rare { origin: origin.map(str::to_owned), problems: problems.to_vec() };
            self.rare.insert(self.rows.len() as u32, rare);
        }
        self.paths.push_str(path);
        let (end, hash) = (self.paths.len(), hash.map(u64::to_le_bytes));
        self.rows.push(Row { end, modified, size, hash, map, articles, whole });
    }

    /// Returns how many files there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn path(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.rows[before].end);
        &self.paths[start..self.rows[number].end]
    }

    /// Returns what is known of the file with a number below [`Files::len`].
    pub fn get(&self, number: usize) -> Known<'_> {
        let Row { modified, size, hash, map, articles, whole, .. } = self.rows[number];
        let rare = self.rare.get(&(number as u32));
        Known {
            path: self.path(number),
            modified,
            size,
            hash: hash.map(u64::from_le_bytes),
            map,
            origin: rare.and_then(|rare| rare.origin.as_deref()),
            articles,
            whole,
            problems: rare.map_or(&[], |rare| &rare.problems),
        }
    }

    /// Returns all files in order.
    pub fn iter(&self) -> impl Iterator<Item = Known<'_>> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// Returns the number of the file at a path. It is looked for at `near` first: who walks in order finds it there.
    pub fn find(&self, path: &str, near: usize) -> Option<usize> {
        if near < self.len() && self.path(near) == path {
            return Some(near);
        }
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match path_order(self.path(middle), path) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Returns the files after a run: `gone` without a trace, `touched` with another time, `read`, in any order, in place
    /// of what was known of them; with the mounts, where they were looked at.
    pub fn after(self, gone: &[usize], touched: &[(usize, u64)], read: &Files, mounts: Option<Vec<String>>) -> Files {
        let mounts = mounts.unwrap_or_else(|| self.mounts.clone());
        let same = gone.is_empty() && read.is_empty();
        if same && touched.is_empty() && mounts == self.mounts {
            return self;
        }
        let gone: FxHashSet<usize> = gone.iter().copied().collect();
        let touched: FxHashMap<usize, u64> = touched.iter().copied().collect();
        let mut read = read.in_order().into_iter().map(|number| read.get(number)).peekable();
        let mut files = Files { totals: self.totals.filter(|_| same), mounts, ..Files::default() };
        for number in 0..self.len() {
            let known = self.get(number);
            while let Some(entry) = read.next_if(|entry| path_order(entry.path, known.path).is_lt()) {
                files.push(&entry);
            }
            let replaced = read.peek().is_some_and(|entry| entry.path == known.path);
            if !replaced && !gone.contains(&number) {
                let modified = touched.get(&number).copied().unwrap_or(known.modified);
                files.push(&Known { modified, ..known });
            }
        }
        read.for_each(|entry| files.push(&entry));
        files
    }

    /// Returns the numbers of the files in the order of their paths, of two at one path the later one.
    fn in_order(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.len()).collect();
        numbers
            .sort_unstable_by(|one, other| path_order(self.path(*one), self.path(*other)).then_with(|| other.cmp(one)));
        numbers.dedup_by(|later, first| self.path(*later) == self.path(*first));
        numbers
    }

    /// Returns the copy beside the index in a folder, where it is there, undamaged and of the commit of this stamp.
    pub fn kept(folder: &Path, stamp: u64) -> Option<Files> {
        let bytes = fs::read(folder.join(FILES_FILE)).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (of, packed) = rest.split_first_chunk::<8>()?;
        if u64::from_le_bytes(*of) != stamp {
            return None;
        }
        let plain = zstd::stream::decode_all(packed).ok()?;
        let Copy { paths, rows, rare, totals, mounts } = postcard::from_bytes(&plain).ok()?;
        let mut start = 0;
        let sound = rows.iter().all(|row| {
            let sound = paths.get(start..row.end).is_some();
            start = row.end;
            sound
        });
        let rare = rare.into_iter().collect();
        (sound && start == paths.len()).then_some(Files { paths, rows, rare, totals, mounts, kept: Some(stamp) })
    }

    /// Puts a copy beside the index in a folder, unless the one there says the same of the same commit.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, folder: &Path, stamp: u64) -> Result<(), Error> {
        if self.kept == Some(stamp) {
            return Ok(());
        }
        let name = folder.join(FILES_FILE);
        let mut rare: Vec<(u32, Rare)> = self.rare.iter().map(|(number, rare)| (*number, rare.clone())).collect();
        rare.sort_unstable_by_key(|(number, _)| *number);
        let (paths, rows) = (std::mem::take(&mut self.paths), std::mem::take(&mut self.rows));
        let copy = Copy { paths, rows, rare, totals: self.totals, mounts: self.mounts.clone() };
        let plain = postcard::to_stdvec(&copy);
        (self.paths, self.rows) = (copy.paths, copy.rows);
        let plain = plain.map_err(|error| io_error(&name, io::Error::other(error)))?;
        let mut bytes = [MAGIC.as_slice(), &stamp.to_le_bytes()].concat();
        let packed = zstd::stream::Encoder::new(&mut bytes, LEVEL).and_then(|mut out| {
            out.include_checksum(true)?;
            io::Write::write_all(&mut out, &plain)?;
            out.finish()
        });
        packed.map_err(|cause| io_error(&name, cause))?;
        // Written aside and renamed: the next run finds the whole file or the one before.
        let aside = folder.join(format!("{FILES_FILE}.new"));
        fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, &name)).map_err(|cause| io_error(&name, cause))?;
        self.kept = Some(stamp);
        Ok(())
    }
}

/// Orders paths as a walk meets them that takes the names of each folder in order: by their parts.
pub fn path_order(one: &str, other: &str) -> Ordering {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let rank = |path: &str| path.as_bytes().get(same).map(|byte| if *byte == b'/' { 0 } else { *byte });
    rank(one).cmp(&rank(other))
}

/// Returns the files that a commit was made from.
pub fn read(searcher: &Searcher, handles: &Handles) -> tantivy::Result<Files> {
    let mut found = Found::default();
    for segment in searcher.segment_readers() {
        found.read_segment(segment, handles)?;
    }
    let Found { mut entries, articles, named } = found;
    for (path, count) in articles {
        if let Some(entry) = entries.get_mut(&path) {
            entry.articles = count;
        }
    }
    for path in named {
        entries.entry(path).or_insert_with_key(|path| FileEntry { path: path.clone(), ..FileEntry::default() });
    }
    Ok(Files::new(entries.into_values().collect()))
}

/// What segments say of files.
#[derive(Default)]
struct Found {
    entries: FxHashMap<String, FileEntry>,
    articles: FxHashMap<String, u32>,
    named: FxHashSet<String>,
}

impl Found {
    /// Reads a segment's entries of files, its articles by file, and every file it names.
    fn read_segment(&mut self, segment: &SegmentReader, handles: &Handles) -> tantivy::Result<()> {
        let columns = segment.fast_fields();
        let (Some(keys), modified) = (columns.str("key")?, columns.u64("modified")?) else { return Ok(()) };
        let (file_size, problems) = (columns.u64("file_size")?, columns.u64("problems")?);
        let (hashes, maps, origins) = (columns.u64("hash")?, columns.u64("map")?, columns.str("origin")?);
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
                let entry = FileEntry {
                    path: key.to_owned(),
                    modified,
                    size: file_size.first(doc).unwrap_or(0),
                    hash: hashes.first(doc),
                    map: maps.first(doc),
                    origin: text_of(origins.as_ref(), doc)?,
                    articles: 0,
                    whole: true,
                    problems,
                };
                self.entries.insert(key.to_owned(), entry);
            }
            if body_at.first(doc).is_some() {
                let numbered = |(_, number): &(&str, &str)| number.bytes().all(|byte| byte.is_ascii_digit());
                let file = key.rsplit_once('#').filter(numbered).map_or(key, |(file, _)| file);
                *self.articles.entry(file.to_owned()).or_default() += 1;
            }
        }
        let named = segment.inverted_index(handles.tags)?;
        tagged(&named, Tag::File, &mut |file, _| {
            self.named.insert(file.to_owned());
            Ok(())
        })?;
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, modified: u64) -> FileEntry {
        FileEntry {
            path: path.to_owned(),
            modified,
            size: 3,
            hash: Some(modified),
            whole: true,
            ..FileEntry::default()
        }
    }

    fn paths(files: &Files) -> Vec<(&str, u64)> {
        files.iter().map(|known| (known.path, known.modified)).collect()
    }

    #[test]
    fn orders_as_a_walk_does() {
        let mut paths = ["/a.txt", "/a/b", "/a", "/a/b/c", "/a-b", "/b", "/a/b.txt", "/é"];
        paths.sort_by(|one, other| path_order(one, other));
        assert_eq!(paths, ["/a", "/a/b", "/a/b/c", "/a/b.txt", "/a-b", "/a.txt", "/b", "/é"]);
    }

    #[test]
    fn finds_near_and_far() {
        let files = Files::new(["/d", "/b/x", "/b.x", "/a"].map(|path| entry(path, 1)).to_vec());
        for near in 0..5 {
            for number in 0..4 {
                assert_eq!(files.find(files.get(number).path, near), Some(number));
            }
            assert_eq!(files.find("/c", near), None);
            assert_eq!(files.find("", near), None);
        }
    }

    #[test]
    fn follows_a_run() {
        let files = Files::new(["/a", "/b", "/c", "/d"].map(|path| entry(path, 1)).to_vec());
        let mut read = Files::default();
        for entry in [entry("/e", 2), entry("/a", 2), entry("/bb", 2), entry("/a", 3)] {
            read.push(&entry.known());
        }
        let files = files.after(&[1], &[(2, 7)], &read, None);
        assert_eq!(paths(&files), [("/a", 3), ("/bb", 2), ("/c", 7), ("/d", 1), ("/e", 2)]);
        assert_eq!(files.totals, None);
    }

    #[test]
    fn keeps_what_is_known_beside_the_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let problem = Problem {
            path: "/b".to_owned(),
            line: Some(2),
            reason: crate::problem::Reason::Malformed,
            detail: "is broken".to_owned(),
        };
        let odd = FileEntry {
            origin: Some("old".to_owned()),
            map: Some(9),
            articles: 4,
            hash: None,
            problems: vec![problem],
            ..entry("/b", 5)
        };
        let mut files = Files::new(vec![odd, entry("/a", u64::MAX), FileEntry { whole: false, ..entry("/c", 0) }]);
        files.totals = Some(Totals { articles: 1, quotes: 2, speakers: 3 });
        files.mounts = vec!["/mnt".to_owned()];
        files.keep(folder.path(), 42).expect("a copy");
        assert_eq!(Files::kept(folder.path(), 42).as_ref(), Some(&files));
        assert_eq!(Files::kept(folder.path(), 43), None, "of another commit");
        let name = folder.path().join(FILES_FILE);
        let whole = fs::read(&name).expect("the copy");
        for cut in 0..whole.len() {
            fs::write(&name, &whole[..cut]).expect("a file");
            assert_eq!(Files::kept(folder.path(), 42), None, "cut at {cut}");
            let mut turned = whole.clone();
            turned[cut] ^= 0x55;
            fs::write(&name, turned).expect("a file");
            // A few bits say nothing of the content.
            let found = Files::kept(folder.path(), 42);
            assert!(found.is_none() || found.as_ref() == Some(&files), "turned at {cut}: {found:?}");
        }
    }
}
