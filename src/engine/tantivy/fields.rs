//! The Tantivy schema made from the list of fields. Tantivy cuts no text into words here: see `inverted`.
//!
//! Words are indexed once, folded and not stemmed: a stem is resolved against the dictionary when a query comes
//! (see `terms.rs`), which keeps exact spelling searchable and the index as small as one field.

use tantivy::columnar::StrColumn;
use tantivy::index::SegmentReader;
use tantivy::schema::{
    BytesOptions, Field as Handle, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::schema::Field;

/// The name of how words are made, for whoever reads the schema.
const WORDS: &str = "words";
/// The name of how tags are made, likewise.
const TAGS: &str = "tags";

/// What stands between the parts of a value that holds several: a value costs Tantivy more than its words.
pub const SEPARATOR: char = '\u{1f}';

/// The kind of an article; a quote's is the name of its kind.
pub const ARTICLE: &str = "article";
/// The kind of a file's entry in the list of files.
pub const FILE: &str = "file";

/// What a document is tagged with: a whole value, as one term of the one field of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Article, file, or the kind of a quote.
    Kind,
    /// The file it came from: what a delete names.
    File,
    /// A class of source.
    Role,
    /// The article's own id, where it is not the name of its file.
    Id,
    /// The language, in small letters.
    Lang,
}

impl Tag {
    /// Returns what stands before the value in the term.
    pub fn prefix(self) -> &'static str {
        match self {
            Tag::Kind => "k:",
            Tag::File => "f:",
            Tag::Role => "r:",
            Tag::Id => "i:",
            Tag::Lang => "l:",
        }
    }

    /// Adds the tag with a value to the value of the field that begins at `start` of `out`.
    pub fn push(self, value: &str, start: usize, out: &mut String) {
        if out.len() > start {
            out.push(SEPARATOR);
        }
        out.push_str(self.prefix());
        let start = out.len();
        out.push_str(value);
        if value.contains(SEPARATOR) {
            out.truncate(start);
            out.extend(value.chars().map(|letter| if letter == SEPARATOR { ' ' } else { letter }));
        }
    }
}

/// The handles of every Tantivy field.
#[derive(Clone, Debug)]
pub struct Handles {
    /// The Tantivy schema they belong to.
    pub schema: Schema,
    /// Everything in [`Tag`].
    pub tags: Handle,
    /// The article's key, or the file's path where a file has an entry of its own, as a column.
    pub key: Handle,
    /// The day, `yyyymmdd`, as a column.
    pub date: Handle,
    /// The position of the dek's first word in the text field, as a column.
    pub dek_at: Handle,
    /// The position of the body's first word in the text field, as a column: marks an article.
    pub body_at: Handle,
    /// The number of a quote in its article, as a column.
    pub ordinal: Handle,
    /// The positions of a quote in the text field of its article, packed, as a column of several values.
    pub said: Handle,
    /// The positions of a quote's speaker, named and described, likewise.
    pub spoken: Handle,
    /// The positions of the names in an article, likewise.
    pub named: Handle,
    /// Where the sentences of an article start, packed, as a column of several values.
    pub borders: Handle,
    /// A quote's canonical speaker, as a column of [`super::names`].
    pub speaker: Handle,
    /// The canonical names in an article, likewise, several values in the order of their numbers; then short forms.
    pub entity: Handle,
    /// The signature of an article's body, as a column of several values.
    pub signature: Handle,
    /// When a file was modified, nanoseconds since 1970, as a column: marks the file's entry.
    pub modified: Handle,
    /// The size of a file in bytes, as a column.
    pub file_size: Handle,
    /// A hash of a file's bytes, as a column.
    pub hash: Handle,
    /// Which field map a file's records were read with, as a column.
    pub map: Handle,
    /// What a moved file's articles are named after, as a column.
    pub origin: Handle,
    /// The size of an article's text in bytes, as a column.
    pub size: Handle,
    /// How many records of a file were left out, as a column; absent where none was.
    pub problems: Handle,
    /// What is kept of an article.
    pub record: Handle,
    words: Vec<(Field, Handle)>,
}

