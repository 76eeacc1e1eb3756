//! A file that an answer goes to instead of stdout: it is there whole, or as it was before.
//!
//! The answer is written aside and takes the file's name when the command has ended well. Ended by an error or by
//! Ctrl-C, it leaves nothing behind. What is no plain file (a pipe, `/dev/stdout`) is written straight.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;

use super::{Outcome, interrupt};

/// A file that is being written.
#[derive(Clone, Debug)]
pub struct Output {
    typed: PathBuf,
    /// Where it lies, links followed.
    path: PathBuf,
    file: Arc<File>,
    /// Where it is written; nothing where that is the file itself.
    aside: Option<PathBuf>,
}

impl Output {
    /// Starts a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(typed: &Path) -> io::Result<Output> {
        let failed = |error: io::Error| trouble(typed, &error);
        let plain = fs::metadata(typed).map_or(true, |data| data.is_file());
        if !plain {
            let file = Arc::new(OpenOptions::new().write(true).open(typed).map_err(failed)?);
            return Ok(Output { typed: typed.to_owned(), path: typed.to_owned(), file, aside: None });
        }
        let path = fs::canonicalize(typed).unwrap_or_else(|_| typed.to_owned());
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::IsADirectory.into()))?;
        let aside = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), process::id()));
        // Known before it is there: an interrupt between the two leaves nothing either.
        interrupt::note(aside.clone()).map_err(|error| failed(io::Error::other(error)))?;
        let file = Arc::new(File::create_new(&aside).map_err(failed)?);
        Ok(Output { typed: typed.to_owned(), path, file, aside: Some(aside) })
    }

    /// Ends the file: it takes its name where the command ended well, and goes away otherwise.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self, outcome: Outcome) -> io::Result<()> {
        let Some(aside) = &self.aside else { return Ok(()) };
        let kept = match outcome {
            Outcome::Done | Outcome::Nothing | Outcome::Skipped => interrupt::keep(|| self.keep(aside)),
            Outcome::Failed | Outcome::Locked | Outcome::Interrupted => Ok(()),
        };
        interrupt::discard();
        kept.map_err(|error| trouble(&self.typed, &error))
    }

    fn keep(&self, aside: &Path) -> io::Result<()> {
        if let Ok(before) = fs::metadata(&self.path) {
            self.file.set_permissions(before.permissions())?;
        }
        self.file.sync_all()?;
        fs::rename(aside, &self.path)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.file).write(bytes).map_err(|error| trouble(&self.typed, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn trouble(path: &Path, error: &io::Error) -> io::Error {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    io::Error::new(error.kind(), format!("cannot write `{}` ({})", path.display(), words.to_lowercase()))
}
