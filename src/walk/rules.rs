//! Which files a walk looks at: names that are never articles, `.onrecordignore`, and globs of the command line.
//!
//! A `.onrecordignore` has the syntax of `.gitignore` and holds for its folder and what lies below; the nearest one
//! has the last word. `.gitignore` is not obeyed: it says what a repository leaves out, not what an archive does.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use walkdir::DirEntry;

use super::key;
use crate::problem::{Problem, Reason};

/// The file that says what of a folder is no article.
const IGNORE_FILE: &str = ".onrecordignore";
/// Folders that never hold articles.
const NOT_ARTICLES: &[&str] = &[".git", ".hg", ".svn", ".onrecord"];

/// How to walk.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Whether to go through symbolic links.
    pub follow: bool,
    /// Globs of files to look at; with a `!` before it, of files and folders not to look at.
    pub globs: Vec<String>,
    /// A folder that is no part of the archive wherever it lies: that of the index.
    pub except: Option<PathBuf>,
}

/// Globs as they hold below one root.
pub struct Globs(Override);

impl Globs {
    /// Returns what the globs say below a root.
    ///
    /// # Errors
    /// When a glob cannot be read: which, and why.
    pub fn below(root: &Path, globs: &[String]) -> Result<Globs, String> {
        let mut builder = OverrideBuilder::new(root);
        for glob in globs {
            builder.add(glob).map_err(|error| format!("`{glob}` is no glob ({error})"))?;
        }
        builder.build().map(Globs).map_err(|error| error.to_string())
    }

    /// Returns whether a file or folder is not looked at.
    pub fn leave_out(&self, path: &Path, is_folder: bool) -> bool {
        self.0.matched(path, is_folder).is_ignore()
    }

    /// Returns whether a file is not looked at, for its own name or for a folder around it.
    pub fn leave_out_below(&self, path: &Path) -> bool {
        !self.0.is_empty()
            && (self.leave_out(path, false) || path.ancestors().skip(1).any(|folder| self.leave_out(folder, true)))
    }
}

/// The rules of the folders between a root and where the walk is.
pub struct Sieve<'g> {
    globs: &'g Globs,
    except: Option<&'g Path>,
    /// The depth of each folder that has rules, and these.
    folders: Vec<(usize, Gitignore)>,
}

impl<'g> Sieve<'g> {
    /// Returns the sieve of a walk that is about to start.
    pub fn new(globs: &'g Globs, except: Option<&'g Path>) -> Sieve<'g> {
        Sieve { globs, except, folders: Vec::new() }
    }

    /// Returns why a file or folder is not looked at, where it is not; `problems` takes lines that are no rules.
    pub fn reason(&mut self, entry: &DirEntry, problems: &mut Vec<Problem>) -> Option<(Reason, String)> {
        let depth = entry.depth();
        self.folders.retain(|(folder, _)| *folder < depth);
        let is_folder = entry.file_type().is_dir();
        if is_folder && self.except.is_some_and(|except| except == entry.path()) {
            return Some((Reason::NoArticle, "is the folder of the index".to_owned()));
        }
        if depth > 0 {
            if is_never_an_article(entry) {
                return Some((Reason::NoArticle, "is passed over by its name".to_owned()));
            }
            if self.globs.leave_out(entry.path(), is_folder) {
                return Some((Reason::Ignored, "is left out by `--glob`".to_owned()));
            }
            if let Some(rule) = self.ignored(entry.path(), is_folder) {
                return Some((Reason::Ignored, rule));
            }
        }
        if is_folder {
            self.enter(entry.path(), depth, problems);
        }
        None
    }

    fn ignored(&self, path: &Path, is_folder: bool) -> Option<String> {
        for (_, rules) in self.folders.iter().rev() {
            match rules.matched(path, is_folder) {
                Match::Ignore(glob) => {
                    let file = glob.from().map(key).unwrap_or_default();
                    return Some(format!("is ignored by `{}` in {file}", glob.original()));
                }
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        None
    }

    fn enter(&mut self, folder: &Path, depth: usize, problems: &mut Vec<Problem>) {
        let file: PathBuf = folder.join(IGNORE_FILE);
        if !file.is_file() {
            return;
        }
        let mut builder = GitignoreBuilder::new(folder);
        let trouble = builder.add(&file);
        let rules = builder.build();
        let words = trouble.map(|error| error.to_string()).or(rules.as_ref().err().map(ToString::to_string));
        if let Some(words) = words {
            let detail = format!("holds a line that is no rule ({words})");
            problems.push(Problem { path: key(&file), line: None, reason: Reason::Malformed, detail });
        }
        self.folders.extend(rules.ok().map(|rules| (depth, rules)));
    }
}

/// Returns whether a name stands for something that is never an article: version control, a licence, a read-me.
fn is_never_an_article(entry: &DirEntry) -> bool {
    let Some(name) = entry.file_name().to_str() else { return false };
    if entry.file_type().is_dir() {
        return NOT_ARTICLES.contains(&name);
    }
    let stem = name.split('.').next().unwrap_or_default();
    ["README", "LICENSE", "LICENCE"].contains(&stem) || name == IGNORE_FILE
}
