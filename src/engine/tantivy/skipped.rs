//! What was left out of an index and stands in no file's entry: links, what is ignored, what could not be read.
//!
//! It lies beside the index as JSON Lines, written aside and renamed. Nothing of an answer depends on it.

use std::fs;
use std::io;
use std::path::Path;

use super::folder::io_error;
use crate::engine::Error;
use crate::problem::Problem;

/// The file beside the index.
pub const SKIPPED_FILE: &str = "skipped.jsonl";

/// Returns what was written last; nothing where there is no such file.
///
/// # Errors
/// When it cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Problem>, Error> {
    let name = folder.join(SKIPPED_FILE);
    match fs::read_to_string(&name) {
        // A line of a later version that cannot be read is left out.
        Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(io_error(&name, cause)),
    }
}

/// Writes what is left out now, in place of what was written last.
///
/// # Errors
/// When it cannot be written.
pub fn write(folder: &Path, problems: &[Problem]) -> Result<(), Error> {
    let name = folder.join(SKIPPED_FILE);
    let mut text = String::new();
    for problem in problems {
        text.push_str(&serde_json::to_string(problem).map_err(|error| io_error(&name, io::Error::other(error)))?);
        text.push('\n');
    }
    if problems.is_empty() && !name.exists() || fs::read(&name).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let aside = folder.join(format!("{SKIPPED_FILE}.new"));
    fs::write(&aside, text).and_then(|()| fs::rename(&aside, &name)).map_err(|cause| io_error(&name, cause))
}
