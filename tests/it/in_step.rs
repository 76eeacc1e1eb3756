//! The index follows the files: new, changed, vanished, unchanged; and never takes a missing root for deleted files.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::desk::{Desk, article};

fn count(desk: &Desk, query: &str) -> String {
    desk.run(&["search", "-c", query]).out.trim().to_owned()
}

#[test]
fn new_changed_and_vanished_files() {
    let desk = Desk::new();
    for n in 0..5 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    let first = desk.expect(0, &["index", "news"]);
    assert!(first.err.contains("5 new"), "{}", first.err);
    assert_eq!(count(&desk, "council"), "5");
    let again = desk.expect(0, &["index", "news"]);
    assert!(again.err.contains("5 unchanged"), "{}", again.err);
    desk.write("news/1.txt", "A Lighthouse Reopens\n\nKeepers climbed the tower again on Friday.\n");
    desk.write("news/9.txt", article(9));
    desk.remove("news/2.txt");
    let third = desk.expect(0, &["index", "news"]);
    for part in ["1 new", "1 changed", "1 gone", "3 unchanged"] {
        assert!(third.err.contains(part), "{part}: {}", third.err);
    }
    assert_eq!((count(&desk, "council").as_str(), count(&desk, "lighthouse").as_str()), ("4", "1"));
    let quotes = desk.expect(0, &["quotes", "-c"]).out;
    assert_eq!(quotes.trim(), (4 * 2).to_string(), "quotes of changed and vanished articles are gone");
}

#[test]
fn a_missing_root_deletes_nothing() {
    let desk = Desk::new();
    desk.write("a/1.txt", article(1));
    desk.write("b/2.txt", article(2));
    desk.expect(0, &["index", "a", "b"]);
    fs::rename(desk.path("a"), desk.path("unmounted")).expect("a rename");
    let answer = desk.run(&["index", "a", "b"]);
    assert!(answer.err.contains('a') && answer.err.contains("not"), "{}", answer.err);
    assert_eq!(count(&desk, "council"), "2");
    desk.expect(2, &["index", "a"]);
    assert_eq!(count(&desk, "council"), "2");
}

#[test]
fn other_roots_are_left_alone() {
    let desk = Desk::new();
    desk.write("a/1.txt", article(1));
    desk.write("b/2.txt", article(2));
    desk.expect(0, &["index", "a"]);
    desk.expect(0, &["index", "b"]);
    assert_eq!(count(&desk, "council"), "2");
    desk.remove("a/1.txt");
    desk.expect(0, &["index", "b"]);
    assert_eq!(count(&desk, "council"), "2", "only a walk of its root may say that a file is gone");
    desk.expect(0, &["index", "a"]);
    assert_eq!(count(&desk, "council"), "1");
}

#[test]
fn records_of_one_file_come_and_go_with_it() {
    let desk = Desk::new();
    desk.write("wire.jsonl", "{\"headline\":\"Council one\"}\n{\"headline\":\"Council two\"}\n");
    desk.expect(0, &["index", "wire.jsonl"]);
    assert_eq!(count(&desk, "council"), "2");
    desk.write("wire.jsonl", "{\"headline\":\"Council three\"}\n");
    desk.expect(0, &["index", "wire.jsonl"]);
    assert_eq!(count(&desk, "council"), "1");
}

#[test]
fn another_format_is_refused_in_one_sentence() {
    let desk = Desk::new();
    desk.write("news/1.txt", article(1));
    desk.expect(0, &["index", "news"]);
    desk.write("index/onrecord.json", "{\"format\":999}");
    for arguments in [vec!["search", "council"], vec!["index", "news"], vec!["quotes"], vec!["stats"]] {
        let answer = desk.expect(2, &arguments);
        assert!(answer.err.contains("format 999") && answer.err.contains("--rebuild"), "{}", answer.err);
        assert_eq!(answer.err.lines().count(), 1, "{}", answer.err);
    }
    desk.expect(0, &["index", "--rebuild", "news"]);
    assert_eq!(count(&desk, "council"), "1");
}

