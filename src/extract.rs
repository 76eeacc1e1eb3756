//! Annotates articles without any index: reads files or lines and gives each article with what was found in it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::annotate::Annotator;
use crate::article::Article;
use crate::layers::{Evidence, Layers};
use crate::problem::{Problem, Reason};
use crate::read::{self, FieldMap, Options as ReadOptions, Source};
use crate::walk::{self, Rules};

/// Takes an article, what was found in it, and where it is asked for the evidence of each quote; says whether to go on.
pub type OnArticle<'a> = &'a mut dyn FnMut(Article, Layers, Vec<Evidence>) -> ControlFlow<()>;
/// Takes word of each file or record that is left out.
pub type OnProblem<'a> = &'a mut dyn FnMut(Problem);

/// Annotates the articles in files and folders, in the order of their names; with evidence where `explain` asks for it.
///
/// # Errors
/// When a path is not there.
pub fn files(
    paths: &[PathBuf],
    map: &FieldMap,
    explain: bool,
    each: OnArticle<'_>,
    problem: OnProblem<'_>,
) -> io::Result<()> {
    let options = ReadOptions { map, ..ReadOptions::PLAIN };
    let mut found = Vec::new();
    let walk = walk::walk(paths, &Rules::default(), &mut |file| {
        found.push(file);
        ControlFlow::Continue(())
    })
    .map_err(io::Error::other)?;
    if let Some(missing) = walk.missing.first() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{}: no such file or folder", missing.display())));
    }
    let base = walk::here();
    for trouble in walk.problems {
        problem(Problem { path: walk::relative(&trouble.path, &base).to_owned(), ..trouble });
    }
    let mut desk = Desk { annotator: Annotator::new(), explain, each, open: true };
    for file in found {
        let path = walk::relative(&file.key, &base);
        let trouble = |reason, detail: String| Problem { path: path.to_owned(), line: None, reason, detail };
        let id = walk::stem(&file.path);
        let source = Source { options, ..Source::new(path, &id, file.size as usize) };
        let done = File::open(&file.path).and_then(|opened| {
            read::read(&mut BufReader::new(opened), source, &mut |article| desk.take(article, problem))
        });
        if let Err(error) = done {
            problem(trouble(Reason::Unreadable, format!("cannot be read ({})", walk::plain(&error))));
        }
        if !desk.open {
            break;
        }
    }
    Ok(())
}

/// Annotates articles that come as JSON Lines, likewise.
///
/// # Errors
/// When the lines cannot be read.
pub fn lines(mut input: impl BufRead, explain: bool, each: OnArticle<'_>, problem: OnProblem<'_>) -> io::Result<()> {
    let mut desk = Desk { annotator: Annotator::new(), explain, each, open: true };
    read::read_lines(&mut input, Source::new("-", "-", 0), &mut |article| desk.take(article, problem))
}

struct Desk<'a> {
    annotator: Annotator,
    explain: bool,
    each: OnArticle<'a>,
    open: bool,
}

impl Desk<'_> {
    fn take(&mut self, article: Result<Article, Problem>, problem: &mut dyn FnMut(Problem)) {
        match article {
            _ if !self.open => {}
            Ok(article) => {
                let (layers, evidence, trouble) = self.annotator.annotate_safely(&article, self.explain);
                trouble.into_iter().for_each(problem);
                self.open = (self.each)(article, layers, evidence).is_continue();
            }
            Err(found) => problem(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::FAILING;

    #[test]
    fn an_annotator_that_fails_costs_one_article_its_quotes() {
        let said = r#"\"It is late,\" Omar Vance said."#;
        let input = format!("{{\"id\":1,\"text\":\"{said} {FAILING}\"}}\n{{\"id\":2,\"text\":\"{said}\"}}\n");
        let (mut quotes, mut problems) = (Vec::new(), Vec::new());
        let mut each = |article: Article, layers: Layers, _: Vec<Evidence>| {
            quotes.push((article.id, layers.quotes.len()));
            ControlFlow::Continue(())
        };
        lines(input.as_bytes(), false, &mut each, &mut |problem| problems.push(problem)).expect("lines");
        assert_eq!(quotes, [("1".to_owned(), 0), ("2".to_owned(), 1)]);
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!((problem.reason, problem.line), (Reason::NotAnnotated, Some(1)));
    }
}
