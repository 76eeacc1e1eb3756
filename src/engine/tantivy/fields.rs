//! The Tantivy schema made from the list of fields, and the tokenizer that uses our analyzer.
//!
//! Words are indexed once, folded and not stemmed: a stem is resolved against the dictionary when a query comes
//! (see `terms.rs`), which keeps exact spelling searchable and the index as small as one field.

use tantivy::schema::{
    BytesOptions, Field as Handle, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analyzer;
use crate::schema::Field;

/// The name under which the tokenizer of words is registered.
pub const WORDS: &str = "words";

/// The `kind` term of an article; a quote's is the name of its kind.
pub const ARTICLE: &str = "article";
/// The `kind` term of a file's entry in the list of files.
pub const FILE: &str = "file";

/// The handles of every Tantivy field.
#[derive(Clone, Debug)]
pub struct Handles {
    /// The Tantivy schema they belong to.
    pub schema: Schema,
    /// Article, file, or the kind of a quote, as one term.
    pub kind: Handle,
    /// The file a document came from, as one term: what a delete names.
    pub file: Handle,
    /// The article's key, or the file's path where a file has an entry of its own, as a column.
    pub key: Handle,
    /// The canonical speaker of a quote, as one term.
    pub name: Handle,
    /// The day, `yyyymmdd`, as a column.
    pub date: Handle,
    /// The position of the body's first word in the text field, as a column.
    pub body_at: Handle,
    /// The number of a quote in its article, as a column.
    pub ordinal: Handle,
    /// The positions of a quote in the text field of its article, packed, as a column of several values.
    pub said: Handle,
    /// When a file was modified, nanoseconds since 1970, as a column: marks the file's entry.
    pub modified: Handle,
    /// The size of a file in bytes, as a column.
    pub file_size: Handle,
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
        let term = |builder: &mut tantivy::schema::SchemaBuilder, name: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        };
        let column = |builder: &mut tantivy::schema::SchemaBuilder, name: &str| {
            builder.add_u64_field(name, NumericOptions::default().set_fast())
        };
        let mut words = Vec::new();
        for field in [Field::Text, Field::Headline, Field::Dek, Field::Speaker, Field::Entity].into_iter().chain([
            Field::Outlet,
            Field::Byline,
            Field::Section,
        ]) {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(WORDS)
                .set_fieldnorms(field == Field::Text)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            let options = TextOptions::default().set_indexing_options(indexing);
            words.push((field, builder.add_text_field(field.name(), options)));
        }
        for field in [Field::Role, Field::Id] {
            words.push((field, term(&mut builder, field.name())));
        }
        let kind = term(&mut builder, "kind");
        let file = term(&mut builder, "file");
        let name = term(&mut builder, "name");
        let key = builder.add_text_field("key", TextOptions::default().set_fast("raw"));
        let date = column(&mut builder, "date");
        let body_at = column(&mut builder, "body_at");
        let ordinal = column(&mut builder, "ordinal");
        let said = column(&mut builder, "said");
        let modified = column(&mut builder, "modified");
        let file_size = column(&mut builder, "file_size");
        let size = column(&mut builder, "size");
        let problems = column(&mut builder, "problems");
        let record = builder.add_bytes_field("record", BytesOptions::from(STORED));
        let schema = builder.build();
        Handles {
            schema,
            kind,
            file,
            key,
            name,
            date,
            body_at,
            ordinal,
            said,
            modified,
            file_size,
            size,
            problems,
            record,
            words,
        }
    }

    /// Returns the handle of a field with terms; the body and the quotes are parts of the text field.
    pub fn terms_of(&self, field: Field) -> Option<Handle> {
        let field = if matches!(field, Field::Body | Field::Quote) { Field::Text } else { field };
        self.words.iter().find(|(of, _)| *of == field).map(|(_, handle)| *handle)
    }
}

/// Tantivy's view of [`analyzer::words`] and [`analyzer::fold_into`].
#[derive(Clone, Default)]
pub struct WordTokenizer {
    token: Token,
}

/// The words of one value.
pub struct WordStream<'a> {
    text: &'a str,
    words: analyzer::Words<'a>,
    token: &'a mut Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, words: analyzer::words(text), token: &mut self.token }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(range) = self.words.next() else { return false };
        analyzer::fold_into(&self.text[range.clone()], &mut self.token.text);
        self.token.offset_from = range.start;
        self.token.offset_to = range.end;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
