//! A worker: reads files, annotates their articles and writes them to the index.

use std::fs::{File, Metadata};
use std::io::{self, BufReader};
use std::sync::atomic::Ordering;

use crossbeam_channel::Receiver;

use super::run::{Job, Load, Run};
use crate::annotate::Annotator;
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::{Batch, FileEntry, PROBLEM_LIMIT, Pending};
use crate::problem::{Problem, Reason};
use crate::read::{self, Options as ReadOptions, Source};
use crate::walk::{self, Found};

/// A file with more records is written in pieces of this many.
const PIECE: usize = 256;

impl Run<'_> {
    /// Works off loads of files until there are no more.
    pub fn worker(&self, loads: &Receiver<Load>) {
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
                let read = read::read(&mut BufReader::new(&file), source, &mut |article| match article {
                    Ok(article) => batches.add(article),
                    Err(problem) => complain(problem),
                });
                if let Err(error) = read {
                    complain(trouble(Reason::Unreadable, format!("cannot be read ({})", walk::plain(&error))));
                    unread = true;
                }
                if file.metadata().is_ok_and(|now| !is_as_listed(&now, &job.file)) {
                    // The entry keeps the time of the listing, so the next run reads the file again.
                    complain(trouble(
                        Reason::Changed,
                        "changed while it was read; the next run reads it again".to_owned(),
                    ));
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
