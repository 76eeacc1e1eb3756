//! Whether an index is sound: every file as it was written, every article and quote where the others expect it.
//!
//! In: the folder of an index. Out: what is wrong, by file or by article. Takes no lock and writes nothing. Files come
//! first, by the checksums that Tantivy keeps in them; a segment with a damaged file is not read any further. What a
//! killed run leaves behind is no fault: the next run clears it away.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use tantivy::directory::{ManagedDirectory, MmapDirectory};
use tantivy::index::SegmentReader;
use tantivy::schema::Value;
use tantivy::{DocId, ReloadPolicy, Searcher, TantivyDocument};

use super::directory::ReadOnly;
use super::family::Family;
use super::fields::{Handles, Tag, living, text_of};
use super::files;
use super::folder::check_format;
use super::stories::Stories;
use crate::article::Span;
use crate::engine::Error;
use crate::hits::{Fault, Soundness};
use crate::schema::Record;

/// How often a check is done again because a writer replaced the commit under it.
const TRIES: u32 = 3;

/// How many faults are told.
const FAULT_LIMIT: usize = 1_000;

/// Reads the last commit of the index in the folder `path` from end to end and says what is wrong with it.
///
/// # Errors
/// [`Error::Missing`] where there is no index, [`Error::Version`] where it has another format.
pub fn check(path: &Path) -> Result<Soundness, Error> {
    check_format(path, false)?;
    let mut tried = 0;
    loop {
        let meta = fs::read(path.join("meta.json")).map_err(|_| Error::Missing(path.to_owned()))?;
        let mut found = Check::new(path);
        found.commit();
        tried += 1;
        // What a writer clears away meanwhile is not missing.
        let replaced = fs::read(path.join("meta.json")).is_ok_and(|now| now != meta);
        if found.sound.is_sound() || !replaced || tried == TRIES {
            return Ok(found.sound);
        }
    }
}

struct Check<'a> {
    path: &'a Path,
    sound: Soundness,
    /// The keys seen: no two articles have the same.
    keys: FxHashSet<String>,
}

