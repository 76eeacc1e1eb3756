//! What readers of containers share: names of members, and guards against damage and against bombs.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, ErrorKind, Read};
use std::rc::Rc;

use super::{DEPTH_LIMIT, Each, Input, Source};
use crate::problem::{Problem, Reason};

/// Text does not pack better than this; what does is a bomb.
const RATIO: u64 = 200;
/// Bytes that may come out before the ratio counts.
const FLOOR: u64 = 64 << 20;

/// Says that something unpacks to more than text can.
#[derive(Debug)]
struct Bomb;

impl fmt::Display for Bomb {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unpacks to over {RATIO} times its size, as no text does; what came before was read")
    }
}

impl std::error::Error for Bomb {}

/// Counts the packed bytes that are taken from a source.
pub struct Counted<'a> {
    input: &'a mut dyn Input,
    count: Rc<Cell<u64>>,
}

impl<'a> Counted<'a> {
    /// Returns the source and its count.
    pub fn new(input: &'a mut dyn Input) -> (Counted<'a>, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        (Counted { input, count: Rc::clone(&count) }, count)
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.count.set(self.count.get() + count as u64);
        self.input.consume(count);
    }
}

/// Unpacked bytes that end with an error where they are too many for the packed ones.
pub struct Guard<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
}

impl<R: Read> Guard<R> {
    /// Returns the bytes of `inner`, guarded; several may share their counts.
    pub fn new(inner: R, packed: Rc<Cell<u64>>, unpacked: Rc<Cell<u64>>) -> Guard<R> {
        Guard { inner, packed, unpacked }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let unpacked = self.unpacked.get() + count as u64;
        self.unpacked.set(unpacked);
        if unpacked > FLOOR && unpacked / RATIO > self.packed.get() {
            return Err(io::Error::new(ErrorKind::InvalidData, Bomb));
        }
        Ok(count)
    }
}

/// Tells damage in a container as a problem; an error of the system goes on.
///
/// # Errors
/// When the system could not read.
pub fn tell_damage(done: io::Result<()>, what: &str, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    match done {
        Err(error) if error.raw_os_error().is_none() => {
            each(Err(damage(&error, what, source)));
            Ok(())
        }
        done => done,
    }
}

/// Returns the problem that an error of an unpacker stands for.
pub fn damage(error: &io::Error, what: &str, source: Source<'_>) -> Problem {
    if error.get_ref().is_some_and(|inner| inner.is::<Bomb>()) {
        return source.problem(None, Reason::TooLarge, Bomb.to_string());
    }
    let words = error.to_string().to_lowercase();
    let detail = match error.kind() {
        ErrorKind::UnexpectedEof => format!("ends in the middle of its {what} data; what came before was read"),
        _ if words.contains("unexpected eof") || words.contains("failed to read entire block") => {
            format!("ends in the middle of its {what} data; what came before was read")
        }
        _ => format!("is damaged {what} data ({words}); what came before was read"),
    };
    source.problem(None, Reason::Malformed, detail)
}

/// Returns whether one more container is one too many, and tells it.
pub fn is_too_deep(source: Source<'_>, each: Each<'_>) -> bool {
    let deep = source.depth >= DEPTH_LIMIT;
    if deep {
        let detail = format!("lies in {DEPTH_LIMIT} containers, which is the limit, and is one itself; not unpacked");
        each(Err(source.problem(None, Reason::TooLarge, detail)));
    }
    deep
}

/// Returns the name of a member as text, one to one: what is not UTF-8 is written `\xNN`.
pub fn member_name(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace("\\x", "\\x5Cx").replace('\u{1f}', "\\x1F"));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
    out
}

/// Returns whether a name of a member leads out of the container.
pub fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..")
}

/// Returns whether a member is what systems leave behind and no article.
pub fn is_litter(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next() == Some(".DS_Store")
}

/// Returns a name without its folder and its extension.
pub fn stem(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty()).unwrap_or(last)
}

/// Reads a member of a container.
///
/// # Errors
/// When the container cannot be read on.
pub fn read_member(name: &str, input: &mut dyn Input, size: u64, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let path = format!("{}!/{name}", source.path);
    let size = usize::try_from(size.min(1 << 20)).unwrap_or(0);
    let member = Source { path: &path, name, id: stem(name), size, depth: source.depth + 1, ..source };
    super::read(input, member, each)
}
