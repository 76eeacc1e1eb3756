//! What vanished: deleted from the index, unless so much is missing that it rather looks like a disk that is not there.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::run::Run;
use super::summary::{Held, Summary, Why};
use super::{Error, Options};
use crate::engine::tantivy::Files;
use crate::problem::Reason;
use crate::walk::{self, Globs, Rules, Walk};

/// So many files may always go.
const GO_FREELY: usize = 4;

/// What a walk saw.
pub struct Seen<'a> {
    /// Which of the known files are there, by their numbers.
    files: Vec<bool>,
    walk: &'a Walk,
}

impl<'a> Seen<'a> {
    /// Returns what a walk to its end saw of the known files, and beside them.
    pub fn new(files: Vec<bool>, walk: &'a Walk) -> Seen<'a> {
        Seen { files, walk }
    }

    /// Returns the numbers of known files that are no longer where they were.
    ///
    /// # Errors
    /// When a glob cannot be read.
    pub fn gone(&self, rules: &Rules, known: &Files) -> Result<Vec<usize>, Error> {
        let roots: FxHashSet<&str> = self.walk.roots.iter().map(|root| root.key.as_str()).collect();
        let unlisted = self.walk.problems.iter().filter(|problem| problem.reason == Reason::Unreadable);
        // A folder that could not be listed: a file in it may well be there.
        let unlisted: Vec<&str> = unlisted.map(|problem| problem.path.as_str()).collect();
        let mut globs = Vec::new();
        if !rules.globs.is_empty() {
            for root in &roots {
                globs.push((root, Globs::below(Path::new(root), &rules.globs).map_err(Error::BadGlob)?));
            }
        }
        // What the globs leave out was not looked for.
        let left_out = |key: &str| {
            globs.iter().any(|(root, globs)| walk::is_under(key, root) && globs.leave_out_below(Path::new(key)))
        };
        let is_gone = |key: &str| {
            let walked = walk::and_above(key).any(|folder| roots.contains(folder));
            let unlisted = unlisted.iter().any(|folder| walk::is_under(key, folder));
            walked && !unlisted && !left_out(key)
        };
        let unseen = self.files.iter().enumerate().filter(|(_, seen)| !**seen).map(|(number, _)| number);
        Ok(unseen.filter(|number| is_gone(known.get(*number).path)).collect())
    }
}

impl Run<'_> {
    /// Deletes what came from files that are gone. What looks like a missing disk, more than half of the index or all of
    /// a root stays and is told, unless the user allows it.
    pub fn remove_gone(
        &self,
        walk: &Walk,
        gone: Vec<usize>,
        options: &Options,
        summary: &mut Summary,
    ) -> Result<(), Error> {
        let known = self.known;
        let articles: u64 = gone.iter().map(|number| u64::from(known.get(*number).articles)).sum();
        let mounts: Vec<String> = walk.mounts.iter().map(|mount| mount.key.clone()).collect();
        match why_held(known, &gone, walk).filter(|_| !options.allow_purge) {
            Some(why) => {
                let shown = |key: &str| walk::relative(key, &self.base).to_owned();
                let first = gone.first().map(|number| shown(known.get(*number).path));
                let why = match why {
                    Why::TooMany => Why::TooMany,
                    Why::Emptied(root) => Why::Emptied(shown(&root)),
                    Why::OtherDisk(folder) => Why::OtherDisk(shown(&folder)),
                };
                let (files, first) = (gone.len() as u64, first.unwrap_or_default());
                summary.held = Some(Held { files, articles, known: known.len() as u64, first, why });
                // A mount that is missing is missed until it is back.
                let mut kept = known.mounts.clone();
                kept.extend(mounts.into_iter().filter(|mount| !known.mounts.contains(mount)));
                self.lock_done().mounts = Some(kept);
            }
            None => {
                for number in &gone {
                    self.writer.remove(known.get(*number).path)?;
                }
                summary.gone += articles;
                let elsewhere =
                    known.mounts.iter().filter(|mount| !walk.roots.iter().any(|root| walk::is_under(mount, &root.key)));
                let mut done = self.lock_done();
                done.mounts = Some(elsewhere.cloned().chain(mounts).collect());
                done.gone.extend(gone);
            }
        }
        Ok(())
    }
}

