//! Brings an index in step with files and folders: new and changed articles go in, vanished ones go out.
//!
//! One thread walks and hands out files at once; workers read, annotate and write them; Tantivy's threads index. An
//! unchanged file costs one `stat`. Everything since the last commit is lost when the run is killed, and found again
//! by the next one; what was committed stays findable at every moment.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::annotate::Annotator;
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::{Batch, FileEntry, Files, Index, PROBLEM_LIMIT, Pending, Writer, WriterOptions};
use crate::problem::{Problem, Reason};
use crate::read::{self, FieldMap, Options as ReadOptions, Source};
use crate::walk::{self, Found, Walk};

/// A commit comes after this time.
const COMMIT_TIME: Duration = Duration::from_secs(60);
/// How many problems a summary holds.
const SUMMARY_PROBLEMS: usize = 1_000;
/// A file with more records is written in pieces of this many.
const PIECE: usize = 256;

/// Files go to a worker so many at a time, or fewer when they are large.
const LOAD_FILES: usize = 64;
const LOAD_BYTES: u64 = 1 << 17;

/// What to index, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the index.
    pub index: PathBuf,
    /// Files and folders of articles.
    pub paths: Vec<PathBuf>,
    /// How many threads annotate, and as many index.
    pub threads: usize,
    /// Memory for documents not yet on disk, in MB.
    pub memory_mb: usize,
    /// A commit comes after this many MB of files; what was not committed is lost when the run is killed.
    pub commit_mb: u64,
    /// Whether to throw away the index that is there.
    pub rebuild: bool,
    /// Whether to go through symbolic links.
    pub follow_links: bool,
    /// Which fields of records are what.
    pub map: FieldMap,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files done, unchanged ones not counted.
    pub files_done: u64,
    /// Files to do, once the walk is over.
    pub files_total: Option<u64>,
    /// Bytes of these done.
    pub bytes_done: u64,
    /// Bytes of these to do.
    pub bytes_total: Option<u64>,
    /// Articles added.
    pub articles: u64,
}

/// What a run did, and what the index holds after it.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Articles from files that were not there before.
    pub new: u64,
    /// Articles from files that changed.
    pub changed: u64,
    /// Articles whose files vanished.
    pub gone: u64,
    /// Articles whose files did not change.
    pub unchanged: u64,
    /// Articles now in the index.
    pub articles: u64,
    /// Quotes now in the index.
    pub quotes: u64,
    /// Different speakers now in the index.
    pub speakers: u64,
    /// What was left out, the first 1,000.
    pub problems: Vec<Problem>,
    /// How often each kind of trouble came.
    pub skipped: BTreeMap<Reason, u64>,
    /// Roots that are not there; what the index holds of them stays.
    pub missing_roots: Vec<PathBuf>,
    /// Bytes of files read in this run.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
}

/// Why a run could not go on.
#[derive(Debug)]
pub enum Error {
    /// The index could not be written.
    Engine(engine::Error),
    /// None of the paths is there.
    NothingThere(Vec<PathBuf>),
}

