//! Which field maps the user gave to which roots: a file beside the index, so that they hold for later runs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::folder::io_error;
use crate::engine::Error;

/// The file beside the index. It outlives a rebuild: what a field means does not change with the index.
const MAPS_FILE: &str = "maps.json";

/// Returns what was kept last, by root; nothing where there is no such file, or it is damaged.
///
/// # Errors
/// When it cannot be read.
pub fn read(folder: &Path) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let name = folder.join(MAPS_FILE);
    match fs::read(&name) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(cause) => Err(io_error(&name, cause)),
    }
}

/// Keeps maps in place of what was kept last.
///
/// # Errors
/// When it cannot be written.
pub fn write(folder: &Path, maps: &BTreeMap<String, Vec<String>>) -> Result<(), Error> {
    let name = folder.join(MAPS_FILE);
    if maps.is_empty() && !name.exists() {
        return Ok(());
    }
    let bytes = serde_json::to_vec_pretty(maps).map_err(|error| io_error(&name, io::Error::other(error)))?;
    let aside = folder.join(format!("{MAPS_FILE}.new"));
    fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, &name)).map_err(|cause| io_error(&name, cause))
}