impl<'a> Check<'a> {
    fn new(path: &'a Path) -> Check<'a> {
        let sound = Soundness { index: path.display().to_string(), ..Soundness::default() };
        Check { path, sound, keys: FxHashSet::default() }
    }

    fn fault(&mut self, place: impl Into<String>, detail: impl ToString) {
        if self.sound.faults.len() < FAULT_LIMIT {
            self.sound.faults.push(Fault { place: place.into(), detail: detail.to_string() });
        }
    }

    fn commit(&mut self) {
        let opened = MmapDirectory::open(self.path)
            .map_err(tantivy::TantivyError::from)
            .and_then(|folder| Ok((Stories::open(&folder), tantivy::Index::open(ReadOnly(folder))?)));
        let (stories, index) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.fault("meta.json", error),
        };
        let handles = Handles::new();
        if index.schema() != handles.schema {
            return self.fault("meta.json", "its fields are not those of this format");
        }
        let metas = match index.load_metas() {
            Ok(metas) => metas,
            Err(error) => return self.fault("meta.json", error),
        };
        self.sound.stale_copies = stories.stamp() != Some(metas.opstamp);
        self.checksums(index.directory(), &metas.list_segment_files());
        if !self.sound.is_sound() {
            return;
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let searcher = match reader.map(|reader: tantivy::IndexReader| reader.searcher()) {
            Ok(searcher) => searcher,
            Err(error) => return self.fault("meta.json", error),
        };
        for segment in searcher.segment_readers() {
            self.sound.segments += 1;
            if let Err(error) = self.segment(segment, &handles) {
                self.fault(segment.segment_id().uuid_string(), error);
            }
        }
        match half_read(&searcher, &handles) {
            Ok(files) => self.sound.half_read = files,
            Err(error) => self.fault("meta.json", error),
        }
    }

    /// Compares every file of the commit with its checksum, and names those of no commit.
    fn checksums(&mut self, folder: &ManagedDirectory, of_commit: &HashSet<PathBuf>) {
        let mut names: Vec<PathBuf> = folder.list_managed_files().into_iter().collect();
        names.sort_unstable();
        for name in names {
            let shown = name.display().to_string();
            let there = fs::metadata(self.path.join(&name)).ok();
            if !of_commit.contains(&name) {
                if there.is_some() && shown != "meta.json" {
                    self.sound.leftovers.push(shown);
                }
                continue;
            }
            self.sound.files += 1;
            self.sound.bytes += there.as_ref().map_or(0, fs::Metadata::len);
            match folder.validate_checksum(&name) {
                Ok(true) => {}
                Ok(false) => self.fault(shown, "it is not what was written: the checksum differs"),
                Err(_) if there.is_none() => self.fault(shown, "it is missing"),
                Err(error) => self.fault(shown, error),
            }
        }
    }

    /// Reads every article of a segment and looks for its quotes.
    fn segment(&mut self, segment: &SegmentReader, handles: &Handles) -> tantivy::Result<()> {
        let columns = segment.fast_fields();
        let (body_at, keys) = (columns.u64("body_at")?, columns.str("key")?);
        let family = Family::new(segment, &[])?;
        let store = segment.get_store_reader(10)?;
        let mut orphans = 0;
        for doc in segment.doc_ids_alive() {
            if family.ordinal(doc).is_some() {
                let article = family.article(doc).filter(|article| body_at.first(*article).is_some());
                match article.is_some_and(|article| !segment.is_deleted(article)) {
                    true => self.sound.quotes += 1,
                    false => orphans += 1,
                }
            }
            if body_at.first(doc).is_none() {
                continue;
            }
            self.sound.articles += 1;
            let key = text_of(keys.as_ref(), doc)?.unwrap_or_default();
            let numbered = |(quote, number): &(DocId, u32)| family.ordinal(*quote) == Some(*number);
            let quotes = family.quotes(doc).zip(0..).take_while(numbered).count();
            let document: TantivyDocument = store.get(doc)?;
            let kept = document.get_first(handles.record).and_then(|value| value.as_bytes());
            if let Some(detail) =
                kept.map_or(Some("its text is missing".to_owned()), |kept| fault_of(kept, &key, quotes))
            {
                self.fault(key.clone(), detail);
            }
            if !self.keys.insert(key.clone()) {
                self.fault(key, "it is in the index twice");
            }
        }
        if orphans > 0 {
            self.fault(segment.segment_id().uuid_string(), format!("{orphans} quotes belong to no article"));
        }
        Ok(())
    }
}

/// Returns the files that something is there of and that never were read to their end, sorted.
fn half_read(searcher: &Searcher, handles: &Handles) -> tantivy::Result<Vec<String>> {
    let files = files::read(searcher, handles)?;
    let names: BTreeSet<&str> = files.iter().filter(|file| !file.whole).map(|file| file.path).collect();
    let mut found = Vec::new();
    for name in names {
        // A file that went stays in the dictionary until its segment is merged.
        if is_there(searcher, handles, name)? {
            found.push(name.to_owned());
        }
    }
    Ok(found)
}

/// Returns whether a document of a file is alive.
fn is_there(searcher: &Searcher, handles: &Handles, file: &str) -> tantivy::Result<bool> {
    let tag = handles.tag(Tag::File, file);
    for segment in searcher.segment_readers() {
        if !living(segment, &tag)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns what is wrong with an article as it is kept.
fn fault_of(kept: &[u8], key: &str, quotes: usize) -> Option<String> {
    let record: Record = match postcard::from_bytes(kept) {
        Ok(record) => record,
        Err(error) => return Some(format!("what is kept of it cannot be read: {error}")),
    };
    let parts = [record.headline, record.dek, Some(record.body)].into_iter().flatten();
    let mut spans = parts.chain(record.quotes.iter().flat_map(|quote| quote.spans.iter().copied()));
    let stands = |span: Span| record.text.get(span.range()).is_some();
    if !spans.all(stands) {
        return Some("a part of it lies outside of its text".to_owned());
    }
    if record.key() != key {
        return Some(format!("it is kept as `{}`", record.key()));
    }
    let known = record.quotes.len();
    (known != quotes).then(|| format!("it has {known} quotes and {quotes} of them can be found"))
}