/// Returns why files that are gone had better stay, where that is so.
fn why_held(known: &Files, gone: &[usize], walk: &Walk) -> Option<Why> {
    let below = |folder: &str| gone.iter().filter(|number| walk::is_under(known.get(**number).path, folder)).count();
    let now = |folder: &str| walk.mounts.iter().find(|mount| mount.key == folder);
    let mounts = known.mounts.iter().map(String::as_str).chain(walk.mounts.iter().map(|mount| mount.key.as_str()));
    let walked = |mount: &str| walk.roots.iter().any(|root| walk::is_under(mount, &root.key));
    for mount in mounts.filter(|mount| walked(mount)) {
        let before = known.mounts.iter().any(|other| other == mount);
        // Another disk than before lies there, or none, or nothing is left on it.
        let other_disk = before != now(mount).is_some() || now(mount).is_some_and(|mount| mount.files == 0);
        if other_disk && below(mount) > 0 {
            return Some(Why::OtherDisk(mount.to_owned()));
        }
    }
    if gone.len() <= GO_FREELY {
        return None;
    }
    let emptied = walk.roots.iter().find(|root| root.files == 0 && below(&root.key) > GO_FREELY);
    let too_many = (gone.len() * 2 > known.len()).then_some(Why::TooMany);
    emptied.map(|root| Why::Emptied(root.key.clone())).or(too_many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tantivy::FileEntry;
    use crate::walk::Folder;

    /// Eight files on the disk of the root and two on another one below it.
    fn known(mounts: &[&str]) -> Files {
        let paths = (0..8).map(|n| format!("/news/{n}.txt")).chain((0..2).map(|n| format!("/news/usb/{n}.txt")));
        let entries = paths.map(|path| FileEntry { path, whole: true, ..FileEntry::default() });
        let mounts = mounts.iter().map(ToString::to_string).collect();
        Files::new(entries.collect()).after(&[], &[], &Files::default(), Some(mounts))
    }

    fn walk(mounts: &[(&str, u64)]) -> Walk {
        let folder = |(key, files): &(&str, u64)| Folder { key: (*key).to_owned(), files: *files };
        Walk { roots: vec![folder(&("/news", 8))], mounts: mounts.iter().map(folder).collect(), ..Walk::default() }
    }

    #[track_caller]
    fn check(before: &[&str], now: &[(&str, u64)], gone: &[usize], expected: Option<Why>) {
        assert_eq!(why_held(&known(before), gone, &walk(now)), expected, "{before:?} {now:?} {gone:?}");
    }

    #[test]
    fn a_disk_that_is_not_there_is_no_deletion() {
        let usb = Some(Why::OtherDisk("/news/usb".to_owned()));
        check(&["/news/usb"], &[], &[8, 9], usb.clone());
        check(&["/news/usb"], &[("/news/usb", 0)], &[8, 9], usb.clone());
        check(&[], &[("/news/usb", 3)], &[9], usb);
        check(&["/news/usb"], &[("/news/usb", 1)], &[9], None);
        check(&["/news/usb"], &[], &[0, 1], None);
        check(&[], &[], &[8, 9], None);
        // Of a mount around the roots nothing was seen.
        let walk = Walk { roots: vec![Folder { key: "/news/usb/deep".to_owned(), files: 1 }], ..Walk::default() };
        assert_eq!(why_held(&known(&["/news/usb"]), &[8, 9], &walk), None);
        check(&[], &[], &[0, 1, 2, 3, 4, 5], Some(Why::TooMany));
    }
}
