//! Finds the files of an archive and opens them: the only place that lists folders.
//!
//! Roots are walked one by one and names in order, so that every run sees the same sequence. Hidden files are files
//! like others; folders of version control are passed over. What cannot be listed is a [`Problem`], and a root that
//! is not there is told apart from an empty one: nothing of it may be taken for deleted.

use std::env;
use std::fs::Metadata;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};

use crate::problem::{Problem, Reason};

/// Folders that never hold articles.
const NOT_ARTICLES: &[&str] = &[".git", ".hg", ".svn"];

/// A file as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How to open it.
    pub path: PathBuf,
    /// Its absolute path as text, see [`key`].
    pub key: String,
    /// When it was modified, nanoseconds since 1970.
    pub modified: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// What a walk met beside files.
#[derive(Debug, Default)]
pub struct Walk {
    /// What could not be listed.
    pub problems: Vec<Problem>,
    /// The roots that were walked, as keys.
    pub roots: Vec<String>,
    /// The roots that are not there.
    pub missing: Vec<PathBuf>,
}

/// Walks files and folders and gives each file, in order, until `each` breaks off; `follow` goes through symbolic
/// links as well.
pub fn walk(roots: &[PathBuf], follow: bool, each: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Walk {
    let mut walk = Walk::default();
    let mut seen = FxHashSet::default();
    for root in roots {
        let Ok(root) = root.canonicalize() else {
            walk.missing.push(root.clone());
            continue;
        };
        walk.roots.push(key(&root));
        let entries = WalkDir::new(&root).follow_links(follow).sort_by_file_name().into_iter();
        for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_passed_over(entry)) {
            let found = match entry {
                Ok(entry) => visit(&entry, &mut seen, &mut walk),
                Err(error) => {
                    walk.problems.push(trouble(&error, &root));
                    None
                }
            };
            if found.is_some_and(|found| each(found).is_break()) {
                return walk;
            }
        }
    }
    walk
}

fn visit(entry: &DirEntry, seen: &mut FxHashSet<String>, walk: &mut Walk) -> Option<Found> {
    if entry.file_type().is_dir() {
        return None;
    }
    let key = key(entry.path());
    if !seen.insert(key.clone()) {
        return None;
    }
    let problem = |reason, detail: String| Problem { path: key.clone(), line: None, reason, detail };
    if entry.file_type().is_symlink() {
        walk.problems.push(link_problem(entry.path(), &key));
        return None;
    }
    if !entry.file_type().is_file() {
        walk.problems.push(problem(Reason::UnknownFormat, "is no regular file".to_owned()));
        return None;
    }
    match entry.metadata() {
        Ok(data) => {
            let (path, modified, size) = (entry.path().to_owned(), modified(&data), data.len());
            Some(Found { path, key, modified, size })
        }
        Err(error) => {
            walk.problems.push(problem(Reason::Unreadable, format!("cannot be read ({error})")));
            None
        }
    }
}

/// Returns whether a name stands for something that is never an article: version control, a licence, a read-me.
fn is_passed_over(entry: &DirEntry) -> bool {
    let Some(name) = entry.file_name().to_str() else { return false };
    if entry.file_type().is_dir() {
        return NOT_ARTICLES.contains(&name);
    }
    let stem = name.split('.').next().unwrap_or_default();
    ["README", "LICENSE", "LICENCE"].contains(&stem)
}

fn link_problem(path: &Path, key: &str) -> Problem {
    let target = path.canonicalize();
    let (reason, detail) = match &target {
        Ok(target) if path.starts_with(target) => (Reason::Loop, "is a link to a folder above it".to_owned()),
        Ok(_) => (Reason::Link, "is a symbolic link, not followed (see `--follow`)".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Reason::Link, "is a broken link".to_owned()),
        Err(error) => (Reason::Loop, format!("is a link that leads nowhere ({error})")),
    };
    Problem { path: key.to_owned(), line: None, reason, detail }
}

fn trouble(error: &walkdir::Error, root: &Path) -> Problem {
    let path = key(error.path().unwrap_or(root));
    let (reason, detail) = match (error.loop_ancestor(), error.io_error()) {
        (Some(above), _) => (Reason::Loop, format!("is a link to a folder above it, `{}`", above.display())),
        (None, Some(cause)) => (Reason::Unreadable, format!("cannot be listed ({})", plain(cause))),
        (None, None) => (Reason::Unreadable, format!("cannot be listed ({error})")),
    };
    Problem { path, line: None, reason, detail }
}

/// Returns what the system said, in lower case and without its number.
pub fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Returns when a file was modified, nanoseconds since 1970; 0 where the system does not say.
pub fn modified(data: &Metadata) -> u64 {
    let since = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// Returns a path as text, one to one: what is not UTF-8 is written `\xNN`, and a backslash before `x` as `\x5C`.
pub fn key(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(&chunk.valid().replace("\\x", "\\x5Cx").replace('\u{1f}', "\\x1F"));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
    out
}

/// Returns the name of a file without its folder and its extension, as a key.
pub fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| key(Path::new(stem))).unwrap_or_default()
}

/// Returns the current folder as a key; empty where there is none.
pub fn here() -> String {
    env::current_dir().map(|folder| key(&folder)).unwrap_or_default()
}

/// Returns a key as seen from a folder: shorter where the file lies below it, unchanged where it does not.
pub fn relative<'k>(key: &'k str, base: &str) -> &'k str {
    let below = key.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
    below.filter(|rest| !rest.is_empty() && !base.is_empty()).unwrap_or(key)
}

/// Returns whether the file of a key lies in the folder, or is the file, of a root's key.
pub fn is_under(key: &str, root: &str) -> bool {
    key.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || root.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_one_to_one() {
        assert_eq!(key(Path::new("/a/b.txt")), "/a/b.txt");
        assert_eq!(key(Path::new("/a/\\x41")), "/a/\\x5Cx41");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let path = std::ffi::OsStr::from_bytes(b"/a/\xe9.txt");
            assert_eq!(key(Path::new(path)), "/a/\\xE9.txt");
        }
    }

    #[test]
    fn knows_what_lies_under_a_root() {
        for (key, root, expected) in [
            ("/a/b.txt", "/a", true),
            ("/a/b.txt", "/a/b.txt", true),
            ("/ab/c.txt", "/a", false),
            ("/a", "/a/b", false),
            ("/a.txt", "/", true),
        ] {
            assert_eq!(is_under(key, root), expected, "{key} {root}");
        }
    }
}
