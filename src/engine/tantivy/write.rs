//! Writes documents: one batch a file, one lock, one commit for many files.
//!
//! A batch holds an article with its quotes behind it, so a quote finds its article by counting back. The list of
//! [`files`] is kept in the same index: it can never disagree with what a commit holds. A file that was cut off in the
//! middle is deleted before it is added again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentMeta;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Directory, IndexSettings, IndexWriter, TantivyError};

use super::borders;
use super::directory::{Refusal, Watchful};
use super::document::{Parcel, Prepared};
use super::family::{pack_named, pack_said, pack_spoken};
use super::fields::{ARTICLE, FILE, Handles, Tag};
use super::files::{self, FileEntry, Files, PROBLEM_LIMIT, Totals, file_stem};
use super::folder::{broken, check_format, clear, explain, io_error, lock};
use super::growing::Growing;
use super::maps;
use super::names;
use super::read::Index;
use super::removal::Order;
use super::skipped;
use super::store;
use super::stories;
use crate::article::Article;
use crate::copies::Signature;
use crate::engine::Error;
use crate::layers::{Layers, QuoteKind};
use crate::problem::Problem;
use crate::schema::{self, Document, DocumentKind, Field, Record};

/// So many documents go into one segment, whoever makes them.
const FEW: u32 = 2_000;

/// How a writer works.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// Threads of Tantivy.
    pub threads: usize,
    /// Memory for documents not yet on disk, in bytes, of all threads together.
    pub memory: usize,
    /// Whether to throw away what is there, whatever its version.
    pub rebuild: bool,
}

/// An index open for writing; there is at most one.
///
/// Whoever makes documents puts them into a segment that grows in memory, one for each thread that indexes. Tantivy gets
/// the segment when it is full or a commit is due, and from there on merges, deletes and commits.
pub struct Writer {
    path: PathBuf,
    handles: Handles,
    index: tantivy::Index,
    /// Whoever adds holds it for reading, so that a commit has all of a file's changes or none.
    writer: RwLock<IndexWriter>,
    growing: Vec<Mutex<Option<Growing>>>,
    /// Whether the first of them is so large that every thread takes its own: a short run makes one segment.
    many: AtomicBool,
    /// Memory for each segment that grows, in bytes.
    memory: usize,
    order: Order,
    refusal: Refusal,
    _lock: File,
}

/// One article and its quotes as documents, ready to be written.
pub struct Batch {
    key: String,
    parcel: Parcel,
    /// The values of the article, the last ones of the parcel.
    article: Range<u32>,
    /// The values of each quote.
    quotes: Vec<Range<u32>>,
}

impl Batch {
    /// Returns the documents, the article first.
    fn documents(self) -> impl Iterator<Item = Prepared> {
        let Batch { parcel, article, quotes, .. } = self;
        parcel.into_documents(std::iter::once(article).chain(quotes))
    }
}

impl Writer {
    /// Opens the index in the folder `path`, or makes a new one there.
    ///
    /// # Errors
    /// [`Error::Locked`] when another run writes it, [`Error::Version`] when it has another format.
    pub fn open(path: &Path, options: WriterOptions) -> Result<Writer, Error> {
        fs::create_dir_all(path).map_err(|cause| io_error(path, cause))?;
        let lock = lock(path)?;
        if options.rebuild {
            clear(path)?;
        }
        check_format(path, true)?;
        let folder = MmapDirectory::open(path).map_err(|error| broken(path, error))?;
        Writer::open_in(path, folder, lock, options)
    }

