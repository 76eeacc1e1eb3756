//! Groups words by the company they keep, and writes the groups to where the compiler takes them from.
//!
//!     cargo run --release --bin cluster_words -- glove.6B.50d.txt        writes src/annotate/entities/clusters.bin
//!
//! The file holds one word a line with its vector, the frequent ones first: Stanford's `glove.6B.50d.txt`, made from
//! Wikipedia and newswire. The same input gives the same bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;

use onrecord::annotate::entities::clusters;

/// Where the compiler takes the groups from.
const CLUSTERS: &str = "src/annotate/entities/clusters.bin";

/// How many words are grouped.
const WORDS: usize = 150_000;

/// How often the middles of the groups are found anew.
const ROUNDS: usize = 20;

/// The length of a vector.
const LENGTH: usize = 50;

type Vector = [f32; LENGTH];

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: cluster_words VECTORS.txt");
        return ExitCode::from(2);
    };
    match run(Path::new(&path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(path: &Path) -> io::Result<()> {
    let (words, vectors) = read(path)?;
    let mut groups = vec![[0; clusters::SIZES.len()]; words.len()];
    for (level, size) in clusters::SIZES.into_iter().enumerate() {
        for (word, group) in group(&vectors, size).into_iter().enumerate() {
            groups[word][level] = group;
        }
        println!("{size} groups of {} words", words.len());
    }
    let words: Vec<(&str, _)> = words.iter().map(String::as_str).zip(groups).collect();
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(CLUSTERS), clusters::write(&words))
}

fn read(path: &Path) -> io::Result<(Vec<String>, Vec<Vector>)> {
    let wrong = |line: &str| io::Error::other(format!("no word and {LENGTH} numbers: `{line}`"));
    let (mut words, mut vectors) = (Vec::new(), Vec::new());
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        let mut parts = line.split(' ');
        let word = parts.next().unwrap_or_default();
        let numbers: Vec<f32> = parts.map_while(|part| part.parse().ok()).collect();
        let vector: Vector = numbers.try_into().map_err(|_| wrong(&line))?;
        if word.contains(char::is_alphabetic) {
            words.push(word.to_owned());
            vectors.push(unit(vector));
        }
        if words.len() == WORDS {
            break;
        }
    }
    Ok((words, vectors))
}

/// Returns a vector of the same direction and length one.
fn unit(vector: Vector) -> Vector {
    let length = product(&vector, &vector).sqrt().max(f32::MIN_POSITIVE);
    vector.map(|part| part / length)
}

fn product(one: &Vector, other: &Vector) -> f32 {
    let mut sums = [0.0; 10];
    for (ones, others) in one.chunks(10).zip(other.chunks(10)) {
        for (sum, (one, other)) in sums.iter_mut().zip(ones.iter().zip(others)) {
            *sum += one * other;
        }
    }
    sums.iter().sum()
}

/// Returns the group of each vector: the one of so many middles that points most nearly where it points. The middles
/// start at words that are frequent and far from each other.
fn group(vectors: &[Vector], size: usize) -> Vec<u16> {
    let step = vectors.len() / 4 / size;
    let mut middles: Vec<Vector> = (0..size).map(|at| vectors[at * step.max(1)]).collect();
    let mut groups = vec![0; vectors.len()];
    for _ in 0..ROUNDS {
        for (group, vector) in groups.iter_mut().zip(vectors) {
            let mut best = (0, f32::MIN);
            for (number, middle) in middles.iter().enumerate() {
                let near = product(middle, vector);
                if near > best.1 {
                    best = (number as u16, near);
                }
            }
            *group = best.0;
        }
        let mut sums = vec![[0.0; LENGTH]; size];
        for (group, vector) in groups.iter().zip(vectors) {
            sums[usize::from(*group)].iter_mut().zip(vector).for_each(|(sum, part)| *sum += part);
        }
        for (middle, sum) in middles.iter_mut().zip(sums) {
            if product(&sum, &sum) > 0.0 {
                *middle = unit(sum);
            }
        }
    }
    groups
}
