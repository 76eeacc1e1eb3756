//! Query latency: onrecord inside the process against bare Tantivy's top 10 without snippets, on the same articles; then
//! whole commands in new processes, and the export of every quote.
//!
//! The corpus is the folder in `ONRECORD_BENCH_CORPUS`, or else the bundled one. Each query runs for two seconds or 200
//! times; the figures are the median and the 99th percentile in milliseconds, snippets of ten articles included for
//! onrecord; behind them the mean time of the processor, all threads together, which other work on the machine changes
//! little (Linux only, else 0). Beside nearness stands bare Tantivy's AND of the words, beside quotes its query for the word `official`.
//! `ONRECORD_BENCH_INDEXES` names a folder in which the two indexes stay for the next run.
//!
//!     ONRECORD_BENCH_CORPUS=DIR [ONRECORD_BENCH_INDEXES=DIR] cargo bench --bench latency [PART OF A QUERY]

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use onrecord::identify::Archive;
use onrecord::index::{self, Options};
use onrecord::layers::QuoteKind;
use onrecord::plan::Sort;
use onrecord::search::{self, Page, QuoteQuestion};
use onrecord::walk;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{IndexWriter, TantivyDocument};
use walkdir::WalkDir;

const RUNS: usize = 200;
const TIME: Duration = Duration::from_secs(2);

/// Queries, and what bare Tantivy is asked beside them.
const QUERIES: &[(&str, &str)] = &[
    ("government president", "government president"),
    ("ceasefire talks", "ceasefire talks"),
    ("minister", "minister"),
    ("bank shares profit market", "bank shares profit market"),
    ("what did the government say about rising prices?", "government say rising prices"),
    ("\"prime minister\"", "\"prime minister\""),
    ("government w/5 president", "government president"),
    ("government w/s president", "government president"),
    ("police w/s court", "police court"),
    ("government w/p president", "government president"),
    ("lang:en government", "government"),
    ("government since:2000-01-01", "government"),
    ("governm* presid*", "government president"),
    ("said(government) by(official)", "government"),
];

fn main() {
    let corpus: PathBuf = match std::env::var_os("ONRECORD_BENCH_CORPUS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
    };
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let kept = std::env::var_os("ONRECORD_BENCH_INDEXES").map_or(scratch.path().to_owned(), PathBuf::from);
    let folder = kept.join("onrecord");
    let (ours, bare) = (onrecord(&corpus, &folder), bare_tantivy(&corpus, &kept.join("bare")));
    let searcher = bare.reader().expect("a reader").searcher();
    let fields: Vec<_> = bare.schema().fields().map(|(field, _)| field).collect();
    let mut parser = QueryParser::for_index(&bare, fields);
    parser.set_conjunction_by_default();
    let ask_bare = |query: &str| {
        let parsed = parser.parse_query(query).expect("a query");
        measure(|| drop(searcher.search(&parsed, &TopDocs::with_limit(10).order_by_score()).expect("an answer")))
    };
    let page = Page {
        offset: 0,
        limit: 10,
        sort: Sort::Best,
        partial: true,
        fold: Some(5),
        snippets: 2,
        snippet_width: 240,
        context: false,
        fresh: false,
        reckoning: false,
    };
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let wanted = |query: &str| only.as_ref().is_none_or(|only| query.contains(only.as_str()));
    for (query, beside) in QUERIES.iter().filter(|(query, _)| wanted(query)) {
        let mine = measure(|| drop(search::articles(&ours, query, &page).expect("an answer")));
        report(query, mine, Some(ask_bare(beside)));
    }
    if !wanted("quotes --by official") {
        return;
    }
    let question = QuoteQuestion {
        by: vec!["official".to_owned()],
        about: Vec::new(),
        query: None,
        kinds: vec![QuoteKind::Direct],
        sort: Sort::Oldest,
    };
    let first = figures(|| {
        let started = Instant::now();
        let mut first = Duration::ZERO;
        let mut take = |_| {
            first = started.elapsed();
            ControlFlow::Break(())
        };
        search::quotes(&ours, &question, &mut take).expect("an answer");
        first
    });
    report("quotes --by official, first row", first, Some(ask_bare("official")));
    let cold = measure(|| {
        let mut command = onrecord_command(&folder, &["search", "government president"]);
        command.stdout(Stdio::null()).status().expect("a run");
    });
    report("the command `search`, new process", cold, None);
    export(&folder);
}