impl Handles {
    /// Returns the schema, newly made; the same on every call.
    pub fn new() -> Handles {
        let mut builder = Schema::builder();
        let column = |builder: &mut tantivy::schema::SchemaBuilder, name: &str| {
            builder.add_u64_field(name, NumericOptions::default().set_fast())
        };
        let mut words = Vec::new();
        for field in [Field::Text, Field::Outlet, Field::Byline, Field::Dateline, Field::Section] {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(WORDS)
                .set_fieldnorms(field == Field::Text)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            let options = TextOptions::default().set_indexing_options(indexing);
            words.push((field, builder.add_text_field(field.name(), options)));
        }
        let tagging = TextFieldIndexing::default()
            .set_tokenizer(TAGS)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let tags = builder.add_text_field("tags", TextOptions::default().set_indexing_options(tagging));
        let key = builder.add_text_field("key", TextOptions::default().set_fast("raw"));
        let date = column(&mut builder, "date");
        let dek_at = column(&mut builder, "dek_at");
        let body_at = column(&mut builder, "body_at");
        let ordinal = column(&mut builder, "ordinal");
        let said = column(&mut builder, "said");
        let spoken = column(&mut builder, "spoken");
        let named = column(&mut builder, "named");
        let borders = column(&mut builder, "borders");
        let speaker = builder.add_text_field("speaker", TextOptions::default().set_fast("raw"));
        let entity = builder.add_text_field("entity", TextOptions::default().set_fast("raw"));
        let signature = column(&mut builder, "signature");
        let modified = column(&mut builder, "modified");
        let file_size = column(&mut builder, "file_size");
        let hash = column(&mut builder, "hash");
        let map = column(&mut builder, "map");
        let origin = builder.add_text_field("origin", TextOptions::default().set_fast("raw"));
        let size = column(&mut builder, "size");
        let problems = column(&mut builder, "problems");
        let record = builder.add_bytes_field("record", BytesOptions::from(STORED));
        let schema = builder.build();
        Handles {
            schema,
            tags,
            key,
            date,
            dek_at,
            body_at,
            ordinal,
            said,
            spoken,
            named,
            borders,
            speaker,
            entity,
            signature,
            modified,
            file_size,
            hash,
            map,
            origin,
            size,
            problems,
            record,
            words,
        }
    }

    /// Returns the term of a tag with a value.
    pub fn tag(&self, tag: Tag, value: &str) -> Term {
        let mut text = String::with_capacity(value.len() + 2);
        tag.push(value, 0, &mut text);
        Term::from_field_text(self.tags, &text)
    }

    /// Returns the handle of a field with terms; headline, dek, body, quotes and names are parts of the text field.
    pub fn terms_of(&self, field: Field) -> Option<Handle> {
        let part = matches!(field, Field::Headline | Field::Dek | Field::Body | Field::Lead | Field::Hlead)
            || matches!(field, Field::Quote | Field::Speaker | Field::Entity);
        let field = if part { Field::Text } else { field };
        self.words.iter().find(|(of, _)| *of == field).map(|(_, handle)| *handle)
    }
}

/// Returns the living documents of a segment that have a term, in order.
///
/// # Errors
/// When the segment cannot be read.
pub fn living(segment: &SegmentReader, term: &Term) -> tantivy::Result<Vec<DocId>> {
    let mut found = Vec::new();
    let postings = segment.inverted_index(term.field())?.read_postings(term, IndexRecordOption::Basic)?;
    if let Some(mut docs) = postings {
        while docs.doc() != TERMINATED {
            if !segment.is_deleted(docs.doc()) {
                found.push(docs.doc());
            }
            docs.advance();
        }
    }
    Ok(found)
}

/// Returns what a document has in a column of texts, where there are both.
///
/// # Errors
/// When the column cannot be read.
pub fn text_of(column: Option<&StrColumn>, doc: DocId) -> tantivy::Result<Option<String>> {
    let Some((column, ord)) = column.and_then(|column| Some((column, column.term_ords(doc).next()?))) else {
        return Ok(None);
    };
    let mut text = String::new();
    column.ord_to_str(ord, &mut text)?;
    Ok(Some(text))
}