    /// Opens the index in a directory of Tantivy's; tests give one that fails.
    fn open_in<D: Directory + Clone>(
        path: &Path,
        folder: D,
        lock: File,
        options: WriterOptions,
    ) -> Result<Writer, Error> {
        let refusal = Refusal::default();
        let failed = |error: TantivyError| explain(path, &refusal, &error);
        let handles = Handles::new();
        let folder = Watchful::new(folder, refusal.clone());
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(store::LEVEL) }),
            docstore_blocksize: store::BLOCK,
            ..IndexSettings::default()
        };
        let builder = tantivy::Index::builder().schema(handles.schema.clone()).settings(settings);
        let index = builder.open_or_create(folder).map_err(failed)?;
        let threads = options.threads.max(1);
        let memory = (options.memory / threads).clamp(15_000_000, 4_000_000_000);
        // The one thread of its own has nothing to do.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(threads.min(2))
            .memory_budget_per_thread(memory)
            .build();
        let writer = index.writer_with_options(options).map_err(failed)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(0.2);
        writer.set_merge_policy(Box::new(policy));
        let growing = (0..threads).map(|_| Mutex::new(None)).collect();
        let (path, writer, many) = (path.to_owned(), RwLock::new(writer), AtomicBool::new(false));
        let order = Order::default();
        Ok(Writer { path, handles, index, writer, growing, many, memory, order, refusal, _lock: lock })
    }

    /// Returns the files the last commit was made from.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn files(&self) -> Result<Files, Error> {
        let failed = |error: TantivyError| self.explain(&error);
        let stamp = self.index.load_metas().map_err(failed)?.opstamp;
        if let Some(files) = Files::kept(&self.path, stamp) {
            return Ok(files);
        }
        let reader = self.index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into();
        files::read(&reader.map_err(failed)?.searcher(), &self.handles).map_err(failed)
    }

    /// Returns the field maps that were kept last, by root.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn maps(&self) -> Result<BTreeMap<String, Vec<String>>, Error> {
        maps::read(&self.path)
    }

    /// Keeps field maps in place of those.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep_maps(&self, maps: &BTreeMap<String, Vec<String>>) -> Result<(), Error> {
        maps::write(&self.path, maps)
    }

    /// Keeps what is left out below the roots and stands in no entry, in place of what was kept of them.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_skipped(&self, is_below: &dyn Fn(&str) -> bool, skipped: Vec<Problem>) -> Result<(), Error> {
        let mut all = skipped::read(&self.path)?;
        all.retain(|problem| !is_below(&problem.path));
        all.extend(skipped);
        all.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
        skipped::write(&self.path, &all)
    }

    /// Returns an article and its quotes as documents of a file.
    ///
    /// # Errors
    /// When the article cannot be encoded.
    pub fn batch(&self, file: &str, article: Article, layers: Layers) -> Result<Batch, Error> {
        let documents = schema::documents(&article, &layers);
        let named = layers.entities.len();
        let mut parcel = Parcel::with_capacity(
            24 + 8 * documents.len() + 2 * named,
            (file.len() + 64) * documents.len() + 24 * named,
        );
        let mut from = String::with_capacity(file.len() + 2);
        Tag::File.push(file, 0, &mut from);
        let mut quotes = Vec::with_capacity(documents.len());
        for quote in &documents[1..] {
            let start = parcel.len();
            self.add_values(&from, None, quote, &mut parcel);
            quotes.push(start..parcel.len());
        }
        // The article's come last: more can be added to them.
        let start = parcel.len();
        let own_id = Some(article.id.as_str()).filter(|id| *id != file_stem(file));
        self.add_values(&from, own_id, &documents[0], &mut parcel);
        let article_parts = documents.into_iter().next().map(|document| (document.parts, document.cut));
        let (parts, cut) = article_parts.unwrap_or_default();
        let record = Record::new(article, layers.quotes);
        let room = Vec::with_capacity(record.text.len() + 128 * record.quotes.len() + 512);
        let kept = postcard::to_extend(&record, room).map_err(|error| broken(&self.path, error))?;
        let key = record.key();
        // The text is the last thing in the record.
        let text = kept.len() - record.text.len();
        parcel.cut(cut);
        for (field, span, words) in parts {
            if let Some(handle) = self.handles.terms_of(field) {
                parcel.add_part(handle, text + span.start as usize..text + span.end as usize, words);
            }
        }
        parcel.add_text(self.handles.key, |out| out.push_str(&key));
        parcel.add_number(self.handles.size, record.text.len() as u64);
        parcel.keep(self.handles.record, kept);
        let article = start..parcel.len();
        Ok(Batch { key, parcel, article, quotes })
    }

    /// Adds the values of a document; `from` is the tag of its file.
    fn add_values(&self, from: &str, own_id: Option<&str>, document: &Document<'_>, out: &mut Parcel) {
        let handles = &self.handles;
        let named = document.words.iter().filter_map(|(field, value)| Some((handles.terms_of(*field)?, *value)));
        named.for_each(|(handle, value)| out.add_text(handle, |out| out.push_str(value)));
        if let Some(date) = document.date {
            out.add_number(handles.date, u64::from(date.number()));
        }
        let kind = match document.kind {
            DocumentKind::Article => {
                out.add_number(handles.dek_at, u64::from(document.at.dek));
                out.add_number(handles.body_at, u64::from(document.at.body));
                let columns = document.signature.iter().flat_map(Signature::columns);
                columns.for_each(|column| out.add_number(handles.signature, column));
                ARTICLE
            }
            DocumentKind::Quote => {
                if let Some((known, name)) = document.speaker.filter(|(_, name)| !name.is_empty()) {
                    out.add_text(handles.speaker, |out| names::push_speaker(known, name, out));
                }
                out.add_number(handles.ordinal, u64::from(document.ordinal));
                document.quote_kind.map_or("", QuoteKind::name)
            }
        };
        document.said.iter().for_each(|(from, length)| out.add_number(handles.said, pack_said(*from, *length)));
        document.spoken.iter().for_each(|(from, length)| out.add_number(handles.spoken, pack_spoken(*from, *length)));
        document.named.iter().for_each(|named| out.add_number(handles.named, pack_named(named)));
        for (kind, name) in &document.names {
            out.add_text(handles.entity, |out| names::push_entity(*kind, name, out));
        }
        for (short, long) in &document.shorts {
            out.add_text(handles.entity, |out| names::push_short(short, long, out));
        }
        borders::pack(&document.sentences, document.at.dek, |packed| out.add_number(handles.borders, packed));
        out.add_text(handles.tags, |out| {
            let start = out.len();
            out.push_str(from);
            Tag::Kind.push(kind, start, out);
            own_id.into_iter().for_each(|id| Tag::Id.push(id, start, out));
            for (_, role) in document.words.iter().filter(|(field, _)| *field == Field::Role) {
                Tag::Role.push(role, start, out);
            }
            for (_, lang) in document.words.iter().filter(|(field, _)| *field == Field::Lang) {
                Tag::Lang.push(&lang.to_lowercase(), start, out);
            }
        });
    }

    /// Adds batches of a file that is not complete yet. `place` is a number of the thread that does: each has a segment
    /// of its own.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn add(&self, place: usize, batches: Vec<Batch>) -> Result<(), Error> {
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        self.grow(&writer, place, batches.into_iter().flat_map(Batch::documents))
    }

    /// Adds the last batches of a file and its entry; what the index holds of the file at `replace`, itself or where it
    /// was before, is deleted first.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn add_last(
        &self,
        place: usize,
        entry: &FileEntry,
        replace: Option<&str>,
        mut batches: Vec<Batch>,
    ) -> Result<(), Error> {
        let own = match &mut batches[..] {
            [only] if only.key == entry.path && entry.problems.is_empty() => {
                self.add_entry(entry, &mut only.parcel);
                only.article.end = only.parcel.len();
                None
            }
            _ => Some(self.entry_document(entry)?),
        };
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = replace {
            self.delete(&writer, file)?;
        }
        self.grow(&writer, place, batches.into_iter().flat_map(Batch::documents).chain(own.into_iter().flatten()))
    }

    /// Adds documents to a segment that grows, and writes it when it is full.
    fn grow(&self, writer: &IndexWriter, place: usize, documents: impl Iterator<Item = Prepared>) -> Result<(), Error> {
        let own = if self.many.load(Ordering::Relaxed) { place % self.growing.len() } else { 0 };
        let growing = &self.growing[own];
        let mut growing = growing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut segment = match growing.take() {
            Some(segment) => segment,
            None => Growing::new(&self.index).map_err(|error| self.explain(&error))?,
        };
        for document in documents {
            segment.add(&document).map_err(|error| self.explain(&error))?;
        }
        if own == 0 && segment.documents() >= FEW {
            self.many.store(true, Ordering::Relaxed);
        }
        if segment.memory() < self.memory {
            *growing = Some(segment);
            return Ok(());
        }
        self.hand_over(writer, segment.finish())
    }

    /// Gives Tantivy a segment that was written.
    fn hand_over(&self, writer: &IndexWriter, segment: tantivy::Result<SegmentMeta>) -> Result<(), Error> {
        let segment = segment.map_err(|error| self.explain(&error))?;
        self.order.add(segment.id());
        writer.add_segment(segment).map_err(|error| self.explain(&error))
    }

    fn delete(&self, writer: &IndexWriter, file: &str) -> Result<(), Error> {
        let mut tag = String::new();
        Tag::File.push(file, 0, &mut tag);
        for growing in &self.growing {
            // What was added a moment ago is deleted, too: Tantivy must have it first.
            let mut growing = growing.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(segment) = growing.take_if(|segment| segment.holds(self.handles.tags, &tag)) {
                self.hand_over(writer, segment.finish())?;
            }
        }
        let removal = self.order.removal(self.handles.tag(Tag::File, file));
        writer.delete_query(Box::new(removal)).map_err(|error| self.explain(&error))?;
        Ok(())
    }

    fn add_entry(&self, entry: &FileEntry, out: &mut Parcel) {
        out.add_number(self.handles.modified, entry.modified);
        out.add_number(self.handles.file_size, entry.size);
        entry.hash.into_iter().for_each(|hash| out.add_number(self.handles.hash, hash));
        entry.map.into_iter().for_each(|map| out.add_number(self.handles.map, map));
        entry.origin.iter().for_each(|origin| out.add_text(self.handles.origin, |out| out.push_str(origin)));
    }

    /// Returns the document of a file that is not one article.
    fn entry_document(&self, entry: &FileEntry) -> Result<impl Iterator<Item = Prepared> + use<>, Error> {
        let mut parcel = Parcel::default();
        self.add_entry(entry, &mut parcel);
        parcel.add_text(self.handles.tags, |out| {
            Tag::File.push(&entry.path, 0, out);
            Tag::Kind.push(FILE, 0, out);
        });
        parcel.add_text(self.handles.key, |out| out.push_str(&entry.path));
        if !entry.problems.is_empty() {
            let first = &entry.problems[..entry.problems.len().min(PROBLEM_LIMIT)];
            let kept = postcard::to_stdvec(first).map_err(|error| broken(&self.path, error))?;
            parcel.add_number(self.handles.problems, entry.problems.len() as u64);
            parcel.keep(self.handles.record, kept);
        }
        let values = 0..parcel.len();
        Ok(parcel.into_documents(std::iter::once(values)))
    }

    /// Deletes everything that came from a file.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn remove(&self, file: &str) -> Result<(), Error> {
        self.delete(&self.writer.read().unwrap_or_else(PoisonError::into_inner), file)
    }

    /// Makes everything added so far findable, all at once, and safe from a crash.
    ///
    /// # Errors
    /// When the index cannot be written; the last commit then stands.
    pub fn commit(&self) -> Result<(), Error> {
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        let growing = self.growing.iter();
        let full = growing.filter_map(|growing| growing.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.many.store(false, Ordering::Relaxed);
        for segment in finished(full.collect()) {
            self.hand_over(&writer, segment)?;
        }
        writer.commit().map_err(|error| self.explain(&error))?;
        Ok(())
    }

    /// Makes one segment of all, without what was deleted, and removes the files of the old ones. What is there can be
    /// searched at every moment; until the end both are on disk.
    ///
    /// # Errors
    /// When it cannot be written; the index is then as it was.
    pub fn merge_all(&self) -> Result<(), Error> {
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: TantivyError| self.explain(&error);
        let metas = self.index.searchable_segment_metas().map_err(failed)?;
        if metas.len() > 1 || metas.iter().any(tantivy::SegmentMeta::has_deletes) {
            let ids: Vec<_> = metas.iter().map(tantivy::SegmentMeta::id).collect();
            writer.merge(&ids).wait().map_err(failed)?;
        }
        // While somebody holds what a segment is known by, its files are not removed.
        drop(metas);
        writer.garbage_collect_files().wait().map_err(failed)?;
        Ok(())
    }

    /// Waits for the merges that are running, finds out which articles are copies of one story, keeps what is known of
    /// the files where all of them were seen to, and lets go of the index. Returns what it holds.
    ///
    /// # Errors
    /// When a merge failed; the last commit then stands.
    pub fn finish(self, files: Option<Files>) -> Result<Totals, Error> {
        let Writer { path, writer, refusal, index, _lock, .. } = self;
        let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: TantivyError| explain(&path, &refusal, &error);
        writer.wait_merging_threads().map_err(failed)?;
        let stamp = index.load_metas().map_err(failed)?.opstamp;
        let keep = || {
            let totals = match files.as_ref().and_then(|files| files.totals) {
                Some(totals) => totals,
                None => Index::open(&path)?.totals()?,
            };
            if let Some(mut files) = files {
                files.totals = Some(totals);
                files.keep(&path, stamp)?;
            }
            Ok(totals)
        };
        let mut told = Ok(());
        let totals = thread::scope(|scope| {
            scope.spawn(|| told = stories::bring_in_step(&index, &path));
            keep()
        });
        told.map_err(failed)?;
        totals
    }

    fn explain(&self, error: &TantivyError) -> Error {
        explain(&self.path, &self.refusal, error)
    }
}

