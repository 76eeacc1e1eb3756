//! Brings an index in step with files and folders: new and changed articles go in, vanished ones go out.
//!
//! One thread walks and hands out files at once; workers read, annotate and write them; Tantivy's threads index. The
//! articles of a large file go to all workers in pieces. An unchanged file costs one `stat`; one that was touched is read
//! and, where its bytes are the same, left as it is; one that lies elsewhere now keeps its identity: its articles keep
//! their ids. Everything since the last commit is lost when the run is killed, and found again by the next one; what
//! was committed stays findable at every moment.

mod content;
mod file;
mod gone;
mod job;
mod lines;
mod maps;
mod moved;
mod optimize;
mod pace;
mod run;
mod sift;
mod summary;
mod watch;
mod worker;

use std::fmt;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Instant;

use self::maps::Maps;
use self::run::{Done, Run};
use crate::engine;
use crate::engine::tantivy::{Totals, Writer, WriterOptions};
use crate::problem::Problem;
use crate::read::FieldMap;
use crate::walk::Rules;

pub use optimize::{Optimized, optimize};
pub use summary::{Held, Progress, Summary, Why};
pub use watch::{Update, keep_in_step};

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
    /// Which files to look at.
    pub rules: Rules,
    /// Whether more than half of the index, or all of a root, may be deleted at once.
    pub allow_purge: bool,
    /// Which fields of records are what; where nothing is said, what was said last of these paths holds.
    pub map: Option<FieldMap>,
}

/// Why a run could not go on.
#[derive(Debug)]
pub enum Error {
    /// The index could not be written.
    Engine(engine::Error),
    /// None of the paths is there.
    NothingThere(Vec<PathBuf>),
    /// A glob cannot be read: which, and why.
    BadGlob(String),
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
            Error::BadGlob(words) => out.write_str(words),
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
    if !options.paths.iter().any(|path| path.exists()) {
        return Err(Error::NothingThere(options.paths.clone()));
    }
    write(options, stop, problem, |run, summary| run.walk_and_work(options, progress, summary))
}

/// Takes articles that come as JSON Lines into the index. They have no file: each is known by its id, and stays until
/// one of the same id takes its place. Setting `stop` ends the run early, with what is done committed.
///
/// # Errors
/// When the index cannot be written, or is being written by another run.
pub fn take_in(
    input: &mut dyn BufRead,
    options: &Options,
    stop: &AtomicBool,
    progress: OnProgress<'_>,
    problem: OnProblem<'_>,
) -> Result<Summary, Error> {
    write(options, stop, problem, |run, summary| Ok(run.read_lines(input, options, progress, summary)?))
}

/// Opens the index, lets `work` change it, and closes it with everything committed.
fn write(
    options: &Options,
    stop: &AtomicBool,
    problem: OnProblem<'_>,
    work: impl FnOnce(&Run<'_>, &mut Summary) -> Result<(), Error>,
) -> Result<Summary, Error> {
    let started = Instant::now();
    let memory = options.memory_mb.saturating_mul(1 << 20);
    let threads = options.threads.max(1);
    let writer = Writer::open(&options.index, WriterOptions { threads, memory, rebuild: options.rebuild })?;
    let known = writer.files()?;
    let maps = Maps::new(writer.maps()?, &options.paths, options.map.as_ref());
    if options.map.is_some() {
        writer.keep_maps(&maps.words())?;
    }
    let run = Run::new(&writer, &known, &maps, options, stop, problem);
    let mut summary = Summary::default();
    work(&run, &mut summary)?;
    let done = run.sum_up(&mut summary);
    let to_commit = done.changed_something() || summary.interrupted;
    let Done { touched, read, gone, mounts } = done;
    let mut files = None;
    let committed = thread::scope(|scope| {
        // Of a run that was stopped the index itself knows best what it came to.
        scope.spawn(|| files = (!summary.interrupted).then(|| known.after(&gone, &touched, &read, mounts)));
        if to_commit { writer.commit() } else { Ok(()) }
    });
    committed?;
    let Totals { articles, quotes, speakers } = writer.finish(files)?;
    (summary.articles, summary.quotes, summary.speakers) = (articles, quotes, speakers);
    summary.elapsed = started.elapsed();
    Ok(summary)
}
