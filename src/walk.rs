//! Finds the files of an archive and opens them: the only place that lists folders.
//!
//! Roots are walked one by one and names in order, so that every run sees the same sequence. Hidden files are files
//! like others; what is passed over is told with its reason. What cannot be listed is a [`Problem`], and a root that
//! is not there is told apart from an empty one: nothing of it may be taken for deleted.

mod rules;
mod watch;

use std::cell::RefCell;
use std::env;
use std::fs::Metadata;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};

use self::rules::Sieve;
use crate::problem::{Problem, Reason};

pub use rules::{Globs, Rules};
pub use watch::{How, Wake, Watch};

/// How many files and folders that were passed over are told one by one.
const PASSED_OVER: usize = 100_000;

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

/// A folder, or a file that is a root, and how much of it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its absolute path as text.
    pub key: String,
    /// How many files were found in it and below.
    pub files: u64,
}

/// What a walk met beside files.
#[derive(Debug, Default)]
pub struct Walk {
    /// What could not be listed.
    pub problems: Vec<Problem>,
    /// The roots that were walked.
    pub roots: Vec<Folder>,
    /// Folders below them, and the roots themselves, that another disk is mounted on.
    pub mounts: Vec<Folder>,
    /// The roots that are not there.
    pub missing: Vec<PathBuf>,
    /// Files and folders that are not looked at, and why; the first 100,000.
    pub passed_over: Vec<Problem>,
}

/// Walks files and folders and gives each file, in order, until `each` breaks off.
///
/// # Errors
/// When a glob cannot be read: which, and why.
pub fn walk(roots: &[PathBuf], rules: &Rules, each: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<Walk, String> {
    let mut walk = Walk::default();
    let mut found_roots = Vec::new();
    for root in roots {
        match root.canonicalize() {
            Ok(root) => found_roots.push(root),
            Err(_) => walk.missing.push(root.clone()),
        }
    }
    let except = rules.except.as_ref().and_then(|folder| folder.canonicalize().ok());
    let mut visitor = Visitor { seen: overlap(&found_roots).then(FxHashSet::default), walk };
    for root in found_roots {
        visitor.walk.roots.push(Folder { key: key(&root), files: 0 });
        let globs = Globs::below(&root, &rules.globs)?;
        let sieve = RefCell::new(Sieve::new(&globs, except.as_deref()));
        let apart = RefCell::new(Walk::default());
        let entries = WalkDir::new(&root).follow_links(rules.follow).sort_by_file_name().into_iter();
        let kept = |entry: &DirEntry| {
            let Walk { problems, passed_over, .. } = &mut *apart.borrow_mut();
            let reason = sieve.borrow_mut().reason(entry, problems);
            if let Some((reason, detail)) = reason {
                if passed_over.len() < PASSED_OVER {
                    passed_over.push(Problem { path: key(entry.path()), line: None, reason, detail });
                }
                return false;
            }
            true
        };
        let mut broken_off = false;
        for entry in entries.filter_entry(kept) {
            let found = match entry {
                Ok(entry) => visitor.visit(&entry),
                Err(error) => {
                    visitor.walk.problems.push(trouble(&error, &root));
                    None
                }
            };
            if found.is_some_and(|found| each(found).is_break()) {
                broken_off = true;
                break;
            }
        }
        let Walk { problems, passed_over, .. } = apart.into_inner();
        visitor.walk.problems.extend(problems);
        visitor.walk.passed_over.extend(passed_over);
        if broken_off {
            break;
        }
    }
    Ok(visitor.walk)
}

/// Returns whether a root is another one or lies below it, so that a file can be met twice.
fn overlap(roots: &[PathBuf]) -> bool {
    let all: FxHashSet<&Path> = roots.iter().map(PathBuf::as_path).collect();
    all.len() < roots.len() || roots.iter().any(|root| root.ancestors().skip(1).any(|folder| all.contains(folder)))
}

/// Turns entries into files and problems, and counts.
struct Visitor {
    /// The keys of the files so far, where one can be met twice.
    seen: Option<FxHashSet<String>>,
    walk: Walk,
}

impl Visitor {
    fn visit(&mut self, entry: &DirEntry) -> Option<Found> {
        let file_type = entry.file_type();
        if file_type.is_dir() {
            if is_mount(entry.path()) {
                self.walk.mounts.push(Folder { key: key(entry.path()), files: 0 });
            }
            return None;
        }
        let key = key(entry.path());
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(key.clone())) {
            return None;
        }
        self.count(&key);
        let problem = |reason, detail: String| Problem { path: key.clone(), line: None, reason, detail };
        if file_type.is_symlink() {
            self.walk.problems.push(link_problem(entry.path(), &key));
            return None;
        }
        if !file_type.is_file() {
            self.walk.problems.push(problem(Reason::UnknownFormat, "is no regular file".to_owned()));
            return None;
        }
        match entry.metadata() {
            Ok(data) => {
                let (path, modified, size) = (entry.path().to_owned(), modified(&data), data.len());
                Some(Found { path, key, modified, size })
            }
            Err(error) => {
                self.walk.problems.push(problem(Reason::Unreadable, format!("cannot be read ({error})")));
                None
            }
        }
    }

    fn count(&mut self, key: &str) {
        self.walk.roots.last_mut().into_iter().for_each(|root| root.files += 1);
        let around = self.walk.mounts.iter_mut().filter(|mount| is_under(key, &mount.key));
        around.for_each(|mount| mount.files += 1);
    }
}

