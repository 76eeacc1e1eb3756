//! `check` finds what is wrong with an index, and `optimize` changes nothing but its size.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::desk::{Desk, article};

/// Returns the files that hold the documents.
fn segment_files(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path("index")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let is_segment = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem.len() == 32);
    let mut files: Vec<PathBuf> = entries.filter(is_segment).collect();
    files.sort();
    files
}

#[test]
fn a_sound_index_is_said_to_be_sound() {
    let desk = Desk::indexed(6);
    let answer = desk.expect(0, &["check"]);
    assert!(answer.out.starts_with("sound: 6 articles and 24 quotes read"), "{}", answer.out);
    assert_eq!(answer.out.lines().count(), 1, "{}", answer.out);
    assert_eq!(answer.err, "");
    let row: Value = serde_json::from_str(&desk.expect(0, &["check", "--json"]).out).expect("JSON");
    assert_eq!((&row["sound"], &row["articles"], &row["quotes"]), (&true.into(), &6.into(), &24.into()));
    assert_eq!(row["files"], segment_files(&desk).len());
}

#[test]
fn a_file_that_went_or_moved_was_not_half_read() {
    // So many that what is deleted stays in its segment for now.
    let desk = Desk::indexed(30);
    desk.remove("news/1.txt");
    fs::rename(desk.path("news/2.txt"), desk.path("news/moved.txt")).expect("a rename");
    desk.expect(0, &["index", "news"]);
    let answer = desk.expect(0, &["check"]);
    assert!(answer.out.starts_with("sound: 29 articles"), "{}", answer.out);
    assert_eq!(answer.out.lines().count(), 1, "{}", answer.out);
}

#[test]
fn a_changed_byte_in_any_file_is_found() {
    let desk = Desk::indexed(6);
    for path in segment_files(&desk) {
        let whole = fs::read(&path).expect("a file");
        let mut changed = whole.clone();
        changed[whole.len() / 3] ^= 0x10;
        for damaged in [&changed[..], &whole[..whole.len() - 1], b""] {
            fs::write(&path, damaged).expect("a file");
            let answer = desk.expect(2, &["check"]);
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(answer.out.starts_with(&name), "{name} of {} bytes: {}", damaged.len(), answer.out);
            assert!(answer.err.contains("is damaged (1 fault); rebuild it with"), "{}", answer.err);
        }
        fs::remove_file(&path).expect("a file to remove");
        let answer = desk.expect(2, &["check"]);
        assert!(answer.out.contains("it is missing"), "{}", answer.out);
        fs::write(&path, whole).expect("a file");
    }
    desk.expect(0, &["check"]);
}

/// Tantivy takes a segment whose positions went for one that never had any: a reader that came while a writer cleared away
/// the commit before would answer with that, instead of opening the commit that is there now.
#[test]
fn a_reader_opens_all_files_of_a_commit_or_none() {
    let desk = Desk::indexed(6);
    for path in segment_files(&desk) {
        let aside = path.with_extension("aside");
        fs::rename(&path, &aside).expect("a rename");
        let answer = desk.expect(2, &["stats"]);
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(answer.err.contains(&format!("({name} is missing); rebuild it")), "{}", answer.err);
        fs::rename(&aside, &path).expect("a rename");
    }
    desk.expect(0, &["stats"]);
}

#[test]
fn what_a_killed_run_leaves_is_no_fault() {
    let desk = Desk::indexed(6);
    // As a run leaves it that was killed behind its last commit: files that Tantivy knows of and no commit names.
    let name = format!("{}.term", "0".repeat(32));
    desk.write(&format!("index/{name}"), "half a file");
    let managed = fs::read_to_string(desk.path("index/.managed.json")).expect("a list");
    let mut managed: Vec<Value> = serde_json::from_str(&managed).expect("JSON");
    managed.push(name.as_str().into());
    desk.write("index/.managed.json", serde_json::to_vec(&managed).expect("JSON"));
    desk.remove("index/onrecord.stories");
    let answer = desk.expect(0, &["check"]);
    assert!(answer.out.starts_with("sound: 6 articles"), "{}", answer.out);
    assert!(answer.out.contains("1 file left over from a run that was killed"), "{}", answer.out);
    assert!(answer.out.contains("the list of copies is of an earlier commit"), "{}", answer.out);
    desk.write("news/7.txt", article(7));
    desk.expect(0, &["index", "news"]);
    assert_eq!(desk.expect(0, &["check"]).out.lines().count(), 1);
}

