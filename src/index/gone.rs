//! What vanished: deleted from the index, unless so much is missing that it rather looks like a disk that is not there.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::run::Run;
use super::summary::{Held, Summary};
use super::{Error, Options};
use crate::engine::tantivy::Files;
use crate::walk::{self, Globs};

/// So many files may always go.
const GO_FREELY: usize = 4;

/// What a walk saw.
pub struct Seen<'a> {
    /// The keys of all files, sorted.
    pub files: &'a [String],
    /// The keys of the roots that were walked.
    pub roots: &'a [String],
    /// Folders that could not be listed: a file in one may well be there.
    pub unlisted: &'a [String],
}

impl Seen<'_> {
    fn holds_any_below(&self, root: &str) -> bool {
        let from = self.files.partition_point(|key| key.as_str() < root);
        self.files[from..].iter().take_while(|key| key.starts_with(root)).any(|key| walk::is_under(key, root))
    }
}

impl Run<'_> {
    /// Deletes what came from files that are no longer under the roots walked, and returns how many there were. More
    /// than half of the index, or all of a root, stays and is told, unless the user allows it.
    pub fn remove_gone(
        &self,
        seen: &Seen<'_>,
        options: &Options,
        known: &Files,
        summary: &mut Summary,
    ) -> Result<u64, Error> {
        let gone = gone(seen, options, known)?;
        let articles = |keys: &[&String]| keys.iter().filter_map(|key| known.articles.get(*key)).sum::<u64>();
        let all = known.whole.len() + known.partial.len();
        let emptied = |root: &&String| {
            let below = gone.iter().filter(|key| walk::is_under(key, root)).count();
            below > GO_FREELY && !seen.holds_any_below(root)
        };
        let emptied = if gone.len() > GO_FREELY { seen.roots.iter().find(emptied) } else { None };
        let too_many = gone.len() > GO_FREELY && gone.len() * 2 > all;
        if !options.allow_purge && (too_many || emptied.is_some()) {
            let shown = |key: &String| walk::relative(key, &self.base).to_owned();
            summary.held = Some(Held {
                files: gone.len() as u64,
                articles: articles(&gone),
                known: all as u64,
                first: gone.first().map(|key| shown(key)).unwrap_or_default(),
                emptied: emptied.map(shown),
            });
            return Ok(0);
        }
        gone.iter().for_each(|key| self.writer.remove(key));
        summary.gone += articles(&gone);
        Ok(gone.len() as u64)
    }
}

/// Returns the keys, in order, of files that the index holds something of and that are no longer where they were.
fn gone<'k>(seen: &Seen<'_>, options: &Options, known: &'k Files) -> Result<Vec<&'k String>, Error> {
    let roots: FxHashSet<&str> = seen.roots.iter().map(String::as_str).collect();
    let mut globs = Vec::new();
    if !options.rules.globs.is_empty() {
        for root in seen.roots {
            let below = Globs::below(Path::new(root), &options.rules.globs).map_err(Error::BadGlob)?;
            globs.push((root, below));
        }
    }
    // What the globs leave out was not looked for.
    let left_out = |key: &str| {
        globs.iter().any(|(root, globs)| walk::is_under(key, root) && globs.leave_out_below(Path::new(key)))
    };
    let mut gone: Vec<&String> = known.whole.keys().chain(&known.partial).collect();
    gone.retain(|key| {
        let there = seen.files.binary_search(key).is_ok();
        let walked = walk::and_above(key).any(|folder| roots.contains(folder));
        let unlisted = seen.unlisted.iter().any(|folder| walk::is_under(key, folder));
        !there && walked && !unlisted && !left_out(key)
    });
    gone.sort_unstable();
    Ok(gone)
}
