//! What every output and every command has in common: as many rows as are counted, and no noise.

use std::io;
use std::process::Stdio;

use crate::desk::{self, Desk, article};

/// Every format, and what stands once in each row of articles and of quotes.
const FORMATS: &[(&str, &str, &str)] = &[
    ("text", "· wire.jsonl:", "\n  — "),
    ("json", "\"type\":\"hit\"", "\"type\":\"quote\""),
    ("jsonl", "\"type\":\"hit\"", "\"type\":\"quote\""),
    ("csv", ",2024-0", "\n2024-0"),
    ("tsv", "\t2024-0", "\n2024-0"),
    ("md", "\n## ", "\n> — "),
    ("html", "<li value=", "<blockquote dir="),
    ("rss", "<item>", "<item>"),
    ("{id}", "\n", "\n"),
];

/// Returns a desk with an index of as many articles, in one file, each with two quotes of its own.
fn desk(articles: usize) -> Desk {
    let desk = Desk::new();
    let mut lines = String::new();
    for number in 0..articles {
        let text = article(number).replace('\n', "\\n").replace('"', "\\\"");
        lines.push_str(&format!(
            "{{\"id\":\"a{number}\",\"headline\":\"Part {number}\",\"date\":\"2024-0{}-11\",\"body\":\"{text}\"}}\n",
            number % 9 + 1
        ));
    }
    desk.write("wire.jsonl", lines);
    desk.expect(0, &["index", "-q", "wire.jsonl"]);
    desk
}

/// More than one part of an answer, so that rows cannot be lost between two.
#[test]
fn there_are_as_many_rows_as_are_counted() {
    const ARTICLES: usize = 2_345;
    let desk = desk(ARTICLES);
    let counted = |arguments: &[&str]| desk.expect(0, arguments).out.trim().parse::<usize>().expect("a number");
    assert_eq!(counted(&["search", "-c", "council"]), ARTICLES);
    let quotes = counted(&["quotes", "-c", "--by", "official"]);
    assert!(quotes >= ARTICLES, "{quotes} quotes");
    for (format, in_hit, in_quote) in FORMATS {
        let rows = |arguments: &[&str], mark: &str| {
            let out = desk.expect(0, &[arguments, &["--format", format, "-n", "all"]].concat()).out;
            format!("\n{out}").matches(mark).count() - usize::from(mark == "\n")
        };
        // The articles are copies of each other, which text and json would fold into stories.
        assert_eq!(rows(&["search", "--no-fold", "council"], in_hit), ARTICLES, "search --format {format}");
        assert_eq!(rows(&["quotes", "--by", "official"], in_quote), quotes, "quotes --format {format}");
    }
}

/// Whoever reads may go at any time; nobody is there to hear about it.
#[test]
fn a_reader_that_left_is_no_trouble_to_any_command() {
    let desk = desk(3);
    desk.write("queries.txt", "council\n");
    let mut lines: Vec<Vec<&str>> = vec![
        vec!["index", "--dry-run", "wire.jsonl"],
        vec!["search", "-c", "council"],
        vec!["search", "-l", "council"],
        vec!["search", "-f", "queries.txt"],
        vec!["show", "a1"],
        vec!["show", "--json", "a1"],
        vec!["extract", "wire.jsonl"],
        vec!["stats"],
        vec!["stats", "--json"],
        vec!["check"],
        vec!["check", "--json"],
        vec!["schema"],
        vec!["help"],
        vec!["help", "query"],
        vec!["--help"],
        vec!["search", "--help"],
        vec!["--version"],
        vec!["first", "council"],
        vec!["speakers"],
        vec!["entities"],
        vec!["help", "format"],
        vec!["config"],
        vec!["completions", "bash"],
        vec!["man"],
        vec!["man", "search"],
    ];
    for (format, ..) in FORMATS {
        lines.push(vec!["search", "council", "--format", format]);
        lines.push(vec!["quotes", "--by", "official", "--format", format]);
    }
    for line in lines {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let mut command = desk.command(&line);
        command.stdout(writer);
        let answer = desk::answer(command.stderr(Stdio::piped()).output().expect("the command runs"));
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "onrecord {line:?}");
    }
}

/// What articles say stays text, whatever they hold.
#[test]
fn markup_in_articles_stays_text() {
    let desk = Desk::new();
    let nasty = "<script>alert(1)</script> & \"marks\" ]]> <b>bold</b> \u{1b}[31m *stars* [link](http://x)";
    let quote = "\"It is <b>bold</b> & fine,\" said Mayor Ines Calder of the harvest.";
    desk.write("n.txt", format!("Harvest {nasty}\n\nThe harvest {nasty} came in.\n\n{quote}\n"));
    desk.write(
        "u.jsonl",
        "{\"headline\":\"Harvest Home\",\"body\":\"The harvest.\",\"url\":\"javascript:alert(1)\"}\n",
    );
    desk.expect(0, &["index", "-q", "n.txt", "u.jsonl"]);
    for command in [["search", "harvest"], ["quotes", "fine"]] {
        for (format, markup) in [("html", "&lt;b&gt;"), ("rss", "&amp;lt;b&amp;gt;"), ("md", "\\<b\\>")] {
            let out = desk.expect(0, &[&command[..], &["--format", format]].concat()).out;
            assert!(out.contains(&format!("{markup}bold")), "{format}: {out}");
            for wrong in ["<script>", "<b>", "\u{1b}", "href=\"javascript", "(<javascript", "<link>javascript"] {
                assert!(!out.contains(wrong), "{format}: {wrong} in {out}");
            }
        }
    }
}

/// What `-h` says is read at a glance; `--help` says the rest.
#[test]
fn short_help_fits_a_screen() {
    let desk = Desk::new();
    let commands = desk.expect(0, &["-h"]).out;
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split("  ").next());
    let names: Vec<&str> =
        names.filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())).collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let (short, long) = (desk.expect(0, &[name, "-h"]).out, desk.expect(0, &[name, "--help"]).out);
        assert!(short.lines().count() <= 36, "{name} -h has {} lines", short.lines().count());
        assert!(short.contains("`--help` says more") && long.contains("Exit codes:"), "{name}: {short}");
    }
}
