//! Says what each file is recognised as and how many articles it gives, without an index.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::problem::{Problem, Reason};
use crate::read::{self, FieldMap, Options as ReadOptions, Source};
use crate::walk::{self, Found, Rules};

/// What a file was recognised as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The file as seen from the current folder; inside a container `!/` and the name there follow.
    pub path: String,
    /// The formats, outermost first, and the fields of records.
    pub formats: Vec<String>,
    /// How many articles it gives, those in the files that it contains not counted.
    pub articles: u64,
}

/// Takes what one file is.
pub type OnFile<'a> = &'a mut dyn FnMut(Recognised);

/// Reads files and folders and gives each file, in the order of their names.
///
/// # Errors
/// When a path is not there.
pub fn files(
    paths: &[PathBuf],
    rules: &Rules,
    map: &FieldMap,
    each: OnFile<'_>,
    problem: &mut dyn FnMut(Problem),
) -> io::Result<()> {
    let base = walk::here();
    let walk = walk::walk(paths, rules, &mut |file| {
        one_file(&file, walk::relative(&file.key, &base), map, each, problem);
        ControlFlow::Continue(())
    })
    .map_err(|words| io::Error::new(io::ErrorKind::InvalidInput, words))?;
    if let Some(missing) = walk.missing.first() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{}: no such file or folder", missing.display())));
    }
    for trouble in walk.problems {
        problem(Problem { path: walk::relative(&trouble.path, &base).to_owned(), ..trouble });
    }
    Ok(())
}

fn one_file(file: &Found, path: &str, map: &FieldMap, each: OnFile<'_>, problem: &mut dyn FnMut(Problem)) {
    let id = walk::stem(&file.path);
    // Members of a container come one after the other, so only what was met last is open.
    let met: RefCell<Vec<Recognised>> = RefCell::default();
    let recognised = |path: &str, format: &str| {
        let mut met = met.borrow_mut();
        if met.last().is_none_or(|last| last.path != path) {
            met.push(Recognised { path: path.to_owned(), ..Recognised::default() });
        }
        if let Some(last) = met.last_mut().filter(|_| !format.is_empty()) {
            last.formats.push(format.to_owned());
        }
    };
    let options = ReadOptions { map, recognised: &recognised };
    let source = Source { options, ..Source::new(path, &id, file.size as usize) };
    let done = File::open(&file.path).and_then(|opened| {
        read::read(&mut BufReader::new(opened), source, &mut |article| match article {
            Ok(article) => {
                let mut met = met.borrow_mut();
                if let Some(owner) = met.iter_mut().rev().find(|known| known.path == article.path) {
                    owner.articles += 1;
                }
            }
            Err(found) => problem(found),
        })
    });
    if let Err(error) = done {
        let detail = format!("cannot be read ({})", walk::plain(&error));
        problem(Problem { path: path.to_owned(), line: None, reason: Reason::Unreadable, detail });
    }
    met.into_inner().into_iter().for_each(each);
}
