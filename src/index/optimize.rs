//! Makes an index as small as it gets: one segment, and nothing that was deleted.

use std::path::Path;
use std::time::{Duration, Instant};

use super::Error;
use crate::engine::tantivy::{Index, Writer, WriterOptions};

/// What was made smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Optimized {
    /// Segments before and after.
    pub segments: (u64, u64),
    /// Bytes on disk before and after.
    pub bytes: (u64, u64),
    /// How long it took.
    pub elapsed: Duration,
}

/// Merges the segments of an index into one and clears away what was deleted. Needs as much room on the disk again as
/// the index takes; it can be searched meanwhile.
///
/// # Errors
/// When there is no index, when another run is writing it, or when it cannot be written; it is then as it was.
pub fn optimize(index: &Path) -> Result<Optimized, Error> {
    let started = Instant::now();
    let before = Index::open(index)?.size();
    // Nothing is added, so one thread and the least memory are enough.
    let writer = Writer::open(index, WriterOptions { threads: 1, memory: 0, rebuild: false })?;
    let files = writer.files()?;
    writer.merge_all()?;
    writer.finish(Some(files))?;
    let after = Index::open(index)?.size();
    Ok(Optimized { segments: (before.0, after.0), bytes: (before.1, after.1), elapsed: started.elapsed() })
}
