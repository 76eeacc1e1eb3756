//! Articles that come as JSON Lines, from whoever writes them: each stands for itself and has no file.
//!
//! An article is known by its id, or where it brings none by its content. One that comes again takes the place of the
//! old; none of them is ever gone, for no walk can miss it. Lines of the same id go to the same worker, so that the last
//! one stays.

use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded, never};
use rustc_hash::FxHashMap;

use super::content::hash_of;
use super::job::Before;
use super::pace::Pace;
use super::run::Run;
use super::worker::Worker;
use super::{OnProgress, Options, Summary};
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::FileEntry;
use crate::problem::{Problem, Reason};
use crate::read::{self, Options as ReadOptions, Source};
use crate::walk;

/// What stands for the file that such articles do not have.
const NO_FILE: &str = "-";
/// What the id of an article starts with that brings none.
const NAMELESS: &str = "\u{1f}";

/// Articles go to a worker so many at a time, or fewer when they are large.
const LOAD_ARTICLES: usize = 32;
const LOAD_BYTES: usize = 1 << 16;

/// An article on its way to a worker.
struct Line {
    article: Article,
    entry: FileEntry,
    before: Before,
    /// Whether an article of this id is there, or came in this run.
    replace: bool,
}

#[derive(Default)]
struct Load {
    lines: Vec<Line>,
    bytes: usize,
}

impl Run<'_> {
    /// Reads articles to the end of the input and hands those that are new or changed to workers.
    ///
    /// # Errors
    /// When the list of what was skipped cannot be written.
    pub fn read_lines(
        &self,
        input: &mut dyn BufRead,
        options: &Options,
        progress: OnProgress<'_>,
        summary: &mut Summary,
    ) -> Result<(), engine::Error> {
        let threads = options.threads.max(1);
        thread::scope(|scope| {
            let mut senders = Vec::new();
            for number in 0..threads {
                let (sender, receiver) = bounded::<Load>(2);
                senders.push((sender, Load::default()));
                let worker = Worker::new(self, number, never());
                scope.spawn(move || worker.write_lines(&receiver));
            }
            let mut desk = Desk { run: self, senders, given: FxHashMap::default(), unchanged: 0, broken: false };
            let mut pace = Pace::new();
            let mut input = Stoppable { input, run: self };
            let map = self.maps.of(NO_FILE);
            let source =
                Source { options: ReadOptions { map, ..ReadOptions::PLAIN }, ..Source::new(NO_FILE, NAMELESS, 0) };
            let read = read::read_lines(&mut input, source, &mut |article| {
                match article {
                    Ok(article) => desk.take(article),
                    Err(problem) => self.report_apart(problem),
                }
                desk.broken |= pace.keep(self, &|| progress(&self.progress(false))).is_break();
            });
            if let (Err(error), false) = (read, self.stopped()) {
                let detail = format!("cannot be read on ({})", walk::plain(&error));
                let path = NO_FILE.to_owned();
                self.report_apart(Problem { path, line: None, reason: Reason::Unreadable, detail });
            }
            summary.unchanged = desk.unchanged;
            desk.close();
        });
        self.take_error()?;
        if !self.stopped() {
            self.writer.keep_skipped(&|path| path == NO_FILE, self.take_apart())?;
        }
        Ok(())
    }
}

/// Sorts articles, and hands them to workers.
struct Desk<'r, 'a> {
    run: &'r Run<'a>,
    senders: Vec<(Sender<Load>, Load)>,
    /// What came in this run: the hash of the id and that of the content.
    given: FxHashMap<u64, u64>,
    unchanged: u64,
    /// Whether nobody takes any more.
    broken: bool,
}

impl Desk<'_, '_> {
    fn take(&mut self, mut article: Article) {
        if self.broken {
            return;
        }
        let hash = content_of(&article);
        if article.id.starts_with(NAMELESS) {
            article.id = format!("{hash:016x}");
        }
        let path = format!("{NO_FILE}/{}", walk::key(Path::new(&article.id)));
        let known = self.run.known.find(&path, usize::MAX);
        let name = hash_of(path.as_bytes());
        let earlier = self.given.insert(name, hash);
        let last = earlier.or_else(|| known.and_then(|number| self.run.known.get(number).hash));
        if last == Some(hash) {
            self.unchanged += u64::from(earlier.is_none());
            return;
        }
        (article.path, article.record, article.line) = (path.clone(), None, 1);
        let size = article.text.len();
        let entry =
            FileEntry { path, size: size as u64, hash: Some(hash), articles: 1, whole: true, ..FileEntry::default() };
        let before = known.map_or(Before::Nothing, Before::Changed);
        let replace = known.is_some() || earlier.is_some();
        let threads = self.senders.len() as u64;
        let (sender, load) = &mut self.senders[(name % threads) as usize];
        load.lines.push(Line { article, entry, before, replace });
        load.bytes += size;
        if load.lines.len() >= LOAD_ARTICLES || load.bytes >= LOAD_BYTES {
            self.broken = sender.send(std::mem::take(load)).is_err();
        }
    }

    fn close(self) {
        for (sender, load) in self.senders {
            // A send fails only when the worker is gone, and it told why.
            let _ = sender.send(load);
        }
    }
}

/// Returns the hash of all that an article says.
fn content_of(article: &Article) -> u64 {
    let Article { text, headline, dek, body, meta, .. } = article;
    let bytes = postcard::to_stdvec(&(text, headline, dek, body, meta));
    // Plain data can always be written; if not, the text decides.
    hash_of(bytes.as_deref().unwrap_or(text.as_bytes()))
}

impl Worker<'_> {
    fn write_lines(mut self, loads: &Receiver<Load>) {
        for load in loads {
            for line in load.lines {
                if self.run.stopped() {
                    break;
                }
                let written = self.write_line(line);
                self.note(written);
            }
        }
    }

    fn write_line(&mut self, line: Line) -> Result<(), engine::Error> {
        let Line { article, entry, before, replace } = line;
        let run = self.run;
        run.totals.bytes.fetch_add(entry.size, Ordering::Relaxed);
        let batch = self.batch(&entry.path, before, article)?;
        run.writer.add_last(self.number, &entry, replace.then_some(entry.path.as_str()), vec![batch])?;
        run.note_read(before, entry);
        Ok(())
    }
}

/// Lines that end when the run is stopped.
struct Stoppable<'i, 'r, 'a> {
    input: &'i mut dyn BufRead,
    run: &'r Run<'a>,
}

impl Read for Stoppable<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.run.stopped() { Ok(0) } else { self.input.read(buffer) }
    }
}

impl BufRead for Stoppable<'_, '_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.run.stopped() { Ok(&[]) } else { self.input.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        // What was not looked at cannot be taken.
        if !self.run.stopped() {
            self.input.consume(count);
        }
    }
}
