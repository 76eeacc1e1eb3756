//! Files on their way to a worker.

use crate::walk::Found;

/// Files go to a worker so many at a time, or fewer when they are large.
const LOAD_FILES: usize = 64;
const LOAD_BYTES: u64 = 1 << 17;

/// Several files: each hand-over wakes a thread, so small ones go many at a time.
#[derive(Default)]
pub struct Load {
    pub jobs: Vec<Job>,
    pub bytes: u64,
}

impl Load {
    /// Adds a file.
    pub fn add(&mut self, job: Job) {
        self.bytes += job.file.size;
        self.jobs.push(job);
    }

    /// Returns whether enough has come together to be handed over.
    pub fn is_full(&self) -> bool {
        self.jobs.len() >= LOAD_FILES || self.bytes >= LOAD_BYTES
    }
}

/// A file to read.
pub struct Job {
    pub file: Found,
    pub before: Before,
}

/// What the index holds of a file, by its number among the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// Perhaps the same bytes: it has the same size and another time.
    Touched(usize),
    /// Something else, or a part of it.
    Changed(usize),
    /// The same bytes, at another place.
    Moved(usize),
}

impl Before {
    /// Returns the number of the known file, where there is one.
    pub fn number(self) -> Option<usize> {
        match self {
            Before::Nothing => None,
            Before::Touched(number) | Before::Changed(number) | Before::Moved(number) => Some(number),
        }
    }
}
