//! Paths and nothing else, each file once, for other programs.
//!
//! In: hits. Out: one path a line, or each with a NUL behind it. Only articles with all the words count.
//! Deliberately knows no terminal but that a path must not command one.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{HitRows, Style, clean};
use crate::hits::Hits;

/// The path of every file with a hit, best first.
pub struct Paths<'w> {
    out: &'w mut dyn Write,
    style: Style,
    /// What stands behind each path.
    end: u8,
    seen: HashSet<String>,
}

impl<'w> Paths<'w> {
    /// Returns a list without paths; `end` will stand behind each.
    pub fn new(end: u8, style: Style, out: &'w mut dyn Write) -> Paths<'w> {
        Paths { out, style, end, seen: HashSet::new() }
    }
}

impl HitRows for Paths<'_> {
    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        for hit in hits.hits.iter().filter(|hit| hit.complete) {
            let path = hit.record.path.as_str();
            if self.seen.contains(path) {
                continue;
            }
            match self.style.terminal {
                true => self.out.write_all(clean(path).as_bytes())?,
                false => self.out.write_all(path.as_bytes())?,
            }
            self.out.write_all(&[self.end])?;
            self.seen.insert(path.to_owned());
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}