/// Writes segments, each on a thread of its own.
fn finished(growing: Vec<Growing>) -> Vec<tantivy::Result<SegmentMeta>> {
    thread::scope(|scope| {
        let threads: Vec<_> = growing.into_iter().map(|segment| scope.spawn(|| segment.finish())).collect();
        let failed = |_| Err(TantivyError::ErrorInThread("a segment could not be written".to_owned()));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(failed)).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufWriter, Write};
    use std::sync::Arc;
    use std::sync::atomic::AtomicI64;

    use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
    use tantivy::directory::{
        AntiCallToken, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
    };

    use super::*;
    use crate::article::Span;
    use crate::engine::tantivy::Index;
    use crate::plan::Clause;

    /// A disk with so many bytes left.
    #[derive(Clone, Debug)]
    struct Disk {
        inner: MmapDirectory,
        left: Arc<AtomicI64>,
    }

    struct DiskWrite {
        inner: WritePtr,
        left: Arc<AtomicI64>,
    }

    fn spend(left: &AtomicI64, bytes: usize) -> io::Result<()> {
        let full = left.fetch_sub(bytes as i64, Ordering::SeqCst) < bytes as i64;
        if full { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    }

    impl Write for DiskWrite {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            spend(&self.left, bytes.len())?;
            self.inner.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.inner.flush()
        }
    }

    impl TerminatingWrite for DiskWrite {
        fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
            self.inner.terminate_ref(token)
        }
    }

    impl Directory for Disk {
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.inner.get_file_handle(path)
        }

        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.inner.delete(path)
        }

        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.inner.exists(path)
        }

        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            let inner = self.inner.open_write(path)?;
            Ok(BufWriter::new(Box::new(DiskWrite { inner, left: Arc::clone(&self.left) })))
        }

        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.inner.atomic_read(path)
        }

        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            spend(&self.left, data.len())?;
            self.inner.atomic_write(path, data)
        }

        fn sync_directory(&self) -> io::Result<()> {
            self.inner.sync_directory()
        }

        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.inner.acquire_lock(lock)
        }

        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.inner.watch(callback)
        }
    }

    const OPTIONS: WriterOptions = WriterOptions { threads: 1, memory: 15_000_000, rebuild: false };

    fn add(writer: &Writer, path: &str, words: &str) -> Result<(), Error> {
        put(writer, 0, path, None, words)
    }

    fn put(writer: &Writer, place: usize, path: &str, replace: Option<&str>, words: &str) -> Result<(), Error> {
        let body = Span::new(0, words.len());
        let article = Article { path: path.to_owned(), text: words.to_owned(), body, ..Article::default() };
        let batch = writer.batch(path, article, Layers::default())?;
        let entry = FileEntry { path: path.to_owned(), modified: 1, size: 1, whole: true, ..FileEntry::default() };
        writer.add_last(place, &entry, replace, vec![batch])
    }

    fn count(path: &Path, word: &str) -> u64 {
        Index::open(path).expect("an index").count(&Clause::word(Field::Text, word)).expect("a count")
    }

    /// Opens the index on a disk with `left` bytes and adds articles until something gives.
    fn fill(path: &Path, left: i64) -> Result<(), Error> {
        let lock = lock(path)?;
        let disk = Disk { inner: MmapDirectory::open(path).expect("a folder"), left: Arc::new(AtomicI64::new(left)) };
        let writer = Writer::open_in(path, disk, lock, OPTIONS)?;
        for n in 0..200 {
            add(&writer, &format!("{n}.txt"), &format!("second harvest of {n} words {}", "and more ".repeat(200)))?;
        }
        writer.commit()?;
        writer.finish(None).map(|_| ())
    }

    /// A delete reaches what was added before it, on disk or in memory, and nothing that was added behind it.
    #[test]
    fn a_file_is_replaced_whether_or_not_it_was_committed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let writer = Writer::open(path, WriterOptions { threads: 2, ..OPTIONS }).expect("a writer");
        let counts = || ["first", "second", "third", "fourth", "other"].map(|word| count(path, word));
        put(&writer, 0, "a.txt", None, "first").expect("an addition");
        put(&writer, 1, "a.txt", Some("a.txt"), "second").expect("an addition");
        put(&writer, 0, "b.txt", None, "other").expect("an addition");
        writer.commit().expect("a commit");
        assert_eq!(counts(), [0, 1, 0, 0, 1]);
        // The first went to disk to be deleted; what came behind it is one segment, whoever made it.
        assert!(writer.index.searchable_segments().expect("segments").len() <= 2);
        put(&writer, 1, "a.txt", Some("a.txt"), "third").expect("an addition");
        writer.commit().expect("a commit");
        assert_eq!(counts(), [0, 0, 1, 0, 1]);
        writer.remove("a.txt").expect("a delete");
        put(&writer, 0, "a.txt", None, "fourth").expect("an addition");
        writer.commit().expect("a commit");
        assert_eq!(counts(), [0, 0, 0, 1, 1]);
        writer.remove("b.txt").expect("a delete");
        writer.commit().expect("a commit");
        assert_eq!(counts(), [0, 0, 0, 1, 0]);
    }

    #[test]
    fn a_full_disk_is_said_and_leaves_the_last_commit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let writer = Writer::open(path, OPTIONS).expect("a writer");
        add(&writer, "a.txt", "first harvest").expect("an addition");
        writer.commit().expect("a commit");
        writer.finish(None).expect("the merges");
        for left in [0, 100, 1_000, 3_000, 5_000] {
            let error = fill(path, left).expect_err("a full disk");
            assert!(matches!(error, Error::DiskFull(_)), "{left} bytes left: {error:?}");
            assert!(error.to_string().contains("is full"), "{error}");
            assert_eq!((count(path, "first"), count(path, "second")), (1, 0), "{left} bytes left");
        }
        fill(path, i64::MAX).expect("room enough");
        assert_eq!((count(path, "first"), count(path, "second")), (1, 200));
    }
}
