//! The folder of an index: its lock, its format, and what in it is ours.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::TantivyError;
use tantivy::directory::error::LockError;

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
/// The file whose lock Tantivy's own writer holds.
const TANTIVY_LOCK_FILE: &str = ".tantivy-writer.lock";

#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
}

/// Takes the lock of an index, or says who holds it.
pub fn lock(path: &Path) -> Result<File, Error> {
    let name = path.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(|cause| io_error(&name, cause))?;
    file.try_lock().map_err(|error| not_locked(path, error))?;
    Ok(file)
}

/// Returns why a lock could not be had: somebody else has it, or nobody can have it on this file system.
fn not_locked(path: &Path, error: TryLockError) -> Error {
    match error {
        TryLockError::WouldBlock => Error::Locked(path.to_owned()),
        TryLockError::Error(cause) => Error::NoLocks { index: path.to_owned(), cause },
    }
}

/// Returns why Tantivy could not have its lock. It calls every refusal of the system busy, so the system is asked again.
fn tantivy_not_locked(path: &Path, error: &LockError) -> Error {
    match error {
        LockError::IoError(cause) => {
            Error::NoLocks { index: path.to_owned(), cause: io::Error::new(cause.kind(), cause.to_string()) }
        }
        LockError::LockBusy => {
            let tried = File::open(path.join(TANTIVY_LOCK_FILE)).map(|file| file.try_lock());
            match tried {
                Ok(Err(error)) => not_locked(path, error),
                // It is free by now.
                Ok(Ok(())) => Error::Locked(path.to_owned()),
                Err(cause) => io_error(&path.join(TANTIVY_LOCK_FILE), cause),
            }
        }
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
            TantivyError::LockFailure(error, _) => tantivy_not_locked(path, error),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_lock_that_cannot_be_had_is_told_truthfully() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let refused = || io::Error::new(io::ErrorKind::Unsupported, "function not implemented");
        let busy = TantivyError::LockFailure(LockError::LockBusy, None);
        let told = |error: Error| error.to_string().replace(&path.display().to_string(), "P");
        let no_locks = "the file system of the index at `P` cannot lock files (function not implemented), so two runs \
                        could write it at once; keep the index on a disk of this machine with `--index PATH`, the \
                        articles may lie anywhere";
        assert_eq!(told(not_locked(path, TryLockError::Error(refused()))), no_locks);
        let failed = TantivyError::LockFailure(LockError::IoError(Arc::new(refused())), None);
        assert_eq!(told(explain(path, &Refusal::default(), &failed)), no_locks);
        // Without a file there is nobody who could hold it.
        assert!(matches!(explain(path, &Refusal::default(), &busy), Error::Io { .. }));
        let other = File::create(path.join(TANTIVY_LOCK_FILE)).expect("a file");
        other.lock().expect("a lock");
        assert!(matches!(explain(path, &Refusal::default(), &busy), Error::Locked(_)));
        assert!(matches!(not_locked(path, TryLockError::WouldBlock), Error::Locked(_)));
    }
}
