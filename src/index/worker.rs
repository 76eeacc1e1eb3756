//! A worker: reads files, annotates their articles and writes them to the index.
//!
//! Whoever opens a file reads it to its end. The articles of a large one go to all workers in pieces, which come
//! before further files; the reader takes a hand in them when the others are busy, so it never waits for room.

use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender, TrySendError, select_biased};

use super::file::Reading;
use super::job::{Before, Load};
use super::run::Run;
use crate::annotate::Annotator;
use crate::article::Article;
use crate::engine;
use crate::engine::tantivy::Batch;

/// Articles of one large file on their way to whoever is free.
pub struct Piece {
    /// The key of the file.
    pub file: String,
    /// What the index held of it before this run.
    pub before: Before,
    /// Some of its articles, in order.
    pub articles: Vec<Article>,
    /// Goes with the piece: whoever reads the file waits until all of them are gone.
    pub under_way: Sender<()>,
}

/// One thread's desk.
pub struct Worker<'a> {
    /// The run it belongs to.
    pub run: &'a Run<'a>,
    annotator: Annotator,
    /// The number of the thread.
    pub number: usize,
    pieces: Receiver<Piece>,
}

impl<'a> Worker<'a> {
    /// Returns a worker that takes its share of the pieces of large files.
    pub fn new(run: &'a Run<'a>, number: usize, pieces: Receiver<Piece>) -> Worker<'a> {
        Worker { run, annotator: Annotator::new(), number, pieces }
    }

    /// Works off files and pieces of files until there are no more.
    pub fn work(mut self, loads: &Receiver<Load>, give: Sender<Piece>) {
        loop {
            select_biased! {
                recv(self.pieces) -> piece => piece.into_iter().for_each(|piece| self.take(piece)),
                recv(loads) -> load => match load {
                    Ok(load) => self.read(load, &give),
                    Err(_) => break,
                },
            }
        }
        // Others may still read a large file: there are pieces until the last of them lets go.
        drop(give);
        while let Ok(piece) = self.pieces.recv() {
            self.take(piece);
        }
    }

    fn read(&mut self, load: Load, give: &Sender<Piece>) {
        for job in load.jobs {
            if self.run.stopped() {
                return;
            }
            let read = Reading::new(self, &job, give).index_all();
            self.note(read);
            self.run.totals.files.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Hands a piece to whoever is free, or works it off where nobody is.
    pub fn share(&mut self, piece: Piece, give: &Sender<Piece>) {
        if let Err(TrySendError::Full(piece) | TrySendError::Disconnected(piece)) = give.try_send(piece) {
            self.take(piece);
        }
    }

    /// Lends a hand until every piece of a file is in the index.
    pub fn wait_for(&mut self, under_way: &Receiver<()>) {
        loop {
            select_biased! {
                recv(under_way) -> _ => return,
                recv(self.pieces) -> piece => piece.into_iter().for_each(|piece| self.take(piece)),
            }
        }
    }

    fn take(&mut self, piece: Piece) {
        if self.run.stopped() {
            return;
        }
        let Piece { file, before, articles, under_way } = piece;
        let batches = articles.into_iter().map(|article| self.batch(&file, before, article));
        let batches = batches.collect::<Result<Vec<_>, _>>();
        let written = batches.and_then(|batches| self.run.writer.add(self.number, batches));
        self.note(written);
        drop(under_way);
    }

    /// Annotates an article of a file and makes documents of it.
    pub fn batch(&mut self, file: &str, before: Before, article: Article) -> Result<Batch, engine::Error> {
        let (layers, _, problem) = self.annotator.annotate_safely(&article, false);
        problem.into_iter().for_each(|problem| self.run.report_apart(problem));
        let totals = &self.run.totals;
        let count = match before {
            Before::Nothing => &totals.new,
            Before::Moved(_) => &totals.moved,
            Before::Touched(_) | Before::Changed(_) => &totals.changed,
        };
        count.fetch_add(1, Ordering::Relaxed);
        totals.articles.fetch_add(1, Ordering::Relaxed);
        self.run.writer.batch(file, article, layers)
    }

    /// Remembers an error.
    pub fn note(&self, done: Result<(), engine::Error>) {
        if let Err(error) = done {
            self.run.fail(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicBool;

    use crate::annotate::FAILING;
    use crate::index::{Options, bring_in_step};
    use crate::problem::Reason;
    use crate::walk::Rules;

    #[test]
    fn an_annotator_that_fails_costs_one_article_its_quotes() {
        let desk = tempfile::tempdir().expect("a temporary folder");
        let news = desk.path().join("news");
        fs::create_dir(&news).expect("a folder");
        let said = "The Boat\n\nOmar Vance came.\n\n\"It is late,\" Vance said.";
        for (name, text) in [("a", said.to_owned()), ("b", format!("{said} {FAILING}")), ("c", said.to_owned())] {
            fs::write(news.join(format!("{name}.txt")), text).expect("a file");
        }
        let options = Options {
            index: desk.path().join("index"),
            paths: vec![news],
            threads: 1,
            memory_mb: 64,
            commit_mb: 64,
            rebuild: false,
            rules: Rules::default(),
            allow_purge: false,
            map: None,
        };
        {
            let summary = bring_in_step(&options, &AtomicBool::new(false), &|_| (), &|_| ()).expect("an index");
            assert_eq!((summary.articles, summary.quotes), (3, 2));
            let [problem] = &summary.problems[..] else { panic!("{:?}", summary.problems) };
            assert_eq!((problem.reason, problem.line), (Reason::NotAnnotated, Some(1)));
            assert!(problem.path.ends_with("b.txt"), "{problem}");
            assert!(problem.detail.contains("a text that makes tests fail at src/annotate/mod.rs:"), "{problem}");
        }
    }
}