#[test]
fn rebuilding_keeps_files_that_are_not_the_index() {
    let desk = Desk::new();
    desk.write("news/1.txt", article(1));
    desk.write("index/README.md", "mine");
    desk.write("index/notes.store", "mine too");
    desk.expect(0, &["index", "news"]);
    desk.expect(0, &["index", "--rebuild", "news"]);
    assert!(desk.path("index/README.md").exists() && desk.path("index/notes.store").exists());
}

/// Everything that an index answers, the order of articles with the same score left out.
fn contents(desk: &Desk, index: &str) -> String {
    let quotes = desk.expect(0, &["--index", index, "quotes", "--kind", "all", "--json"]).out;
    let articles = desk.expect(0, &["--index", index, "search", "council", "-n", "all", "-l"]).out;
    let mut paths: Vec<&str> = articles.lines().collect();
    paths.sort_unstable();
    format!("{quotes}\n{}", paths.join("\n"))
}

/// Returns articles as JSON Lines, the numbers of a series.
fn wire(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|n| format!("{{\"id\":\"w{n}\",\"text\":{:?}}}\n", article(n))).collect()
}

#[test]
fn a_large_file_is_the_same_whoever_annotates_it() {
    let desk = Desk::new();
    let broken = "{\"headline\": \n";
    desk.write("wire.jsonl", [&wire(0..700), broken, &wire(700..1500)].concat());
    for (index, threads) in [("one", "1"), ("four", "4")] {
        let told = desk.expect(3, &["--index", index, "index", "--threads", threads, "wire.jsonl"]);
        assert!(told.err.contains("1,500 articles: 1,500 new"), "{}", told.err);
        assert_eq!(desk.expect(0, &["--index", index, "search", "-c", "council"]).out.trim(), "1500");
    }
    let first = contents(&desk, "one");
    assert_eq!(contents(&desk, "four"), first);
    let again = desk.expect(3, &["--index", "four", "index", "wire.jsonl"]);
    assert!(again.err.contains("1,500 unchanged"), "the entry came last: {}", again.err);
    desk.write("wire.jsonl", wire(900..2100));
    desk.expect(0, &["--index", "fresh", "index", "--threads", "1", "wire.jsonl"]);
    let changed = desk.expect(0, &["--index", "four", "index", "--threads", "4", "wire.jsonl"]);
    assert!(changed.err.contains("1,200 changed"), "{}", changed.err);
    assert_eq!(contents(&desk, "four"), contents(&desk, "fresh"), "nothing of the old file stays");
}

