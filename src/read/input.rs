//! The bytes of a file as readers get them: a stream that some sources can also move about in.

use std::io::{BufRead, BufReader, Read, Seek};

/// Bytes to read; where they lie on a disk, any place in them can be gone to.
pub trait Input: BufRead {
    /// Returns the bytes as something to move about in, from the start of the file; nothing for a stream.
    fn seekable(&mut self) -> Option<&mut dyn Seekable> {
        None
    }
}

/// Bytes to move about in.
pub trait Seekable: Read + Seek {}

impl<T: Read + Seek> Seekable for T {}

impl<R: Read + Seek> Input for BufReader<R> {
    fn seekable(&mut self) -> Option<&mut dyn Seekable> {
        Some(self)
    }
}

impl Input for &[u8] {}

/// A stream that cannot be moved about in.
pub struct Stream<R>(pub R);

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: BufRead> BufRead for Stream<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }
}

impl<R: BufRead> Input for Stream<R> {}

/// The first bytes of a file and the extension of its name: what a format is recognised by.
pub struct Head<'a> {
    /// The first bytes, at most a few kilobytes.
    pub bytes: &'a [u8],
    /// The same without a mark of UTF-8 and without white space before the first letter.
    pub start: &'a [u8],
    /// What follows the last point of the name, in lower case; empty where there is none.
    pub extension: String,
    /// The name starts with a point.
    pub hidden: bool,
}

impl<'a> Head<'a> {
    /// Returns the head of the file at `path`.
    pub fn new(bytes: &'a [u8], path: &str) -> Head<'a> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        Head {
            bytes,
            start,
            extension: extension.map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default(),
            hidden: name.starts_with('.'),
        }
    }

    /// Returns whether the name has one of these extensions.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions.contains(&self.extension.as_str())
    }

    /// Returns whether the file starts with these letters, in whatever case, white space left out.
    pub fn starts_with(&self, letters: &str) -> bool {
        self.start.get(..letters.len()).is_some_and(|start| start.eq_ignore_ascii_case(letters.as_bytes()))
    }

    /// Returns whether the first kilobytes hold these bytes.
    pub fn holds(&self, needle: &[u8]) -> bool {
        memchr::memmem::find(self.bytes, needle).is_some()
    }
}
