//! Typed words to a plan. Nothing typed is ever misread in silence: it means something, or it is answered with its
//! place, a reason and a suggestion.
//!
//! In: a string. Out: a [`Query`] tree and [`Complaint`]s, then a plan. Deliberately knows no engine. `lex` cuts the
//! string into tokens, `parse` builds the tree, `resolve` turns it into what is asked of articles or of quotes.
//!
//! The rules. Bare words rank: articles with all of them come first, then those with some. Everything else must hold:
//! `"phrases"` in exactly this spelling, `field:…`, `a OR b`, `a AND b`, groups in parentheses, and `-not`. `OR` binds
//! tighter than `AND`, and both tighter than standing side by side. Operators are written in capitals.

mod complaint;
mod countries;
mod date;
mod lex;
mod parse;
mod prose;
mod resolve;

pub use complaint::Complaint;
pub use parse::{Node, Parsed, Query, parse};
pub use resolve::{resolve, resolve_quotes};

/// The longest query, in words.
pub const WORD_LIMIT: usize = 1_000;
/// The deepest nesting of parentheses.
pub const DEPTH_LIMIT: usize = 50;

/// The language on one page.
pub const HELP: &str = "\
WORDS
  ceasefire gaza            articles with both words come first, then those with
                            one; `talks` also finds talk, talked, talking
  \"ceasefire talks\"         these words, side by side, in exactly this spelling;
                            curly quotes and « » work as well
  -hamas  NOT hamas         not this word
  truce OR ceasefire        at least one; binds tighter than words side by side
  truce AND hostages        both, or the article is not shown at all
  (truce OR ceasefire) gaza

FIELDS
  headline:ceasefire        in the headline; the same with dek: and body:
  speaker:official          somebody so named or described speaks in it
  role:official             a source of this class speaks in it
  entity:\"United Nations\"   this person, organisation or place is named in it
  quote:ceasefire           the word stands inside a quote
  outlet:post byline:finch section:world path:2024 id:talks
  date:2024  date:2024-09  date:2024-09-01..2024-09-19  date:2024-09..
  headline:(truce OR talks) a field takes a word, a phrase or a group

QUOTES
  onrecord quotes [QUERY] --by WHO --about WORDS
  The words of QUERY and of --about must stand inside the quote; fields say more
  of the article or the speaker. WHO is a class of source (official, expert,
  witness, spokesperson, police …), a name in any form, or a description:
  --by official   --by Calder   --by \"senior administration official\"

GOOD TO KNOW
  Case and accents do not matter. Words like `the` count only inside phrases, or
  when nothing else is typed. Hyphenated words are phrases: `cross-border`.
  A dash with spaces around it is punctuation; `-word` excludes. A query that
  starts with a dash goes after `--`: onrecord search -- -gaza
";