#[test]
fn what_looks_like_a_missing_disk_is_not_deleted() {
    let desk = Desk::new();
    for n in 0..10 {
        desk.write(&format!("news/disk/{n}.txt"), article(n));
    }
    desk.write("news/here.txt", article(10));
    desk.write("more/there.txt", article(11));
    desk.expect(0, &["index", "news", "more"]);
    fs::rename(desk.path("news/disk"), desk.path("unmounted")).expect("a rename");
    desk.write("news/new.txt", article(12));
    let refused = desk.expect(3, &["index", "news", "more"]);
    for part in ["10 of 12 files are not there any more", "`news/disk/0.txt`", "--allow-purge", "1 new"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    assert_eq!(count(&desk, "council"), "13", "what is new goes in, and nothing goes");
    fs::rename(desk.path("unmounted"), desk.path("news/disk")).expect("a rename");
    let back = desk.expect(0, &["index", "news", "more"]);
    assert!(back.err.contains("13 unchanged"), "{}", back.err);
    fs::remove_dir_all(desk.path("news/disk")).expect("a folder to remove");
    let meant = desk.expect(0, &["index", "--allow-purge", "news", "more"]);
    assert!(meant.err.contains("10 gone"), "{}", meant.err);
    assert_eq!(count(&desk, "council"), "3");
}

#[test]
fn a_root_that_is_empty_all_at_once_is_not_deleted() {
    let desk = Desk::new();
    for n in 0..6 {
        desk.write(&format!("mounted/{n}.txt"), article(n));
    }
    for n in 6..20 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk.expect(0, &["index", "news", "mounted"]);
    (0..6).for_each(|n| desk.remove(&format!("mounted/{n}.txt")));
    let refused = desk.expect(3, &["index", "news", "mounted"]);
    assert!(refused.err.contains("`mounted` is empty now; 6 articles of 6 files stay"), "{}", refused.err);
    assert_eq!(count(&desk, "council"), "20");
}

#[test]
fn rules_and_lists_say_what_is_looked_at() {
    let desk = Desk::new();
    for n in 0..3 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk.write("news/3.text", article(3));
    desk.write("news/README.md", "About these files");
    desk.expect(0, &["index", "news"]);
    desk.write("news/0.txt", "Changed\n\nNo such word here.\n");
    desk.write("news/3.text", "Changed\n\nNor here.\n");
    let some = desk.expect(0, &["index", "-g", "*.text", "news"]);
    assert!(some.err.contains("1 changed, 0 gone"), "{}", some.err);
    assert_eq!(count(&desk, "council"), "3", "what a glob leaves out stays as it was");
    desk.write("news/.onrecordignore", "1.txt\n");
    let ruled = desk.expect(0, &["index", "news"]);
    assert!(ruled.err.contains("1 changed, 1 gone"), "{}", ruled.err);
    assert!(ruled.err.contains("1 name ignored by your rules"), "{}", ruled.err);
    let log = desk.expect(0, &["log", "--skipped"]).out;
    assert!(log.contains("news/1.txt: is ignored by `1.txt` in news/.onrecordignore"), "{log}");
    assert!(log.contains("news/README.md: is passed over by its name"), "{log}");
    desk.write("list", "news/2.txt\nnews/nothing.txt\n");
    let listed = desk.expect(3, &["--index", "listed", "index", "--files-from", "list"]);
    assert!(listed.err.contains("`news/nothing.txt` is not there"), "{}", listed.err);
    assert!(listed.err.contains("1 article: 1 new"), "{}", listed.err);
}

/// Returns the ids of all articles, in the order of their paths.
fn ids(desk: &Desk) -> Vec<String> {
    let found = desk.expect(0, &["search", "council", "-n", "all", "--no-fold", "--format", "{path} {id}"]).out;
    let mut rows: Vec<&str> = found.lines().collect();
    rows.sort_unstable();
    rows.iter().map(|row| row.split(' ').nth(1).expect("an id").to_owned()).collect()
}

/// Gives a file another time and leaves its bytes as they are.
fn touch(desk: &Desk, name: &str) {
    let file = fs::File::options().append(true).open(desk.path(name)).expect("a file");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000)).expect("a time");
}

#[test]
fn a_touched_file_is_no_changed_one() {
    let desk = Desk::new();
    for n in 0..4 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk.write("news/wire.jsonl", [&wire(10..14), "{broken\n"].concat());
    // Its reader starts at the end and goes to and fro.
    desk.write(
        "news/week.zip",
        crate::limits::zip(&[("a.txt", b"A Heron\n\nIt flew."), ("b.txt", b"A Tern\n\nIt sat.")]),
    );
    desk.expect(3, &["index", "news"]);
    let commit = fs::read(desk.path("index/meta.json")).expect("a commit");
    for name in ["news/1.txt", "news/wire.jsonl", "news/week.zip"] {
        touch(&desk, name);
    }
    for _ in 0..2 {
        let again = desk.expect(3, &["index", "news"]);
        assert!(again.err.contains("0 new, 0 changed, 0 gone, 10 unchanged"), "{}", again.err);
        assert!(again.err.contains("news/wire.jsonl:5: is not valid JSON"), "{}", again.err);
        assert!(!again.err.contains("read in"), "only a look at the hash: {}", again.err);
        assert_eq!(fs::read(desk.path("index/meta.json")).expect("a commit"), commit, "nothing was written");
    }
    // The same size and other bytes.
    let text = article(2).replace("crowd", "cloud");
    desk.write("news/2.txt", text);
    touch(&desk, "news/2.txt");
    let changed = desk.expect(3, &["index", "news"]);
    assert!(changed.err.contains("1 changed, 0 gone, 9 unchanged"), "{}", changed.err);
    assert_eq!(count(&desk, "cloud"), "1");
}

