//! What must hold of every answer of a reader, whatever the bytes: used by the fuzz target and by `mutated`.

use onrecord::article::{Article, Span};
use onrecord::problem::Problem;
use onrecord::read::{self, READERS, Source};

/// Reads bytes as a file of the reader of this name, or as whatever they look like, and returns how many articles and
/// problems came.
///
/// # Panics
/// When an answer is unsound.
pub fn reading(reader: Option<&str>, name: &str, bytes: &[u8]) -> (usize, usize) {
    let source = Source::new(name, "seed", bytes.len());
    let (mut articles, mut problems) = (0, 0);
    let mut check = |found: Result<Article, Problem>| match found {
        Ok(article) => {
            articles += 1;
            article_is_sound(&article);
        }
        Err(problem) => {
            problems += 1;
            problem_is_sound(&problem);
        }
    };
    let mut input = bytes;
    let done = match reader {
        Some(wanted) => {
            let row = READERS.iter().find(|row| row.name == wanted);
            let row = row.unwrap_or_else(|| panic!("there is no reader `{wanted}`"));
            (row.read)(&mut input, source, &mut check)
        }
        None => read::read(&mut input, source, &mut check),
    };
    if let Err(error) = done {
        panic!("bytes in memory are no disk that can fail: {error}");
    }
    (articles, problems)
}

fn article_is_sound(article: &Article) {
    let text = &article.text;
    let sound = |span: Span| text.get(span.range()).is_some();
    assert!(!text.trim().is_empty(), "an article without text: {article:?}");
    assert!(article.line > 0, "{article:?}");
    assert!(!article.id.is_empty(), "{article:?}");
    for span in [article.headline, article.dek, Some(article.body)].into_iter().flatten() {
        assert!(sound(span), "{span:?} of {text:?}");
    }
    let parts = [article.headline, article.dek, Some(article.body)].into_iter().flatten().collect::<Vec<_>>();
    assert!(parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "parts overlap: {article:?}");
}

fn problem_is_sound(problem: &Problem) {
    assert!(!problem.detail.is_empty() && !problem.detail.contains('\n'), "{problem:?}");
    assert!(!problem.detail.ends_with('.'), "{problem:?}");
}
