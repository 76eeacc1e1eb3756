//! Trains the weights with which entities are found, and writes them to where the compiler takes them from.
//!
//!     cargo run --release --bin train_entities -- DIR             writes src/annotate/entities/weights.bin
//!     cargo run --release --bin train_entities -- DIR --without wikigold --try
//!
//! DIR holds the labelled sets as `NAME.jsonl.gz`, one article a line: `{"text", "entities": [[start, end, kind]]}`
//! with offsets in code points. Of one set only the texts are free: what a first model finds in them teaches the second.
//! The same input gives the same bytes. `--try` writes nothing and scores every set, those left out by `--without` among
//! them; `--score` scores another set of the folder.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flate2::read::GzDecoder;
use onrecord::annotate::entities::headlines;
use onrecord::annotate::entities::lessons::lessons;
use onrecord::annotate::entities::train::{self, Labelled, Options};
use onrecord::article::Span;
use onrecord::layers::EntityKind;
use serde::Deserialize;

/// Where the compiler takes the weights from.
const WEIGHTS: &str = "src/annotate/entities/weights.bin";

/// How many copies of each lesson are made under other names.
const COPIES: usize = 12;

const KINDS: [EntityKind; 4] = [EntityKind::Person, EntityKind::Organisation, EntityKind::Location, EntityKind::Misc];

/// What a set is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Training.
    Train,
    /// Training, but on what the model itself finds in its texts: the labels have no licence.
    Text,
    /// Measuring.
    Test,
}

/// A set of labelled articles: its name, what it is for, whether MISC is labelled, and its rights.
struct Set {
    name: &'static str,
    use_for: Use,
    misc: bool,
    rights: &'static str,
}

const SETS: &[Set] = &[
    Set {
        name: "re3d",
        use_for: Use::Train,
        misc: false,
        rights: "dstl/re3d without its BBC part: CC BY 3.0 AU, public domain, OGL 3.0, CC BY-SA 3.0",
    },
    Set { name: "wikigold", use_for: Use::Train, misc: true, rights: "Balasuriya et al. 2009: CC BY 4.0" },
    Set {
        name: "gum",
        use_for: Use::Train,
        misc: false,
        rights: "amir-zeldes/gum: CC BY 4.0; texts CC BY 2.5, CC BY 4.0, CC BY-SA 3.0",
    },
    Set { name: "uner_ewt", use_for: Use::Train, misc: false, rights: "UniversalNER/UNER_English-EWT: CC BY-SA 4.0" },
    Set { name: "crossner", use_for: Use::Train, misc: true, rights: "zliucr/CrossNER: MIT; texts CC BY-SA 3.0" },
    Set {
        name: "btc_news",
        use_for: Use::Train,
        misc: false,
        rights: "GateNLP/broad_twitter_corpus, section G: CC BY 4.0",
    },
    Set { name: "uner_pud", use_for: Use::Test, misc: false, rights: "" },
    Set {
        name: "gmb_voa",
        use_for: Use::Text,
        misc: true,
        rights: "Groningen Meaning Bank, texts alone: public domain",
    },
    Set { name: "europarl", use_for: Use::Test, misc: true, rights: "" },
];

#[derive(Deserialize)]
struct Row {
    text: String,
    entities: Vec<(usize, usize, EntityKind)>,
}

/// What the command line asks for.
struct Wish {
    folder: PathBuf,
    without: Vec<String>,
    only_try: bool,
    errors: Option<String>,
    others: Vec<String>,
}

fn main() -> ExitCode {
    let Some(wish) = wish() else {
        eprintln!("usage: train_entities DIR [--without SET]... [--try] [--errors SET] [--score SET]...");
        return ExitCode::from(2);
    };
    match run(&wish) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn wish() -> Option<Wish> {
    let mut wish =
        Wish { folder: PathBuf::new(), without: Vec::new(), only_try: false, errors: None, others: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--try" => wish.only_try = true,
            "--without" => wish.without.push(arguments.next()?),
            "--score" => wish.others.push(arguments.next()?),
            "--errors" => wish.errors = Some(arguments.next()?),
            folder if !folder.starts_with('-') && wish.folder.as_os_str().is_empty() => wish.folder = folder.into(),
            _ => return None,
        }
    }
    Some(wish).filter(|wish| !wish.folder.as_os_str().is_empty())
}

