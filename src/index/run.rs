//! One run: walks, hands out files, and deletes what vanished.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use rustc_hash::FxHashSet;

use super::gone::Seen;
use super::job::{Before, Job, Load};
use super::maps::Maps;
use super::moved::Lost;
use super::pace::Pace;
use super::sift::Sift;
use super::worker::{Piece, Worker};
use super::{Error, OnProblem, OnProgress, Options, Progress, Summary};
use crate::engine;
use crate::engine::tantivy::{FileEntry, Files, Writer};
use crate::problem::{Problem, Reason};
use crate::walk::{self, Walk};

/// How many problems a summary holds.
const SUMMARY_PROBLEMS: usize = 1_000;

/// What is common to the threads of a run.
pub struct Run<'a> {
    pub writer: &'a Writer,
    pub known: &'a Files,
    pub stop: &'a AtomicBool,
    pub maps: &'a Maps,
    pub problem: OnProblem<'a>,
    /// The current folder, as a key.
    pub base: String,
    pub commit_bytes: u64,
    pub totals: Totals,
    log: Mutex<Log>,
    done: Mutex<Done>,
}

#[derive(Default)]
pub struct Totals {
    pub files: AtomicU64,
    pub files_todo: AtomicU64,
    pub bytes_todo: AtomicU64,
    pub articles: AtomicU64,
    pub new: AtomicU64,
    pub changed: AtomicU64,
    pub moved: AtomicU64,
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

/// What became of files, by their numbers among the known ones.
#[derive(Default)]
pub struct Done {
    /// Files with another time and the same bytes.
    pub touched: Vec<(usize, u64)>,
    /// Files that went in, in any order; of two at one path the later one counts.
    pub read: Files,
    /// Files that went in at another place, and files that vanished: nothing is left of them here.
    pub gone: Vec<usize>,
    /// Folders that another disk is mounted on, where that was looked at.
    pub mounts: Option<Vec<String>>,
}

impl Done {
    /// Returns whether the index is another one than before.
    pub fn changed_something(&self) -> bool {
        !self.read.is_empty() || !self.gone.is_empty()
    }
}

impl<'a> Run<'a> {
    /// Returns a run that has not done anything yet.
    pub fn new(
        writer: &'a Writer,
        known: &'a Files,
        maps: &'a Maps,
        options: &'a Options,
        stop: &'a AtomicBool,
        problem: OnProblem<'a>,
    ) -> Run<'a> {
        let (commit_bytes, base) = (options.commit_mb << 20, walk::here());
        let (totals, log, done) = (Totals::default(), Mutex::default(), Mutex::default());
        Run { writer, known, stop, maps, problem, base, commit_bytes, totals, log, done }
    }

    /// Puts to a summary what was read and what was left out, and returns what became of the files.
    pub fn sum_up(self, summary: &mut Summary) -> Done {
        let Run { known, totals, log, done, stop, .. } = self;
        let Log { problems, skipped, .. } = log.into_inner().unwrap_or_else(PoisonError::into_inner);
        let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        summary.new = totals.new.into_inner();
        summary.changed = totals.changed.into_inner();
        summary.moved = totals.moved.into_inner();
        summary.unchanged += done.touched.iter().map(|(number, _)| u64::from(known.get(*number).articles)).sum::<u64>();
        summary.bytes = totals.bytes.into_inner();
        summary.problems = problems;
        for (reason, count) in skipped {
            let counts = if reason.is_trouble() { &mut summary.skipped } else { &mut summary.passed_over };
            *counts.entry(reason).or_default() += count;
        }
        summary.interrupted = stop.load(Ordering::Relaxed);
        done
    }
}

