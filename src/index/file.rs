//! One file on its way to the index: what it is read with, and how far it is.

use std::cell::Cell;
use std::fs::{File, Metadata};
use std::io::{self, BufReader};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::content::{self, Content};
use super::job::{Before, Job};
use super::worker::{Piece, Worker};
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::{FileEntry, PROBLEM_LIMIT};
use crate::problem::{Problem, Reason};
use crate::read::{self, Options as ReadOptions, Source};
use crate::walk::{self, Found};

/// A file with more text than this, in bytes, is annotated by all workers in pieces of this size.
const PIECE_BYTES: usize = 1 << 17;

/// The formats whose fields a map names.
const MAPPED: &[&str] = &["table", "json lines", "json"];

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
        let entry = FileEntry { path: key.clone(), modified: *modified, size: *size, ..FileEntry::default() };
        Reading { worker, job, give, entry, held: Vec::new(), bytes: 0, under_way: None }
    }

    /// Reads all of it, and adds its last articles and its entry to the index; or finds that nothing of it changed.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn index_all(mut self) -> Result<(), engine::Error> {
        if let Before::Touched(number) = self.job.before
            && content::hash(&self.job.file.path).ok().is_some_and(|hash| self.known_hash(number) == Some(hash))
        {
            self.worker.run.note_touched(number, self.job.file.modified);
            return Ok(());
        }
        let unread = self.read();
        let under_way = self.under_way.take();
        let given = under_way.is_some();
        if let Some((mine, others)) = under_way {
            drop(mine);
            self.worker.wait_for(&others);
        }
        self.close(unread, given)
    }

    fn known_hash(&self, number: usize) -> Option<u64> {
        self.worker.run.known.get(number).hash
    }

    /// Writes the entry, which says that the file is in the index whole. What could not be read is tried again next
    /// time, and what the index holds of it stays.
    fn close(self, unread: bool, given: bool) -> Result<(), engine::Error> {
        let Reading { worker, job, mut entry, held, .. } = self;
        let run = worker.run;
        if run.stopped() {
            return Ok(());
        }
        if unread {
            if given {
                // Some of it is in the index, in place of what was there.
                run.note_read(job.before, FileEntry { articles: 0, problems: Vec::new(), ..entry });
            }
            return Ok(());
        }
        entry.whole = true;
        let batches = held.into_iter().map(|article| worker.batch(&job.file.key, job.before, article));
        let batches = batches.collect::<Result<Vec<_>, _>>()?;
        // Before the first piece, the old was deleted.
        let replace = job.before.number().filter(|_| !given).map(|number| run.known.get(number).path);
        run.writer.add_last(worker.number, &entry, replace, batches)?;
        run.note_read(job.before, entry);
        Ok(())
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
        let mut content = Content::new(file, run, *size);
        let id = self.id();
        let mapped = Cell::new(false);
        let recognised = |_: &str, format: &str| mapped.set(mapped.get() || MAPPED.contains(&format));
        let options = ReadOptions { map: run.maps.of(key), recognised: &recognised };
        let source = Source { options, ..Source::new(key, &id, *size as usize) };
        let read = read::read(&mut BufReader::new(&mut content), source, &mut |article| match article {
            Ok(article) => self.add(article),
            Err(problem) => self.complain(problem),
        });
        self.entry.hash = content.finish();
        self.entry.map = mapped.get().then(|| run.maps.print(key));
        if let (Err(error), false) = (&read, run.stopped()) {
            let detail = format!("cannot be read ({})", walk::plain(error));
            run.report_apart(Problem { path: key.clone(), line: None, reason: Reason::Unreadable, detail });
        }
        if content.file().metadata().is_ok_and(|now| !is_as_listed(&now, &self.job.file)) {
            // The entry keeps the time of the listing, so the next run reads the file again.
            let detail = "changed while it was read; the next run reads it again".to_owned();
            self.complain(Problem { path: key.clone(), line: None, reason: Reason::Changed, detail });
            self.entry.hash = None;
        }
        read.is_err()
    }

    /// Returns what the articles are named after: the file as it was called when it first came in.
    fn id(&mut self) -> String {
        let stem = walk::stem(&self.job.file.path);
        let known = self.job.before.number().map(|number| self.worker.run.known.get(number));
        let Some(known) = known.filter(|known| known.whole) else { return stem };
        let first = known.origin.map_or_else(|| walk::stem_of_key(known.path), str::to_owned);
        self.entry.origin = Some(first.clone()).filter(|first| *first != stem);
        first
    }

    fn add(&mut self, article: Article) {
        self.entry.articles += 1;
        self.bytes += article.text.len();
        self.held.push(article);
        if self.bytes >= PIECE_BYTES {
            self.bytes = 0;
            let articles = std::mem::take(&mut self.held);
            self.give_away(articles);
        }
    }

    fn give_away(&mut self, articles: Vec<Article>) {
        let Job { file: Found { key, .. }, before } = self.job;
        let run = self.worker.run;
        if let (None, Some(number)) = (&self.under_way, before.number()) {
            let removed = run.writer.remove(run.known.get(number).path);
            self.worker.note(removed);
        }
        let (under_way, _) = self.under_way.get_or_insert_with(|| bounded(0));
        let piece = Piece { file: key.clone(), before: *before, articles, under_way: under_way.clone() };
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