#[test]
fn no_index_and_another_format_are_errors() {
    let desk = Desk::indexed(6);
    assert!(desk.expect(2, &["--index", "nowhere", "check"]).err.contains("no index at `nowhere`"));
    assert!(desk.expect(2, &["--index", "nowhere", "optimize"]).err.contains("no index at `nowhere`"));
    assert!(!desk.path("nowhere").exists(), "optimize makes no index");
    desk.write("index/meta.json", "{");
    let answer = desk.expect(2, &["check"]);
    assert!(answer.out.starts_with("meta.json: "), "{}", answer.out);
    desk.write("index/onrecord.json", "{\"format\":1}");
    assert!(desk.expect(2, &["check"]).err.contains("has format 1"));
}

#[test]
fn optimizing_leaves_one_segment_and_the_same_answers() {
    let desk = Desk::new();
    for n in 0..6 {
        desk.write(&format!("news/{n}.txt"), article(n));
        desk.expect(0, &["index", "news"]);
    }
    for n in 0..3 {
        desk.write(&format!("news/{n}.txt"), article(n + 10));
    }
    desk.expect(0, &["index", "news"]);
    let stats = || -> Value { serde_json::from_str(&desk.expect(0, &["stats", "--json"]).out).expect("JSON") };
    let answers = || (desk.run(&["search", "council"]).out, desk.run(&["quotes", "--json"]).out);
    let (before, told) = (stats(), answers());
    assert!(before["segments"].as_u64() > Some(1), "{before}");
    let answer = desk.expect(0, &["optimize"]);
    assert!(answer.err.starts_with("1 segment, "), "{}", answer.err);
    let after = stats();
    assert_eq!(after["segments"], 1);
    assert!(after["index_bytes"].as_u64() < before["index_bytes"].as_u64(), "{before} {after}");
    assert_eq!(told, answers());
    assert_eq!(desk.expect(0, &["check"]).out.lines().count(), 1);
    let again = desk.expect(0, &["optimize"]);
    assert!(again.err.starts_with("1 segment, 1 before"), "{}", again.err);
}

#[test]
fn stats_count_stories_and_days_to_come() {
    let desk = Desk::new();
    let body = "The harbour board of Port Marrow met on Monday and spoke at length about the old crane, the price of \
                fish, the width of the channel, and a wall that nobody remembers building. Nothing was settled.";
    let other = "Growers in the Tessen valley have begun to pick plums a fortnight early, after a spring without frost and \
                 eleven dry weeks. Pickers are scarce, crates dearer than ever, and the cannery closed in winter.";
    for (name, date) in [("a", "2024-09-19"), ("b", "2024-09-20"), ("c", "2999-01-01")] {
        let body = if name == "c" { other } else { body };
        let record = serde_json::json!({"headline": "Crane", "body": body, "date": date});
        desk.write(&format!("news/{name}.json"), record.to_string());
    }
    desk.expect(0, &["index", "news"]);
    let shown = desk.expect(0, &["stats"]).out;
    assert!(shown.contains("articles  3; 1 of a day to come\n"), "{shown}");
    assert!(shown.contains("stories   2; 1 of the articles is a copy\n"), "{shown}");
    let row: Value = serde_json::from_str(&desk.expect(0, &["stats", "--json"]).out).expect("JSON");
    assert_eq!((&row["stories"], &row["future"]), (&2.into(), &1.into()));
}