impl Run<'_> {
    /// Walks, hands every file that is new, moved, changed or cut off in the middle to workers, and deletes what
    /// vanished.
    pub fn walk_and_work(
        &self,
        options: &Options,
        progress: OnProgress<'_>,
        summary: &mut Summary,
    ) -> Result<(), Error> {
        let threads = options.threads.max(1);
        let walked = thread::scope(|scope| {
            let (sender, receiver) = bounded::<Load>(threads * 2);
            let (done, finished) = bounded::<()>(threads);
            let (give, pieces) = bounded::<Piece>(threads * 2);
            for number in 0..threads {
                let (receiver, give, done) = (receiver.clone(), give.clone(), done.clone());
                let worker = Worker::new(self, number, pieces.clone());
                scope.spawn(move || {
                    worker.work(&receiver, give);
                    drop(done);
                });
            }
            drop((receiver, give, pieces, done));
            let mut feed = Feed { run: self, sender, pace: Pace::new(), load: Load::default(), progress };
            let walked = self.walk(options, &mut feed, summary);
            let mut pace = feed.close();
            while let Err(RecvTimeoutError::Timeout) = finished.recv_timeout(Duration::from_millis(100)) {
                progress(&self.progress(true));
                if pace.keep(self, &|| ()).is_break() {
                    break;
                }
            }
            progress(&self.progress(true));
            walked
        });
        self.take_error()?;
        let (walk, gone, held) = walked?;
        self.close_walk(walk, gone, held, options, summary)
    }

    /// Hands out what is to be read. Returns what the walk met beside files, and the known files that it did not meet.
    fn walk(
        &self,
        options: &Options,
        feed: &mut Feed<'_, '_>,
        summary: &mut Summary,
    ) -> Result<(Walk, Vec<usize>, bool), Error> {
        let mut sift = Sift::new(self, &options.paths);
        let walk = walk::walk(&options.paths, &options.rules, &mut |file| match sift.take(file) {
            Some(job) => feed.give(job),
            None => feed.go_on(),
        });
        let walk = walk.map_err(Error::BadGlob)?;
        let Sift { seen, later, unchanged, .. } = sift;
        summary.unchanged = unchanged;
        // A walk that was stopped has not seen every file that is there.
        if self.stopped() {
            return Ok((walk, Vec::new(), true));
        }
        let seen = Seen::new(seen, &walk);
        let mut gone = seen.gone(&options.rules, self.known)?;
        let (mut lost, mut moved) = (Lost::new(self.known, &gone), FxHashSet::default());
        for file in later {
            let job = lost.job(file);
            if let Before::Moved(number) = job.before {
                moved.insert(number);
            }
            self.note_todo(&job);
            if feed.give(job).is_break() {
                break;
            }
        }
        gone.retain(|number| !moved.contains(number));
        Ok((walk, gone, false))
    }

    /// Tells what the walk met beside files, and deletes what it did not meet.
    fn close_walk(
        &self,
        walk: Walk,
        gone: Vec<usize>,
        cut_off: bool,
        options: &Options,
        summary: &mut Summary,
    ) -> Result<(), Error> {
        for found in &walk.problems {
            self.report_apart(found.clone());
        }
        summary.missing_roots = walk.missing.clone();
        for row in &walk.passed_over {
            *summary.passed_over.entry(row.reason).or_default() += 1;
        }
        if cut_off || self.stopped() {
            return Ok(());
        }
        let mut apart = self.take_apart();
        apart.extend(walk.passed_over.iter().cloned());
        let walked: FxHashSet<&str> = walk.roots.iter().map(|root| root.key.as_str()).collect();
        let is_below = |key: &str| walk::and_above(key).any(|folder| walked.contains(folder));
        self.writer.keep_skipped(&is_below, apart)?;
        self.remove_gone(&walk, gone, options, summary)
    }

    /// Returns whether the run is to end early.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed()
    }

    /// Returns how far the run is.
    pub fn progress(&self, walked: bool) -> Progress {
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

    /// Counts a file that is to be read.
    pub fn note_todo(&self, job: &Job) {
        self.totals.files_todo.fetch_add(1, Ordering::Relaxed);
        self.totals.bytes_todo.fetch_add(job.file.size, Ordering::Relaxed);
    }

    /// Remembers that a known file has another time and the same bytes.
    pub fn note_touched(&self, number: usize, modified: u64) {
        self.lock_done().touched.push((number, modified));
        self.known.get(number).problems.iter().for_each(|problem| self.report(problem.clone()));
    }

    /// Remembers what is known now of a file that went in.
    pub fn note_read(&self, before: Before, entry: FileEntry) {
        let mut done = self.lock_done();
        if let Before::Moved(number) = before {
            done.gone.push(number);
        }
        done.read.push(&entry.known());
    }

    /// Returns what became of the files so far.
    pub fn lock_done(&self) -> std::sync::MutexGuard<'_, Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
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
        if problem.reason.is_trouble() && log.problems.len() < SUMMARY_PROBLEMS {
            log.problems.push(problem);
        }
    }

    /// Returns what was told that no entry of a file keeps, and forgets it.
    pub fn take_apart(&self) -> Vec<Problem> {
        std::mem::take(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner).apart)
    }

    /// Fails where a thread did.
    pub fn take_error(&self) -> Result<(), engine::Error> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).error.take().map_or(Ok(()), Err)
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

/// Hands files to workers, tells the progress and commits, each where it is due.
struct Feed<'r, 'a> {
    run: &'r Run<'a>,
    sender: Sender<Load>,
    pace: Pace,
    load: Load,
    progress: OnProgress<'r>,
}

impl Feed<'_, '_> {
    /// Hands a file to a worker, or holds it until there are more; breaks off when the run is to end.
    fn give(&mut self, job: Job) -> ControlFlow<()> {
        self.load.add(job);
        if self.load.is_full() && (self.run.stopped() || self.sender.send(std::mem::take(&mut self.load)).is_err()) {
            return ControlFlow::Break(());
        }
        self.go_on()
    }

    fn go_on(&mut self) -> ControlFlow<()> {
        let (run, progress) = (self.run, self.progress);
        self.pace.keep(run, &|| progress(&run.progress(false)))
    }

    /// Hands out what is left.
    fn close(self) -> Pace {
        // A send fails only when every worker is gone, and they tell why.
        let _ = self.sender.send(self.load);
        self.pace
    }
}
