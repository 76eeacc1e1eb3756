//! Text that no editor would print is annotated all the same, and answered as a query, in time that grows with its length.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use onrecord::annotate::Annotator;
use onrecord::article::{Article, Span};
use proptest::prelude::*;

use crate::desk::Desk;
use crate::sound;

#[test]
fn seeds_are_annotated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/annotate");
    let seeds: Vec<_> = fs::read_dir(folder).expect("the seeds").flatten().collect();
    assert!(seeds.len() >= 8, "only {} seeds", seeds.len());
    for seed in seeds {
        let text = fs::read_to_string(seed.path()).expect("a seed in UTF-8");
        sound::annotation(&text);
        // A text cut anywhere is a text too.
        for (at, _) in text.char_indices().step_by(7) {
            sound::annotation(&text[at..]);
            sound::annotation(&text[..at]);
        }
    }
}

#[test]
fn odd_texts_are_annotated() {
    for text in [
        "",
        "\"",
        "\"\"\"\"\"",
        "''''''",
        "“”„“»«‹›‘’",
        "\"\n\"\n\"\n",
        "…… --- ??? !!! :::",
        "\u{feff}\u{200b}\u{200d}\u{feff}",
        "e\u{301}\u{301}\u{301}\u{301} said \"e\u{301}\u{301}\".",
        "\u{202e}\"abc\" said Omar Vance\u{202c}",
        "said said said said said",
        "according to according to according to",
        "– \n– \n– ",
        "\"We stay.\"\n\n\u{200b}",
        "\"We stay.\"\n\n\u{301}",
        "\"We stay.\"\n\n\u{200d}\n\nShe left.",
        "\0\u{1}\u{7f}\u{85}\u{2028}\u{2029}",
    ] {
        sound::annotation(text);
        sound::annotation(&text.repeat(200));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_annotated(text in "(\\PC|[\"'“”‘’„«»‹›`´(),.:;?!…–— \n]|\n\n|''|``| – |[\u{200b}\u{200d}\u{202e}\u{301}\u{a0}]|\
        [אבגدهו]|said|says|told|asked|claim|Ines Calder|Omar Vance, 44,|Mr\\. Vance|the official|A senior aide|she|who|\
        according to|that|by|to|\\(D\\)|it |and |, |6'2\"|the mayor's ){0,80}") {
        sound::annotation(&text);
    }
}

#[test]
fn time_grows_with_length() {
    let quotes =
        "\"We will not move from here, not today,\" said Omar Vance, the clerk. \"Not tomorrow,\" he added.\n\n";
    check_times(quotes, 1 << 20, 10 << 20);
    // One paragraph each.
    for line in [
        "\"We will not move from here,\" he said. ",
        "\"Not here, \"not there, ",
        "Omar Vance, the clerk, and Ines Calder, who said that the official claims, denied, warned, ",
        "“»'\" ‘„« '' ",
    ] {
        check_times(line, 1 << 16, 10 << 16);
    }
    // A name printed more often than 16 bits can count.
    time(&"Calder, ".repeat(70_000));
}

/// Checks that ten times a text takes about ten times the time.
#[track_caller]
fn check_times(line: &str, short: usize, long: usize) {
    let (short, long) = (time(&line.repeat(short / line.len())), time(&line.repeat(long / line.len())));
    let times = long.as_secs_f64() / short.as_secs_f64();
    assert!(times < 30.0, "ten times the length takes {times:.1} times the time: {line:?}, {long:?}");
}

/// Returns the time that it takes to annotate a text: this thread's on a processor where the system tells, for on a busy
/// machine it waits for others.
fn time(text: &str) -> Duration {
    let article = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
    let (started, before) = (Instant::now(), processor_time());
    Annotator::new().annotate(&article);
    before.zip(processor_time()).map_or(started.elapsed(), |(before, after)| after - before)
}

/// Returns how long this thread has been on a processor; nothing outside of Linux.
fn processor_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[test]
fn seeds_are_queries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/query");
    let seeds: Vec<_> = fs::read_dir(folder).expect("the seeds").flatten().collect();
    assert!(seeds.len() >= 8, "only {} seeds", seeds.len());
    for seed in seeds {
        let text = fs::read_to_string(seed.path()).expect("a seed in UTF-8");
        for (at, _) in text.char_indices() {
            for part in [&text[at..], &text[..at]] {
                sound::query(part);
                sound::query_prints(part);
            }
        }
    }
}

