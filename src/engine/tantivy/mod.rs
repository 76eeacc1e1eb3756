//! An index in a folder, kept by Tantivy.
//!
//! In: documents and plans. Out: hits. Nothing outside this folder says `tantivy::`. `write` adds, `read` opens and
//! answers; `folder` knows the lock and the format, `files` what came from which file, `maps` which field map is whose,
//! `skipped` what was left out, and `check` says whether all of it is sound.
//!
//! On the way in, `document` is what is added, `growing` a segment in memory, `inverted` and its `vocabulary` where its
//! words stand, `columns` and their `texts` its columns, `slots` how words and texts are looked up there, `store` what it
//! keeps, `kept` what is kept of a document, `removal` what is deleted. On the way out, `terms` turns words into terms of
//! the dictionary, `postings` reads all forms of a word as one, `windows` common words, `spans` finds phrases and words
//! near each other, `borders` sentences and paragraphs, `family` knows which quotes are whose, `feedback` learns words from the best
//! articles, `matching` turns clauses into `sets` of documents, `scoring` is BM25, `stories` knows which articles are
//! copies, `articles` and `quotes` put the answers in order, `threads` share the work; `names` knows who is named and
//! who speaks, `tally` how often. `fields` names the fields for all of them.

mod articles;
mod borders;
mod check;
mod columns;
mod directory;
mod document;
mod family;
mod feedback;
mod fields;
mod files;
mod folder;
mod growing;
mod inverted;
mod kept;
mod maps;
mod matching;
mod names;
mod postings;
mod quotes;
mod read;
mod removal;
mod rows;
mod scoring;
mod sets;
mod skipped;
mod slots;
mod spans;
mod store;
mod stories;
mod tally;
mod terms;
mod texts;
mod threads;
mod vocabulary;
mod windows;
mod write;

pub use check::check;
pub use files::{FileEntry, Files, Known, PROBLEM_LIMIT, Totals};
pub use names::Table;
pub use read::Index;
pub use tally::{Asked, Counts};
pub use write::{Batch, Writer, WriterOptions};
