//! The house keeps its shape: who may import whom, and every file has its place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

const NOUNS: &[&str] = &[
    "analyzer", "article", "copies", "layers", "identity", "problem", "schema", "plan", "places", "spelling",
    "likeness", "hits",
];

/// Who may import whom, below `src`. What is not here may import nothing of ours.
fn may_import(room: &str) -> Vec<&'static str> {
    let more: &[&str] = match room {
        "article" | "analyzer" | "likeness" => return Vec::new(),
        "layers" | "problem" => return vec!["article"],
        "copies" => return vec!["analyzer"],
        "identity" => return vec!["analyzer", "article", "layers"],
        "schema" => return vec!["analyzer", "article", "copies", "layers", "identity"],
        "plan" => return vec!["analyzer", "article", "layers", "schema"],
        "places" => return vec!["plan"],
        "spelling" => return vec!["analyzer", "plan", "schema"],
        "hits" => return vec!["article", "copies", "layers", "schema"],
        "read" | "annotate" | "query" | "identities" | "engine" | "snippet" | "render" => &[],
        "walk" => return vec!["problem"],
        "index" | "extract" => &["walk", "read", "annotate", "engine"],
        "recognise" => &["walk", "read"],
        "identify" => &["identities", "engine"],
        "search" => &["walk", "annotate", "query", "engine", "snippet", "identify"],
        "census" => &["search", "identify", "identities", "query", "engine"],
        "cli" => &[
            "index",
            "search",
            "census",
            "identify",
            "extract",
            "recognise",
            "walk",
            "query",
            "engine",
            "render",
            "read",
        ],
        "main" => return vec!["cli"],
        "bin" => &["annotate"],
        _ => panic!("`{room}` has no row in the direction table"),
    };
    [NOUNS, more].concat()
}

/// Crates that only one room may name.
const ONLY_IN: &[(&str, &str)] = &[
    ("tantivy::", "engine"),
    ("clap::", "cli"),
    ("clap_complete::", "cli"),
    ("clap_mangen::", "cli"),
    ("anyhow::", "cli"),
    ("walkdir::", "walk"),
    ("ignore::", "walk"),
    ("notify::", "walk"),
];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for entry in WalkDir::new(&root).sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let name = entry.path().strip_prefix(&root).expect("a file below src").to_owned();
            files.push((name, fs::read_to_string(entry.path()).expect("a source file")));
        }
    }
    assert!(files.len() > 20, "only {} source files", files.len());
    files
}

fn room(file: &Path) -> String {
    let first = file.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the rooms that the code of a file names after `crate::` or `onrecord::`, tests and comments left out.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in code(text) {
        for prefix in ["crate::", "onrecord::"] {
            for (at, _) in line.match_indices(prefix) {
                let rest = &line[at + prefix.len()..];
                let name: String =
                    rest.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect();
                found.insert(name);
            }
        }
    }
    found.remove("");
    found
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn imports_never_point_up() {
    for (file, text) in sources() {
        let room = room(&file);
        if room == "lib" {
            continue;
        }
        let allowed = may_import(&room);
        for name in imports(&text) {
            assert!(
                name == room || allowed.contains(&name.as_str()),
                "src/{} imports `{name}`: `{room}` may import only {allowed:?}",
                file.display()
            );
        }
    }
}

#[test]
fn only_one_room_names_a_crate() {
    for (file, text) in sources() {
        for (crate_name, only) in ONLY_IN {
            let foreign = code(&text).find(|line| {
                line.split(|letter: char| !letter.is_alphanumeric() && letter != ':' && letter != '_')
                    .any(|word| word.starts_with(crate_name))
            });
            assert!(
                room(&file) == *only || foreign.is_none(),
                "src/{} says {crate_name} in {foreign:?}",
                file.display()
            );
        }
    }
}

#[test]
fn every_file_is_named_by_its_parent() {
    let files = sources();
    for (file, _) in &files {
        let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
        if matches!(stem.as_str(), "lib" | "main" | "mod") || room(file) == "bin" {
            continue;
        }
        let folder = file.parent().expect("a folder");
        let parents = match folder.as_os_str().is_empty() {
            true => vec![PathBuf::from("lib.rs")],
            false => vec![folder.join("mod.rs"), folder.with_extension("rs")],
        };
        let named = files
            .iter()
            .filter(|(name, _)| parents.contains(name))
            .any(|(_, text)| text.lines().any(|line| line.trim_end().ends_with(&format!("mod {stem};"))));
        assert!(named, "nobody names src/{}", file.display());
    }
}

#[test]
fn files_and_lines_stay_short() {
    /// Files past 500 lines, and why.
    const REASONS: &[(&str, &str)] = &[];
    for (file, text) in sources() {
        let lines = code(&text).count();
        let excused = REASONS.iter().any(|(name, _)| Path::new(name) == file);
        assert!(lines <= 500 || excused, "src/{} has {lines} lines of code", file.display());
    }
}
