//! Zip archives. The list of members stands at the end, so an archive that is a stream itself is first held in memory.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read, SeekFrom};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::input::{Seekable, Stream};
use super::unpack::{self, Guard};
use super::{Each, Head, Input, Source};
use crate::problem::{Problem, Reason};

/// The largest archive inside another one, in bytes.
const HELD_LIMIT: u64 = 256 << 20;

/// The largest part of a document that is an archive, in bytes.
const PART_LIMIT: u64 = 64 << 20;

/// Returns whether a file is a zip archive.
pub fn sniff(head: &Head<'_>) -> bool {
    let zipped = head.bytes.starts_with(b"PK\x03\x04") || head.bytes.starts_with(b"PK\x05\x06");
    zipped && !head.has_extension(&["docx", "xlsx", "pptx", "odt", "epub"])
}

/// Reads the members of an archive.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    if unpack::is_too_deep(source, each) {
        return Ok(());
    }
    open(input, source, each, &mut |archive, packed, each| {
        let unpacked = Rc::new(Cell::new(0));
        for number in 0..archive.len() {
            read_number(archive, number, (packed, &unpacked), source, each)?;
        }
        Ok(())
    })
}

/// What is done with an open archive and its size.
pub type Work<'a> = &'a mut dyn FnMut(&mut ZipArchive<&mut dyn Seekable>, u64, Each<'_>) -> io::Result<()>;

/// Opens an archive, wherever it lies.
pub fn open(input: &mut dyn Input, source: Source<'_>, each: Each<'_>, work: Work<'_>) -> io::Result<()> {
    let mut held;
    let bytes: &mut dyn Seekable = match input.seekable() {
        Some(_) => input.seekable().expect("what can be moved about in stays so"),
        None => {
            let mut bytes = Vec::new();
            input.take(HELD_LIMIT + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > HELD_LIMIT {
                let detail = format!("is over {} MB, the limit for a zip inside another file", HELD_LIMIT >> 20);
                each(Err(source.problem(None, Reason::TooLarge, detail)));
                return Ok(());
            }
            held = Cursor::new(bytes);
            &mut held
        }
    };
    let packed = bytes.seek(SeekFrom::End(0))?;
    match ZipArchive::new(bytes) {
        Ok(mut archive) => work(&mut archive, packed, each),
        Err(error) => tell(error, None, source, each),
    }
}

/// Returns the bytes of a member by its name, as documents that are archives of parts need them; nothing where there
/// is none. What is damaged or too large is told.
///
/// # Errors
/// When the system could not read.
pub fn part(
    archive: &mut ZipArchive<&mut dyn Seekable>,
    packed: u64,
    name: &str,
    source: Source<'_>,
    each: Each<'_>,
) -> io::Result<Option<Vec<u8>>> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return tell(error, Some(0), source, each).map(|()| None),
    };
    let mut bytes = Vec::new();
    let guard = Guard::new(file, Rc::new(Cell::new(packed)), Rc::default());
    if let Err(error) = guard.take(PART_LIMIT + 1).read_to_end(&mut bytes) {
        unpack::tell_damage(Err(error), "zip", source, each)?;
        return Ok(None);
    }
    if bytes.len() as u64 > PART_LIMIT {
        let detail = format!("has a part `{name}` of over {} MB, the limit for one document", PART_LIMIT >> 20);
        each(Err(source.problem(None, Reason::TooLarge, detail)));
        return Ok(None);
    }
    Ok(Some(bytes))
}

fn read_number(
    archive: &mut ZipArchive<&mut dyn Seekable>,
    number: usize,
    (packed, unpacked): (u64, &Rc<Cell<u64>>),
    source: Source<'_>,
    each: Each<'_>,
) -> io::Result<()> {
    let file = match archive.by_index(number) {
        Ok(file) => file,
        Err(error) => return tell(error, Some(number), source, each),
    };
    let name =
        file.name().map_or_else(|_| unpack::member_name(file.name_raw()), |name| unpack::member_name(name.as_bytes()));
    if file.is_dir() || unpack::is_litter(&name) {
        return Ok(());
    }
    if unpack::leads_out(&name) {
        let detail = format!("holds `{name}`, a name outside of it; passed over");
        each(Err(source.problem(None, Reason::Malformed, detail)));
        return Ok(());
    }
    let size = file.size();
    let guard = Guard::new(file, Rc::new(Cell::new(packed)), Rc::clone(unpacked));
    let done = unpack::read_member(&name, &mut Stream(BufReader::new(guard)), size, source, each);
    let path = format!("{}!/{name}", source.path);
    unpack::tell_damage(done, "zip", Source { path: &path, ..source }, each)
}

fn tell(error: ZipError, number: Option<usize>, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let detail = match error {
        ZipError::Io(error) if error.raw_os_error().is_some() => return Err(error),
        ZipError::UnsupportedArchive(words) if words.contains("assword") => {
            format!("holds member {}, which is encrypted", number.unwrap_or_default() + 1)
        }
        error if number.is_some() => {
            format!("holds member {}, which is damaged ({error})", number.unwrap_or_default() + 1)
        }
        _ => "is no whole zip archive: its list of members is damaged or cut off".to_owned(),
    };
    each(Err(Problem { reason: Reason::Malformed, ..source.problem(None, Reason::Malformed, detail) }));
    Ok(())
}