/// Returns whether a folder lies on another disk than the one around it.
#[cfg(unix)]
fn is_mount(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| path.metadata().ok().map(|data| data.dev());
    folder.parent().is_some_and(|around| device(folder) != device(around))
}

#[cfg(not(unix))]
fn is_mount(_folder: &Path) -> bool {
    false
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
    if let Some(plain) = path.to_str().filter(|path| !path.contains("\\x") && !path.contains('\u{1f}')) {
        return plain.to_owned();
    }
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

/// Returns the same of a file's key.
pub fn stem_of_key(key: &str) -> String {
    let name = key.rsplit('/').next().unwrap_or(key);
    let stem = name.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty());
    stem.unwrap_or(name).to_owned()
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

/// Returns a key and those of the folders around it, inside out.
pub fn and_above(key: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(key);
    std::iter::from_fn(move || {
        let here = rest?;
        rest = match here.rfind('/') {
            Some(0) if here.len() > 1 => Some("/"),
            Some(0) | None => None,
            Some(end) => Some(&here[..end]),
        };
        Some(here)
    })
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
    fn stems_of_keys_are_those_of_paths() {
        for path in ["/a/b.txt", "/a/b", "/a/.b", "/a/b.tar.gz", "/a.b/c", "b.", "/a/..b"] {
            assert_eq!(stem_of_key(path), stem(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn knows_roots_that_overlap() {
        for (roots, expected) in [
            (vec!["/a", "/b"], false),
            (vec!["/a", "/ab"], false),
            (vec!["/a/b", "/a"], true),
            (vec!["/a", "/a"], true),
            (vec!["/", "/a/b/c"], true),
        ] {
            assert_eq!(overlap(&roots.iter().map(PathBuf::from).collect::<Vec<_>>()), expected, "{roots:?}");
        }
    }

    #[test]
    fn climbs() {
        assert_eq!(and_above("/a/b.txt").collect::<Vec<_>>(), ["/a/b.txt", "/a", "/"]);
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

    #[test]
    fn rules_say_what_is_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a root");
        let write = |name: &str, words: &str| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, words).expect("a file");
        };
        for name in ["a.txt", "b.log", "README.md", "sub/c.log", "sub/d.tmp", ".hidden.txt", "old/e.txt", ".git/f.txt"]
        {
            write(name, "words");
        }
        write(".gitignore", "a.txt\n");
        write(".onrecordignore", "*.log\n/old/\n# no rule\n");
        write("sub/.onrecordignore", "!c.log\n*.tmp\n");
        let names = |globs: &[&str]| {
            let globs = globs.iter().map(ToString::to_string).collect();
            let mut found = Vec::new();
            let roots = [root.clone()];
            let walk = walk(&roots, &Rules { globs, ..Rules::default() }, &mut |file| {
                found.push(relative(&file.key, &key(&root)).to_owned());
                ControlFlow::Continue(())
            });
            (found, walk.expect("globs").passed_over)
        };
        let (found, passed_over) = names(&[]);
        assert_eq!(found, [".gitignore", ".hidden.txt", "a.txt", "sub/c.log"]);
        let told: Vec<String> = passed_over
            .iter()
            .map(|row| format!("{}: {}", relative(&row.path, &key(&root)), row.detail.replace(&key(&root), "R")))
            .collect();
        assert_eq!(
            told,
            [
                ".git: is passed over by its name",
                ".onrecordignore: is passed over by its name",
                "README.md: is passed over by its name",
                "b.log: is ignored by `*.log` in R/.onrecordignore",
                "old: is ignored by `/old/` in R/.onrecordignore",
                "sub/.onrecordignore: is passed over by its name",
                "sub/d.tmp: is ignored by `*.tmp` in R/sub/.onrecordignore",
            ]
        );
        assert_eq!(names(&["*.txt", "!.*"]).0, ["a.txt"]);
        assert!(Globs::below(&root, &["[".to_owned()]).is_err());
    }
}
