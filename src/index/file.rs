//! One file on its way to the index: what it is read with, and how far it is.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::run::{Job, Run};
use super::worker::{Piece, Worker};
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::{FileEntry, PROBLEM_LIMIT};
use crate::problem::{Problem, Reason};
use crate::read::{self, Options as ReadOptions, Source};
use crate::walk::{self, Found};

/// A file with more text than this, in bytes, is annotated by all workers in pieces of this size.
const PIECE_BYTES: usize = 1 << 17;

/// A file that is being read.
pub struct Reading<'a, 'r> {
    worker: &'a mut Worker<'r>,
    job: &'a Job,
    give: &'a Sender<Piece>,
    entry: FileEntry,
    /// Articles that were read and not annotated yet, and the bytes of their texts.
    held: Vec<Article>,
    bytes: usize,
    /// Where pieces were given away: goes with each of them, and tells when the last one is in the index.
    under_way: Option<(Sender<()>, Receiver<()>)>,
}

impl<'a, 'r> Reading<'a, 'r> {
    /// Returns a file of which nothing was read yet.
    pub fn new(worker: &'a mut Worker<'r>, job: &'a Job, give: &'a Sender<Piece>) -> Reading<'a, 'r> {
        let Found { key, modified, size, .. } = &job.file;
        let entry = FileEntry { path: key.clone(), modified: *modified, size: *size, problems: Vec::new() };
        Reading { worker, job, give, entry, held: Vec::new(), bytes: 0, under_way: None }
    }

    /// Reads all of it, and puts its last articles and its entry to what is pending.
    ///
    /// # Errors
    /// When an article or the entry cannot be encoded.
    pub fn index_all(mut self) -> Result<(), engine::Error> {
        let unread = self.read();
        let mut replace = self.job.known;
        if let Some((mine, others)) = self.under_way.take() {
            drop(mine);
            self.worker.wait_for(&others);
            // Before the first piece, the old was deleted.
            replace = false;
        }
        self.close(unread, replace)
    }

    /// Writes the entry, which says that the file is in the index whole. What could not be read is tried again next
    /// time, and what the index holds of it stays.
    fn close(self, unread: bool, replace: bool) -> Result<(), engine::Error> {
        let Reading { worker, job, entry, held, .. } = self;
        if unread || worker.run.stopped() {
            return Ok(());
        }
        let batches = held.into_iter().map(|article| worker.batch(&job.file.key, job.known, article));
        let batches = batches.collect::<Result<Vec<_>, _>>()?;
        worker.run.writer.add_last(&entry, replace, batches, worker.pending())
    }

    /// Gives every article away or holds it; returns whether the system could not read the file.
    fn read(&mut self) -> bool {
        let Found { path, key, size, .. } = &self.job.file;
        let run = self.worker.run;
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => {
                run.report_apart(open_problem(key, &error));
                return true;
            }
        };
        let mut metered = Metered { file, run, left: *size };
        let id = walk::stem(path);
        let options = ReadOptions { map: run.map, ..ReadOptions::PLAIN };
        let source = Source { options, ..Source::new(key, &id, *size as usize) };
        let read = read::read(&mut BufReader::new(&mut metered), source, &mut |article| match article {
            Ok(article) => self.add(article),
            Err(problem) => self.complain(problem),
        });
        metered.count(u64::MAX);
        if let (Err(error), false) = (&read, run.stopped()) {
            let detail = format!("cannot be read ({})", walk::plain(error));
            run.report_apart(Problem { path: key.clone(), line: None, reason: Reason::Unreadable, detail });
        }
        if metered.file.metadata().is_ok_and(|now| !is_as_listed(&now, &self.job.file)) {
            // The entry keeps the time of the listing, so the next run reads the file again.
            let detail = "changed while it was read; the next run reads it again".to_owned();
            self.complain(Problem { path: key.clone(), line: None, reason: Reason::Changed, detail });
        }
        read.is_err()
    }

    fn add(&mut self, article: Article) {
        self.bytes += article.text.len();
        self.held.push(article);
        if self.bytes >= PIECE_BYTES {
            self.bytes = 0;
            let articles = std::mem::take(&mut self.held);
            self.give_away(articles);
        }
    }

    fn give_away(&mut self, articles: Vec<Article>) {
        let Job { file: Found { key, .. }, known } = self.job;
        if self.under_way.is_none() && *known {
            self.worker.run.writer.remove(key);
        }
        let (under_way, _) = self.under_way.get_or_insert_with(|| bounded(0));
        let piece = Piece { file: key.clone(), known: *known, articles, under_way: under_way.clone() };
        self.worker.share(piece, self.give);
    }

    fn complain(&mut self, problem: Problem) {
        // A run that is stopped breaks files off; nothing is wrong with them.
        if self.worker.run.stopped() {
            return;
        }
        self.worker.run.report(problem.clone());
        if self.entry.problems.len() < PROBLEM_LIMIT {
            self.entry.problems.push(problem);
        }
    }
}

/// A file whose bytes count as they are read, and which ends when the run is stopped.
struct Metered<'a> {
    file: File,
    run: &'a Run<'a>,
    /// Bytes of it that do not count yet.
    left: u64,
}

impl Metered<'_> {
    fn count(&mut self, bytes: u64) {
        let bytes = bytes.min(self.left);
        self.left -= bytes;
        self.run.totals.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.run.stopped() {
            return Err(io::Error::other("the run was stopped"));
        }
        let count = self.file.read(buffer)?;
        self.count(count as u64);
        Ok(count)
    }
}

impl Seek for Metered<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

/// Returns whether a file is as it was when its folder was listed.
fn is_as_listed(now: &Metadata, file: &Found) -> bool {
    now.len() == file.size && walk::modified(now) == file.modified
}

fn open_problem(key: &str, error: &io::Error) -> Problem {
    let (reason, detail) = match error.kind() {
        io::ErrorKind::NotFound => (Reason::Changed, "vanished while the folder was read".to_owned()),
        _ => (Reason::Unreadable, format!("cannot be opened ({})", walk::plain(error))),
    };
    Problem { path: key.to_owned(), line: None, reason, detail }
}
