//! Bytes to articles, one file a format.
//!
//! In: the bytes of a file and where they came from. Out: articles, and a [`Problem`] for each record that gives none.
//! Readers touch no disk, clock or terminal. To add one, add its file, its `mod` line and its row in [`READERS`].
//!
//! A file goes to the first row that knows its first bytes, and only then to the one that knows its name. A reader of
//! containers gives what it unpacks to [`read`] again, no deeper than [`DEPTH_LIMIT`].

mod charset;
mod compressed;
mod credit;
mod date;
mod dateline;
mod docx;
mod draft;
mod epub;
mod europresse;
mod export;
mod factiva;
mod feed;
mod html;
mod http;
mod input;
mod json;
mod language;
mod lines;
mod mail;
mod main_text;
mod map;
mod markup;
mod news_xml;
mod nexis;
mod page_meta;
mod pdf;
mod rtf;
mod sgml;
mod stories;
mod story;
mod table;
mod tar;
mod text;
mod unpack;
mod warc;
mod xml;
mod zip;

use std::io;

use crate::article::Article;
use crate::problem::{Problem, Reason};

pub use input::{Head, Input};
pub use lines::read as read_lines;
pub use map::{FieldMap, MapError};

/// The longest article, in bytes.
pub const ARTICLE_LIMIT: usize = 32 << 20;
/// How many containers may lie in one another.
pub const DEPTH_LIMIT: u8 = 4;

/// Takes what a reader gives, in the order of the file.
pub type Each<'a> = &'a mut dyn FnMut(Result<Article, Problem>);

/// How to read, and whom to tell what was recognised.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Which fields of JSON and CSV records are what, as the user said.
    pub map: &'a FieldMap,
    /// Takes a path and what it was recognised as.
    pub recognised: &'a dyn Fn(&str, &str),
}

impl Options<'_> {
    /// Everything guessed, nobody told.
    pub const PLAIN: Options<'static> = Options { map: &FieldMap::GUESSED, recognised: &|_, _| () };
}

/// Where bytes came from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The file, as walked; inside a container `!/` and the name there follow.
    pub path: &'a str,
    /// The name that tells what it is, where its bytes do not: without `.gz`, as its archive calls it.
    pub name: &'a str,
    /// The id of an article that brings none: the file name without its extension.
    pub id: &'a str,
    /// How many bytes to expect, as far as that is known.
    pub size: usize,
    /// How many containers it lies in.
    pub depth: u8,
    /// How to read it.
    pub options: Options<'a>,
}

impl<'a> Source<'a> {
    /// Returns a file of a folder, to be read with everything guessed.
    pub fn new(path: &'a str, id: &'a str, size: usize) -> Source<'a> {
        Source { path, name: path, id, size, depth: 0, options: Options::PLAIN }
    }

    fn problem(self, line: Option<u32>, reason: Reason, detail: impl Into<String>) -> Problem {
        // What crates say of damaged bytes may quote them.
        let detail = detail.into().replace(char::is_control, " ");
        Problem { path: self.path.to_owned(), line, reason, detail }
    }
}

/// A format and how it is read.
pub struct Reader {
    /// What the format is called.
    pub name: &'static str,
    /// The extensions of its files, in lower case.
    pub extensions: &'static [&'static str],
    /// Returns whether the first bytes of a file are of this format.
    pub sniff: fn(&Head<'_>) -> bool,
    /// One line of help.
    pub help: &'static str,
    /// Reads a file; an error of the system ends it.
    pub read: fn(&mut dyn Input, Source<'_>, Each<'_>) -> io::Result<()>,
}