#[test]
fn a_moved_file_keeps_its_identity() {
    let desk = Desk::new();
    for n in 0..6 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk.write("news/wire.jsonl", (0..3).map(|n| format!("{{\"text\":{:?}}}\n", article(10 + n))).collect::<String>());
    desk.expect(0, &["index", "news"]);
    assert_eq!(ids(&desk), ["0", "1", "2", "3", "4", "5", "wire#1", "wire#2", "wire#3"]);
    let quotes = desk.expect(0, &["quotes", "-c"]).out;
    fs::create_dir_all(desk.path("news/old/deep")).expect("a folder");
    for (from, to) in [("1.txt", "old/deep/1.txt"), ("2.txt", "renamed.txt"), ("wire.jsonl", "old/agency.jsonl")] {
        fs::rename(desk.path("news").join(from), desk.path("news").join(to)).expect("a rename");
    }
    // A copy is not moved: the file is still there.
    fs::copy(desk.path("news/3.txt"), desk.path("news/copy.txt")).expect("a copy");
    let moved = desk.expect(0, &["index", "news"]);
    assert!(moved.err.contains("10 articles: 1 new, 0 changed, 5 moved, 0 gone, 4 unchanged"), "{}", moved.err);
    desk.remove("news/copy.txt");
    let gone = desk.expect(0, &["index", "news"]);
    assert!(gone.err.contains("0 new, 0 changed, 1 gone, 9 unchanged"), "{}", gone.err);
    let paths = desk.expect(0, &["search", "council", "-n", "all", "--no-fold", "-l"]).out;
    for path in ["news/old/deep/1.txt", "news/renamed.txt", "news/old/agency.jsonl#2"] {
        assert!(paths.lines().any(|line| line.starts_with(path.trim_end_matches("#2"))), "{path}: {paths}");
    }
    assert_eq!(ids(&desk), ["0", "3", "4", "5", "wire#1", "wire#2", "wire#3", "1", "2"], "in the order of the paths");
    assert_eq!(desk.expect(0, &["quotes", "-c"]).out, quotes);
    assert!(desk.expect(0, &["show", "2"]).out.contains("news/renamed.txt"));
    assert_eq!(count(&desk, "id:2"), "1");
    // The identity stays when the text changes, and when what is known of the files is read from the index itself.
    desk.remove("index/onrecord.files");
    desk.write("news/renamed.txt", article(2).replace("crowd", "multitude of people"));
    let changed = desk.expect(0, &["index", "news"]);
    assert!(changed.err.contains("0 new, 1 changed, 0 gone, 8 unchanged"), "{}", changed.err);
    assert!(desk.expect(0, &["show", "2"]).out.contains("multitude"));
    fs::rename(desk.path("news/renamed.txt"), desk.path("news/2.txt")).expect("a rename");
    let back = desk.expect(0, &["index", "news"]);
    assert!(back.err.contains("0 changed, 1 moved, 0 gone"), "{}", back.err);
    // An index made from nothing knows no other place.
    desk.expect(0, &["index", "--rebuild", "news"]);
    assert_eq!(ids(&desk), ["0", "2", "3", "4", "5", "agency#1", "agency#2", "agency#3", "1"]);
}

