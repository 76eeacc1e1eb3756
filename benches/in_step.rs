//! A run over files that did not change, and over files that were only touched, beside `find` over the same files.
//!
//! 100,000 short articles in 500 folders are made, or the folder in `ONRECORD_BENCH_CORPUS` is taken, which is then not
//! touched. Figures: medians of wall time. The run must stay under 1.5 times `find -printf '%s %T@'` and 0.3 s.
//!
//!     cargo bench --bench in_step [ROUNDS]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime};

use onrecord::index::{self, Options, Summary};
use onrecord::walk::Rules;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const FILES: usize = 100_000;
const FOLDERS: usize = 500;

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(7);
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let given = std::env::var_os("ONRECORD_BENCH_CORPUS").map(PathBuf::from);
    let corpus = given.clone().unwrap_or_else(|| made(&scratch.path().join("news")));
    let at = scratch.path().join("index");
    let first = run(&corpus, &at);
    println!("{} articles indexed in {:.1} s", first.new, first.elapsed.as_secs_f64());
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        others.push(time(|| find(&corpus)));
        ours.push(time(|| assert_eq!(run(&corpus, &at).unchanged, first.new)));
    }
    let (ours, others) = (median(ours), median(others));
    println!("unchanged: {ours:.3} s, find {others:.3} s, limit {:.3} s", 1.5 * others + 0.3);
    if given.is_none() {
        files(&corpus).for_each(|file| {
            let file = fs::File::options().append(true).open(file).expect("a file");
            file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        });
        let touched = time(|| assert_eq!(run(&corpus, &at).unchanged, first.new));
        println!("all touched: {touched:.3} s");
    }
}

/// Writes short articles, each another one.
fn made(folder: &Path) -> PathBuf {
    for n in 0..FILES {
        let place = folder.join(format!("{:03}", n % FOLDERS));
        if n < FOLDERS {
            fs::create_dir_all(&place).expect("a folder");
        }
        let text = format!("Council Item {n}\n\nThe council of Port Marrow met about item {n}.\n");
        fs::write(place.join(format!("item-{n}.txt")), text).expect("a file");
    }
    folder.to_owned()
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path)
}

fn run(corpus: &Path, at: &Path) -> Summary {
    let options = Options {
        index: at.to_owned(),
        paths: vec![corpus.to_owned()],
        threads: 2,
        memory_mb: 256,
        commit_mb: 512,
        rebuild: false,
        rules: Rules::default(),
        allow_purge: false,
        map: None,
    };
    index::bring_in_step(&options, &AtomicBool::new(false), &|_| (), &|_| ()).expect("an index")
}

fn find(folder: &Path) {
    let mut command = Command::new("find");
    command.arg(folder).args(["-type", "f", "-printf", "%s %T@\n"]).stdout(Stdio::null());
    assert!(command.status().expect("find is there").success());
}

fn time(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