fn run(wish: &Wish) -> io::Result<()> {
    let mut articles = Vec::new();
    let mut header =
        String::from("Trained by train_entities on lessons.txt and on these sets, whose rights ask for this notice:\n");
    let mut tests: Vec<(&str, Vec<Labelled>)> = Vec::new();
    let mut unlabelled = Vec::new();
    for set in SETS {
        let labelled = read(&wish.folder, set.name, set.misc)?;
        let left_out = wish.without.iter().any(|name| name == set.name);
        match set.use_for {
            Use::Text if !left_out => {
                unlabelled.extend(labelled.iter().cloned());
                tests.push((set.name, labelled));
            }
            Use::Train if !left_out => articles.extend(labelled),
            _ => {
                tests.push((set.name, labelled));
                continue;
            }
        }
        header += &format!("{}: {}\n", set.name, set.rights);
    }
    let mut lessons = lessons(COPIES);
    headlines::add_headlines(&mut articles, 3);
    headlines::add_headlines(&mut lessons, 4);
    articles.extend(lessons);
    header += &format!("fingerprint: {:016x}\n", train::fingerprint());
    let first = train::train(&articles, &Options::default(), &header);
    articles.extend(taught(unlabelled, &first)?);
    let weights = train::train(&articles, &Options::default(), &header);
    println!("{} articles, {} bytes of weights", articles.len(), weights.len());
    for name in &wish.others {
        tests.push((name, read(&wish.folder, name, false)?));
    }
    for (name, labelled) in &tests {
        score(name, &weights, labelled, wish.errors.as_deref() == Some(name))?;
        if *name == "uner_pud" {
            score("capitals", &weights, &headlines::recased(labelled, headlines::capital), false)?;
            score("title", &weights, &headlines::recased(labelled, headlines::title), false)?;
        }
    }
    if !wish.only_try && wish.without.is_empty() {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS), &weights)?;
    }
    Ok(())
}

/// Returns texts with what a first model finds in them, and copies in the letters of headlines.
fn taught(mut texts: Vec<Labelled>, first: &[u8]) -> io::Result<Vec<Labelled>> {
    let found = train::names_found(first, &texts).ok_or_else(|| io::Error::other("no file of weights"))?;
    for (text, names) in texts.iter_mut().zip(found) {
        text.names = names;
    }
    headlines::add_headlines(&mut texts, 3);
    Ok(texts)
}

fn read(folder: &Path, name: &str, misc: bool) -> io::Result<Vec<Labelled>> {
    let path = folder.join(format!("{name}.jsonl.gz"));
    let file = File::open(&path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
    BufReader::new(GzDecoder::new(file)).lines().map(|line| Ok(labelled(serde_json::from_str(&line?)?, misc))).collect()
}

fn labelled(row: Row, misc: bool) -> Labelled {
    let mut places: Vec<usize> = row.text.char_indices().map(|(at, _)| at).collect();
    places.push(row.text.len());
    let place = |offset: usize| places[offset.min(places.len() - 1)];
    let names = row.entities.iter().map(|(start, end, kind)| (Span::new(place(*start), place(*end)), *kind)).collect();
    Labelled { text: row.text, names, misc }
}

/// Prints F1 over people, organisations and places together, precision, recall, and F1 of each kind.
fn score(name: &str, weights: &[u8], articles: &[Labelled], show_errors: bool) -> io::Result<()> {
    let found = train::names_found(weights, articles).ok_or_else(|| io::Error::other("no file of weights"))?;
    let mut counts = [[0_usize; 3]; 4];
    for (article, found) in articles.iter().zip(&found) {
        for (kind, count) in KINDS.iter().zip(&mut counts) {
            count[0] += found.iter().filter(|name| name.1 == *kind).count();
            count[1] += article.names.iter().filter(|name| name.1 == *kind).count();
            count[2] += found.iter().filter(|name| name.1 == *kind && article.names.contains(name)).count();
        }
        if show_errors {
            print_errors(article, found);
        }
    }
    let f1 = |[found, gold, right]: [usize; 3]| 200.0 * right as f64 / (found + gold).max(1) as f64;
    let all = counts[..3].iter().fold([0; 3], |sum, count| [0, 1, 2].map(|at| sum[at] + count[at]));
    let percent = |of: usize| 100.0 * all[2] as f64 / of.max(1) as f64;
    let [per, org, loc, misc] = counts.map(f1);
    println!(
        "{name:10} F1 {:5.1} P {:5.1} R {:5.1}   PER {per:5.1} ORG {org:5.1} LOC {loc:5.1} MISC {misc:5.1}",
        f1(all),
        percent(all[0]),
        percent(all[1])
    );
    Ok(())
}

fn print_errors(article: &Labelled, found: &[(Span, EntityKind)]) {
    let touches = |one: Span, other: Span| one.start < other.end && other.start < one.end;
    let show = |names: Vec<&(Span, EntityKind)>| {
        let names: Vec<String> =
            names.iter().map(|(span, kind)| format!("{} {}", kind.name(), span.of(&article.text))).collect();
        names.join(" | ")
    };
    for name in article.names.iter().filter(|name| !found.contains(name)) {
        let instead = show(found.iter().filter(|found| touches(found.0, name.0)).collect());
        let before: String = article.text[..name.0.start as usize].chars().rev().take(40).collect();
        let before: String = before.chars().rev().collect();
        let after: String = article.text[name.0.end as usize..].chars().take(30).collect();
        println!("missed {:40} found {instead:40} in {before:?} … {after:?}", show(vec![name]));
    }
    for name in found.iter().filter(|name| !article.names.iter().any(|gold| touches(gold.0, name.0))) {
        println!("wrong  {}", show(vec![name]));
    }
}
