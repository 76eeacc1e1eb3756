//! Indexing throughput: onrecord with everything on against bare Tantivy, in one run.
//!
//! Bare Tantivy walks and reads the same files, splits the first line off as the headline, and indexes and stores headline and
//! body with its default analyzer, with the same number of threads and the same memory. The corpus is the folder in
//! `ONRECORD_BENCH_CORPUS`, or else the bundled one copied until it holds 8 MB. Figures: MB/s of both, the ratio, of the
//! processor's time as well, and the bytes of the indexes per byte of text.
//!
//!     ONRECORD_BENCH_CORPUS=DIR cargo bench --bench indexing [ROUNDS]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use onrecord::index::{self, Options};
use onrecord::walk;
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{IndexWriter, TantivyDocument};
use walkdir::WalkDir;

/// The allocator of the command; bare Tantivy has it as well.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const THREADS: usize = 2;
const MEMORY_MB: usize = 400;

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(3);
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let corpus = corpus(scratch.path());
    let files = text_files(&corpus);
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).expect("a file").len()).sum();
    println!("{} files, {:.1} MB, {THREADS} threads, {MEMORY_MB} MB of memory", files.len(), bytes as f64 / 1e6);
    let (mut ratios, mut processor_ratios) = (Vec::new(), Vec::new());
    // One round first that does not count: it brings the files into the page cache.
    for round in 0..=rounds {
        let at = |name: &str| scratch.path().join(format!("{name}-{round}"));
        let (bare, ours) = (at("bare"), at("ours"));
        let before = processor_seconds();
        let bare_seconds = time(|| bare_tantivy(&corpus, &bare));
        let between = processor_seconds();
        let our_seconds = time(|| onrecord(&corpus, &ours));
        let after = processor_seconds();
        let speed = |seconds: f64| bytes as f64 / 1e6 / seconds;
        let size = |folder: &Path| folder_bytes(folder) as f64 / bytes as f64;
        if round > 0 {
            ratios.push(bare_seconds / our_seconds);
            processor_ratios.push((between - before) / (after - between));
        }
        println!(
            "bare {:6.1} MB/s (index {:.2})   onrecord {:6.1} MB/s (index {:.2})   ratio {:.2}",
            speed(bare_seconds),
            size(&bare),
            speed(our_seconds),
            size(&ours),
            bare_seconds / our_seconds
        );
        for folder in [bare, ours] {
            fs::remove_dir_all(folder).expect("the index can be removed");
        }
    }
    let (by_time, by_processor) = (median(ratios), median(processor_ratios));
    println!(
        "median ratio {by_time:.2}; of the processor's seconds, which a busy machine changes less, {by_processor:.2}"
    );
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Returns how long this process has had a processor, in hundredths of a second; nothing but zero outside of Linux.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the command stands in parentheses and may hold spaces; user and system time are 12th and 13th behind it.
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn text_files(corpus: &Path) -> Vec<PathBuf> {
    let files = WalkDir::new(corpus).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let paths = files.map(|entry| entry.into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect()
}

fn time(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn bare_tantivy(corpus: &Path, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let mut builder = Schema::builder();
    let headline = builder.add_text_field("headline", TEXT | STORED);
    let body = builder.add_text_field("body", TEXT | STORED);
    let index = tantivy::Index::create_in_dir(folder, builder.build()).expect("an index");
    let mut writer: IndexWriter = index.writer_with_num_threads(THREADS, MEMORY_MB << 20).expect("a writer");
    for file in text_files(corpus) {
        let text = fs::read_to_string(file).expect("a text");
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let mut document = TantivyDocument::default();
        document.add_text(headline, first);
        document.add_text(body, rest);
        writer.add_document(document).expect("an addition");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("the merges");
}

fn onrecord(corpus: &Path, folder: &Path) {
    let options = Options {
        index: folder.to_owned(),
        paths: vec![corpus.to_owned()],
        threads: THREADS,
        memory_mb: MEMORY_MB,
        commit_mb: 512,
        rebuild: false,
        rules: walk::Rules::default(),
        allow_purge: false,
        map: None,
    };
    let summary = index::bring_in_step(&options, &AtomicBool::new(false), &|_| {}, &|_| {}).expect("an index");
    assert!(summary.new > 0, "nothing was indexed");
}

/// Returns the corpus to measure on.
fn corpus(scratch: &Path) -> PathBuf {
    if let Some(folder) = std::env::var_os("ONRECORD_BENCH_CORPUS") {
        return folder.into();
    }
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folder = scratch.join("corpus");
    let mut bytes = 0;
    for copy in 0.. {
        let into = folder.join(copy.to_string());
        fs::create_dir_all(&into).expect("a folder");
        for entry in WalkDir::new(&bundled).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
            bytes += fs::copy(entry.path(), into.join(entry.file_name())).expect("a copy");
        }
        if bytes > 8_000_000 {
            break;
        }
    }
    folder
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = WalkDir::new(folder).into_iter().flatten().filter_map(|entry| entry.metadata().ok());
    files.filter(|data| data.is_file()).map(|data| data.len()).sum()
}