fn onrecord_command(index: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.args(arguments).arg("--index").arg(index).stderr(Stdio::null());
    command
}

/// Exports every quote as CSV, and says how fast and in how much memory.
fn export(index: &Path) {
    let arguments = ["quotes", "--kind", "direct,mixed,indirect", "--csv"];
    let started = Instant::now();
    let mut command = onrecord_command(index, &arguments).stdout(Stdio::piped()).spawn().expect("a run");
    let status = format!("/proc/{}/status", command.id());
    let mut lines = BufReader::with_capacity(1 << 20, command.stdout.take().expect("an output")).split(b'\n');
    let (mut rows, mut peak) = (0_u64, 0);
    while let Some(Ok(_)) = lines.next() {
        rows += 1;
        if rows % 10_000 == 0 {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
            peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        }
    }
    command.wait().expect("an end");
    let seconds = started.elapsed().as_secs_f64();
    println!("quotes --csv: {rows} lines, {:.0} a second, {} MB of its own memory", rows as f64 / seconds, peak / 1024);
}

/// What some work took, in milliseconds.
#[derive(Clone, Copy)]
struct Figures {
    median: f64,
    slow: f64,
    processor: f64,
}

fn report(name: &str, mine: Figures, bare: Option<Figures>) {
    print!("{name:50} p50 {:7.3}  p99 {:7.3}  cpu {:7.3}", mine.median, mine.slow, mine.processor);
    match bare {
        Some(bare) => println!(
            "   bare p50 {:6.3}  p99 {:6.3}  cpu {:6.3}   ratio {:.1}",
            bare.median,
            bare.slow,
            bare.processor,
            mine.median / bare.median
        ),
        None => println!(),
    }
}

fn measure(mut work: impl FnMut()) -> Figures {
    figures(|| {
        let started = Instant::now();
        work();
        started.elapsed()
    })
}

/// Returns the same of times that are measured elsewhere.
fn figures(mut time: impl FnMut() -> Duration) -> Figures {
    let mut times: Vec<f64> = Vec::with_capacity(RUNS);
    let (all, before) = (Instant::now(), processor());
    while times.len() < RUNS && (all.elapsed() < TIME || times.len() < 20) {
        times.push(time().as_secs_f64() * 1e3);
    }
    let processor = (processor() - before) / times.len() as f64;
    times.sort_by(f64::total_cmp);
    Figures { median: times[times.len() / 2], slow: times[times.len() * 99 / 100], processor }
}

/// Returns the processor's time of this process and of the children it waited for, in milliseconds.
fn processor() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(4);
    // In hundredths of a second, whatever the clock of the machine.
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() * 10.0
}

fn onrecord(corpus: &Path, folder: &Path) -> Archive {
    if !folder.join("meta.json").exists() {
        let options = Options {
            index: folder.to_owned(),
            paths: vec![corpus.to_owned()],
            threads: 2,
            memory_mb: 400,
            commit_mb: 512,
            rebuild: false,
            rules: walk::Rules::default(),
            allow_purge: false,
            map: None,
        };
        index::bring_in_step(&options, &AtomicBool::new(false), &|_| {}, &|_| {}).expect("an index");
    }
    search::open(folder, None).expect("an index")
}

fn bare_tantivy(corpus: &Path, folder: &Path) -> tantivy::Index {
    if folder.join("meta.json").exists() {
        return tantivy::Index::open_in_dir(folder).expect("an index");
    }
    fs::create_dir_all(folder).expect("a folder");
    let mut builder = Schema::builder();
    let headline = builder.add_text_field("headline", TEXT | STORED);
    let body = builder.add_text_field("body", TEXT | STORED);
    let index = tantivy::Index::create_in_dir(folder, builder.build()).expect("an index");
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
