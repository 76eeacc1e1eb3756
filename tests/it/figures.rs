//! How well articles rank, as numbers in files.
//!
//! `tests/wanted.txt` holds where each query of `tests/wanted.tsv` ranks the articles of the bundled corpus that it wants,
//! with nDCG@10 and average precision; `tests/ranking.txt` nDCG@10 of every query of three collections. The collections are not part of the repository; where they are not at hand there is nothing to compare. A change of
//! ranking shows as a difference of the file, which `ONRECORD_BLESS=1` writes.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::Desk;

/// Collection, queries and judgements, below `../shared/eval/ranking`.
const SETS: &[(&str, &str, &str)] = &[
    ("reuters21578", "queries.tsv", "qrels.txt"),
    ("reuters21578", "queries.known.tsv", "qrels.known.txt"),
    ("cranfield", "queries.tsv", "qrels.txt"),
];

#[test]
fn ranking_scores_what_the_file_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared/eval/ranking");
    if !shared.join("to_files.py").exists() {
        return;
    }
    let desk = Desk::new();
    let mut written = String::from("# nDCG@10 of every query, in thousandths, by tests/it/figures.rs\n");
    for (set, queries, judgements) in SETS {
        let folder = shared.join(set);
        if !desk.path(set).exists() {
            let mut to_files = Command::new("python3");
            let done = to_files.arg(shared.join("to_files.py")).arg(&folder).arg(desk.path(set)).output();
            assert!(done.is_ok_and(|done| done.status.success()), "{set} cannot be written out");
            // One abstract of Cranfield is empty, which is said and skipped.
            let indexed = desk.run(&["index", "-q", "--index", &format!("{set}.idx"), set]);
            assert!(matches!(indexed.code, 0 | 3), "{set}: {}", indexed.err);
        }
        let queries = folder.join(queries);
        let index = format!("{set}.idx");
        let batch =
            ["search", "--index", &index, "--batch", &queries.to_string_lossy(), "--format", "trec", "-n", "10"];
        let run = desk.expect(0, &batch).out;
        let judged = judgements_of(&fs::read_to_string(folder.join(judgements)).expect("the judgements"));
        let scores = score(&run, &judged);
        let mean = scores.iter().map(|(_, score)| score).sum::<f64>() / scores.len() as f64;
        let name = queries.file_name().expect("a name").to_string_lossy().into_owned();
        writeln!(written, "\n{set} {name}: {mean:.4} over {} queries", scores.len()).expect("a line");
        let each: Vec<String> = scores.iter().map(|(id, score)| format!("{id} {:.0}", score * 1000.0)).collect();
        each.chunks(12).for_each(|row| writeln!(written, "{}", row.join(", ")).expect("a line"));
    }
    compare(&root.join("tests/ranking.txt"), &written);
}

#[test]
fn wanted_articles_rank_where_the_file_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    desk.expect(0, &["index", "-q", &root.join("corpus").to_string_lossy()]);
    let table = fs::read_to_string(root.join("tests/wanted.tsv")).expect("the queries");
    let (mut batch, mut judged) = (String::new(), Judged::new());
    let rows: Vec<(&str, Vec<&str>)> = table
        .lines()
        .map(|line| line.split_once('\t').expect("a query and what it wants"))
        .map(|(query, wanted)| (query, wanted.split(' ').collect()))
        .collect();
    for (number, (query, wanted)) in rows.iter().enumerate() {
        writeln!(batch, "{number}\t{query}").expect("a line");
        judged.insert(number.to_string(), wanted.iter().map(|id| ((*id).to_owned(), 1.0)).collect());
    }
    desk.write("queries.tsv", batch);
    let run = desk.expect(0, &["search", "--batch", "queries.tsv", "--format", "trec"]).out;
    let ranked = |number: usize| -> Vec<&str> {
        let columns = run.lines().map(|line| line.split(' ').collect::<Vec<_>>());
        columns.filter(|columns| columns[0] == number.to_string()).map(|columns| columns[2]).collect()
    };
    let gains = score(&run, &judged);
    let (mut written, mut precisions) = (String::new(), 0.0);
    for (number, (query, wanted)) in rows.iter().enumerate() {
        let ranking = ranked(number);
        let mut ranks: Vec<usize> =
            wanted.iter().filter_map(|id| ranking.iter().position(|found| found == id)).map(|at| at + 1).collect();
        ranks.sort_unstable();
        let precision: f64 = ranks.iter().zip(1..).map(|(rank, found)| f64::from(found) / *rank as f64).sum::<f64>();
        let precision = precision / wanted.len() as f64;
        precisions += precision;
        let shown: Vec<String> = ranks.iter().map(usize::to_string).collect();
        let shown = if shown.is_empty() { "none".to_owned() } else { shown.join(",") };
        writeln!(written, "{shown}\t{:.3}\t{precision:.3}\t{query}", gains[number].1).expect("a line");
    }
    let mean = gains.iter().map(|(_, gain)| gain).sum::<f64>() / rows.len() as f64;
    let head = "# ranks of the wanted articles, nDCG@10, average precision and query, by tests/it/figures.rs";
    let written = format!(
        "{head}\n# nDCG@10 {mean:.4}, MAP {:.4}, {} queries\n{written}",
        precisions / rows.len() as f64,
        rows.len()
    );
    compare(&root.join("tests/wanted.txt"), &written);
}

/// Holds figures against those in a file, or writes them there.
fn compare(path: &Path, written: &str) {
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        fs::write(path, written).expect("the figures to write");
    } else {
        let expected = fs::read_to_string(path).expect("the figures");
        let changed: Vec<&str> = written.lines().filter(|line| !expected.contains(line)).collect();
        assert!(
            written == expected,
            "ranking has changed; ONRECORD_BLESS=1 writes the figures\n{}",
            changed.join("\n")
        );
    }
}

/// The grade of each document, by query.
type Judged = HashMap<String, HashMap<String, f64>>;

fn judgements_of(lines: &str) -> Judged {
    let mut judged = Judged::new();
    for line in lines.lines() {
        let [query, _, document, grade] = line.split_whitespace().collect::<Vec<_>>()[..] else { continue };
        let grade: f64 = grade.parse().expect("a grade");
        if grade > 0.0 {
            judged.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
        }
    }
    judged
}

/// Returns nDCG@10 of every judged query, sorted by its id.
fn score(run: &str, judged: &Judged) -> Vec<(String, f64)> {
    let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in run.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        found.entry(columns[0]).or_default().push(columns[2]);
    }
    let gain = |grades: &mut dyn Iterator<Item = f64>| -> f64 {
        grades.take(10).enumerate().map(|(rank, grade)| grade / (rank as f64 + 2.0).log2()).sum()
    };
    let mut scores: Vec<(String, f64)> = Vec::new();
    for (query, grades) in judged {
        let mut best: Vec<f64> = grades.values().copied().collect();
        best.sort_by(|one, other| other.total_cmp(one));
        let hits = found.get(query.as_str()).map(Vec::as_slice).unwrap_or_default();
        let got = gain(&mut hits.iter().map(|hit| grades.get(*hit).copied().unwrap_or(0.0)));
        scores.push((query.clone(), got / gain(&mut best.into_iter())));
    }
    scores.sort_by(|one, other| (one.0.len(), &one.0).cmp(&(other.0.len(), &other.0)));
    scores
}
