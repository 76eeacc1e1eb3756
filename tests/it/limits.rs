//! Bad input is reported with its place, counted, and skipped; the rest goes in and the exit code is 3.

use std::io::Write;
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::desk::{Desk, article};

#[track_caller]
fn check(desk: &Desk, expected: &[&str]) {
    for _ in 0..2 {
        // The second run finds the files unchanged and still says what is wrong with them.
        let answer = desk.expect(3, &["index", "news"]);
        for line in expected {
            assert!(answer.err.contains(line), "{line:?} in\n{}", answer.err);
        }
    }
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out.trim(), "1");
}

#[test]
fn what_is_no_text_is_skipped() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    desk.write("news/mixed.txt", b"Caf\xc3\xa9 \xc3\xa0\n\nOpen caf\xe9.");
    desk.write("news/binary.txt", b"\x01\0\0\0");
    desk.write("news/empty.txt", "");
    desk.write("news/blank.txt", " \n\t\n");
    desk.write("news/photo.jpg", "JFIF");
    desk.write("news/wire.jsonl", "{\"headline\": \"One\"}\n{broken\n{\"url\": \"x\"}\n");
    check(
        &desk,
        &[
            "news/mixed.txt:3: holds two encodings: UTF-8, and from byte 18 on Windows-1252; both were read",
            "news/binary.txt: holds NUL bytes, so it is no text",
            "news/empty.txt: is empty",
            "news/blank.txt: is empty",
            "news/photo.jpg: no reader for this kind of file",
            "news/wire.jsonl:2: is not valid JSON",
            "news/wire.jsonl:3: has no headline and no text",
        ],
    );
    assert_eq!(desk.expect(0, &["search", "-c", "headline:one"]).out.trim(), "1");
}

#[test]
fn a_line_of_100_mb_is_skipped() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    desk.write("news/long.txt", "word ".repeat(20_000_000));
    let mut lines = "{\"headline\": \"".to_owned() + &"x".repeat(100_000_000) + "\"}\n";
    lines.push_str("{\"headline\": \"After the long one\"}\n");
    desk.write("news/long.jsonl", lines);
    check(
        &desk,
        &[
            "news/long.txt: is over 32 MB, the limit for one article",
            "news/long.jsonl:1: is a line of over 32 MB, the limit for one article",
        ],
    );
    assert_eq!(desk.expect(0, &["search", "-c", "headline:after"]).out.trim(), "1");
}

#[test]
fn traps_are_refused() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    desk.write("news/deep.html", format!("<html><body>{}", "<div>".repeat(100_000)));
    desk.write("news/unclosed.html", format!("<html><body>{}", "<p>The boat met.<li>".repeat(100_000)));
    desk.write("news/deep.json", "[".repeat(100_000));
    desk.write("news/bomb.txt.gz", gzip(&vec![b'a'; 100 << 20]));
    check(
        &desk,
        &[
            "news/deep.html: nests elements over 1000 deep, which no page does; not read",
            "news/deep.json:1: is not valid JSON (column 128: recursion limit exceeded)",
            "news/bomb.txt.gz: is over 32 MB, the limit for one article",
        ],
    );
    desk.write("news/bomb.jsonl.gz", gzip(&vec![b'\n'; 100 << 20]));
    check(
        &desk,
        &["news/bomb.jsonl.gz: unpacks to over 200 times its size, as no text does; what came before was read"],
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

#[cfg(unix)]
#[test]
fn links_are_told_and_not_followed() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    symlink(desk.path("news"), desk.path("news/loop")).expect("a link");
    symlink(desk.path("nowhere"), desk.path("news/broken.txt")).expect("a link");
    check(&desk, &["news/loop: is a link to a folder above it", "news/broken.txt: is a broken link"]);
    let answer = desk.expect(3, &["index", "--follow", "news"]);
    assert!(answer.err.contains("news/loop: is a link to a folder above it"), "{}", answer.err);
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out.trim(), "1");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_keeps_what_the_index_holds() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    desk.write("news/locked/2.txt", article(2));
    desk.expect(0, &["index", "news"]);
    let permit = |mode| {
        let folder = desk.path("news/locked");
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    permit(0o000);
    let readable = std::fs::read_dir(desk.path("news/locked")).is_ok();
    let answer = desk.run(&["index", "news"]);
    permit(0o755);
    if readable {
        // The super-user reads everything: there is nothing to refuse.
        assert_eq!(answer.code, 0, "{}", answer.err);
    } else {
        assert_eq!(answer.code, 3, "{}", answer.err);
        assert!(answer.err.contains("cannot be listed (permission denied)"), "{}", answer.err);
    }
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out.trim(), "2");
}
