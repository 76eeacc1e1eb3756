//! One run: walks, hands out files, and deletes what vanished.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use rustc_hash::FxHashSet;

use super::gone::Seen;
use super::pace::Pace;
use super::worker::{Piece, Worker};
use super::{Error, OnProblem, OnProgress, Options, Progress, Summary};
use crate::engine;
use crate::engine::tantivy::{Files, Writer};
use crate::problem::{Problem, Reason};
use crate::read::FieldMap;
use crate::walk::{self, Found, Walk};

/// How many problems a summary holds.
const SUMMARY_PROBLEMS: usize = 1_000;

/// Files go to a worker so many at a time, or fewer when they are large.
const LOAD_FILES: usize = 64;
const LOAD_BYTES: u64 = 1 << 17;

/// What is common to the threads of a run.
pub struct Run<'a> {
    pub writer: &'a Writer,
    pub stop: &'a AtomicBool,
    pub map: &'a FieldMap,
    pub problem: OnProblem<'a>,
    /// The current folder, as a key.
    pub base: String,
    pub commit_bytes: u64,
    pub totals: Totals,
    log: Mutex<Log>,
}

#[derive(Default)]
pub struct Totals {
    pub files: AtomicU64,
    pub files_todo: AtomicU64,
    pub bytes_todo: AtomicU64,
    pub articles: AtomicU64,
    pub new: AtomicU64,
    pub changed: AtomicU64,
    pub bytes: AtomicU64,
}

#[derive(Default)]
struct Log {
    problems: Vec<Problem>,
    skipped: BTreeMap<Reason, u64>,
    /// What no entry of a file keeps.
    apart: Vec<Problem>,
    error: Option<engine::Error>,
}

/// Files on their way to a worker: each hand-over wakes a thread, so small ones go many at a time.
#[derive(Default)]
pub struct Load {
    pub jobs: Vec<Job>,
    pub bytes: u64,
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
pub struct Job {
    pub file: Found,
    /// Whether the index holds something of it.
    pub known: bool,
}

impl<'a> Run<'a> {
    /// Returns a run that has not done anything yet.
    pub fn new(writer: &'a Writer, options: &'a Options, stop: &'a AtomicBool, problem: OnProblem<'a>) -> Run<'a> {
        let (map, commit_bytes, base) = (&options.map, options.commit_mb << 20, walk::here());
        Run { writer, stop, map, problem, base, commit_bytes, totals: Totals::default(), log: Mutex::default() }
    }

    /// Puts to a summary what was read and what was left out.
    pub fn sum_up(self, summary: &mut Summary) {
        let Run { totals, log, stop, .. } = self;
        let Log { problems, skipped, .. } = log.into_inner().unwrap_or_else(PoisonError::into_inner);
        summary.new = totals.new.into_inner();
        summary.changed = totals.changed.into_inner();
        summary.bytes = totals.bytes.into_inner();
        (summary.problems, summary.skipped) = (problems, skipped);
        summary.interrupted = stop.load(Ordering::Relaxed);
    }
}

impl Run<'_> {
    /// Walks, hands every file that is new, changed or cut off in the middle to workers, and deletes what vanished.
    /// Returns how many files vanished.
    pub fn walk_and_work(
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
            let (give, pieces) = bounded::<Piece>(threads * 2);
            for _ in 0..threads {
                let (receiver, give, done) = (receiver.clone(), give.clone(), done.clone());
                let worker = Worker::new(self, pieces.clone());
                scope.spawn(move || {
                    worker.work(&receiver, give);
                    drop(done);
                });
            }
            drop((receiver, give, pieces, done));
            let (mut pace, mut load) = (Pace::new(), Load::default());
            let walk = walk::walk(&options.paths, &options.rules, &mut |file| {
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
        seen.sort_unstable();
        self.close_walk(walk.map_err(Error::BadGlob)?, &seen, options, known, summary)
    }

    /// Tells what the walk met beside files, and deletes what it did not meet. Returns how many files vanished.
    fn close_walk(
        &self,
        walk: Walk,
        files: &[String],
        options: &Options,
        known: &Files,
        summary: &mut Summary,
    ) -> Result<u64, Error> {
        let Walk { problems, roots, missing, passed_over } = walk;
        let unlisted = problems.iter().filter(|problem| problem.reason == Reason::Unreadable);
        let unlisted: Vec<String> = unlisted.map(|problem| problem.path.clone()).collect();
        for found in problems {
            self.report_apart(found);
        }
        summary.missing_roots = missing;
        for row in &passed_over {
            *summary.passed_over.entry(row.reason).or_default() += 1;
        }
        // A walk that was stopped has not seen every file that is there.
        if self.stop.load(Ordering::Relaxed) {
            return Ok(0);
        }
        let mut apart = std::mem::take(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner).apart);
        apart.extend(passed_over);
        let walked: FxHashSet<&str> = roots.iter().map(String::as_str).collect();
        let is_below = |key: &str| walk::and_above(key).any(|folder| walked.contains(folder));
        self.writer.keep_skipped(&is_below, apart)?;
        let seen = Seen { files, roots: &roots, unlisted: &unlisted };
        self.remove_gone(&seen, options, known, summary)
    }

    /// Returns how many files are new, changed or were cut off in the middle.
    pub fn files_todo(&self) -> u64 {
        self.totals.files_todo.load(Ordering::Relaxed)
    }

    /// Returns whether the run is to end early.
    pub fn stopped(&self) -> bool {
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

    /// Tells a problem that no entry of a file keeps, and keeps it beside the index.
    pub fn report_apart(&self, problem: Problem) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.apart.push(problem.clone());
        drop(log);
        self.report(problem);
    }

    /// Counts a problem and tells it, with the path as seen from the current folder.
    pub fn report(&self, problem: Problem) {
        let problem = Problem { path: walk::relative(&problem.path, &self.base).to_owned(), ..problem };
        (self.problem)(&problem);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        *log.skipped.entry(problem.reason).or_default() += 1;
        if log.problems.len() < SUMMARY_PROBLEMS {
            log.problems.push(problem);
        }
    }

    /// Remembers the error that ends the run, the first one.
    pub fn fail(&self, error: engine::Error) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.error.get_or_insert(error);
    }

    fn failed(&self) -> bool {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).error.is_some()
    }
}
