//! Large indexes are looked through by several threads, each a range of documents of a segment.
//!
//! What a range gives never depends on how the ranges were cut or in which order they were done: callers put their
//! answers together by what they hold.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use tantivy::index::SegmentReader;
use tantivy::{DocId, Searcher, TantivyError};

/// A range has at least so many documents: a thread costs more than it saves on less.
const LEAST: u32 = 200_000;

/// Threads at most: more of them wait for memory and not for the processor.
const MOST: usize = 8;

/// A range of documents of a segment.
pub struct Task<'a> {
    /// The number of the segment.
    pub ord: usize,
    /// The segment.
    pub reader: &'a SegmentReader,
    /// The documents.
    pub docs: Range<DocId>,
}

/// Does some work for every range of documents, the answers in the order of the documents.
///
/// # Errors
/// The first of the work.
pub fn each_range<'a, T: Send>(
    searcher: &'a Searcher,
    work: impl Fn(&Task<'a>) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    let threads = threads();
    let tasks = tasks(searcher, threads as u32);
    let large = searcher.segment_readers().iter().any(|reader| reader.max_doc() >= LEAST);
    if large { each_of(&tasks, threads, work) } else { tasks.iter().map(work).collect() }
}

/// Does some work for every one of a few things, the answers in their order.
///
/// # Errors
/// The first of the work.
pub fn each_of<I: Sync, T: Send>(
    tasks: &[I],
    threads: usize,
    work: impl Fn(&I) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    if threads < 2 || tasks.len() < 2 {
        return tasks.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<tantivy::Result<T>>>> = Mutex::new(tasks.iter().map(|_| None).collect());
    let help = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(task) = tasks.get(number) else { return };
        let answer = work(task);
        done.lock().unwrap_or_else(PoisonError::into_inner)[number] = Some(answer);
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(tasks.len()) {
            scope.spawn(help);
        }
        help();
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let lost = || TantivyError::InternalError("a part of the work was left out".to_owned());
    done.into_iter().map(|answer| answer.unwrap_or_else(|| Err(lost()))).collect()
}

/// Returns how many threads look through an index. The system is asked once: it reads files to answer.
pub fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from).min(MOST))
}

/// Cuts the segments into ranges, a large one into as many as there are threads.
fn tasks(searcher: &Searcher, threads: u32) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for (ord, reader) in searcher.segment_readers().iter().enumerate() {
        tasks.extend(ranges(reader.max_doc(), threads).map(|docs| Task { ord, reader, docs }));
    }
    tasks
}

/// Cuts documents into ranges of about one size, one behind the other.
fn ranges(documents: DocId, threads: u32) -> impl Iterator<Item = Range<DocId>> {
    let pieces = (documents / LEAST).clamp(1, threads);
    let border = move |piece: u32| (u64::from(documents) * u64::from(piece) / u64::from(pieces)) as DocId;
    (0..pieces).map(move |piece| border(piece)..border(piece + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_every_document_once() {
        for documents in [0, 1, LEAST - 1, LEAST, 3 * LEAST + 1, 40 * LEAST, DocId::MAX] {
            for threads in [1, 2, 8] {
                let ranges: Vec<Range<DocId>> = ranges(documents, threads).collect();
                assert!(ranges.len() <= threads as usize, "{ranges:?}");
                assert_eq!((ranges[0].start, ranges[ranges.len() - 1].end), (0, documents));
                assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{ranges:?}");
            }
        }
    }
}
