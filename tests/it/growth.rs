//! What must not grow: the index when articles change again and again, and memory with the size of an archive.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::desk::{Desk, article};

/// Returns the bytes of an index and how many segments it has.
fn size(desk: &Desk, index: &str) -> (u64, usize) {
    let files = fs::read_dir(desk.path(index)).expect("an index").flatten();
    let files: Vec<_> = files.map(|file| (file.file_name(), file.metadata().expect("a file").len())).collect();
    let bytes = files.iter().map(|(_, bytes)| bytes).sum();
    (bytes, files.iter().filter(|(name, _)| name.to_string_lossy().ends_with(".store")).count())
}

#[test]
fn ten_reindexings_take_no_more_room() {
    const FILES: usize = 240;
    let desk = Desk::new();
    let write = |n: usize, round: usize| {
        let text = article(n).replace("Port Marrow", &format!("Port Marrow {round}"));
        desk.write(&format!("news/{n}.txt"), text);
    };
    (0..FILES).for_each(|n| write(n, 0));
    desk.expect(0, &["index", "news"]);
    let (first, _) = size(&desk, "index");
    let mut most = (0, 0);
    for round in 1..=10 {
        // Every third file, other ones each time.
        (0..FILES).filter(|n| (n + round) % 3 == 0).for_each(|n| write(n, round));
        let told = desk.expect(0, &["index", "news"]);
        assert!(told.err.contains("0 new, 80 changed, 0 gone, 160 unchanged"), "{}", told.err);
        let (bytes, segments) = size(&desk, "index");
        most = (most.0.max(bytes), most.1.max(segments));
    }
    desk.expect(0, &["--index", "fresh", "index", "news"]);
    let (fresh, _) = size(&desk, "fresh");
    let (last, segments) = size(&desk, "index");
    assert!(last < 2 * fresh, "{last} bytes after ten runs, {fresh} when made from nothing");
    assert!(most.0 < 3 * first, "{} bytes at most, {first} at first", most.0);
    assert!(most.1 <= 12 && segments <= 12, "{} segments at most, {segments} at last", most.1);
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out.trim(), FILES.to_string());
}

/// Writes an archive whose members unpack to so many MB, pictures between articles.
fn archive(file: File, mb: usize) {
    let mut tar = tar::Builder::new(BufWriter::new(file));
    // Bytes that no text has, and that do not pack away to nothing.
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut picture = vec![0xFF, 0xD8, 0xFF, 0x00];
    while picture.len() < 8 << 20 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let run = [seed.to_le_bytes()[0]; 64];
        picture.extend_from_slice(&run);
        picture.extend_from_slice(&seed.to_le_bytes());
    }
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes).expect("a disk");
    };
    for n in 0..mb / 8 {
        add(format!("{n}.jpg"), &picture);
        add(format!("{n}.txt"), article(n).as_bytes());
    }
    tar.into_inner().expect("a disk").flush().expect("a disk");
}

/// Returns the most memory that a process has had so far, in MB; nothing once it is over.
#[cfg(target_os = "linux")]
fn peak_mb(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kb| kb / 1024)
}

#[cfg(target_os = "linux")]
#[test]
fn an_archive_of_any_size_fits_into_memory() {
    const MB: usize = 1_200;
    let desk = Desk::new();
    desk.write("news/.keep", "");
    let file = File::create(desk.path("news/large.tar.zst")).expect("a file");
    let mut packed = zstd::stream::Encoder::new(file, 1).expect("an encoder");
    // The archive is never whole in memory here either.
    let (read, write) = std::io::pipe().expect("a pipe");
    thread::scope(|scope| {
        scope.spawn(move || archive(File::from(std::os::fd::OwnedFd::from(write)), MB));
        std::io::copy(&mut { read }, &mut packed).expect("a disk");
    });
    packed.finish().expect("a disk");
    let mut run = desk.command(&["index", "--threads", "2", "--memory", "64", "news/large.tar.zst"]);
    let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command runs");
    let mut peak = 0;
    while child.try_wait().expect("a process").is_none() {
        peak = peak_mb(child.id()).unwrap_or(0).max(peak);
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(child.wait().expect("an end").code(), Some(3), "the pictures are no articles");
    assert_eq!(desk.expect(0, &["search", "-c", "council"]).out.trim(), (MB / 8).to_string());
    assert!(peak > 5 && peak < 300, "{peak} MB for an archive of {MB} MB");
}
