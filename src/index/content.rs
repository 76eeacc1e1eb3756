//! The bytes of a file: counted and hashed as they are read.
//!
//! The hash says whether a file that was touched or that turned up elsewhere holds what the index already has. It has
//! 64 bits and counts only beside the size: not proof against somebody who wants two files to have the same, who could
//! as well write what he wants into one of them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::Ordering;

use xxhash_rust::xxh3::Xxh3Default;

use super::run::Run;

/// Bytes that are read at once where nothing but their hash is wanted.
const BUFFER: usize = 1 << 16;

/// Returns the hash of all bytes of a file.
///
/// # Errors
/// When the system cannot read it.
pub fn hash(path: &Path) -> io::Result<u64> {
    let mut hasher = Xxh3Default::new();
    read_on(&mut File::open(path)?, &mut hasher)?;
    Ok(hasher.digest())
}

/// Returns the hash of bytes in memory.
pub fn hash_of(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// Takes the bytes from where a file stands to its end; returns how many there were.
fn read_on(file: &mut File, hasher: &mut Xxh3Default) -> io::Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A file whose bytes count as they are read, and which ends when the run is stopped.
pub struct Content<'a> {
    file: File,
    run: &'a Run<'a>,
    size: u64,
    /// Bytes that count already.
    counted: u64,
    /// Bytes that were read, some of them perhaps several times.
    read: u64,
    place: u64,
    /// What was read of the file's start, without a gap, and how much that is.
    hasher: Xxh3Default,
    hashed: u64,
    /// Whether that is all there is: the end was met behind it.
    ended: bool,
}

impl<'a> Content<'a> {
    /// Returns the content of a file that was opened; `size` as it was listed.
    pub fn new(file: File, run: &'a Run<'a>, size: u64) -> Content<'a> {
        Content { file, run, size, counted: 0, read: 0, place: 0, hasher: Xxh3Default::new(), hashed: 0, ended: false }
    }

    /// Returns the file.
    pub fn file(&self) -> &File {
        &self.file
    }

    fn count(&mut self, bytes: u64) {
        let bytes = bytes.min(self.size - self.counted);
        self.counted += bytes;
        self.run.totals.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts what was not read as well, and returns the hash of all bytes. What a reader passed over is read now,
    /// unless that is more than it read: then there is none.
    pub fn finish(&mut self) -> Option<u64> {
        self.count(u64::MAX);
        let left = self.size.saturating_sub(self.hashed);
        if left > self.read.max(BUFFER as u64) || self.run.stopped() {
            return None;
        }
        if !self.ended {
            self.file.seek(SeekFrom::Start(self.hashed)).ok()?;
            self.hashed += read_on(&mut self.file, &mut self.hasher).ok()?;
        }
        (self.hashed == self.size).then(|| self.hasher.digest())
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.run.stopped() {
            return Err(io::Error::other("the run was stopped"));
        }
        let count = self.file.read(buffer)?;
        if self.place == self.hashed {
            self.hasher.update(&buffer[..count]);
            self.hashed += count as u64;
            self.ended = count == 0 && !buffer.is_empty();
        }
        self.place += count as u64;
        self.read += count as u64;
        self.count(count as u64);
        Ok(count)
    }
}

impl Seek for Content<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.place = self.file.seek(place)?;
        Ok(self.place)
    }
}
