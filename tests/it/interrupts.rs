//! Ctrl-C, and answers written to a file: whole, or not at all.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, article};

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

/// Returns the names of the files on a desk, sorted.
fn files(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.path(".")).expect("a folder").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_answer_goes_to_a_file() {
    let desk = Desk::new();
    desk.write("talks.txt", article(0));
    desk.expect(0, &["index", "-q", "talks.txt"]);
    let expected = desk.expect(0, &["quotes", "--by", "official", "--csv"]).out;
    desk.write("quotes.csv", "what was there before, and longer than what comes now ".repeat(100));
    assert_eq!(desk.expect(0, &["quotes", "--by", "official", "--csv", "-o", "quotes.csv"]).out, "");
    assert_eq!(fs::read_to_string(desk.path("quotes.csv")).expect("a file"), expected);
    // An answer without a row is an answer.
    desk.expect(1, &["search", "zebra", "--csv", "--output", "none.csv"]);
    assert_eq!(fs::read_to_string(desk.path("none.csv")).expect("a file"), desk.run(&["search", "zebra", "--csv"]).out);
    assert_eq!(files(&desk), ["index", "none.csv", "quotes.csv", "talks.txt"]);
}

#[test]
fn a_command_that_fails_leaves_a_file_as_it_was() {
    let desk = Desk::new();
    desk.write("before.txt", "before");
    for (line, reason) in [
        (vec!["search", "council", "-o", "before.txt"], "no index at"),
        (vec!["schema", "-o", "nowhere/schema.json"], "cannot write `nowhere/schema.json`"),
        (vec!["schema", "-o", "."], "cannot write `.`"),
    ] {
        let told = desk.expect(2, &line).err;
        assert!(told.contains(reason), "{line:?}: {told}");
        assert_eq!(fs::read_to_string(desk.path("before.txt")).expect("a file"), "before");
        assert_eq!(files(&desk), ["before.txt"], "{line:?}");
    }
}

#[test]
fn an_interrupt_leaves_a_file_as_it_was() {
    let desk = Desk::new();
    desk.write("out.jsonl", "before");
    let mut command = desk.command(&["extract", "-", "-o", "out.jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    let mut stdin = child.stdin.take().expect("a way in");
    // It waits for more, in the middle of its answer.
    for number in 0..200 {
        writeln!(stdin, "{{\"id\":\"a{number}\",\"text\":\"The council met. It was late.\"}}").expect("a line");
    }
    stdin.flush().expect("lines");
    let started = Instant::now();
    while files(&desk).len() < 2 {
        assert!(started.elapsed() < Duration::from_secs(60), "nothing is written");
        thread::sleep(Duration::from_millis(5));
    }
    interrupt(&child);
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    drop(stdin);
    assert_eq!(fs::read_to_string(desk.path("out.jsonl")).expect("a file"), "before");
    assert_eq!(files(&desk), ["out.jsonl"]);
}

#[test]
fn an_interrupted_run_keeps_what_is_done() {
    let desk = Desk::new();
    for number in 0..3_000 {
        desk.write(&format!("news/{number}.txt"), article(number));
    }
    let mut command = desk.command(&["index", "-v", "--commit", "0", "--threads", "1", "news", "missing.txt"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    // The file of stamps is there once the run has begun to write.
    let started = Instant::now();
    while !desk.path("index/meta.json").exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "no run begins");
        thread::sleep(Duration::from_millis(2));
    }
    interrupt(&child);
    let told: Vec<String> = BufReader::new(child.stderr.take().expect("words")).lines().map_while(Result::ok).collect();
    let code = child.wait().expect("an end").code();
    assert_eq!(code, Some(130), "{told:?}");
    assert!(told.iter().any(|line| line.contains("interrupted")), "{told:?}");
    desk.expect(0, &["index", "-q", "news"]);
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out, "3000\n");
}
