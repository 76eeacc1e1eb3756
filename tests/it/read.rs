//! Readers: every file in `tests/read` is a test.
//!
//! Beside the file `NAME` lies `NAME.expected`: a line of JSON for each article and each problem that it gives, in the
//! order of the file. `ONRECORD_BLESS=1` writes what was read.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use onrecord::article::{Article, Span};
use onrecord::read::{self, Source};
use serde_json::{Value, json};
use walkdir::WalkDir;

#[test]
fn files_are_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read");
    let bless = std::env::var_os("ONRECORD_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in WalkDir::new(&folder).sort_by_file_name().into_iter().flatten() {
        let is_expected = entry.path().extension().is_some_and(|extension| extension == "expected");
        if !entry.file_type().is_file() || is_expected {
            continue;
        }
        count += 1;
        let name = entry.path().strip_prefix(&folder).expect("below the folder").to_string_lossy().into_owned();
        let found = read_file(entry.path(), &name);
        let answer = entry.path().with_file_name(format!("{}.expected", entry.file_name().to_string_lossy()));
        if bless {
            fs::write(&answer, &found).expect("an answer to write");
        } else if fs::read_to_string(&answer).unwrap_or_default() != found {
            wrong.push(format!("{name}\n{found}"));
        }
    }
    assert!(count >= 5, "only {count} files");
    assert!(wrong.is_empty(), "{}\n\nrun with ONRECORD_BLESS=1 to accept", wrong.join("\n\n"));
}

fn read_file(path: &Path, name: &str) -> String {
    let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut lines = String::new();
    let file = File::open(path).expect("a fixture");
    read::read(&mut BufReader::new(file), Source::new(name, &stem, 0), &mut |found| {
        let row = match found {
            Ok(article) => described(&article),
            Err(problem) => json!({"problem": problem.to_string(), "reason": problem.reason.name()}),
        };
        lines.push_str(&row.to_string());
        lines.push('\n');
    })
    .expect("a readable fixture");
    lines
}

fn described(article: &Article) -> Value {
    let words = |span: Option<Span>| span.map(|span| span.of(&article.text).to_owned());
    let meta = &article.meta;
    let mut row = json!({
        "id": article.id, "path": article.path, "record": article.record, "line": article.line,
        "headline": words(article.headline), "dek": words(article.dek), "body": words(Some(article.body)),
        "byline": meta.byline, "dateline": meta.dateline, "outlet": meta.outlet, "section": meta.section,
        "url": meta.url, "lang": meta.lang, "date": meta.date.map(|date| date.to_string()), "date_raw": meta.date_raw,
    });
    row.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    row
}
