//! Paths and nothing else, each file once, for other programs.
//!
//! In: hits. Out: one path a line, or each with a NUL behind it. Only articles with all the words count.
//! Deliberately knows no terminal but that a path must not command one.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{Style, clean};
use crate::hits::Hits;

/// Writes the path of every file with a hit, best first, and `end` after each.
pub fn hits(hits: &Hits, end: u8, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = HashSet::new();
    for hit in hits.hits.iter().filter(|hit| hit.complete) {
        let path = hit.record.path.as_str();
        if seen.insert(path) {
            match style.terminal {
                true => out.write_all(clean(path).as_bytes())?,
                false => out.write_all(path.as_bytes())?,
            }
            out.write_all(&[end])?;
        }
    }
    Ok(())
}
