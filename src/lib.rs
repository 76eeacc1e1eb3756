//! onrecord indexes a folder of news articles and answers two questions: where is this in the news, and who said what.
//!
//! An article's text never changes after it was read; everything found in it is a span of that text. Rooms that do
//! not know each other stand on common nouns; verbs join them; the command line is the only one that prints.
//!
//! The way in: [`cli::run`] parses a command line and calls a verb. To follow an article, start at
//! [`index::bring_in_step`]; to follow a question, at [`search::articles`].
//!
//! **Nouns**, plain data that know nobody above them:
//! - [`article`]: the text, its parts, what the source says about it.
//! - [`layers`]: what annotation finds: sentences, quotes, speakers, entities.
//! - [`identity`]: names over a whole index, and who goes by them.
//! - [`problem`]: why a file or a record was left out.
//! - [`analyzer`]: how text becomes words and terms, for articles and queries alike.
//! - [`copies`]: which articles are copies of one story, from a few bytes of each.
//! - [`schema`]: the fields, one list; what of an article goes into each; what is kept of it.
//! - [`plan`]: what is asked, the same for every engine.
//! - [`spelling`]: which terms a typed word stands for.
//! - [`likeness`]: which known name a mistyped one is meant to be.
//! - [`places`]: phrases and words near each other, by their positions.
//! - [`hits`]: what is answered.
//!
//! **Rooms**, which stand on nouns and never on each other:
//! - [`read`]: bytes to articles, one file a format. Touches no disk.
//! - [`annotate`]: article to layers, one file an annotator. Touches no disk, clock or network.
//! - [`query`]: typed words to a plan. Never fails: it complains, with the place.
//! - [`identities`]: names of an index, and the user's own file, to identities. Touches no disk.
//! - [`engine`]: documents and plans in, hits out. The only room that knows Tantivy.
//! - [`snippet`]: text and words to excerpts, the same for every engine.
//! - [`render`]: hits to bytes, one file an output. Knows no terminal.
//!
//! **Verbs**, which join rooms:
//! - [`walk`]: finds files, by the user's rules, and says when they change; the only one that lists folders.
//! - [`index`]: brings an index in step with files, or takes articles in that have none; owns the threads that index.
//! - [`extract`]: annotates without an index.
//! - [`recognise`]: says what each file is, without an index.
//! - [`identify`]: who is meant by a typed name.
//! - [`search`]: answers questions.
//! - [`census`]: counts who speaks, and who and what is named.
//!
//! **The edge**: [`cli`], one file a subcommand; settles settings, prints, chooses exit codes.
//!
//! What is deliberately absent: a server, a network, a model to download, a query language of the engine's that user
//! text could reach, and any guess across articles about who a speaker is.

pub mod analyzer;
pub mod annotate;
pub mod article;
pub mod census;
pub mod cli;
pub mod copies;
pub mod engine;
pub mod extract;
pub mod hits;
pub mod identify;
pub mod identities;
pub mod identity;
pub mod index;
pub mod layers;
pub mod likeness;
pub mod places;
pub mod plan;
pub mod problem;
pub mod query;
pub mod read;
pub mod recognise;
pub mod render;
pub mod schema;
pub mod search;
pub mod snippet;
pub mod spelling;
pub mod walk;
