//! An index in a folder, kept by Tantivy.
//!
//! In: documents and plans. Out: hits. Nothing outside this folder says `tantivy::`. `write` adds, `read` opens and
//! answers; in between `fields` names the fields, `terms` turns words into terms of the dictionary, `postings` reads
//! all forms of a word as one, `spans` finds phrases and words near each other, `borders` sentences and paragraphs,
//! `family` knows which quotes are whose, `feedback` learns words from the best articles, `matching` turns clauses into
//! `sets` of documents, `scoring` is BM25, `stories` knows which articles are copies, `articles` and `quotes` put the answers in order, `threads` share the work;
//! `names` knows who is named and who speaks, `tally` how often; `skipped`
//! keeps what was left out, `files` what came from which file, `maps` which field map is whose, and `folder` knows its
//! lock and its format; `check` says whether all of it is sound.

mod articles;
mod borders;
mod check;
mod directory;
mod document;
mod family;
mod feedback;
mod fields;
mod files;
mod folder;
mod maps;
mod matching;
mod names;
mod postings;
mod quotes;
mod read;
mod rows;
mod scoring;
mod sets;
mod skipped;
mod spans;
mod stories;
mod tally;
mod terms;
mod threads;
mod write;

pub use check::check;
pub use files::{FileEntry, Files, Known, PROBLEM_LIMIT, Totals};
pub use names::Table;
pub use read::Index;
pub use tally::{Asked, Counts};
pub use write::{Batch, Pending, Writer, WriterOptions};