#[test]
fn a_folder_that_is_renamed_is_no_missing_disk() {
    let desk = Desk::new();
    for n in 0..20 {
        desk.write(&format!("news/2024/{n}.txt"), article(n % 7));
    }
    desk.expect(0, &["index", "news"]);
    fs::rename(desk.path("news/2024"), desk.path("news/archive")).expect("a rename");
    let moved = desk.expect(0, &["index", "news"]);
    assert!(moved.err.contains("20 articles: 0 new, 0 changed, 20 moved, 0 gone, 0 unchanged"), "{}", moved.err);
    // Several files hold the same text: each is found again under its name.
    let found = desk.expect(0, &["search", "council", "-n", "all", "--no-fold", "--format", "{path} {id}"]).out;
    for row in found.lines() {
        let (path, id) = row.split_once(' ').expect("two columns");
        assert_eq!(path, format!("news/archive/{id}.txt"));
    }
    // From one root to another, with both walked.
    desk.write("other/there.txt", article(30));
    desk.expect(0, &["index", "news", "other"]);
    fs::rename(desk.path("news/archive"), desk.path("other/archive")).expect("a rename");
    let moved = desk.expect(0, &["index", "news", "other"]);
    assert!(moved.err.contains("20 moved, 0 gone, 1 unchanged"), "{}", moved.err);
}

#[test]
fn what_is_known_of_the_files_is_never_needed() {
    let desk = Desk::new();
    for n in 0..3 {
        desk.write(&format!("news/{n}.txt"), article(n));
    }
    desk.write("news/odd.jsonl", "{broken\n");
    desk.write("news/empty.txt", "");
    desk.expect(3, &["index", "news"]);
    let kept = fs::read(desk.path("index/onrecord.files")).expect("what is known of the files");
    for damaged in [&kept[..kept.len() / 2], b"", b"onrecf1\n"] {
        desk.write("index/onrecord.files", damaged);
        let again = desk.expect(3, &["index", "news"]);
        assert!(again.err.contains("3 articles: 0 new, 0 changed, 0 gone, 3 unchanged"), "{}", again.err);
        assert!(again.err.contains("2 files skipped: 1 empty, 1 malformed"), "{}", again.err);
        assert_eq!(fs::read(desk.path("index/onrecord.files")).expect("what is known"), kept, "made anew, the same");
    }
}

#[test]
fn the_index_is_no_part_of_the_archive() {
    let desk = Desk::new();
    desk.write("1.txt", article(1));
    for _ in 0..2 {
        let told = desk.expect(0, &["index", "."]);
        assert!(told.err.contains("1 article: "), "{}", told.err);
    }
}

/// Runs a command with something on its stdin.
fn fed(desk: &Desk, arguments: &[&str], input: &str) -> crate::desk::Answer {
    let mut command = desk.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    // It may end before it has read everything.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    crate::desk::answer(child.wait_with_output().expect("an end"))
}

#[test]
fn articles_on_stdin_stay_until_others_take_their_place() {
    let desk = Desk::new();
    desk.write("news/1.txt", article(1));
    desk.expect(0, &["index", "news"]);
    let first = fed(&desk, &["index", "-"], &[&wire(0..300), "{\"headline\": \n"].concat());
    assert_eq!(first.code, 3, "{}", first.err);
    assert!(first.err.contains("-:301: is not valid JSON"), "{}", first.err);
    assert!(first.err.contains("301 articles: 300 new, 0 changed, 0 gone, 0 unchanged"), "{}", first.err);
    assert_eq!(desk.expect(0, &["search", "-l", "id:w17"]).out.trim(), "-/w17");
    assert!(desk.expect(0, &["show", "w17"]).out.contains("Part 17"));
    // They have no file, so no walk may call them gone.
    let walked = desk.expect(0, &["index", "--allow-purge", "news"]);
    assert!(walked.err.contains("301 articles: 0 new, 0 changed, 0 gone, 1 unchanged"), "{}", walked.err);
    let again = fed(&desk, &["index", "-"], &wire(0..300));
    assert!(again.err.contains("301 articles: 0 new, 0 changed, 0 gone, 300 unchanged"), "{}", again.err);
    // Of several with one id the last one stays, in whatever run it came.
    let mut lines = String::new();
    for n in 0..50 {
        lines.push_str(&format!("{{\"id\":\"w3\",\"headline\":\"Zebra {n}\",\"text\":\"The zebra came.\"}}\n"));
        lines.push_str(&wire(400 + n..401 + n));
    }
    let changed = fed(&desk, &["index", "-"], &lines);
    assert_eq!(changed.code, 0, "{}", changed.err);
    assert!(changed.err.contains("351 articles: 50 new, 50 changed"), "{}", changed.err);
    assert_eq!((count(&desk, "zebra"), count(&desk, "headline:\"zebra 49\"")), ("1".to_owned(), "1".to_owned()));
    // One without an id is known by what it says.
    let nameless = "{\"headline\":\"An Okapi\",\"text\":\"It came alone.\"}\n";
    for expected in ["352 articles: 1 new", "352 articles: 0 new, 0 changed, 0 gone, 1 unchanged"] {
        let told = fed(&desk, &["index", "-"], nameless);
        assert!(told.err.contains(expected), "{expected}: {}", told.err);
    }
    for arguments in [&["index", "-", "news"][..], &["index", "--watch", "-"], &["index", "-g", "*.txt", "-"]] {
        assert!(desk.expect(2, arguments).err.contains("goes without"), "{arguments:?}");
    }
}

