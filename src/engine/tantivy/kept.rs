//! What is kept of a document, as it lies in Tantivy's store: at most one value, of bytes.
//!
//! Tantivy writes and reads such a value byte by byte. Layout: how many values, the number of the field, the kind of
//! the value, its length, its bytes; numbers of varying length have seven bits a byte, the last one marked.

use tantivy::schema::Field as Handle;

/// The mark of the last byte of a number.
const LAST: u8 = 0x80;
/// Tantivy's number for values of bytes.
const BYTES: u8 = 4;
/// What stands before the length.
const HEAD: usize = 1 + 4 + 1;
/// The longest length, in bytes.
const LONGEST: usize = 5;

/// Adds a document of which a value is kept, or nothing.
pub fn write(value: Option<(Handle, &[u8])>, out: &mut Vec<u8>) {
    let Some((handle, bytes)) = value else { return out.push(LAST) };
    out.push(1 | LAST);
    out.extend(handle.field_id().to_le_bytes());
    out.push(BYTES);
    push_number(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Adds a number of varying length.
pub fn push_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= u64::from(LAST) {
        out.push(number as u8 & !LAST);
        number >>= LAST.trailing_zeros();
    }
    out.push(number as u8 | LAST);
}

/// Returns the value that is kept of a document; nothing where there is none, or something else.
pub fn read(document: &[u8]) -> Option<&[u8]> {
    if document.first() != Some(&(1 | LAST)) || document.get(HEAD - 1) != Some(&BYTES) {
        return None;
    }
    let rest = &document[HEAD..];
    let digits = rest.iter().take(LONGEST).position(|digit| digit & LAST != 0)? + 1;
    let length = rest[..digits].iter().rev().fold(0, |sum, digit| sum << 7 | usize::from(digit & !LAST));
    rest.get(digits..)?.get(..length)
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{STORED, Schema, Value};
    use tantivy::{DocAddress, IndexWriter, ReloadPolicy, TantivyDocument};

    use super::{read, write};

    /// Tantivy reads what is written here, and writes what is read here.
    #[test]
    fn values_are_kept_as_tantivy_does() {
        let mut builder = Schema::builder();
        builder.add_bytes_field("other", STORED);
        let field = builder.add_bytes_field("record", STORED);
        let index = tantivy::Index::create_in_ram(builder.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        let values: Vec<Vec<u8>> =
            [0, 1, 127, 128, 129, 16_383, 16_384, 100_000].map(|length| vec![b'x'; length]).into();
        for value in &values {
            let mut document = TantivyDocument::default();
            document.add_bytes(field, value);
            writer.add_document(document).expect("an addition");
        }
        writer.add_document(TantivyDocument::default()).expect("an addition");
        writer.commit().expect("a commit");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let searcher: tantivy::Searcher = reader.searcher();
        let store = searcher.segment_reader(0).get_store_reader(1).expect("a store");
        let mut written = Vec::new();
        for (doc, value) in (0..).zip(&values) {
            let bytes = store.get_document_bytes(doc).expect("a document");
            written.clear();
            write(Some((field, value)), &mut written);
            assert!(bytes.as_slice() == written && read(&bytes) == Some(value.as_slice()), "{} bytes", value.len());
            let document: TantivyDocument = searcher.doc(DocAddress::new(0, doc)).expect("a document");
            assert_eq!(document.get_first(field).and_then(|kept| kept.as_bytes()), Some(value.as_slice()));
        }
        written.clear();
        write(None, &mut written);
        let nothing = store.get_document_bytes(values.len() as u32).expect("a document");
        assert_eq!((nothing.as_slice(), read(&nothing)), (written.as_slice(), None));
        written.clear();
        write(Some((field, &values[2])), &mut written);
        for length in 0..written.len() {
            assert_eq!(read(&written[..length]), None, "{length}");
        }
    }
}