/// Each is read within a tenth of a second by an optimised program; another one, on a busy machine, takes many times that.
#[test]
fn odd_queries_are_read_in_no_time() {
    let article =
        "The council of Port Marrow voted 7 to 4 (after two hours) to keep the ferry: \"It stays,\" it said. ";
    for typed in [
        "word ".repeat(10_000),
        (0..10_000).map(|number| format!("w{number} ")).collect(),
        "(".repeat(1_000) + "a" + &")".repeat(1_000),
        "(a ".repeat(1_000) + &")".repeat(1_000),
        "ferry ".repeat(999),
        "\"It stays\"!he said".to_owned(),
        "- ".repeat(10_000),
        "-".repeat(10_000),
        "\"".repeat(10_000),
        "NOT ".repeat(3_000) + "a",
        "a OR ".repeat(3_000),
        "a w/5 ".repeat(3_000),
        "headline:".repeat(1_000),
        "said(".repeat(1_000),
        "by(".repeat(1_000),
        "ab* cd~ /e+/ ".repeat(100),
        "/".to_owned() + &"(a|b)*".repeat(300) + "/",
        "a".repeat(100_000),
        "e\u{301}".repeat(10_000),
        "\u{0}\u{1b}[31m".repeat(1_000),
        article.to_owned(),
        article.repeat(100),
    ] {
        let started = Instant::now();
        sound::query(&typed);
        sound::query_prints(&typed);
        let taken = started.elapsed();
        let start: String = typed.chars().take(20).collect();
        let limit_ms = if cfg!(debug_assertions) { 10_000 } else { 100 };
        assert!(taken < Duration::from_millis(limit_ms), "{start:?}… took {taken:?}");
    }
}

#[test]
fn too_deep_is_the_only_complaint_about_what_is_too_deep() {
    let typed = "(".repeat(1_000) + "a" + &")".repeat(1_000);
    let complaints = onrecord::query::parse(&typed).complaints;
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].message.contains("deep"), "{}", complaints[0].message);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_query_or_complained_about(text in "\\PC{0,80}") {
        sound::query(&text);
    }

    #[test]
    fn any_signs_are_a_query_or_complained_about(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "gaza", "OR", "AND", "NOT", "-", "(", ")", "\"", "~", "*", "w/5", "pre/2", "w/s", "headline:", "since:",
                "atleast2(", "said(", "by(", "/", "=", ":", "?", "\u{301}", "«", "»", "'", " ", " ", " ", "U.S.", "2024-09",
            ]),
            0..24,
        )
    ) {
        sound::query(&pieces.concat());
    }
}

/// What a query finds without one of its parts is a search for each part: 999 of them took minutes.
#[test]
fn a_long_query_that_finds_nothing_gets_no_suggestion() {
    let desk = Desk::new();
    let words: Vec<String> = (0..900).map(|number| format!("word{number}")).collect();
    desk.write("words.txt", format!("Words\n\n{}\n", words.join(" ")));
    desk.expect(0, &["index", "-q", "words.txt"]);
    let query = |count: usize| format!("{} zebra", words[..count].join(" "));
    let hint = desk.expect(1, &["search", "-c", &query(15)]).err;
    assert!(hint.contains("without `zebra` in any of its forms: 1 article"), "{hint}");
    let started = Instant::now();
    let hint = desk.expect(1, &["search", "-c", &query(900)]).err;
    assert!(!hint.contains("without"), "{hint}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
