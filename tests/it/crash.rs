//! A run that is killed at any moment loses nothing that was committed, and the next run makes up for the rest.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, article};

const KILLS: u32 = 50;
const FILES: usize = 900;

/// Everything that can be asked of an index that must be the same after a crash.
fn contents(desk: &Desk, index: &str) -> String {
    let quotes = desk.expect(0, &["--index", index, "quotes", "--kind", "all", "--json"]);
    let articles = desk.expect(0, &["--index", index, "search", "council", "-n", "all", "-l"]);
    let mut paths: Vec<&str> = articles.out.lines().collect();
    paths.sort_unstable();
    format!("{}\n{}", quotes.out, paths.join("\n"))
}

#[test]
fn a_killed_run_loses_nothing() {
    let desk = Desk::new();
    for n in 0..FILES {
        desk.write(&format!("news/{}/{n}.txt", n % 10), article(n));
    }
    desk.write("news/wire.jsonl", (0..600).map(|n| format!("{{\"headline\":\"Council brief {n}\",\"date\":\"2024-09-{:02}\",\"body\":\"The council met. \\\"Brief {n} it is,\\\" said Omar Vance, the clerk.\"}}\n", n % 28 + 1)).collect::<String>());
    let started = Instant::now();
    desk.expect(0, &["--index", "whole", "index", "news"]);
    let mut whole_time = started.elapsed();
    let expected = contents(&desk, "whole");
    let (mut seed, mut bitten, mut searched) = (0x2545_F491_4F6C_DD1D_u64, 0, 0);
    for round in 0..KILLS {
        // xorshift64: the points are random and the same on every run.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let point = whole_time.mul_f64((seed % 1000) as f64 / 1000.0);
        let index = format!("index-{round}");
        let mut run = desk.command(&["--index", &index, "index", "--commit", "0", "--threads", "2", "news"]);
        let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command runs");
        thread::sleep(point);
        child.kill().expect("a process to kill");
        let killed = child.wait().expect("an end").code().is_none();
        bitten += u32::from(killed);
        if !killed {
            // The first run was slower than this one: a busy machine would let most runs end before they are killed.
            whole_time = whole_time.mul_f64(0.8);
        }
        let between = desk.run(&["--index", &index, "search", "council", "-c"]);
        match between.code {
            0 | 1 => searched += 1,
            2 if between.err.contains("no index at") => {}
            code => panic!("round {round}: the index left by a kill at {point:?} gave {code}: {}", between.err),
        }
        desk.expect(0, &["--index", &index, "index", "news"]);
        assert_eq!(contents(&desk, &index), expected, "round {round}, killed at {point:?}");
        std::fs::remove_dir_all(desk.path(&index)).expect("the index can be removed");
    }
    assert!(bitten >= KILLS / 2, "only {bitten} runs were killed before their end");
    assert!(searched >= KILLS / 4, "only {searched} kills left a commit behind");
}

#[test]
fn a_second_writer_is_refused_at_once_and_readers_work() {
    let desk = Desk::indexed(FILES);
    for n in 0..FILES {
        desk.write(&format!("news/{n}.txt"), article(n + 1));
    }
    let lock = std::fs::File::open(desk.path("index/.onrecord.lock")).expect("the lock file");
    lock.lock().expect("the lock");
    let started = Instant::now();
    let refused = desk.expect(75, &["index", "news"]);
    assert!(started.elapsed() < Duration::from_secs(5), "the refusal took {:?}", started.elapsed());
    assert!(refused.err.contains("is being written by another run"), "{}", refused.err);
    desk.expect(0, &["search", "council"]);
    drop(lock);
    let mut writer = desk.command(&["index", "--commit", "0", "news"]);
    let mut writer = writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command runs");
    let mut asked = 0;
    while writer.try_wait().expect("a process").is_none() {
        let answer = desk.expect(0, &["search", "council", "-c"]);
        assert_eq!(answer.out.trim(), FILES.to_string());
        asked += 1;
    }
    assert!(writer.wait().expect("an end").success());
    assert!(asked > 0, "the writer was done before a reader could ask");
}
