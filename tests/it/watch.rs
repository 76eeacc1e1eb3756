//! `index --watch` follows the files: a process that stays, and what is found meanwhile.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, article};

/// How long anything may take on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// A command that stays, and what it says.
struct Watching {
    child: Child,
    lines: Receiver<String>,
    told: Vec<String>,
}

impl Watching {
    fn start(desk: &Desk, arguments: &[&str]) -> Watching {
        let mut command = desk.command(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command runs");
        let (sender, lines) = channel();
        let err = BufReader::new(child.stderr.take().expect("a pipe"));
        thread::spawn(move || err.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Watching { child, lines, told: Vec::new() }
    }

    /// Waits for a line that holds some words.
    #[track_caller]
    fn expect(&mut self, words: &str) {
        let started = Instant::now();
        loop {
            match self.lines.recv_timeout(LONG.saturating_sub(started.elapsed())) {
                Ok(line) => {
                    self.told.push(line);
                    if self.told.last().is_some_and(|line| line.contains(words)) {
                        return;
                    }
                }
                Err(_) => panic!("{words:?} was not told:\n{}", self.told.join("\n")),
            }
        }
    }

    /// Ends it as Ctrl-C does, and returns its exit code and all it said.
    fn interrupt(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
        let started = Instant::now();
        while self.child.try_wait().expect("a process").is_none() {
            assert!(started.elapsed() < LONG, "it goes on after Ctrl-C");
            thread::sleep(Duration::from_millis(20));
        }
        let code = self.child.wait().expect("an end").code();
        let told = std::mem::take(&mut self.told).into_iter().chain(self.lines.iter());
        (code, told.collect::<Vec<_>>().join("\n"))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn count(desk: &Desk, query: &str) -> String {
    desk.run(&["search", "-c", query]).out.trim().to_owned()
}

/// Changes files in every way, and looks each time whether a search knows.
fn follows(desk: &Desk, mut watching: Watching) {
    assert_eq!(count(desk, "council"), "3");
    desk.write("news/deep/er/4.txt", article(4));
    watching.expect("4 articles (1 new, 0 changed, 0 gone, 3 unchanged)");
    assert_eq!(count(desk, "council"), "4");
    desk.write("news/1.txt", "A Lighthouse Reopens\n\nKeepers climbed the tower again on Friday.\n");
    watching.expect("(0 new, 1 changed, 0 gone, 3 unchanged)");
    assert_eq!((count(desk, "council"), count(desk, "lighthouse")), ("3".to_owned(), "1".to_owned()));
    fs::rename(desk.path("news/1.txt"), desk.path("news/deep/beacon.txt")).expect("a rename");
    watching.expect("(0 new, 0 changed, 1 moved, 0 gone, 3 unchanged)");
    assert_eq!(desk.expect(0, &["search", "-l", "lighthouse"]).out.trim(), "news/deep/beacon.txt");
    fs::remove_file(desk.path("news/0.txt")).expect("a file");
    watching.expect("(0 new, 0 changed, 1 gone, 3 unchanged)");
    assert_eq!(count(desk, "council"), "2");
    desk.write("news/broken.jsonl", "{\"headline\": \n");
    watching.expect("news/broken.jsonl:1: is not valid JSON");
    desk.write("news/9.txt", article(9));
    watching.expect("4 articles (1 new");
    let (code, told) = watching.interrupt();
    assert_eq!(code, Some(130), "{told}");
    assert_eq!(told.matches("broken.jsonl:1").count(), 1, "a problem is told once: {told}");
    assert_eq!(count(desk, "council"), "3", "the index is whole");
    desk.expect(3, &["index", "news"]);
}

fn desk() -> Desk {
    let desk = Desk::new();
    for n in 0..3 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk
}

#[test]
fn a_watch_follows_every_change() {
    let desk = desk();
    let mut watching = Watching::start(&desk, &["index", "--watch", "news"]);
    watching.expect("3 articles: 3 new");
    watching.expect("watching for changes; Ctrl-C ends it");
    follows(&desk, watching);
}

#[test]
fn a_watch_can_look_by_itself() {
    let desk = desk();
    let mut watching = Watching::start(&desk, &["index", "--watch", "--poll", "0.2", "news"]);
    watching.expect("looking for changes every 0.2 s; Ctrl-C ends it");
    follows(&desk, watching);
    desk.expect(2, &["index", "--watch", "--poll", "0", "news"]);
    desk.expect(2, &["index", "--poll", "1", "news"]);
}

#[test]
fn a_watch_keeps_what_may_be_on_a_missing_disk() {
    let desk = desk();
    for n in 3..9 {
        desk.write(&format!("news/disk/{n}.txt"), article(n));
    }
    let mut watching = Watching::start(&desk, &["index", "--watch", "news"]);
    watching.expect("watching");
    fs::rename(desk.path("news"), desk.path("away")).expect("a rename");
    watching.expect("none of the paths is there any more");
    assert_eq!(count(&desk, "council"), "9");
    fs::rename(desk.path("away"), desk.path("news")).expect("a rename");
    desk.write("news/new.txt", article(10));
    watching.expect("(1 new, 0 changed, 0 gone, 9 unchanged)");
    fs::rename(desk.path("news/disk"), desk.path("disk")).expect("a rename");
    watching.expect("6 of 10 files are not there any more; 6 articles of 6 files stay in the index");
    assert_eq!(count(&desk, "council"), "10");
    // Another run may write in between.
    desk.write("more/11.txt", article(11));
    desk.expect(0, &["index", "more"]);
    desk.write("news/12.txt", article(12));
    watching.expect("12 articles (1 new, 0 changed, 0 gone, 4 unchanged)");
    let (code, told) = watching.interrupt();
    assert_eq!(code, Some(130), "{told}");
    assert_eq!(told.matches("6 of 1").count(), 1, "told once: {told}");
}

#[test]
fn a_watch_that_cannot_begin_ends_like_a_plain_run() {
    let desk = desk();
    desk.expect(2, &["index", "--watch", "nowhere"]);
    desk.expect(0, &["index", "news"]);
    let lock = fs::File::open(desk.path("index/.onrecord.lock")).expect("the lock file");
    lock.lock().expect("the lock");
    desk.expect(75, &["index", "--watch", "news"]);
}
