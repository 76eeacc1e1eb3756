//! What is kept of the documents of a segment that grows, written as it comes, the way Tantivy reads it.
//!
//! Tantivy makes a new compressor for each block; here one serves them all. The file is the same. Layout: the blocks,
//! each compressed behind its length, with the starts of its documents and their number at its end; an index of the
//! blocks; where that starts, what compressed them, 15 bytes without meaning.
//!
//! The index has layers, the coarsest first. A layer is made of groups of entries, and each group is an entry of the
//! layer above it.

use std::io::{self, Write};
use std::ops::Range;

use tantivy::DocId;
use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::schema::Field as Handle;
use zstd::bulk::Compressor;

use super::kept;

/// Blocks are of so many bytes: twice Tantivy's own choice, for zstd starts anew with each.
pub const BLOCK: usize = 32 << 10;
/// The level of zstd for them: the next one takes a fifth more time and saves two hundredths of a byte per byte of text.
pub const LEVEL: i32 = 1;

/// Tantivy's number for the layout.
const VERSION: u32 = 2;
/// Tantivy's number for zstd.
const ZSTD: u8 = 4;
/// So many entries of the index make a group.
const GROUP: usize = 8;
/// What Tantivy counts for a document of a block beside its bytes.
const PER_DOCUMENT: usize = 8;

/// What was kept so far.
pub struct Store {
    out: WritePtr,
    written: u64,
    compressor: Compressor<'static>,
    compressed: Vec<u8>,
    /// The documents of the block that is not full yet, and where each starts in it.
    block: Vec<u8>,
    starts: Vec<u32>,
    /// The first document of that block.
    first: DocId,
    layers: Vec<Layer>,
}

/// A layer of the index.
#[derive(Default)]
struct Layer {
    written: Vec<u8>,
    group: Vec<Entry>,
}

/// Documents, and the bytes that they or their entries take.
#[derive(Clone)]
struct Entry {
    documents: Range<DocId>,
    bytes: Range<u64>,
}

impl Store {
    /// Returns an empty store.
    ///
    /// # Errors
    /// When there is no memory for a compressor.
    pub fn new(out: WritePtr) -> io::Result<Store> {
        let compressor = Compressor::new(LEVEL)?;
        let (compressed, block, starts) = (Vec::new(), Vec::with_capacity(2 * BLOCK), Vec::new());
        Ok(Store { out, written: 0, compressor, compressed, block, starts, first: 0, layers: Vec::new() })
    }

    /// Returns how many bytes of memory it takes.
    pub fn memory(&self) -> usize {
        self.block.capacity() + self.compressed.capacity() + 4 * self.starts.capacity()
    }

    /// Adds what is kept of the next document.
    ///
    /// # Errors
    /// When a block cannot be written.
    pub fn add(&mut self, value: Option<(Handle, &[u8])>) -> io::Result<()> {
        self.starts.push(self.block.len() as u32);
        kept::write(value, &mut self.block);
        if self.block.len() + PER_DOCUMENT * self.starts.len() > BLOCK {
            self.write_block()?;
        }
        Ok(())
    }

    fn write_block(&mut self) -> io::Result<()> {
        let count = self.starts.len() as u32;
        if count == 0 {
            return Ok(());
        }
        self.block.extend(self.starts.iter().flat_map(|start| start.to_le_bytes()));
        self.block.extend(count.to_le_bytes());
        let room = zstd::zstd_safe::compress_bound(self.block.len()).max(self.compressed.len());
        self.compressed.resize(room, 0);
        let length = self.compressor.compress_to_buffer(&self.block, &mut self.compressed[..])?;
        self.out.write_all(&(self.block.len() as u32).to_le_bytes())?;
        self.out.write_all(&self.compressed[..length])?;
        let end = self.written + 4 + length as u64;
        let entry = Entry { documents: self.first..self.first + count, bytes: self.written..end };
        (self.written, self.first) = (end, entry.documents.end);
        self.block.clear();
        self.starts.clear();
        self.add_entry(entry);
        Ok(())
    }

    /// Adds an entry to the lowest layer of the index, and a group that it fills to the next one.
    fn add_entry(&mut self, entry: Entry) {
        let mut entry = Some(entry);
        for number in 0.. {
            let Some(added) = entry else { return };
            if number == self.layers.len() {
                self.layers.push(Layer::default());
            }
            let layer = &mut self.layers[number];
            layer.group.push(added);
            entry = if layer.group.len() == GROUP { layer.close_group() } else { None };
        }
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close(mut self) -> io::Result<()> {
        self.write_block()?;
        let Store { mut out, written, mut layers, .. } = self;
        let mut below = None;
        for layer in &mut layers {
            layer.group.extend(below);
            below = layer.close_group();
        }
        let (mut index, mut end) = (Vec::new(), 0);
        kept::push_number(layers.len() as u64, &mut index);
        for layer in layers.iter().rev() {
            end += layer.written.len() as u64;
            kept::push_number(end, &mut index);
        }
        out.write_all(&index)?;
        layers.iter().rev().try_for_each(|layer| out.write_all(&layer.written))?;
        out.write_all(&VERSION.to_le_bytes())?;
        out.write_all(&written.to_le_bytes())?;
        out.write_all(&[ZSTD])?;
        out.write_all(&[0; 15])?;
        out.terminate()
    }
}

impl Layer {
    /// Writes the entries of the group, and returns the one for all of them, where there are any.
    fn close_group(&mut self) -> Option<Entry> {
        let (first, last) = (self.group.first()?.clone(), self.group.last()?.clone());
        let start = self.written.len() as u64;
        for number in [self.group.len() as u64, u64::from(first.documents.start), first.bytes.start] {
            kept::push_number(number, &mut self.written);
        }
        for Entry { documents, bytes } in self.group.drain(..) {
            kept::push_number(u64::from(documents.end - documents.start), &mut self.written);
            kept::push_number(bytes.end - bytes.start, &mut self.written);
        }
        let documents = first.documents.start..last.documents.end;
        Some(Entry { documents, bytes: start..self.written.len() as u64 })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tantivy::Directory;
    use tantivy::directory::RamDirectory;
    use tantivy::store::{Compressor, StoreWriter, ZstdCompressor};

    use super::*;

    /// Blocks of many documents and of one, some without anything kept; groups of groups in the index.
    #[test]
    fn a_store_is_the_one_of_tantivy() {
        let handle = Handle::from_field_id(23);
        for count in [0, 1, 7, 3_000_u32] {
            let folder = RamDirectory::create();
            let [theirs, ours] = ["theirs", "ours"].map(Path::new);
            let open = |path| folder.open_write(path).expect("a file");
            let compressor = Compressor::Zstd(ZstdCompressor { compression_level: Some(LEVEL) });
            let mut expected = StoreWriter::new(open(theirs), compressor, BLOCK, false).expect("a store");
            let mut store = Store::new(open(ours)).expect("a store");
            let mut document = Vec::new();
            for doc in 0..count {
                let length = if doc % 500 == 3 { 90_000 } else { doc * doc % 2_700 };
                let bytes: Vec<u8> = (0..length).map(|at| b' ' + (at * (doc + 1) % 89 % 64) as u8).collect();
                let value = Some((handle, &bytes[..])).filter(|_| doc % 5 > 0);
                document.clear();
                kept::write(value, &mut document);
                expected.store_bytes(&document).expect("an addition");
                store.add(value).expect("an addition");
            }
            expected.close().expect("a file");
            store.close().expect("a file");
            let read = |path| folder.open_read(path).expect("a file").read_bytes().expect("bytes");
            assert!(read(ours) == read(theirs), "{count} documents");
        }
    }
}
