//! Query latency: onrecord inside the process against bare Tantivy's top 10 without snippets, on the same articles.
//!
//! The corpus is the folder in `ONRECORD_BENCH_CORPUS`, or else the bundled one. Each query runs 200 times; the
//! figures are the median and the 99th percentile in milliseconds, snippets of ten articles included for onrecord.
//!
//!     ONRECORD_BENCH_CORPUS=DIR cargo bench --bench latency

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use onrecord::engine::tantivy::Index;
use onrecord::index::{self, Options};
use onrecord::layers::QuoteKind;
use onrecord::plan::Sort;
use onrecord::read::FieldMap;
use onrecord::search::{self, Page, QuoteQuestion};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{IndexWriter, TantivyDocument};
use walkdir::WalkDir;

const RUNS: usize = 200;

fn main() {
    let corpus: PathBuf = match std::env::var_os("ONRECORD_BENCH_CORPUS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
    };
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let (ours, bare) = (onrecord(&corpus, scratch.path()), bare_tantivy(&corpus, scratch.path()));
    let searcher = bare.reader().expect("a reader").searcher();
    let fields: Vec<_> = bare.schema().fields().map(|(field, _)| field).collect();
    let mut parser = QueryParser::for_index(&bare, fields);
    parser.set_conjunction_by_default();
    let page = Page { offset: 0, limit: 10, sort: Sort::Best, partial: true, snippets: 2, snippet_width: 240 };
    for query in
        ["government president", "ceasefire talks", "\"prime minister\"", "minister", "bank shares profit market"]
    {
        let mine = measure(|| drop(search::articles(&ours, query, &page).expect("an answer")));
        let parsed = parser.parse_query(query).expect("a query");
        let theirs = measure(|| {
            searcher.search(&parsed, &TopDocs::with_limit(10).order_by_score()).expect("an answer");
        });
        report(query, mine, Some(theirs));
    }
    let question = QuoteQuestion {
        by: vec!["official".to_owned()],
        about: Vec::new(),
        query: None,
        kinds: vec![QuoteKind::Direct],
        sort: Sort::Oldest,
    };
    let first = measure(|| {
        search::quotes(&ours, &question, &mut |_| ControlFlow::Break(())).expect("an answer");
    });
    report("quotes --by official, first row", first, None);
}

fn report(name: &str, (median, slow): (f64, f64), bare: Option<(f64, f64)>) {
    match bare {
        Some((bare, bare_slow)) => println!(
            "{name:32} p50 {median:7.3} ms  p99 {slow:7.3} ms   bare p50 {bare:7.3}  p99 {bare_slow:7.3}   ratio {:.1}",
            median / bare
        ),
        None => println!("{name:32} p50 {median:7.3} ms  p99 {slow:7.3} ms"),
    }
}

/// Returns the median and the 99th percentile in milliseconds.
fn measure(mut work: impl FnMut()) -> (f64, f64) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], times[RUNS * 99 / 100])
}

fn onrecord(corpus: &Path, scratch: &Path) -> Index {
    let folder = scratch.join("ours");
    let options = Options {
        index: folder.clone(),
        paths: vec![corpus.to_owned()],
        threads: 2,
        memory_mb: 400,
        commit_mb: 512,
        rebuild: false,
        follow_links: false,
        map: FieldMap::default(),
    };
    index::bring_in_step(&options, &AtomicBool::new(false), &|_| {}, &|_| {}).expect("an index");
    Index::open(&folder).expect("an index")
}

fn bare_tantivy(corpus: &Path, scratch: &Path) -> tantivy::Index {
    let folder = scratch.join("bare");
    fs::create_dir_all(&folder).expect("a folder");
    let mut builder = Schema::builder();
    let headline = builder.add_text_field("headline", TEXT | STORED);
    let body = builder.add_text_field("body", TEXT | STORED);
    let index = tantivy::Index::create_in_dir(&folder, builder.build()).expect("an index");
    let mut writer: IndexWriter = index.writer_with_num_threads(2, 400 << 20).expect("a writer");
    for entry in WalkDir::new(corpus).into_iter().flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("a text");
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let mut document = TantivyDocument::default();
        document.add_text(headline, first);
        document.add_text(body, rest);
        writer.add_document(document).expect("an addition");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("the merges");
    index
}
