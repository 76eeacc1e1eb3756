//! The folder of an index: its lock, its format, and what in it is ours.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::TantivyError;

use super::directory::Refusal;
use super::files::FILES_FILE;
use super::skipped::SKIPPED_FILE;
use super::stories::STORIES_FILE;
use crate::engine::Error;
use crate::schema::VERSION;

/// The file that says which version of onrecord made the index; written first, read before Tantivy's own.
const FORMAT_FILE: &str = "onrecord.json";
/// The file whose lock a writer holds.
const LOCK_FILE: &str = ".onrecord.lock";

#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
}

/// Takes the lock of an index, or says who holds it.
pub fn lock(path: &Path) -> Result<File, Error> {
    let name = path.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(|cause| io_error(&name, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked(path.to_owned())),
        Err(TryLockError::Error(cause)) => Err(io_error(&name, cause)),
    }
}

/// Checks that the folder holds an index of this version; `create` writes the format of a new one.
pub fn check_format(path: &Path, create: bool) -> Result<(), Error> {
    let name = path.join(FORMAT_FILE);
    let wrong = |found| Err(Error::Version { index: path.to_owned(), found, wanted: VERSION });
    match fs::read(&name) {
        Ok(bytes) => match serde_json::from_slice::<Format>(&bytes) {
            Ok(Format { format: VERSION }) => Ok(()),
            Ok(Format { format }) => wrong(Some(format)),
            Err(_) => wrong(None),
        },
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            if path.join("meta.json").exists() {
                return wrong(None);
            }
            if !create {
                return Err(Error::Missing(path.to_owned()));
            }
            // Written aside and renamed: a run killed here leaves the whole file or none.
            let aside = path.join(format!("{FORMAT_FILE}.new"));
            let written = fs::write(&aside, format!("{{\"format\":{VERSION}}}\n"));
            written.and_then(|()| fs::rename(&aside, &name)).map_err(|cause| io_error(&name, cause))
        }
        Err(cause) => Err(io_error(&name, cause)),
    }
}

/// Removes the files of an index, and nothing else, from its folder.
pub fn clear(path: &Path) -> Result<(), Error> {
    let segment_file = |name: &str| {
        let stem = name.split('.').next().unwrap_or("");
        stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()) && name.contains('.')
    };
    for entry in fs::read_dir(path).map_err(|cause| io_error(path, cause))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = matches!(
            name.as_str(),
            "meta.json" | ".managed.json" | FORMAT_FILE | SKIPPED_FILE | STORIES_FILE | FILES_FILE
        ) || segment_file(&name);
        if ours {
            fs::remove_file(entry.path()).map_err(|cause| io_error(&entry.path(), cause))?;
        }
    }
    Ok(())
}

/// Turns Tantivy's error into ours: the refusal of the system below it counts for more than its own words.
pub fn explain(path: &Path, refusal: &Refusal, error: &TantivyError) -> Error {
    let full = |kind| matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    match refusal.get() {
        Some((kind, _)) if full(kind) => Error::DiskFull(path.to_owned()),
        Some((kind, words)) => io_error(path, io::Error::new(kind, words)),
        None => match error {
            TantivyError::IoError(cause) if full(cause.kind()) => Error::DiskFull(path.to_owned()),
            TantivyError::LockFailure(..) => Error::Locked(path.to_owned()),
            error => broken(path, error),
        },
    }
}

/// Returns what the system said of a file, a full disk apart.
pub fn io_error(path: &Path, cause: io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull(path.to_owned()),
        _ => Error::Io { path: path.to_owned(), cause },
    }
}

pub fn broken(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Broken { index: path.to_owned(), detail: error.to_string() }
}