/// Every format that can be read.
#[rustfmt::skip]
pub const READERS: &[Reader] = &[
    Reader { name: "gzip",       extensions: &["gz", "tgz"],       sniff: compressed::is_gzip,  help: "any of these, compressed",        read: compressed::read_gzip },
    Reader { name: "zstandard",  extensions: &["zst", "tzst"],     sniff: compressed::is_zstd,  help: "any of these, compressed",        read: compressed::read_zstd },
    Reader { name: "bzip2",      extensions: &["bz2", "tbz2"],     sniff: compressed::is_bzip2, help: "any of these, compressed",        read: compressed::read_bzip2 },
    Reader { name: "xz",         extensions: &["xz", "txz"],       sniff: compressed::is_xz,    help: "any of these, compressed",        read: compressed::read_xz },
    Reader { name: "word",       extensions: &["docx", "docm"],    sniff: docx::sniff,   help: "a document, an export of articles",      read: docx::read },
    Reader { name: "epub",       extensions: &["epub"],            sniff: epub::sniff,   help: "an article a chapter",                   read: epub::read },
    Reader { name: "zip",        extensions: &["zip"],             sniff: zip::sniff,    help: "an archive of any of these",             read: zip::read },
    Reader { name: "tar",        extensions: &["tar"],             sniff: tar::sniff,    help: "an archive of any of these",             read: tar::read },
    Reader { name: "warc",       extensions: &["warc"],            sniff: warc::is_warc, help: "an archive of the web: its pages",       read: warc::read },
    Reader { name: "arc",        extensions: &["arc"],             sniff: warc::is_arc,  help: "an older archive of the web",            read: warc::read_arc },
    Reader { name: "mbox",       extensions: &["mbox", "mbx"],     sniff: mail::is_box,  help: "mail: an article a message or a story",  read: mail::read_box },
    Reader { name: "mail",       extensions: &["eml"],             sniff: mail::is_message, help: "a message, a newsletter",             read: mail::read_message },
    Reader { name: "pdf",        extensions: &["pdf"],             sniff: pdf::sniff,    help: "its text layer",                         read: pdf::read },
    Reader { name: "rtf",        extensions: &["rtf"],             sniff: rtf::sniff,    help: "a document, an export of articles",      read: rtf::read },
    Reader { name: "nexis",      extensions: &[],                  sniff: nexis::sniff,  help: "an export of LexisNexis, text or HTML",  read: export::read },
    Reader { name: "factiva",    extensions: &[],                  sniff: factiva::sniff, help: "an export of Factiva, text or HTML",    read: export::read },
    Reader { name: "europresse", extensions: &[],                  sniff: europresse::sniff, help: "an export of Europresse, HTML",      read: europresse::read },
    Reader { name: "html",       extensions: &["html", "htm", "xhtml"], sniff: html::sniff, help: "a web page: its main text",          read: html::read },
    Reader { name: "reuters sgml", extensions: &["sgm", "sgml"],   sniff: sgml::sniff,   help: "the newswire of Reuters-21578",          read: sgml::read },
    Reader { name: "newsml 1",   extensions: &[],                  sniff: news_xml::is_newsml_1,  help: "agency XML",                    read: news_xml::read_newsml_1 },
    Reader { name: "newsml-g2",  extensions: &[],                  sniff: news_xml::is_newsml_g2, help: "agency XML, items and messages", read: news_xml::read_newsml_g2 },
    Reader { name: "nitf",       extensions: &["nitf"],            sniff: news_xml::is_nitf,      help: "agency XML",                    read: news_xml::read_nitf },
    Reader { name: "factiva xml", extensions: &[],                 sniff: news_xml::is_factiva,   help: "an export of Factiva",          read: news_xml::read_factiva },
    Reader { name: "feed",       extensions: &["rss", "atom", "rdf", "cdf"], sniff: feed::sniff, help: "RSS, Atom: an article an item",   read: feed::read },
    Reader { name: "table",      extensions: &["csv", "tsv", "tab"], sniff: table::sniff, help: "CSV, TSV: an article a row",            read: table::read },
    Reader { name: "json lines", extensions: &["jsonl", "ndjson"], sniff: lines::sniff,   help: "one article a line",                     read: lines::read_file },
    Reader { name: "json",       extensions: &["json"],            sniff: json::sniff,    help: "one article, or a list of them",         read: json::read },
    Reader { name: "story",      extensions: &["story"],           sniff: story::sniff,  help: "paragraphs, then @highlight lines",      read: story::read },
    Reader { name: "markdown",   extensions: &["md", "markdown"],  sniff: |_| false,      help: "the same, with a # before the headline", read: text::read },
    Reader { name: "text",       extensions: &["txt", "text"],     sniff: text::sniff,    help: "headline, a short line, paragraphs",     read: text::read },
];

/// Reads the articles in a file, whatever its format.
///
/// # Errors
/// When the system cannot read it. What is wrong with the file itself is a [`Problem`].
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let head = Head::new(input.fill_buf()?, source.name);
    match reader_for(&head) {
        Some(reader) => {
            (source.options.recognised)(source.path, reader.name);
            (reader.read)(input, source, each)
        }
        None => {
            each(Err(source.problem(None, Reason::UnknownFormat, "no reader for this kind of file")));
            Ok(())
        }
    }
}

fn reader_for(head: &Head<'_>) -> Option<&'static Reader> {
    let by_content = READERS.iter().find(|reader| (reader.sniff)(head));
    by_content.or_else(|| READERS.iter().find(|reader| reader.extensions.contains(&head.extension.as_str())))
}