impl Error {
    /// Returns whether another run is writing the index.
    pub fn is_locked(&self) -> bool {
        matches!(self, Error::Engine(engine::Error::Locked(_)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Engine(error) => error.fmt(out),
            Error::NothingThere(paths) => {
                let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
                write!(out, "nothing to index: {} not found", names.join(", "))
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Error {
        Error::Engine(error)
    }
}

/// Takes word of how far a run is.
pub type OnProgress<'a> = &'a (dyn Fn(&Progress) + Sync);
/// Takes word of each file or record that is left out.
pub type OnProblem<'a> = &'a (dyn Fn(&Problem) + Sync);

/// Brings the index in step with the paths. Setting `stop` ends the run early, with what is done committed.
///
/// # Errors
/// When the index cannot be written, is being written by another run, or none of the paths is there.
pub fn bring_in_step(
    options: &Options,
    stop: &AtomicBool,
    progress: OnProgress<'_>,
    problem: OnProblem<'_>,
) -> Result<Summary, Error> {
    let started = Instant::now();
    if !options.paths.iter().any(|path| path.exists()) {
        return Err(Error::NothingThere(options.paths.clone()));
    }
    let memory = options.memory_mb.saturating_mul(1 << 20);
    let threads = options.threads.max(1);
    let writer = Writer::open(&options.index, WriterOptions { threads, memory, rebuild: options.rebuild })?;
    let known = writer.files()?;
    let (totals, log, base) = (Totals::default(), Mutex::default(), walk::here());
    let (map, commit_bytes) = (&options.map, options.commit_mb << 20);
    let run = Run { writer: &writer, stop, map, problem, base, commit_bytes, totals, log };
    let mut summary = Summary::default();
    let gone = run.walk_and_work(options, &known, progress, &mut summary)?;
    if gone > 0 || run.totals.files_todo.load(Ordering::Relaxed) > 0 {
        writer.commit()?;
    }
    let Run { totals, log, .. } = run;
    let Log { problems, skipped, .. } = log.into_inner().unwrap_or_else(PoisonError::into_inner);
    writer.finish()?;
    summary.new = totals.new.into_inner();
    summary.changed = totals.changed.into_inner();
    summary.bytes = totals.bytes.into_inner();
    (summary.problems, summary.skipped) = (problems, skipped);
    summary.interrupted = stop.load(Ordering::Relaxed);
    let stats = Index::open(&options.index)?.stats()?;
    summary.articles = stats.articles;
    summary.quotes = stats.quotes.iter().sum();
    summary.speakers = stats.speakers;
    summary.elapsed = started.elapsed();
    Ok(summary)
}

/// What is common to the threads of a run.
struct Run<'a> {
    writer: &'a Writer,
    stop: &'a AtomicBool,
    map: &'a FieldMap,
    problem: OnProblem<'a>,
    /// The current folder, as a key.
    base: String,
    commit_bytes: u64,
    totals: Totals,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Totals {
    files: AtomicU64,
    files_todo: AtomicU64,
    bytes_todo: AtomicU64,
    articles: AtomicU64,
    new: AtomicU64,
    changed: AtomicU64,
    bytes: AtomicU64,
}

#[derive(Default)]
struct Log {
    problems: Vec<Problem>,
    skipped: BTreeMap<Reason, u64>,
    error: Option<engine::Error>,
}

/// Files on their way to a worker: each hand-over wakes a thread, so small ones go many at a time.
#[derive(Default)]
struct Load {
    jobs: Vec<Job>,
    bytes: u64,
}

impl Load {
    fn add(&mut self, job: Job) {
        self.bytes += job.file.size;
        self.jobs.push(job);
    }

    fn is_full(&self) -> bool {
        self.jobs.len() >= LOAD_FILES || self.bytes >= LOAD_BYTES
    }
}

/// A file to read.
struct Job {
    file: Found,
    /// Whether the index holds something of it.
    known: bool,
}

impl Run<'_> {
    /// Walks, hands every file that is new, changed or cut off in the middle to workers, and deletes what vanished.
    /// Returns how many files vanished.
    fn walk_and_work(
        &self,
        options: &Options,
        known: &Files,
        progress: OnProgress<'_>,
        summary: &mut Summary,
    ) -> Result<u64, Error> {
        let threads = options.threads.max(1);
        let tell = |walked| progress(&self.progress(walked));
        let mut seen = Vec::new();
        let walk = thread::scope(|scope| {
            let (sender, receiver) = bounded::<Load>(threads * 2);
            let (done, finished) = bounded::<()>(threads);
            for _ in 0..threads {
                let (receiver, done) = (receiver.clone(), done.clone());
                scope.spawn(move || {
                    self.worker(&receiver);
                    drop(done);
                });
            }
            drop((receiver, done));
            let (mut pace, mut load) = (Pace::new(), Load::default());
            let walk = walk::walk(&options.paths, options.follow_links, &mut |file| {
                seen.push(file.key.clone());
                self.compare(file, known, summary).into_iter().for_each(|job| load.add(job));
                if load.is_full() && (self.stopped() || sender.send(std::mem::take(&mut load)).is_err()) {
                    return ControlFlow::Break(());
                }
                pace.keep(self, &|| tell(false))
            });
            // A send fails only when every worker is gone, and they tell why.
            let _ = sender.send(load);
            drop(sender);
            while let Err(RecvTimeoutError::Timeout) = finished.recv_timeout(Duration::from_millis(100)) {
                tell(true);
                if pace.keep(self, &|| ()).is_break() {
                    break;
                }
            }
            tell(true);
            walk
        });
        let failed = self.log.lock().unwrap_or_else(PoisonError::into_inner).error.take();
        if let Some(error) = failed {
            return Err(error.into());
        }
        let Walk { problems, roots, missing } = walk;
        let unlisted = problems.iter().filter(|problem| problem.reason == Reason::Unreadable);
        let unlisted: Vec<String> = unlisted.map(|problem| problem.path.clone()).collect();
        for found in problems {
            self.report(found);
        }
        summary.missing_roots = missing;
        seen.sort_unstable();
        // A walk that was stopped has not seen every file that is there.
        let whole = !self.stop.load(Ordering::Relaxed);
        Ok(if whole { self.remove_gone(&seen, (&roots, &unlisted), known, summary) } else { 0 })
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed()
    }

    fn progress(&self, walked: bool) -> Progress {
        let load = |total: &AtomicU64| total.load(Ordering::Relaxed);
        let Totals { files, files_todo, bytes, bytes_todo, articles, .. } = &self.totals;
        Progress {
            files_done: load(files),
            files_total: walked.then(|| load(files_todo)),
            bytes_done: load(bytes),
            bytes_total: walked.then(|| load(bytes_todo)),
            articles: load(articles),
        }
    }

    /// Returns what is to be done about a file, if anything.
    fn compare(&self, file: Found, known: &Files, summary: &mut Summary) -> Option<Job> {
        match known.whole.get(&file.key) {
            Some(entry) if entry.modified == file.modified && entry.size == file.size => {
                summary.unchanged += known.articles.get(&file.key).copied().unwrap_or(0);
                for problem in &entry.problems {
                    self.report(problem.clone());
                }
                None
            }
            entry => {
                self.totals.files_todo.fetch_add(1, Ordering::Relaxed);
                self.totals.bytes_todo.fetch_add(file.size, Ordering::Relaxed);
                let known = entry.is_some() || known.partial.contains(&file.key);
                Some(Job { file, known })
            }
        }
    }

    /// Deletes what came from files that are no longer under the roots walked, and returns how many there were. A
    /// file in a folder that could not be listed may well be there.
    fn remove_gone(
        &self,
        seen: &[String],
        walked: (&[String], &[String]),
        known: &Files,
        summary: &mut Summary,
    ) -> u64 {
        let (roots, unlisted) = walked;
        let mut removed = 0;
        for key in known.whole.keys().chain(&known.partial) {
            let there = seen.binary_search(key).is_ok();
            let below = |folder: &String| walk::is_under(key, folder);
            if there || !roots.iter().any(below) || unlisted.iter().any(below) {
                continue;
            }
            self.writer.remove(key);
            summary.gone += known.articles.get(key).copied().unwrap_or(0);
            removed += 1;
        }
        removed
    }

    fn worker(&self, loads: &Receiver<Load>) {
        let (mut annotator, mut pending) = (Annotator::new(), Pending::default());
        for job in loads.iter().flat_map(|load| load.jobs) {
            if self.stopped() {
                continue;
            }
            let read = self.read_file(&job, &mut annotator, &mut pending);
            let written = read.and_then(|()| if pending.is_full() { self.writer.write(&mut pending) } else { Ok(()) });
            if let Err(error) = written {
                self.fail(error);
            }
            self.totals.files.fetch_add(1, Ordering::Relaxed);
        }
        if let Err(error) = self.writer.write(&mut pending) {
            self.fail(error);
        }
    }

    /// Reads one file, annotates its articles and puts them to what is pending, with the file's entry.
    fn read_file(&self, job: &Job, annotator: &mut Annotator, pending: &mut Pending) -> Result<(), engine::Error> {
        let Found { path, key, .. } = &job.file;
        let mut entry =
            FileEntry { path: key.clone(), modified: job.file.modified, size: job.file.size, problems: Vec::new() };
        let mut batches = Batches { run: self, job, annotator, held: Vec::new(), replace: job.known, error: None };
        let mut complain = |problem: Problem| {
            self.report(problem.clone());
            if entry.problems.len() < PROBLEM_LIMIT {
                entry.problems.push(problem);
            }
        };
        let trouble = |reason, detail: String| Problem { path: key.clone(), line: None, reason, detail };
        let mut unread = false;
        match File::open(path) {
            Err(error) => {
                complain(open_problem(key, &error));
                unread = true;
            }
            Ok(file) => {
                let id = walk::stem(path);
                let options = ReadOptions { map: self.map, ..ReadOptions::PLAIN };
                let source = Source { options, ..Source::new(key, &id, job.file.size as usize) };
                let read = read::read(&mut BufReader::new(file), source, &mut |article| match article {
                    Ok(article) => batches.add(article),
                    Err(problem) => complain(problem),
                });
                if let Err(error) = read {
                    complain(trouble(Reason::Unreadable, format!("cannot be read ({})", walk::plain(&error))));
                    unread = true;
                }
            }
        }
        self.totals.bytes.fetch_add(job.file.size, Ordering::Relaxed);
        let Batches { held, replace, error, .. } = batches;
        if let Some(error) = error {
            return Err(error);
        }
        // What could not be read is tried again next time, and what the index holds of it stays.
        if unread { Ok(()) } else { self.writer.add_last(&entry, replace, held, pending) }
    }

    /// Counts a problem and tells it, with the path as seen from the current folder.
    fn report(&self, problem: Problem) {
        let problem = Problem { path: walk::relative(&problem.path, &self.base).to_owned(), ..problem };
        (self.problem)(&problem);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        *log.skipped.entry(problem.reason).or_default() += 1;
        if log.problems.len() < SUMMARY_PROBLEMS {
            log.problems.push(problem);
        }
    }

    fn fail(&self, error: engine::Error) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.error.get_or_insert(error);
    }

    fn failed(&self) -> bool {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).error.is_some()
    }
}

/// When word of the progress and a commit were last due.
struct Pace {
    told: Instant,
    committed: Instant,
    committed_bytes: u64,
}

impl Pace {
    fn new() -> Pace {
        Pace { told: Instant::now(), committed: Instant::now(), committed_bytes: 0 }
    }