#[test]
fn a_field_map_holds_until_another_is_said() {
    let desk = Desk::new();
    desk.write("news/1.txt", article(1));
    desk.write("news/nl.csv", "kop,text\nOver de zebra,Het kwam in de ochtend.\n");
    desk.write("news/two.jsonl", "{\"kop\":\"Nog een zebra\",\"text\":\"Hij kwam ook.\"}\n");
    desk.expect(0, &["index", "news"]);
    assert_eq!(count(&desk, "headline:zebra"), "0");
    let mapped = desk.expect(0, &["index", "--map", "headline=kop", "news"]);
    assert!(mapped.err.contains("0 new, 2 changed, 0 gone, 1 unchanged"), "{}", mapped.err);
    assert_eq!(count(&desk, "headline:zebra"), "2");
    for arguments in [&["index", "--map", "headline=kop", "news"][..], &["index", "news"], &["index", "news/nl.csv"]] {
        let again = desk.expect(0, arguments);
        assert!(again.err.contains("0 new, 0 changed, 0 gone"), "{arguments:?}: {}", again.err);
    }
    // What is new or changed is read with it too, and an index made from nothing.
    desk.write("news/nl.csv", "kop,text\nOver een okapi,Het kwam in de avond.\n");
    desk.write("news/three.jsonl", "{\"kop\":\"De derde okapi\",\"text\":\"Hij kwam laat.\"}\n");
    desk.expect(0, &["index", "news"]);
    assert_eq!(count(&desk, "headline:okapi"), "2");
    desk.expect(0, &["index", "--rebuild", "news"]);
    assert_eq!(count(&desk, "headline:okapi"), "2");
    let guessed = desk.expect(0, &["index", "--map", "guess", "news"]);
    assert!(guessed.err.contains("0 new, 3 changed, 0 gone, 1 unchanged"), "{}", guessed.err);
    assert_eq!(count(&desk, "headline:okapi"), "0");
}

#[test]
fn pages_of_a_crawl_without_an_article_are_no_trouble() {
    let desk = Desk::new();
    let story = "The harbour board of Port Marrow met on Monday and spoke at length about the old crane. ".repeat(8);
    let mut crawl = String::new();
    for (name, body) in
        [("story", format!("<h1>Crane</h1><article><p>{story}</p></article>")), ("front", String::new())]
    {
        let page = format!("<!doctype html><html><head><title>{name}</title></head><body>{body}</body></html>");
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
        crawl.push_str(&format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/{name}\r\nWARC-Date: \
             2024-09-19T08:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        ));
    }
    desk.write("news/crawl.warc", crawl);
    let told = desk.expect(0, &["index", "news"]).err;
    assert!(told.contains("1 page without an article; `onrecord log --skipped` lists them"), "{told}");
    assert!(!told.contains("skipped:"), "{told}");
    let listed = desk.expect(0, &["log", "--skipped"]).out;
    assert!(listed.contains("`https://post.example/front`, is a page without an article"), "{listed}");
    let again = desk.expect(0, &["index", "news"]).err;
    assert!(again.contains("1 unchanged") && again.contains("1 page without an article"), "{again}");
}
