//! Annotation throughput on one core: sentences, quotes, speakers, entities; no index, no output.
//!
//! The corpus is the folder in `ONRECORD_BENCH_CORPUS`, or else the bundled one. Texts are read before the clock
//! starts. The second figure is one article of 10 MB made of quotes: it must cost time in proportion.
//!
//!     ONRECORD_BENCH_CORPUS=DIR cargo bench --bench extract

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use onrecord::annotate::Annotator;
use onrecord::article::Article;
use onrecord::read::{self, Source};
use walkdir::WalkDir;

fn main() {
    let corpus: PathBuf = match std::env::var_os("ONRECORD_BENCH_CORPUS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
    };
    let mut articles = Vec::new();
    for entry in WalkDir::new(&corpus).into_iter().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "txt") {
            articles.push(article(&fs::read(entry.path()).expect("a text")));
        }
    }
    measure("articles of the corpus", &articles);
    for megabytes in [1, 10] {
        let line =
            "\"We will not move from here, not today,\" said Omar Vance, the clerk. \"Not tomorrow,\" he added.\n\n";
        let text = format!("Only Quotes\n\n{}", line.repeat((megabytes << 20) / line.len()));
        measure(&format!("one article of {megabytes} MB of quotes"), &[article(text.as_bytes())]);
    }
}

fn article(mut bytes: &[u8]) -> Article {
    let mut found = None;
    read::read(&mut bytes, Source::new("a.txt", "a", 0), &mut |article| found = article.ok()).expect("no disk");
    found.unwrap_or_default()
}

fn measure(name: &str, articles: &[Article]) {
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    let mut annotator = Annotator::new();
    let mut speeds = Vec::new();
    let mut quotes = 0;
    for _ in 0..3 {
        let started = Instant::now();
        quotes = articles.iter().map(|article| annotator.annotate(article).quotes.len()).sum::<usize>();
        speeds.push(bytes as f64 / 1e6 / started.elapsed().as_secs_f64());
    }
    speeds.sort_by(f64::total_cmp);
    println!("{name:32} {:8.1} MB/s   {:.1} MB, {quotes} quotes", speeds[1], bytes as f64 / 1e6);
}
