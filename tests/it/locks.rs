//! Readers take no lock and write nothing: a folder that cannot be written, or that somebody holds, is searched.

use std::fs::{self, File};
use std::time::SystemTime;

use crate::desk::Desk;

/// Returns the names in the folder of the index, with sizes and times.
fn listing(desk: &Desk) -> Vec<(String, u64, SystemTime)> {
    let row = |entry: fs::DirEntry| {
        let data = entry.metadata().expect("a file");
        (entry.file_name().to_string_lossy().into_owned(), data.len(), data.modified().expect("a time"))
    };
    let mut rows: Vec<_> = fs::read_dir(desk.path("index")).expect("an index").flatten().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn readers_take_no_lock_and_write_nothing() {
    let desk = Desk::indexed(3);
    let before = listing(&desk);
    // Held by somebody else, every lock that there is, or that could be asked for.
    let locks = [".onrecord.lock", ".tantivy-writer.lock", ".tantivy-meta.lock"];
    let held: Vec<File> = locks.iter().filter_map(|name| File::open(desk.path("index").join(name)).ok()).collect();
    held.iter().for_each(|lock| lock.lock().expect("a lock"));
    let permit = |writable: bool| {
        let mut paths = vec![desk.path("index")];
        paths.extend(before.iter().map(|(name, ..)| desk.path("index").join(name)));
        for path in paths {
            let mut permissions = fs::metadata(&path).expect("a file").permissions();
            #[cfg(unix)]
            std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, if writable { 0o755 } else { 0o555 });
            #[cfg(not(unix))]
            permissions.set_readonly(!writable);
            fs::set_permissions(path, permissions).expect("permissions");
        }
    };
    permit(false);
    let answers: Vec<_> = [
        &["search", "council"][..],
        &["quotes", "--by", "official"],
        &["speakers"],
        &["entities"],
        &["show", "1"],
        &["copies", "1"],
        &["stats"],
        &["log", "--json"],
    ]
    .map(|arguments| (arguments, desk.run(arguments)))
    .into();
    permit(true);
    for (arguments, answer) in answers {
        assert!(answer.code < 2, "{arguments:?} gave {}: {}", answer.code, answer.err);
    }
    assert_eq!(listing(&desk), before);
}
