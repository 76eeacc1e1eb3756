//! Typed words to a plan. Nothing typed is ever misread in silence: it means something, or it is answered with its
//! place, a reason and a suggestion.
//!
//! In: a string. Out: a [`Query`] tree and [`Complaint`]s, then a plan. Deliberately knows no engine. `prose` tells a
//! sentence from conditions, `lex` cuts the string into tokens, `sign` says what a sign means, `parse` builds the
//! `tree`, `resolve` turns it into what is asked of articles or of quotes (`bare` the words that rank, `speaker` who is
//! meant by `--by`, `date` which days, `countries` the names of a country), `explain` says a plan in words, `help` the
//! language on one page.
//!
//! The rules. Bare words rank: articles with all of them come first, then those with some. Everything else must hold:
//! `"phrases"` in exactly this spelling, `field:…`, `a OR b`, `a w/5 b`, `a AND b`, groups in parentheses, and `-not`.
//! `OR` binds tightest, then `w/5`, then `AND`, then standing side by side. Operators are written in capitals.

mod bare;
mod complaint;
mod countries;
mod date;
mod explain;
mod help;
mod lex;
mod parse;
mod prose;
mod resolve;
mod sign;
mod speaker;
mod tree;

pub use complaint::Complaint;
pub use explain::{describe, shown};
pub use help::HELP;
pub use parse::{Parsed, parse};
pub use resolve::{Asked, resolve, resolve_quotes};
pub use tree::{Node, Query};

/// The longest query, in bytes.
pub const BYTE_LIMIT: usize = 100_000;
/// The longest query, in words.
pub const WORD_LIMIT: usize = 1_000;
/// The most words with wildcards, similar spellings and patterns.
pub const EXPANSION_LIMIT: usize = 32;
/// The deepest nesting of parentheses.
pub const DEPTH_LIMIT: usize = 50;
