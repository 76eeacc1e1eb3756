//! Compressed files, streamed: gzip (flate2), Zstandard (zstd), bzip2 (bzip2), xz (liblzma).
//!
//! What is inside is recognised by its own bytes, and by the name without `.gz`.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;

use super::input::Stream;
use super::unpack::{self, Counted, Guard};
use super::{Each, Head, Input, Source};

/// Bytes unpacked at a time.
const CHUNK: usize = 64 << 10;
/// The largest window of Zstandard, as a power of two: 128 MB.
const WINDOW_LOG: u32 = 27;

/// Returns whether a file is gzip.
pub fn is_gzip(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"\x1f\x8b")
}

/// Returns whether a file is Zstandard.
pub fn is_zstd(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"\x28\xb5\x2f\xfd")
}

/// Returns whether a file is bzip2.
pub fn is_bzip2(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"BZh") && head.bytes.get(3).is_some_and(u8::is_ascii_digit)
}

/// Returns whether a file is xz.
pub fn is_xz(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"\xfd7zXZ\0")
}

/// Reads a gzip file.
pub fn read_gzip(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let (counted, packed) = Counted::new(input);
    unpack(MultiGzDecoder::new(counted), packed, "gzip", source, each)
}

/// Reads a Zstandard file.
pub fn read_zstd(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let (counted, packed) = Counted::new(input);
    let mut decoder = zstd::Decoder::with_buffer(counted)?;
    decoder.window_log_max(WINDOW_LOG)?;
    unpack(decoder, packed, "Zstandard", source, each)
}

/// Reads a bzip2 file.
pub fn read_bzip2(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let (counted, packed) = Counted::new(input);
    unpack(MultiBzDecoder::new(counted), packed, "bzip2", source, each)
}

/// Reads an xz file.
pub fn read_xz(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let (counted, packed) = Counted::new(input);
    unpack(XzDecoder::new_multi_decoder(counted), packed, "xz", source, each)
}

fn unpack(decoder: impl Read, packed: Rc<Cell<u64>>, what: &str, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    if unpack::is_too_deep(source, each) {
        return Ok(());
    }
    let name = inner_name(source.name);
    let id = if source.id == unpack::stem(source.name) { unpack::stem(&name) } else { source.id };
    let inner = Source { name: &name, id, size: 0, depth: source.depth + 1, ..source };
    let guard = Guard::new(decoder, packed, Rc::default());
    let done = super::read(&mut Stream(BufReader::with_capacity(CHUNK, guard)), inner, each);
    unpack::tell_damage(done, what, source, each)
}

/// Returns the name of what is inside: `news.tgz` holds `news.tar`.
fn inner_name(name: &str) -> String {
    let Some((stem, extension)) = name.rsplit_once('.') else { return name.to_owned() };
    match extension.to_ascii_lowercase().as_str() {
        "tgz" | "tbz" | "tbz2" | "txz" | "tzst" => format!("{stem}.tar"),
        "gz" | "zst" | "zstd" | "bz2" | "xz" => stem.to_owned(),
        _ => name.to_owned(),
    }
}
