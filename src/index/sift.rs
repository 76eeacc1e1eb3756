//! What is to be done about each file that a walk meets: nothing, where it is as it was.

use std::path::PathBuf;

use rustc_hash::FxHashSet;

use super::job::{Before, Job};
use super::run::Run;
use crate::walk::{self, Found};

/// So many roots are looked at to see which known files lie under them; of more, all may.
const ROOTS: usize = 1_000;

/// Sorts files.
pub struct Sift<'r, 'a> {
    run: &'r Run<'a>,
    roots: &'r [PathBuf],
    /// Which of the known files are there, by their numbers.
    pub seen: Vec<bool>,
    /// New files of the size of a known one, which may have been moved: that is known when the walk is over.
    pub later: Vec<Found>,
    /// Articles of the files that are as they were.
    pub unchanged: u64,
    /// Where the next known file is expected.
    near: usize,
    /// The sizes of known files that were not seen when the first new one came.
    sizes: Option<FxHashSet<u64>>,
}

impl<'r, 'a> Sift<'r, 'a> {
    /// Returns a sift that has not seen anything yet.
    pub fn new(run: &'r Run<'a>, roots: &'r [PathBuf]) -> Sift<'r, 'a> {
        let seen = vec![false; run.known.len()];
        Sift { run, roots, seen, later: Vec::new(), unchanged: 0, near: 0, sizes: None }
    }

    /// Returns what is to be done about a file, if anything and if now.
    pub fn take(&mut self, file: Found) -> Option<Job> {
        let Some(number) = self.run.known.find(&file.key, self.near) else {
            if self.may_be_moved(&file) {
                self.later.push(file);
                return None;
            }
            return Some(self.todo(Job { file, before: Before::Nothing }));
        };
        self.near = number + 1;
        self.seen[number] = true;
        let known = self.run.known.get(number);
        let same_map = known.map.is_none_or(|map| map == self.run.maps.print(&file.key));
        let same = known.whole && known.size == file.size && same_map;
        if same && known.modified == file.modified {
            self.unchanged += u64::from(known.articles);
            known.problems.iter().for_each(|problem| self.run.report(problem.clone()));
            return None;
        }
        let before = if same && known.hash.is_some() { Before::Touched(number) } else { Before::Changed(number) };
        Some(self.todo(Job { file, before }))
    }

    fn todo(&self, job: Job) -> Job {
        self.run.note_todo(&job);
        job
    }

    fn may_be_moved(&mut self, file: &Found) -> bool {
        if self.run.known.is_empty() {
            return false;
        }
        let (run, seen, roots) = (self.run, &self.seen, self.roots);
        let sizes = self.sizes.get_or_insert_with(|| {
            let roots = roots.iter().take(ROOTS + 1).filter_map(|root| root.canonicalize().ok());
            let roots: Vec<String> = roots.map(|root| walk::key(&root)).collect();
            let is_below = |path: &str| roots.len() > ROOTS || roots.iter().any(|root| walk::is_under(path, root));
            let unseen = run.known.iter().zip(seen).filter(|(known, seen)| !**seen && known.hash.is_some());
            unseen.filter(|(known, _)| is_below(known.path)).map(|(known, _)| known.size).collect()
        });
        sizes.contains(&file.size)
    }
}
