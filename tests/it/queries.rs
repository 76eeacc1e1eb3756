//! The language as a table: every query of `tests/queries.txt` with how it is read, what it means in words, and what it
//! finds in the bundled corpus, judged by a slow scan (`oracle.rs`). `ONRECORD_BLESS=1` writes the table anew; what the
//! oracle says cannot be written.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use onrecord::extract;
use onrecord::plan::Sort;
use onrecord::query;
use onrecord::read::FieldMap;
use onrecord::search::{self, Page};

use crate::desk::Desk;
use crate::oracle::{Reader, Text};

const PAGE: Page = Page {
    offset: 0,
    limit: 1000,
    sort: Sort::Best,
    partial: false,
    fold: None,
    snippets: 1,
    snippet_width: 240,
    context: false,
    fresh: false,
    reckoning: false,
};

#[test]
fn queries_are_read_and_answered_as_the_table_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("tests/queries.txt");
    let table = fs::read_to_string(&path).expect("the table");
    let texts = texts(&root.join("corpus"));
    let desk = Desk::new();
    desk.expect(0, &["index", "-q", &root.join("corpus").to_string_lossy()]);
    let index = search::open(&desk.path("index"), None).expect("an index");
    let (mut written, mut count, mut wrong) = (String::new(), 0, Vec::new());
    for line in table.lines() {
        let Some(typed) = line.strip_prefix("? ") else {
            if line.starts_with('#') {
                written.push_str(&format!("{line}\n\n"));
            }
            continue;
        };
        count += 1;
        let parsed = query::parse(typed);
        assert_eq!(parsed.complaints, [], "{typed}");
        let query = parsed.query.expect("a query");
        let plan =
            query::resolve(&query, Date::constant(2024, 9, 19)).unwrap_or_else(|wrong| panic!("{typed}: {wrong:?}"));
        let means: Vec<String> = query::describe(&plan).into_iter().map(|(words, _)| words).collect();
        let hits = search::articles(&index, typed, &PAGE).unwrap_or_else(|error| panic!("{typed}: {error}"));
        let mut found: Vec<&str> = hits.hits.iter().map(|hit| hit.record.id.as_str()).collect();
        assert_eq!(hits.total, found.len() as u64, "{typed}");
        found.sort_unstable();
        let ask = Reader::read(&query.to_string());
        let mut judged: Vec<&str> =
            texts.iter().filter(|text| text.fulfils(&ask)).map(|text| text.id.as_str()).collect();
        judged.sort_unstable();
        if found != judged {
            let differ = |one: &[&str], other: &[&str]| {
                one.iter().filter(|id| !other.contains(id)).map(|id| (*id).to_owned()).collect::<Vec<_>>()
            };
            wrong.push(format!(
                "{typed}\n  the engine alone: {:?}\n  the oracle alone: {:?}",
                differ(&found, &judged),
                differ(&judged, &found)
            ));
        }
        let list = if found.is_empty() || found.len() > 6 { String::new() } else { format!(": {}", found.join(" ")) };
        written.push_str(&format!("? {typed}\n= {query}\n~ {}\n> {}{list}\n\n", means.join(" · "), found.len()));
    }
    assert!(wrong.is_empty(), "{} of {count} queries\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 150, "only {count} queries");
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        fs::write(&path, written).expect("the table to write");
    } else {
        for (line, (expected, printed)) in table.lines().zip(written.lines()).enumerate() {
            assert_eq!(printed, expected, "line {} of the table; ONRECORD_BLESS=1 writes what is printed", line + 1);
        }
        assert_eq!(table.lines().count(), written.lines().count());
    }
}

fn texts(corpus: &Path) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut problems = 0;
    extract::files(
        &[PathBuf::from(corpus)],
        &FieldMap::default(),
        false,
        &mut |article, layers, _| {
            texts.push(Text::new(article, layers));
            ControlFlow::Continue(())
        },
        &mut |_| problems += 1,
    )
    .expect("the corpus");
    assert!(texts.len() >= 40 && problems <= 1, "{} articles, {problems} problems", texts.len());
    texts
}
