//! The folder of an index, as Tantivy sees it, with two habits of ours.
//!
//! A reader takes no lock and watches nothing, so that a read-only disk can be searched and a stuck process cannot
//! make a search hang (Tantivy locks `.tantivy-meta.lock` to open a reader). A writer remembers the first thing the
//! system refused, because Tantivy's own error names no cause when a worker thread dies.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

/// The first thing that the system refused to a writer.
#[derive(Clone, Debug, Default)]
pub struct Refusal(Arc<Mutex<Option<(io::ErrorKind, String)>>>);

impl Refusal {
    fn note(&self, error: &io::Error) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| (error.kind(), error.to_string()));
    }

    /// Returns the first refusal, its kind and the system's words.
    pub fn get(&self) -> Option<(io::ErrorKind, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A folder that only reads: no locks, no watching.
#[derive(Clone)]
pub struct ReadOnly<D>(pub D);

/// A folder that writes and remembers the first refusal.
#[derive(Clone)]
pub struct Watchful<D> {
    inner: D,
    refusal: Refusal,
}

impl<D> Watchful<D> {
    /// Returns a folder over `inner` that notes into `refusal`.
    pub fn new(inner: D, refusal: Refusal) -> Watchful<D> {
        Watchful { inner, refusal }
    }
}

impl<D: Directory> fmt::Debug for ReadOnly<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ReadOnly({:?})", self.0)
    }
}

impl<D: Directory> fmt::Debug for Watchful<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Watchful({:?})", self.inner)
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "this folder was opened for reading")
}

impl<D: Directory + Clone> Directory for ReadOnly<D> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::new(Arc::new(callback)))
    }
}

impl<D: Directory + Clone> Directory for Watchful<D> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let opened = self.inner.open_write(path);
        if let Err(OpenWriteError::IoError { io_error, .. }) = &opened {
            self.refusal.note(io_error);
        }
        let inner = opened?;
        Ok(BufWriter::new(Box::new(WatchfulWrite { inner, refusal: self.refusal.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data).inspect_err(|error| self.refusal.note(error))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory().inspect_err(|error| self.refusal.note(error))
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct WatchfulWrite {
    inner: WritePtr,
    refusal: Refusal,
}

impl Write for WatchfulWrite {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes).inspect_err(|error| self.refusal.note(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().inspect_err(|error| self.refusal.note(error))
    }
}

impl TerminatingWrite for WatchfulWrite {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token).inspect_err(|error| self.refusal.note(error))
    }
}