    /// Tells how far the run is and commits, each where it is due; breaks off when a commit fails.
    fn keep(&mut self, run: &Run<'_>, tell: &dyn Fn()) -> ControlFlow<()> {
        if self.told.elapsed() > Duration::from_millis(100) {
            tell();
            self.told = Instant::now();
        }
        let bytes = run.totals.bytes.load(Ordering::Relaxed);
        let due = bytes - self.committed_bytes > run.commit_bytes || self.committed.elapsed() > COMMIT_TIME;
        if due {
            if let Err(error) = run.writer.commit() {
                run.fail(error);
                return ControlFlow::Break(());
            }
            (self.committed, self.committed_bytes) = (Instant::now(), bytes);
        }
        ControlFlow::Continue(())
    }
}

/// The articles of one file on their way to the index.
struct Batches<'a> {
    run: &'a Run<'a>,
    job: &'a Job,
    annotator: &'a mut Annotator,
    held: Vec<Batch>,
    /// Whether the next piece has to delete what the index holds of the file.
    replace: bool,
    error: Option<engine::Error>,
}

impl Batches<'_> {
    fn add(&mut self, article: Article) {
        if self.error.is_none() {
            self.error = self.try_add(article).err();
        }
    }

    fn try_add(&mut self, article: Article) -> Result<(), engine::Error> {
        let layers = self.annotator.annotate(&article);
        let file = &self.job.file.key;
        let totals = &self.run.totals;
        let count = if self.job.known { &totals.changed } else { &totals.new };
        count.fetch_add(1, Ordering::Relaxed);
        totals.articles.fetch_add(1, Ordering::Relaxed);
        self.held.push(self.run.writer.batch(file, article, layers)?);
        if self.held.len() == PIECE {
            let held = std::mem::take(&mut self.held);
            self.run.writer.add(file, std::mem::take(&mut self.replace), held)?;
        }
        Ok(())
    }
}

fn open_problem(key: &str, error: &io::Error) -> Problem {
    let (reason, detail) = match error.kind() {
        io::ErrorKind::NotFound => (Reason::Changed, "vanished while the folder was read".to_owned()),
        _ => (Reason::Unreadable, format!("cannot be opened ({})", walk::plain(error))),
    };
    Problem { path: key.to_owned(), line: None, reason, detail }
}
