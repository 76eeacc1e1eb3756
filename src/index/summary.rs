//! What is told of a run: how far it is, and what it did.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::problem::{Problem, Reason};

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
    /// Articles whose files lie elsewhere now.
    pub moved: u64,
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
    /// How many files and folders were passed over by a rule, and by which kind; and pages of crawls without an article.
    pub passed_over: BTreeMap<Reason, u64>,
    /// What would have gone and was kept.
    pub held: Option<Held>,
    /// Bytes of files read in this run.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
}

/// Files that are not there any more and yet were not deleted from the index, because it looks like a mistake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How many there are.
    pub files: u64,
    /// How many articles the index holds of them.
    pub articles: u64,
    /// How many files the index was made from.
    pub known: u64,
    /// The first of them.
    pub first: String,
    /// What it looks like.
    pub why: Why,
}

/// Why files that are gone may be there after all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Why {
    /// They are more than half of the index.
    #[default]
    TooMany,
    /// Nothing is left under this root.
    Emptied(String),
    /// Another disk than before lies at this folder, an empty one, or none.
    OtherDisk(String),
}
