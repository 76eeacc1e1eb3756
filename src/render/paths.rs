//! Paths and nothing else, each file once, for other programs.
//!
//! In: hits or quotes. Out: one path a line, or each with a NUL behind it. Only articles with all the words count.
//! Deliberately knows no terminal but that a path must not command one.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{HitRows, QuoteRows, Style, clean};
use crate::hits::{Hits, QuoteHit};

/// The path of every file with a hit, in the order of the answer.
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

    fn write(&mut self, path: &str) -> io::Result<()> {
        if self.seen.contains(path) {
            return Ok(());
        }
        match self.style.terminal {
            true => self.out.write_all(clean(path).as_bytes())?,
            false => self.out.write_all(path.as_bytes())?,
        }
        self.out.write_all(&[self.end])?;
        self.seen.insert(path.to_owned());
        Ok(())
    }
}

impl HitRows for Paths<'_> {
    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        hits.hits.iter().filter(|hit| hit.complete).try_for_each(|hit| self.write(&hit.record.path))
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl QuoteRows for Paths<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        self.write(&hit.record.path)
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
}
