//! Where documents are kept and plans are answered.
//!
//! In: documents and plans. Out: hits. Deliberately knows no file format, no query language and no output. Each
//! engine has a folder of its own and all of them answer alike; today there is one, [`tantivy`], an index in a folder.

pub mod tantivy;

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why an engine could not do its job.
#[derive(Debug)]
pub enum Error {
    /// There is no index at this place.
    Missing(PathBuf),
    /// Another run is writing the index.
    Locked(PathBuf),
    /// The index was made by another version of onrecord.
    Version {
        /// Where the index lies.
        index: PathBuf,
        /// The version it was made with, as far as it says.
        found: Option<u32>,
        /// The version this program reads and writes.
        wanted: u32,
    },
    /// The file system of the index cannot lock files.
    NoLocks {
        /// Where the index lies.
        index: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The disk of the index is full.
    DiskFull(PathBuf),
    /// The system refused something else.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The index is damaged, or the engine below failed.
    Broken {
        /// Where the index lies.
        index: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The question asks for too much; why, and what to do about it.
    Refused(String),
    /// The engine cannot do this.
    Unsupported(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing(index) => {
                write!(out, "no index at `{}`; make one with `onrecord index PATH`", index.display())
            }
            Error::Locked(index) => {
                write!(
                    out,
                    "the index at `{}` is being written by another run; try again when it is done",
                    index.display()
                )
            }
            Error::Version { index, found, wanted } => {
                let found = found.map_or("an unknown format".to_owned(), |version| format!("format {version}"));
                write!(
                    out,
                    "the index at `{0}` has {found} and this onrecord reads format {wanted}; rebuild it with \
                     `onrecord index --rebuild --index {0}` and the same paths",
                    index.display()
                )
            }
            Error::NoLocks { index, cause } => write!(
                out,
                "the file system of the index at `{}` cannot lock files ({cause}), so two runs could write it at once; \
                 keep the index on a disk of this machine with `--index PATH`, the articles may lie anywhere",
                index.display()
            ),
            Error::DiskFull(index) => write!(
                out,
                "the disk of the index at `{}` is full; what was indexed before is unharmed, free some space and run again",
                index.display()
            ),
            Error::Io { path, cause } => write!(out, "{}: {cause}", path.display()),
            Error::Broken { index, detail } => {
                write!(
                    out,
                    "the index at `{0}` is damaged ({detail}); rebuild it with `onrecord index --rebuild --index {0}`",
                    index.display()
                )
            }
            Error::Refused(why) => out.write_str(why),
            Error::Unsupported(what) => write!(out, "{what} is not supported by this engine"),
        }
    }
}

impl std::error::Error for Error {}
