//! Files that turned up elsewhere: the same bytes, gone from one path and new at another.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::content;
use super::job::{Before, Job};
use crate::engine::tantivy::Files;
use crate::walk::Found;

/// Of so many files with the same bytes the one of the same name is looked for.
const ALIKE: usize = 64;

/// Known files that are gone, by what they held, each to be found once.
pub struct Lost<'k> {
    known: &'k Files,
    sizes: FxHashSet<u64>,
    by_content: FxHashMap<(u64, u64), VecDeque<usize>>,
}

impl<'k> Lost<'k> {
    /// Returns what can be found again of the known files with these numbers.
    pub fn new(known: &'k Files, gone: &[usize]) -> Lost<'k> {
        let mut lost = Lost { known, sizes: FxHashSet::default(), by_content: FxHashMap::default() };
        for number in gone {
            let file = known.get(*number);
            if let Some(hash) = file.hash.filter(|_| file.whole && file.size > 0) {
                lost.sizes.insert(file.size);
                lost.by_content.entry((file.size, hash)).or_default().push_back(*number);
            }
        }
        lost
    }

    /// Returns a new file as a job: as one that was moved where a lost one held its bytes, best under the same name.
    pub fn job(&mut self, file: Found) -> Job {
        let before = self.claim(&file).map_or(Before::Nothing, Before::Moved);
        Job { file, before }
    }

    fn claim(&mut self, file: &Found) -> Option<usize> {
        if !self.sizes.contains(&file.size) {
            return None;
        }
        // What cannot be read is told by whoever reads it.
        let hash = content::hash(&file.path).ok()?;
        let there = self.by_content.get_mut(&(file.size, hash)).filter(|there| !there.is_empty())?;
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let wanted = name(&file.key);
        let place = there.iter().take(ALIKE).position(|number| name(self.known.get(*number).path) == wanted);
        there.remove(place.unwrap_or(0))
    }
}
