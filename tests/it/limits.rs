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
    assert_eq!(desk.expect(0, &["search", "-c", "boat"]).out.trim(), "1", "what is only unclosed is read");
    desk.write("news/bomb.jsonl.gz", gzip(&vec![b'\n'; 100 << 20]));
    check(
        &desk,
        &["news/bomb.jsonl.gz: unpacks to over 200 times its size, as no text does; what came before was read"],
    );
}

#[test]
fn damaged_and_hostile_archives_are_told() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    let lines: String = (0..400)
        .map(|n| {
            format!(
                "{{\"headline\": \"Story {n}\", \"body\": \"{}\"}}\n",
                article(n).replace('\n', " ").replace('"', "'")
            )
        })
        .collect();
    let whole = gzip(lines.as_bytes());
    desk.write("news/cut.jsonl.gz", &whole[..whole.len() - 200]);
    let archive = zip(&[("one.txt", article(2).as_bytes()), ("../two.txt", b"Out\n\nOf here.")]);
    desk.write("news/outside.zip", &archive);
    desk.write("news/cut.zip", &archive[..archive.len() / 2]);
    desk.write("news/bomb.zip", zip(&[("bomb.jsonl", &vec![b'\n'; 100 << 20])]));
    let mut deep = zip(&[("story.txt", article(3).as_bytes())]);
    for _ in 0..5 {
        deep = zip(&[("inner.zip", &deep)]);
    }
    desk.write("news/deep.zip", deep);
    desk.write("news/outside.tar", tar("../up.txt", b"Up\n\nAnd out."));
    let answer = desk.expect(3, &["index", "news"]);
    for line in [
        "news/cut.jsonl.gz: ends in the middle of its gzip data; what came before was read",
        "news/outside.zip: holds `../two.txt`, a name outside of it; passed over",
        "news/cut.zip: is no whole zip archive: its list of members is damaged or cut off",
        "news/bomb.zip!/bomb.jsonl: unpacks to over 200 times its size, as no text does; what came before was read",
        "!/inner.zip: lies in 4 containers, which is the limit, and is one itself; not unpacked",
        "news/outside.tar: holds `../up.txt`, a name outside of it; passed over",
    ] {
        assert!(answer.err.contains(line), "{line:?} in\n{}", answer.err);
    }
    let found: u32 = desk.expect(0, &["search", "-c", "council"]).out.trim().parse().expect("a number");
    assert!(found > 300, "{found} of 400 lines before the cut");
    assert!(!desk.path("two.txt").exists() && !desk.path("up.txt").exists());
}

#[test]
fn broken_records_are_told_with_their_line() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    let mut rows = "title,text,date\n".to_owned();
    for row in 2..=8 {
        let more = if row == 7 { ",one,two" } else { "" };
        rows.push_str(&format!("Ferry {row},The boat sailed.,2024-09-{row:02}{more}\n"));
    }
    desk.write("news/wire.csv", rows);
    desk.write("news/wire.jsonl", "{\"headline\": \"First\"}\n{\"headline\": \"Second\n{\"headline\": \"Third\"}\n");
    desk.write(
        "news/bomb.xml",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY a \"ferry\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n\
         <rss><channel><title>Bomb</title><item><title>&b;</title></item></channel></rss>",
    );
    desk.write("news/crawl.warc", "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\n");
    desk.write("news/cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Cat");
    desk.write("news/cut.rtf", "{\\rtf1 A Ferry\\par {The boat sailed.");
    check(
        &desk,
        &[
            "news/wire.csv:7: has 5 fields, and the first line 3",
            "news/wire.jsonl:2: is not valid JSON",
            "news/bomb.xml:2: declares entities of its own, which are not expanded",
            "news/crawl.warc:1: ends in the middle of record 1; what came before was read",
            "news/cut.pdf: is damaged PDF",
            "news/cut.rtf: ends inside of a group; what came before was read",
        ],
    );
    assert_eq!(desk.expect(0, &["search", "-c", "headline:ferry date:2024-09"]).out.trim(), "6");
    assert_eq!(desk.expect(0, &["search", "-c", "headline:(first OR third)"]).out.trim(), "2");
}

#[test]
fn a_file_of_4_gb_is_told_at_once() {
    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    for name in ["news/huge.txt", "news/huge.html", "news/huge.csv"] {
        desk.write(name, "Head,Body\n");
        let file = std::fs::OpenOptions::new().write(true).open(desk.path(name)).expect("a file");
        file.set_len(4 << 30).expect("a file system with holes");
    }
    check(
        &desk,
        &[
            "news/huge.txt: is over 32 MB, the limit for one article",
            "news/huge.html: is over 16 MB, the limit for one page",
            "news/huge.csv:2: is a row of over 32 MB, the limit for one article; the rest was not read",
        ],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_read_and_shown() {
    use std::os::unix::ffi::OsStrExt;

    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    let named = |name: &[u8]| desk.path("news").join(std::ffi::OsStr::from_bytes(name));
    std::fs::write(named(b"caf\xe9.txt"), "The Zebra Cafe\n\nIt opened.").expect("a file");
    std::fs::write(named(b"leer\xff.txt"), "").expect("a file");
    check(&desk, &["news/leer\\xFF.txt: is empty"]);
    assert_eq!(desk.expect(0, &["search", "-l", "zebra"]).out, "news/caf\\xE9.txt\n");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told_and_read_again() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let desk = Desk::new();
    desk.write("news/good.txt", article(1));
    desk.write("news/growing.txt", format!("A Growing Zebra\n\n{}", "The boat sailed. ".repeat(200_000)));
    let mut file = std::fs::OpenOptions::new().append(true).open(desk.path("news/growing.txt")).expect("a file");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                file.write_all(b".").expect("a disk");
                std::thread::yield_now();
            }
        });
        let answer = desk.run(&["index", "news"]);
        done.store(true, Ordering::Relaxed);
        assert_eq!(answer.code, 3, "{}", answer.err);
        let told = "news/growing.txt: changed while it was read; the next run reads it again";
        assert!(answer.err.contains(told), "{}", answer.err);
    });
    let answer = desk.expect(0, &["index", "news"]);
    assert!(answer.err.contains("1 changed"), "{}", answer.err);
    assert_eq!(desk.expect(0, &["search", "-c", "zebra"]).out.trim(), "1");
}

/// Returns an archive.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        out.start_file(*name, options).expect("memory");
        out.write_all(bytes).expect("memory");
    }
    out.finish().expect("memory").into_inner()
}

/// Returns an archive with a name that the tar crate refuses to write.
fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut out = header.as_bytes().to_vec();
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(512) + 1024, 0);
    out
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
