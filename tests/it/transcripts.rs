//! Transcripts: every file in `tests/commands` is a test.
//!
//! A transcript holds files (`-- name --` and their text) and commands (`$ onrecord …`) with what they print to
//! stdout, what they print to stderr (lines with `! ` before them) and `[exit N]` where N is not 0. Commands run in a
//! folder that holds the files, a copy of the bundled corpus as `corpus` and, where the transcript asks for it with
//! `-- indexed --`, its index. Times and rates are replaced by `[time]`. `ONRECORD_BLESS=1` writes what was printed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use walkdir::WalkDir;

use crate::desk::{self, Desk};

#[test]
fn transcripts_are_what_the_commands_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands");
    let bless = std::env::var_os("ONRECORD_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in WalkDir::new(&folder).sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        count += 1;
        let expected = fs::read_to_string(entry.path()).expect("a transcript");
        let printed = replay(&expected);
        if printed == expected {
            continue;
        }
        if bless {
            fs::write(entry.path(), printed).expect("a transcript to write");
        } else {
            wrong.push(format!("{}\n{}", entry.path().display(), difference(&expected, &printed)));
        }
    }
    assert!(count >= 8, "only {count} transcripts");
    assert!(wrong.is_empty(), "{}\n\nrun with ONRECORD_BLESS=1 to accept", wrong.join("\n\n"));
}

/// Runs the commands of a transcript and returns it with what they print.
pub fn replay(transcript: &str) -> String {
    let desk = Desk::new();
    copy_corpus(&desk);
    let mut out = String::new();
    let mut file: Option<(String, String)> = None;
    let mut in_output = false;
    for line in transcript.lines() {
        if let Some(name) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            finish_file(&desk, file.take());
            match name {
                "indexed" => drop(desk.expect(0, &["index", "-q", "corpus"])),
                "commands" => {}
                name => file = Some((name.to_owned(), String::new())),
            }
            out.push_str(line);
            out.push('\n');
            in_output = false;
        } else if let Some((_, text)) = &mut file {
            text.push_str(line);
            text.push('\n');
            out.push_str(line);
            out.push('\n');
        } else if let Some(typed) = line.strip_prefix("$ ") {
            out.push_str(line);
            out.push('\n');
            out.push_str(&run(&desk, typed));
            in_output = true;
        } else if line.starts_with('#') || (!in_output && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    finish_file(&desk, file);
    out
}

/// Writes the bundled corpus into a desk.
pub fn copy_corpus(desk: &Desk) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in WalkDir::new(&corpus).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(&corpus).expect("a file below the corpus");
        desk.write(&Path::new("corpus").join(name).to_string_lossy(), fs::read(entry.path()).expect("a file"));
    }
}

fn finish_file(desk: &Desk, file: Option<(String, String)>) {
    if let Some((name, text)) = file {
        desk.write(&name, text);
    }
}

/// Runs one line as a shell would and returns what it printed.
fn run(desk: &Desk, typed: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_onrecord"));
    let path =
        format!("{}:{}", binary.parent().expect("a folder").display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    for name in desk::SETTINGS {
        shell.env_remove(name);
    }
    shell.args(["-c", typed]).env("PATH", path).env("COLUMNS", "100").env("ONRECORD_CONFIG", "");
    shell.stdin(Stdio::null()).current_dir(desk.path(""));
    let answer = desk::answer(shell.output().expect("a shell"));
    let mut out = String::new();
    for line in answer.out.lines() {
        out.push_str(line);
        out.push('\n');
    }
    for line in answer.err.lines() {
        out.push_str(&format!("! {}\n", without_times(line)));
    }
    if answer.code != 0 {
        out.push_str(&format!("[exit {}]\n", answer.code));
    }
    out.push('\n');
    out
}

/// Replaces the times and rates of a summary ("0.1 s", "12.3 MB/s") by `[time]`.
fn without_times(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let number = words[at].trim_start_matches('(').parse::<f64>().is_ok();
        let unit = words.get(at + 1).map(|unit| unit.trim_end_matches([',', ')', ';', '.']));
        if number && matches!(unit, Some("s" | "ms" | "MB/s" | "kB/s" | "bytes/s" | "min")) {
            out.push("[time]".to_owned());
            at += 2;
        } else {
            out.push(words[at].to_owned());
            at += 1;
        }
    }
    out.join(" ")
}

fn difference(expected: &str, printed: &str) -> String {
    let (expected, printed): (Vec<_>, Vec<_>) = (expected.lines().collect(), printed.lines().collect());
    let same = expected.iter().zip(&printed).take_while(|(one, other)| one == other).count();
    let part =
        |lines: &[&str]| lines.iter().skip(same).take(12).map(|line| format!("    {line}\n")).collect::<String>();
    format!("  line {}: expected\n{}  printed\n{}", same + 1, part(&expected), part(&printed))
}
